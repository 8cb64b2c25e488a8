//! Writing a push down: the head, its recipients block by block, and at last its messages.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::json;
use weir_core::push::Outcome;
use weir_core::time::Micros;
use weir_core::{Error, Result};

use super::{BLOCK, NewPush, NewRecipient, abandoned, new_key, remove};
use crate::clock;
use crate::fault::Fault;
use crate::workspace::Workspace;

/// Counts and cuts while recipients go by.
#[derive(Default)]
struct Tally {
    size: u64,
    holdout: u64,
    suppressed: BTreeMap<String, u64>,
    messages: Vec<Message>,
}

/// Numbers of the recipients of one message.
struct Message {
    first: u64,
    last: u64,
    recipients: u64,
}

/// The head of a push that nobody sees yet. Answers its number in the store.
pub(super) fn begin(workspace: &Workspace, new: &NewPush) -> Result<i64> {
    let now = clock::now();
    while let Some(push) = workspace.database().read(|db| abandoned(db, now))? {
        workspace.database().write(|db| remove(db, push))?;
    }
    let key = new_key()?;
    workspace.database().write(|db| {
        let next = "UPDATE workspace SET next_push = next_push + 1 WHERE id = ? RETURNING next_push - 1";
        let number: i64 = db.query_row(next, [workspace.id()], |row| row.get(0)).fault()?;
        let sql = "INSERT INTO push (workspace, number, key, name, audience, expression, as_of, destination, definition,
            path, percent, salt, state, created, size, holdout, suppressed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'preparing', ?, 0, 0, '{}')";
        let definition = new.definition.as_ref().map(ToString::to_string);
        let values = params![
            workspace.id(), number, key, new.name, new.audience, new.expression.to_string(), new.as_of.0,
            new.destination, definition, new.path, new.holdout_percent, new.salt, now,
        ];
        db.execute(sql, values).fault()?;
        Ok(db.last_insert_rowid())
    })
}

/// Writes the recipients, then makes the push visible.
pub(super) fn fill(
    workspace: &Workspace,
    new: &NewPush,
    push: i64,
    recipients: impl IntoIterator<Item = NewRecipient>,
) -> Result<()> {
    let mut tally = Tally::default();
    let mut recipients = recipients.into_iter().peekable();
    while recipients.peek().is_some() {
        let block: Vec<NewRecipient> = recipients.by_ref().take(BLOCK).collect();
        workspace.database().write(|db| insert_block(db, push, new.batch, &block, &mut tally))?;
    }
    let happened_elsewhere = new.definition.is_none();
    let outcome = if happened_elsewhere { "sent" } else { "pending" };
    workspace.database().write(|db| {
        let next = (!happened_elsewhere).then(clock::now);
        insert_messages(db, push, outcome, next, &tally)?;
        let state = if happened_elsewhere || tally.messages.is_empty() { "done" } else { "sending" };
        publish(db, push, state, new.created, &tally)
    })
}

fn insert_block(
    db: &Connection,
    push: i64,
    batch: Option<u32>,
    block: &[NewRecipient],
    tally: &mut Tally,
) -> Result<()> {
    let sql = "INSERT INTO push_recipient (push, number, kind, value, identifiers, message, left_out)
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = db.prepare_cached(sql).fault()?;
    for recipient in block {
        let (message, left_out) = tally.place(batch, &recipient.outcome)?;
        let NewRecipient { consumer, identifiers, .. } = recipient;
        let wanted = (!identifiers.is_empty()).then(|| json!(identifiers).to_string());
        let number = tally.size as i64 - 1;
        insert
            .execute(params![push, number, consumer.kind, consumer.value, wanted, message, left_out])
            .fault()?;
    }
    Ok(())
}

impl Tally {
    /// The message a recipient belongs to, or why it has none.
    fn place<'a>(
        &mut self,
        batch: Option<u32>,
        outcome: &'a Outcome,
    ) -> Result<(Option<i64>, Option<&'a str>)> {
        let number = self.size;
        self.size += 1;
        match outcome {
            Outcome::Holdout => {
                self.holdout += 1;
                Ok((None, Some("holdout")))
            }
            Outcome::Suppressed(reason) => {
                *self.suppressed.entry(reason.clone()).or_default() += 1;
                Ok((None, Some(reason)))
            }
            Outcome::Pending | Outcome::Sent => Ok((Some(self.message(batch, number)), None)),
            Outcome::Failed(_) | Outcome::Unknown => {
                Err(Error::internal("a new recipient has failed already"))
            }
        }
    }

    /// The number of the message that the recipient joins; a new one where the last is full.
    fn message(&mut self, batch: Option<u32>, number: u64) -> i64 {
        match self.messages.last_mut() {
            Some(last) if batch.is_none_or(|batch| last.recipients < u64::from(batch)) => {
                (last.last, last.recipients) = (number, last.recipients + 1);
            }
            _ => self.messages.push(Message { first: number, last: number, recipients: 1 }),
        }
        self.messages.len() as i64 - 1
    }
}

fn insert_messages(
    db: &Connection,
    push: i64,
    outcome: &str,
    next: Option<Micros>,
    tally: &Tally,
) -> Result<()> {
    let sql = "INSERT INTO push_message (push, number, first, last, recipients, outcome, next)
        VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut insert = db.prepare_cached(sql).fault()?;
    for (number, message) in tally.messages.iter().enumerate() {
        let (first, last) = (message.first as i64, message.last as i64);
        let values = params![push, number as i64, first, last, message.recipients as i64, outcome, next];
        insert.execute(values).fault()?;
    }
    Ok(())
}

fn publish(db: &Connection, push: i64, state: &str, created: Option<Micros>, tally: &Tally) -> Result<()> {
    let sql = "UPDATE push SET state = ?, created = ?, size = ?, holdout = ?, suppressed = ? WHERE id = ?";
    let created = created.unwrap_or_else(clock::now);
    let suppressed = json!(tally.suppressed).to_string();
    let values = params![state, created, tally.size as i64, tally.holdout as i64, suppressed, push];
    db.execute(sql, values).fault()?;
    Ok(())
}
