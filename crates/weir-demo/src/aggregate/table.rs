//! The table of figures that a world of 180 days has to have, as data.
//!
//! `expected` is what the world was designed to give; `tolerance` is absolute. See docs/demo-world.md for sources and for
//! the figures that were corrected.

use super::{Tally, at};
use crate::channel::channel;
use crate::life::event::Behavior;
use crate::merchant::SHOPS;

/// One figure.
pub struct Figure {
    /// What it is.
    pub name: String,
    /// How it is computed.
    pub of: Box<dyn Fn(&Tally) -> f64 + Sync>,
    /// What it should be.
    pub expected: f64,
    /// How far it may be away, in a world of 200,000.
    pub tolerance: f64,
}

fn figure(
    name: impl Into<String>,
    expected: f64,
    tolerance: f64,
    of: impl Fn(&Tally) -> f64 + Sync + 'static,
) -> Figure {
    Figure { name: name.into(), of: Box::new(of), expected, tolerance }
}

/// All figures of the usual world, without pushes, defects and targeting.
pub fn usual() -> Vec<Figure> {
    let mut all = Vec::new();
    events(&mut all);
    behaviors(&mut all);
    trips(&mut all);
    orders(&mut all);
    channels(&mut all);
    days(&mut all);
    let dates =
        [(89, [37.0, 27.0, 15.5, 20.5]), (141, [25.0, 32.0, 22.5, 20.0]), (179, [36.0, 25.0, 20.0, 19.0])];
    for (nth, (date, shares)) in dates.into_iter().enumerate() {
        pno(&mut all, date, nth, shares);
    }
    aipl(&mut all);
    flow(&mut all);
    buyers(&mut all);
    splits(&mut all);
    all
}

/// The figures of a calm world.
pub fn calm() -> Vec<Figure> {
    let mut all = Vec::new();
    pno(&mut all, 89, 0, [38.0, 27.0, 16.0, 20.0]);
    pno(&mut all, 179, 2, [39.0, 27.0, 16.0, 17.5]);
    all
}

fn events(all: &mut Vec<Figure>) {
    all.push(figure("events per consumer", 32.7, 1.5, |t| t.events() / t.0[at::CONSUMERS]));
    for (percent, expected) in [(10.0, 4.0), (50.0, 22.0), (90.0, 70.0), (99.0, 162.0)] {
        // A percentile is a whole number of events: one more or less is no difference.
        let tolerance = f64::max(0.15 * expected, 1.0);
        let name = format!("events per consumer, p{percent}");
        all.push(figure(name, expected, tolerance, move |t| libm::floor(t.percentile(percent / 100.0))));
    }
    all.push(figure("consumers without event, %", 1.25, 1.25, |t| 100.0 * t.each(at::HISTOGRAM)));
    all.push(figure("events of the top 10 % of consumers, %", 34.6, 2.0, |t| 100.0 * t.top_tenth()));
    for (nth, (date, expected)) in [(29, 0.746), (89, 0.862), (179, 1.0)].into_iter().enumerate() {
        all.push(figure(format!("universe on day {date}"), expected, 0.005, move |t| {
            t.each(at::UNIVERSE + nth)
        }));
    }
}

fn behaviors(all: &mut Vec<Figure>) {
    let shares = [
        (Behavior::Impression, 47.1),
        (Behavior::View, 30.4),
        (Behavior::MessageSent, 6.5),
        (Behavior::Search, 2.9),
        (Behavior::AddToCart, 1.65),
        (Behavior::Favorite, 0.95),
        (Behavior::Click, 0.92),
        (Behavior::Purchase, 0.73),
        (Behavior::Order, 0.61),
    ];
    for (behavior, expected) in shares {
        let name = format!("{}, % of events", behavior.name());
        all.push(figure(name, expected, 0.08 * expected, move |t| 100.0 * t.behavior(behavior) / t.events()));
    }
    let mix = [
        (Behavior::View, 90.2, 1.0),
        (Behavior::AddToCart, 4.9, 0.6),
        (Behavior::Favorite, 2.8, 0.3),
        (Behavior::Purchase, 2.2, 0.3),
    ];
    for (behavior, expected, tolerance) in mix {
        let name = format!("{} among view, cart, favorite, purchase, %", behavior.name());
        all.push(figure(name, expected, tolerance, move |t| {
            100.0 * t.behavior(behavior) / mix.iter().map(|(other, _, _)| t.behavior(*other)).sum::<f64>()
        }));
    }
}

fn trips(all: &mut Vec<Figure>) {
    let carts = |t: &Tally| t.0[at::CARTS_LEFT] + t.0[at::CARTS_BOUGHT];
    all.push(figure("trips per consumer", 4.97, 0.3, |t| t.each(at::TRIPS)));
    all.push(figure("orders per trip, %", 3.3, 0.3, |t| 100.0 * t.ratio(at::ORDERS, at::TRIPS)));
    all.push(figure("trips with a cart, %", 8.0, 0.6, move |t| 100.0 * carts(t) / t.0[at::TRIPS]));
    all.push(figure("carts left behind, %", 70.4, 2.0, move |t| 100.0 * t.0[at::CARTS_LEFT] / carts(t)));
}

fn orders(all: &mut Vec<Figure>) {
    all.push(figure("orders per consumer", 0.164, 0.008, |t| t.each(at::ORDERS)));
    all.push(figure("first baseline purchases per consumer", 0.0505, 0.003, |t| t.each(at::FIRST_BASELINE)));
    all.push(figure("first orders of any cause per consumer", 0.061, 0.003, |t| t.each(at::FIRST_ORDERS)));
    all.push(figure("unpaid among placed orders", 0.184, 0.02, |t| {
        1.0 - t.0[at::ORDERS] / t.behavior(Behavior::Order)
    }));
}

fn channels(all: &mut Vec<Figure>) {
    let caused = |t: &Tally| t.0[at::CAUSED..at::LAST_CLICK].iter().sum::<f64>();
    all.push(figure("orders caused by channels, %", 12.1, 1.0, move |t| 100.0 * caused(t) / t.0[at::ORDERS]));
    all.push(figure("orders within 7 d of a click, %", 39.0, 2.0, |t| {
        100.0 * t.ratio(at::CLICKED, at::ORDERS)
    }));
    let shares = [
        ("search_ads", 1.2, 17.0),
        ("brand_zone", 1.3, 11.0),
        ("display_ads", 1.6, 0.2),
        ("feed_ads", 1.7, 0.7),
    ];
    for (leaf, caused, last_click) in shares {
        let Some(number) = channel(leaf) else { continue };
        all.push(figure(format!("caused by {leaf}, %"), caused, 0.4, move |t| {
            100.0 * t.ratio(at::CAUSED + number, at::ORDERS)
        }));
        all.push(figure(format!("last click {leaf}, %"), last_click, 0.2 * last_click, move |t| {
            100.0 * t.ratio(at::LAST_CLICK + number, at::ORDERS)
        }));
    }
}

fn days(all: &mut Vec<Figure>) {
    let orders = [
        ("promotion", 141..=141, 13.5, 2.5),
        ("pre-heat", 121..=140, 0.85, 0.1),
        ("+3 to +10", 144..=151, 0.90, 0.12),
        ("activity day", 99..=99, 2.2, 0.4),
    ];
    for (name, days, expected, tolerance) in orders {
        let name = format!("orders ÷ median day, {name}");
        all.push(figure(name, expected, tolerance, move |t| {
            t.days_to_median(at::ORDERS_BY_DAY, days.clone())
        }));
    }
    for (name, days, expected, tolerance) in
        [("pre-heat", 121..=140, 2.8, 0.4), ("promotion", 141..=141, 8.3, 1.2)]
    {
        let name = format!("carts ÷ median day, {name}");
        all.push(figure(name, expected, tolerance, move |t| {
            t.days_to_median(at::CARTS_BY_DAY, days.clone())
        }));
    }
}

fn pno(all: &mut Vec<Figure>, date: i32, nth: usize, shares: [f64; 4]) {
    for (state, expected) in shares.into_iter().enumerate() {
        let name = format!("pno {} on day {date}, %", super::states::PNO[state]);
        all.push(figure(name, expected, 1.5, move |t| 100.0 * t.share_of_state(at::PNO, 4, nth, state)));
    }
}

fn aipl(all: &mut Vec<Figure>) {
    let dates = [(89, [32.0, 24.0, 12.0, 20.9, 11.2]), (179, [33.0, 25.0, 10.0, 20.5, 10.8])];
    for (nth, (date, shares)) in dates.into_iter().enumerate() {
        for (state, expected) in shares.into_iter().enumerate() {
            let name = format!("aipl {} on day {date}, %", super::states::AIPL[state]);
            all.push(figure(name, expected, 1.5, move |t| 100.0 * t.share_of_state(at::AIPL, 5, nth, state)));
        }
    }
}

fn flow(all: &mut Vec<Figure>) {
    let rows =
        [[49.5, 31.5, 16.0, 2.7], [43.0, 31.0, 22.0, 4.0], [22.0, 21.0, 51.0, 6.4], [4.5, 3.3, 2.7, 89.4]];
    for (from, row) in rows.into_iter().enumerate() {
        for (to, expected) in row.into_iter().enumerate() {
            let states = super::states::PNO;
            let name = format!("pno flow day 100 to 160, {} to {}, %", states[from], states[to]);
            all.push(figure(name, expected, 2.0, move |t| 100.0 * t.share_of_state(at::FLOW, 4, from, to)));
        }
    }
}

fn buyers(all: &mut Vec<Figure>) {
    let share = |t: &Tally| 100.0 * t.ratio(at::REPEATERS, at::BUYERS);
    all.push(figure("buyers of 365 d with 2 orders or more, %", 33.8, 1.0, share));
    all.push(figure("orders per buyer in 365 d", 1.615, 0.04, |t| t.ratio(at::BUYERS_ORDERS, at::BUYERS)));
}

/// Measured on the first build, not designed: how purchases split over scopes, and how many consumers become known.
fn splits(all: &mut Vec<Figure>) {
    let of_shops = [31.1, 7.9, 28.5, 18.5, 6.25, 7.8];
    for (at, (shop, expected)) in SHOPS.iter().zip(of_shops).enumerate() {
        let name = format!("orders in {}, %", shop.id);
        all.push(figure(name, expected, 1.0, move |t| 100.0 * t.ratio(at::SHOPS + at, at::ORDERS)));
    }
    all.push(figure("known at the end, % of consumers", 55.3, 1.0, |t| 100.0 * t.each(at::KNOWN)));
    all.push(figure("known with an anonymous past never joined, %", 14.8, 1.0, |t| {
        100.0 * t.ratio(at::NEVER_MERGED, at::KNOWN)
    }));
}
