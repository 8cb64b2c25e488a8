//! Whom `states` and `flow` look at: `--audience`, `--expr` or `--snapshot`, else everybody.

use std::path::PathBuf;

use clap::Args;
use weir_app::Whom;
use weir_core::scope::Scope;
use weir_core::{Error, Result};

use crate::expression;

/// Under which model, over what, for whom.
#[derive(Debug, Args)]
pub struct Lens {
    /// The state model: pno, retail, aipl, timeline, layers, five_a, four_a, or one of your own
    #[arg(long, value_name = "NAME")]
    pub model: String,

    /// What the model's conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace")]
    scope: String,

    /// Only members of this audience, evaluated at each date
    #[arg(long, value_name = "NAME", group = "who")]
    audience: Option<String>,

    /// Only members of the expression in this file (- for stdin), evaluated at each date
    #[arg(long, value_name = "FILE", group = "who")]
    expr: Option<PathBuf>,

    /// Only members of this snapshot, by id or name: the same people at each date
    #[arg(long, value_name = "ID", group = "who")]
    snapshot: Option<String>,
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
        if let Some(path) = &self.expr {
            return Ok(Whom::Expression(expression::read(path, "--expr")?));
        }
        let named = self.audience.clone().map(Whom::Audience);
        Ok(named.or_else(|| self.snapshot.clone().map(Whom::Snapshot)).unwrap_or(Whom::Universe))
    }
}
