//! Frozen audiences.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::SnapshotRecord;

use super::expression::Expression;
use super::time::instant;

/// An audience's members frozen at an instant; size and hash never change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Snapshot {
    /// Its id; expressions name it by this or by name.
    pub snapshot: String,
    /// Its name.
    #[schema(example = "after_double_11")]
    pub name: String,
    /// The date its members were evaluated for.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many members were frozen.
    #[schema(example = 106)]
    pub size: u64,
    /// Hash over the members' sorted canonical identifiers.
    pub content_hash: String,
    /// What was evaluated.
    pub expression: Expression,
    /// When it was taken, UTC.
    #[schema(format = DateTime)]
    pub created: String,
}

impl From<&SnapshotRecord> for Snapshot {
    fn from(record: &SnapshotRecord) -> Snapshot {
        Snapshot {
            snapshot: record.id.clone(),
            name: record.name.clone(),
            as_of: record.as_of.to_string(),
            size: record.size,
            content_hash: record.content_hash.clone(),
            expression: Expression(record.source.clone()),
            created: instant(record.created),
        }
    }
}
