//! Tracks: people followed under a state model; what they report, and the alerts that watch them.

mod alert;
mod csv;
mod html;
mod report;

use serde_json::{Value, json};
use weir_core::about::About;
use weir_core::error::suggestion;
use weir_core::expr::{Expr, check};
use weir_core::feature::Feature;
use weir_core::state_model::{ENTERED, LEFT, NONE, StateModel};
use weir_core::time::Day;
use weir_core::track::{ReportFormat, Track, Tracked, Watched};
use weir_core::vocabulary::Vocabulary;
use weir_core::{Code, Error, Result};
use weir_store::{AlertRecord, DefinitionKind, Page, Paged};

use crate::app::Workspace;
use crate::definition::file::Document;
use crate::definition::{Applied, nothing_applied};
use crate::import::Progress;
use crate::job::{Job, JobRecord};
use crate::schedule::{asked, subject};
use crate::whom::Whom;
use report::REPORT_STAGES;

pub use alert::AlertState;
pub use csv::report_csv;
pub use html::report_html;
pub use report::{TrackComparison, TrackReport, TrackReports};
pub use weir_store::ReportRecord;

/// A track as it is now, or was in a version.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackRecord {
    /// Its name.
    pub name: String,
    /// From 1; it grows with every change.
    pub version: u32,
    /// What is said about it.
    pub about: About,
    /// Who is followed, and how.
    pub track: Track,
}

impl Workspace {
    /// Tracks by name.
    pub fn tracks(&self, page: &Page) -> Result<Paged<TrackRecord>> {
        records(self.store().definitions(DefinitionKind::Track, page)?)
    }

    /// A track.
    pub fn track(&self, name: &str) -> Result<TrackRecord> {
        record(self.store().definition(DefinitionKind::Track, name)?)
    }

    /// Versions of a track, latest first.
    pub fn track_versions(&self, name: &str, page: &Page) -> Result<Paged<TrackRecord>> {
        records(self.store().definition_versions(DefinitionKind::Track, name, page)?)
    }

    /// Defines a track, or a new version of it.
    pub fn put_track(&self, name: &str, definition: &Value, about: About) -> Result<Applied> {
        let track = Track::from_json(definition)?;
        let document = Document::track(name, track, about);
        // A track sent by itself has no file around it: its fields stand at the top.
        let applied = self.put(vec![document]).map_err(|error| match error.at.as_deref() {
            Some(at) if at.starts_with("/track/") => {
                let at = at["/track".len()..].to_owned();
                error.at(at)
            }
            _ => error,
        });
        applied?.pop().ok_or_else(nothing_applied)
    }

    /// Removes a track with its reports; its alerts stay in the books, closed.
    pub fn delete_track(&self, name: &str) -> Result<()> {
        self.store().remove_track(name)
    }

    /// Alerts of a track or of all, latest first.
    pub fn alerts(&self, track: Option<&str>, only_open: bool, page: &Page) -> Result<Paged<AlertRecord>> {
        self.store().alerts(track, only_open, page)
    }

    /// Reports that a track has written, latest first.
    pub fn reports(&self, track: &str, page: &Page) -> Result<Paged<ReportRecord>> {
        self.track(track)?;
        self.store().reports(track, page)
    }

    /// A report that a track has written, and where its file is.
    pub fn report_file(&self, track: &str, id: i64) -> Result<(ReportRecord, std::path::PathBuf)> {
        self.track(track)?;
        self.store().report(track, id)
    }

    /// Looks at a track as of a date, as a job that is waited for: alerts are opened and closed, reports written. A schedule
    /// does the same.
    pub fn refresh_track(&self, name: &str, to: Day, watcher: &dyn Progress) -> Result<TrackReports> {
        let (subject, mut refreshed) = (subject(DefinitionKind::Track, name), None);
        self.run_job(asked(&subject), watcher, |workspace, job| {
            Ok(refreshed.insert(workspace.look_at_track(name, to, job)?).told())
        })?;
        refreshed.ok_or_else(|| Error::internal("a track was looked at but nothing is told"))
    }

    /// Begins to look at a track as of a date, as a job.
    pub fn start_track(&self, name: &str, to: Day) -> Result<JobRecord> {
        self.require(Feature::Tracks)?;
        self.track(name)?.track.dates_until(to)?;
        let (subject, name) = (subject(DefinitionKind::Track, name), name.to_owned());
        self.start_job(asked(&subject), move |workspace, job| {
            Ok(workspace.look_at_track(&name, to, job)?.told())
        })
    }

    /// Looks at a track for its schedule. One that has not begun yet has nothing to be looked at.
    pub(crate) fn refresh_track_now(&self, name: &str, day: Day, job: &Job<'_>) -> Result<Value> {
        let from = self.track(name)?.track.from;
        if day < from {
            return Ok(json!({ "to": day.to_string(), "begins": from.to_string() }));
        }
        Ok(self.look_at_track(name, day, job)?.told())
    }

    fn look_at_track(&self, name: &str, to: Day, job: &Job<'_>) -> Result<TrackReports> {
        let mut done = 0;
        let report = self.count_track(name, to, None, &mut |stage| {
            job.check()?;
            job.stage(stage);
            job.progress(done, REPORT_STAGES + 1);
            done += 1;
            Ok(())
        })?;
        job.check()?;
        job.stage("writing");
        job.progress(REPORT_STAGES, REPORT_STAGES + 1);
        let findings: Vec<_> = report.alerts.iter().map(AlertState::to_finding).collect();
        let formats = report.record.track.report.iter();
        let texts: Vec<_> = formats.map(|format| (format.name(), text(&report, *format))).collect();
        let written = self.store().note_track(name, to, &findings, &texts)?;
        job.progress(REPORT_STAGES + 1, REPORT_STAGES + 1);
        Ok(TrackReports { report, written })
    }
}

fn text(report: &TrackReport, format: ReportFormat) -> String {
    match format {
        ReportFormat::Html => report_html(report),
        ReportFormat::Csv => report_csv(report),
    }
}

/// Whom a track follows, as a question takes it.
pub(crate) fn whom(tracked: &Tracked) -> Whom {
    match tracked {
        Tracked::Everyone => Whom::Universe,
        Tracked::Audience(name) => Whom::Audience(name.clone()),
        Tracked::Expression(expr) => Whom::Expression(expr.clone()),
        Tracked::Snapshot(id) => Whom::Snapshot(id.clone()),
        Tracked::List(name) => Whom::Expression(Expr::List(name.clone())),
    }
}

fn record(stored: weir_store::Definition) -> Result<TrackRecord> {
    let track = Track::from_json(&stored.body)?;
    let weir_store::Definition { name, version, about, .. } = stored;
    Ok(TrackRecord { name, version, about, track })
}

fn records(stored: Paged<weir_store::Definition>) -> Result<Paged<TrackRecord>> {
    let items = stored.items.into_iter().map(record).collect::<Result<_>>()?;
    Ok(Paged { items, next: stored.next })
}

/// Checks every name in a track.
pub(crate) fn check_track(track: &Track, names: &dyn Vocabulary) -> Result<()> {
    let [whom, model] = &track.names()[..] else { return Err(Error::internal("a track names two things")) };
    let field = match &track.whom {
        Tracked::Everyone | Tracked::Expression(_) => "/expression",
        // The expression made of these holds the field itself.
        Tracked::Audience(_) | Tracked::Snapshot(_) | Tracked::List(_) => "",
    };
    check(whom, names).map_err(|error| error.under(field))?;
    check(model, names).map_err(|error| match error.at.as_deref() {
        Some(at) => {
            let at = at.strip_prefix("/state").unwrap_or(at).to_owned();
            error.at(at)
        }
        None => error,
    })?;
    let rules = track.model.rules(names);
    let rules = rules.ok_or_else(|| Error::internal("a checked state model is not there"))?;
    let moves = !matches!(track.whom, Tracked::Everyone | Tracked::Snapshot(_));
    for (i, alert) in track.alerts.iter().enumerate() {
        check_watched(&alert.watched, &rules, moves).map_err(|error| error.under(&format!("/alerts/{i}")))?;
    }
    Ok(())
}

/// Alerts look at states there are; a flow of a moving audience also at who entered and who left.
fn check_watched(watched: &Watched, rules: &StateModel, moves: bool) -> Result<()> {
    let known = |name: &str, outside: Option<&str>, at: &str| {
        let mut states: Vec<&str> = rules.names().into_iter().chain([NONE]).collect();
        states.extend(outside.filter(|_| moves));
        if states.contains(&name) {
            return Ok(());
        }
        let help = suggestion(name, states.iter().copied());
        let error = Error::new(Code::UnknownState, format!("the model has no state \"{name}\"")).at(at);
        Err(error.help(help.unwrap_or_else(|| format!("its states are {}", states.join(", ")))))
    };
    match watched {
        Watched::State(name) => known(name, None, "/state"),
        Watched::Flow { from, to, .. } => {
            known(from, Some(ENTERED), "/flow/from")?;
            known(to, Some(LEFT), "/flow/to")
        }
    }
}
