//! `weir paths`: where people were at each of some dates.

use clap::Args;
use weir_app::PathsAnswer;
use weir_core::Result;
use weir_core::time::Day;
use weir_server::wire;

use super::lens::{Lens, at_flag};
use super::{states, warning};
use crate::clock::date;
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir paths --model pno --scope shop=flagship --dates 2024-10-31,2024-11-30,2024-12-31
  weir paths --model aipl --dates 2024-10-31,2024-11-30,2024-12-31 --snapshot after_double_11 --top 10";

/// Show which ways people took through the states of a model over several dates
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    lens: Lens,

    /// Two to twelve local dates, in order
    #[arg(long, value_name = "DATE,DATE…", value_delimiter = ',', required = true)]
    dates: Vec<String>,

    /// How many paths to list, greatest first; the others are counted together
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: u32,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (model, scope, whom) = arguments.lens.read()?;
    let dates: Vec<Day> = arguments.dates.iter().map(|text| date(text, "--dates")).collect::<Result<_>>()?;
    let answer = context.workspace()?.paths(&model, &scope, &dates, &whom, Some(arguments.top));
    let answer = answer.map_err(at_flag)?;
    context.answer(&wire::Paths::from(&answer), || draw(&answer))
}

fn draw(answer: &PathsAnswer) -> String {
    let paths = &answer.paths;
    let head = format!("{}, {}: {} followed", answer.model, answer.scope, plural(paths.total, "consumer"));
    let gone = states::gone(paths.merged, paths.erased);
    format!("{head}\n\n{}{gone}{}", table(answer), warning::lines(&answer.warnings))
}

/// The paths, what is not listed, and the sum.
pub fn table(answer: &PathsAnswer) -> String {
    let people = answer.paths.total - answer.paths.merged - answer.paths.erased;
    let dates: Vec<String> = answer.dates.iter().map(ToString::to_string).collect();
    let columns = dates.iter().map(String::as_str).chain(["consumers", "share"]);
    let mut grid = Grid::new(columns, dates.len());
    let numbers = |n: u64| [count(n), share(n, people)];
    let labelled = |label: String| {
        [label].into_iter().chain(std::iter::repeat_n(String::new(), dates.len() - 1)).collect::<Vec<_>>()
    };
    for (states, n) in answer.listed() {
        grid.row(states.into_iter().map(str::to_owned).chain(numbers(n)));
    }
    let (others, n) = answer.others();
    if others > 0 {
        grid.row(labelled(plural(others, "other path")).into_iter().chain(numbers(n)));
    }
    grid.row(labelled("total".to_owned()).into_iter().chain(numbers(people)));
    grid.text()
}
