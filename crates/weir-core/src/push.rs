//! Pushes: one delivery of an audience to a destination, with a ledger that balances.
//!
//! ```text
//! audience = planned + suppressed (by reason) + holdout
//! planned  = sent + failed (by reason) + unknown + pending
//! ```
//!
//! Recipients are cut into *messages*, one call each. A message has a stable id that every attempt repeats, so that the
//! receiver can tell a repetition. `unknown` is where a call was begun and its outcome never learnt: the receiver may
//! or may not have it. [`Outbox`] is what a courier needs of a store; deliberately absent is how an audience is computed.

use std::collections::BTreeMap;

use crate::destination::Destination;
use crate::error::Result;
use crate::identity::Identifier;
use crate::time::{Day, Micros};

/// Suppressed: has none of the identifiers that the destination wants.
pub const NO_IDENTIFIER: &str = "no_identifier";

/// Where a push is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushState {
    /// Messages are under way or waiting for their next attempt.
    Sending,
    /// Every message has its final outcome.
    Done,
    /// Somebody stopped it, or its destination was disabled; it can be resumed.
    Stopped,
}

impl PushState {
    /// Every state with its name.
    pub const ALL: [(&'static str, PushState); 3] =
        [("sending", PushState::Sending), ("done", PushState::Done), ("stopped", PushState::Stopped)];

    /// The state's name.
    pub fn name(self) -> &'static str {
        PushState::ALL.iter().find(|(_, state)| *state == self).map_or("sending", |(name, _)| name)
    }

    /// The state of a name.
    pub fn parse(name: &str) -> Option<PushState> {
        PushState::ALL.iter().find(|(known, _)| *known == name).map(|(_, state)| *state)
    }
}

/// What became of a recipient or of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Not sent yet, and certainly not received.
    Pending,
    /// The destination said that it has it.
    Sent,
    /// The destination certainly does not have it, and nobody tries any more.
    Failed(String),
    /// A call was begun and its outcome is not known.
    Unknown,
    /// Left out before sending, for a reason.
    Suppressed(String),
    /// Deliberately not contacted.
    Holdout,
}

impl Outcome {
    /// Names of all outcomes.
    pub const NAMES: [&'static str; 6] = ["pending", "sent", "failed", "unknown", "suppressed", "holdout"];

    /// The outcome's name.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Pending => "pending",
            Outcome::Sent => "sent",
            Outcome::Failed(_) => "failed",
            Outcome::Unknown => "unknown",
            Outcome::Suppressed(_) => "suppressed",
            Outcome::Holdout => "holdout",
        }
    }

    /// Why, where there is a reason.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Failed(reason) | Outcome::Suppressed(reason) => Some(reason),
            Outcome::Pending | Outcome::Sent | Outcome::Unknown | Outcome::Holdout => None,
        }
    }

    /// The outcome of a name and a reason.
    pub fn parse(name: &str, reason: Option<String>) -> Option<Outcome> {
        match (name, reason) {
            ("pending", _) => Some(Outcome::Pending),
            ("sent", _) => Some(Outcome::Sent),
            ("failed", reason) => Some(Outcome::Failed(reason.unwrap_or_default())),
            ("unknown", _) => Some(Outcome::Unknown),
            ("suppressed", reason) => Some(Outcome::Suppressed(reason.unwrap_or_default())),
            ("holdout", _) => Some(Outcome::Holdout),
            _ => None,
        }
    }
}

/// What became of the members of an audience.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PushLedger {
    /// Members of the audience.
    pub audience: u64,
    /// Deliberately not contacted.
    pub holdout: u64,
    /// Left out before sending, by reason.
    pub suppressed: BTreeMap<String, u64>,
    /// To be sent.
    pub planned: u64,
    /// The destination has them.
    pub sent: u64,
    /// The destination does not have them and will not, by reason.
    pub failed: BTreeMap<String, u64>,
    /// Begun, outcome not known.
    pub unknown: u64,
    /// Still to be sent.
    pub pending: u64,
}

impl PushLedger {
    /// Counts `n` people of an outcome.
    pub fn count(&mut self, outcome: &Outcome, n: u64) {
        self.audience += n;
        if !matches!(outcome, Outcome::Suppressed(_) | Outcome::Holdout) {
            self.planned += n;
        }
        match outcome {
            Outcome::Pending => self.pending += n,
            Outcome::Sent => self.sent += n,
            Outcome::Unknown => self.unknown += n,
            Outcome::Holdout => self.holdout += n,
            Outcome::Failed(reason) => *self.failed.entry(reason.clone()).or_default() += n,
            Outcome::Suppressed(reason) => *self.suppressed.entry(reason.clone()).or_default() += n,
        }
    }

    /// Whether everybody is accounted for, exactly once.
    pub fn balances(&self) -> bool {
        let suppressed: u64 = self.suppressed.values().sum();
        let failed: u64 = self.failed.values().sum();
        self.audience == self.planned + suppressed + self.holdout
            && self.planned == self.sent + failed + self.unknown + self.pending
    }
}

/// One person to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Stable and unique: a receiver that has seen it has seen this person in this push.
    pub id: String,
    /// The canonical identifier.
    pub consumer: Identifier,
    /// The identifiers that the destination wants, by kind.
    pub identifiers: BTreeMap<String, Vec<String>>,
}

/// One attempt to deliver one message, already recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which push, within its outbox.
    pub push: i64,
    /// The push's id, as users know it.
    pub push_id: String,
    /// What the push is called.
    pub push_name: Option<String>,
    /// The date its audience was evaluated as of.
    pub as_of: Day,
    /// Name of the destination.
    pub destination_name: String,
    /// The destination.
    pub destination: Destination,
    /// Active signing secrets, the newest first.
    pub secrets: Vec<String>,
    /// Where a file is to be written, if not in the usual place.
    pub path: Option<String>,
    /// Which message of the push.
    pub message: u32,
    /// The message's stable id.
    pub message_id: String,
    /// Which attempt at it, from 1.
    pub attempt: u32,
    /// How many attempts before this one ended in a failure that was learnt.
    pub failures: u32,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is known of the message now.
    pub outcome: Outcome,
    /// When to try again; none when the outcome is final.
    pub next: Option<Micros>,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What happened, in a word: `http_503`, `timeout`, `refused` …
    pub detail: String,
    /// The destination asked never to be called again.
    pub gone: bool,
}

/// A destination with messages that are not final yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Name of the destination, as its messages name it.
    pub destination: String,
    /// Calls at a time.
    pub in_flight: u32,
    /// Messages that could be called now.
    pub due: u64,
    /// When the next one is due, if none is now.
    pub next: Option<Micros>,
}

/// Who may take messages, and of which push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// A number that no other worker uses: a message taken in another shift whose worker is gone is free again.
    pub id: i64,
    /// Only messages of this push.
    pub push: Option<i64>,
}

/// What a courier needs of a store. Every method is one transaction.
pub trait Outbox: Send + Sync {
    /// Destinations with messages that are not final yet and not stopped.
    fn lanes(&self, shift: Shift, now: Micros) -> Result<Vec<Lane>>;

    /// Takes the next message that is due for a destination and records an attempt at it; from now on its outcome is
    /// unknown. `None` when nothing is due.
    fn begin(&self, destination: &str, shift: Shift, now: Micros) -> Result<Option<Call>>;

    /// Recipients of the message, in order: at most `limit`, after the first `skip`.
    fn recipients(&self, call: &Call, skip: u64, limit: u32) -> Result<Vec<Recipient>>;

    /// Records how the attempt ended; all recipients of the message change with it.
    fn finish(&self, call: &Call, verdict: &Verdict, now: Micros) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_balances_whatever_is_counted() {
        let mut ledger = PushLedger::default();
        for (i, name) in Outcome::NAMES.iter().enumerate() {
            let outcome = Outcome::parse(name, Some("because".to_owned())).unwrap();
            assert_eq!(outcome.name(), *name);
            ledger.count(&outcome, i as u64 + 1);
            assert!(ledger.balances(), "{ledger:?}");
        }
        assert_eq!((ledger.audience, ledger.planned, ledger.holdout), (21, 10, 6));
        assert_eq!(ledger.failed["because"], 3);
        ledger.sent += 1;
        assert!(!ledger.balances());
    }

    #[test]
    fn states_have_names() {
        for (name, state) in PushState::ALL {
            assert_eq!((state.name(), PushState::parse(name)), (name, Some(state)));
        }
    }
}
