//! `weir states`: how many are in each state of a model, at dates.

use clap::Args;
use weir_app::{StatesAnswer, Workspace};
use weir_core::Result;
use weir_core::time::Day;
use weir_server::wire;

use super::lens::{Lens, at_flag};
use super::warning;
use crate::clock::{date, today};
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir states --model pno --scope shop=flagship --at 2024-06-30,2024-12-31
  weir states --model aipl --scope brand=du_gifts --at 2024-12-31 --audience loyal_tea_friends";

/// Count consumers by state of a model at some dates
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    lens: Lens,

    /// Local dates. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE,DATE…", value_delimiter = ',')]
    at: Vec<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (model, scope, whom) = arguments.lens.read()?;
    let workspace = context.workspace()?;
    let dates = dates(&arguments.at, &workspace)?;
    let answer = workspace.states(&model, &scope, &dates, &whom).map_err(at_flag)?;
    context.answer(&wire::States::from(&answer), || draw(&answer))
}

fn dates(written: &[String], workspace: &Workspace) -> Result<Vec<Day>> {
    if written.is_empty() {
        return Ok(vec![today(workspace)?]);
    }
    written.iter().map(|text| date(text, "--at")).collect()
}

pub fn draw(answer: &StatesAnswer) -> String {
    let header = ["date"].into_iter().chain(answer.states.iter().map(String::as_str)).chain(["total"]);
    let mut grid = Grid::new(header, 1);
    for at in &answer.at {
        let counts = at.counts.iter().map(|n| count(*n));
        grid.row([at.date.to_string()].into_iter().chain(counts).chain([count(at.total)]));
        let shares = at.counts.iter().map(|n| share(*n, at.total));
        grid.row([String::new()].into_iter().chain(shares).chain([String::new()]));
    }
    let head = format!("{}, {}", answer.model, answer.scope);
    format!(
        "{head}\n\n{}{}{}",
        grid.text(),
        gone(answer.merged, answer.erased),
        warning::lines(&answer.warnings)
    )
}

/// Frozen members who are no people of their own any more.
pub fn gone(merged: u64, erased: u64) -> String {
    if merged + erased == 0 {
        return String::new();
    }
    format!(
        "\n\nof those frozen {} and {} since",
        plural(merged, "member") + " merged",
        count(erased) + " erased"
    )
}
