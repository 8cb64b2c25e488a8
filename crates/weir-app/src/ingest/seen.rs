//! A message as the debugger shows it: what was understood of it, without what is personal.
//!
//! Kept in memory only, so that nothing of a person stays anywhere that deleting them does not reach.

use serde_json::{Map, Value, json};
use weir_core::arrival::{Arrival, Content, Occurrence, Reject, Verdict};
use weir_core::identity::IdentifierRef;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Micros;

/// Most bytes of a preview.
const LONGEST_PREVIEW: usize = 2 << 10;

/// Properties larger than this are not even read for a preview.
const LONGEST_PROPERTIES: usize = 16 << 10;

/// Words in the names of properties whose values nobody needs to see to find a mistake.
const PERSONAL_WORDS: [&str; 16] = [
    "address",
    "auth",
    "birth",
    "birthday",
    "card",
    "email",
    "ip",
    "lat",
    "latitude",
    "lng",
    "longitude",
    "mobile",
    "password",
    "phone",
    "secret",
    "token",
];

/// Names of properties, without what separates their words, that are as personal.
const PERSONAL_NAMES: [&str; 6] = ["name", "firstname", "lastname", "fullname", "username", "phones"];

/// A message that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its number among those that were looked at, from 1.
    pub number: u64,
    /// When it was received.
    pub received: Micros,
    /// What became of it.
    pub fate: Fate,
    /// `event`, `traits` or `link`; none: it was refused.
    pub kind: Option<&'static str>,
    /// Of an event: its behavior.
    pub behavior: Option<String>,
    /// Its message id, where it has one.
    pub message_id: Option<String>,
    /// What was understood of it; none: it was refused.
    pub preview: Option<Value>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Not known yet: the arrival at this place of its request.
    Arrived(usize),
    /// It is kept.
    Accepted,
    /// It was there already.
    Duplicate,
    /// It was understood, but not taken in: the client was told to come again.
    Deferred,
    /// It was refused.
    Rejected {
        /// Code of the reason.
        reason: &'static str,
        /// The reason for people.
        detail: String,
    },
}

impl Fate {
    /// What a verdict means for a message.
    pub(super) fn of(verdict: Option<Verdict>) -> Fate {
        match verdict {
            Some(Verdict::Accepted) => Fate::Accepted,
            Some(Verdict::Duplicate) => Fate::Duplicate,
            None => Fate::Deferred,
        }
    }

    /// In a word.
    pub fn name(&self) -> &'static str {
        match self {
            Fate::Accepted => "accepted",
            Fate::Duplicate => "duplicate",
            Fate::Arrived(_) | Fate::Deferred => "deferred",
            Fate::Rejected { .. } => "rejected",
        }
    }
}

/// A message that was refused.
pub(super) fn reject(reject: &Reject, received: Micros) -> Seen {
    Seen {
        number: 0,
        received,
        fate: Fate::Rejected { reason: reject.reason, detail: reject.detail.clone() },
        kind: None,
        behavior: None,
        message_id: reject.message_id.clone(),
        preview: None,
    }
}

/// The arrival at a place of its request.
pub(super) fn arrival(place: usize, arrival: &Arrival) -> Seen {
    let (kind, says) = match &arrival.content {
        Content::Event(occurrence) => ("event", event(occurrence)),
        Content::Traits(traits) => ("traits", json!({ "traits": named_traits(traits) })),
        Content::Link => ("link", json!({})),
    };
    let behavior = match &arrival.content {
        Content::Event(occurrence) => Some(occurrence.behavior.clone().into_owned()),
        Content::Traits(_) | Content::Link => None,
    };
    Seen {
        number: 0,
        received: arrival.stamps.received,
        fate: Fate::Arrived(place),
        kind: Some(kind),
        behavior,
        message_id: Some(arrival.message_id.clone().into_owned()),
        preview: Some(bounded(preview(arrival, says))),
    }
}

fn preview(arrival: &Arrival, mut says: Value) -> Value {
    says["time"] = json!(jiff::Timestamp::from_microsecond(arrival.time).unwrap_or_default().to_string());
    says["ids"] = arrival.identifiers.iter().map(masked_identifier).collect();
    says
}

fn event(occurrence: &Occurrence) -> Value {
    let amount = |amount: Option<weir_core::amount::Amount>| amount.map(|amount| amount.to_string().into());
    let fields = [
        ("behavior", Some(occurrence.behavior.clone())),
        ("channel", occurrence.channel.clone()),
        ("shop", occurrence.shop.clone()),
        ("brand", occurrence.brand.clone()),
        ("category", occurrence.category.clone()),
        ("campaign", occurrence.campaign.clone()),
        ("item", occurrence.item.clone()),
        ("order_id", occurrence.order_id.clone()),
        ("amount", amount(occurrence.amount)),
        ("quantity", amount(occurrence.quantity)),
    ];
    let given = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    let mut says: Map<String, Value> = given.collect();
    if let Some(properties) = &occurrence.properties {
        says.insert("properties".to_owned(), properties_preview(properties));
    }
    Value::Object(says)
}

fn properties_preview(text: &str) -> Value {
    if text.len() > LONGEST_PROPERTIES {
        return json!(format!("{} bytes", text.len()));
    }
    redacted(serde_json::from_str(text).unwrap_or_default())
}

/// Which traits there are, and of which kind; what they say is personal.
fn named_traits(traits: &[(String, TagValue)]) -> Value {
    let kinds =
        traits.iter().map(|(name, value)| (name.clone(), json!(value.kind().map_or("none", TagKind::name))));
    Value::Object(kinds.collect())
}

fn masked_identifier(identifier: &IdentifierRef) -> Value {
    json!(format!("{}:{}", identifier.kind, masked(&identifier.value)))
}

/// The first letters of a value: enough to recognise one's own.
fn masked(value: &str) -> String {
    let shown = (value.chars().count() / 3).min(4);
    format!("{}…", value.chars().take(shown).collect::<String>())
}

fn redacted(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().map(redacted_member).collect()),
        Value::Array(items) => items.into_iter().map(redacted).collect(),
        Value::String(text) if text.contains('@') => json!(masked(&text)),
        plain => plain,
    }
}

fn redacted_member((name, value): (String, Value)) -> (String, Value) {
    let value = if is_personal(&name) && !value.is_null() { json!("…") } else { redacted(value) };
    (name, value)
}

fn is_personal(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    let joined: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    PERSONAL_NAMES.contains(&joined.as_str()) || words.any(|word| PERSONAL_WORDS.contains(&word))
}

/// A preview that is too long is cut, as text.
fn bounded(preview: Value) -> Value {
    let text = preview.to_string();
    if text.len() <= LONGEST_PREVIEW {
        return preview;
    }
    json!(format!("{}…", &text[..text.floor_char_boundary(LONGEST_PREVIEW)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_personal_is_not_shown() {
        let properties = json!({"email": "ada@shop.cn", "note": "write to bob@shop.cn", "price": 7,
            "billing": {"Last_Name": "Lovelace", "city": "London"}, "phones": ["1"], "name": null});
        let shown = redacted(properties);
        assert_eq!(
            shown,
            json!({"email": "…", "note": "writ…", "price": 7, "billing": {"Last_Name": "…", "city": "London"},
                "phones": "…", "name": null})
        );
        assert_eq!(masked("12345678901"), "123…");
        assert_eq!(masked("ab"), "…");
    }

    #[test]
    fn a_preview_is_short() {
        let long = json!({ "note": "é".repeat(4_000) });
        let text = bounded(long).as_str().unwrap().to_owned();
        assert!(text.len() <= LONGEST_PREVIEW + "…".len() && text.ends_with('…'));
        assert_eq!(properties_preview(&"x".repeat(20_000)), json!("20000 bytes"));
    }
}
