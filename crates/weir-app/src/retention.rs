//! Retention: who comes back, by cohort.

use std::time::Instant;

use weir_core::expr::Warning;
use weir_core::period::Period;
use weir_core::retention::Retention;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_engine::retention::{Cohort, retention};

use crate::app::Workspace;
use crate::cell::People;
use crate::states::{lost, subject};
use crate::whom::{Whom, check_beside};

/// The cohorts of a window as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct RetentionAnswer {
    /// The date.
    pub as_of: Day,
    /// What a cohort is.
    pub period: Period,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// One per period of the window.
    pub cohorts: Vec<Cohort>,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// The cohorts of a subject, and how many of each come back.
    pub fn retention(&self, asked: &Retention, as_of: Day, whom: &Whom) -> Result<RetentionAnswer> {
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let mut warnings = asked.check(&view.names)?;
        warnings.extend(check_beside(&view, whom)?);
        let found = retention(view.world(), &view.names, asked, &subject, as_of)?;
        let (merged, erased) = lost(&subject);
        Ok(RetentionAnswer {
            as_of,
            period: asked.period,
            total: found.total,
            cohorts: found.cohorts,
            merged,
            erased,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }

    /// Who of a subject is in the cohort that begins on a date; of them only those who came back so many periods later,
    /// if that is asked.
    pub fn people_in_cohort(
        &self,
        asked: &Retention,
        as_of: Day,
        whom: &Whom,
        cohort: Day,
        later: Option<u32>,
    ) -> Result<People> {
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        asked.check(&view.names)?;
        check_beside(&view, whom)?;
        let periods = asked.periods(as_of)?;
        let place = periods.dates().position(|date| date == cohort);
        let place = place.ok_or_else(|| no_cohort(asked.period, cohort, periods.dates().next()))?;
        let later = later.map(|later| later as usize);
        if later.is_some_and(|later| place + later >= periods.count) {
            let message = format!("the window ends before that: it has {} periods", periods.count);
            return Err(Error::new(Code::InvalidArgument, message).at("later"));
        }
        let expr = whom.and(asked.cell(&periods, place, later));
        let count = evaluate(view.world(), &view.names, &expr, as_of)?.count;
        Ok(People { expr, as_of, count })
    }
}

fn no_cohort(period: Period, cohort: Day, first: Option<Day>) -> Error {
    let error =
        Error::new(Code::InvalidDate, format!("no {period} of the window begins on {cohort}")).at("cohort");
    match first {
        Some(first) => error.help(format!("the first begins on {first}")),
        None => error.help("the window begins after as-of"),
    }
}
