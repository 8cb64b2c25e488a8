//! `weir reach`: which media reach the most people for a budget.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use weir_core::Result;
use weir_core::reach::Reach;
use weir_server::wire;

use super::warning;
use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  echo '[{\"channel\":\"feed_ads\",\"within\":{\"days\":30},\"cost\":{\"per_thousand\":12.5}},
         {\"channel\":\"display_ads\",\"within\":{\"days\":30},\"cost\":{\"fixed\":500,\"per_thousand\":4}},
         {\"audience\":\"loyal_tea_friends\",\"cost\":{}}]' > media.json
  weir reach media.json --budget 5000 --as-of 2024-11-30

The order is greedy: the most new people per cost first. The best of all choices stands below it.";

/// Plan which media to buy for a budget so that as many people as possible are reached
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with a JSON list of media, each a set with a cost, as POST /reach takes it (- for stdin)
    #[arg(value_name = "FILE")]
    media: PathBuf,

    /// What may be spent, in the workspace's currency. Default: all of it
    #[arg(long, value_name = "MONEY")]
    budget: Option<String>,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let media = expression::read_json(&arguments.media, "FILE")?;
    let asked = Reach::from_json(&media, arguments.budget.clone().map(Value::String).as_ref())?;
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.reach(&asked, as_of)?;
    let reach = wire::Reach::from(&answer);
    context.answer(&reach, || format!("{}{}", draw(&reach), warning::lines(&answer.warnings)))
}

fn draw(reach: &wire::Reach) -> String {
    let budget =
        reach.budget.as_ref().map_or_else(|| "no budget".to_owned(), |budget| format!("budget {budget}"));
    let head =
        format!("{} for {} as of {}, {budget}", plural(reach.reach, "consumer"), reach.cost, reach.as_of);
    let mut grid = Grid::new(["medium", "consumers", "cost", "new", "reach", "spent"], 1);
    for step in &reach.plan {
        let (size, new, reach) = (count(step.size), count(step.new), count(step.reach));
        grid.row([step.medium.clone(), size, step.cost.clone(), new, reach, step.spent.clone()]);
    }
    for medium in &reach.left_out {
        let why = medium.reason.replace('_', " ");
        grid.row([
            medium.medium.clone(),
            count(medium.size),
            medium.cost.clone(),
            why,
            String::new(),
            String::new(),
        ]);
    }
    format!("{head}\n\n{}\n\n{}\n{}", grid.text(), frequency(reach), best(reach))
}

fn frequency(reach: &wire::Reach) -> String {
    let times = &reach.frequency;
    let part = |name: &str, people: u64| format!("{name} {} ({})", count(people), share(people, reach.reach));
    let parts = [
        part("once", times.once),
        part("twice", times.twice),
        part("three times or more", times.three_or_more),
    ];
    format!("reached {}", parts.join(", "))
}

fn best(reach: &wire::Reach) -> String {
    let best = &reach.best;
    format!(
        "this order is greedy, and never reaches less than {:.1} % of the best choice; that is {}: {} for {}, of which this is {}",
        reach.guarantee * 100.0,
        if best.media.is_empty() { "nothing".to_owned() } else { best.media.join(" + ") },
        plural(best.reach, "consumer"),
        best.cost,
        share(reach.reach, best.reach),
    )
}
