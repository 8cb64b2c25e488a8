//! Who comes back, by cohort.

use serde::Serialize;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};

/// The cohorts of a window as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Retention {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// What a cohort is: `day`, `week` or `month`.
    #[schema(example = "week")]
    pub period: &'static str,
    /// Size of the set looked at; of a snapshot the size it was frozen with. Whoever has no `start` event in the window
    /// is in no cohort.
    #[schema(example = 819)]
    pub total: u64,
    /// One per period that the window touches, in order.
    pub cohorts: Vec<Cohort>,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// Those whose first `start` event of the window lies in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cohort {
    /// The first date of the period, which may lie before the window.
    #[schema(format = Date, example = "2024-11-04")]
    pub date: String,
    /// How many.
    #[schema(example = 120)]
    pub size: u64,
    /// How many of them have a `return` event in the same period, in the next one, and so on to the window's last.
    #[schema(example = json!([48, 31, 27]))]
    pub returned: Vec<u64>,
}

impl From<&weir_app::RetentionAnswer> for Retention {
    fn from(answer: &weir_app::RetentionAnswer) -> Retention {
        let cohort = |cohort: &weir_app::Cohort| Cohort {
            date: cohort.date.to_string(),
            size: cohort.size,
            returned: cohort.returned.clone(),
        };
        Retention {
            as_of: answer.as_of.to_string(),
            period: answer.period.name(),
            total: answer.total,
            cohorts: answer.cohorts.iter().map(cohort).collect(),
            merged: answer.merged,
            erased: answer.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}
