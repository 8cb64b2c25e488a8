//! Pushes: recorded whole before anything leaves, then worked off through the [`outbox`](crate::outbox).
//!
//! Recipients are written in bounded transactions under a push that nobody sees; the last transaction cuts messages and
//! makes it visible. A push that was never finished is removed with the next one. The ledger is counted over messages;
//! recipients have the outcome of their message.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use weir_core::error::suggestion;
use weir_core::identity::Identifier;
use weir_core::push::{Outcome, PushLedger, PushState};
use weir_core::time::{Day, HOUR_MICROS, Micros};
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::page::{Page, Paged};
use crate::workspace::Workspace;
use crate::{clock, files, random};

mod history;
mod record;

pub use history::{AttemptRecord, MessageRecord, RecipientRecord};

/// Recipients of one transaction.
const BLOCK: usize = 20_000;

/// A push that has been in preparation for longer than this was given up by a process that is gone.
const ABANDONED: Micros = HOUR_MICROS;

/// A push and what became of its recipients.
#[derive(Debug, Clone, PartialEq)]
pub struct Push {
    /// Its number in the store.
    pub number: i64,
    /// Its id, such as `p7`; never used again.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// The audience, if it was a named one.
    pub audience: Option<String>,
    /// The JSON form of what was evaluated.
    pub expression: Value,
    /// The date it was evaluated as of.
    pub as_of: Day,
    /// Name of the destination, or the path of a file.
    pub destination: String,
    /// The destination as it was; none: the push happened elsewhere.
    pub definition: Option<Value>,
    /// Where the file goes, if not among the exports.
    pub path: Option<String>,
    /// Share of the holdout.
    pub holdout_percent: f64,
    /// Salt of the holdout.
    pub salt: String,
    /// Where it is.
    pub state: PushState,
    /// When it was made.
    pub created: Micros,
    /// What became of its recipients.
    pub ledger: PushLedger,
}

/// What is to be pushed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPush {
    /// What to call it.
    pub name: Option<String>,
    /// The audience, if it is a named one.
    pub audience: Option<String>,
    /// The JSON form of what was evaluated.
    pub expression: Value,
    /// The date it was evaluated as of.
    pub as_of: Day,
    /// Name of the destination, or the path of a file.
    pub destination: String,
    /// The destination as it is; none: the push happened elsewhere.
    pub definition: Option<Value>,
    /// Where the file goes, if not among the exports.
    pub path: Option<String>,
    /// Share of the holdout.
    pub holdout_percent: f64,
    /// Salt of the holdout.
    pub salt: String,
    /// Recipients of one message; none: all in one.
    pub batch: Option<u32>,
    /// When it was made; none: now.
    pub created: Option<Micros>,
}

/// One member of the audience and what was decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecipient {
    /// The canonical identifier.
    pub consumer: Identifier,
    /// Identifiers that the destination wants, by kind.
    pub identifiers: BTreeMap<String, Vec<String>>,
    /// `Pending` to be sent, `Suppressed` or `Holdout` to be left out, `Sent` where it happened elsewhere.
    pub outcome: Outcome,
}

const SELECT: &str =
    "SELECT id, number, name, audience, expression, as_of, destination, definition, path, percent,
    salt, state, created, size, holdout, suppressed FROM push WHERE workspace = ?1 AND state <> 'preparing'";

impl Workspace {
    /// Records a push whole: who is sent, who is not and why. Afterwards it is sending, or done where nothing is to be
    /// sent.
    pub fn create_push(
        &self,
        new: &NewPush,
        recipients: impl IntoIterator<Item = NewRecipient>,
    ) -> Result<Push> {
        let draft = record::begin(self, new)?;
        match record::fill(self, new, draft, recipients) {
            Ok(()) => self.database().read(|db| by_number(db, self.id(), draft)),
            Err(error) => {
                // What cannot be removed now is removed with the next push.
                let _ = self.database().write(|db| remove(db, draft));
                Err(error)
            }
        }
    }

    /// A push by id.
    pub fn push(&self, id: &str) -> Result<Push> {
        self.database().read(|db| find(db, self.id(), id))
    }

    /// Pushes, latest first.
    pub fn pushes(&self, page: &Page) -> Result<Paged<Push>> {
        let before = page.after.as_deref().map_or(i64::MAX, |cursor| number_of(cursor).unwrap_or(0));
        let sql = format!("{SELECT} AND number < ?2 ORDER BY number DESC LIMIT ?3");
        self.database().read(|db| {
            let found = select(db, &sql, params![self.id(), before, page.fetch()])?;
            Ok(Paged::of(found, page, |push| push.id.clone()))
        })
    }

    /// Begins no further calls of a push. Calls under way end as they end.
    pub fn stop_push(&self, id: &str) -> Result<Push> {
        self.database().write(|db| {
            let push = find(db, self.id(), id)?;
            db.execute("UPDATE push SET state = 'stopped' WHERE id = ? AND state = 'sending'", [push.number])
                .fault()?;
            by_number(db, self.id(), push.number)
        })
    }

    /// Sends on what is not final, now; also what was given up without its outcome being known.
    pub fn resume_push(&self, id: &str) -> Result<Push> {
        let now = clock::now();
        self.database().write(|db| {
            let push = find(db, self.id(), id)?;
            let again = "UPDATE push_message SET next = ?2, failures = 0
                WHERE push = ?1 AND outcome IN ('pending', 'unknown')";
            if push.definition.is_some() && db.execute(again, params![push.number, now]).fault()? > 0 {
                db.execute("UPDATE push SET state = 'sending' WHERE id = ?", [push.number]).fault()?;
            }
            by_number(db, self.id(), push.number)
        })
    }

    /// Ids of pushes to a destination that are not done.
    pub fn unfinished_pushes(&self, destination: &str) -> Result<Vec<String>> {
        let sql = "SELECT number FROM push WHERE workspace = ? AND destination = ? AND state IN ('sending', 'stopped')
            AND EXISTS (SELECT 1 FROM push_message WHERE push = push.id AND next IS NOT NULL) ORDER BY number";
        self.database().read(|db| {
            let mut query = db.prepare(sql).fault()?;
            let rows = query.query_map(params![self.id(), destination], |row| row.get(0)).fault()?;
            let numbers: Vec<i64> = rows.collect::<rusqlite::Result<_>>().fault()?;
            Ok(numbers.into_iter().map(id_of).collect())
        })
    }

    /// Where files of pushes are written.
    pub fn exports_dir(&self) -> Result<std::path::PathBuf> {
        let dir = self.dir().join("exports");
        files::create_dir(&dir)?;
        Ok(dir)
    }
}

pub(crate) fn id_of(number: i64) -> String {
    format!("p{number}")
}

fn number_of(id: &str) -> Option<i64> {
    id.strip_prefix('p')?.parse().ok()
}

/// By id, or by a name that only one push has.
fn find(db: &Connection, workspace: i64, id_or_name: &str) -> Result<Push> {
    let by_id = format!("{SELECT} AND number = ?2");
    if let Some(number) = number_of(id_or_name)
        && let Some(push) = select(db, &by_id, params![workspace, number])?.pop()
    {
        return Ok(push);
    }
    let by_name = format!("{SELECT} AND name = ?2 ORDER BY number DESC LIMIT 2");
    let mut named = select(db, &by_name, params![workspace, id_or_name])?;
    match (named.pop(), named.pop()) {
        (Some(push), None) => Ok(push),
        (Some(_), Some(_)) => Err(unknown(id_or_name).help("several pushes have this name; use the id")),
        (None, _) => Err(suggest(db, workspace, id_or_name)?),
    }
}

fn unknown(id: &str) -> Error {
    Error::new(Code::UnknownPush, format!("there is no push \"{id}\""))
}

fn suggest(db: &Connection, workspace: i64, id: &str) -> Result<Error> {
    let sql = "SELECT DISTINCT name FROM push WHERE workspace = ? AND name IS NOT NULL LIMIT 1000";
    let mut query = db.prepare(sql).fault()?;
    let rows = query.query_map([workspace], |row| row.get(0)).fault()?;
    let names: Vec<String> = rows.collect::<rusqlite::Result<_>>().fault()?;
    let error = unknown(id);
    Ok(match suggestion(id, names.iter().map(String::as_str)) {
        Some(help) => error.help(help),
        None => error,
    })
}

fn by_number(db: &Connection, workspace: i64, push: i64) -> Result<Push> {
    let found = select(db, &format!("{SELECT} AND id = ?2"), params![workspace, push])?.pop();
    found.ok_or_else(|| Error::internal(format!("weir.db: push {push} is not there")))
}

fn select(db: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<Vec<Push>> {
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query(values).fault()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().fault()? {
        found.push(push(db, row)?);
    }
    Ok(found)
}

fn push(db: &Connection, row: &Row) -> Result<Push> {
    let number: i64 = row.get(0).fault()?;
    let (expression, definition): (String, Option<String>) = (row.get(4).fault()?, row.get(7).fault()?);
    let state: String = row.get(11).fault()?;
    Ok(Push {
        number,
        id: id_of(row.get(1).fault()?),
        name: row.get(2).fault()?,
        audience: row.get(3).fault()?,
        expression: json(&expression)?,
        as_of: Day(row.get(5).fault()?),
        destination: row.get(6).fault()?,
        definition: definition.as_deref().map(json).transpose()?,
        path: row.get(8).fault()?,
        holdout_percent: row.get(9).fault()?,
        salt: row.get(10).fault()?,
        state: PushState::parse(&state).ok_or_else(|| damaged(&state))?,
        created: row.get(12).fault()?,
        ledger: ledger(db, number, row)?,
    })
}

fn ledger(db: &Connection, push: i64, row: &Row) -> Result<PushLedger> {
    let suppressed: String = row.get(15).fault()?;
    let mut ledger = PushLedger::default();
    ledger.count(&Outcome::Holdout, row.get::<_, i64>(14).fault()? as u64);
    for (reason, count) in json(&suppressed)?.as_object().into_iter().flatten() {
        let count = count.as_u64().ok_or_else(|| damaged(&suppressed))?;
        ledger.count(&Outcome::Suppressed(reason.clone()), count);
    }
    let sql = "SELECT outcome, reason, sum(recipients) FROM push_message WHERE push = ? GROUP BY 1, 2";
    let mut query = db.prepare_cached(sql).fault()?;
    let mut rows = query.query([push]).fault()?;
    while let Some(row) = rows.next().fault()? {
        let outcome = outcome(row.get(0).fault()?, row.get(1).fault()?)?;
        ledger.count(&outcome, row.get::<_, i64>(2).fault()? as u64);
    }
    // What was frozen is not recomputed: a difference is told, not papered over.
    ledger.audience = row.get::<_, i64>(13).fault()? as u64;
    Ok(ledger)
}

fn outcome(name: String, reason: Option<String>) -> Result<Outcome> {
    Outcome::parse(&name, reason).ok_or_else(|| damaged(&name))
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|_| damaged(text))
}

fn damaged(what: &str) -> Error {
    Error::internal(format!("weir.db: a push holds {what:?}"))
}

fn remove(db: &Connection, push: i64) -> Result<()> {
    for table in ["push_attempt", "push_message", "push_recipient"] {
        db.execute(&format!("DELETE FROM {table} WHERE push = ?"), [push]).fault()?;
    }
    db.execute("DELETE FROM push WHERE id = ? AND state = 'preparing'", [push]).fault()?;
    Ok(())
}

fn abandoned(db: &Connection, now: Micros) -> Result<Option<i64>> {
    let sql = "SELECT id FROM push WHERE state = 'preparing' AND created < ? LIMIT 1";
    db.query_row(sql, [now - ABANDONED], |row| row.get(0)).optional().fault()
}

fn new_key() -> Result<String> {
    Ok(random::hex(&random::bytes::<12>()?))
}
