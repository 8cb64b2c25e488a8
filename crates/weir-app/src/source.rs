//! Who a question is about: everybody, an expression, a named audience, or a snapshot.

use weir_core::Result;
use weir_core::expr::{Expr, parse_value};

use crate::app::Workspace;

/// Whom `states`, `flow` and `snapshot` look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// Everybody known.
    Universe,
    /// An expression, evaluated at each date.
    Expression(Expr),
    /// A named audience, evaluated at each date.
    Audience(String),
    /// A frozen audience, by id or name.
    Snapshot(String),
}

impl Source {
    /// The expression to evaluate, if it is one.
    pub fn expression(&self) -> Option<Expr> {
        match self {
            Source::Universe => Some(Expr::Everyone),
            Source::Expression(expr) => Some(expr.clone()),
            Source::Audience(name) => Some(Expr::Audience(name.clone())),
            Source::Snapshot(_) => None,
        }
    }
}

impl Workspace {
    /// What is kept beside frozen or pushed people: the expression itself, not the name of an audience that may change.
    pub(crate) fn expression_now(&self, source: &Source) -> Result<Expr> {
        match source {
            Source::Audience(name) => parse_value(&self.audience(name)?.body),
            Source::Snapshot(id) => Ok(Expr::Snapshot(self.snapshot(id)?.id)),
            Source::Expression(expr) => Ok(expr.clone()),
            Source::Universe => Ok(Expr::Everyone),
        }
    }
}
