//! Stage funnels.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};
use super::expression::Expression;

/// How many stand at each stage at some dates.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StageFunnel {
    /// Whether each stage lies within those before it.
    pub strict: bool,
    /// What the conditions were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// One for each date asked for, in the order asked.
    pub at: Vec<StagesAt>,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Stage {
    /// Its name.
    #[schema(example = "reached")]
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What people call it in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_zh: Option<String>,
    /// Who counts at it; evaluated as of a date it has as many members.
    pub expression: Expression,
}

/// The stages at a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StagesAt {
    /// The date.
    #[schema(format = Date, example = "2024-12-31")]
    pub date: String,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// One for each stage.
    pub stages: Vec<StageCount>,
}

/// How many stand at a stage.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StageCount {
    /// How many.
    #[schema(example = 1460)]
    pub count: u64,
    /// As a part of those at the first stage; left out where nobody is. Loose stages can have more than the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.456)]
    pub of_first: Option<f64>,
    /// As a part of those at the stage before; left out for the first, and where nobody is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.456)]
    pub of_previous: Option<f64>,
}

impl From<&weir_app::StageFunnelAnswer> for StageFunnel {
    fn from(answer: &weir_app::StageFunnelAnswer) -> StageFunnel {
        let stage = |(stage, expr): (&weir_core::stage_funnel::Stage, &weir_core::expr::Expr)| Stage {
            name: stage.name.clone(),
            title: stage.title.clone(),
            title_zh: stage.title_zh.clone(),
            expression: Expression(expr.to_json()),
        };
        StageFunnel {
            strict: answer.asked.is_strict,
            scope: answer.asked.scope.to_json(),
            stages: answer.asked.stages.iter().zip(&answer.exprs).map(stage).collect(),
            at: answer.at.iter().map(stages_at).collect(),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

fn stages_at(at: &weir_app::StageCounts) -> StagesAt {
    let count = |(i, count): (usize, &u64)| StageCount {
        count: *count,
        of_first: share(*count, at.counts[0]),
        of_previous: i.checked_sub(1).and_then(|before| share(*count, at.counts[before])),
    };
    StagesAt {
        date: at.date.to_string(),
        total: at.total,
        stages: at.counts.iter().enumerate().map(count).collect(),
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
