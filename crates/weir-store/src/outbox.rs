//! The outbox: messages of pushes, taken one by one, each attempt recorded before it is made.
//!
//! Taking a message makes its outcome unknown, and only what is learnt afterwards changes that. So a process may end at
//! any instant: the ledger is right as it stands, and the next worker repeats the message under the same id. A worker
//! is told from others by the number of its shift; one worker at a time holds the lock of a workspace.

use std::fs::{File, TryLockError};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use weir_core::destination::Destination;
use weir_core::identity::Identifier;
use weir_core::push::{Call, Lane, Outbox, Outcome, Recipient, Shift, Verdict};
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::definition::DefinitionKind;
use crate::destination::{disable, secrets};
use crate::fault::{Fault, io};
use crate::push::id_of;
use crate::workspace::Workspace;

/// Held by the one worker of a workspace. The operating system releases it when the process ends, however it ends.
pub struct DeliveryLock {
    _file: File,
}

/// A message that could be taken.
struct Due {
    push: i64,
    number: i64,
    attempts: i64,
    failures: i64,
}

/// What is common to the messages of a push.
struct Head {
    number: i64,
    key: String,
    name: Option<String>,
    as_of: i32,
    definition: String,
    path: Option<String>,
}

impl Workspace {
    /// The right to deliver; none while another process has it.
    pub fn delivery_lock(&self) -> Result<Option<DeliveryLock>> {
        let path = self.exports_dir()?.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(io(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(DeliveryLock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io(&path)(error)),
        }
    }
}

impl Outbox for Workspace {
    fn lanes(&self, shift: Shift, now: Micros) -> Result<Vec<Lane>> {
        let sql = "SELECT p.destination, max(p.definition), coalesce(sum(m.next <= ?3), 0), min(m.next)
            FROM push p JOIN push_message m ON m.push = p.id
            WHERE p.workspace = ?1 AND p.state = 'sending' AND p.id = coalesce(?4, p.id)
              AND m.next IS NOT NULL AND m.shift IS NOT ?2
            GROUP BY p.destination";
        self.database().read(|db| {
            let mut query = db.prepare_cached(sql).fault()?;
            let mut rows = query.query(params![self.id(), shift.id, now, shift.push]).fault()?;
            let mut lanes = Vec::new();
            while let Some(row) = rows.next().fault()? {
                lanes.push(lane(db, self.id(), row)?);
            }
            Ok(lanes)
        })
    }

    fn begin(&self, destination: &str, shift: Shift, now: Micros) -> Result<Option<Call>> {
        self.database().write(|db| {
            let Some(due) = due(db, self.id(), destination, shift, now)? else { return Ok(None) };
            let attempt = due.attempts + 1;
            let take = "UPDATE push_message SET outcome = 'unknown', reason = NULL, attempts = ?3, shift = ?4
                WHERE push = ?1 AND number = ?2";
            db.execute(take, params![due.push, due.number, attempt, shift.id]).fault()?;
            let record = "INSERT INTO push_attempt (push, message, number, started) VALUES (?, ?, ?, ?)";
            db.execute(record, params![due.push, due.number, attempt, now]).fault()?;
            call(db, self.id(), destination, &due, now).map(Some)
        })
    }

    fn recipients(&self, call: &Call, skip: u64, limit: u32) -> Result<Vec<Recipient>> {
        let sql = "SELECT r.number, r.kind, r.value, r.identifiers, p.key
            FROM push_message m JOIN push p ON p.id = m.push
            JOIN push_recipient r ON r.push = m.push AND r.number BETWEEN m.first AND m.last
            WHERE m.push = ?1 AND m.number = ?2 AND r.message = ?2 ORDER BY r.number LIMIT ?4 OFFSET ?3";
        self.database().read(|db| {
            let mut query = db.prepare_cached(sql).fault()?;
            let mut rows = query.query(params![call.push, call.message, skip as i64, limit]).fault()?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().fault()? {
                found.push(recipient(row)?);
            }
            Ok(found)
        })
    }

    fn finish(&self, call: &Call, verdict: &Verdict, now: Micros) -> Result<()> {
        self.database().write(|db| {
            let attempt = "UPDATE push_attempt SET ended = ?4, outcome = ?5, status = ?6, detail = ?7
                WHERE push = ?1 AND message = ?2 AND number = ?3";
            let (outcome, reason) = (verdict.outcome.name(), verdict.outcome.reason());
            let values =
                params![call.push, call.message, call.attempt, now, outcome, verdict.status, verdict.detail];
            db.execute(attempt, values).fault()?;
            let message =
                "UPDATE push_message SET outcome = ?3, reason = ?4, next = ?5, failures = ?6, shift = NULL
                WHERE push = ?1 AND number = ?2";
            let failed = i64::from(verdict.outcome != Outcome::Sent);
            let failures = i64::from(call.failures) + failed;
            db.execute(message, params![call.push, call.message, outcome, reason, verdict.next, failures])
                .fault()?;
            if verdict.gone {
                disable(db, self.id(), &call.destination_name, &verdict.detail, now)?;
            }
            close(db, call.push)
        })
    }
}

/// A push without a message that is not final is done.
fn close(db: &Connection, push: i64) -> Result<()> {
    let sql = "UPDATE push SET state = 'done' WHERE id = ?1 AND state IN ('sending', 'stopped')
        AND NOT EXISTS (SELECT 1 FROM push_message WHERE push = ?1 AND next IS NOT NULL)";
    db.prepare_cached(sql).fault()?.execute([push]).fault()?;
    Ok(())
}

fn lane(db: &Connection, workspace: i64, row: &Row) -> Result<Lane> {
    let (destination, definition): (String, String) = (row.get(0).fault()?, row.get(1).fault()?);
    let now = current(db, workspace, &destination, &definition)?;
    Ok(Lane {
        in_flight: now.in_flight(),
        due: row.get::<_, i64>(2).fault()? as u64,
        next: row.get(3).fault()?,
        destination,
    })
}

/// The earliest message of the earliest push that may be tried now.
fn due(db: &Connection, workspace: i64, destination: &str, shift: Shift, now: Micros) -> Result<Option<Due>> {
    let sql = "SELECT m.push, m.number, m.attempts, m.failures
        FROM push p JOIN push_message m ON m.push = p.id
        WHERE p.workspace = ?1 AND p.destination = ?2 AND p.state = 'sending' AND p.id = coalesce(?5, p.id)
          AND m.next <= ?4 AND m.shift IS NOT ?3
        ORDER BY p.id, m.next, m.number LIMIT 1";
    let mut query = db.prepare_cached(sql).fault()?;
    let found = query.query_row(params![workspace, destination, shift.id, now, shift.push], |row| {
        Ok(Due { push: row.get(0)?, number: row.get(1)?, attempts: row.get(2)?, failures: row.get(3)? })
    });
    found.optional().fault()
}

fn call(db: &Connection, workspace: i64, destination: &str, due: &Due, now: Micros) -> Result<Call> {
    let head = head(db, due.push)?;
    Ok(Call {
        push: due.push,
        push_id: id_of(head.number),
        push_name: head.name,
        as_of: Day(head.as_of),
        destination: current(db, workspace, destination, &head.definition)?,
        destination_name: destination.to_owned(),
        secrets: secrets(db, workspace, destination, now)?,
        path: head.path,
        message: due.number as u32,
        message_id: message_id(&head.key, due.number),
        attempt: due.attempts as u32 + 1,
        failures: due.failures as u32,
    })
}

fn head(db: &Connection, push: i64) -> Result<Head> {
    let sql = "SELECT number, key, name, as_of, definition, path FROM push WHERE id = ?";
    let mut query = db.prepare_cached(sql).fault()?;
    let head = query.query_row([push], |row| {
        Ok(Head {
            number: row.get(0)?,
            key: row.get(1)?,
            name: row.get(2)?,
            as_of: row.get(3)?,
            definition: row.get(4)?,
            path: row.get(5)?,
        })
    });
    head.fault()
}

/// The destination as it is now, so that a mended URL counts at once; as the push has it where the name is gone or
/// means another kind by now.
fn current(db: &Connection, workspace: i64, name: &str, pushed: &str) -> Result<Destination> {
    let pushed = parse(pushed)?;
    let sql = "SELECT v.body FROM definition d JOIN definition_version v ON v.definition = d.id
        WHERE d.workspace = ? AND d.kind = ? AND d.name = ? ORDER BY v.version DESC LIMIT 1";
    let mut query = db.prepare_cached(sql).fault()?;
    let kind = DefinitionKind::Destination.name();
    let body = query.query_row(params![workspace, kind, name], |row| row.get::<_, String>(0));
    match body.optional().fault()? {
        Some(body) => {
            let now = parse(&body)?;
            Ok(if now.kind() == pushed.kind() { now } else { pushed })
        }
        None => Ok(pushed),
    }
}

fn parse(body: &str) -> Result<Destination> {
    let damaged = || Error::internal("weir.db: a destination is not JSON");
    let value: Value = serde_json::from_str(body).map_err(|_| damaged())?;
    Destination::from_json(&value)
}

fn recipient(row: &Row) -> Result<Recipient> {
    let (number, key): (i64, String) = (row.get(0).fault()?, row.get(4).fault()?);
    let identifiers: Option<String> = row.get(3).fault()?;
    let damaged = |_| Error::internal("weir.db: identifiers of a recipient are not JSON");
    let identifiers = identifiers.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()?;
    Ok(Recipient {
        id: recipient_id(&key, number),
        consumer: Identifier { kind: row.get(1).fault()?, value: row.get(2).fault()? },
        identifiers: identifiers.unwrap_or_default(),
    })
}

/// The stable id of a message.
pub(crate) fn message_id(key: &str, number: i64) -> String {
    format!("msg_{key}_{number}")
}

/// The stable id of a recipient.
pub(crate) fn recipient_id(key: &str, number: i64) -> String {
    format!("rcp_{key}_{number}")
}
