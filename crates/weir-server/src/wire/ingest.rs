//! How ingest is.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::{IngestStatus, SourceRecord};

use super::space::Space;
use super::time::instant;

/// How the ingest of a workspace is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = IngestStatus)]
pub struct Ingest {
    /// Whether events can be taken in now.
    pub ready: bool,
    /// Events kept since the server started.
    pub accepted: u64,
    /// Duplicates since the server started.
    pub duplicate: u64,
    /// End of what is durable in the log, in bytes since its beginning.
    pub durable: u64,
    /// End of what is in files too.
    pub flushed: u64,
    /// What is durable in the log and not yet in files, in bytes.
    pub backlog: u64,
    /// Messages that duplicates are recognised by.
    pub messages: usize,
    /// Identifiers known.
    pub identifiers: usize,
    /// When the latest event became durable, UTC; none: none has since the server started.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_durable: Option<String>,
    /// Seconds since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<f64>,
    /// Space on the disk; left out until it is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<Space>,
    /// The sources.
    pub sources: Vec<SourceAge>,
}

/// How long ago a source last brought something.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SourceAge {
    /// Its name.
    #[schema(example = "web")]
    pub source: String,
    /// When its latest event became durable, UTC; of an earlier run of the server: when it was received.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_durable: Option<String>,
    /// Seconds since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<f64>,
}

impl Ingest {
    /// As of an instant.
    pub fn new(status: &IngestStatus, sources: &[SourceRecord], now: i64) -> Ingest {
        Ingest {
            ready: status.is_ready,
            accepted: status.accepted,
            duplicate: status.duplicate,
            durable: status.durable,
            flushed: status.flushed,
            backlog: status.durable.saturating_sub(status.flushed),
            messages: status.messages,
            identifiers: status.identifiers,
            last_durable: status.last_durable.map(instant),
            age_seconds: status.last_durable.map(|last| age(last, now)),
            disk: status.space.map(|space| Space::new(&space, status.shortage)),
            sources: sources.iter().map(|record| SourceAge::new(record, now)).collect(),
        }
    }
}

impl SourceAge {
    fn new(record: &SourceRecord, now: i64) -> SourceAge {
        let before = (record.total.accepted > 0).then_some(record.total.last);
        let last = record.now.last_durable.or(before);
        SourceAge {
            source: record.source.name.clone(),
            last_durable: last.map(instant),
            age_seconds: last.map(|last| age(last, now)),
        }
    }
}

fn age(then: i64, now: i64) -> f64 {
    now.saturating_sub(then).max(0) as f64 / 1e6
}
