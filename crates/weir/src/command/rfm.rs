//! `weir rfm`: how recently, how often and for how much everybody bought.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use weir_app::{RfmAnswer, RfmRow, Summary, money};
use weir_core::Result;
use weir_core::rfm::Rfm;
use weir_server::wire;

use super::warning;
use super::whom::Who;
use crate::clock::as_of;
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::table::Grid;
use crate::{expression, identifiers};

const EXAMPLES: &str = "\
Examples:
  weir rfm --as-of 2024-11-30
  weir rfm --as-of 2024-11-30 --bins 4 --audience loyal_tea_friends
  weir rfm --as-of 2024-11-30 --mean
  echo '{\"windows\":{\"f\":{\"days\":365}},\"method\":{\"fixed\":{\"r\":[30,90],\"f\":[2,5],\"m\":[100,500]}}}' > rfm.json
  weir rfm --analysis rfm.json --as-of 2024-11-30 --ids people.csv";

/// Score everybody by how recently, how often and for how much they bought
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with an analysis as JSON (- for stdin): events, windows, method, segments
    #[arg(long, value_name = "FILE", group = "how")]
    analysis: Option<PathBuf>,

    /// So many quantiles. Default: 5
    #[arg(long, value_name = "N", group = "how")]
    bins: Option<u32>,

    /// Split each at its mean
    #[arg(long, group = "how")]
    mean: bool,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Write everybody with their scores to this CSV file
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,

    #[command(flatten)]
    who: Who,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let (asked, whom) = (asked(arguments)?, arguments.who.whom()?);
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.rfm(&asked, as_of, &whom)?;
    if let Some(path) = &arguments.ids {
        write(path, &workspace.rfm_people(&asked, as_of, &whom)?)?;
    }
    context.answer(&wire::Rfm::from(&answer), || draw(&answer))
}

fn asked(arguments: &Arguments) -> Result<Rfm> {
    match (&arguments.analysis, arguments.bins) {
        (Some(path), _) => Rfm::from_json(&expression::read_json(path, "--analysis")?),
        (None, Some(bins)) => {
            Rfm::from_json(&json!({"method": {"quantile": bins}})).map_err(|error| error.at("--bins"))
        }
        (None, None) if arguments.mean => Rfm::from_json(&json!({"method": {"mean": true}})),
        (None, None) => Ok(Rfm::default()),
    }
}

const COLUMNS: [&str; 11] =
    ["kind", "value", "last", "days", "orders", "amount", "r", "f", "m", "class", "segment"];

fn write(path: &Path, people: &[RfmRow]) -> Result<()> {
    let row = |one: &RfmRow| {
        let [r, f, m] = one.scores.map(|score| score.to_string());
        let amount = money(one.person.units);
        let (last, days) = (one.person.last.to_string(), one.days.to_string());
        let class = one.class.name().to_owned();
        let segment = one.segment.clone().unwrap_or_default();
        let orders = one.person.orders.to_string();
        vec![one.kind.clone(), one.value.clone(), last, days, orders, amount, r, f, m, class, segment]
    };
    identifiers::write_table(path, &COLUMNS, people.iter().map(row))
}

fn draw(answer: &RfmAnswer) -> String {
    let head = format!(
        "{} as of {}, {} of them bought",
        plural(answer.total, "consumer"),
        answer.as_of,
        count(answer.scored)
    );
    let gone = super::states::gone(answer.merged, answer.erased);
    let mut parts = vec![head, measures(answer)];
    if !answer.segments.is_empty() {
        let rows = answer.segments.iter().map(|group| (group.key.clone(), group.people, group.units));
        parts.push(groups("segment", rows, answer.scored));
    }
    let rows = answer.classes.iter();
    let rows = rows.map(|g| (format!("{} {}", g.key.name_zh(), g.key.name()), g.people, g.units));
    parts.push(groups("class", rows, answer.scored));
    format!("{}{gone}{}", parts.join("\n\n"), warning::lines(&answer.warnings))
}

fn measures(answer: &RfmAnswer) -> String {
    let mut grid = Grid::new(["", "mean", "median", "greatest", "scores begin at"], 1);
    let r = answer.thresholds.r.iter().map(ToString::to_string).collect::<Vec<_>>();
    let f = answer.thresholds.f.iter().map(ToString::to_string).collect::<Vec<_>>();
    let m = answer.thresholds.m.iter().map(|units| money(*units)).collect::<Vec<_>>();
    let names = ["R days since", "F orders", "M money"];
    for ((name, summary), thresholds) in names.into_iter().zip(&answer.summary).zip([r, f, m]) {
        let Summary { mean, median, greatest } = *summary;
        let number = |n: f64| format!("{}", (n * 1e4).round() / 1e4);
        grid.row([name.to_owned(), number(mean), number(median), number(greatest), thresholds.join("  ")]);
    }
    grid.text()
}

fn groups(noun: &str, rows: impl Iterator<Item = (String, u64, i128)>, scored: u64) -> String {
    let mut grid = Grid::new([noun, "people", "share", "money"], 1);
    for (name, people, units) in rows {
        grid.row([name, count(people), share(people, scored), money(units)]);
    }
    grid.text()
}
