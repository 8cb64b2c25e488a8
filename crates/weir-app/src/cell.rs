//! The people behind a number of a distribution or a flow, as an expression that can be evaluated, saved and pushed.

use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::scope::Scope;
use weir_core::state_model::{Cell, Follow, Followed, band, cell};
use weir_core::time::Day;
use weir_engine::eval::evaluate;

use crate::app::{View, Workspace};
use crate::states::{check_whom, find_model};
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
        model: &str,
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
        model: &str,
        scope: &Scope,
        whom: &Whom,
        (from, to): (Day, Day),
        cells: &[Cell],
    ) -> Result<People> {
        crate::flow::check_order(from, to)?;
        self.people(model, scope, whom, |follow| cell(follow, from, to, cells))
    }

    fn people(
        &self,
        model: &str,
        scope: &Scope,
        whom: &Whom,
        find: impl FnOnce(Follow<'_>) -> Result<(Expr, Day)>,
    ) -> Result<People> {
        let view = self.view()?;
        let rules = find_model(&view, model)?;
        check_whom(&view, whom)?;
        let followed = self.followed(&view, whom)?;
        let (expr, as_of) = find(Follow { name: model, model: &rules, scope, followed: &followed })?;
        let count = evaluate(view.world(), &view.names, &expr, as_of)?.count;
        Ok(People { expr, as_of, count })
    }

    fn followed(&self, view: &View, whom: &Whom) -> Result<Followed> {
        Ok(match whom {
            Whom::Universe => Followed::Universe,
            Whom::Expression(expr) => Followed::Moving(expr.clone()),
            Whom::Audience(name) => Followed::Moving(Expr::Audience(name.clone())),
            Whom::Snapshot(id) => {
                let snapshot = self.snapshot(id)?;
                // Whoever is frozen counts, even if known only since later than that.
                let all_known = view.world().consumers.all_known().unwrap_or(snapshot.as_of);
                Followed::Frozen(snapshot.id, snapshot.as_of.max(all_known))
            }
        })
    }
}
