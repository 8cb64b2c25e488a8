//! `weir token`: tokens for the management API.

use clap::{Args, Subcommand};
use weir_app::{Page, Paged, Token as Known};
use weir_core::Result;
use weir_core::time::Zone;
use weir_server::wire::{Items, Token, TokenRecord};

use crate::clock::local;
use crate::context::Context;
use crate::output;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir token add \"nightly export\"
  weir token list
  weir token revoke 2";

/// Make, list and revoke tokens for the management API
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
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
    /// List tokens by number, sessions of browsers and the revoked among them
    List {
        /// Most tokens to show
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
        /// Show those after this one
        #[arg(long, value_name = "TOKEN")]
        after: Option<i64>,
    },
    /// Revoke a token: from now on it opens nothing
    Revoke {
        /// Its number, as in the list
        token: i64,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::Add { name } => add(name, context),
        Action::List { limit, after } => list(*limit, *after, context),
        Action::Revoke { token } => revoke(*token, context),
    }
}

fn list(limit: u32, after: Option<i64>, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let tokens = workspace.tokens(&Page { limit, after: after.map(|id| id.to_string()) })?;
    let zone = workspace.settings()?.zone;
    context.answer(&Items::<TokenRecord>::page(&tokens), || draw(&tokens, &zone))
}

fn revoke(id: i64, context: &Context) -> Result<()> {
    let token = context.workspace()?.revoke_token(id)?;
    context.answer(&TokenRecord::from(&token), || format!("\"{}\" opens nothing any more", token.name))
}

fn draw(tokens: &Paged<Known>, zone: &Zone) -> String {
    let mut grid = Grid::new(["name", "made", "last used", "state", "token"], 4);
    for token in &tokens.items {
        let last_used = token.last_used.map(|at| local(at, zone)).unwrap_or_default();
        let state = if token.revoked.is_some() { "revoked" } else { "valid" };
        let texts = [token.name.clone(), local(token.created, zone), last_used, state.to_owned()];
        grid.row(texts.into_iter().chain([token.id.to_string()]));
    }
    match &tokens.next {
        None => grid.text(),
        Some(next) => format!("{}\n\nmore: weir token list --after {next}", grid.text()),
    }
}

fn add(name: &str, context: &Context) -> Result<()> {
    let app = context.create()?;
    let workspace = app.workspace(context.workspace_name())?.name().to_owned();
    let token = Token { token: app.issue_token(&workspace, name)?, name: name.to_owned(), workspace };
    context.answer(&token, || token.token.clone())?;
    if !context.json() {
        output::note("keep it: it is shown only now; send it as \"Authorization: Bearer …\"");
    }
    Ok(())
}
