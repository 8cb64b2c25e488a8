//! How many come how far along some steps.

use serde::Serialize;
use serde_json::Value;
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
    /// The same told apart, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<FunnelBreakdown>,
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

/// A funnel told apart.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FunnelBreakdown {
    /// By what.
    #[schema(value_type = Object, example = json!({"tag": "gender"}))]
    pub by: Value,
    /// Bins and states in their order; values by how many have them, those without one last.
    pub rows: Vec<FunnelRow>,
    /// Whoever is in none of the rows. Where nobody is in two rows, they and the rest sum to the whole funnel.
    pub rest: FunnelRow,
    /// How many more rows hold anybody; their people are in the rest, unless a listed row has them, too.
    pub more: usize,
}

/// A funnel of some of the people.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FunnelRow {
    /// Value, bin or state; null for those without a value, and for the rest.
    #[schema(example = "female")]
    pub value: Option<String>,
    /// How many of the set looked at are known and in it.
    #[schema(example = 412)]
    pub total: u64,
    /// One per step asked for, in the order asked.
    pub steps: Vec<FunnelStep>,
}

impl From<&weir_app::FunnelAnswer> for Funnel {
    fn from(answer: &weir_app::FunnelAnswer) -> Funnel {
        Funnel {
            as_of: answer.as_of.to_string(),
            total: answer.total,
            steps: steps(&answer.steps),
            breakdown: answer.breakdown.as_ref().map(FunnelBreakdown::from),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

impl From<&weir_app::Breakdown> for FunnelBreakdown {
    fn from(breakdown: &weir_app::Breakdown) -> FunnelBreakdown {
        FunnelBreakdown {
            by: breakdown.cut.to_json(),
            rows: breakdown.rows.iter().map(FunnelRow::from).collect(),
            rest: (&breakdown.rest).into(),
            more: breakdown.more,
        }
    }
}

impl From<&weir_app::FunnelRow> for FunnelRow {
    fn from(row: &weir_app::FunnelRow) -> FunnelRow {
        FunnelRow { value: row.name.clone(), total: row.total, steps: steps(&row.steps) }
    }
}

fn steps(steps: &[weir_app::FunnelStep]) -> Vec<FunnelStep> {
    let counts: Vec<u64> = steps.iter().map(|step| step.count).collect();
    let step = |(i, step): (usize, &weir_app::FunnelStep)| FunnelStep {
        count: step.count,
        of_first: share(step.count, counts[0]),
        of_previous: i.checked_sub(1).and_then(|before| share(step.count, counts[before])),
        expression: Expression(step.expr.to_json()),
    };
    steps.iter().enumerate().map(step).collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
