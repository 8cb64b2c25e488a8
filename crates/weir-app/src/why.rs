//! Why a consumer is in or out.

use weir_core::Result;
use weir_core::expr::{Expr, check};
use weir_core::identity::{Identifier, Identifiers};
use weir_core::time::Day;
use weir_engine::why::{Branch, why};

use crate::app::Workspace;
use crate::identity::{find, nobody};

/// One consumer's path through an expression.
#[derive(Debug, Clone)]
pub struct WhyAnswer {
    /// The consumer's canonical identifier.
    pub consumer: Identifier,
    /// The date.
    pub as_of: Day,
    /// Whether the consumer is in.
    pub member: bool,
    /// Whether the consumer is known as of the date.
    pub known: bool,
    /// The expression, painted.
    pub tree: Branch,
}

impl Workspace {
    /// Why a consumer, named by user id or `kind:value`, is in or out of an expression as of a date.
    pub fn why(&self, who: &str, expr: &Expr, as_of: Day) -> Result<WhyAnswer> {
        let view = self.view()?;
        check(expr, &view.names)?;
        let unknown = || nobody(who);
        let identifiers = view.identifiers()?;
        let node = find(&identifiers, who).ok_or_else(unknown)?;
        let tree = why(view.world(), &view.names, node, expr, as_of)?.ok_or_else(unknown)?;
        let dense = view.world().consumers.dense(node).ok_or_else(unknown)?;
        let (kind, value) = identifiers.get(view.world().consumers.canonical(dense));
        let consumer = Identifier { kind: kind.to_owned(), value: value.to_owned() };
        let known = view.world().consumers.is_known(dense, as_of);
        Ok(WhyAnswer { consumer, as_of, member: tree.member, known, tree })
    }
}
