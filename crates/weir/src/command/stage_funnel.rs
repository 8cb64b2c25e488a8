//! `weir stage-funnel`: how many stand at each stage of a relationship.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use weir_app::StageFunnelAnswer;
use weir_core::Result;
use weir_core::stage_funnel::StageFunnel;
use weir_core::time::Day;
use weir_server::wire;

use super::lens::scope;
use super::whom::Who;
use super::{states, warning};
use crate::clock::{date, today};
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir stage-funnel --scope shop=flagship --at 2024-11-30,2024-12-31
  echo '[{\"name\":\"reached\",\"when\":{\"did\":{\"behavior\":[\"impression\"]}}},
         {\"name\":\"bought\",\"when\":{\"did\":{\"behavior\":[\"purchase\"]}}}]' > stages.json
  weir stage-funnel --stages stages.json --loose --at 2024-12-31";

/// Count who stands at each stage, from the target market to those who were won back
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with a JSON list of stages {name, title?, title_zh?, when} (- for stdin). Default: market, reached,
    /// interested, bought, repeat, lapsed, won_back
    #[arg(long, value_name = "FILE")]
    stages: Option<PathBuf>,

    /// Count each stage by itself; else everybody at a stage is at those before it too
    #[arg(long)]
    loose: bool,

    /// What the conditions are limited to: shop=ID, brand=ID, category=ID or workspace
    #[arg(long, value_name = "SCOPE", default_value = "workspace")]
    scope: String,

    /// Local dates. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE,DATE…", value_delimiter = ',')]
    at: Vec<String>,

    #[command(flatten)]
    who: Who,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (asked, whom) = (asked(arguments)?, arguments.who.whom()?);
    let workspace = context.workspace()?;
    let mut dates: Vec<Day> = arguments.at.iter().map(|text| date(text, "--at")).collect::<Result<_>>()?;
    if dates.is_empty() {
        dates.push(today(&workspace)?);
    }
    let answer = workspace.stage_funnel(&asked, &dates, &whom)?;
    context.answer(&wire::StageFunnel::from(&answer), || draw(&answer))
}

fn asked(arguments: &Arguments) -> Result<StageFunnel> {
    let mut object = json!({ "strict": !arguments.loose, "scope": scope(&arguments.scope)?.to_json() });
    if let Some(path) = &arguments.stages {
        object["stages"] = expression::read_json(path, "--stages")?;
    }
    StageFunnel::from_json(&object)
}

fn draw(answer: &StageFunnelAnswer) -> String {
    let mut text = String::new();
    for at in &answer.at {
        text += &format!("{}: {}\n\n", at.date, plural(at.total, "consumer"));
        let mut grid = Grid::new(["stage", "consumers", "of first", "of previous"], 1);
        let mut before = at.counts[0];
        for (stage, n) in answer.asked.stages.iter().zip(&at.counts) {
            let name = stage.title.clone().unwrap_or_else(|| stage.name.clone());
            grid.row([name, count(*n), share(*n, at.counts[0]), share(*n, before)]);
            before = *n;
        }
        text += &format!("{}\n\n", grid.text());
    }
    let gone = states::gone(answer.merged, answer.erased);
    format!("{}{gone}{}", text.trim_end(), warning::lines(&answer.warnings))
}
