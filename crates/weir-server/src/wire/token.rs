//! Tokens: at the one moment when their secret is known, and ever after.

use serde::Serialize;
use utoipa::ToSchema;

use super::time::instant;

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

/// A token without its secret; a browser's session is one, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenRecord {
    /// Its number.
    #[schema(example = 2)]
    pub id: i64,
    /// Its name.
    #[schema(example = "nightly export")]
    pub name: String,
    /// When it was made, UTC.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last used, UTC, to the minute.
    #[schema(format = DateTime)]
    pub last_used: Option<String>,
    /// When it was revoked, UTC; a revoked token opens nothing.
    #[schema(format = DateTime)]
    pub revoked: Option<String>,
    /// When it ends by itself, UTC, as sessions do.
    #[schema(format = DateTime)]
    pub expires: Option<String>,
}

impl From<&weir_app::Token> for TokenRecord {
    fn from(token: &weir_app::Token) -> TokenRecord {
        TokenRecord {
            id: token.id,
            name: token.name.clone(),
            created: instant(token.created),
            last_used: token.last_used.map(instant),
            revoked: token.revoked.map(instant),
            expires: token.expires.map(instant),
        }
    }
}
