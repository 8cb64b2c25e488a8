//! Imports and their ledgers.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use utoipa::ToSchema;

use super::time::instant;

/// An import and what became of each row: `read = accepted + duplicate + rejected`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Import {
    /// Its number in the workspace.
    #[schema(example = 3)]
    pub import: u32,
    /// What came in: `events`, `tags`, `list` or `catalog`.
    #[schema(example = "events")]
    pub kind: &'static str,
    /// Name of the source; the same event from two sources is two events.
    #[schema(example = "orders")]
    pub source: String,
    /// Whether it counts: `done` or `undone`.
    #[schema(example = "done")]
    pub state: &'static str,
    /// Names of the input files.
    pub files: Vec<String>,
    /// When it began, UTC.
    #[schema(format = DateTime)]
    pub started: String,
    /// When it became visible, UTC.
    #[schema(format = DateTime)]
    pub finished: String,
    /// Rows read.
    #[schema(example = 5394)]
    pub read: u64,
    /// Rows kept.
    #[schema(example = 5033)]
    pub accepted: u64,
    /// Rows kept that have expired since, see docs/expiry.md.
    #[schema(example = 0)]
    pub expired: u64,
    /// Rows that were there already.
    #[schema(example = 0)]
    pub duplicate: u64,
    /// Rows refused.
    #[schema(example = 361)]
    pub rejected: u64,
    /// Rows refused, by reason.
    #[schema(example = json!({"no_identifier": 361}))]
    pub reasons: BTreeMap<String, u64>,
    /// People nobody had heard of before.
    pub new_consumers: u64,
    /// Rows kept under a name that the workspace does not know: kind of name → name → rows.
    #[schema(example = json!({"channel": {"pigeon": 12}}))]
    pub unmapped: BTreeMap<String, BTreeMap<String, u64>>,
    /// Rows kept with a remark: remark → rows.
    pub remarks: BTreeMap<String, u64>,
    /// Earliest time of an accepted row, UTC; null where no row carries a time.
    #[schema(format = DateTime)]
    pub first_time: Option<String>,
    /// Latest time of an accepted row, UTC.
    #[schema(format = DateTime)]
    pub last_time: Option<String>,
}

impl From<&weir_app::ImportRecord> for Import {
    fn from(record: &weir_app::ImportRecord) -> Import {
        let ledger = &record.ledger;
        Import {
            import: record.id,
            kind: record.kind.name(),
            source: record.source.clone(),
            state: record.state.name(),
            files: record.files.iter().map(|path| file_name(path)).collect(),
            started: instant(record.started),
            finished: instant(record.finished),
            read: ledger.read,
            accepted: ledger.accepted,
            expired: record.expired,
            duplicate: ledger.duplicate,
            rejected: ledger.rejected(),
            reasons: ledger.reasons.clone(),
            new_consumers: ledger.new_consumers,
            unmapped: ledger.unmapped.clone(),
            remarks: ledger.remarks.clone(),
            first_time: ledger.first_time.map(instant),
            last_time: ledger.last_time.map(instant),
        }
    }
}

/// Where a file lay is the importer's business; an uploaded one lay in the data directory for a moment.
fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.to_owned())
}
