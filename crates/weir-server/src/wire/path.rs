//! Paths over several dates.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};

/// Where people were at each of some dates. All paths sum to the people followed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Paths {
    /// The state model, as it was asked for.
    #[schema(example = "pno")]
    pub model: String,
    /// Its version; 0 for a model that ships with Weir and for rules without a name.
    pub model_version: u32,
    /// What the model's conditions were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// The dates, in order.
    #[schema(example = json!(["2024-10-31", "2024-11-30", "2024-12-31"]))]
    pub dates: Vec<String>,
    /// Names that stand in paths and flows; a moving audience has also `entered` (not in it yet) and `left` (no longer in
    /// it).
    pub states: Vec<String>,
    /// The greatest paths, of equal ones the first in the order of states.
    pub paths: Vec<Path>,
    /// What is not listed.
    pub others: OtherPaths,
    /// For each date but the last: `flows[d][i][j]` were in `states[i]` at that date and in `states[j]` at the next. Each of
    /// them sums to the people followed.
    pub flows: Vec<Vec<Vec<u64>>>,
    /// Size of the set followed; of a snapshot the size it was frozen with: paths + others + merged + erased.
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

/// A sequence of states, and how many took it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Path {
    /// A state for each date.
    #[schema(example = json!(["potential", "old", "old"]))]
    pub states: Vec<String>,
    /// How many took exactly this path.
    #[schema(example = 128)]
    pub count: u64,
}

/// Paths that are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OtherPaths {
    /// How many different ones.
    pub paths: u64,
    /// How many people took them.
    pub count: u64,
}

impl From<&weir_app::PathsAnswer> for Paths {
    fn from(answer: &weir_app::PathsAnswer) -> Paths {
        let path = |(states, count): (Vec<&str>, u64)| Path {
            states: states.into_iter().map(str::to_owned).collect(),
            count,
        };
        let (paths, count) = answer.others();
        Paths {
            model: answer.model.clone(),
            model_version: answer.model_version,
            scope: answer.scope.to_json(),
            dates: answer.dates.iter().map(ToString::to_string).collect(),
            states: answer.paths.states.clone(),
            paths: answer.listed().map(path).collect(),
            others: OtherPaths { paths, count },
            flows: answer.flows.clone(),
            total: answer.paths.total,
            merged: answer.paths.merged,
            erased: answer.paths.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}
