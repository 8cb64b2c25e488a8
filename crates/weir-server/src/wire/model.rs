//! Which state model a question means, described once for the OpenAPI document.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr, Type};
use utoipa::{PartialSchema, ToSchema};
use weir_core::Result;
use weir_core::state_model::ModelRef;

use super::state_model::State;

/// A model that has not been read yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Model(pub Value);

impl Model {
    /// The model, its mistakes placed below `at`.
    pub fn read(&self, at: &str) -> Result<ModelRef> {
        ModelRef::from_json(&self.0).map_err(|error| error.under(at))
    }
}

const DESCRIPTION: &str = "A state model: by name, `pno`; a certain version of it, `pno@2`, where version 0 is the one \
that ships with Weir; or rules that nobody has saved, `{\"states\": […]}`.";

impl PartialSchema for Model {
    fn schema() -> RefOr<Schema> {
        let name = ObjectBuilder::new().schema_type(Type::String).examples([json!("pno"), json!("pno@2")]);
        let states = ArrayBuilder::new().items(Ref::from_schema_name(State::name()));
        let rules =
            ObjectBuilder::new().schema_type(Type::Object).property("states", states).required("states");
        let either = OneOfBuilder::new().description(Some(DESCRIPTION)).item(name).item(rules);
        RefOr::T(Schema::OneOf(either.build()))
    }
}

impl ToSchema for Model {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((State::name().into_owned(), State::schema()));
        State::schemas(schemas);
    }
}
