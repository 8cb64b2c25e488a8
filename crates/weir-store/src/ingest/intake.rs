//! What came in by each source on each UTC day of receipt: a ledger that balances by construction,
//! `read = accepted + duplicate + rejected`.
//!
//! Accepted arrivals are counted from the log when it is flushed, so exactly. Duplicates and refusals leave nothing in the
//! log; they are counted in memory until then, and a crash may lose the counts of the last minutes, never an event.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::Value;
use weir_core::time::Micros;
use weir_core::{Error, Result};

use crate::fault::Fault;
use crate::workspace::Workspace;

const DAY: Micros = 86_400_000_000;

/// Counts by source and day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Intake {
    tallies: BTreeMap<(String, i64), Tally>,
}

/// What became of the messages of one source on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Kept.
    pub accepted: u64,
    /// There already.
    pub duplicate: u64,
    /// Refused, by reason.
    pub reasons: BTreeMap<String, u64>,
    /// Kept with a remark.
    pub remarks: BTreeMap<String, u64>,
    /// When the last of them was received.
    pub last: Micros,
}

/// A tally with its source and day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyTally {
    /// Name of the source.
    pub source: String,
    /// Days since 1970-01-01, UTC.
    pub day: i64,
    /// The counts.
    pub tally: Tally,
}

impl Tally {
    /// Messages and arrivals that came in.
    pub fn read(&self) -> u64 {
        self.accepted + self.duplicate + self.reasons.values().sum::<u64>()
    }

    /// Adds the counts of another one.
    pub fn add(&mut self, other: &Tally) {
        self.accepted += other.accepted;
        self.duplicate += other.duplicate;
        add(&mut self.reasons, &other.reasons);
        add(&mut self.remarks, &other.remarks);
        self.last = self.last.max(other.last);
    }
}

fn add(to: &mut BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) {
    for (key, count) in counts {
        *to.entry(key.clone()).or_default() += count;
    }
}

impl Intake {
    pub(crate) fn accept(&mut self, source: &str, received: Micros, count: u64) {
        let counted = Tally { accepted: count, last: received, ..Tally::default() };
        self.count(source, received, &counted);
    }

    pub(crate) fn count(&mut self, source: &str, received: Micros, counted: &Tally) {
        let day = received.div_euclid(DAY);
        self.tallies.entry((source.to_owned(), day)).or_default().add(counted);
    }

    pub(crate) fn add(&mut self, other: Intake) {
        for (key, tally) in other.tallies {
            self.tallies.entry(key).or_default().add(&tally);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tallies.is_empty()
    }

    /// Adds the counts to those in the database.
    pub(crate) fn store(&self, db: &Connection, workspace: i64) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO intake
                   (workspace, source, day, accepted, duplicate, reasons, remarks, last_time)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        for ((source, day), fresh) in &self.tallies {
            let mut tally = find(db, workspace, source, *day)?.unwrap_or_default();
            tally.add(fresh);
            let (reasons, remarks) = (json(&tally.reasons), json(&tally.remarks));
            let (accepted, duplicate) = (tally.accepted as i64, tally.duplicate as i64);
            let row = params![workspace, source, day, accepted, duplicate, reasons, remarks, tally.last];
            db.execute(sql, row).fault()?;
        }
        Ok(())
    }
}

const COLUMNS: &str = "source, day, accepted, duplicate, reasons, remarks, last_time";

impl Workspace {
    /// What has come in by each source on each day of receipt, and is in files.
    pub fn intake(&self) -> Result<Vec<DailyTally>> {
        let sql = format!("SELECT {COLUMNS} FROM intake WHERE workspace = ? ORDER BY day DESC, source");
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let mut rows = query.query([self.id()]).fault()?;
            let mut tallies = Vec::new();
            while let Some(row) = rows.next().fault()? {
                tallies.push(daily(row)?);
            }
            Ok(tallies)
        })
    }
}

fn find(db: &Connection, workspace: i64, source: &str, day: i64) -> Result<Option<Tally>> {
    let sql = format!("SELECT {COLUMNS} FROM intake WHERE workspace = ? AND source = ? AND day = ?");
    let mut query = db.prepare_cached(&sql).fault()?;
    let mut rows = query.query(params![workspace, source, day]).fault()?;
    rows.next().fault()?.map(|row| daily(row).map(|daily| daily.tally)).transpose()
}

fn daily(row: &rusqlite::Row) -> Result<DailyTally> {
    let count = |place: usize| row.get::<_, i64>(place).fault().map(|count| count as u64);
    let counts = |place: usize| counts(&row.get::<_, String>(place).fault()?);
    let tally = Tally {
        accepted: count(2)?,
        duplicate: count(3)?,
        reasons: counts(4)?,
        remarks: counts(5)?,
        last: row.get(6).fault()?,
    };
    Ok(DailyTally { source: row.get(0).fault()?, day: row.get(1).fault()?, tally })
}

fn json(counts: &BTreeMap<String, u64>) -> String {
    serde_json::json!(counts).to_string()
}

fn counts(text: &str) -> Result<BTreeMap<String, u64>> {
    let damaged = || Error::internal(format!("weir.db: not counts: {text}"));
    let value: Value = serde_json::from_str(text).map_err(|_| damaged())?;
    let pairs = value.as_object().ok_or_else(damaged)?.iter();
    pairs.map(|(key, n)| Ok((key.clone(), n.as_u64().ok_or_else(damaged)?))).collect()
}
