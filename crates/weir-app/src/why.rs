//! Why a consumer is in or out.

use weir_core::expr::{Expr, check};
use weir_core::identity::{Identifier, Identifiers};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::why::{Branch, why};

use crate::app::Workspace;

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
        let unknown = || {
            Error::new(Code::UnknownConsumer, format!("nobody is known as \"{who}\""))
                .help("name a user id, or write kind:value, for example email:someone@example.com")
        };
        let identifiers = view.identifiers()?;
        let as_user_id = Identifier::new("user_id", who).and_then(|id| identifiers.find(&id.kind, &id.value));
        let written = || Identifier::parse(who).and_then(|id| identifiers.find(&id.kind, &id.value));
        let node = as_user_id.or_else(written).ok_or_else(unknown)?;
        let tree = why(view.world(), &view.names, node, expr, as_of)?.ok_or_else(unknown)?;
        let dense = view.world().consumers.dense(node).ok_or_else(unknown)?;
        let (kind, value) = identifiers.get(view.world().consumers.canonical(dense));
        let consumer = Identifier { kind: kind.to_owned(), value: value.to_owned() };
        let known = view.world().consumers.is_known(dense, as_of);
        Ok(WhyAnswer { consumer, as_of, member: tree.member, known, tree })
    }
}
