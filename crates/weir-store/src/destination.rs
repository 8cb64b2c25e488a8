//! What a destination has beside its definition: signing secrets, and whether it is disabled.
//!
//! Secrets are kept as they are, because signing needs them. They are in no definition and in no export; they are told
//! once, when they are made. At most two are active: the newest, and for a day the one before, so that a receiver can
//! change over without missing a message.

use rusqlite::{Connection, OptionalExtension, params};
use weir_core::Result;
use weir_core::time::{DAY_MICROS, Micros};

use crate::clock;
use crate::definition::DefinitionKind;
use crate::fault::Fault;
use crate::workspace::Workspace;

/// How long the secret before the newest still signs.
const OVERLAP: Micros = DAY_MICROS;

/// Since when nothing is sent to a destination, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disabled {
    /// Since when.
    pub since: Micros,
    /// In a word.
    pub reason: String,
}

impl Workspace {
    /// Makes this the newest secret of a destination; the one before stays active for a day, older ones end now.
    pub fn add_destination_secret(&self, destination: &str, secret: &str) -> Result<()> {
        self.definition(DefinitionKind::Destination, destination)?;
        let now = clock::now();
        self.database().write(|db| {
            let end_old = "DELETE FROM destination_secret
                WHERE workspace = ? AND destination = ? AND expires IS NOT NULL";
            db.execute(end_old, params![self.id(), destination]).fault()?;
            let limit = "UPDATE destination_secret SET expires = ? WHERE workspace = ? AND destination = ?";
            db.execute(limit, params![now + OVERLAP, self.id(), destination]).fault()?;
            let sql =
                "INSERT INTO destination_secret (workspace, destination, secret, created) VALUES (?, ?, ?, ?)";
            db.execute(sql, params![self.id(), destination, secret, now]).fault()?;
            Ok(())
        })
    }

    /// Secrets that sign now, the newest first.
    pub fn destination_secrets(&self, destination: &str) -> Result<Vec<String>> {
        self.database().read(|db| secrets(db, self.id(), destination, clock::now()))
    }

    /// Whether a destination is disabled.
    pub fn destination_disabled(&self, destination: &str) -> Result<Option<Disabled>> {
        self.database().read(|db| disabled(db, self.id(), destination))
    }

    /// Lets a destination be sent to again. Pushes that stopped stay stopped until they are resumed.
    pub fn enable_destination(&self, destination: &str) -> Result<()> {
        let sql = "DELETE FROM destination_disabled WHERE workspace = ? AND destination = ?";
        self.database().write(|db| {
            db.execute(sql, params![self.id(), destination]).fault()?;
            Ok(())
        })
    }

    /// Removes a destination with its secrets. Whether a push still needs it is for the caller to know.
    pub fn remove_destination(&self, destination: &str) -> Result<()> {
        self.remove_definition(DefinitionKind::Destination, destination)?;
        self.database().write(|db| {
            for table in ["destination_secret", "destination_disabled"] {
                let sql = format!("DELETE FROM {table} WHERE workspace = ? AND destination = ?");
                db.execute(&sql, params![self.id(), destination]).fault()?;
            }
            Ok(())
        })
    }
}

pub(crate) fn secrets(
    db: &Connection,
    workspace: i64,
    destination: &str,
    now: Micros,
) -> Result<Vec<String>> {
    let sql = "SELECT secret FROM destination_secret
        WHERE workspace = ? AND destination = ? AND (expires IS NULL OR expires > ?) ORDER BY id DESC";
    let mut query = db.prepare_cached(sql).fault()?;
    let rows = query.query_map(params![workspace, destination, now], |row| row.get(0)).fault()?;
    rows.collect::<rusqlite::Result<_>>().fault()
}

pub(crate) fn disabled(db: &Connection, workspace: i64, destination: &str) -> Result<Option<Disabled>> {
    let sql = "SELECT since, reason FROM destination_disabled WHERE workspace = ? AND destination = ?";
    let found = db.query_row(sql, params![workspace, destination], |row| {
        Ok(Disabled { since: row.get(0)?, reason: row.get(1)? })
    });
    found.optional().fault()
}

/// Disables a destination and stops what is being sent to it.
pub(crate) fn disable(
    db: &Connection,
    workspace: i64,
    destination: &str,
    reason: &str,
    now: Micros,
) -> Result<()> {
    let sql = "INSERT INTO destination_disabled (workspace, destination, since, reason) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING";
    db.execute(sql, params![workspace, destination, now, reason]).fault()?;
    let stop =
        "UPDATE push SET state = 'stopped' WHERE workspace = ? AND destination = ? AND state = 'sending'";
    db.execute(stop, params![workspace, destination]).fault()?;
    Ok(())
}
