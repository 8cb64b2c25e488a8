//! `weir apply`: definitions from files.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use weir_core::Result;
use weir_server::wire::{Applied, Definitions, Difference, Plan, Planned};

use crate::context::Context;
use crate::number::plural;
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

    /// Only show what would change
    #[arg(long)]
    plan: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    if arguments.plan {
        return plan(arguments, context);
    }
    let applied = context.workspace_to_fill()?.apply(&arguments.dir)?;
    let answer = Definitions { applied: applied.iter().map(Applied::from).collect() };
    context.answer(&answer, || draw(&answer.applied))
}

fn plan(arguments: &Arguments, context: &Context) -> Result<()> {
    let planned = context.workspace_to_fill()?.plan(&arguments.dir)?;
    let plan = Plan { planned: planned.iter().map(Planned::from).collect() };
    context.answer(&plan, || draw_plan(&plan.planned))
}

fn draw_plan(planned: &[Planned]) -> String {
    let mut text = String::new();
    for Planned { kind, name, change, changes } in planned.iter().filter(|one| one.change != "unchanged") {
        text.push_str(&format!("{change} {kind} {name}\n"));
        for Difference { at, change, before, after } in changes {
            let value = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
            text.push_str(&format!("  {change} {at}  {} → {}\n", value(before), value(after)));
        }
    }
    let unchanged = planned.iter().filter(|one| one.change == "unchanged").count();
    format!("{text}{} unchanged; nothing was applied", plural(unchanged as u64, "definition"))
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
