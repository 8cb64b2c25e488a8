//! Flow between two dates.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};

/// Where people were at one date, and where they are at another. Rows and columns sum to the people followed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Flow {
    /// The state model, as it was asked for: its name, or `inline` for rules without one.
    #[schema(example = "pno")]
    pub model: String,
    /// Its version; 0 for a model that ships with Weir and for rules without a name.
    pub model_version: u32,
    /// What the model's conditions were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// Rows are states at this date.
    #[schema(format = Date, example = "2024-10-23")]
    pub from: String,
    /// Columns are states at this date.
    #[schema(format = Date, example = "2024-12-31")]
    pub to: String,
    /// Names of rows and columns; a moving audience has also `entered` (a row) and `left` (a column).
    pub states: Vec<String>,
    /// `matrix[i][j]`: how many were in `states[i]` at `from` and are in `states[j]` at `to`.
    pub matrix: Vec<Vec<u64>>,
    /// Size of the set followed; of a snapshot the size it was frozen with: matrix + merged + erased.
    pub total: u64,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

impl From<&weir_app::FlowAnswer> for Flow {
    fn from(answer: &weir_app::FlowAnswer) -> Flow {
        Flow {
            model: answer.model.clone(),
            model_version: answer.model_version,
            scope: answer.scope.to_json(),
            from: answer.from.to_string(),
            to: answer.to.to_string(),
            states: answer.flow.states.clone(),
            matrix: answer.flow.matrix.clone(),
            total: answer.flow.total,
            merged: answer.flow.merged,
            erased: answer.flow.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}
