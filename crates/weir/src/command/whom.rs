//! Whom a question is about: `--audience`, `--expr` or `--snapshot`, else everybody.

use std::path::PathBuf;

use clap::Args;
use weir_app::Whom;
use weir_core::Result;

use crate::expression;

/// For whom.
#[derive(Debug, Args)]
pub struct Who {
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

impl Who {
    pub fn whom(&self) -> Result<Whom> {
        if let Some(path) = &self.expr {
            return Ok(Whom::Expression(expression::read(path, "--expr")?));
        }
        let named = self.audience.clone().map(Whom::Audience);
        Ok(named.or_else(|| self.snapshot.clone().map(Whom::Snapshot)).unwrap_or(Whom::Universe))
    }
}
