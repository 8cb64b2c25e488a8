//! Jobs: work that takes long, with progress that anybody can look at and a way to end it.
//!
//! Whoever works only sets a few numbers; a second thread writes them down twice a second, and passes on that somebody wants
//! the work to end. So a job in one process can be watched and cancelled from another.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use weir_core::{Code, Error, Result};
use weir_deliver::Stop;
use weir_engine::interest::Interest;
use weir_store::{JobProgress, JobState, Page, Paged};

use crate::app::Workspace;
use crate::import::{Progress, Silent};

pub use weir_store::Job as JobRecord;

/// How often it is written down how far a job is.
const ROUND: Duration = Duration::from_millis(500);

/// A total that is not known.
const UNKNOWN: u64 = u64::MAX;

/// What a job is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobSpec<'a> {
    /// What it does, in a word.
    pub kind: &'a str,
    /// What it works on.
    pub subject: &'a str,
    /// Whether it is refused while another of its subject runs.
    pub is_alone: bool,
}

/// A job at work.
pub struct Job<'a> {
    interest: Interest,
    is_cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    stage: Mutex<String>,
    watcher: &'a dyn Progress,
}

impl Job<'_> {
    /// So much is done of so much.
    pub fn progress(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.watcher.rows(done);
    }

    fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
        self.interest.lose();
    }

    fn now(&self) -> JobProgress {
        let total = Some(self.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN);
        let stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner).clone();
        JobProgress { stage, done: self.done.load(Ordering::Relaxed), total }
    }
}

impl Progress for Job<'_> {
    fn rows(&self, read: u64) {
        self.done.store(read, Ordering::Relaxed);
        self.watcher.rows(read);
    }

    fn stage(&self, name: &str) {
        name.clone_into(&mut self.stage.lock().unwrap_or_else(PoisonError::into_inner));
        self.watcher.stage(name);
    }

    /// Fails once somebody wants it to end.
    fn check(&self) -> Result<()> {
        if self.is_cancelled.load(Ordering::Relaxed) {
            return Err(Error::new(Code::Cancelled, "the job was cancelled"));
        }
        self.watcher.check()
    }
}

impl Workspace {
    /// Works as a job and waits for it; `watcher` is told how far it is as well. `work` gets this workspace, whose questions
    /// are given up with the job.
    pub fn run_job(
        &self,
        spec: JobSpec<'_>,
        watcher: &dyn Progress,
        work: impl FnOnce(&Workspace, &Job<'_>) -> Result<Value>,
    ) -> Result<JobRecord> {
        let record = self.store().begin_job(spec.kind, spec.subject, spec.is_alone)?;
        let (record, outcome) = self.work(&record, watcher, work)?;
        outcome.map(|()| record)
    }

    /// Begins to work as a job on a thread of its own.
    pub fn start_job(
        &self,
        spec: JobSpec<'_>,
        work: impl FnOnce(&Workspace, &Job<'_>) -> Result<Value> + Send + 'static,
    ) -> Result<JobRecord> {
        let record = self.store().begin_job(spec.kind, spec.subject, spec.is_alone)?;
        let (workspace, begun) = (self.clone(), record.clone());
        let run = move || {
            // What became of it stands in its record.
            if let Err(error) = workspace.work(&begun, &Silent, work).and_then(|(_, outcome)| outcome) {
                let (code, message) = (error.code.as_str(), error.message.as_str());
                tracing::warn!(workspace = workspace.name(), job = begun.id(), code, message, "a job failed");
            }
        };
        let thread = std::thread::Builder::new().name("job".to_owned()).spawn(run);
        thread.map_err(|error| Error::io("starting a thread", &error))?;
        Ok(record)
    }

    fn work(
        &self,
        record: &JobRecord,
        watcher: &dyn Progress,
        work: impl FnOnce(&Workspace, &Job<'_>) -> Result<Value>,
    ) -> Result<(JobRecord, Result<()>)> {
        let job = Job {
            interest: Interest::default(),
            is_cancelled: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            stage: Mutex::default(),
            watcher,
        };
        let wanted = self.clone().while_wanted(job.interest.clone());
        let is_over = Stop::default();
        let outcome = std::thread::scope(|scope| {
            let _over = Over(is_over.clone());
            scope.spawn(|| self.write_down(record.number, &job, &is_over));
            work(&wanted, &job)
        });
        let (state, told) = match &outcome {
            Ok(result) => (JobState::Done, Some(result.clone())),
            Err(error) if error.code == Code::Cancelled => (JobState::Cancelled, None),
            Err(error) => (JobState::Failed, Some(told(error))),
        };
        let ended = self.store().end_job(record.number, state, &job.now(), told.as_ref())?;
        Ok((ended, outcome.map(drop)))
    }

    /// Writes down how far a job is until it is over. That this fails is no reason to end the work.
    fn write_down(&self, number: i64, job: &Job<'_>, is_over: &Stop) {
        while !is_over.is_raised() {
            is_over.wait(ROUND);
            if !is_over.is_raised() && self.store().note_job(number, &job.now()).unwrap_or(false) {
                job.cancel();
            }
        }
    }

    /// Jobs, latest first; only those in a state, if one is named.
    pub fn jobs(&self, state: Option<JobState>, page: &Page) -> Result<Paged<JobRecord>> {
        self.store().jobs(state, page)
    }

    /// A job by id.
    pub fn job(&self, id: &str) -> Result<JobRecord> {
        self.store().job(number(id)?)
    }

    /// Asks a job to end; it does so at the next place where nothing is half-done.
    pub fn cancel_job(&self, id: &str) -> Result<JobRecord> {
        self.store().cancel_job(number(id)?)
    }
}

/// Ends the second thread, also when the work panics.
struct Over(Stop);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.raise();
    }
}

fn number(id: &str) -> Result<i64> {
    let number = id.strip_prefix('j').and_then(|number| number.parse().ok());
    number.ok_or_else(|| {
        Error::new(Code::UnknownJob, format!("there is no job \"{id}\"")).help("an id looks like j7")
    })
}

fn told(error: &Error) -> Value {
    let mut told = json!({"code": error.code.as_str(), "message": error.message});
    for (key, text) in [("help", &error.help), ("at", &error.at)] {
        if let Some(text) = text {
            told[key] = json!(text);
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::App;

    fn workspace(dir: &std::path::Path) -> Workspace {
        App::open(dir).unwrap().create_workspace("shop").unwrap()
    }

    fn spec(subject: &str) -> JobSpec<'_> {
        JobSpec { kind: "count", subject, is_alone: true }
    }

    #[test]
    fn a_job_tells_how_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let done = workspace.run_job(spec("a"), &Silent, |_, job| {
            job.stage("counting");
            job.progress(2, 2);
            Ok(json!({"people": 2}))
        });
        let done = done.unwrap();
        assert_eq!((done.state, done.done, done.total), (JobState::Done, 2, Some(2)));
        assert_eq!(done.result, Some(json!({"people": 2})));
        let error = Error::new(Code::UnknownTag, "there is no tag").help("make it");
        let failed = workspace.run_job(spec("b"), &Silent, |_, _| Err(error.clone()));
        assert_eq!(failed.unwrap_err(), error);
        let record = workspace.job("j2").unwrap();
        assert_eq!(record.state, JobState::Failed);
        assert_eq!(
            record.error,
            Some(json!({"code": "unknown_tag", "message": "there is no tag", "help": "make it"}))
        );
    }

    #[test]
    fn a_job_elsewhere_can_be_cancelled() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let begun = workspace.start_job(spec("a"), |workspace, job| {
            loop {
                job.check()?;
                // Whatever it asks is given up as well.
                assert!(workspace.interest().check().is_ok() || job.check().is_err());
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let id = begun.unwrap().id();
        workspace.cancel_job(&id).unwrap();
        let ended = loop {
            let job = workspace.job(&id).unwrap();
            if job.state != JobState::Running {
                break job;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        assert_eq!((ended.state, ended.error), (JobState::Cancelled, None));
        assert_eq!(workspace.cancel_job("7").unwrap_err().code, Code::UnknownJob);
    }
}
