//! A workspace to read requests for, and arrivals as lines of text.

#![allow(dead_code, reason = "not every test needs everything")]

pub mod fuzz;
pub mod sound;

use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Content, Occurrence};
use weir_core::channel::ChannelTree;
use weir_core::rate::{Rate, Rates};
use weir_core::tag::TagValue;
use weir_core::time::{Day, Micros, Zone};
use weir_ingest::{Context, Limits, Mappings, Parsed, pixel};

/// 2024-11-11T12:00:00Z, 20:00 in Shanghai.
pub const RECEIVED: Micros = 1_731_326_400_000_000;

pub struct Shop {
    pub zone: Zone,
    pub rates: Rates,
    pub channels: ChannelTree,
    pub mappings: Mappings,
    pub limits: Limits,
}

impl Default for Shop {
    fn default() -> Shop {
        let mut rates = Rates::default();
        rates.insert("USD", Day(0), Rate::parse("7.25").unwrap());
        Shop {
            zone: Zone::named("Asia/Shanghai").unwrap(),
            rates,
            channels: ChannelTree::default(),
            mappings: Mappings::default(),
            limits: Limits::default(),
        }
    }
}

impl Shop {
    /// One whose limits are soon reached.
    pub fn narrow() -> Shop {
        let limits = Limits {
            event: 400,
            usual_event: 100,
            events: 3,
            depth: 3,
            members: 6,
            arrivals: 3_000,
            message_id: 10,
            identifier: 8,
            value: 6,
            ..Limits::default()
        };
        Shop { limits, ..Shop::default() }
    }

    pub fn read(
        &self,
        body: &[u8],
        read: impl for<'a> FnOnce(&'a [u8], Context<'a>) -> Result<Parsed<'a>>,
    ) -> Result<Parsed<'static>> {
        let mut assigned = 0;
        let mut assign = || {
            assigned += 1;
            format!("assigned-{assigned}")
        };
        let context = Context {
            zone: &self.zone,
            received: RECEIVED,
            currency: "CNY",
            rates: &self.rates,
            channels: &self.channels,
            mappings: &self.mappings,
            limits: &self.limits,
            assign: &mut assign,
        };
        read(body, context).map(Parsed::into_owned)
    }

    pub fn pixel(&self, query: &str) -> Result<Parsed<'static>> {
        self.read(query.as_bytes(), |query, context| pixel(std::str::from_utf8(query).unwrap(), context))
    }
}

/// Everything that a request gave, one line a piece.
pub fn report(parsed: &Parsed) -> String {
    let arrivals = &parsed.arrivals;
    let mut lines: Vec<String> = arrivals.items.iter().map(line).collect();
    for reject in &arrivals.rejects {
        let id = reject.message_id.as_deref().unwrap_or("-");
        lines.push(format!("refused {} {id} {}: {}", reject.index, reject.reason, reject.detail));
    }
    if !arrivals.ledger.remarks.is_empty() {
        lines.push(format!("remarks {:?}", arrivals.ledger.remarks));
    }
    if !arrivals.ledger.unmapped.is_empty() {
        lines.push(format!("unmapped {:?}", arrivals.ledger.unmapped));
    }
    lines.join("\n")
}

fn line(arrival: &Arrival) -> String {
    let ids: Vec<String> = arrival.identifiers.iter().map(|id| format!("{}:{}", id.kind, id.value)).collect();
    let time = jiff::Timestamp::from_microsecond(arrival.time).unwrap();
    let joins = if arrival.joins_known { " joins" } else { "" };
    let content = match &arrival.content {
        Content::Link => "link".to_owned(),
        Content::Traits(tags) => {
            let tags: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={}", tag(value))).collect();
            format!("tags {}", tags.join(" "))
        }
        Content::Event(event) => occurrence(event),
    };
    format!("{} {}{joins} {time} {}: {content}", arrival.message_id, ids.join("+"), arrival.day)
}

fn tag(value: &TagValue) -> String {
    match value {
        TagValue::Text(text) => format!("{text:?}"),
        TagValue::Number(number) => number.to_string(),
        TagValue::Date(day) => day.to_string(),
        TagValue::Multi(texts) => format!("{texts:?}"),
        TagValue::Absent => "none".to_owned(),
    }
}

fn occurrence(event: &Occurrence) -> String {
    let amount = |amount: &Option<Amount>| amount.map(|amount| amount.to_string().into());
    let columns = [
        ("channel", event.channel.clone()),
        ("shop", event.shop.clone()),
        ("brand", event.brand.clone()),
        ("category", event.category.clone()),
        ("campaign", event.campaign.clone()),
        ("item", event.item.clone()),
        ("order", event.order_id.clone()),
        ("amount", amount(&event.amount)),
        ("quantity", amount(&event.quantity)),
        ("", event.properties.clone()),
    ];
    let given = columns.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let texts: Vec<String> = given
        .map(|(name, value)| if name.is_empty() { value.into() } else { format!("{name}={value}") })
        .collect();
    format!("{} {}", event.behavior, texts.join(" "))
}
