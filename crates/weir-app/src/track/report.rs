//! What a track reports: the distribution over its dates, the flow from the first to the last, the greatest paths and what
//! its alerts find; and two tracks side by side.

use std::sync::Arc;
use std::time::Instant;

use weir_core::state_model::{DATES, StateModel};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_store::ReportRecord;

use super::alert::AlertState;
use super::{TrackRecord, whom};
use crate::app::Workspace;
use crate::flow::FlowAnswer;
use crate::lens::find_model;
use crate::path::PathsAnswer;
use crate::states::StatesAnswer;

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
    /// A track as of a date, with so many paths.
    pub fn track_report(&self, name: &str, to: Day, top: Option<u32>) -> Result<TrackReport> {
        let started = Instant::now();
        let record = self.track(name)?;
        let track = &record.track;
        let dates = track.dates_until(to)?;
        let whom = whom(&track.whom);
        let states = self.states(&track.model, &track.scope, &dates, &whom)?;
        let flow = self.flow(&track.model, &track.scope, track.from, to, &whom)?;
        let path_dates = spread(&dates);
        let paths = match DATES.contains(&path_dates.len()) {
            true => Some(self.paths(&track.model, &track.scope, &path_dates, &whom, top)?),
            false => None,
        };
        let alerts = self.alert_states(track, &states)?;
        let model = find_model(&self.view()?, &track.model)?;
        let elapsed_us = started.elapsed().as_micros() as u64;
        Ok(TrackReport { model, to, states, flow, paths, alerts, elapsed_us, record })
    }

    /// What the alerts of a track find as of a date; nothing is recorded.
    pub fn check_track_alerts(&self, name: &str, to: Day) -> Result<Vec<AlertState>> {
        let track = self.track(name)?.track;
        let states = self.states(&track.model, &track.scope, &[to], &whom(&track.whom))?;
        self.alert_states(&track, &states)
    }

    /// Two tracks under one model, at the dates of the first that lie in both.
    pub fn compare_tracks(&self, a: &str, b: &str, to: Day) -> Result<TrackComparison> {
        let started = Instant::now();
        let (first, second) = (self.track(a)?.track, self.track(b)?.track);
        let view = self.view()?;
        if find_model(&view, &first.model)? != find_model(&view, &second.model)? {
            let message = format!("{a} follows {} and {b} follows {}", first.model, second.model);
            return Err(Error::new(Code::InvalidArgument, message)
                .at("b")
                .help("compare tracks under the same rules"));
        }
        second.dates_until(to)?;
        let from = first.from.max(second.from);
        let mut dates = first.dates_until(to)?;
        dates.retain(|date| *date >= from);
        if dates.first() != Some(&from) {
            dates.insert(0, from);
        }
        let states = |track: &weir_core::track::Track| {
            self.states(&track.model, &track.scope, &dates, &whom(&track.whom))
        };
        let flow = |track: &weir_core::track::Track| {
            self.flow(&track.model, &track.scope, from, to, &whom(&track.whom))
        };
        Ok(TrackComparison {
            a: a.to_owned(),
            b: b.to_owned(),
            states_a: states(&first)?,
            states_b: states(&second)?,
            flow_a: flow(&first)?,
            flow_b: flow(&second)?,
            elapsed_us: started.elapsed().as_micros() as u64,
        })
    }
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
