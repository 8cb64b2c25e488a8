//! How much a workspace holds, and up to when: what every answer is an answer about.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::time::{Day, Micros};
use weir_engine::consumers::Consumers;
use weir_store::{FileKind, LiveFacts};

use crate::app::Workspace;

/// Days that say what a usual day is.
const USUAL: i64 = 30;
/// A day at the end with less than one in so many of a usual day's events is not worth looking at yet.
const UNUSUAL: u64 = 10;

/// What a workspace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Events.
    pub events: u64,
    /// People known, whatever the date.
    pub consumers: u64,
    /// Local dates of the first and last event.
    pub days: Option<(Day, Day)>,
    /// The last date with a usual number of events: a day that has just begun, or that only a clock set wrong has
    /// reached, is not what people mean by the latest.
    pub latest_day: Option<Day>,
    /// Time of the latest event.
    pub last_time: Option<Micros>,
}

impl Workspace {
    /// What the workspace holds now.
    pub fn extent(&self) -> Result<Extent> {
        self.data()?.extent()
    }
}

impl Extent {
    /// What there is, in files and beyond them, of these consumers.
    pub(crate) fn of(facts: &LiveFacts, consumers: &Consumers) -> Result<Extent> {
        let overlay = facts.overlay();
        let mut by_day = overlay.map(|overlay| (*overlay.by_day).clone()).unwrap_or_default();
        for file in facts.view().files(FileKind::Events) {
            // A file holds the events of one day.
            if let Some((day, _)) = file.days {
                *by_day.entry(day).or_default() += file.rows;
            }
        }
        let ends = [by_day.first_key_value(), by_day.last_key_value()].map(|end| end.map(|(day, _)| *day));
        let last_time = facts.view().workspace().last_time()?;
        Ok(Extent {
            events: by_day.values().sum(),
            consumers: consumers.present().count() as u64,
            days: ends[0].zip(ends[1]),
            latest_day: latest_day(&by_day),
            last_time: last_time.max(overlay.and_then(|overlay| overlay.last_time)),
        })
    }
}

/// The last day that does not fall far short of the days before it.
fn latest_day(by_day: &BTreeMap<Day, u64>) -> Option<Day> {
    let is_usual = |day: &Day, events: u64| {
        let before: u64 = by_day.range(day.plus(-USUAL)..*day).map(|(_, events)| events).sum();
        events * UNUSUAL * USUAL as u64 >= before
    };
    by_day.iter().rev().find(|(day, events)| is_usual(day, **events)).map(|(day, _)| *day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(days: &[(i32, u64)], latest: Option<i32>) {
        let by_day = days.iter().map(|(day, events)| (Day(*day), *events)).collect();
        assert_eq!(latest_day(&by_day), latest.map(Day), "{days:?}");
    }

    #[test]
    fn the_latest_day_is_a_usual_one() {
        check(&[], None);
        check(&[(1, 1)], Some(1));
        check(&[(1, 1), (2, 2), (3, 2)], Some(3));
        let usual: Vec<(i32, u64)> = (1..=40).map(|day| (day, 1_000)).collect();
        let with = |more: &[(i32, u64)]| [usual.as_slice(), more].concat();
        check(&with(&[(41, 99)]), Some(40));
        check(&with(&[(41, 101)]), Some(41));
        // Clocks set wrong: one event here and there, weeks ahead.
        check(&with(&[(43, 3), (50, 2), (61, 1)]), Some(40));
        // A merchant who has become quiet is quiet, not ahead of time.
        check(&with(&[(90, 5), (91, 6)]), Some(91));
    }
}
