//! `weir apply`: definitions from files.

use std::path::PathBuf;

use clap::Args;
use weir_core::Result;
use weir_server::wire::{Applied, Definitions};

use crate::context::Context;
use crate::table::Grid;

const EXAMPLES: &str = "\
A file is a YAML document:
  kind: audience
  name: exposed_not_bought
  expression:
    minus:
      - did: {behavior: [impression, click], within: {days: 30}}
      - did: {behavior: [purchase], within: {days: 30}}";

/// Apply the definitions in a folder of YAML files (audiences, tags, state models …), all or none of them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let applied = context.workspace_to_fill()?.apply(&arguments.dir)?;
    let answer = Definitions { applied: applied.iter().map(Applied::from).collect() };
    context.answer(&answer, || draw(&answer.applied))
}

fn draw(applied: &[Applied]) -> String {
    if applied.is_empty() {
        return "no definitions there".to_owned();
    }
    let mut grid = Grid::new(["kind", "name", "change"], 3);
    for Applied { kind, name, change } in applied {
        grid.row([kind, name.as_str(), change]);
    }
    grid.text()
}
