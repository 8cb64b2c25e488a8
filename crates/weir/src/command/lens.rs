//! Under which model, over what and at whom `states` and `flow` look.

use std::path::Path;

use clap::Args;
use serde_json::json;
use weir_app::Whom;
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::{Error, Result};

use super::whom::Who;
use crate::expression;

/// Under which model, over what, for whom.
#[derive(Debug, Args)]
pub struct Lens {
    /// The state model: pno, retail, aipl, timeline, layers, five_a, four_a, or one of your own; pno@2 is its second
    /// version, and the path of a .json file are rules that nobody has saved
    #[arg(long, value_name = "NAME")]
    model: String,

    /// What the model's conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace")]
    scope: String,

    #[command(flatten)]
    who: Who,
}

/// An error of weir-app about an argument, placed at the flag that held it.
pub fn at_flag(error: Error) -> Error {
    match error.at.as_deref() {
        Some(at @ ("model" | "from" | "to" | "top")) => {
            let flag = format!("--{at}");
            error.at(flag)
        }
        Some(at) if at.starts_with("dates") => error.at("--dates"),
        _ => error,
    }
}

/// A model by name and version, or from a file with its rules.
pub fn model(text: &str, flag: &str) -> Result<ModelRef> {
    let path = Path::new(text);
    if path.extension().is_none_or(|ending| ending != "json") {
        return Ok(ModelRef::from(text));
    }
    let rules = expression::read_json(path, flag)?;
    let rules = if rules.is_array() { json!({ "states": rules }) } else { rules };
    ModelRef::from_json(&rules).map_err(|error| error.under(flag))
}

impl Lens {
    /// The three of them.
    pub fn read(&self) -> Result<(ModelRef, Scope, Whom)> {
        Ok((model(&self.model, "--model")?, scope(&self.scope)?, self.who.whom()?))
    }
}

/// What `--scope` says.
pub fn scope(text: &str) -> Result<Scope> {
    text.parse().map_err(|error: Error| error.at("--scope"))
}
