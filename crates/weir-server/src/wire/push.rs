//! Pushes, with a ledger that balances: size = planned + suppressed + holdout; planned = sent + failed + unknown +
//! pending.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::{AttemptRecord, MessageRecord, RecipientRecord};

use super::expression::Expression;
use super::time::instant;
use super::why::Consumer;

/// One delivery of an audience to a destination.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Push {
    /// Its id.
    #[schema(example = "p7")]
    pub push: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the destination, or the path of a file.
    #[schema(example = "crm")]
    pub destination: String,
    /// Name of the audience, null if it was an expression or a snapshot.
    pub audience: Option<String>,
    /// What was evaluated.
    pub expression: Expression,
    /// The date it was evaluated as of.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// `sending`, `done` or `stopped`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// When it was made, UTC.
    #[schema(format = DateTime)]
    pub created: String,
    /// Members of the audience.
    pub size: u64,
    /// To be sent.
    pub planned: u64,
    /// The destination has them.
    pub sent: u64,
    /// Still to be sent.
    pub pending: u64,
    /// Left out before sending, by reason.
    pub suppressed: BTreeMap<String, u64>,
    /// The destination does not have them and will not, by reason.
    pub failed: BTreeMap<String, u64>,
    /// A call was begun and its outcome is not known.
    pub unknown: u64,
    /// Deliberately not contacted, to compare with.
    pub holdout: u64,
    /// Share of the holdout.
    pub holdout_percent: f64,
}

/// A push as the command line prints it: the same, but `audience` is the number of its members, as in a ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PushLedger {
    /// Its id.
    pub push: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the destination, or the path of a file.
    pub destination: String,
    /// Name of the audience, if it was a named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience_name: Option<String>,
    /// The date it was evaluated as of.
    pub as_of: String,
    /// `sending`, `done` or `stopped`.
    pub state: &'static str,
    /// Members of the audience = planned + suppressed + holdout.
    pub audience: u64,
    /// To be sent = sent + failed + unknown + pending.
    pub planned: u64,
    /// The destination has them.
    pub sent: u64,
    /// Left out before sending, by reason.
    pub suppressed: BTreeMap<String, u64>,
    /// The destination does not have them and will not, by reason.
    pub failed: BTreeMap<String, u64>,
    /// A call was begun and its outcome is not known.
    pub unknown: u64,
    /// Still to be sent.
    pub pending: u64,
    /// Deliberately not contacted.
    pub holdout: u64,
    /// The file that was written, of a file destination that is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// A member of a push's audience and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PushRecipient)]
pub struct Recipient {
    /// Stable id, as the destination sees it.
    pub id: String,
    /// The canonical identifier.
    pub consumer: Consumer,
    /// `pending`, `sent`, `failed`, `unknown`, `suppressed` or `holdout`.
    #[schema(example = "sent")]
    pub outcome: &'static str,
    /// Why, where it failed or was suppressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The message it is part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A call: some recipients under one stable id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PushMessage)]
pub struct Message {
    /// Stable id: `webhook-id` of every attempt.
    pub id: String,
    /// How many recipients it has.
    pub recipients: u64,
    /// `pending`, `sent`, `failed` or `unknown`.
    #[schema(example = "sent")]
    pub outcome: &'static str,
    /// Why, where it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it was sent more than once.
    pub repeated: bool,
    /// When it is tried next, if it is.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Every attempt, the first first.
    pub attempts: Vec<Attempt>,
}

/// One attempt at a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PushAttempt)]
pub struct Attempt {
    /// When it was begun, UTC.
    #[schema(format = DateTime)]
    pub started: String,
    /// When it ended; null: it is under way, or the process ended first.
    #[schema(format = DateTime)]
    pub ended: Option<String>,
    /// The HTTP status, if there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What happened, in a word.
    #[schema(example = "http_503")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl From<&weir_app::Push> for Push {
    fn from(push: &weir_app::Push) -> Push {
        let ledger = &push.ledger;
        Push {
            push: push.id.clone(),
            name: push.name.clone(),
            destination: push.destination.clone(),
            audience: push.audience.clone(),
            expression: Expression(push.expression.clone()),
            as_of: push.as_of.to_string(),
            state: push.state.name(),
            created: instant(push.created),
            size: ledger.audience,
            planned: ledger.planned,
            sent: ledger.sent,
            pending: ledger.pending,
            suppressed: ledger.suppressed.clone(),
            failed: ledger.failed.clone(),
            unknown: ledger.unknown,
            holdout: ledger.holdout,
            holdout_percent: push.holdout_percent,
        }
    }
}

impl PushLedger {
    /// The ledger of a push, and the file it has written.
    pub fn new(push: &weir_app::Push, file: Option<String>) -> PushLedger {
        let ledger = push.ledger.clone();
        PushLedger {
            push: push.id.clone(),
            name: push.name.clone(),
            destination: push.destination.clone(),
            audience_name: push.audience.clone(),
            as_of: push.as_of.to_string(),
            state: push.state.name(),
            audience: ledger.audience,
            planned: ledger.planned,
            sent: ledger.sent,
            suppressed: ledger.suppressed,
            failed: ledger.failed,
            unknown: ledger.unknown,
            pending: ledger.pending,
            holdout: ledger.holdout,
            file,
        }
    }
}

impl From<&RecipientRecord> for Recipient {
    fn from(record: &RecipientRecord) -> Recipient {
        Recipient {
            id: record.id.clone(),
            consumer: (&record.consumer).into(),
            outcome: record.outcome.name(),
            reason: record.outcome.reason().map(str::to_owned),
            message: record.message.clone(),
        }
    }
}

impl From<&MessageRecord> for Message {
    fn from(record: &MessageRecord) -> Message {
        Message {
            id: record.id.clone(),
            recipients: record.recipients,
            outcome: record.outcome.name(),
            reason: record.outcome.reason().map(str::to_owned),
            repeated: record.attempts.len() > 1,
            next: record.next.map(instant),
            attempts: record.attempts.iter().map(Attempt::from).collect(),
        }
    }
}

impl From<&AttemptRecord> for Attempt {
    fn from(record: &AttemptRecord) -> Attempt {
        Attempt {
            started: instant(record.started),
            ended: record.ended.map(instant),
            status: record.status,
            detail: record.detail.clone(),
        }
    }
}
