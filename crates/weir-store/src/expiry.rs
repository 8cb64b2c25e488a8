//! Retention: events whose day has passed expire.
//!
//! An event file holds one day, so whole files go: one transaction takes them out of the manifest and notes at each import
//! how many of its rows expired, so that ledgers still balance; then the files are removed. Killed in between, they
//! are what a killed import leaves: harmless, and gone with the next writer.
//!
//! Events go, and people known by nothing else with them. What was learnt from them about who is one person stays (names,
//! links), and so do fingerprints: an expired event that is sent again is a duplicate. Tags and lists state something
//! themselves and are not events.
//!
//! Deliberately absent: what day it is, and when to do this.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use weir_core::Result;
use weir_core::time::Day;

use crate::commit::IMPORTED;
use crate::fault::Fault;
use crate::manifest::remove_orphans;
use crate::quota::read_quota;
use crate::workspace::Workspace;

/// What expires as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expiry {
    /// How long events are kept; none: for ever.
    pub retention_days: Option<u32>,
    /// The first day that is kept.
    pub first_kept: Option<Day>,
    /// The days that go, in order.
    pub days: BTreeMap<Day, ExpiredDay>,
}

/// A day that goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExpiredDay {
    /// Its events.
    pub events: u64,
    /// Bytes of their files.
    pub bytes: u64,
}

impl Expiry {
    /// Events that go.
    pub fn events(&self) -> u64 {
        self.days.values().map(|day| day.events).sum()
    }

    /// Bytes of their files.
    pub fn bytes(&self) -> u64 {
        self.days.values().map(|day| day.bytes).sum()
    }
}

impl Workspace {
    /// What would expire as of a day. Only what is in files is looked at.
    pub fn expiring(&self, today: Day) -> Result<Expiry> {
        self.database().read(|db| expiring(db, self.id(), today))
    }

    /// Lets expire what is too old as of a day. What waits in the log is written to files first.
    pub fn expire(&self, today: Day) -> Result<Expiry> {
        if self.quota()?.retention_days.is_none() {
            return Ok(Expiry::default());
        }
        let _exclusive = self.exclusive()?;
        let expiry = self.database().write(|db| drop_expired(db, self.id(), today))?;
        // Also where nothing expired: an earlier run may have been killed before it came to this.
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &IMPORTED))?;
        Ok(expiry)
    }
}

fn expiring(db: &Connection, workspace: i64, today: Day) -> Result<Expiry> {
    let Some(retention_days) = read_quota(db, workspace)?.retention_days else {
        return Ok(Expiry::default());
    };
    let first_kept = today.plus(-i64::from(retention_days));
    let sql = "SELECT max_day, sum(rows), sum(bytes) FROM file
               WHERE workspace = ? AND kind = 'events' AND max_day < ? GROUP BY max_day";
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query(params![workspace, first_kept.0]).fault()?;
    let mut days = BTreeMap::new();
    while let Some(row) = rows.next().fault()? {
        let count = |place: usize| row.get::<_, i64>(place).fault().map(|count| count as u64);
        let day = ExpiredDay { events: count(1)?, bytes: count(2)? };
        days.insert(Day(row.get(0).fault()?), day);
    }
    Ok(Expiry { retention_days: Some(retention_days), first_kept: Some(first_kept), days })
}

fn drop_expired(db: &Connection, workspace: i64, today: Day) -> Result<Expiry> {
    let expiry = expiring(db, workspace, today)?;
    let Some(first_kept) = expiry.first_kept.filter(|_| !expiry.days.is_empty()) else { return Ok(expiry) };
    for sql in [
        "UPDATE import SET expired = expired + gone.rows FROM
           (SELECT import, sum(rows) AS rows FROM file
            WHERE workspace = ?1 AND kind = 'events' AND max_day < ?2 GROUP BY import) AS gone
         WHERE workspace = ?1 AND id = gone.import",
        "DELETE FROM file WHERE workspace = ?1 AND kind = 'events' AND max_day < ?2",
    ] {
        db.execute(sql, params![workspace, first_kept.0]).fault()?;
    }
    db.execute("UPDATE workspace SET generation = generation + 1 WHERE id = ?", [workspace]).fault()?;
    Ok(expiry)
}
