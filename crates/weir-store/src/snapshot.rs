//! Snapshots: audiences frozen at an instant. The members are kept as they were, as nodes; who they are today is
//! resolved when they are read.

use roaring::RoaringBitmap;
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use weir_core::error::suggestion;
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::manifest::{FileKind, StoredFile, insert_file, live_files, remove_orphans};
use crate::page::{Page, Paged};
use crate::workspace::Workspace;
use crate::{bitmap, clock, files};

/// A frozen audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Its id, such as `s12`; never used again.
    pub id: String,
    /// Its name, unique within the workspace.
    pub name: String,
    /// The date it was evaluated as of.
    pub as_of: Day,
    /// The JSON form of the expression it was cut from.
    pub source: Value,
    /// How many members it had.
    pub size: u64,
    /// Hash over the members' canonical identifiers.
    pub content_hash: String,
    /// When it was made.
    pub created: Micros,
}

/// What is to be frozen.
#[derive(Debug, Clone, Copy)]
pub struct NewSnapshot<'a> {
    /// Its name.
    pub name: &'a str,
    /// The date it was evaluated as of.
    pub as_of: Day,
    /// The JSON form of the expression.
    pub source: &'a Value,
    /// Hash over the members' canonical identifiers.
    pub content_hash: &'a str,
    /// The members' canonical nodes.
    pub members: &'a RoaringBitmap,
}

const SELECT: &str =
    "SELECT id, name, as_of, source, size, content_hash, created FROM snapshot WHERE workspace = ?1";

impl Workspace {
    /// Freezes an audience.
    pub fn create_snapshot(&self, new: NewSnapshot) -> Result<Snapshot> {
        check_name(new.name)?;
        // Other writers are kept out while the file is there and its row is not.
        self.database().write(|db| {
            remove_orphans(db, self.id(), &self.dir(), &[FileKind::Snapshot])?;
            if !select(db, self.id(), "name = ?2", &[&new.name])?.is_empty() {
                let message = format!("the snapshot \"{}\" exists already", new.name);
                return Err(Error::new(Code::NameTaken, message).help("choose another name"));
            }
            let number = next_number(db, self.id())?;
            let file = self.write_members(number, new.members)?;
            insert_file(db, self.id(), &self.dir(), &file)?;
            insert(db, self.id(), number, &new)
        })
    }

    /// A snapshot by id or name.
    pub fn snapshot(&self, id_or_name: &str) -> Result<Snapshot> {
        self.database().read(|db| find(db, self.id(), id_or_name))
    }

    /// The members of a snapshot, as nodes that were canonical when it was made.
    pub fn snapshot_members(&self, id_or_name: &str) -> Result<RoaringBitmap> {
        let file = self.database().read(|db| {
            let snapshot = find(db, self.id(), id_or_name)?;
            let files = live_files(db, self.id(), &self.dir())?;
            let is_its = |file: &StoredFile| {
                file.kind == FileKind::Snapshot && file.label.as_deref() == Some(&snapshot.id)
            };
            let found = files.into_iter().find(is_its);
            found.ok_or_else(|| Error::internal(format!("weir.db: snapshot {} has no file", snapshot.id)))
        })?;
        bitmap::read(&file)
    }

    /// Snapshots, latest first.
    pub fn snapshots(&self, page: &Page) -> Result<Paged<Snapshot>> {
        let before =
            page.after.as_deref().map(number_of).map(|number| number.unwrap_or(0)).unwrap_or(i64::MAX);
        self.database().read(|db| {
            let rest = "id < ?2 ORDER BY id DESC LIMIT ?3";
            let found = select(db, self.id(), rest, &[&before, &page.fetch()])?;
            Ok(Paged::of(found, page, |snapshot| snapshot.id.clone()))
        })
    }

    /// Removes a snapshot. Its id is not used again.
    pub fn remove_snapshot(&self, id_or_name: &str) -> Result<()> {
        self.database().write(|db| {
            let snapshot = find(db, self.id(), id_or_name)?;
            let delete_file = "DELETE FROM file WHERE workspace = ? AND kind = 'snapshot' AND label = ?";
            db.execute(delete_file, params![self.id(), snapshot.id]).fault()?;
            let delete = "DELETE FROM snapshot WHERE workspace = ? AND name = ?";
            db.execute(delete, params![self.id(), snapshot.name]).fault()
        })?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &[FileKind::Snapshot]))
    }

    fn write_members(&self, number: i64, members: &RoaringBitmap) -> Result<StoredFile> {
        let dir = self.dir().join(FileKind::Snapshot.dir());
        let id = id_of(number);
        let mut file = bitmap::write(FileKind::Snapshot, &dir, &format!("{id}.roaring"), members)?;
        files::sync_dir(&dir)?;
        file.label = Some(id);
        Ok(file)
    }
}

fn id_of(number: i64) -> String {
    format!("s{number}")
}

fn number_of(id: &str) -> Option<i64> {
    id.strip_prefix('s')?.parse().ok()
}

fn check_name(name: &str) -> Result<()> {
    let fits = !name.trim().is_empty() && name.chars().count() <= 200 && !name.chars().any(char::is_control);
    if fits && number_of(name).is_none() {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("{name:?} cannot be the name of a snapshot"))
        .help("use up to 200 letters, not of the form s1, s2 … of ids"))
}

fn next_number(db: &Connection, workspace: i64) -> Result<i64> {
    let sql =
        "UPDATE workspace SET next_snapshot = next_snapshot + 1 WHERE id = ? RETURNING next_snapshot - 1";
    db.query_row(sql, [workspace], |row| row.get(0)).fault()
}

fn insert(db: &Connection, workspace: i64, number: i64, new: &NewSnapshot) -> Result<Snapshot> {
    let sql = "INSERT INTO snapshot (workspace, id, name, as_of, source, size, content_hash, created)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let (source, size) = (new.source.to_string(), new.members.len() as i64);
    let values =
        params![workspace, number, new.name, new.as_of.0, source, size, new.content_hash, clock::now()];
    db.execute(sql, values).fault()?;
    find(db, workspace, &id_of(number))
}

fn find(db: &Connection, workspace: i64, id_or_name: &str) -> Result<Snapshot> {
    let number = number_of(id_or_name).unwrap_or(0);
    let mut found = select(db, workspace, "(id = ?2 OR name = ?3)", &[&number, &id_or_name])?;
    match found.pop() {
        Some(snapshot) => Ok(snapshot),
        None => Err(unknown(db, workspace, id_or_name)?),
    }
}

fn select(
    db: &Connection,
    workspace: i64,
    rest: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<Snapshot>> {
    let mut query = db.prepare(&format!("{SELECT} AND {rest}")).fault()?;
    let mut all: Vec<&dyn rusqlite::ToSql> = vec![&workspace];
    all.extend(values);
    let mut rows = query.query(&all[..]).fault()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().fault()? {
        found.push(snapshot(row)?);
    }
    Ok(found)
}

fn snapshot(row: &Row) -> Result<Snapshot> {
    let source: String = row.get(3).fault()?;
    let damaged = |_| Error::internal("weir.db: a snapshot's expression is not JSON");
    Ok(Snapshot {
        id: id_of(row.get(0).fault()?),
        name: row.get(1).fault()?,
        as_of: Day(row.get(2).fault()?),
        source: serde_json::from_str(&source).map_err(damaged)?,
        size: row.get::<_, i64>(4).fault()? as u64,
        content_hash: row.get(5).fault()?,
        created: row.get(6).fault()?,
    })
}

fn unknown(db: &Connection, workspace: i64, id_or_name: &str) -> Result<Error> {
    let known = select(db, workspace, "1 ORDER BY id", &[])?;
    let error = Error::new(Code::UnknownSnapshot, format!("there is no snapshot \"{id_or_name}\""));
    Ok(match suggestion(id_or_name, known.iter().map(|snapshot| snapshot.name.as_str())) {
        Some(help) => error.help(help),
        None => error,
    })
}
