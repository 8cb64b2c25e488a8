//! `weir snapshot`: an audience's members, frozen.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use weir_app::{SnapshotRecord, Whom};
use weir_core::Result;
use weir_server::wire;

use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::plural;

const EXAMPLES: &str = "\
Examples:
  weir snapshot double_11_exposed_not_bought --as-of 2024-11-30 --name after_double_11
  weir snapshot --expr buyers.json --as-of 2024-11-30 --name buyers";

/// Freeze the members of an audience or expression as of a date
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group(ArgGroup::new("who").required(true)))]
pub struct Arguments {
    /// The audience
    #[arg(value_name = "AUDIENCE", group = "who")]
    audience: Option<String>,

    /// File with an expression as JSON, or - for stdin
    #[arg(long, value_name = "FILE", group = "who")]
    expr: Option<PathBuf>,

    /// Local date. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// What to call it; expressions and --snapshot name it by this or by its id
    #[arg(long, value_name = "NAME")]
    name: String,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let whom = whom(arguments)?;
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let record = workspace.take_snapshot(&whom, as_of, &arguments.name)?;
    context.answer(&wire::Snapshot::from(&record), || draw(&record))
}

/// clap has seen to it that one of the two is given.
fn whom(arguments: &Arguments) -> Result<Whom> {
    match (&arguments.audience, &arguments.expr) {
        (Some(name), _) => Ok(Whom::Audience(name.clone())),
        (None, Some(path)) => Ok(Whom::Expression(expression::read(path, "--expr")?)),
        (None, None) => Ok(Whom::Universe),
    }
}

fn draw(record: &SnapshotRecord) -> String {
    let SnapshotRecord { id, name, as_of, size, content_hash, .. } = record;
    let members = plural(*size, "consumer");
    format!("snapshot {id}, \"{name}\": {members} as of {as_of}\ncontent hash {content_hash}")
}
