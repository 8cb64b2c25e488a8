//! Whom a question is about: three optional fields of a request, at most one of them given.

use weir_app::Whom;
use weir_core::{Code, Error, Result};

use crate::wire::Expression;

/// Everybody, or whom the one field that is given names.
pub(super) fn whom(
    audience: Option<String>,
    expression: Option<&Expression>,
    snapshot: Option<String>,
) -> Result<Whom> {
    match (audience, expression, snapshot) {
        (None, None, None) => Ok(Whom::Universe),
        (Some(name), None, None) => Ok(Whom::Audience(name)),
        (None, Some(expression), None) => Ok(Whom::Expression(expression.read("/expression")?)),
        (None, None, Some(id)) => Ok(Whom::Snapshot(id)),
        _ => Err(Error::new(Code::InvalidArgument, "audience, expression and snapshot exclude each other")
            .help("leave all of them out to ask about everybody")),
    }
}
