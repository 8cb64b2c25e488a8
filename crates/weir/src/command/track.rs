//! `weir track`: people followed under a state model; their reports and alerts.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use weir_app::{
    AlertRecord, AlertState, Page, TrackComparison, TrackRecord, TrackReport, report_csv, report_html,
};
use weir_core::track::{Dates, Tracked};
use weir_core::{Code, Error, Result};
use weir_server::wire::{self, Items};

use super::{flow, paths, states};
use crate::clock::as_of;
use crate::context::Context;
use crate::number::{count, plural, share};
use crate::progress::Bar;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir apply tracks/                        makes tracks of files such as

    kind: track
    name: double_11_buyers
    track:
      snapshot: after_double_11             or audience, expression, list; without any, everybody
      model: pno
      scope: {shop: flagship}
      from: 2024-11-11
      step: weekly
      alerts: [{name: lost, state: none, share: {above: 0.25}}]
      report: [html, csv]

  weir track report double_11_buyers --to 2024-12-31 --html report.html
  weir track compare double_11_buyers partner_buyers --to 2024-12-31
  weir track refresh double_11_buyers       opens and closes alerts, writes the reports";

/// Follow people under a state model: distribution, flow, paths, alerts, reports
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the tracks
    List,
    /// Show a track
    Show {
        /// Its name
        name: String,
    },
    /// List the versions of a track, latest first
    Versions {
        /// Its name
        name: String,
    },
    /// Show a track as of a date, and write it to files if wanted
    Report(Report),
    /// Set two tracks under one model side by side
    Compare {
        /// The first
        a: String,
        /// The second
        b: String,
        /// Last local date. Default: today by this machine's clock, in the workspace's zone
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
    },
    /// Tell what the alerts of a track find as of a date; nothing is recorded
    Check {
        /// Its name
        name: String,
        /// Local date. Default: today by this machine's clock, in the workspace's zone
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
    },
    /// Look at a track now: open and close its alerts, write its reports
    Refresh {
        /// Its name
        name: String,
        /// Local date. Default: today by this machine's clock, in the workspace's zone
        #[arg(long, value_name = "DATE")]
        to: Option<String>,
    },
    /// List alerts, latest first
    Alerts {
        /// Only those of this track
        name: Option<String>,
        /// Only those that are open
        #[arg(long)]
        open: bool,
    },
    /// List the reports that a track has written, latest first
    Reports {
        /// Its name
        name: String,
    },
    /// Remove a track and its reports
    Delete {
        /// Its name
        name: String,
    },
}

#[derive(Debug, Args)]
struct Report {
    /// Its name
    name: String,
    /// Last local date. Default: today by this machine's clock, in the workspace's zone
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// How many paths to list, greatest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: u32,
    /// Write it to this file as one HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write it to this file as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::List => {
            let found = context.workspace()?.tracks(&Page::all())?;
            let answer: Items<wire::Track> = Items::page(&found);
            context.answer(&answer, || draw_list(&found.items))
        }
        Action::Show { name } => {
            let record = context.workspace()?.track(name)?;
            context.answer(&wire::Track::from(&record), || draw_list(std::slice::from_ref(&record)))
        }
        Action::Versions { name } => {
            let found = context.workspace()?.track_versions(name, &Page::all())?;
            let answer: Items<wire::Track> = Items::page(&found);
            context.answer(&answer, || draw_list(&found.items))
        }
        Action::Report(asked) => report(asked, context),
        Action::Compare { a, b, to } => compare((a, b), to.as_deref(), context),
        Action::Check { name, to } => {
            let workspace = context.workspace()?;
            let states = workspace.check_track_alerts(name, as_of(to.as_deref(), &workspace)?)?;
            let answer = Items::all(states.iter().map(wire::AlertState::from));
            context.answer(&answer, || draw_alerts(&states))
        }
        Action::Refresh { name, to } => refresh(name, to.as_deref(), context),
        Action::Alerts { name, open } => {
            let found = context.workspace()?.alerts(name.as_deref(), *open, &Page::all())?;
            let answer: Items<wire::Alert> = Items::page(&found);
            context.answer(&answer, || draw_records(&found.items))
        }
        Action::Reports { name } => reports(name, context),
        Action::Delete { name } => {
            context.workspace()?.delete_track(name)?;
            context.answer(&json!({ "removed": name }), || format!("track {name} removed"))
        }
    }
}

fn draw_list(records: &[TrackRecord]) -> String {
    if records.is_empty() {
        return "no tracks yet".to_owned();
    }
    let mut grid = Grid::new(["name", "version", "whom", "model", "scope", "from", "dates", "alerts"], 8);
    for record in records {
        let track = &record.track;
        let whom = match &track.whom {
            Tracked::Everyone => "everybody".to_owned(),
            Tracked::Audience(name) => format!("audience {name}"),
            Tracked::Expression(_) => "an expression".to_owned(),
            Tracked::Snapshot(id) => format!("snapshot {id}"),
            Tracked::List(name) => format!("list {name}"),
        };
        let dates = match &track.dates {
            Dates::Step(step) => step.name().to_owned(),
            Dates::Listed(days) => plural(days.len() as u64, "date"),
        };
        grid.row([
            record.name.clone(),
            record.version.to_string(),
            whom,
            track.model.to_string(),
            track.scope.to_string(),
            track.from.to_string(),
            dates,
            track.alerts.len().to_string(),
        ]);
    }
    grid.text()
}

fn report(asked: &Report, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let to = as_of(asked.to.as_deref(), &workspace)?;
    let report = workspace.track_report(&asked.name, to, Some(asked.top))?;
    if let Some(path) = &asked.html {
        write(path, &report_html(&report), "--html")?;
    }
    if let Some(path) = &asked.csv {
        write(path, &report_csv(&report), "--csv")?;
    }
    context.answer(&wire::TrackReport::from(&report), || draw_report(&report))
}

fn write(path: &Path, text: &str, flag: &str) -> Result<()> {
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        Error::new(Code::InvalidArgument, message).at(flag)
    };
    fs::write(path, text).map_err(failed)
}

fn draw_report(report: &TrackReport) -> String {
    let mut parts = vec![states::draw(&report.states), flow::draw(&report.flow)];
    parts.extend(report.paths.as_ref().map(paths::table));
    if !report.alerts.is_empty() {
        parts.push(draw_alerts(&report.alerts));
    }
    parts.join("\n\n")
}

fn draw_alerts(states: &[AlertState]) -> String {
    if states.is_empty() {
        return "this track has no alerts".to_owned();
    }
    let mut grid = Grid::new(["alert", "consumers", "of", "share", "band", ""], 1);
    for state in states {
        let (part, whole) = (state.found.part, state.found.whole);
        let band = format!("{} {}", state.alert.unit(), state.alert.band.to_json());
        let word = if state.is_breached { "OUTSIDE" } else { "within" };
        let numbers = [count(part), count(whole), share(part, whole), band, word.to_owned()];
        grid.row([state.alert.name.clone()].into_iter().chain(numbers));
    }
    grid.text()
}

fn draw_records(records: &[AlertRecord]) -> String {
    if records.is_empty() {
        return "no alerts".to_owned();
    }
    let mut grid = Grid::new(["track", "alert", "first", "last", "consumers", "of", "share", "state"], 4);
    for record in records {
        let state = if record.closed.is_some() { "closed" } else { "open" };
        grid.row([
            record.track.clone(),
            record.rule.clone(),
            record.first.to_string(),
            record.last.to_string(),
            count(record.part),
            count(record.whole),
            share(record.part, record.whole),
            state.to_owned(),
        ]);
    }
    grid.text()
}

fn refresh(name: &str, to: Option<&str>, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let refreshed = workspace.refresh_track(name, as_of(to, &workspace)?, &Bar::new())?;
    context.answer(&wire::TrackRefresh::from(&refreshed), || {
        let outside = refreshed.report.alerts.iter().filter(|state| state.is_breached).count() as u64;
        let written = refreshed.written.len() as u64;
        let head = format!(
            "{name} as of {}: {} open, {} written",
            refreshed.report.to,
            plural(outside, "alert"),
            plural(written, "report")
        );
        if refreshed.report.alerts.is_empty() {
            head
        } else {
            format!("{head}\n\n{}", draw_alerts(&refreshed.report.alerts))
        }
    })
}

fn reports(name: &str, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let found = workspace.reports(name, &Page::all())?;
    let answer: Items<wire::ReportFile> = Items::page(&found);
    context.answer(&answer, || {
        if found.items.is_empty() {
            return "no reports yet".to_owned();
        }
        let mut grid = Grid::new(["number", "as of", "format", "bytes", "file"], 5);
        for record in &found.items {
            let file = workspace.report_file(name, record.id).map(|(_, path)| path.display().to_string());
            let number = record.id.to_string();
            grid.row([
                number,
                record.as_of.to_string(),
                record.format.clone(),
                count(record.bytes),
                file.unwrap_or_default(),
            ]);
        }
        grid.text()
    })
}

fn compare((a, b): (&str, &str), to: Option<&str>, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    let comparison = workspace.compare_tracks(a, b, as_of(to, &workspace)?)?;
    context.answer(&wire::TrackComparison::from(&comparison), || draw_comparison(&comparison))
}

/// Shares of both, and by how many percentage points the second has more.
fn draw_comparison(comparison: &TrackComparison) -> String {
    let (a, b) = (&comparison.states_a, &comparison.states_b);
    let header = ["date", "track"].into_iter().chain(a.states.iter().map(String::as_str)).chain(["total"]);
    let mut grid = Grid::new(header, 2);
    for (at_a, at_b) in a.at.iter().zip(&b.at) {
        let sums: [u64; 2] = [&at_a.counts, &at_b.counts].map(|counts| counts.iter().sum());
        let line = |date: String, name: &str, counts: &[u64], sum: u64| {
            let shares: Vec<String> = counts.iter().map(|n| share(*n, sum)).collect();
            [date, name.to_owned()].into_iter().chain(shares).chain([count(sum)]).collect::<Vec<_>>()
        };
        grid.row(line(at_a.date.to_string(), &comparison.a, &at_a.counts, sums[0]));
        grid.row(line(String::new(), &comparison.b, &at_b.counts, sums[1]));
        let points = at_a.counts.iter().zip(&at_b.counts).map(|(a, b)| points(*a, *b, sums));
        grid.row([String::new(), "difference".to_owned()].into_iter().chain(points).chain([String::new()]));
    }
    let flows = [(&comparison.a, &comparison.flow_a), (&comparison.b, &comparison.flow_b)];
    let flows = flows.map(|(name, answer)| format!("{name}: {}", flow::draw(answer)));
    format!("{}\n\n{}", grid.text(), flows.join("\n\n"))
}

fn points(a: u64, b: u64, [all_a, all_b]: [u64; 2]) -> String {
    if all_a == 0 || all_b == 0 {
        return "–".to_owned();
    }
    format!("{:+.1} pp", b as f64 * 100.0 / all_b as f64 - a as f64 * 100.0 / all_a as f64)
}
