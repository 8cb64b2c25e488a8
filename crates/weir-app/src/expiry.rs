//! Retention: events whose day has passed expire, every day while a server runs, or when somebody asks.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};
use weir_deliver::Stop;
use weir_store::Expiry;

use crate::app::{App, Workspace};

/// How often to look whether a day has begun anywhere.
const ROUND: Duration = Duration::from_secs(30);

/// After a run that failed, mostly because an import was under way.
const PAUSE: Duration = Duration::from_secs(300);

/// For each workspace the day of its last run, and until when to wait after one that failed.
#[derive(Default)]
struct Calendar {
    done: HashMap<String, Day>,
    not_before: HashMap<String, Instant>,
}

impl Workspace {
    /// What would expire as of a day.
    pub fn expiring(&self, today: Day) -> Result<Expiry> {
        if self.store().quota()?.retention_days.is_some() {
            self.store().settle()?;
        }
        self.store().expiring(today)
    }

    /// Lets expire what is too old as of a day, and brings the index up to date. Should the process die in between, the next
    /// question does that.
    pub fn expire(&self, today: Day) -> Result<Expiry> {
        let expiry = self.store().expire(today)?;
        if !expiry.days.is_empty() {
            self.warm()?;
        }
        Ok(expiry)
    }

    /// The local date of an instant.
    pub fn day_of(&self, time: Micros) -> Result<Day> {
        let day = self.settings()?.zone.day_of(time);
        day.ok_or_else(|| Error::internal("the clock is out of range"))
    }
}

impl App {
    /// Lets events expire in every workspace, now and whenever its local day has changed, until somebody asks to stop. A
    /// setting that changes meanwhile waits for the next day, so that it can be seen what it would take.
    pub fn expire_daily(&self, stop: &Stop) {
        let mut calendar = Calendar::default();
        while !stop.is_raised() {
            let now = jiff::Timestamp::now().as_microsecond();
            if let Err(error) = self.expire_where_due(now, &mut calendar) {
                tracing::error!(
                    code = error.code.as_str(),
                    message = error.message,
                    "cannot look for old events"
                );
            }
            stop.wait(ROUND);
        }
    }

    fn expire_where_due(&self, now: Micros, calendar: &mut Calendar) -> Result<()> {
        for name in self.workspaces()? {
            let workspace = self.workspace(&name)?;
            let today = workspace.day_of(now)?;
            if calendar.is_due(&name, today) {
                let outcome = workspace.expire(today);
                tell(&name, &outcome);
                calendar.note(name, today, outcome.is_ok());
            }
        }
        Ok(())
    }
}

impl Calendar {
    fn is_due(&self, name: &str, today: Day) -> bool {
        let waits = self.not_before.get(name).is_some_and(|until| Instant::now() < *until);
        !waits && self.done.get(name) != Some(&today)
    }

    fn note(&mut self, name: String, today: Day, is_done: bool) {
        if is_done {
            self.not_before.remove(&name);
            self.done.insert(name, today);
        } else {
            self.not_before.insert(name, Instant::now() + PAUSE);
        }
    }
}

fn tell(workspace: &str, outcome: &Result<Expiry>) {
    match outcome {
        Ok(expiry) if expiry.days.is_empty() => {}
        Ok(expiry) => {
            let (days, events, bytes) = (expiry.days.len(), expiry.events(), expiry.bytes());
            tracing::info!(workspace, days, events, bytes, "old events have expired");
        }
        Err(error) => {
            let (code, message) = (error.code.as_str(), error.message.as_str());
            tracing::warn!(workspace, code, message, "old events cannot expire yet");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_done_once_and_a_failure_waits() {
        let mut calendar = Calendar::default();
        assert!(calendar.is_due("shop", Day(1)));
        calendar.note("shop".to_owned(), Day(1), false);
        assert!(!calendar.is_due("shop", Day(1)), "not at once");
        calendar.not_before.clear();
        assert!(calendar.is_due("shop", Day(1)));
        calendar.note("shop".to_owned(), Day(1), true);
        assert!(!calendar.is_due("shop", Day(1)));
        assert!(calendar.is_due("shop", Day(2)) && calendar.is_due("other", Day(1)));
    }

    #[test]
    fn every_workspace_goes_by_its_own_day() {
        let dir = tempfile::tempdir().unwrap();
        let app = App::open(dir.path()).unwrap();
        for (name, zone) in [("auckland", "Pacific/Auckland"), ("honolulu", "Pacific/Honolulu")] {
            let workspace = app.create_workspace(name).unwrap();
            workspace.set("timezone", zone).unwrap();
            workspace.set("retention_days", "30").unwrap();
        }
        let mut calendar = Calendar::default();
        let noon: Micros = 1_731_412_800_000_000;
        app.expire_where_due(noon, &mut calendar).unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        let days = [("auckland".to_owned(), day("2024-11-13")), ("honolulu".to_owned(), day("2024-11-12"))];
        assert_eq!(calendar.done, HashMap::from(days));
    }
}
