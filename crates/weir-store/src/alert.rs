//! Alerts: numbers of tracks that left their band. One is open as long as every look finds it outside; then it is closed
//! and stays in the books.

use rusqlite::{Connection, Row, params};
use serde_json::Value;
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::clock;
use crate::fault::Fault;
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// A number that left its band.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRecord {
    /// Its number in the store.
    pub id: i64,
    /// The track.
    pub track: String,
    /// Name of the alert within the track.
    pub rule: String,
    /// The alert as it was, in its JSON form.
    pub watched: Value,
    /// The date it was found outside.
    pub first: Day,
    /// The last date it was.
    pub last: Day,
    /// How many, at that date.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// When it was noticed.
    pub opened: Micros,
    /// When it was found within again; none: it is open.
    pub closed: Option<Micros>,
}

/// What a look at a track found about one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertFinding {
    /// Name of the alert.
    pub rule: String,
    /// The alert in its JSON form.
    pub watched: Value,
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
    /// Whether that is outside the band.
    pub is_breached: bool,
}

const SELECT: &str = "SELECT id, track, rule, watched, first, last, part, whole, opened, closed FROM alert
    WHERE workspace = ?1";

impl Workspace {
    /// Alerts, latest first: all of them, or the open ones.
    pub fn alerts(&self, track: Option<&str>, only_open: bool, page: &Page) -> Result<Paged<AlertRecord>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let sql = format!(
            "{SELECT} AND id < ?2 AND (?3 IS NULL OR track = ?3) AND (closed IS NULL OR NOT ?4)
             ORDER BY id DESC LIMIT ?5"
        );
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let mut rows = query.query(params![self.id(), before, track, only_open, page.fetch()]).fault()?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().fault()? {
                found.push(record(row)?);
            }
            Ok(Paged::of(found, page, |alert| alert.id.to_string()))
        })
    }
}

/// Records what a look at a track found as of a date: alerts are opened, renewed and closed. An alert that the track no longer
/// has is closed.
pub(crate) fn note_alerts(
    db: &Connection,
    workspace: i64,
    track: &str,
    as_of: Day,
    findings: &[AlertFinding],
) -> Result<()> {
    let now = clock::now();
    for finding in findings.iter().filter(|finding| finding.is_breached) {
        open_or_renew(db, workspace, track, as_of, finding, now)?;
    }
    let outside = findings.iter().filter(|finding| finding.is_breached);
    let outside: Vec<&str> = outside.map(|finding| finding.rule.as_str()).collect();
    let outside = serde_json::to_string(&outside).map_err(|e| Error::internal(e.to_string()))?;
    let sql = "UPDATE alert SET closed = ?3 WHERE workspace = ?1 AND track = ?2 AND closed IS NULL
        AND rule NOT IN (SELECT value FROM json_each(?4))";
    db.execute(sql, params![workspace, track, now, outside]).fault()?;
    Ok(())
}

fn open_or_renew(
    db: &Connection,
    workspace: i64,
    track: &str,
    as_of: Day,
    finding: &AlertFinding,
    now: Micros,
) -> Result<()> {
    let sql = "INSERT INTO alert (workspace, track, rule, watched, first, last, part, whole, opened)
        VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8)
        ON CONFLICT (workspace, track, rule) WHERE closed IS NULL
        DO UPDATE SET watched = ?4, last = max(last, ?5), part = ?6, whole = ?7";
    let (part, whole) = (finding.part as i64, finding.whole as i64);
    let watched = finding.watched.to_string();
    db.execute(sql, params![workspace, track, finding.rule, watched, as_of.0, part, whole, now]).fault()?;
    Ok(())
}

fn record(row: &Row) -> Result<AlertRecord> {
    let watched: String = row.get(3).fault()?;
    let damaged = |_| Error::internal("weir.db: an alert is not JSON");
    let count = |at: usize| row.get::<_, i64>(at).fault().map(|n| n as u64);
    Ok(AlertRecord {
        id: row.get(0).fault()?,
        track: row.get(1).fault()?,
        rule: row.get(2).fault()?,
        watched: serde_json::from_str(&watched).map_err(damaged)?,
        first: Day(row.get(4).fault()?),
        last: Day(row.get(5).fault()?),
        part: count(6)?,
        whole: count(7)?,
        opened: row.get(8).fault()?,
        closed: row.get(9).fault()?,
    })
}
