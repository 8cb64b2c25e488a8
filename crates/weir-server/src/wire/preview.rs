//! What an import would do.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weir_app::PreviewAnswer;

/// A file's first rows, what a mapping makes of them, and the counts of all: `read = mapped + rejected`. Which of the
/// mapped are there already is only known once they are imported.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ImportPreview {
    /// The file's columns.
    pub columns: Vec<PreviewColumn>,
    /// The file's first rows, each with a value per column.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub input: Vec<Vec<Value>>,
    /// Rows that the mapping read; null without a mapping, as is all that follows.
    #[schema(example = 5394)]
    pub read: Option<u64>,
    /// Rows that would be imported, unless they are there already.
    #[schema(example = 5033)]
    pub mapped: Option<u64>,
    /// Rows that would be refused.
    #[schema(example = 361)]
    pub rejected: Option<u64>,
    /// Rows refused, by reason.
    #[schema(example = json!({"no_identifier": 361}))]
    pub reasons: BTreeMap<String, u64>,
    /// Rows kept under a name that the workspace does not know: kind of name → name → rows.
    pub unmapped: BTreeMap<String, BTreeMap<String, u64>>,
    /// Rows kept with a remark: remark → rows.
    pub remarks: BTreeMap<String, u64>,
    /// The mapping's first rows.
    pub rows: Vec<ImportPreviewRow>,
    /// The first of those refused, wherever they stand.
    pub rejects: Vec<ImportPreviewRow>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreviewColumn {
    /// Its name.
    #[schema(example = "InvoiceDate")]
    pub name: String,
    /// What it holds: `integer`, `number`, `text`, `boolean`, `date`, `time`, `list` or `object`.
    #[schema(example = "time")]
    pub holds: &'static str,
}

/// A row of the mapping, and what would become of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ImportPreviewRow {
    /// Its number among the mapping's rows, from 1.
    pub number: u64,
    /// What the mapping gives.
    #[schema(value_type = Object)]
    pub selected: Map<String, Value>,
    /// What would be imported.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapped: Option<Map<String, Value>>,
    /// Why it is refused.
    #[schema(example = "no_identifier")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<PreviewAnswer> for ImportPreview {
    fn from(answer: PreviewAnswer) -> ImportPreview {
        let column = |(name, holds)| PreviewColumn { name, holds };
        let is_mapped = answer.mapped.is_some();
        let preview = answer.mapped.unwrap_or_default();
        let ledger = preview.ledger;
        let known = |count: u64| is_mapped.then_some(count);
        ImportPreview {
            columns: answer.head.columns.into_iter().map(column).collect(),
            input: answer.head.rows,
            read: known(ledger.read),
            mapped: known(ledger.read - ledger.rejected()),
            rejected: known(ledger.rejected()),
            reasons: ledger.reasons,
            unmapped: ledger.unmapped,
            remarks: ledger.remarks,
            rows: preview.rows.into_iter().map(ImportPreviewRow::from).collect(),
            rejects: preview.refused.into_iter().map(ImportPreviewRow::from).collect(),
        }
    }
}

impl From<weir_app::PreviewRow> for ImportPreviewRow {
    fn from(row: weir_app::PreviewRow) -> ImportPreviewRow {
        let weir_app::PreviewRow { number, selected, mapped, reason } = row;
        ImportPreviewRow { number, selected, mapped, reason }
    }
}
