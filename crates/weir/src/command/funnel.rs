//! `weir funnel`: how many come how far along some steps.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value};
use weir_app::{Breakdown, FunnelAnswer, FunnelRow, FunnelStep};
use weir_core::expr::Span;
use weir_core::funnel::Funnel;
use weir_core::time::Window;
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
  echo '[{\"behavior\":\"view\"},{\"behavior\":\"add_to_cart\"},{\"behavior\":\"purchase\"}]' > steps.json
  weir funnel --steps steps.json --within 7d --as-of 2024-11-30
  weir funnel --steps steps.json --within 12h --window 2024-11-01..2024-11-11 --audience loyal_tea_friends
  weir funnel --steps steps.json --within 7d --by tag=gender";

/// Count who comes how far along some steps, in order and in time
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with a JSON list of two to ten conditions on events, as in a sequence (- for stdin)
    #[arg(long, value_name = "FILE")]
    steps: PathBuf,

    /// Longest time from the first step to the one reached: 7d, 12h, 30m. Default: unlimited
    #[arg(long, value_name = "TIME")]
    within: Option<String>,

    /// Where all events must lie: 60d, or FROM..TO. Default: ever, up to as-of
    #[arg(long, value_name = "WINDOW")]
    window: Option<String>,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Tell the people of each step apart: tag=NAME, state=MODEL, entrance, channel, category … as for weir portrait
    #[arg(long, value_name = "CUT")]
    by: Option<String>,

    /// Most rows of --by
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    who: Who,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (asked, whom) = (asked(arguments)?, arguments.who.whom()?);
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let by = arguments.by.as_deref().map(|text| text.parse().map_err(|error: Error| error.at("--by")));
    let answer = match by.transpose()? {
        Some(cut) => workspace.funnel_by(&asked, (&cut, arguments.limit), as_of, &whom)?,
        None => workspace.funnel(&asked, as_of, &whom)?,
    };
    context.answer(&wire::Funnel::from(&answer), || draw(&answer, &asked))
}

fn asked(arguments: &Arguments) -> Result<Funnel> {
    let mut object = Map::new();
    object.insert("steps".to_owned(), expression::read_json(&arguments.steps, "--steps")?);
    if let Some(text) = &arguments.within {
        let span: Span = text.parse().map_err(|error: Error| error.at("--within"))?;
        object.insert("within".to_owned(), span.to_json());
    }
    if let Some(text) = &arguments.window {
        let window: Window = text.parse().map_err(|error: Error| error.at("--window"))?;
        object.insert("window".to_owned(), window.to_json());
    }
    Funnel::from_json(&Value::Object(object))
}

fn draw(answer: &FunnelAnswer, asked: &Funnel) -> String {
    let mut grid = Grid::aligned(&HEADER.map(str::to_owned), vec![false, false, true, true, true]);
    let first = answer.steps.first().map_or(0, |step| step.count);
    let mut before = answer.total;
    for (i, (step, events)) in answer.steps.iter().zip(asked.steps()).enumerate() {
        let shares = [share(step.count, first), share(step.count, before)];
        let [of_first, of_previous] = shares;
        grid.row([
            (i + 1).to_string(),
            events.to_json().to_string(),
            count(step.count),
            of_first,
            of_previous,
        ]);
        before = step.count;
    }
    let head = format!("{} as of {}", plural(answer.total, "consumer"), answer.as_of);
    let gone = super::states::gone(answer.merged, answer.erased);
    let apart = answer.breakdown.as_ref().map_or(String::new(), draw_breakdown);
    format!("{head}\n\n{}{apart}{gone}{}", grid.text(), warning::lines(&answer.warnings))
}

/// A row of people, a column for each step with its share of the first.
fn draw_breakdown(breakdown: &Breakdown) -> String {
    let steps = (1..=breakdown.rest.steps.len()).map(|step| format!("step {step}"));
    let header = [breakdown.cut.name(), "consumers".to_owned()].into_iter().chain(steps);
    let mut grid = Grid::new(header, 1);
    let mut put = |name: String, row: &FunnelRow| {
        let first = row.steps.first().map_or(0, |step| step.count);
        let step = |(i, step): (usize, &FunnelStep)| match i {
            0 => count(step.count),
            _ => format!("{} ({})", count(step.count), share(step.count, first)),
        };
        let steps = row.steps.iter().enumerate().map(step);
        grid.row([name, count(row.total)].into_iter().chain(steps));
    };
    for row in &breakdown.rows {
        put(row.name.clone().unwrap_or_else(|| "(none)".to_owned()), row);
    }
    if breakdown.rest.total > 0 {
        put("(in none of these)".to_owned(), &breakdown.rest);
    }
    format!("\n\n{}", grid.text())
}

const HEADER: [&str; 5] = ["step", "events", "consumers", "of first", "of previous"];
