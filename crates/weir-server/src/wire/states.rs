//! Distribution over the states of a model.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::eval::{Warning, warnings};

/// How many are in each state at some dates.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct States {
    /// The state model, as it was asked for: its name, or `inline` for rules without one.
    #[schema(example = "pno")]
    pub model: String,
    /// Its version; 0 for a model that ships with Weir and for rules without a name.
    pub model_version: u32,
    /// What the model's conditions were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// One distribution per date asked for, in the order asked.
    pub at: Vec<StateCounts>,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// The distribution at one date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StateCounts {
    /// The date.
    #[schema(format = Date, example = "2024-12-31")]
    pub date: String,
    /// Count by state in the model's order, `none` last.
    #[schema(value_type = Object, example = json!({"old": 265, "new": 45, "potential": 48, "none": 474}))]
    pub states: Map<String, Value>,
    /// Size of the set looked at; of a snapshot the size it was frozen with: states + merged + erased.
    #[schema(example = 832)]
    pub total: u64,
}

impl From<&weir_app::StatesAnswer> for States {
    fn from(answer: &weir_app::StatesAnswer) -> States {
        let named = |counts: &[u64]| {
            answer
                .states
                .iter()
                .zip(counts)
                .map(|(name, count)| (name.clone(), Value::from(*count)))
                .collect()
        };
        let at = answer.at.iter().map(|distribution| StateCounts {
            date: distribution.date.to_string(),
            states: named(&distribution.counts),
            total: distribution.total,
        });
        States {
            model: answer.model.clone(),
            model_version: answer.model_version,
            scope: answer.scope.to_json(),
            at: at.collect(),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}
