//! The people behind a number.

use serde::Serialize;
use utoipa::ToSchema;

use super::expression::Expression;

/// Some people, as an expression that can be evaluated, saved and pushed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct People {
    /// Who they are.
    pub expression: Expression,
    /// The date to evaluate that as of.
    #[schema(format = Date, example = "2024-12-31")]
    pub as_of: String,
    /// How many.
    #[schema(example = 3912)]
    pub count: u64,
}

impl From<&weir_app::People> for People {
    fn from(people: &weir_app::People) -> People {
        People {
            expression: Expression(people.expr.to_json()),
            as_of: people.as_of.to_string(),
            count: people.count,
        }
    }
}
