//! `weir retention`: who comes back, by cohort.

use std::path::PathBuf;

use clap::Args;
use weir_app::{Cohort, RetentionAnswer};
use weir_core::expr::{Did, parse_events};
use weir_core::retention::Retention;
use weir_core::{Error, Result};
use weir_server::wire;

use super::warning;
use super::whom::Who;
use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  echo '{\"behavior\":\"purchase\"}' > purchase.json
  weir retention --start purchase.json --window 2024-07-01..2024-12-31 --period month --as-of 2024-12-31
  echo '{\"behavior\":\"view\"}' | weir retention --start - --return purchase.json --window 60d --period week";

/// Count who comes back, by cohort of their first event
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with the condition on events that puts consumers into a cohort, as JSON (- for stdin)
    #[arg(long, value_name = "FILE")]
    start: PathBuf,

    /// File with the condition on events that counts as coming back. Default: the same as --start
    #[arg(long = "return", value_name = "FILE")]
    returns: Option<PathBuf>,

    /// Where all events must lie: 60d, or FROM..TO
    #[arg(long, value_name = "WINDOW")]
    window: String,

    /// What a cohort is: day, week (from Monday) or month
    #[arg(long, value_name = "PERIOD", default_value = "day")]
    period: String,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    #[command(flatten)]
    who: Who,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (asked, whom) = (asked(arguments)?, arguments.who.whom()?);
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.retention(&asked, as_of, &whom)?;
    context.answer(&wire::Retention::from(&answer), || draw(&answer))
}

fn asked(arguments: &Arguments) -> Result<Retention> {
    let start = events(&arguments.start, "--start")?;
    let returns = match &arguments.returns {
        Some(path) => events(path, "--return")?,
        None => start.clone(),
    };
    let window = arguments.window.parse().map_err(|error: Error| error.at("--window"))?;
    let period = arguments.period.parse().map_err(|error: Error| error.at("--period"))?;
    Ok(Retention { start, returns, window, period })
}

fn events(path: &std::path::Path, argument: &str) -> Result<Did> {
    parse_events(&expression::read_json(path, argument)?)
}

/// The sums of whoever could have come back so late already, and the share of them who did.
fn draw(answer: &RetentionAnswer) -> String {
    let offsets = (0..answer.cohorts.len()).map(|k| format!("+{k}"));
    let mut grid =
        Grid::new([answer.period.name().to_owned(), "consumers".to_owned()].into_iter().chain(offsets), 1);
    for Cohort { date, size, returned } in &answer.cohorts {
        let returned = returned.iter().map(|n| count(*n));
        grid.row([date.to_string(), count(*size)].into_iter().chain(returned));
    }
    let began = answer.cohorts.iter().map(|cohort| cohort.size).sum();
    let shares = (0..answer.cohorts.len()).map(|k| share_after(&answer.cohorts, k));
    grid.row(["came back".to_owned(), count(began)].into_iter().chain(shares));
    let head = format!("{} of {} as of {}", count(began), plural(answer.total, "consumer"), answer.as_of);
    let gone = super::states::gone(answer.merged, answer.erased);
    format!("{head}\n\n{}{gone}{}", grid.text(), warning::lines(&answer.warnings))
}

fn share_after(cohorts: &[Cohort], later: usize) -> String {
    let reach = cohorts.iter().filter_map(|cohort| Some((cohort.size, cohort.returned.get(later)?)));
    let (size, returned) = reach.fold((0, 0), |(size, returned), (s, r)| (size + s, returned + r));
    share(returned, size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_core::period::Period;
    use weir_core::time::Day;

    #[test]
    fn a_table_is_a_triangle_with_shares_below() {
        let cohort =
            |day, size, returned: &[u64]| Cohort { date: Day(day), size, returned: returned.to_vec() };
        let answer = RetentionAnswer {
            as_of: Day(20_002),
            period: Period::Day,
            total: 2_000,
            cohorts: vec![
                cohort(20_000, 1_200, &[600, 30, 0]),
                cohort(20_001, 0, &[0, 0]),
                cohort(20_002, 10, &[9]),
            ],
            merged: 0,
            erased: 0,
            elapsed_us: 5,
            warnings: Vec::new(),
        };
        insta::assert_snapshot!(draw(&answer), @r"
        1,210 of 2,000 consumers as of 2024-10-06

         day          consumers       +0      +1      +2
        ─────────────────────────────────────────────────
         2024-10-04       1,200      600      30       0
         2024-10-05           0        0       0
         2024-10-06          10        9
         came back        1,210   50.3 %   2.5 %   0.0 %
        ");
    }
}
