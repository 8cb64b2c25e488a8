//! Errors on the wire, the same over HTTP and from `weir --json`.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::Error;

/// What went wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Problem {
    /// Stable code: decide by this, never by the message.
    #[schema(example = "unknown_tag")]
    pub code: &'static str,
    /// One sentence: what is wrong.
    #[schema(example = "there is no tag \"gendr\"")]
    pub message: String,
    /// What to do about it.
    #[schema(example = "did you mean \"gender\"?")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where: a JSON pointer into the request, or the name of a column or parameter.
    #[schema(example = "/expression/tag/gendr")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Problem {
        Problem {
            code: error.code.as_str(),
            message: error.message.clone(),
            help: error.help.clone(),
            at: error.at.clone(),
        }
    }
}
