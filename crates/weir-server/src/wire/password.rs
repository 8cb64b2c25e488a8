//! Whether the console has a password.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::time::Micros;

use super::time::instant;

/// Whether a password is set; never which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Password {
    /// Whether there is one.
    pub set: bool,
    /// Since when, UTC.
    #[schema(format = DateTime)]
    pub changed: Option<String>,
}

impl From<Option<Micros>> for Password {
    fn from(changed: Option<Micros>) -> Password {
        Password { set: changed.is_some(), changed: changed.map(instant) }
    }
}
