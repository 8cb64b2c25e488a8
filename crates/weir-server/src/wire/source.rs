//! Sources, and the messages that came in by them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{Fate, SourceRecord};

use super::time::instant;

/// Where events come from over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Source {
    /// Its name.
    #[schema(example = "web")]
    pub name: String,
    /// `sdk`: a client sends, with a write key. `nats`: Weir reads a queue.
    #[schema(example = "sdk")]
    pub kind: &'static str,
    /// How its newest write key begins; none: it has no key.
    #[schema(example = "wk_0a1b2c")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_prefix: Option<String>,
    /// Origins of pages that may send; empty: all.
    pub origins: Vec<String>,
    /// When it was made, UTC.
    #[schema(format = DateTime)]
    pub created: String,
    /// When a key of it was last used, to the minute, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<String>,
    /// Since when nothing is taken from it, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<String>,
    /// Since when it has no key, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
    /// What has come in and is in files, ever.
    pub total: Intake,
    /// What has come in since the server started, in files or not.
    pub since_start: IntakeCounts,
}

/// What came in by a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SourceIntake)]
pub struct Intake {
    /// Events kept.
    pub accepted: u64,
    /// Events that were there already.
    pub duplicate: u64,
    /// Messages refused.
    pub rejected: u64,
    /// Messages refused, by reason.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, u64>,
    /// Events kept with a remark, by remark.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub remarks: BTreeMap<String, u64>,
    /// When the last of them was received, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_received: Option<String>,
}

/// Counts of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SourceCounts)]
pub struct IntakeCounts {
    /// Events kept.
    pub accepted: u64,
    /// Events that were there already.
    pub duplicate: u64,
    /// Messages refused.
    pub rejected: u64,
    /// When the latest event became durable, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_durable: Option<String>,
}

/// A new write key, shown this once and kept only as a hash. It opens the way in and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WriteKey {
    /// Name of the source.
    #[schema(example = "web")]
    pub source: String,
    /// The key: the user of HTTP Basic, or `writeKey` in the body.
    pub write_key: String,
}

/// A message that came in, as the debugger shows it: without what is personal, and only as long as the server runs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SeenMessage {
    /// Its number; ask for those after it.
    pub number: u64,
    /// When it was received, UTC.
    #[schema(format = DateTime)]
    pub received: String,
    /// `accepted`, `duplicate`, `rejected`, or `deferred`: the client was told to come again.
    #[schema(example = "accepted")]
    pub verdict: &'static str,
    /// Why it was refused, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Why it was refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// `event`, `traits` or `link`; none: it was refused.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(example = "event")]
    pub kind: Option<&'static str>,
    /// Of an event: its behavior.
    #[schema(example = "purchase")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// Its message id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// What was understood of it, personal values left out; text where it was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub preview: Option<Value>,
}

impl From<&SourceRecord> for Source {
    fn from(record: &SourceRecord) -> Source {
        let source = &record.source;
        Source {
            name: source.name.clone(),
            kind: source.kind.name(),
            key_prefix: source.key_prefix.clone(),
            origins: source.origins.clone(),
            created: instant(source.created),
            last_used: source.last_used.map(instant),
            disabled: source.disabled.map(instant),
            revoked: source.revoked.map(instant),
            total: (&record.total).into(),
            since_start: (&record.now).into(),
        }
    }
}

impl From<&weir_app::Tally> for Intake {
    fn from(tally: &weir_app::Tally) -> Intake {
        Intake {
            accepted: tally.accepted,
            duplicate: tally.duplicate,
            rejected: tally.reasons.values().sum(),
            reasons: tally.reasons.clone(),
            remarks: tally.remarks.clone(),
            last_received: (tally.last > 0).then(|| instant(tally.last)),
        }
    }
}

impl From<&weir_app::SourceCounts> for IntakeCounts {
    fn from(counts: &weir_app::SourceCounts) -> IntakeCounts {
        let weir_app::SourceCounts { accepted, duplicate, rejected, last_durable } = *counts;
        IntakeCounts { accepted, duplicate, rejected, last_durable: last_durable.map(instant) }
    }
}

impl From<&weir_app::Seen> for SeenMessage {
    fn from(seen: &weir_app::Seen) -> SeenMessage {
        let (reason, detail) = match &seen.fate {
            Fate::Rejected { reason, detail } => (Some(*reason), Some(detail.clone())),
            _ => (None, None),
        };
        SeenMessage {
            number: seen.number,
            received: instant(seen.received),
            verdict: seen.fate.name(),
            reason,
            detail,
            kind: seen.kind,
            behavior: seen.behavior.clone(),
            message_id: seen.message_id.clone(),
            preview: seen.preview.clone(),
        }
    }
}
