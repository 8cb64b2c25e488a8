//! The people behind a number of a distribution or a flow, as an expression that can be evaluated, saved and pushed.

use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::scope::Scope;
use weir_core::state_model::{Cell, ModelRef, band, cell};
use weir_core::time::Day;

use crate::app::Workspace;
use crate::whom::Whom;

/// Some people, and how to find them again.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// Who they are.
    pub expr: Expr,
    /// The date to evaluate that as of.
    pub as_of: Day,
    /// How many.
    pub count: u64,
}

impl Workspace {
    /// Who of a subject is in one of these states at a date.
    pub fn people_in_band(
        &self,
        model: &ModelRef,
        scope: &Scope,
        whom: &Whom,
        date: Day,
        states: &[String],
    ) -> Result<People> {
        self.people(model, scope, whom, |follow| band(follow, date, states))
    }

    /// Who of a subject is in one of these cells of the flow between two dates.
    pub fn people_in_cells(
        &self,
        model: &ModelRef,
        scope: &Scope,
        whom: &Whom,
        (from, to): (Day, Day),
        cells: &[Cell],
    ) -> Result<People> {
        crate::flow::check_order(from, to)?;
        self.people(model, scope, whom, |follow| cell(follow, from, to, cells))
    }
}
