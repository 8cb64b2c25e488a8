//! Alerts of a track as of a date.

use weir_core::Result;
use weir_core::time::Day;
use weir_core::track::{Alert, Measured, Track, Watched};
use weir_store::AlertFinding;

use crate::lens::Question;
use crate::states::StatesAnswer;

/// What an alert found.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertState {
    /// The alert.
    pub alert: Alert,
    /// What it measured.
    pub found: Measured,
    /// Whether that is outside its band.
    pub is_breached: bool,
}

impl AlertState {
    pub(crate) fn to_finding(&self) -> AlertFinding {
        AlertFinding {
            rule: self.alert.name.clone(),
            watched: self.alert.to_json(),
            part: self.found.part,
            whole: self.found.whole,
            is_breached: self.is_breached,
        }
    }
}

impl Question {
    /// What the alerts of a track find as of the last date of its distribution.
    pub(super) fn alerts(&self, track: &Track, states: &StatesAnswer) -> Result<Vec<AlertState>> {
        let mut found = Vec::new();
        for alert in &track.alerts {
            let measured = match &alert.watched {
                Watched::State(name) => in_state(states, name),
                Watched::Flow { from, to, days } => {
                    let last = states.at.last().map_or(track.from, |at| at.date);
                    self.flow_rate(last, *days, from, to)?
                }
            };
            let is_breached = alert.is_breached(measured);
            found.push(AlertState { alert: alert.clone(), found: measured, is_breached });
        }
        Ok(found)
    }

    fn flow_rate(&self, last: Day, days: u32, from: &str, to: &str) -> Result<Measured> {
        let flow = self.flow(last.plus(-i64::from(days)), last)?.flow;
        let place = |name: &str| flow.states.iter().position(|state| state == name);
        let (Some(row), Some(column)) = (place(from), place(to)) else {
            return Ok(Measured { part: 0, whole: 0 });
        };
        Ok(Measured { part: flow.matrix[row][column], whole: flow.matrix[row].iter().sum() })
    }
}

fn in_state(states: &StatesAnswer, name: &str) -> Measured {
    let Some(last) = states.at.last() else { return Measured { part: 0, whole: 0 } };
    let place = states.states.iter().position(|state| state == name);
    let part = place.map_or(0, |place| last.counts[place]);
    Measured { part, whole: last.counts.iter().sum() }
}
