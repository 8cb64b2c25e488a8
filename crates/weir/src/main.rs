//! The `weir` binary: reads the command line, calls `weir-app`, and writes the answer as a table or as JSON.
//!
//! ```text
//! weir [--data DIR] [--workspace W] [--json] COMMAND
//! ```
//!
//! One file per command in `command/`: its arguments, the one call that answers it, and how the answer is drawn.
//! With `--json` exactly one document goes to stdout, of the types that HTTP answers with. Errors go to stderr; the
//! exit status is 2 where the user can do something about it, 1 where we have to.
//!
//! Deliberately absent: business rules. What an answer means is decided below.

mod cli;
mod clock;
mod command;
mod context;
mod expression;
mod identifiers;
mod number;
mod output;
mod progress;
mod report;
mod table;
mod tree;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::context::Context;

/// Questions and imports allocate on all cores at once, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return report::usage(&error),
    };
    let context = Context::new(cli.globals);
    match command::run(cli.command, &context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report::error(&error, context.json()),
    }
}
