//! Tracks, their reports and alerts.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weir_core::track::{Dates, Tracked};

use super::about::About;
use super::expression::Expression;
use super::flow::Flow;
use super::model::Model;
use super::path::Paths;
use super::states::States;
use super::time::instant;

/// People followed under a state model from a date on. Of `audience`, `expression`, `snapshot` and `list` at most one is
/// there; without any, everybody is followed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Track {
    /// Its name.
    #[schema(example = "double_11_buyers")]
    pub name: String,
    /// Its version, from 1; it grows with every change.
    pub version: u32,
    #[serde(flatten)]
    pub about: About,
    /// A named audience, evaluated at each date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// An expression, evaluated at each date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<Expression>,
    /// A frozen audience, by id or name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<String>,
    /// An uploaded list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// By which rules.
    pub model: Model,
    /// What those are limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// The first date.
    #[schema(format = Date, example = "2024-11-11")]
    pub from: String,
    /// How far its dates are apart: `daily`, `weekly` or `monthly`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "weekly")]
    pub step: Option<&'static str>,
    /// Its dates, where they are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<Vec<String>>,
    /// Numbers that should stay within a band.
    #[schema(value_type = Vec<Object>,
        example = json!([{"name": "lost", "state": "none", "share": {"above": 0.25}}]))]
    pub alerts: Vec<Value>,
    /// What is written when it is refreshed: `html`, `csv`.
    #[schema(example = json!(["html", "csv"]))]
    pub report: Vec<&'static str>,
}

impl From<&weir_app::TrackRecord> for Track {
    fn from(record: &weir_app::TrackRecord) -> Track {
        let track = &record.track;
        let mut wire = Track {
            name: record.name.clone(),
            version: record.version,
            about: (&record.about).into(),
            audience: None,
            expression: None,
            snapshot: None,
            list: None,
            model: Model(track.model.to_json()),
            scope: track.scope.to_json(),
            from: track.from.to_string(),
            step: None,
            dates: None,
            alerts: track.alerts.iter().map(weir_core::track::Alert::to_json).collect(),
            report: track.report.iter().map(|format| format.name()).collect(),
        };
        match &track.whom {
            Tracked::Everyone => {}
            Tracked::Audience(name) => wire.audience = Some(name.clone()),
            Tracked::Expression(expr) => wire.expression = Some(Expression(expr.to_json())),
            Tracked::Snapshot(id) => wire.snapshot = Some(id.clone()),
            Tracked::List(name) => wire.list = Some(name.clone()),
        }
        match &track.dates {
            Dates::Step(step) => wire.step = Some(step.name()),
            Dates::Listed(days) => wire.dates = Some(days.iter().map(ToString::to_string).collect()),
        }
        wire
    }
}

/// A track as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrackReport {
    /// The track.
    pub track: Track,
    /// The last date.
    #[schema(format = Date, example = "2024-12-31")]
    pub to: String,
    /// How people are distributed over its dates.
    pub states: States,
    /// Where they went from the first date to the last.
    pub flow: Flow,
    /// Which ways they took, over at most five of the dates; left out where there is only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Paths>,
    /// What its alerts find at the last date.
    pub alerts: Vec<AlertState>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

/// What an alert found.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertState {
    /// The alert.
    #[schema(value_type = Object, example = json!({"name": "lost", "state": "none", "share": {"above": 0.25}}))]
    pub alert: Value,
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// That as a part of one; left out where there is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Whether it is outside its band.
    pub breached: bool,
}

impl From<&weir_app::AlertState> for AlertState {
    fn from(state: &weir_app::AlertState) -> AlertState {
        AlertState {
            alert: state.alert.to_json(),
            count: state.found.part,
            of: state.found.whole,
            share: share(state.found.part, state.found.whole),
            breached: state.is_breached,
        }
    }
}

impl From<&weir_app::TrackReport> for TrackReport {
    fn from(report: &weir_app::TrackReport) -> TrackReport {
        TrackReport {
            track: (&report.record).into(),
            to: report.to.to_string(),
            states: (&report.states).into(),
            flow: (&report.flow).into(),
            paths: report.paths.as_ref().map(Paths::from),
            alerts: report.alerts.iter().map(AlertState::from).collect(),
            elapsed_us: report.elapsed_us,
        }
    }
}

/// A number of a track that left its band.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// The track.
    pub track: String,
    /// Its name within the track.
    #[schema(example = "lost")]
    pub rule: String,
    /// The alert as it was.
    #[schema(value_type = Object, example = json!({"name": "lost", "state": "none", "share": {"above": 0.25}}))]
    pub alert: Value,
    /// The date it was found outside its band.
    #[schema(format = Date)]
    pub first: String,
    /// The last such date.
    #[schema(format = Date)]
    pub last: String,
    /// How many, at the last.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// That as a part of one; left out where there is nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// When it was noticed, UTC.
    #[schema(format = DateTime)]
    pub opened: String,
    /// When it was found within again, UTC; left out while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub closed: Option<String>,
}

impl From<&weir_app::AlertRecord> for Alert {
    fn from(record: &weir_app::AlertRecord) -> Alert {
        Alert {
            id: record.id,
            track: record.track.clone(),
            rule: record.rule.clone(),
            alert: record.watched.clone(),
            first: record.first.to_string(),
            last: record.last.to_string(),
            count: record.part,
            of: record.whole,
            share: share(record.part, record.whole),
            opened: instant(record.opened),
            closed: record.closed.map(instant),
        }
    }
}

/// A report that a track has written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportFile {
    /// Its number.
    pub id: i64,
    /// The track.
    pub track: String,
    /// Its last date.
    #[schema(format = Date)]
    pub as_of: String,
    /// `html` or `csv`.
    #[schema(example = "html")]
    pub format: String,
    /// Length of the file.
    pub bytes: u64,
    /// When it was written, UTC.
    #[schema(format = DateTime)]
    pub created: String,
}

impl From<&weir_app::ReportRecord> for ReportFile {
    fn from(record: &weir_app::ReportRecord) -> ReportFile {
        ReportFile {
            id: record.id,
            track: record.track.clone(),
            as_of: record.as_of.to_string(),
            format: record.format.clone(),
            bytes: record.bytes,
            created: instant(record.created),
        }
    }
}

/// A look at a track: what it found, and what was written.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrackRefresh {
    /// The last date.
    #[schema(format = Date)]
    pub to: String,
    /// What its alerts found; those outside are open now.
    pub alerts: Vec<AlertState>,
    /// The files.
    pub reports: Vec<ReportFile>,
}

impl From<&weir_app::TrackReports> for TrackRefresh {
    fn from(reports: &weir_app::TrackReports) -> TrackRefresh {
        TrackRefresh {
            to: reports.report.to.to_string(),
            alerts: reports.report.alerts.iter().map(AlertState::from).collect(),
            reports: reports.written.iter().map(ReportFile::from).collect(),
        }
    }
}

/// Two tracks over the same dates.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TrackComparison {
    /// Name of the first.
    pub a: String,
    /// Name of the second.
    pub b: String,
    /// Distributions of the first.
    pub states_a: States,
    /// Distributions of the second.
    pub states_b: States,
    /// For each date by how many percentage points the share of each state is greater in the second.
    pub difference: Vec<ShareDifference>,
    /// The flow of the first, from the first date to the last.
    pub flow_a: Flow,
    /// The flow of the second.
    pub flow_b: Flow,
    /// `rates_a[i][j]`: which part of those in state i at the first date is in state j at the last, in the first track; null
    /// where there is nobody.
    pub rates_a: Vec<Vec<Option<f64>>>,
    /// The same in the second.
    pub rates_b: Vec<Vec<Option<f64>>>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

/// How shares differ at a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ShareDifference {
    /// The date.
    #[schema(format = Date)]
    pub date: String,
    /// Percentage points by state; null where one of the two is empty.
    #[schema(value_type = Object, example = json!({"old": 1.25, "new": -0.5, "none": -0.75}))]
    pub points: Map<String, Value>,
}

impl From<&weir_app::TrackComparison> for TrackComparison {
    fn from(comparison: &weir_app::TrackComparison) -> TrackComparison {
        let pairs = comparison.states_a.at.iter().zip(&comparison.states_b.at);
        let difference = pairs.map(|(a, b)| ShareDifference {
            date: a.date.to_string(),
            points: points(&comparison.states_a.states, &a.counts, &b.counts),
        });
        TrackComparison {
            a: comparison.a.clone(),
            b: comparison.b.clone(),
            states_a: (&comparison.states_a).into(),
            states_b: (&comparison.states_b).into(),
            difference: difference.collect(),
            flow_a: (&comparison.flow_a).into(),
            flow_b: (&comparison.flow_b).into(),
            rates_a: rates(&comparison.flow_a.flow.matrix),
            rates_b: rates(&comparison.flow_b.flow.matrix),
            elapsed_us: comparison.elapsed_us,
        }
    }
}

fn points(names: &[String], a: &[u64], b: &[u64]) -> Map<String, Value> {
    let (all_a, all_b) = (a.iter().sum(), b.iter().sum());
    let point = |(a, b): (&u64, &u64)| {
        share(*a, all_a).zip(share(*b, all_b)).map_or(Value::Null, |(a, b)| Value::from((b - a) * 100.0))
    };
    names.iter().cloned().zip(a.iter().zip(b).map(point)).collect()
}

fn rates(matrix: &[Vec<u64>]) -> Vec<Vec<Option<f64>>> {
    let row = |row: &Vec<u64>| row.iter().map(|n| share(*n, row.iter().sum())).collect();
    matrix.iter().map(row).collect()
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
