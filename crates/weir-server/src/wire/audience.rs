//! Audiences.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::Definition;

use super::about::About;
use super::expression::Expression;

/// A named expression.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Audience {
    /// Its name.
    #[schema(example = "double_11_exposed_not_bought")]
    pub name: String,
    /// Its version, from 1; it grows with every change.
    #[schema(example = 1)]
    pub version: u32,
    #[serde(flatten)]
    pub about: About,
    /// Who is in it.
    pub expression: Expression,
}

impl From<&Definition> for Audience {
    fn from(definition: &Definition) -> Audience {
        Audience {
            name: definition.name.clone(),
            version: definition.version,
            about: (&definition.about).into(),
            expression: Expression(definition.body.clone()),
        }
    }
}
