//! Who a question is about: everybody, an expression, a named audience, or a snapshot.

use weir_core::Result;
use weir_core::expr::{Expr, Warning, check, parse_value};

use crate::app::{View, Workspace};
use crate::states::check_whom;

/// Whom `states`, `flow`, `funnel`, `retention` and `snapshot` look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Whom {
    /// Everybody known.
    Universe,
    /// An expression, evaluated at each date.
    Expression(Expr),
    /// A named audience, evaluated at each date.
    Audience(String),
    /// A frozen audience, by id or name.
    Snapshot(String),
}

impl Whom {
    /// The expression to evaluate, if it is one.
    pub fn expression(&self) -> Option<Expr> {
        match self {
            Whom::Universe => Some(Expr::Everyone),
            Whom::Expression(expr) => Some(expr.clone()),
            Whom::Audience(name) => Some(Expr::Audience(name.clone())),
            Whom::Snapshot(_) => None,
        }
    }

    /// Those of them who are also in an expression that needs an event of everybody: whoever has one is known, so a
    /// snapshot's strangers of that date are none of them.
    pub(crate) fn and(&self, more: Expr) -> Expr {
        match self {
            Whom::Universe => more,
            Whom::Expression(expr) => Expr::All(vec![expr.clone(), more]),
            Whom::Audience(name) => Expr::All(vec![Expr::Audience(name.clone()), more]),
            Whom::Snapshot(id) => Expr::All(vec![Expr::Snapshot(id.clone()), more]),
        }
    }
}

/// Checks whom a question is about, beside a question that has places of its own: what is found in an expression is
/// placed below `/expression`.
pub(crate) fn check_beside(view: &View, whom: &Whom) -> Result<Vec<Warning>> {
    let Whom::Expression(expr) = whom else { return check_whom(view, whom) };
    let mut warnings = check(expr, &view.names).map_err(|error| error.under("/expression"))?;
    warnings.iter_mut().for_each(|warning| warning.at.insert_str(0, "/expression"));
    Ok(warnings)
}

impl Workspace {
    /// The same people, a snapshot by its id: its name may be given to another one day.
    pub(crate) fn by_id(&self, whom: &Whom) -> Result<Whom> {
        match whom {
            Whom::Snapshot(name) => Ok(Whom::Snapshot(self.snapshot(name)?.id)),
            Whom::Universe | Whom::Expression(_) | Whom::Audience(_) => Ok(whom.clone()),
        }
    }

    /// What is kept beside frozen or pushed people: the expression itself, not the name of an audience that may change.
    pub(crate) fn expression_now(&self, whom: &Whom) -> Result<Expr> {
        match whom {
            Whom::Audience(name) => parse_value(&self.audience(name)?.body),
            Whom::Snapshot(id) => Ok(Expr::Snapshot(self.snapshot(id)?.id)),
            Whom::Expression(expr) => Ok(expr.clone()),
            Whom::Universe => Ok(Expr::Everyone),
        }
    }
}
