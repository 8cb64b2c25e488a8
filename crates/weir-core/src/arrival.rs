//! Arrivals: what came in over a wire, one by one, understood but not yet attributed to anybody.
//!
//! One message of a client may become several arrivals: an order of three lines is three purchases, each with its own
//! message id. Texts are borrowed from wherever they were read (a request, the log), because most of them go from one to
//! the other and are looked at once. Deliberately absent: how clients write messages (weir-ingest), and who is meant (weir-store).

use std::borrow::Cow;

use crate::amount::Amount;
use crate::identity::IdentifierRef;
use crate::ledger::Ledger;
use crate::tag::TagValue;
use crate::time::{Day, Micros};

/// One thing that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival<'a> {
    /// By which it is recognised when it comes again, under its source.
    pub message_id: Cow<'a, str>,
    /// Who, normalised, without junk, never empty. The order does not matter.
    pub identifiers: Vec<IdentifierRef<'a>>,
    /// Whether the links it states may join two known people (an `alias`).
    pub joins_known: bool,
    /// When it happened, corrected and clamped.
    pub time: Micros,
    /// The local date of `time` in the workspace's zone.
    pub day: Day,
    /// What the clocks said.
    pub stamps: Stamps,
    /// What it says.
    pub content: Content<'a>,
}

/// The stamps that `time` was computed from, kept so that it can be computed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamps {
    /// When it happened, by the client's clock.
    pub original: Option<Micros>,
    /// When it was sent, by the client's clock.
    pub sent: Option<Micros>,
    /// When it was received, by ours.
    pub received: Micros,
}

/// What an arrival says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'a> {
    /// Somebody did something, or was shown something.
    Event(Box<Occurrence<'a>>),
    /// What is so of somebody: tags.
    Traits(Vec<(String, TagValue)>),
    /// Nothing but that the identifiers are one person's.
    Link,
}

/// An event without its who and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Occurrence<'a> {
    /// Core or custom behavior.
    pub behavior: Cow<'a, str>,
    /// Path in the channel tree, `unmapped.<name>` when unknown there.
    pub channel: Option<Cow<'a, str>>,
    /// Shop id.
    pub shop: Option<Cow<'a, str>>,
    /// The event's own brand.
    pub brand: Option<Cow<'a, str>>,
    /// Category id or path.
    pub category: Option<Cow<'a, str>>,
    /// Campaign id.
    pub campaign: Option<Cow<'a, str>>,
    /// Item id.
    pub item: Option<Cow<'a, str>>,
    /// Order id.
    pub order_id: Option<Cow<'a, str>>,
    /// Money in the workspace's currency.
    pub amount: Option<Amount>,
    /// How many.
    pub quantity: Option<Amount>,
    /// Everything else: a JSON object as text.
    pub properties: Option<Cow<'a, str>>,
}

/// The arrivals of one request, and what became of the messages that are none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrivals<'a> {
    /// In the order in which they were sent.
    pub items: Vec<Arrival<'a>>,
    /// The messages refused.
    pub rejects: Vec<Reject>,
    /// Remarks and unmapped names; `read` and `reasons` count the refused messages only.
    pub ledger: Ledger,
}

/// A message refused, alone: its neighbours in the batch are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Which message of the request, from 0.
    pub index: usize,
    /// Its message id, where it had one.
    pub message_id: Option<String>,
    /// Code of the reason, as it stands in ledgers.
    pub reason: &'static str,
    /// The reason for people.
    pub detail: String,
}

/// What became of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept, durably.
    Accepted,
    /// It was there already, durably.
    Duplicate,
}

impl Arrivals<'_> {
    /// With texts of its own.
    pub fn into_owned(self) -> Arrivals<'static> {
        let Arrivals { items, rejects, ledger } = self;
        Arrivals { items: items.into_iter().map(Arrival::into_owned).collect(), rejects, ledger }
    }
}

impl Arrival<'_> {
    /// With texts of its own.
    pub fn into_owned(self) -> Arrival<'static> {
        let Arrival { message_id, identifiers, joins_known, time, day, stamps, content } = self;
        Arrival {
            message_id: message_id.into_owned().into(),
            identifiers: identifiers.into_iter().map(|id| id.into_owned().into()).collect(),
            joins_known,
            time,
            day,
            stamps,
            content: content.into_owned(),
        }
    }
}

impl Content<'_> {
    fn into_owned(self) -> Content<'static> {
        match self {
            Content::Event(occurrence) => Content::Event(Box::new(occurrence.into_owned())),
            Content::Traits(traits) => Content::Traits(traits),
            Content::Link => Content::Link,
        }
    }
}

impl Occurrence<'_> {
    fn into_owned(self) -> Occurrence<'static> {
        let owned = |text: Option<Cow<str>>| text.map(|text| text.into_owned().into());
        Occurrence {
            behavior: self.behavior.into_owned().into(),
            channel: owned(self.channel),
            shop: owned(self.shop),
            brand: owned(self.brand),
            category: owned(self.category),
            campaign: owned(self.campaign),
            item: owned(self.item),
            order_id: owned(self.order_id),
            amount: self.amount,
            quantity: self.quantity,
            properties: owned(self.properties),
        }
    }
}
