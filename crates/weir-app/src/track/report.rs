//! What a track reports: the distribution over its dates, the flow from the first to the last, the greatest paths and what
//! its alerts find; and two tracks side by side.

use std::sync::Arc;

use serde_json::{Value, json};
use weir_core::feature::Feature;
use weir_core::state_model::{DATES, StateModel};
use weir_core::time::Day;
use weir_core::track::Track;
use weir_core::{Code, Error, Result};
use weir_store::ReportRecord;

use super::alert::AlertState;
use super::{TrackRecord, whom};
use crate::app::Workspace;
use crate::flow::FlowAnswer;
use crate::path::PathsAnswer;
use crate::states::StatesAnswer;

/// What a report is made of, one after the other.
pub(super) const REPORT_STAGES: u64 = 4;

/// Dates of the paths of a report, at most.
const PATH_DATES: usize = 5;

/// A track as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackReport {
    /// The track.
    pub record: TrackRecord,
    /// Its model, for titles.
    pub model: Arc<StateModel>,
    /// The last date.
    pub to: Day,
    /// How people are distributed over its dates.
    pub states: StatesAnswer,
    /// Where they went from the first date to the last.
    pub flow: FlowAnswer,
    /// Which ways they took, over some of the dates; none where there is only one.
    pub paths: Option<PathsAnswer>,
    /// What its alerts find at the last date.
    pub alerts: Vec<AlertState>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

/// A report, and the files that were written of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackReports {
    /// The report.
    pub report: TrackReport,
    /// The files.
    pub written: Vec<ReportRecord>,
}

impl TrackReports {
    /// What the job of a refresh tells afterwards.
    pub(crate) fn told(&self) -> Value {
        let outside = self.report.alerts.iter().filter(|alert| alert.is_breached);
        let outside: Vec<&str> = outside.map(|alert| alert.alert.name.as_str()).collect();
        let written: Vec<i64> = self.written.iter().map(|report| report.id).collect();
        json!({ "to": self.report.to.to_string(), "alerts": outside, "reports": written })
    }
}

/// Two tracks over the same dates.
#[derive(Debug, Clone, PartialEq)]
pub struct TrackComparison {
    /// Name of the first.
    pub a: String,
    /// Name of the second.
    pub b: String,
    /// Distributions of the first.
    pub states_a: StatesAnswer,
    /// Distributions of the second, at the same dates.
    pub states_b: StatesAnswer,
    /// The flow of the first, from the first date to the last.
    pub flow_a: FlowAnswer,
    /// The flow of the second.
    pub flow_b: FlowAnswer,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

impl Workspace {
    /// A track as of a date, with so many paths. All of it is about the same people.
    pub fn track_report(&self, name: &str, to: Day, top: Option<u32>) -> Result<TrackReport> {
        self.count_track(name, to, top, &mut |_| Ok(()))
    }

    /// The same; before each of [`REPORT_STAGES`] its name is told, and may be answered by giving up.
    pub(super) fn count_track(
        &self,
        name: &str,
        to: Day,
        top: Option<u32>,
        stage: &mut dyn FnMut(&str) -> Result<()>,
    ) -> Result<TrackReport> {
        self.require(Feature::Tracks)?;
        let record = self.track(name)?;
        let track = &record.track;
        let dates = track.dates_until(to)?;
        stage("counting states")?;
        let question = self.question(&track.model, &track.scope, &whom(&track.whom))?;
        let states = question.states(&dates)?;
        stage("counting the flow")?;
        let flow = question.flow(track.from, to)?;
        stage("counting paths")?;
        let path_dates = spread(&dates);
        let has_paths = DATES.contains(&path_dates.len());
        let paths = has_paths.then(|| question.paths(&path_dates, top)).transpose()?;
        stage("looking at alerts")?;
        let alerts = question.alerts(track, &states)?;
        let (model, elapsed_us) = (question.model.clone(), question.elapsed_us());
        Ok(TrackReport { model, to, states, flow, paths, alerts, elapsed_us, record })
    }

    /// What the alerts of a track find as of a date; nothing is recorded.
    pub fn check_track_alerts(&self, name: &str, to: Day) -> Result<Vec<AlertState>> {
        self.require(Feature::Tracks)?;
        let track = self.track(name)?.track;
        let question = self.question(&track.model, &track.scope, &whom(&track.whom))?;
        question.alerts(&track, &question.states(&[to])?)
    }

    /// Two tracks under one model, at the dates of the first that lie in both.
    pub fn compare_tracks(&self, a: &str, b: &str, to: Day) -> Result<TrackComparison> {
        self.require(Feature::Tracks)?;
        let (first, second) = (self.track(a)?.track, self.track(b)?.track);
        let view = Arc::new(self.view()?);
        let ask =
            |track: &Track| self.question_about(view.clone(), &track.model, &track.scope, &whom(&track.whom));
        let (ours, theirs) = (ask(&first)?, ask(&second)?);
        if ours.model != theirs.model {
            let message = format!("{a} follows {} and {b} follows {}", first.model, second.model);
            return Err(Error::new(Code::InvalidArgument, message)
                .at("with")
                .help("compare tracks under the same rules"));
        }
        let (from, dates) = common_dates(&first, &second, to)?;
        Ok(TrackComparison {
            a: a.to_owned(),
            b: b.to_owned(),
            states_a: ours.states(&dates)?,
            states_b: theirs.states(&dates)?,
            flow_a: ours.flow(from, to)?,
            flow_b: theirs.flow(from, to)?,
            elapsed_us: ours.elapsed_us(),
        })
    }
}

/// The dates of one track from when another has begun too, that first of them included.
fn common_dates(first: &Track, second: &Track, to: Day) -> Result<(Day, Vec<Day>)> {
    let mut dates = first.dates_until(to)?;
    second.dates_until(to)?;
    let from = first.from.max(second.from);
    dates.retain(|date| *date > from);
    dates.insert(0, from);
    Ok((from, dates))
}

/// The first, the last, and some between them that are as far apart as can be.
fn spread(dates: &[Day]) -> Vec<Day> {
    if dates.len() <= PATH_DATES {
        return dates.to_vec();
    }
    (0..PATH_DATES).map(|i| dates[i * (dates.len() - 1) / (PATH_DATES - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_of_paths_reach_from_the_first_to_the_last() {
        let check = |n: i32, expected: &[i32]| {
            let dates: Vec<Day> = (0..n).map(Day).collect();
            assert_eq!(spread(&dates), expected.iter().map(|day| Day(*day)).collect::<Vec<_>>());
        };
        check(1, &[0]);
        check(5, &[0, 1, 2, 3, 4]);
        check(6, &[0, 1, 2, 3, 5]);
        check(61, &[0, 15, 30, 45, 60]);
    }
}
