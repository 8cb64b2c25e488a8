//! How a subject differs from a base.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};
use super::expression::Expression;

/// A portrait as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Portrait {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many people are compared.
    pub sizes: PortraitSizes,
    /// By what, in the order asked.
    pub cuts: Vec<PortraitCut>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// How many people of whom.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PortraitSizes {
    /// Of the subject.
    #[schema(example = 819)]
    pub subject: u64,
    /// Of the base.
    #[schema(example = 20000)]
    pub base: u64,
    /// Of both at once.
    #[schema(example = 819)]
    pub both: u64,
}

/// What one cut shows.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PortraitCut {
    /// What it is by, in a few words.
    #[schema(example = "tag gender")]
    pub name: String,
    /// The cut itself.
    #[schema(value_type = Object, example = json!({"tag": "gender"}))]
    pub by: Value,
    /// Bins and states in their order; values by how many of the base have them, those without one last.
    pub rows: Vec<PortraitRow>,
    /// Those who are in none of the rows.
    pub rest: PortraitSizes,
    /// How many more rows hold anybody.
    pub more: usize,
}

/// People of a row. What nobody can be divided by is left out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PortraitRow {
    /// Value, bin or state; null for those without a value.
    #[schema(example = "female")]
    pub value: Option<String>,
    /// How many of the subject.
    #[schema(example = 512)]
    pub subject: u64,
    /// How many of the base.
    #[schema(example = 9871)]
    pub base: u64,
    /// Part of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.6252)]
    pub share: Option<f64>,
    /// Part of the base.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.4936)]
    pub base_share: Option<f64>,
    /// One part ÷ the other × 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 126.7)]
    pub tgi: Option<f64>,
    /// Least and greatest TGI with 95 % confidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!([120.5, 133.1]))]
    pub interval: Option<[f64; 2]>,
    /// Probability of so great a difference from the base without the subject, if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.000012)]
    pub p: Option<f64>,
    /// Rate of false discoveries among all rows of the answer that are at least as different (Benjamini and Hochberg).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.00021)]
    pub q: Option<f64>,
    /// Whether the interval leaves 100 outside and q is at most 0.05.
    pub notable: bool,
    /// What to beware of: `not_in_base`, `not_in_subject`, `few` (an expected count below five), `no_rest` (nobody of the base
    /// is outside the subject).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<&'static str>,
    /// Those of the subject; evaluated as of the date as many.
    pub expression: Expression,
}

impl From<&weir_app::PortraitAnswer> for Portrait {
    fn from(answer: &weir_app::PortraitAnswer) -> Portrait {
        Portrait {
            as_of: answer.as_of.to_string(),
            sizes: answer.sizes.into(),
            cuts: answer.cuts.iter().map(PortraitCut::from).collect(),
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

impl From<weir_core::portrait::Sizes> for PortraitSizes {
    fn from(sizes: weir_core::portrait::Sizes) -> PortraitSizes {
        PortraitSizes { subject: sizes.subject, base: sizes.base, both: sizes.both }
    }
}

impl From<&weir_app::PortraitCut> for PortraitCut {
    fn from(cut: &weir_app::PortraitCut) -> PortraitCut {
        PortraitCut {
            name: cut.cut.name(),
            by: cut.cut.to_json(),
            rows: cut.rows.iter().map(PortraitRow::from).collect(),
            rest: cut.rest.into(),
            more: cut.more,
        }
    }
}

impl From<&weir_app::PortraitRow> for PortraitRow {
    fn from(row: &weir_app::PortraitRow) -> PortraitRow {
        let found = &row.comparison;
        PortraitRow {
            value: row.name.clone(),
            subject: row.sizes.subject,
            base: row.sizes.base,
            share: found.share,
            base_share: found.base_share,
            tgi: found.tgi,
            interval: found.interval.map(|(low, high)| [low, high]),
            p: found.p,
            q: row.q,
            notable: row.is_notable(),
            caution: found.caution.map(weir_core::portrait::Caution::name),
            expression: Expression(row.expr.to_json()),
        }
    }
}
