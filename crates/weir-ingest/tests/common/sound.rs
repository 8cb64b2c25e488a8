//! What holds of whatever a body gave, hostile or not.

use std::collections::BTreeSet;

use serde_json::Value;
use weir_core::arrival::{Arrival, Content};
use weir_core::{Code, Error};
use weir_ingest::Parsed;

use super::{RECEIVED, Shop};

/// Room that an arrival takes besides its texts.
const ARRIVAL: usize = 1_024;

pub fn check(shop: &Shop, input: &[u8], outcome: &Result<Parsed, Error>) {
    let parsed = match outcome {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(
                matches!(error.code, Code::InvalidBody | Code::BodyTooLarge | Code::TooManyEvents),
                "{error}"
            );
            return;
        }
    };
    let arrivals = &parsed.arrivals;
    let refused: BTreeSet<usize> = arrivals.rejects.iter().map(|reject| reject.index).collect();
    assert_eq!(refused.len(), arrivals.rejects.len(), "a message is refused once");
    assert!(refused.last().is_none_or(|last| *last < parsed.messages));
    let counted = (arrivals.ledger.read, arrivals.ledger.rejected());
    assert_eq!(counted, (refused.len() as u64, refused.len() as u64));
    let kept = parsed.messages - refused.len();
    assert!(
        arrivals.items.len() >= kept && (kept > 0 || arrivals.items.is_empty()),
        "each gives arrivals or is refused"
    );
    let size: usize = arrivals.items.iter().map(|arrival| sound(shop, arrival)).sum();
    let most = shop.limits.arrivals + 8 * input.len() + ARRIVAL * (kept + 1);
    assert!(size <= most, "{size} bytes of arrivals from {} bytes", input.len());
}

/// What holds of every arrival; its size.
fn sound(shop: &Shop, arrival: &Arrival) -> usize {
    assert!(!arrival.message_id.is_empty() && !arrival.identifiers.is_empty());
    assert!(
        arrival.identifiers.iter().all(|id| id.value.len() <= 4 * shop.limits.identifier),
        "{:?}",
        arrival.identifiers
    );
    assert!(arrival.time <= RECEIVED + 300_000_000 && arrival.time >= 946_684_800_000_000);
    assert_eq!(shop.zone.day_of(arrival.time), Some(arrival.day));
    let content = match &arrival.content {
        Content::Link => 0,
        Content::Traits(tags) => tags.iter().map(|(key, value)| key.len() + format!("{value:?}").len()).sum(),
        Content::Event(event) => {
            assert!(!event.behavior.is_empty() && event.behavior.chars().count() <= 200);
            assert!(event.behavior != "refund" || event.amount.is_none_or(|amount| amount.0 <= 0));
            let properties = event.properties.as_deref();
            assert!(properties.is_none_or(|text| matches!(serde_json::from_str(text), Ok(Value::Object(_)))));
            let columns =
                [&event.channel, &event.shop, &event.brand, &event.category, &event.campaign, &event.item];
            columns.into_iter().flatten().map(|text| text.len()).sum::<usize>()
                + properties.map_or(0, str::len)
        }
    };
    let ids: usize = arrival.identifiers.iter().map(|id| id.kind.len() + id.value.len()).sum();
    content + ids + arrival.message_id.len()
}
