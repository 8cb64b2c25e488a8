//! What became of the recipients and messages of a push, one by one.

use rusqlite::{Connection, Row, ToSql, params};
use weir_core::identity::Identifier;
use weir_core::push::Outcome;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use super::{Push, by_number, find, outcome};
use crate::fault::Fault;
use crate::outbox::{message_id, recipient_id};
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// A member of the audience and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientRecord {
    /// Its place in the audience.
    number: i64,
    /// Its stable id, as the destination sees it.
    pub id: String,
    /// The canonical identifier.
    pub consumer: Identifier,
    /// What became of it.
    pub outcome: Outcome,
    /// The message it is part of.
    pub message: Option<String>,
}

/// A message and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRecord {
    /// Its place in the push.
    number: i64,
    /// Its stable id.
    pub id: String,
    /// How many recipients it has.
    pub recipients: u64,
    /// What became of it.
    pub outcome: Outcome,
    /// When it is tried next, if it is.
    pub next: Option<Micros>,
    /// Every attempt, the first first.
    pub attempts: Vec<AttemptRecord>,
}

/// One attempt at a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// When it was begun.
    pub started: Micros,
    /// When it ended; none: it is under way, or the process ended first.
    pub ended: Option<Micros>,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What happened, in a word.
    pub detail: Option<String>,
}

impl Workspace {
    /// Members of the audience of a push in canonical order; only those of one outcome where it is named.
    pub fn push_recipients(
        &self,
        id: &str,
        outcome: Option<&str>,
        page: &Page,
    ) -> Result<Paged<RecipientRecord>> {
        let condition = condition(outcome)?;
        let after = page.after_number()?.unwrap_or(-1);
        self.database().read(|db| {
            let push = find(db, self.id(), id)?.number;
            let sql = format!(
                "{RECIPIENT} WHERE r.push = ?1 AND r.number > ?2 AND {condition} ORDER BY r.number LIMIT ?3"
            );
            let found = list(db, &sql, &[&push, &after, &page.fetch()], recipient)?;
            Ok(Paged::of(found, page, |recipient| recipient.number.to_string()))
        })
    }

    /// Pushes that somebody was in under one of some identifiers, the latest first, and what became of them there. Who
    /// was merged after a push may be in it twice.
    pub fn pushes_of(&self, identifiers: &[Identifier]) -> Result<Vec<(Push, RecipientRecord)>> {
        let which = "SELECT r.push FROM push_recipient r JOIN push p ON p.id = r.push
            WHERE r.value = ?1 AND r.kind = ?2 AND p.workspace = ?3 AND p.state <> 'preparing'";
        let whom = format!("{RECIPIENT} WHERE r.value = ?1 AND r.kind = ?2 AND r.push = ?3");
        self.database().read(|db| {
            let mut found = Vec::new();
            for Identifier { kind, value } in identifiers {
                let number = |row: &Row| row.get::<_, i64>(0).fault();
                for push in list(db, which, &[value, kind, &self.id()], number)? {
                    let here = list(db, &whom, &[value, kind, &push], recipient)?;
                    let push = by_number(db, self.id(), push)?;
                    found.extend(here.into_iter().map(|recipient| (push.clone(), recipient)));
                }
            }
            found.sort_by_key(|(push, recipient)| (std::cmp::Reverse(push.number), recipient.number));
            Ok(found)
        })
    }

    /// Messages of a push in order, each with its attempts.
    pub fn push_messages(&self, id: &str, page: &Page) -> Result<Paged<MessageRecord>> {
        let after = page.after_number()?.unwrap_or(-1);
        self.database().read(|db| {
            let push = find(db, self.id(), id)?.number;
            let sql = "SELECT m.number, m.recipients, m.outcome, m.reason, m.next, p.key
                FROM push_message m JOIN push p ON p.id = m.push
                WHERE m.push = ?1 AND m.number > ?2 ORDER BY m.number LIMIT ?3";
            let mut found = list(db, sql, &[&push, &after, &page.fetch()], message)?;
            for message in &mut found {
                message.attempts = attempts(db, push, message.number)?;
            }
            Ok(Paged::of(found, page, |message| message.number.to_string()))
        })
    }
}

/// What became of a recipient, in the columns that [`recipient`] reads.
const RECIPIENT: &str = "SELECT r.number, r.kind, r.value, r.left_out, m.number, m.outcome, m.reason, p.key
     FROM push_recipient r JOIN push p ON p.id = r.push
     LEFT JOIN push_message m ON m.push = r.push AND m.number = r.message";

/// The condition for an outcome, by name.
fn condition(outcome: Option<&str>) -> Result<&'static str> {
    match outcome {
        None => Ok("1"),
        Some("holdout") => Ok("r.left_out = 'holdout'"),
        Some("suppressed") => Ok("r.left_out IS NOT NULL AND r.left_out <> 'holdout'"),
        Some("pending") => Ok("m.outcome = 'pending'"),
        Some("sent") => Ok("m.outcome = 'sent'"),
        Some("failed") => Ok("m.outcome = 'failed'"),
        Some("unknown") => Ok("m.outcome = 'unknown'"),
        Some(other) => {
            let error = Error::new(Code::InvalidArgument, format!("there is no outcome \"{other}\""));
            Err(error.at("outcome").help(format!("outcomes are {}", Outcome::NAMES.join(", "))))
        }
    }
}

fn list<T>(
    db: &Connection,
    sql: &str,
    values: &[&dyn ToSql],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<Vec<T>> {
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query(values).fault()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().fault()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn recipient(row: &Row) -> Result<RecipientRecord> {
    let (number, key): (i64, String) = (row.get(0).fault()?, row.get(7).fault()?);
    let (left_out, message): (Option<String>, Option<i64>) = (row.get(3).fault()?, row.get(4).fault()?);
    let outcome = match left_out {
        Some(reason) if reason == "holdout" => Outcome::Holdout,
        Some(reason) => Outcome::Suppressed(reason),
        None => outcome(row.get(5).fault()?, row.get(6).fault()?)?,
    };
    Ok(RecipientRecord {
        number,
        id: recipient_id(&key, number),
        consumer: Identifier { kind: row.get(1).fault()?, value: row.get(2).fault()? },
        outcome,
        message: message.map(|message| message_id(&key, message)),
    })
}

fn message(row: &Row) -> Result<MessageRecord> {
    let (number, key): (i64, String) = (row.get(0).fault()?, row.get(5).fault()?);
    Ok(MessageRecord {
        number,
        id: message_id(&key, number),
        recipients: row.get::<_, i64>(1).fault()? as u64,
        outcome: outcome(row.get(2).fault()?, row.get(3).fault()?)?,
        next: row.get(4).fault()?,
        attempts: Vec::new(),
    })
}

fn attempts(db: &Connection, push: i64, message: i64) -> Result<Vec<AttemptRecord>> {
    let sql = "SELECT started, ended, status, detail FROM push_attempt WHERE push = ? AND message = ? ORDER BY number";
    let mut query = db.prepare_cached(sql).fault()?;
    let rows = query.query_map(params![push, message], |row| {
        Ok(AttemptRecord {
            started: row.get(0)?,
            ended: row.get(1)?,
            status: row.get(2)?,
            detail: row.get(3)?,
        })
    });
    rows.fault()?.collect::<rusqlite::Result<_>>().fault()
}
