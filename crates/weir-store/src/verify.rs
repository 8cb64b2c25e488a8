//! Verification: is everything on disk what was written, and does it fit together?
//!
//! Nothing is repaired here. Files that are not live are listed apart: they are what a killed import leaves, harmless,
//! and go with the next one.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::{Date32Type, TimestampMicrosecondType};
use rayon::prelude::*;
use rusqlite::{Connection, params};
use weir_core::identity::Node;
use weir_core::time::{Day, Zone};
use weir_core::{Code, Error, Result};

use crate::commit::{IMPORTED, check_run};
use crate::fault::{Fault, corrupt};
use crate::import::{ImportKind, ImportRecord, ImportState, every_import};
use crate::lock::WriterLock;
use crate::manifest::{FileKind, StoredFile, orphans, relative};
use crate::table::read_table;
use crate::view::View;
use crate::workspace::{Workspace, next_node};
use crate::{bitmap, column, link, names, tag};

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the data directory.
    pub file: String,
    /// What sort of trouble.
    pub code: Code,
    /// One sentence.
    pub message: String,
}

/// The outcome of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// How many files were read.
    pub files: usize,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Files that belong to no import; none are listed while an import is under way.
    pub orphans: Vec<String>,
    /// Bytes of the index by column, where it is sound.
    pub index: BTreeMap<String, u64>,
}

/// What files are checked against.
struct Bounds<'a> {
    zone: &'a Zone,
    next_node: Node,
}

impl Workspace {
    /// Reads everything that the workspace holds and reports what is wrong.
    pub fn verify(&self) -> Result<Verification> {
        let database = self.database().read(check_database)?;
        let view = self.view()?;
        let next_node = self.database().read(|db| next_node(db, self.id()))?;
        let files: Vec<&StoredFile> = FileKind::ALL.iter().flat_map(|(_, kind)| view.files(*kind)).collect();
        let bounds = Bounds { zone: &view.settings().zone, next_node };
        let damage: Vec<Finding> = files.par_iter().filter_map(|file| self.check(file, &bounds)).collect();
        let mut findings: Vec<Finding> = database.into_iter().chain(damage).collect();
        findings.extend(self.check_names(&view, next_node));
        findings.extend(self.check_log(&view));
        findings.extend(self.check_imports(&view)?);
        Ok(Verification { files: files.len(), findings, orphans: self.orphans()?, index: BTreeMap::new() })
    }

    fn check(&self, file: &StoredFile, bounds: &Bounds) -> Option<Finding> {
        let error = check_file(file, bounds).err()?;
        Some(self.finding(&file.path, error))
    }

    fn finding(&self, path: &Path, error: Error) -> Finding {
        let file = relative(self.store().dir(), path).unwrap_or_else(|_| path.display().to_string());
        Finding { file, code: error.code, message: error.message }
    }

    /// All nodes have names, in order.
    fn check_names(&self, view: &View, next_node: Node) -> Option<Finding> {
        let mut count: Node = 0;
        let scanned = names::scan(0, view.files(FileKind::Identity), |_, _| {
            count += 1;
            Ok(())
        });
        let dir = self.dir().join(FileKind::Identity.dir());
        match scanned {
            Err(error) => Some(self.finding(&dir, error)),
            Ok(()) if count != next_node => {
                Some(self.finding(&dir, corrupt(&dir, format!("{count} names for {next_node} nodes"))))
            }
            Ok(()) => None,
        }
    }

    /// The log can be read from where the files end. Its torn end is nothing that was acknowledged.
    fn check_log(&self, view: &View) -> Option<Finding> {
        let read = self.read_log(view.log_flushed(), None, |_, _| Ok(()));
        read.err().map(|error| self.finding(&self.log_dir(), error))
    }

    fn check_imports(&self, view: &View) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for record in self.database().read(|db| every_import(db, self.id()))? {
            let entries = self.database().read(|db| catalog_entries(db, self.id(), &record))?;
            if let Some(message) = imbalance(&record, view, entries) {
                let message = format!("import {}: {message}", record.id);
                findings.push(Finding { file: "weir.db".to_owned(), code: Code::CorruptFile, message });
            }
        }
        Ok(findings)
    }

    fn orphans(&self) -> Result<Vec<String>> {
        // An import under way has files that are not live yet.
        let Some(_lock) = WriterLock::try_take(self.store().dir())? else { return Ok(Vec::new()) };
        let paths = self.database().read(|db| orphans(db, self.id(), &self.dir(), &IMPORTED))?;
        paths.iter().map(|path| relative(self.store().dir(), path)).collect()
    }
}

/// SQLite's own check.
fn check_database(db: &Connection) -> Result<Vec<Finding>> {
    let mut query = db.prepare("PRAGMA integrity_check").fault()?;
    let messages = query.query_map([], |row| row.get::<_, String>(0)).fault()?;
    let mut findings = Vec::new();
    for message in messages {
        let message = message.fault()?;
        if message != "ok" {
            findings.push(Finding { file: "weir.db".to_owned(), code: Code::CorruptFile, message });
        }
    }
    Ok(findings)
}

fn check_file(file: &StoredFile, bounds: &Bounds) -> Result<()> {
    let rows = match file.kind {
        FileKind::Events => check_events(file, bounds)?,
        FileKind::Tags | FileKind::Computed => check_tags(file, bounds)?,
        FileKind::List | FileKind::Identity => check_nodes(file, bounds)?,
        FileKind::Links => check_links(file, bounds)?,
        FileKind::Sightings | FileKind::Snapshot | FileKind::Members => check_set(file, bounds)?,
        FileKind::Unmatched => check_texts(file)?,
        FileKind::Dedupe => check_run(file)?,
        FileKind::Segment => file.open().map(|_| file.rows)?,
    };
    if rows == file.rows {
        return Ok(());
    }
    Err(corrupt(&file.path, format!("{rows} rows where {} were written", file.rows)))
}

fn check_events(file: &StoredFile, bounds: &Bounds) -> Result<u64> {
    let day = partition(file)?;
    let mut rows = 0;
    for batch in read_table(file)? {
        let batch = batch?;
        check_bound(file, column::nodes(&batch, "consumer")?.iter().copied().max(), bounds)?;
        check_days(file, &batch, day, bounds.zone)?;
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}

/// The day that the file's directory names.
fn partition(file: &StoredFile) -> Result<Day> {
    let dir = file.path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let day =
        dir.as_deref().and_then(|name| name.strip_prefix("day=")).and_then(|day| day.parse::<Day>().ok());
    let day = day.ok_or_else(|| corrupt(&file.path, "the directory names no day"))?;
    if file.days == Some((day, day)) {
        return Ok(day);
    }
    Err(corrupt(&file.path, "the manifest has another day for this file"))
}

fn check_days(file: &StoredFile, batch: &RecordBatch, day: Day, zone: &Zone) -> Result<()> {
    let days = column::primitive::<Date32Type>(batch, "day")?.values();
    if days.iter().any(|other| *other != day.0) {
        return Err(corrupt(&file.path, format!("it holds events of other days than {day}")));
    }
    let times = column::primitive::<TimestampMicrosecondType>(batch, "time")?.values();
    if times.iter().any(|time| zone.day_of(*time) != Some(day)) {
        let zone = zone.name();
        return Err(corrupt(&file.path, format!("it holds times that are not on {day} in {zone}")));
    }
    Ok(())
}

fn check_tags(file: &StoredFile, bounds: &Bounds) -> Result<u64> {
    let (mut rows, mut most) = (0, None);
    tag::scan([file], |node, _| {
        rows += 1;
        most = most.max(Some(node));
        Ok(())
    })?;
    check_bound(file, most, bounds)?;
    Ok(rows)
}

fn check_nodes(file: &StoredFile, bounds: &Bounds) -> Result<u64> {
    let mut rows = 0;
    for batch in read_table(file)? {
        let batch = batch?;
        check_bound(file, column::nodes(&batch, "node")?.iter().copied().max(), bounds)?;
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}

fn check_texts(file: &StoredFile) -> Result<u64> {
    let mut rows = 0;
    for batch in read_table(file)? {
        let batch = batch?;
        column::text(&batch, "value")?;
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}

fn check_links(file: &StoredFile, bounds: &Bounds) -> Result<u64> {
    let links = link::load([file])?;
    check_bound(file, links.iter().map(|link| link.a.max(link.b)).max(), bounds)?;
    Ok(links.len() as u64)
}

fn check_set(file: &StoredFile, bounds: &Bounds) -> Result<u64> {
    let set = bitmap::read(file)?;
    check_bound(file, set.max(), bounds)?;
    Ok(set.len())
}

fn check_bound(file: &StoredFile, most: Option<Node>, bounds: &Bounds) -> Result<()> {
    match most {
        Some(node) if node >= bounds.next_node => {
            Err(corrupt(&file.path, format!("node {node} has no name")))
        }
        _ => Ok(()),
    }
}

/// What the ledger says against what is there.
fn imbalance(record: &ImportRecord, view: &View, catalog_entries: u64) -> Option<String> {
    if !record.ledger.balances() {
        return Some("its ledger does not balance".to_owned());
    }
    if record.state == ImportState::Undone {
        return None;
    }
    let rows = |kind| -> u64 {
        view.files(kind).filter(|file| file.import == Some(record.id)).map(|file| file.rows).sum()
    };
    let (accepted, expired) = (record.ledger.accepted, record.expired);
    let found = match record.kind {
        ImportKind::Events if rows(FileKind::Events) + expired != accepted => rows(FileKind::Events),
        ImportKind::Events if rows(FileKind::Dedupe) != accepted => rows(FileKind::Dedupe),
        ImportKind::List if rows(FileKind::List) + rows(FileKind::Unmatched) < accepted => {
            rows(FileKind::List)
        }
        ImportKind::Catalog if catalog_entries != accepted => catalog_entries,
        ImportKind::Stream if rows(FileKind::Dedupe) != accepted => rows(FileKind::Dedupe),
        ImportKind::Events
        | ImportKind::List
        | ImportKind::Catalog
        | ImportKind::Tags
        | ImportKind::Stream => return None,
    };
    let expired = if expired > 0 { format!(" and {expired} have expired") } else { String::new() };
    Some(format!("it accepted {accepted} rows, {found} are there{expired}"))
}

fn catalog_entries(db: &Connection, workspace: i64, record: &ImportRecord) -> Result<u64> {
    let sql = "SELECT count(*) FROM catalog WHERE workspace = ? AND import = ?";
    let count: i64 = db.query_row(sql, params![workspace, record.id], |row| row.get(0)).fault()?;
    Ok(count as u64)
}
