//! `weir overlap`: how some sets lie over each other.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};
use weir_core::overlap::Overlap;
use weir_core::time::Window;
use weir_core::{Error, Result};
use weir_server::wire;

use super::warning;
use crate::clock::as_of;
use crate::context::Context;
use crate::expression;
use crate::number::{count, plural, share};
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir overlap --channel ads.onsite --channel content --channel crm.sms --window 30d --as-of 2024-11-30
  weir overlap --audience loyal_tea_friends --list vip --snapshot s3 --as-of 2024-11-30
  echo '[{\"channel\":\"feed_ads\",\"behavior\":[\"click\"]},{\"name\":\"bought\",\"expression\":{\"did\":{\"behavior\":[\"purchase\"]}}}]' > sets.json
  weir overlap --sets sets.json --as-of 2024-11-30";

/// Count every combination of some sets: who is in these and in none of the others
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// File with a JSON list of sets, as POST /overlap takes it (- for stdin)
    #[arg(long, value_name = "FILE")]
    sets: Option<PathBuf>,

    /// A named audience as a set; may be given several times, as the three that follow
    #[arg(long, value_name = "NAME")]
    audience: Vec<String>,

    /// An uploaded list as a set
    #[arg(long, value_name = "NAME")]
    list: Vec<String>,

    /// A snapshot as a set, by id or name
    #[arg(long, value_name = "ID")]
    snapshot: Vec<String>,

    /// Whoever has an event on a channel or below it as a set
    #[arg(long, value_name = "PATH")]
    channel: Vec<String>,

    /// When events of --channel must lie: 60d, or FROM..TO. Default: ever, up to as-of
    #[arg(long, value_name = "WINDOW", requires = "channel")]
    window: Option<String>,

    /// Only events of --channel with this behavior; may be given several times
    #[arg(long, value_name = "NAME", requires = "channel")]
    behavior: Vec<String>,

    /// Local date: all that happened up to the end of it. Default: today by this machine's clock, in the
    /// workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,

    /// Most combinations to list, the largest first
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=65_535))]
    limit: u32,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let asked = Overlap::from_json(&asked(arguments)?)?;
    let workspace = context.workspace()?;
    let as_of = as_of(arguments.as_of.as_deref(), &workspace)?;
    let answer = workspace.overlap(&asked, as_of)?;
    let overlap = wire::Overlap::new(&answer, arguments.limit as usize);
    context.answer(&overlap, || format!("{}{}", draw(&overlap), warning::lines(&answer.warnings)))
}

fn asked(arguments: &Arguments) -> Result<Value> {
    let mut sets = match &arguments.sets {
        Some(path) => vec_of(expression::read_json(path, "--sets")?),
        None => Vec::new(),
    };
    let named =
        [("audience", &arguments.audience), ("list", &arguments.list), ("snapshot", &arguments.snapshot)];
    for (key, names) in named {
        sets.extend(names.iter().map(|name| json!({ key: name })));
    }
    for path in &arguments.channel {
        sets.push(channel(path, arguments)?);
    }
    Ok(Value::Array(sets))
}

/// What is no list is told by whoever reads the sets.
fn vec_of(value: Value) -> Vec<Value> {
    match value {
        Value::Array(sets) => sets,
        other => vec![other],
    }
}

fn channel(path: &str, arguments: &Arguments) -> Result<Value> {
    let mut set = Map::new();
    set.insert("channel".to_owned(), json!(path));
    if let Some(text) = &arguments.window {
        let window: Window = text.parse().map_err(|error: Error| error.at("--window"))?;
        set.insert("within".to_owned(), window.to_json());
    }
    if !arguments.behavior.is_empty() {
        set.insert("behavior".to_owned(), json!(arguments.behavior));
    }
    Ok(Value::Object(set))
}

fn draw(overlap: &wire::Overlap) -> String {
    let head = format!(
        "{} in any of {} sets as of {}",
        plural(overlap.union, "consumer"),
        overlap.sets.len(),
        overlap.as_of
    );
    format!("{head}\n\n{}\n\n{}\n\n{}", sets(overlap), pairs(overlap), combinations(overlap))
}

fn sets(overlap: &wire::Overlap) -> String {
    let mut grid = Grid::new(["set", "consumers", "share", "only here"], 1);
    for set in &overlap.sets {
        grid.row([set.name.clone(), count(set.size), share(set.size, overlap.union), count(set.only)]);
    }
    grid.text()
}

fn pairs(overlap: &wire::Overlap) -> String {
    let names = overlap.sets.iter().map(|set| set.name.clone());
    let mut grid = Grid::new(std::iter::once("in both \\ Jaccard".to_owned()).chain(names), 1);
    for (a, set) in overlap.sets.iter().enumerate() {
        let cell = |b: usize| match a.cmp(&b) {
            std::cmp::Ordering::Less => format!("{:.3}", overlap.jaccard[a][b].unwrap_or_default()),
            _ => count(overlap.matrix[a][b]),
        };
        grid.row(std::iter::once(set.name.clone()).chain((0..overlap.sets.len()).map(cell)));
    }
    grid.text()
}

fn combinations(overlap: &wire::Overlap) -> String {
    let mut grid = Grid::new(["in these and no other", "consumers", "share"], 1);
    for combination in &overlap.combinations {
        let people = combination.people;
        grid.row([combination.sets.join(" + "), count(people), share(people, overlap.union)]);
    }
    let more = &overlap.more;
    if more.combinations == 0 {
        return grid.text();
    }
    format!(
        "{}\nand {} with {}",
        grid.text(),
        plural(more.combinations, "combination"),
        plural(more.people, "consumer")
    )
}
