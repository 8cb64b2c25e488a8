//! `weir password`: what the console is opened with.

use std::io::{self, IsTerminal, Read};

use clap::{Args, Subcommand};
use weir_core::{Error, Result};
use weir_server::wire::Password;

use crate::context::Context;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  weir password set
  weir password set < secret.txt";

/// Set the password that the console is opened with
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Set or replace it: one line from standard input; all sessions of browsers end
    Set,
    /// Show whether one is set
    Show,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match arguments.action {
        Action::Set => set(context),
        Action::Show => show(context),
    }
}

fn set(context: &Context) -> Result<()> {
    let workspace = context.workspace_to_fill()?;
    if io::stdin().is_terminal() {
        output::note(
            "the new password, then Enter (it is seen as you type; a file or a pipe keeps it from view):",
        );
    }
    workspace.set_password(&line()?, None).map_err(|mut error| {
        error.at = None;
        error
    })?;
    let password = Password::from(workspace.password_set()?);
    context.answer(&password, || "set; browsers have to log in again".to_owned())
}

fn show(context: &Context) -> Result<()> {
    let password = Password::from(context.workspace()?.password_set()?);
    context.answer(&password, || match &password.changed {
        Some(changed) => format!("set {changed}"),
        None => "none; set one with: weir password set".to_owned(),
    })
}

/// The first line of standard input; never an argument, which others on the machine could read.
fn line() -> Result<String> {
    let mut text = String::new();
    let reading = |error: io::Error| Error::io("reading the password", &error);
    if io::stdin().is_terminal() {
        io::stdin().read_line(&mut text).map_err(reading)?;
    } else {
        io::stdin().take(64 * 1024).read_to_string(&mut text).map_err(reading)?;
    }
    Ok(text.lines().next().unwrap_or_default().to_owned())
}
