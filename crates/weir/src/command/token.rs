//! `weir token`: tokens for the management API.

use clap::{Args, Subcommand};
use weir_core::Result;
use weir_server::wire::Token;

use crate::context::Context;
use crate::output;

/// Make tokens for the management API
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a token for the workspace; its secret is shown only now
    Add {
        /// What to call it
        name: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let Action::Add { name } = &arguments.action;
    let app = context.create()?;
    let workspace = app.workspace(context.workspace_name())?.name().to_owned();
    let token = Token { token: app.issue_token(&workspace, name)?, name: name.clone(), workspace };
    context.answer(&token, || token.token.clone())?;
    if !context.json() {
        output::note("keep it: it is shown only now; send it as \"Authorization: Bearer …\"");
    }
    Ok(())
}
