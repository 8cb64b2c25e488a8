//! A frame of the log: one request, with everything that was decided about it.
//!
//! ```text
//! frame = version, head, body…       head = source, received, of each item: message fingerprint, nodes
//! body  = one arrival                encoded as postcard; the log adds length and checksum
//! ```
//!
//! Bodies are encoded before the sequencer is entered, the head inside it: what takes time happens side by side, what
//! must happen in order is short. The fields below are the format: a change of them is a new version.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Content, Occurrence, Stamps};
use weir_core::identity::{IdentifierRef, Node};
use weir_core::tag::TagValue;
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::fingerprint::Fingerprint;

const VERSION: u8 = 1;

/// What heads take at most, as a rule: of a request, and of each of its arrivals.
const HEAD_BYTES: usize = 128;
const ITEM_BYTES: usize = 40;

/// One request, as the log keeps it. Its texts are those of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame<'a> {
    /// Name of the source it came by.
    pub source: Cow<'a, str>,
    /// When it was received.
    pub received: Micros,
    /// The arrivals that were new, in order.
    pub items: Vec<Item<'a>>,
}

/// One arrival, attributed.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'a> {
    /// Fingerprint of (source, message id).
    pub message: [u64; 2],
    /// The nodes of `arrival.identifiers`, which are in order of the workspace's policy: the first is the node that
    /// the row belongs to; each of the others is linked to it as of `arrival.time`.
    pub nodes: Vec<Node>,
    /// What arrived.
    pub arrival: Arrival<'a>,
}

/// What the sequencer decided about a request.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head<'a> {
    #[serde(borrow)]
    pub source: &'a str,
    pub received: Micros,
    pub items: Vec<ItemHead>,
}

/// What the sequencer decided about an arrival.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ItemHead {
    pub message: Fingerprint,
    pub nodes: Vec<Node>,
}

#[derive(Serialize, Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    message_id: &'a str,
    #[serde(borrow)]
    identifiers: Vec<(&'a str, &'a str)>,
    joins_known: bool,
    time: Micros,
    day: i32,
    original: Option<Micros>,
    sent: Option<Micros>,
    received: Micros,
    #[serde(borrow)]
    content: BodyContent<'a>,
}

#[derive(Serialize, Deserialize)]
enum BodyContent<'a> {
    #[serde(borrow)]
    Event(BodyEvent<'a>),
    #[serde(borrow)]
    Traits(Vec<(&'a str, BodyValue<'a>)>),
    Link,
}

#[derive(Serialize, Deserialize)]
struct BodyEvent<'a> {
    #[serde(borrow)]
    behavior: &'a str,
    #[serde(borrow)]
    texts: [Option<&'a str>; 7],
    amount: Option<i64>,
    quantity: Option<i64>,
    #[serde(borrow)]
    properties: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
enum BodyValue<'a> {
    #[serde(borrow)]
    Text(&'a str),
    Number(f64),
    Date(i32),
    #[serde(borrow)]
    Multi(Vec<&'a str>),
    Absent,
}

/// An arrival as bytes, behind those of others.
pub(crate) fn encode_body(bodies: Vec<u8>, arrival: &Arrival) -> Result<Vec<u8>> {
    postcard::to_extend(&Body::of(arrival), bodies).map_err(unwritable)
}

/// A frame as bytes: its head, then the bodies of its items, which have so many bytes.
pub(crate) fn encode<'a>(
    head: &Head,
    bodies: impl Iterator<Item = &'a [u8]>,
    bytes: usize,
) -> Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(bytes + HEAD_BYTES + head.items.len() * ITEM_BYTES);
    frame.push(VERSION);
    let mut frame = postcard::to_extend(head, frame).map_err(unwritable)?;
    bodies.for_each(|body| frame.extend_from_slice(body));
    Ok(frame)
}

/// Reads a frame whose checksum the log has checked.
pub(crate) fn decode(bytes: &[u8]) -> Result<Frame<'_>> {
    let Some((&VERSION, rest)) = bytes.split_first() else {
        return Err(Error::new(weir_core::Code::NewerFormat, "the log has frames of a newer format")
            .help("open the data directory with the version of Weir that wrote it, or a later one"));
    };
    let (head, mut rest): (Head, &[u8]) = postcard::take_from_bytes(rest).map_err(unreadable)?;
    let mut items = Vec::with_capacity(head.items.len());
    for ItemHead { message, nodes } in head.items {
        let (body, after): (Body, &[u8]) = postcard::take_from_bytes(rest).map_err(unreadable)?;
        rest = after;
        items.push(Item { message, nodes, arrival: body.into_arrival() });
    }
    Ok(Frame { source: head.source.into(), received: head.received, items })
}

fn unwritable(error: postcard::Error) -> Error {
    Error::internal(format!("an arrival cannot be written: {error}"))
}

fn unreadable(error: postcard::Error) -> Error {
    Error::internal(format!("a frame of the log is whole but cannot be read: {error}"))
}

impl<'a> Body<'a> {
    fn of(arrival: &'a Arrival<'_>) -> Body<'a> {
        let Stamps { original, sent, received } = arrival.stamps;
        Body {
            message_id: &arrival.message_id,
            identifiers: arrival.identifiers.iter().map(|id| (&*id.kind, &*id.value)).collect(),
            joins_known: arrival.joins_known,
            time: arrival.time,
            day: arrival.day.0,
            original,
            sent,
            received,
            content: BodyContent::of(&arrival.content),
        }
    }

    fn into_arrival(self) -> Arrival<'a> {
        let identifier =
            |(kind, value): (&'a str, &'a str)| IdentifierRef { kind: kind.into(), value: value.into() };
        Arrival {
            message_id: self.message_id.into(),
            identifiers: self.identifiers.into_iter().map(identifier).collect(),
            joins_known: self.joins_known,
            time: self.time,
            day: Day(self.day),
            stamps: Stamps { original: self.original, sent: self.sent, received: self.received },
            content: self.content.into_content(),
        }
    }
}

impl<'a> BodyContent<'a> {
    fn of(content: &'a Content<'_>) -> BodyContent<'a> {
        match content {
            Content::Event(event) => BodyContent::Event(BodyEvent::of(event)),
            Content::Traits(traits) => {
                let pair = |(key, value): &'a (String, TagValue)| (key.as_str(), BodyValue::of(value));
                BodyContent::Traits(traits.iter().map(pair).collect())
            }
            Content::Link => BodyContent::Link,
        }
    }

    fn into_content(self) -> Content<'a> {
        match self {
            BodyContent::Event(event) => Content::Event(Box::new(event.into_occurrence())),
            BodyContent::Traits(traits) => {
                let pair = |(key, value): (&str, BodyValue)| (key.to_owned(), value.into_value());
                Content::Traits(traits.into_iter().map(pair).collect())
            }
            BodyContent::Link => Content::Link,
        }
    }
}

impl<'a> BodyEvent<'a> {
    fn of(event: &'a Occurrence<'_>) -> BodyEvent<'a> {
        let texts = [
            &event.channel,
            &event.shop,
            &event.brand,
            &event.category,
            &event.campaign,
            &event.item,
            &event.order_id,
        ];
        BodyEvent {
            behavior: &event.behavior,
            texts: texts.map(|text| text.as_deref()),
            amount: event.amount.map(|Amount(units)| units),
            quantity: event.quantity.map(|Amount(units)| units),
            properties: event.properties.as_deref(),
        }
    }

    fn into_occurrence(self) -> Occurrence<'a> {
        let [channel, shop, brand, category, campaign, item, order_id] =
            self.texts.map(|text| text.map(Cow::Borrowed));
        Occurrence {
            behavior: self.behavior.into(),
            channel,
            shop,
            brand,
            category,
            campaign,
            item,
            order_id,
            amount: self.amount.map(Amount),
            quantity: self.quantity.map(Amount),
            properties: self.properties.map(Cow::Borrowed),
        }
    }
}

impl<'a> BodyValue<'a> {
    fn of(value: &'a TagValue) -> BodyValue<'a> {
        match value {
            TagValue::Text(text) => BodyValue::Text(text),
            TagValue::Number(number) => BodyValue::Number(*number),
            TagValue::Date(day) => BodyValue::Date(day.0),
            TagValue::Multi(texts) => BodyValue::Multi(texts.iter().map(String::as_str).collect()),
            TagValue::Absent => BodyValue::Absent,
        }
    }

    fn into_value(self) -> TagValue {
        match self {
            BodyValue::Text(text) => TagValue::Text(text.to_owned()),
            BodyValue::Number(number) => TagValue::Number(number),
            BodyValue::Date(day) => TagValue::Date(Day(day)),
            BodyValue::Multi(texts) => TagValue::Multi(texts.into_iter().map(str::to_owned).collect()),
            BodyValue::Absent => TagValue::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(content: Content<'static>) -> Arrival<'static> {
        let id = |kind: &'static str, value: &'static str| IdentifierRef {
            kind: kind.into(),
            value: value.into(),
        };
        Arrival {
            message_id: "m-1".into(),
            identifiers: vec![id("user_id", "王"), id("email", "a@b.cn")],
            joins_known: true,
            time: -5,
            day: Day(-1),
            stamps: Stamps { original: Some(1), sent: None, received: 9 },
            content,
        }
    }

    #[test]
    fn frames_survive_the_log() {
        let event = Occurrence {
            behavior: "purchase".into(),
            shop: Some("1".into()),
            amount: Some(Amount(-25_000)),
            properties: Some("{\"尺码\":42}".into()),
            ..Occurrence::default()
        };
        let traits = vec![
            ("t".to_owned(), TagValue::Text("x".into())),
            ("n".to_owned(), TagValue::Number(1.5)),
            ("d".to_owned(), TagValue::Date(Day(7))),
            ("m".to_owned(), TagValue::Multi(vec!["a".into(), "b".into()])),
        ];
        let contents = [Content::Event(Box::new(event)), Content::Traits(traits), Content::Link];
        let items: Vec<Item> = contents
            .into_iter()
            .map(|content| Item { message: [1, 2], nodes: vec![0, 7], arrival: arrival(content) })
            .collect();
        let frame = Frame { source: "网站".into(), received: 11, items };
        let heads = frame.items.iter().map(|i| ItemHead { message: i.message, nodes: i.nodes.clone() });
        let head = Head { source: &frame.source, received: frame.received, items: heads.collect() };
        let body = |item: &Item| encode_body(Vec::new(), &item.arrival).unwrap();
        let bodies: Vec<Vec<u8>> = frame.items.iter().map(body).collect();
        let bytes = encode(&head, bodies.iter().map(Vec::as_slice), 100).unwrap();
        assert_eq!(decode(&bytes).unwrap(), frame);
        assert!((0..bytes.len()).all(|cut| decode(&bytes[..cut]).is_err()), "a cut frame is never read");
    }
}
