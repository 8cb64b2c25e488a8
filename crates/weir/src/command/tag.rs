//! `weir tag`: the tag market.

use clap::{Args, Subcommand};
use serde_json::json;
use weir_app::{Origin, Page, Spread, TagDetail, TagFilter, TagRecord, TagRun, TagValues};
use weir_core::Result;
use weir_core::tag::TagKind;
use weir_core::time::Day;
use weir_server::wire::{self, Items};

use crate::clock::{as_of, date, today};
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::progress::Bar;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir tag list --search value --origin computed
  weir tag show value_365d --as-of 2024-11-30
  weir tag values favourite_category --as-of 2024-11-30
  weir tag compute value_365d --as-of 2024-09-30,2024-10-31,2024-11-30
  weir tag history value_365d --at 2024-10-31,2024-11-30

A computed tag is a file of kind \"tag\" with a \"value\", brought in by weir apply:
  kind: tag
  name: value_365d
  value: {amount: {behavior: [purchase], within: {days: 365}}}";

/// The tag market: list, look at and compute tags
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the tags
    List {
        /// Text in the name, the description or the owner, in any case
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// A label
        #[arg(long, value_name = "LABEL")]
        category: Option<String>,
        /// imported, trait, computed or described
        #[arg(long, value_name = "ORIGIN")]
        origin: Option<String>,
    },
    /// A tag: its definition, who has it, how fresh it is, where it comes from and who uses it
    Show(Named),
    /// How the values of a tag are distributed, exactly
    Values {
        #[command(flatten)]
        named: Named,
        /// Most values of texts to show
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
    /// How many people had a value at some dates
    History {
        /// Its name
        name: String,
        /// Local dates, with commas between them
        #[arg(long, value_name = "DATES", value_delimiter = ',', required = true)]
        at: Vec<String>,
    },
    /// Compute a tag as of some dates, and again as of the later ones that it was computed as of
    Compute {
        /// Its name
        name: String,
        /// Local dates, with commas between them. Default: today by this machine's clock, in the workspace's zone
        #[arg(long, value_name = "DATES", value_delimiter = ',')]
        as_of: Vec<String>,
    },
    /// Runs of a computed tag, latest first
    Runs {
        /// Its name
        name: String,
    },
    /// Remove the definition of a tag, and what was computed
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
struct Named {
    /// Its name
    name: String,
    /// Local date. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::List { search, category, origin } => {
            let origin = origin.as_deref().map(Origin::named).transpose().map_err(|e| e.at("--origin"))?;
            list(&TagFilter { search: search.clone(), category: category.clone(), origin }, context)
        }
        Action::Show(named) => show(named, context),
        Action::Values { named, limit } => values(named, *limit, context),
        Action::History { name, at } => history(name, at, context),
        Action::Compute { name, as_of } => compute(name, as_of, context),
        Action::Runs { name } => {
            let runs = context.workspace()?.tag_runs(name, &Page::all())?;
            context.answer(&Items::<wire::TagRun>::page(&runs), || draw_runs(&runs.items))
        }
        Action::Delete { name } => {
            context.workspace()?.delete_tag(name)?;
            context.answer(&json!({"removed": name}), || format!("tag {name} removed"))
        }
    }
}

fn list(filter: &TagFilter, context: &Context) -> Result<()> {
    let tags = context.workspace()?.tags(filter, &Page::all())?;
    context.answer(&Items::<wire::Tag>::page(&tags), || draw_list(&tags.items))
}

fn show(named: &Named, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let as_of = as_of(named.as_of.as_deref(), &workspace)?;
    let detail = workspace.tag(&named.name, as_of)?;
    context.answer(&wire::TagDetail::from(&detail), || draw_detail(&detail))
}

fn values(named: &Named, limit: u32, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let as_of = as_of(named.as_of.as_deref(), &workspace)?;
    let values = workspace.tag_values(&named.name, as_of, &Page { after: None, limit })?;
    context.answer(&wire::TagValues::from(&values), || draw_values(&values))
}

fn history(name: &str, at: &[String], context: &Context) -> Result<()> {
    let dates: Vec<Day> = at.iter().map(|text| date(text, "--at")).collect::<Result<_>>()?;
    let history = context.workspace()?.tag_history(name, &dates)?;
    context.answer(&Items::all(history.iter().map(wire::TagCoverage::from)), || {
        let mut grid = Grid::new(["date", "people", "of those known"], 1);
        for one in &history {
            grid.row([one.as_of.to_string(), count(one.people), share(one.people, one.universe)]);
        }
        grid.text()
    })
}

fn compute(name: &str, dates: &[String], context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let mut days: Vec<Day> = dates.iter().map(|text| date(text, "--as-of")).collect::<Result<_>>()?;
    if days.is_empty() {
        days.push(today(&workspace)?);
    }
    let runs = workspace.compute_tag(name, &days, &Bar::new())?;
    context.answer(&Items::all(runs.iter().map(wire::TagRun::from)), || draw_runs(&runs))
}

fn draw_list(tags: &[TagRecord]) -> String {
    let mut grid = Grid::new(["tag", "values", "origin", "owner", "description"], 5);
    for tag in tags {
        let kind = tag.kind.map_or("none", TagKind::name);
        let owner = tag.about.owner.as_deref().unwrap_or_default();
        let description = tag.about.description.as_deref().unwrap_or_default();
        grid.row([tag.name.as_str(), kind, tag.origin.name(), owner, description]);
    }
    format!("{}\n\n{}", plural(tags.len() as u64, "tag"), grid.text())
}

fn draw_detail(detail: &TagDetail) -> String {
    let TagDetail { record, coverage, freshness, lineage } = detail;
    let kind = record.kind.map_or("none", TagKind::name);
    let mut lines = vec![format!("{}: {kind} values, {}", record.name, record.origin.name())];
    lines.extend(record.about.description.clone());
    lines.extend(record.about.owner.as_ref().map(|owner| format!("owner           {owner}")));
    if !record.about.labels.is_empty() {
        lines.push(format!("labels          {}", record.about.labels.join(", ")));
    }
    lines.extend(record.about.refresh.map(|schedule| format!("refresh         {schedule}")));
    lines.extend(record.value.as_ref().map(|value| format!("value           {value}")));
    let of = share(coverage.people, coverage.universe);
    lines.push(format!(
        "as of {}  {} have a value, {of} of those known",
        coverage.as_of,
        count(coverage.people)
    ));
    lines.extend(freshness.last_statement.map(|day| format!("last statement  {day}")));
    let run = freshness.last_run.as_ref();
    lines.extend(run.map(|run| format!("last run        as of {}", run.run.as_of)));
    for source in &lineage.sources {
        let from = if source.source.is_empty() { "clients" } else { &source.source };
        lines.push(format!("import {:<8} {from}", source.import));
    }
    for (noun, names) in &lineage.names {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        lines.push(format!("{noun:<15} {}", names.join(", ")));
    }
    if !lineage.used_by.is_empty() {
        lines.push(format!("used by         {}", lineage.used_by.join(", ")));
    }
    lines.join("\n")
}

fn draw_values(values: &TagValues) -> String {
    let head = format!(
        "{} as of {}, {}",
        plural(values.people, "value"),
        values.as_of,
        if values.distinct == 1 {
            "all the same".to_owned()
        } else {
            format!("{} different", count(values.distinct))
        }
    );
    let body = match &values.spread {
        Some(spread) => draw_spread(spread, values.kind == TagKind::Date, values.people),
        None => draw_counts(values),
    };
    format!("{head}\n\n{body}")
}

fn draw_counts(values: &TagValues) -> String {
    let mut grid = Grid::new(["value", "people", "of those with one"], 1);
    for one in &values.counts {
        grid.row([one.value.clone(), count(one.people), share(one.people, values.people)]);
    }
    let (rest, people) = values.rest;
    let more =
        if rest > 0 { format!("\n{} more values: {}", count(rest), count(people)) } else { String::new() };
    format!("{}{more}", grid.text())
}

fn draw_spread(spread: &Spread, is_date: bool, people: u64) -> String {
    let value = |number: f64| {
        if is_date {
            Day(number.floor() as i32).to_string()
        } else {
            format!("{}", (number * 1e4).round() / 1e4)
        }
    };
    let quantile = |(percent, number): &(u32, f64)| format!("{percent} % ≤ {}", value(*number));
    let quantiles: Vec<String> = spread.quantiles.iter().map(quantile).collect();
    let mut grid = Grid::new(["from", "to", "people", "of those with one"], 0);
    for bin in &spread.bins {
        grid.row([value(bin.from), value(bin.to), count(bin.people), share(bin.people, people)]);
    }
    let (least, mean, greatest) = (value(spread.least), value(spread.mean), value(spread.greatest));
    format!("least {least}, mean {mean}, greatest {greatest}\n{}\n\n{}", quantiles.join(", "), grid.text())
}

fn draw_runs(runs: &[TagRun]) -> String {
    let mut grid = Grid::new(["as of", "people", "stated", "import", "version"], 1);
    for run in runs {
        let import = run.import.map_or("–".to_owned(), |import| import.to_string());
        let import = if run.undone { format!("{import} (undone)") } else { import };
        let (people, stated) = (count(run.run.people), count(run.run.stated));
        grid.row([run.run.as_of.to_string(), people, stated, import, run.run.version.to_string()]);
    }
    grid.text()
}
