//! Rows of an ad-hoc query.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::SqlAnswer;

/// The rows of a query.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Rows {
    /// Names of the columns.
    #[schema(example = json!(["channel", "events"]))]
    pub columns: Vec<String>,
    /// One list of values per row, in the order of the columns. Decimals are JSON numbers, times UTC, properties
    /// objects.
    #[schema(value_type = Vec<Vec<Object>>, example = json!([["shop", 5033]]))]
    pub rows: Vec<Vec<Value>>,
}

impl From<SqlAnswer> for Rows {
    fn from(answer: SqlAnswer) -> Rows {
        Rows { columns: answer.columns, rows: answer.rows }
    }
}
