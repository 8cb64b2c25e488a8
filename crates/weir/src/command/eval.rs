//! `weir eval`: how many are in an expression as of a date, and who.

use std::path::PathBuf;

use clap::Args;
use weir_app::{Estimate, EvalOptions};
use weir_core::Result;
use weir_server::wire;

use super::warning;
use crate::clock::as_of;
use crate::context::Context;
use crate::number::{count, duration, share};
use crate::table::Grid;
use crate::{expression, identifiers};

const EXAMPLES: &str = "\
Examples:
  echo '{\"everyone\":true}' | weir eval -
  echo '{\"audience\":\"loyal_tea_friends\"}' | weir eval - --as-of 2024-11-30 --nodes
  weir eval exposed.json --as-of 2024-11-30 --hash --ids exposed.csv";

/// Count the members of an expression as of a date, exactly
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with the expression as JSON, or - for stdin
    #[arg(value_name = "EXPR.json")]
    expr: PathBuf,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Write the members' canonical identifiers to this CSV file (kind,value)
    #[arg(long, value_name = "OUT.csv")]
    ids: Option<PathBuf>,

    /// Count every node of the expression, too
    #[arg(long)]
    nodes: bool,

    /// Hash the members: the same people give the same hash in any store
    #[arg(long)]
    hash: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let expr = expression::read(&arguments.expr, "EXPR.json")?;
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let options =
        EvalOptions { nodes: arguments.nodes, hash: arguments.hash, members: arguments.ids.is_some() };
    let estimate = workspace.evaluate(&expr, as_of, options)?;
    if let (Some(path), Some(members)) = (&arguments.ids, &estimate.members) {
        identifiers::write(path, members)?;
    }
    context.answer(&wire::Estimate::from(&estimate), || draw(&estimate, arguments))
}

fn draw(estimate: &Estimate, arguments: &Arguments) -> String {
    let Estimate { count: n, universe, as_of, elapsed_us, .. } = estimate;
    let mut text = format!(
        "{} of {} consumers ({}) as of {as_of}, in {}",
        count(*n),
        count(*universe),
        share(*n, *universe),
        duration(*elapsed_us)
    );
    if let Some(hash) = &estimate.content_hash {
        text.push_str(&format!("\ncontent hash {hash}"));
    }
    if let Some(path) = &arguments.ids {
        text.push_str(&format!("\nidentifiers written to {}", path.display()));
    }
    if let Some(nodes) = &estimate.nodes {
        text.push_str(&format!("\n\n{}", draw_nodes(nodes, *universe)));
    }
    text + &warning::lines(&estimate.warnings)
}

fn draw_nodes(nodes: &[(String, u64)], universe: u64) -> String {
    let mut grid = Grid::new(["node", "consumers", "share"], 1);
    for (at, n) in nodes {
        let at = if at.is_empty() { "(all of it)" } else { at };
        grid.row([at.to_owned(), count(*n), share(*n, universe)]);
    }
    grid.text()
}
