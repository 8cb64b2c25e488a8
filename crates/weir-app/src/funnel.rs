//! Funnels: how many come how far.

use std::time::Instant;

use weir_core::cut::Cut;
use weir_core::expr::{Expr, Warning};
use weir_core::funnel::Funnel;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::funnel::{Levels, funnel, funnel_by};
use weir_engine::states::Subject;

use crate::app::Workspace;
use crate::portrait::check_cut;
use crate::states::{lost, subject};
use crate::whom::{Whom, check_beside};

/// Most rows of a breakdown.
const MOST_ROWS: usize = 1_000;

/// A funnel as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelAnswer {
    /// The date.
    pub as_of: Day,
    /// Size of the set looked at; of a snapshot the size it was frozen with.
    pub total: u64,
    /// Its steps.
    pub steps: Vec<FunnelStep>,
    /// The same told apart, if that was asked for.
    pub breakdown: Option<Breakdown>,
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

/// A funnel told apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Breakdown {
    /// By what.
    pub cut: Cut,
    /// Its rows.
    pub rows: Vec<FunnelRow>,
    /// Whoever is in none of the rows.
    pub rest: FunnelRow,
    /// How many more rows hold anybody.
    pub more: usize,
}

/// A funnel of some of the people.
#[derive(Debug, Clone, PartialEq)]
pub struct FunnelRow {
    /// What the row is called; none for those without a value, and for the rest.
    pub name: Option<String>,
    /// How many of the set looked at are known and in it.
    pub total: u64,
    /// Its steps.
    pub steps: Vec<FunnelStep>,
}

impl FunnelAnswer {
    /// A row of counts: all of it, then step by step.
    fn row(&self, name: Option<String>, expr: &Expr, counts: &[u64]) -> FunnelRow {
        let step = |(step, count): (&FunnelStep, &u64)| FunnelStep {
            count: *count,
            expr: Expr::All(vec![step.expr.clone(), expr.clone()]),
        };
        let steps = self.steps.iter().zip(&counts[1..]).map(step).collect();
        FunnelRow { name, total: counts[0], steps }
    }
}

impl Workspace {
    /// How many of a subject come how far along some steps, told apart by a cut: most so many rows where they are values.
    pub fn funnel_by(
        &self,
        asked: &Funnel,
        (cut, limit): (&Cut, usize),
        as_of: Day,
        whom: &Whom,
    ) -> Result<FunnelAnswer> {
        if !(1..=MOST_ROWS).contains(&limit) {
            let message = format!("the limit is a whole number from 1 to {MOST_ROWS}, not {limit}");
            return Err(Error::new(Code::InvalidArgument, message).at("/breakdown/limit"));
        }
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        let started = Instant::now();
        let mut warnings = check_cut(cut, &view, "/breakdown")?;
        warnings.extend(asked.check(&view.names)?);
        warnings.extend(check_beside(&view, whom)?);
        let subject = subject(&view, whom)?;
        let (levels, rows) = funnel_by(view.world(), &view.names, (asked, cut, limit), &subject, as_of)?;
        let mut answer = answer(asked, whom, &subject, levels, as_of);
        let nowhere = Expr::Any(rows.rows.iter().map(|row| row.expr.clone()).collect());
        let rest = answer.row(None, &Expr::Not(Box::new(nowhere)), &rows.rest);
        let told = rows.rows.into_iter().map(|row| answer.row(row.name, &row.expr, &row.counts)).collect();
        answer.breakdown = Some(Breakdown { cut: cut.clone(), rows: told, rest, more: rows.more });
        answer.warnings = warnings;
        answer.elapsed_us = started.elapsed().as_micros() as u64;
        Ok(answer)
    }

    /// How many of a subject come how far along some steps.
    pub fn funnel(&self, asked: &Funnel, as_of: Day, whom: &Whom) -> Result<FunnelAnswer> {
        let (view, whom) = (self.view()?, &self.by_id(whom)?);
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let mut warnings = asked.check(&view.names)?;
        warnings.extend(check_beside(&view, whom)?);
        let levels = funnel(view.world(), &view.names, asked, &subject, as_of)?;
        let mut answer = answer(asked, whom, &subject, levels, as_of);
        answer.warnings = warnings;
        answer.elapsed_us = started.elapsed().as_micros() as u64;
        Ok(answer)
    }
}

fn answer(asked: &Funnel, whom: &Whom, subject: &Subject, levels: Levels, as_of: Day) -> FunnelAnswer {
    let step = |(step, count)| FunnelStep { count, expr: whom.and(asked.level(step)) };
    let (merged, erased) = lost(subject);
    FunnelAnswer {
        as_of,
        total: levels.total,
        steps: levels.counts.into_iter().enumerate().map(step).collect(),
        breakdown: None,
        merged,
        erased,
        elapsed_us: 0,
        warnings: Vec::new(),
    }
}
