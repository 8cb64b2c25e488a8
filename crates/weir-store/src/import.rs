//! Imports: what is recorded of each, and taking one back.

use rusqlite::{Connection, OptionalExtension, Row, params};
use weir_core::ledger::Ledger;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::commit::IMPORTED;
use crate::fault::Fault;
use crate::ledger;
use crate::manifest::{ImportId, remove_orphans};
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// Reason for refusing a row that names nobody.
pub const NO_IDENTIFIER: &str = "no_identifier";

/// What an import brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Events.
    Events,
    /// Tags.
    Tags,
    /// Members of a list.
    List,
    /// Catalogue entries.
    Catalog,
    /// What came in one by one and was flushed: not an import that anybody made, so it is not listed or taken back.
    Stream,
}

impl ImportKind {
    /// Every kind that somebody may ask for, with its name.
    pub const ALL: [(&'static str, ImportKind); 4] = [
        ("events", ImportKind::Events),
        ("tags", ImportKind::Tags),
        ("list", ImportKind::List),
        ("catalog", ImportKind::Catalog),
    ];

    /// The kind's name.
    pub fn name(self) -> &'static str {
        ImportKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("stream", |(name, _)| name)
    }

    /// The kind of a name, of those that somebody may ask for.
    pub fn named(name: &str) -> Option<ImportKind> {
        ImportKind::ALL.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind)
    }
}

/// Whether an import counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It counts.
    Done,
    /// It was taken back.
    Undone,
}

impl ImportState {
    /// The state's name.
    pub fn name(self) -> &'static str {
        match self {
            ImportState::Done => "done",
            ImportState::Undone => "undone",
        }
    }
}

/// What is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSpec {
    /// What comes in.
    pub kind: ImportKind,
    /// Name of the source; the same event from two sources is two events.
    pub source: String,
    /// Names of the input files.
    pub files: Vec<String>,
    /// Text of the mapping.
    pub mapping: Option<String>,
}

/// What is recorded of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRecord {
    /// Its number in the workspace.
    pub id: ImportId,
    /// What came in.
    pub kind: ImportKind,
    /// Name of the source.
    pub source: String,
    /// Names of the input files.
    pub files: Vec<String>,
    /// Text of the mapping.
    pub mapping: Option<String>,
    /// When it began.
    pub started: Micros,
    /// When it became visible.
    pub finished: Micros,
    /// What became of each row.
    pub ledger: Ledger,
    /// Whether it counts.
    pub state: ImportState,
    /// Accepted rows that have expired since.
    pub expired: u64,
}

const COLUMNS: &str = "id, kind, source, files, mapping, started, finished, ledger, state, expired";

impl Workspace {
    /// Imports, latest first.
    pub fn imports(&self, page: &Page) -> Result<Paged<ImportRecord>> {
        let before = page.after_number()?.unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT {COLUMNS} FROM import WHERE workspace = ? AND id < ? AND kind <> 'stream' ORDER BY id DESC LIMIT ?"
        );
        self.database().read(|db| {
            let mut query = db.prepare(&sql).fault()?;
            let mut rows = query.query(params![self.id(), before, page.fetch()]).fault()?;
            let mut records = Vec::new();
            while let Some(row) = rows.next().fault()? {
                records.push(record(row)?);
            }
            Ok(Paged::of(records, page, |record| record.id.to_string()))
        })
    }

    /// One import.
    pub fn import(&self, id: ImportId) -> Result<ImportRecord> {
        self.database().read(|db| find(db, self.id(), id))
    }

    /// Time of the latest event in files, whoever brought it. An import all of whose events have expired brought none.
    pub fn last_time(&self) -> Result<Option<Micros>> {
        let sql = "SELECT max(json_extract(ledger, '$.last_time')) FROM import
                   WHERE workspace = ?1 AND state = 'done' AND (expired = 0 OR EXISTS (
                     SELECT 1 FROM file WHERE workspace = ?1 AND import = import.id AND kind = 'events'))";
        self.database().read(|db| db.query_row(sql, [self.id()], |row| row.get(0)).fault())
    }

    /// Takes an import back: afterwards the store answers as if it had never been. Names of identifiers stay known,
    /// but nobody is anybody by a name alone. Rows that later imports left out because they were there already do
    /// not come back; import those files again.
    pub fn undo(&self, id: ImportId) -> Result<ImportRecord> {
        let _exclusive = self.exclusive()?;
        let record = self.database().write(|db| take_back(db, self.id(), id))?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &IMPORTED))?;
        Ok(record)
    }
}

fn find(db: &Connection, workspace: i64, id: ImportId) -> Result<ImportRecord> {
    let sql = format!("SELECT {COLUMNS} FROM import WHERE workspace = ? AND id = ? AND kind <> 'stream'");
    let found = db.query_row(&sql, params![workspace, id], |row| Ok(record(row))).optional().fault()?;
    let unknown = || Error::new(Code::UnknownImport, format!("there is no import {id}"));
    found.ok_or_else(unknown)?
}

/// Whether an import is no import that anybody made, but what the ingest flushed.
pub(crate) fn is_flush(db: &Connection, workspace: i64, id: ImportId) -> Result<bool> {
    let sql = "SELECT kind = ? FROM import WHERE workspace = ? AND id = ?";
    db.query_row(sql, params![ImportKind::Stream.name(), workspace, id], |row| row.get(0)).fault()
}

pub(crate) fn stored_kind(name: &str) -> Option<ImportKind> {
    if name == ImportKind::Stream.name() { Some(ImportKind::Stream) } else { ImportKind::named(name) }
}

fn record(row: &Row) -> Result<ImportRecord> {
    let text = |place: usize| row.get::<_, String>(place).fault();
    let damaged = |what: &str| Error::internal(format!("weir.db: an import's {what} cannot be read"));
    let state = if text(8)? == "done" { ImportState::Done } else { ImportState::Undone };
    Ok(ImportRecord {
        id: row.get(0).fault()?,
        kind: stored_kind(&text(1)?).ok_or_else(|| damaged("kind"))?,
        source: text(2)?,
        files: serde_json::from_str(&text(3)?).map_err(|_| damaged("files"))?,
        mapping: row.get(4).fault()?,
        started: row.get(5).fault()?,
        finished: row.get(6).fault()?,
        ledger: ledger::from_json(&text(7)?)?,
        state,
        expired: row.get::<_, i64>(9).fault()? as u64,
    })
}

/// The number of the next import.
pub(crate) fn next_import(db: &Connection, workspace: i64) -> Result<ImportId> {
    let sql = "SELECT coalesce(max(id), 0) + 1 FROM import WHERE workspace = ?";
    db.query_row(sql, [workspace], |row| row.get(0)).fault()
}

/// Everything that ever wrote, flushes of the ingest included.
pub(crate) fn every_import(db: &Connection, workspace: i64) -> Result<Vec<ImportRecord>> {
    let mut query = db.prepare(&format!("SELECT {COLUMNS} FROM import WHERE workspace = ?")).fault()?;
    let mut rows = query.query([workspace]).fault()?;
    let mut records = Vec::new();
    while let Some(row) = rows.next().fault()? {
        records.push(record(row)?);
    }
    Ok(records)
}

pub(crate) fn insert_import(db: &Connection, workspace: i64, record: &ImportRecord) -> Result<()> {
    let sql = format!("INSERT INTO import (workspace, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    let values = params![
        workspace,
        record.id,
        record.kind.name(),
        record.source,
        serde_json::json!(record.files).to_string(),
        record.mapping,
        record.started,
        record.finished,
        ledger::to_json(&record.ledger).to_string(),
        record.state.name(),
        record.expired as i64,
    ];
    db.execute(&sql, values).fault()?;
    Ok(())
}

/// What an import stated goes; its record stays, and the names it brought.
pub(crate) fn take_back(db: &Connection, workspace: i64, id: ImportId) -> Result<ImportRecord> {
    let record = find(db, workspace, id)?;
    if record.state == ImportState::Undone {
        let error = Error::new(Code::UnknownImport, format!("import {id} was already taken back"));
        return Err(error);
    }
    for sql in [
        "DELETE FROM file WHERE workspace = ? AND import = ? AND kind <> 'identity'",
        "DELETE FROM tag WHERE workspace = ? AND import = ?",
        "DELETE FROM catalog WHERE workspace = ? AND import = ?",
        "UPDATE import SET state = 'undone' WHERE workspace = ? AND id = ?",
    ] {
        db.execute(sql, params![workspace, id]).fault()?;
    }
    db.execute("UPDATE workspace SET generation = generation + 1 WHERE id = ?", [workspace]).fault()?;
    Ok(ImportRecord { state: ImportState::Undone, ..record })
}
