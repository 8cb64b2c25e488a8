//! Jobs: what is known of work that takes long, while it goes on and after.
//!
//! Whoever works says every now and then that it is there. A job whose process has been silent for [`SILENCE`] is over: it
//! was interrupted. A wish to cancel is written here too, so that it reaches any process.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::clock;
use crate::fault::Fault;
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// After so long without a word a job's process is taken to be gone.
const SILENCE: Micros = 30_000_000;

/// Ended jobs of a workspace that are kept.
const KEPT: i64 = 5_000;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// At work.
    Running,
    /// It did what it was to do.
    Done,
    /// It could not.
    Failed,
    /// Somebody wanted it to end, and it did; nothing is left half-done.
    Cancelled,
    /// Its process ended before it did.
    Interrupted,
}

/// A job, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its number within the workspace.
    pub number: i64,
    /// What it does: `import`, `refresh`.
    pub kind: String,
    /// What it works on, such as the name of an audience.
    pub subject: String,
    /// Where it is.
    pub state: JobState,
    /// What it is doing.
    pub stage: String,
    /// How much is done.
    pub done: u64,
    /// Of how much, if that is known.
    pub total: Option<u64>,
    /// When it began.
    pub started: Micros,
    /// When it ended.
    pub ended: Option<Micros>,
    /// What it answered.
    pub result: Option<Value>,
    /// What kept it from that: code, message, and so on.
    pub error: Option<Value>,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobProgress {
    /// What it is doing.
    pub stage: String,
    /// How much is done.
    pub done: u64,
    /// Of how much, if that is known.
    pub total: Option<u64>,
}

impl JobState {
    /// Every state with its name.
    pub const ALL: [(&'static str, JobState); 5] = [
        ("running", JobState::Running),
        ("done", JobState::Done),
        ("failed", JobState::Failed),
        ("cancelled", JobState::Cancelled),
        ("interrupted", JobState::Interrupted),
    ];

    /// The state's name.
    pub fn name(self) -> &'static str {
        JobState::ALL.iter().find(|(_, state)| *state == self).map_or("running", |(name, _)| name)
    }

    /// The state of a name.
    pub fn named(name: &str) -> Option<JobState> {
        JobState::ALL.iter().find(|(n, _)| *n == name).map(|(_, state)| *state)
    }
}

impl Job {
    /// Its id, such as `j7`; never used again.
    pub fn id(&self) -> String {
        format!("j{}", self.number)
    }
}

const COLUMNS: &str = "number, kind, subject, state, stage, done, total, started, ended, result, error";

impl Workspace {
    /// Notes that a job begins. One that is alone is refused while another of its subject runs.
    pub fn begin_job(&self, kind: &str, subject: &str, is_alone: bool) -> Result<Job> {
        let now = clock::now();
        self.database().write(|db| {
            settle(db, self.id(), now)?;
            let other = if is_alone { running(db, self.id(), subject)? } else { None };
            if let Some(other) = other {
                return Err(under_way(&other));
            }
            let take = "UPDATE workspace SET next_job = next_job + 1 WHERE id = ? RETURNING next_job - 1";
            let number: i64 = db.query_row(take, [self.id()], |row| row.get(0)).fault()?;
            let sql = "INSERT INTO job (workspace, number, kind, subject, state, stage, done, started, seen)
                       VALUES (?, ?, ?, ?, 'running', '', 0, ?, ?)";
            db.execute(sql, params![self.id(), number, kind, subject, now, now]).fault()?;
            let old = "DELETE FROM job WHERE workspace = ? AND number <= ? AND state <> 'running'";
            db.execute(old, params![self.id(), number - KEPT]).fault()?;
            find(db, self.id(), number)
        })
    }

    /// Notes how far a job is. Answers whether somebody wants it to end.
    pub fn note_job(&self, number: i64, progress: &JobProgress) -> Result<bool> {
        let JobProgress { stage, done, total } = progress;
        self.database().write(|db| {
            let sql =
                "UPDATE job SET stage = ?, done = ?, total = ?, seen = ? WHERE workspace = ? AND number = ?";
            db.execute(
                sql,
                params![stage, *done as i64, total.map(|n| n as i64), clock::now(), self.id(), number],
            )
            .fault()?;
            let sql = "SELECT cancel FROM job WHERE workspace = ? AND number = ?";
            db.query_row(sql, params![self.id(), number], |row| row.get(0)).fault()
        })
    }

    /// Notes how a job ended: with an answer, or with an error.
    pub fn end_job(
        &self,
        number: i64,
        state: JobState,
        progress: &JobProgress,
        told: Option<&Value>,
    ) -> Result<Job> {
        let column = if state == JobState::Done { "result" } else { "error" };
        let JobProgress { stage, done, total } = progress;
        self.database().write(|db| {
            let sql = format!(
                "UPDATE job SET state = ?, {column} = ?, stage = ?, done = ?, total = ?, ended = ?
                 WHERE workspace = ? AND number = ?"
            );
            let (told, total) = (told.map(Value::to_string), total.map(|n| n as i64));
            let values =
                params![state.name(), told, stage, *done as i64, total, clock::now(), self.id(), number];
            db.execute(&sql, values).fault()?;
            find(db, self.id(), number)
        })
    }

    /// Asks a job to end. One that has ended stays as it is.
    pub fn cancel_job(&self, number: i64) -> Result<Job> {
        self.database().write(|db| {
            settle(db, self.id(), clock::now())?;
            let sql = "UPDATE job SET cancel = 1 WHERE workspace = ? AND number = ? AND state = 'running'";
            db.execute(sql, params![self.id(), number]).fault()?;
            find(db, self.id(), number)
        })
    }

    /// A job.
    pub fn job(&self, number: i64) -> Result<Job> {
        self.database().write(|db| {
            settle(db, self.id(), clock::now())?;
            find(db, self.id(), number)
        })
    }

    /// Jobs, latest first; only those in a state, if one is named.
    pub fn jobs(&self, state: Option<JobState>, page: &Page) -> Result<Paged<Job>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        self.database().write(|db| {
            settle(db, self.id(), clock::now())?;
            let sql = format!(
                "SELECT {COLUMNS} FROM job WHERE workspace = ?1 AND number < ?2 AND (?3 IS NULL OR state = ?3)
                 ORDER BY number DESC LIMIT ?4"
            );
            let mut query = db.prepare(&sql).fault()?;
            let mut rows =
                query.query(params![self.id(), before, state.map(JobState::name), page.fetch()]).fault()?;
            let mut jobs = Vec::new();
            while let Some(row) = rows.next().fault()? {
                jobs.push(job(row)?);
            }
            Ok(Paged::of(jobs, page, |job| job.number.to_string()))
        })
    }

    /// When the last job of a kind and subject began, whatever became of it.
    pub fn last_job(&self, kind: &str, subject: &str) -> Result<Option<Job>> {
        self.database().read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM job WHERE workspace = ? AND kind = ? AND subject = ?
                 ORDER BY number DESC LIMIT 1"
            );
            let mut query = db.prepare(&sql).fault()?;
            let mut rows = query.query(params![self.id(), kind, subject]).fault()?;
            rows.next().fault()?.map(job).transpose()
        })
    }
}

/// Whoever was silent for too long is gone.
fn settle(db: &Connection, workspace: i64, now: Micros) -> Result<()> {
    let sql = "UPDATE job SET state = 'interrupted', ended = seen
               WHERE workspace = ? AND state = 'running' AND seen < ?";
    db.execute(sql, params![workspace, now - SILENCE]).fault()?;
    Ok(())
}

fn running(db: &Connection, workspace: i64, subject: &str) -> Result<Option<Job>> {
    let sql = "SELECT number FROM job WHERE workspace = ? AND subject = ? AND state = 'running'";
    let number = db.query_row(sql, params![workspace, subject], |row| row.get(0)).optional().fault()?;
    number.map(|number| find(db, workspace, number)).transpose()
}

fn under_way(job: &Job) -> Error {
    let message = format!("{} of \"{}\" is under way already, as job {}", job.kind, job.subject, job.id());
    Error::new(Code::InUse, message)
        .help(format!("wait until it is done, or cancel it: weir jobs cancel {}", job.id()))
}

fn find(db: &Connection, workspace: i64, number: i64) -> Result<Job> {
    let sql = format!("SELECT {COLUMNS} FROM job WHERE workspace = ? AND number = ?");
    let mut query = db.prepare(&sql).fault()?;
    let mut rows = query.query(params![workspace, number]).fault()?;
    match rows.next().fault()? {
        Some(row) => job(row),
        None => Err(Error::new(Code::UnknownJob, format!("there is no job j{number}"))
            .help("weir jobs lists them; the oldest are forgotten")),
    }
}

fn job(row: &Row) -> Result<Job> {
    let state: String = row.get(3).fault()?;
    let (done, total): (i64, Option<i64>) = (row.get(5).fault()?, row.get(6).fault()?);
    let known = JobState::named(&state);
    Ok(Job {
        number: row.get(0).fault()?,
        kind: row.get(1).fault()?,
        subject: row.get(2).fault()?,
        state: known.ok_or_else(|| Error::internal(format!("weir.db: \"{state}\" is no state of a job")))?,
        stage: row.get(4).fault()?,
        done: done as u64,
        total: total.map(|total| total as u64),
        started: row.get(7).fault()?,
        ended: row.get(8).fault()?,
        result: json(row.get(9).fault()?)?,
        error: json(row.get(10).fault()?)?,
    })
}

fn json(text: Option<String>) -> Result<Option<Value>> {
    let Some(text) = text else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|_| Error::internal("weir.db: what a job told is not JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{DEFAULT_WORKSPACE, Store};

    fn workspace(dir: &std::path::Path) -> Workspace {
        Store::open(dir).unwrap().workspace(DEFAULT_WORKSPACE).unwrap()
    }

    #[test]
    fn of_one_subject_one_runs_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let first = workspace.begin_job("refresh", "audience buyers", true).unwrap();
        let error = workspace.begin_job("compute", "audience buyers", true).unwrap_err();
        assert_eq!((error.code, error.help.is_some()), (Code::InUse, true));
        let other = workspace.begin_job("refresh", "audience others", true).unwrap();
        let beside = workspace.begin_job("refresh", "audience others", false).unwrap();
        let progress = JobProgress { stage: "counting".to_owned(), done: 3, total: Some(9) };
        assert!(!workspace.note_job(first.number, &progress).unwrap());
        let ended =
            workspace.end_job(first.number, JobState::Done, &progress, Some(&Value::from(7))).unwrap();
        assert_eq!((ended.state, ended.done, ended.result), (JobState::Done, 3, Some(Value::from(7))));
        workspace.begin_job("refresh", "audience buyers", true).unwrap();
        let running = workspace.jobs(Some(JobState::Running), &Page::all()).unwrap().items;
        assert_eq!(running.iter().map(Job::id).collect::<Vec<_>>(), ["j4", &beside.id(), &other.id()]);
    }

    #[test]
    fn a_wish_to_cancel_reaches_who_works_and_nobody_else() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let job = workspace.begin_job("import", "events", true).unwrap();
        workspace.cancel_job(job.number).unwrap();
        assert!(workspace.note_job(job.number, &JobProgress::default()).unwrap());
        let ended =
            workspace.end_job(job.number, JobState::Cancelled, &JobProgress::default(), None).unwrap();
        assert_eq!(workspace.cancel_job(job.number).unwrap(), ended);
        assert_eq!(workspace.cancel_job(99).unwrap_err().code, Code::UnknownJob);
    }

    #[test]
    fn who_is_silent_for_long_was_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let job = workspace.begin_job("import", "events", true).unwrap();
        let age = "UPDATE job SET seen = seen - 31000000";
        workspace.database().write(|db| db.execute(age, []).fault()).unwrap();
        assert_eq!(workspace.job(job.number).unwrap().state, JobState::Interrupted);
        workspace.begin_job("import", "events", true).unwrap();
    }
}
