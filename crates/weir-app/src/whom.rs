//! Who a question is about: everybody, an expression, a named audience, or a snapshot.

use weir_core::Result;
use weir_core::expr::{Expr, parse_value};

use crate::app::Workspace;

/// Whom `states`, `flow` and `snapshot` look at.
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
}

impl Workspace {
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
