//! Funnels: how many come how far.

use std::time::Instant;

use weir_core::Result;
use weir_core::expr::{Expr, Warning};
use weir_core::funnel::Funnel;
use weir_core::time::Day;
use weir_engine::funnel::funnel;

use crate::app::Workspace;
use crate::states::{lost, subject};
use crate::whom::{Whom, check_beside};

/// A funnel as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelAnswer {
    /// The date.
    pub as_of: Day,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// Its steps.
    pub steps: Vec<FunnelStep>,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

/// Who comes at least as far as a step.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelStep {
    /// How many.
    pub count: u64,
    /// Who they are, to be evaluated as of the funnel's date.
    pub expr: Expr,
}

impl Workspace {
    /// How many of a subject come how far along some steps.
    pub fn funnel(&self, asked: &Funnel, as_of: Day, whom: &Whom) -> Result<FunnelAnswer> {
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let mut warnings = asked.check(&view.names)?;
        warnings.extend(check_beside(&view, whom)?);
        let levels = funnel(view.world(), &view.names, asked, &subject, as_of)?;
        let step = |(step, count)| FunnelStep { count, expr: whom.and(asked.level(step)) };
        let (merged, erased) = lost(&subject);
        Ok(FunnelAnswer {
            as_of,
            total: levels.total,
            steps: levels.counts.into_iter().enumerate().map(step).collect(),
            merged,
            erased,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }
}
