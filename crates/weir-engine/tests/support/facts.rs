//! Random single facts: identifiers, events, links, tag statements.
//!
//! All values come from small pools, so that conditions meet them; times come from a few moments, so that equal times,
//! day edges and exact distances are frequent.

use serde_json::Value as Json;
use weir_core::amount::{Amount, UNITS};
use weir_core::event::Event;
use weir_core::expr::parse_json;
use weir_core::identity::{Identifier, Link, Node};
use weir_core::tag::{TagFact, TagKind, TagValue};
use weir_core::time::{DAY_MICROS, Day, HOUR_MICROS, Micros, Zone};

use super::rng::Rng;

/// First day of the data, 2010-10-05; the clocks of some zones change within the days that follow.
pub const FIRST_DAY: Day = Day(14_887);
/// How many days the data covers.
pub const DAYS: i64 = 60;

pub const ZONES: [&str; 4] = ["UTC", "Asia/Shanghai", "Europe/London", "America/St_Johns"];
/// 2010-11-07T00:00:30 in St John's. Half a minute later it was 23:01 on the 6th again: a later event may have an
/// earlier date.
pub const FOLD: Micros = 1_289_097_030_000_000;
pub const KINDS: [&str; 6] = ["user_id", "anonymous_id", "device", "email", "phone", "card"];
pub const BEHAVIORS: [&str; 14] = [
    "view",
    "view",
    "click",
    "impression",
    "purchase",
    "purchase",
    "refund",
    "add_to_cart",
    "favorite",
    "search",
    "order",
    "sign_up",
    "review",
    "lottery",
];
pub const CHANNELS: [&str; 10] = [
    "shop",
    "ads.onsite.search_ads",
    "ads.onsite.feed_ads",
    "ads.offsite.youku",
    "crm.sms",
    "crm.email",
    "external.kuaishou",
    "external.kuaishou.live_room",
    "unmapped.pigeon",
    "unmapped.smoke.signal",
];
pub const SHOPS: [&str; 4] = ["s1", "s2", "s3", "s4"];
pub const BRANDS: [&str; 5] = ["lanhe", "lanhe_sport", "qing", "qing.mini", "solo"];
pub const CATEGORIES: [&str; 7] = ["home", "tea", "green_tea", "home.tea", "apparel", "misc.cups", "cups"];
pub const CAMPAIGNS: [&str; 3] = ["c1", "c2", "c3"];
pub const ITEMS: [&str; 5] = ["i1", "i2", "i3", "i4", "i5"];
pub const ORDERS: [&str; 8] = ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8"];
/// Keys with values of every JSON type; `mixed` changes its type from event to event.
pub const PROPERTIES: [(&str, &str); 20] = [
    ("color", r#""red""#),
    ("color", r#""blue""#),
    ("color", r#""红""#),
    ("size", "1"),
    ("size", "2.5"),
    ("size", "-3"),
    ("gift", "true"),
    ("gift", "false"),
    ("labels", r#"["new","hot"]"#),
    ("labels", r#"["hot",1,null]"#),
    ("labels", "[]"),
    ("box", r#"{"w":1}"#),
    ("void", "null"),
    ("mixed", "1"),
    ("mixed", r#""1""#),
    ("mixed", "true"),
    ("mixed", r#"["1"]"#),
    ("mixed", "[[\"1\"],{}]"),
    ("mixed", "null"),
    ("mixed", "{}"),
];
pub const TAGS: [(&str, TagKind); 6] = [
    ("gender", TagKind::Text),
    ("level", TagKind::Text),
    ("score", TagKind::Number),
    ("birthday", TagKind::Date),
    ("renewal", TagKind::Date),
    ("interests", TagKind::Multi),
];
pub const TEXTS: [&str; 4] = ["f", "m", "gold", "青铜"];
pub const NUMBERS: [f64; 6] = [0.0, 1.0, 2.5, -1.0, 0.1, 100.0];
pub const DATES: [&str; 7] =
    ["2000-02-29", "1990-10-31", "1985-11-01", "2010-10-15", "2010-11-06", "2010-12-04", "2011-01-01"];
pub const INTERESTS: [&str; 4] = ["tea", "sport", "travel", "书"];

/// Distinct identifiers of several kinds, in an order that says nothing about their precedence.
pub fn identifiers(rng: &mut Rng, n: usize) -> Vec<Identifier> {
    let mut identifiers: Vec<Identifier> = (0..n).filter_map(|i| identifier(rng, i)).collect();
    rng.shuffle(&mut identifiers);
    identifiers
}

pub fn identifier(rng: &mut Rng, number: usize) -> Option<Identifier> {
    let kind = rng.word(&KINDS);
    let initial = *rng.pick(&["a", "Z", "客", "é"]);
    Identifier::new(&kind, &format!("{initial}{number}"))
}

/// Instants that many events share, some of them on the edge of a local day.
pub fn moments(rng: &mut Rng, zone: &Zone) -> Vec<Micros> {
    let n = rng.count(3, 30);
    (0..n).filter_map(|_| moment(rng, zone)).collect()
}

fn moment(rng: &mut Rng, zone: &Zone) -> Option<Micros> {
    if rng.chance(5) {
        return Some(FOLD);
    }
    let day = FIRST_DAY.plus(rng.between(0, DAYS - 1));
    let of_day = match rng.below(4) {
        0 => 0,
        1 => DAY_MICROS - 1,
        _ => rng.between(0, 47) * HOUR_MICROS / 2,
    };
    zone.instant_of_local_micros(i64::from(day.0) * DAY_MICROS + of_day)
}

/// A moment, or a little beside one, or whole hours or days beside one.
pub fn time(rng: &mut Rng, moments: &[Micros]) -> Micros {
    let step = rng.weighted(&[(50, 0), (10, 1), (15, 60_000_000), (15, HOUR_MICROS), (10, DAY_MICROS)]);
    let moment = moments.get(rng.below(moments.len())).copied();
    moment.unwrap_or(i64::from(FIRST_DAY.0) * DAY_MICROS) + step * rng.between(-3, 3)
}

pub fn event(rng: &mut Rng, zone: &Zone, moments: &[Micros]) -> Event {
    let time = time(rng, moments);
    Event {
        time,
        day: zone.day_of(time).unwrap_or(FIRST_DAY),
        behavior: rng.word(&BEHAVIORS),
        channel: maybe_word(rng, 75, &CHANNELS),
        shop: maybe_word(rng, 70, &SHOPS),
        brand: maybe_word(rng, 25, &BRANDS),
        category: maybe_word(rng, 60, &CATEGORIES),
        campaign: maybe_word(rng, 40, &CAMPAIGNS),
        item: maybe_word(rng, 60, &ITEMS),
        order_id: maybe_word(rng, 50, &ORDERS),
        amount: maybe(rng, 70, amount),
        quantity: maybe(rng, 60, quantity),
        source: rng.word(&["web", "till"]),
        message_id: None,
        properties: (0..rng.below(4)).filter_map(|_| property(rng)).collect(),
    }
}

fn maybe<T>(rng: &mut Rng, percent: usize, value: impl Fn(&mut Rng) -> T) -> Option<T> {
    rng.chance(percent).then(|| value(rng))
}

fn maybe_word(rng: &mut Rng, percent: usize, from: &[&str]) -> Option<String> {
    maybe(rng, percent, |rng| rng.word(from))
}

/// Whole numbers, cents, single units, negative ones, zero, and rarely more than a sum of 64 bits could bear.
pub fn amount(rng: &mut Rng) -> Amount {
    let unit = rng.weighted(&[(50, UNITS * 10), (25, UNITS / 100), (10, 1), (10, 0)]);
    let number = rng.between(-2, 12);
    if rng.below(500) == 0 { Amount(i64::MAX / 2) } else { Amount(unit * number) }
}

fn quantity(rng: &mut Rng) -> Amount {
    let unit = rng.weighted(&[(80, UNITS), (10, UNITS / 2), (10, -UNITS)]);
    Amount(unit * rng.between(0, 3))
}

/// A key and a JSON value.
fn property(rng: &mut Rng) -> Option<(String, Json)> {
    let (key, text) = *rng.pick(&PROPERTIES);
    parse_json(text).ok().map(|value| (key.to_owned(), value))
}

pub fn link(rng: &mut Rng, nodes: usize, moments: &[Micros]) -> Link {
    let (a, b) = (rng.below(nodes) as Node, rng.below(nodes) as Node);
    let time = if rng.chance(20) { Micros::MIN } else { time(rng, moments) };
    Link { a, b, time, joins_known: rng.chance(10) }
}

pub fn tag_fact(rng: &mut Rng, seq: u64) -> TagFact {
    let (key, kind) = *rng.pick(&TAGS);
    let dated = FIRST_DAY.plus(rng.between(-5, DAYS + 5));
    let day = if rng.chance(30) { Day::BEGINNING } else { dated };
    let stated = tag_value(rng, kind);
    let value = if seq % 6 == 5 { TagValue::Absent } else { stated };
    TagFact { key: key.to_owned(), day, seq, value }
}

fn tag_value(rng: &mut Rng, kind: TagKind) -> TagValue {
    match kind {
        TagKind::Text => TagValue::Text(rng.word(&TEXTS)),
        TagKind::Number => TagValue::Number(*rng.pick(&NUMBERS)),
        TagKind::Date => TagValue::Date(date(rng)),
        TagKind::Multi => TagValue::Multi((0..rng.below(4)).map(|_| rng.word(&INTERESTS)).collect()),
    }
}

pub fn date(rng: &mut Rng) -> Day {
    let near = FIRST_DAY.plus(rng.between(-10, DAYS + 30));
    let known = rng.pick(&DATES).parse().unwrap_or(near);
    if rng.chance(50) { near } else { known }
}
