//! What is computed anew without being asked: every definition whose schedule has come.
//!
//! The run before is the last job of that definition, so a server that was away catches up once. A continuous one runs
//! again when the data is not what it was at its last run.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::Value;
use weir_core::schedule::Schedule;
use weir_core::time::Micros;
use weir_core::{Code, Result};
use weir_deliver::Stop;
use weir_store::{DefinitionKind, Page};

use crate::app::{App, Workspace};
use crate::data::Edition;
use crate::import::Silent;
use crate::job::{Job, JobSpec};

/// The kind of job that computes a definition anew.
pub(crate) const REFRESH: &str = "refresh";

/// How often to look what is due.
const ROUND: Duration = Duration::from_secs(5);

/// Kinds of definitions that can be computed anew.
const REFRESHED: [DefinitionKind; 3] = [DefinitionKind::Tag, DefinitionKind::Audience, DefinitionKind::Track];

/// The data that continuous definitions were last computed of.
type Editions = HashMap<(String, String), Edition>;

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
        let mut editions = Editions::new();
        while !stop.is_raised() {
            let now = jiff::Timestamp::now().as_microsecond();
            if let Err(error) = self.refresh_where_due(now, &mut editions, stop) {
                let (code, message) = (error.code.as_str(), error.message.as_str());
                tracing::error!(code, message, "cannot look what is due");
            }
            stop.wait(ROUND);
        }
    }

    fn refresh_where_due(&self, now: Micros, editions: &mut Editions, stop: &Stop) -> Result<()> {
        for name in self.workspaces()? {
            let workspace = self.workspace(&name)?;
            for scheduled in workspace.scheduled()? {
                if !stop.is_raised() && workspace.is_due(&scheduled, now, editions)? {
                    workspace.refresh_now(&scheduled);
                    workspace.note_own_change(&scheduled, editions)?;
                }
            }
        }
        Ok(())
    }
}

impl Workspace {
    /// Computes a definition anew; what is told becomes the job's result.
    pub(crate) fn refresh(&self, kind: DefinitionKind, name: &str, job: &Job<'_>) -> Result<Value> {
        match kind {
            DefinitionKind::Tag => self.refresh_tag(name, job),
            DefinitionKind::Track => {
                let today = self.day_of(jiff::Timestamp::now().as_microsecond())?;
                self.refresh_track(name, today).map(|refreshed| refreshed.told())
            }
            DefinitionKind::Audience => self.refresh_audience_now(name, job),
            DefinitionKind::StateModel | DefinitionKind::Destination => {
                let message = format!("the {} \"{name}\" is not computed", kind.name());
                Err(weir_core::Error::new(Code::InvalidArgument, message))
            }
        }
    }

    fn scheduled(&self) -> Result<Vec<Scheduled>> {
        let mut found = Vec::new();
        for kind in REFRESHED {
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

    fn is_due(&self, scheduled: &Scheduled, now: Micros, editions: &mut Editions) -> Result<bool> {
        let subject = scheduled.subject();
        if scheduled.schedule == Schedule::Continuous {
            let edition = self.data()?.edition();
            let before = editions.insert((self.name().to_owned(), subject), edition);
            return Ok(before != Some(edition));
        }
        let last = self.store().last_job(REFRESH, &subject)?.map_or(scheduled.since, |job| job.started);
        Ok(scheduled.schedule.is_due(&self.settings()?.zone, last.max(scheduled.since), now))
    }

    /// What a run writes itself is no reason for the next.
    fn note_own_change(&self, scheduled: &Scheduled, editions: &mut Editions) -> Result<()> {
        let generation = self.store().generation()?;
        if let Some(edition) = editions.get_mut(&(self.name().to_owned(), scheduled.subject())) {
            edition.generation = generation;
        }
        Ok(())
    }

    fn refresh_now(&self, scheduled: &Scheduled) {
        let subject = scheduled.subject();
        let spec = JobSpec { kind: REFRESH, subject: &subject, is_alone: true };
        let work =
            |workspace: &Workspace, job: &Job<'_>| workspace.refresh(scheduled.kind, &scheduled.name, job);
        if let Err(error) = self.run_job(spec, &Silent, work) {
            let (code, message) = (error.code.as_str(), error.message.as_str());
            tracing::warn!(workspace = self.name(), subject, code, message, "cannot compute it anew");
        }
    }
}

impl Scheduled {
    fn subject(&self) -> String {
        subject(self.kind, &self.name)
    }
}

/// What a job that computes a definition works on.
pub(crate) fn subject(kind: DefinitionKind, name: &str) -> String {
    format!("{} {name}", kind.name())
}
