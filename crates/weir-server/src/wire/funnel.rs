//! How many come how far along some steps.

use serde::Serialize;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};
use super::expression::Expression;

/// A funnel as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Funnel {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    #[schema(example = 819)]
    pub total: u64,
    /// One per step asked for, in the order asked.
    pub steps: Vec<FunnelStep>,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// Who comes at least as far as a step.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FunnelStep {
    /// How many.
    #[schema(example = 106)]
    pub count: u64,
    /// Their share of those with the first step; left out where nobody has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.25)]
    pub of_first: Option<f64>,
    /// Their share of those who come as far as the step before; left out for the first, and where nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.5)]
    pub of_previous: Option<f64>,
    /// Who they are; evaluated as of the funnel's date it has as many members.
    pub expression: Expression,
}

impl From<&weir_app::FunnelAnswer> for Funnel {
    fn from(answer: &weir_app::FunnelAnswer) -> Funnel {
        let counts: Vec<u64> = answer.steps.iter().map(|step| step.count).collect();
        let step = |(i, step): (usize, &weir_app::FunnelStep)| FunnelStep {
            count: step.count,
            of_first: share(step.count, counts[0]),
            of_previous: i.checked_sub(1).and_then(|before| share(step.count, counts[before])),
            expression: Expression(step.expr.to_json()),
        };
        Funnel {
            as_of: answer.as_of.to_string(),
            total: answer.total,
            steps: answer.steps.iter().enumerate().map(step).collect(),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
