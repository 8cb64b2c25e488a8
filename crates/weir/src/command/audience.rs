//! `weir audience`: audiences, their versions, sizes over time, and what hangs together.

use clap::{Args, Subcommand};
use weir_app::{AudienceFilter, Page};
use weir_core::Result;
use weir_core::time::Day;
use weir_server::wire::{Audience, AudienceGraph, AudienceRun, Difference, Items, Related};

use crate::clock::{as_of, date};
use crate::context::Context;
use crate::number::{count, duration};
use crate::output;
use crate::progress::Bar;
use crate::table::Grid;

const EXAMPLES: &str = "\
Audiences are defined by files (weir apply) or over HTTP.

Examples:
  weir audience list
  weir audience list --label promo --role target
  weir audience diff loyal_tea_friends --from 1 --to 3
  weir audience refresh loyal_tea_friends --as-of 2024-10-31,2024-11-15,2024-11-30
  weir audience history loyal_tea_friends
  weir audience graph loyal_tea_friends";

/// See audiences, their versions, sizes over time and what uses them; refresh and remove them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the audiences by name, with the sizes that were recorded last
    List {
        #[command(flatten)]
        wanted: Wanted,
        #[command(flatten)]
        listed: Listed,
    },
    /// Show an audience
    Show {
        /// Its name
        name: String,
        /// As it was in this version. Default: as it is
        #[arg(long, value_name = "N")]
        version: Option<u32>,
    },
    /// Show the versions of an audience, the latest first
    Versions {
        /// Its name
        name: String,
        #[command(flatten)]
        listed: Listed,
    },
    /// Make an old version the present one, as a new version
    Restore {
        /// Its name
        name: String,
        /// The old version
        #[arg(long, value_name = "N")]
        version: u32,
    },
    /// Show what changed from one version to another
    Diff {
        /// Its name
        name: String,
        /// The earlier version
        #[arg(long, value_name = "N")]
        from: u32,
        /// The later version
        #[arg(long, value_name = "N")]
        to: u32,
    },
    /// Evaluate an audience as of some dates and record its sizes, and who came and went
    Refresh {
        /// Its name
        name: String,
        /// Local dates. Default: today by this machine's clock, in the workspace's zone
        #[arg(long, value_name = "DATE,…", value_delimiter = ',')]
        as_of: Vec<String>,
    },
    /// Show the recorded sizes of an audience, the latest date first
    History {
        /// Its name
        name: String,
        #[command(flatten)]
        listed: Listed,
    },
    /// Show what an audience uses and what uses it
    Graph {
        /// Its name
        name: String,
    },
    /// Remove an audience that nothing refers to; its snapshots stay
    Delete {
        /// Its name
        name: String,
    },
}

/// Which audiences.
#[derive(Debug, Args)]
struct Wanted {
    /// With this text in the name, the description or the owner
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// With this label
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// In this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Of this owner
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
}

impl Wanted {
    fn filter(&self) -> AudienceFilter {
        let Wanted { search, label, role, owner } = self;
        let [search, label, role, owner] = [search, label, role, owner].map(Clone::clone);
        AudienceFilter { search, label, role, owner }
    }
}

/// Part of a listing.
#[derive(Debug, Args)]
struct Listed {
    /// Most to show
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// Show those after this one
    #[arg(long, value_name = "CURSOR")]
    after: Option<String>,
}

impl Listed {
    fn page(&self) -> Page {
        Page { limit: self.limit, after: self.after.clone() }
    }
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::List { wanted, listed } => {
            show_all(&Items::page(&workspace.audiences(&wanted.filter(), &listed.page())?), context)
        }
        Action::Versions { name, listed } => {
            show_versions(&Items::page(&workspace.audience_versions(name, &listed.page())?), context)
        }
        Action::Show { name, version } => {
            let audience = match version {
                Some(version) => Audience::from(&workspace.audience_version(name, *version)?),
                None => Audience::from(&workspace.audience_record(name)?),
            };
            show(&audience, context)
        }
        Action::Restore { name, version } => {
            workspace.restore_audience(name, *version)?;
            show(&Audience::from(&workspace.audience(name)?), context)
        }
        Action::Diff { name, from, to } => {
            let found = workspace.audience_diff(name, *from, *to)?;
            let found = Items::all(found.iter().map(Difference::from));
            context.answer(&found, || draw_diff(&found))
        }
        Action::Refresh { name, as_of: dates } => {
            let dates = dates_of(dates, &workspace)?;
            let runs = workspace.refresh_audience(name, &dates, &Bar::new())?;
            show_runs(&Items::all(runs.iter().map(AudienceRun::from)), context)
        }
        Action::History { name, listed } => {
            show_runs(&Items::page(&workspace.audience_history(name, &listed.page())?), context)
        }
        Action::Graph { name } => {
            let graph = AudienceGraph::from(&workspace.audience_graph(name)?);
            context.answer(&graph, || draw_graph(&graph))
        }
        Action::Delete { name } => {
            workspace.delete_audience(name)?;
            output::note(&format!("the audience \"{name}\" is removed"));
            Ok(())
        }
    }
}

fn dates_of(texts: &[String], workspace: &weir_app::Workspace) -> Result<Vec<Day>> {
    if texts.is_empty() {
        return Ok(vec![as_of(None, workspace)?]);
    }
    texts.iter().map(|text| date(text, "--as-of")).collect()
}

fn show_all(audiences: &Items<Audience>, context: &Context) -> Result<()> {
    context.answer(audiences, || {
        let head = ["audience", "owner", "labels", "consumers", "as of", "volatility"].map(str::to_owned);
        let mut grid = Grid::aligned(&head, vec![false, false, false, true, false, true]);
        for Audience { name, about, latest, .. } in &audiences.items {
            let of_run = |text: fn(&AudienceRun) -> String| latest.as_ref().map_or_else(none, text);
            grid.row([
                name.clone(),
                about.owner.clone().unwrap_or_default(),
                about.labels.join(", "),
                of_run(|run| count(run.size)),
                of_run(|run| run.as_of.clone()),
                of_run(volatility),
            ]);
        }
        more(grid.text(), audiences.next.as_deref())
    })
}

fn none() -> String {
    "–".to_owned()
}

fn volatility(run: &AudienceRun) -> String {
    run.volatility.map_or_else(none, |share| format!("{:.1} %", share * 100.0))
}

fn show_versions(audiences: &Items<Audience>, context: &Context) -> Result<()> {
    context.answer(audiences, || {
        let mut grid = Grid::aligned(
            &["audience", "version", "expression"].map(str::to_owned),
            vec![false, true, false],
        );
        for audience in &audiences.items {
            grid.row([
                audience.name.clone(),
                audience.version.to_string(),
                audience.expression.0.to_string(),
            ]);
        }
        more(grid.text(), audiences.next.as_deref())
    })
}

fn show(audience: &Audience, context: &Context) -> Result<()> {
    context.answer(audience, || {
        let description =
            audience.about.description.as_ref().map(|text| format!("{text}\n")).unwrap_or_default();
        format!("{}, version {}\n{description}\n{:#}", audience.name, audience.version, audience.expression.0)
    })
}

fn draw_diff(found: &Items<Difference>) -> String {
    if found.items.is_empty() {
        return "no difference".to_owned();
    }
    let mut grid = Grid::new(["change", "place", "before", "after"], 4);
    for Difference { at, change, before, after } in &found.items {
        let text =
            |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        grid.row([(*change).to_owned(), at.clone(), text(before), text(after)]);
    }
    grid.text()
}

fn show_runs(runs: &Items<AudienceRun>, context: &Context) -> Result<()> {
    context.answer(runs, || {
        let mut grid =
            Grid::new(["as of", "version", "consumers", "added", "dropped", "volatility", "took"], 1);
        for run in &runs.items {
            let moved = [run.added, run.dropped].map(|n| n.map_or_else(none, count));
            let [added, dropped] = moved;
            let (version, size) = (run.version.to_string(), count(run.size));
            grid.row([
                run.as_of.clone(),
                version,
                size,
                added,
                dropped,
                volatility(run),
                duration(run.elapsed_us),
            ]);
        }
        more(grid.text(), runs.next.as_deref())
    })
}

fn draw_graph(graph: &AudienceGraph) -> String {
    let line = |related: &Related| format!("  {} {}", related.kind, related.name);
    let part = |title: &str, all: &[Related]| {
        let lines: Vec<String> = all.iter().map(line).collect();
        if lines.is_empty() { format!("{title} nothing") } else { format!("{title}\n{}", lines.join("\n")) }
    };
    format!("{}\n{}", part("uses", &graph.uses), part("used by", &graph.used_by))
}

fn more(text: String, next: Option<&str>) -> String {
    match next {
        None => text,
        Some(next) => format!("{text}\n\nmore: --after {next}"),
    }
}
