//! Reports of tracks: files for people to fetch, below `reports/`. What is in them is for whoever writes them to know.

use std::io::Write as _;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, params};
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};

use crate::alert::{AlertFinding, note_alerts};
use crate::clock;
use crate::definition::DefinitionKind;
use crate::fault::Fault;
use crate::files::write_durable;
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRecord {
    /// Its number in the store.
    pub id: i64,
    /// The track.
    pub track: String,
    /// Its last date.
    pub as_of: Day,
    /// `html` or `csv`.
    pub format: String,
    /// Length of the file.
    pub bytes: u64,
    /// When it was written.
    pub created: Micros,
}

impl ReportRecord {
    fn file_name(&self) -> String {
        format!("{}.{}", self.id, self.format)
    }
}

const SELECT: &str = "SELECT id, track, as_of, format, bytes, created FROM report WHERE workspace = ?1";

impl Workspace {
    /// Records what a look at a track found as of a date, and keeps the reports of it, in one transaction: their files are
    /// there before anybody can see that they are.
    pub fn note_track(
        &self,
        track: &str,
        as_of: Day,
        findings: &[AlertFinding],
        reports: &[(&str, String)],
    ) -> Result<Vec<ReportRecord>> {
        self.database().write(|db| {
            note_alerts(db, self.id(), track, as_of, findings)?;
            reports.iter().map(|(format, text)| self.add_report(db, track, as_of, format, text)).collect()
        })
    }

    fn add_report(
        &self,
        db: &Connection,
        track: &str,
        as_of: Day,
        format: &str,
        text: &str,
    ) -> Result<ReportRecord> {
        let sql = "INSERT INTO report (workspace, track, as_of, format, bytes, created)
            VALUES (?, ?, ?, ?, ?, ?)";
        let (bytes, created) = (text.len() as u64, clock::now());
        db.execute(sql, params![self.id(), track, as_of.0, format, bytes as i64, created]).fault()?;
        let (id, track, format) = (db.last_insert_rowid(), track.to_owned(), format.to_owned());
        let record = ReportRecord { id, track, as_of, format, bytes, created };
        write_durable(&self.reports_dir(), &record.file_name(), |file| file.write_all(text.as_bytes()))?;
        Ok(record)
    }

    /// Reports of a track, latest first.
    pub fn reports(&self, track: &str, page: &Page) -> Result<Paged<ReportRecord>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let sql = format!("{SELECT} AND track = ?2 AND id < ?3 ORDER BY id DESC LIMIT ?4");
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let rows = query.query_map(params![self.id(), track, before, page.fetch()], record).fault()?;
            let found: Vec<ReportRecord> = rows.collect::<rusqlite::Result<_>>().fault()?;
            Ok(Paged::of(found, page, |report| report.id.to_string()))
        })
    }

    /// A report of a track and where its file is.
    pub fn report(&self, track: &str, id: i64) -> Result<(ReportRecord, PathBuf)> {
        let sql = format!("{SELECT} AND track = ?2 AND id = ?3");
        let found = self
            .database()
            .read(|db| db.query_row(&sql, params![self.id(), track, id], record).optional().fault())?;
        let missing = || Error::new(Code::NotFound, format!("the track \"{track}\" has no report {id}"));
        let record = found.ok_or_else(missing)?;
        let path = self.reports_dir().join(record.file_name());
        Ok((record, path))
    }

    /// Removes a track with its reports; its alerts are closed and stay in the books.
    pub fn remove_track(&self, track: &str) -> Result<()> {
        self.remove_definition(DefinitionKind::Track, track)?;
        let removed: Vec<ReportRecord> = self.reports(track, &Page::all())?.items;
        self.database().write(|db| {
            let reports = "DELETE FROM report WHERE workspace = ? AND track = ?";
            db.execute(reports, params![self.id(), track]).fault()?;
            let alerts = "UPDATE alert SET closed = ? WHERE workspace = ? AND track = ? AND closed IS NULL";
            db.execute(alerts, params![clock::now(), self.id(), track]).fault()?;
            Ok(())
        })?;
        for report in removed {
            // A file that nothing names any more is in nobody's way.
            let _ = std::fs::remove_file(self.reports_dir().join(report.file_name()));
        }
        Ok(())
    }

    fn reports_dir(&self) -> PathBuf {
        self.dir().join("reports")
    }
}

fn record(row: &Row) -> rusqlite::Result<ReportRecord> {
    Ok(ReportRecord {
        id: row.get(0)?,
        track: row.get(1)?,
        as_of: Day(row.get(2)?),
        format: row.get(3)?,
        bytes: row.get::<_, i64>(4)? as u64,
        created: row.get(5)?,
    })
}
