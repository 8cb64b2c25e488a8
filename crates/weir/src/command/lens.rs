//! Under which model, over what and at whom `states` and `flow` look.

use clap::Args;
use weir_app::Whom;
use weir_core::scope::Scope;
use weir_core::{Error, Result};

use super::whom::Who;

/// Under which model, over what, for whom.
#[derive(Debug, Args)]
pub struct Lens {
    /// The state model: pno, retail, aipl, timeline, layers, five_a, four_a, or one of your own
    #[arg(long, value_name = "NAME")]
    pub model: String,

    /// What the model's conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace")]
    scope: String,

    #[command(flatten)]
    who: Who,
}

/// An error of weir-app about an argument, placed at the flag that held it.
pub fn at_flag(error: Error) -> Error {
    match error.at.as_deref() {
        Some(at @ ("model" | "from" | "to")) => {
            let flag = format!("--{at}");
            error.at(flag)
        }
        _ => error,
    }
}

impl Lens {
    pub fn scope(&self) -> Result<Scope> {
        self.scope.parse().map_err(|error: Error| error.at("--scope"))
    }

    pub fn whom(&self) -> Result<Whom> {
        self.who.whom()
    }
}
