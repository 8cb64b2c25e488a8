//! Arrivals: what came in over a wire, one by one, understood but not yet attributed to anybody.
//!
//! One message of a client may become several arrivals: an order of three lines is three purchases, each with its own
//! message id. Deliberately absent: how clients write messages (weir-ingest), and who is meant (weir-store).

use crate::amount::Amount;
use crate::identity::Identifier;
use crate::ledger::Ledger;
use crate::tag::TagValue;
use crate::time::{Day, Micros};

/// One thing that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// By which it is recognised when it comes again, under its source.
    pub message_id: String,
    /// Who, normalised, without junk, never empty. The order does not matter.
    pub identifiers: Vec<Identifier>,
    /// Whether the links it states may join two known people (an `alias`).
    pub joins_known: bool,
    /// When it happened, corrected and clamped.
    pub time: Micros,
    /// The local date of `time` in the workspace's zone.
    pub day: Day,
    /// What the clocks said.
    pub stamps: Stamps,
    /// What it says.
    pub content: Content,
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
pub enum Content {
    /// Somebody did something, or was shown something.
    Event(Box<Occurrence>),
    /// What is so of somebody: tags.
    Traits(Vec<(String, TagValue)>),
    /// Nothing but that the identifiers are one person's.
    Link,
}

/// An event without its who and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Occurrence {
    /// Core or custom behavior.
    pub behavior: String,
    /// Path in the channel tree, `unmapped.<name>` when unknown there.
    pub channel: Option<String>,
    /// Shop id.
    pub shop: Option<String>,
    /// The event's own brand.
    pub brand: Option<String>,
    /// Category id or path.
    pub category: Option<String>,
    /// Campaign id.
    pub campaign: Option<String>,
    /// Item id.
    pub item: Option<String>,
    /// Order id.
    pub order_id: Option<String>,
    /// Money in the workspace's currency.
    pub amount: Option<Amount>,
    /// How many.
    pub quantity: Option<Amount>,
    /// Everything else: a JSON object as text.
    pub properties: Option<String>,
}

/// The arrivals of one request, and what became of the messages that are none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrivals {
    /// In the order in which they were sent.
    pub items: Vec<Arrival>,
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
