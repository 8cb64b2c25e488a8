//! RFM.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::{RfmAnswer, RfmGroup, Summary, money};

use super::eval::{Warning, warnings};
use super::expression::Expression;

/// An RFM analysis as of a date. Money is exact, so it is text where it is a sum.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Rfm {
    /// The date.
    #[schema(format = Date, example = "2011-12-10")]
    pub as_of: String,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// Whoever of it bought within the window of R: only these are scored.
    #[schema(example = 4338)]
    pub scored: u64,
    /// Days from the local date of the last purchase to the date.
    pub r: RfmMeasure,
    /// Orders.
    pub f: RfmMeasure,
    /// Money.
    pub m: RfmMeasure,
    /// People by the scores of R, F and M, greatest first; only those that somebody has.
    pub cells: Vec<RfmCell>,
    /// The eight classes of the mean split, whatever the method.
    pub classes: Vec<RfmClass>,
    /// The named segments; none where there are not five scores each and none was asked for.
    pub segments: Vec<RfmSegment>,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// A measure over everybody who is scored.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RfmMeasure {
    /// The mean.
    #[schema(example = 93.0595)]
    pub mean: f64,
    /// The middle value, or the mean of the two in the middle.
    #[schema(example = 51.0)]
    pub median: f64,
    /// The greatest.
    pub greatest: f64,
    /// What the scores from 2 upwards begin at: of R the local date of the last purchase, of F orders, of M money.
    #[schema(example = json!(["2011-05-22", "2011-09-03"]))]
    pub thresholds: Vec<String>,
    /// The same for the better half of the classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_threshold: Option<String>,
}

/// People with the same scores.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RfmCell {
    /// Score of recency.
    #[schema(example = 5)]
    pub r: u32,
    /// Score of frequency.
    #[schema(example = 4)]
    pub f: u32,
    /// Score of money.
    #[schema(example = 5)]
    pub m: u32,
    #[serde(flatten)]
    #[schema(inline)]
    pub group: RfmPeople,
}

/// People of a class.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RfmClass {
    /// Its name.
    #[schema(example = "important_value")]
    pub class: &'static str,
    /// Its Chinese name.
    #[schema(example = "重要价值")]
    pub name_zh: &'static str,
    #[serde(flatten)]
    #[schema(inline)]
    pub group: RfmPeople,
}

/// People of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RfmSegment {
    /// Its name; `other` is what is left.
    #[schema(example = "champions")]
    pub segment: String,
    #[serde(flatten)]
    #[schema(inline)]
    pub group: RfmPeople,
}

/// How many, and their money.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RfmPeople {
    /// How many.
    #[schema(example = 312)]
    pub people: u64,
    /// Their money together; exact.
    #[schema(example = "104211.5")]
    pub money: String,
    /// Who they are; evaluated as of the date it has as many members.
    pub expression: Expression,
}

impl<K> From<&RfmGroup<K>> for RfmPeople {
    fn from(group: &RfmGroup<K>) -> RfmPeople {
        RfmPeople {
            people: group.people,
            money: money(group.units),
            expression: Expression(group.expr.to_json()),
        }
    }
}

impl RfmMeasure {
    fn of(summary: &Summary, thresholds: Vec<String>, class_threshold: Option<String>) -> RfmMeasure {
        let Summary { mean, median, greatest } = *summary;
        RfmMeasure { mean, median, greatest, thresholds, class_threshold }
    }
}

fn texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

impl From<&RfmAnswer> for Rfm {
    fn from(answer: &RfmAnswer) -> Rfm {
        let ([r, f, m], own, mean) = (&answer.summary, &answer.thresholds, &answer.mean);
        let moneys = |units: &[i128]| units.iter().map(|units| money(*units)).collect::<Vec<_>>();
        let cell = |group: &RfmGroup<[u32; 3]>| {
            let [r, f, m] = group.key;
            RfmCell { r, f, m, group: group.into() }
        };
        let class = |group: &RfmGroup<weir_core::rfm::Class>| RfmClass {
            class: group.key.name(),
            name_zh: group.key.name_zh(),
            group: group.into(),
        };
        let segment =
            |group: &RfmGroup<String>| RfmSegment { segment: group.key.clone(), group: group.into() };
        Rfm {
            as_of: answer.as_of.to_string(),
            total: answer.total,
            scored: answer.scored,
            r: RfmMeasure::of(r, texts(&own.r), texts(&mean.r).pop()),
            f: RfmMeasure::of(f, texts(&own.f), texts(&mean.f).pop()),
            m: RfmMeasure::of(m, moneys(&own.m), moneys(&mean.m).pop()),
            cells: answer.cells.iter().map(cell).collect(),
            classes: answer.classes.iter().map(class).collect(),
            segments: answer.segments.iter().map(segment).collect(),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}
