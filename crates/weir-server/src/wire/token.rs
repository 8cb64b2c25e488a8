//! Tokens, at the one moment when their secret is known.

use serde::Serialize;
use utoipa::ToSchema;

/// A new token. The secret is shown this once and kept only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Token {
    /// The secret: send it as `Authorization: Bearer …`.
    pub token: String,
    /// Its name.
    #[schema(example = "owner")]
    pub name: String,
    /// The workspace it belongs to.
    #[schema(example = "default")]
    pub workspace: String,
}
