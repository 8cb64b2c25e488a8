//! What is computed anew without being asked: every definition whose schedule has come.
//!
//! The run before is the last job of that definition, so a server that was away catches up once. A continuous one runs
//! again when a day has begun, and when what it looks at has changed: not by the flush of what it has seen already, and not by
//! a computed tag that it does not use. So nothing is woken by what it states itself, and since no definition uses itself, not
//! even through others, continuous ones that wake each other come to rest.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use serde_json::Value;
use weir_core::feature::Feature;
use weir_core::schedule::{Schedule, whole_day};
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};
use weir_deliver::Stop;
use weir_store::{DefinitionKind, ImportKind, Page, Stamp};

use crate::app::{App, Workspace};
use crate::audience::{Related, reachable};
use crate::import::Silent;
use crate::job::{Job, JobSpec};

/// The kind of job that computes a definition because of its schedule.
pub(crate) const REFRESH: &str = "refresh";

/// The kind of job that computes a definition because somebody asked for it: the next run of its schedule comes all the same.
const COMPUTE: &str = "compute";

/// How often to look what is due.
const ROUND: Duration = Duration::from_secs(5);

/// Kinds of definitions that can be computed anew, and the features that they are. Tags come first, since the others may use
/// them.
const REFRESHED: [(DefinitionKind, Option<Feature>); 3] = [
    (DefinitionKind::Tag, Some(Feature::ComputedTags)),
    (DefinitionKind::Audience, None),
    (DefinitionKind::Track, Some(Feature::Tracks)),
];

/// For each workspace and subject its last run in this process.
type Memory = HashMap<(String, String), Run>;

/// When something was computed, and of what.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: Micros,
    /// Which version: when it was made.
    since: Micros,
    /// Of a continuous one.
    seen: Option<Seen>,
}

/// What a run looked at, or something earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    today: Day,
    /// How far the ingest log was read.
    position: u64,
    stamp: Stamp,
}

/// A definition that can be computed anew.
struct Scheduled {
    kind: DefinitionKind,
    name: String,
    schedule: Schedule,
    /// When this version was made.
    since: Micros,
}

impl App {
    /// Computes whatever is due, until somebody asks to stop.
    pub fn keep_schedules(&self, stop: &Stop) {
        let mut memory = Memory::new();
        while !stop.is_raised() {
            let now = jiff::Timestamp::now().as_microsecond();
            if let Err(error) = self.refresh_where_due(now, &mut memory, stop) {
                let (code, message) = (error.code.as_str(), error.message.as_str());
                tracing::error!(code, message, "cannot look what is due");
            }
            stop.wait(ROUND);
        }
    }

    fn refresh_where_due(&self, now: Micros, memory: &mut Memory, stop: &Stop) -> Result<()> {
        for name in self.workspaces()? {
            let workspace = self.workspace(&name)?;
            for scheduled in workspace.scheduled()? {
                if stop.is_raised() {
                    return Ok(());
                }
                // What is wrong with one keeps no other from its run.
                if let Err(error) = workspace.refresh_if_due(&scheduled, now, memory) {
                    let (code, message, subject) = (error.code.as_str(), error.message, scheduled.subject());
                    tracing::warn!(workspace = name, subject, code, message, "cannot compute it anew");
                }
            }
        }
        Ok(())
    }
}

impl Workspace {
    fn scheduled(&self) -> Result<Vec<Scheduled>> {
        let mut found = Vec::new();
        if !self.is_on(Feature::Schedules)? {
            return Ok(found);
        }
        for (kind, feature) in REFRESHED {
            if !feature.map_or(Ok(true), |feature| self.is_on(feature))? {
                continue;
            }
            for definition in self.store().definitions(kind, &Page::all())?.items {
                found.extend(definition.about.refresh.map(|schedule| Scheduled {
                    kind,
                    name: definition.name,
                    schedule,
                    since: definition.updated,
                }));
            }
        }
        Ok(found)
    }

    fn refresh_if_due(&self, scheduled: &Scheduled, now: Micros, memory: &mut Memory) -> Result<()> {
        let key = (self.name().to_owned(), scheduled.subject());
        let last = memory.get(&key).copied();
        let seen = match scheduled.schedule {
            Schedule::Continuous => Some(self.present(now)?),
            _ => None,
        };
        let is_due = match seen {
            Some(seen) => self.has_changed(scheduled, last, seen)?,
            None => self.is_due(scheduled, now, last)?,
        };
        // What was looked through and does not matter need not be looked through again.
        let at = if is_due { now } else { last.map_or(now, |last| last.at) };
        if is_due || seen.is_some() {
            memory.insert(key.clone(), Run { at, since: scheduled.since, seen });
        }
        let outcome = if is_due { self.refresh_now(scheduled, now) } else { Ok(()) };
        if outcome.as_ref().is_err_and(|error| error.code == Code::InUse) {
            // Somebody else is at it, perhaps of earlier data or for another date.
            match last {
                Some(last) => memory.insert(key, last),
                None => memory.remove(&key),
            };
            return Ok(());
        }
        outcome
    }

    fn is_due(&self, scheduled: &Scheduled, now: Micros, last: Option<Run>) -> Result<bool> {
        let job = self.store().last_job(REFRESH, &scheduled.subject())?.map(|job| job.started);
        let times = [job, last.map(|run| run.at), Some(scheduled.since)];
        let last = times.into_iter().flatten().max().unwrap_or(scheduled.since);
        Ok(scheduled.schedule.is_due(&self.settings()?.zone, last, now))
    }

    /// What there is to be seen now.
    fn present(&self, now: Micros) -> Result<Seen> {
        // The stamp first: whatever comes in from here on is a reason for the next run.
        let stamp = self.store().stamp()?;
        Ok(Seen { today: self.day_of(now)?, position: self.data()?.position(), stamp })
    }

    /// Whether a continuous definition would be computed of anything else than last time. Another version is another question.
    fn has_changed(&self, scheduled: &Scheduled, last: Option<Run>, now: Seen) -> Result<bool> {
        let last = last.filter(|run| run.since == scheduled.since).and_then(|run| run.seen);
        let Some(before) = last else { return Ok(true) };
        let is_same = (before.today, before.position) == (now.today, now.position);
        Ok(!is_same || (before.stamp != now.stamp && self.is_touched(scheduled, before.stamp)?))
    }

    /// Whether anything has changed that a definition looks at.
    fn is_touched(&self, scheduled: &Scheduled, since: Stamp) -> Result<bool> {
        let Some(imports) = self.store().imports_since(since)? else { return Ok(true) };
        let mut stated = BTreeSet::new();
        for (kind, source) in imports {
            match source.strip_prefix(weir_store::tag::COMPUTED) {
                _ if kind == ImportKind::Stream => {}
                Some(tag) => _ = stated.insert(Related::new("tag", tag)),
                None => return Ok(true),
            }
        }
        Ok(!stated.is_empty() && !self.used_by(scheduled)?.is_disjoint(&stated))
    }

    /// What a definition uses, directly or through others.
    fn used_by(&self, scheduled: &Scheduled) -> Result<BTreeSet<Related>> {
        let edges = self.all_edges()?;
        Ok(reachable(&Related::new(scheduled.kind.name(), &scheduled.name), |from| {
            edges.iter().filter(|(user, _)| user == from).map(|(_, used)| used.clone()).collect()
        }))
    }

    fn refresh_now(&self, scheduled: &Scheduled, now: Micros) -> Result<()> {
        let subject = scheduled.subject();
        let day = scheduled.day(self, now)?;
        let spec = JobSpec { kind: REFRESH, subject: &subject, is_alone: true };
        let work = |workspace: &Workspace, job: &Job<'_>| workspace.refresh(scheduled, day, job);
        self.run_job(spec, &Silent, work).map(drop)
    }

    /// Computes a definition anew; what is told becomes the job's result.
    fn refresh(&self, scheduled: &Scheduled, day: Day, job: &Job<'_>) -> Result<Value> {
        let name = &scheduled.name;
        match scheduled.kind {
            DefinitionKind::Tag => self.refresh_tag(name, day, job),
            DefinitionKind::Track => self.refresh_track_now(name, day, job),
            DefinitionKind::Audience => self.refresh_audience_now(name, day, job),
            DefinitionKind::StateModel | DefinitionKind::Destination => {
                let message = format!("the {} \"{name}\" is not computed", scheduled.kind.name());
                Err(Error::new(Code::InvalidArgument, message))
            }
        }
    }
}

impl Scheduled {
    fn subject(&self) -> String {
        subject(self.kind, &self.name)
    }

    /// The date it is computed as of: the last whole one, but today where it follows the hours or the data.
    fn day(&self, workspace: &Workspace, now: Micros) -> Result<Day> {
        match self.schedule {
            Schedule::Continuous | Schedule::Hourly => workspace.day_of(now),
            Schedule::At(..) => whole_day(&workspace.settings()?.zone, now)
                .ok_or_else(|| Error::internal("the clock is out of range")),
        }
    }
}

/// What a job that computes a definition works on.
pub(crate) fn subject(kind: DefinitionKind, name: &str) -> String {
    format!("{} {name}", kind.name())
}

/// A job that somebody asked for. A definition is computed by one job at a time, whoever wanted it.
pub(crate) fn asked(subject: &str) -> JobSpec<'_> {
    JobSpec { kind: COMPUTE, subject, is_alone: true }
}

#[cfg(test)]
mod tests;
