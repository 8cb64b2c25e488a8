//! The manifest: which files are live. A file exists when table `file` names it, whatever lies on disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Row, params};
use weir_core::time::Day;
use weir_core::{Error, Result};

use crate::fault::{self, Fault, corrupt, newer};
use crate::files::{self, Written};

/// Number of an import within its workspace, from 1.
pub type ImportId = u32;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Events of one day, Parquet.
    Events,
    /// Tag statements, Parquet.
    Tags,
    /// Statements of computed tags, Parquet. They follow from other data, so nobody becomes known by them.
    Computed,
    /// Members that an import put on a list, Parquet.
    List,
    /// Identifiers of a list's upload that nobody was known by, Parquet.
    Unmatched,
    /// Names of new identifiers, Parquet. Permanent.
    Identity,
    /// Links between identifiers, Parquet.
    Links,
    /// The identifiers that an import mentions, Roaring.
    Sightings,
    /// Fingerprints of accepted events, sorted.
    Dedupe,
    /// Derived index of events.
    Segment,
    /// A frozen audience, Roaring.
    Snapshot,
    /// Members of an audience as of its latest date, Roaring.
    Members,
}

impl FileKind {
    /// Every kind with its name.
    pub const ALL: [(&'static str, FileKind); 12] = [
        ("events", FileKind::Events),
        ("tags", FileKind::Tags),
        ("computed", FileKind::Computed),
        ("list", FileKind::List),
        ("unmatched", FileKind::Unmatched),
        ("identity", FileKind::Identity),
        ("links", FileKind::Links),
        ("sightings", FileKind::Sightings),
        ("dedupe", FileKind::Dedupe),
        ("segment", FileKind::Segment),
        ("snapshot", FileKind::Snapshot),
        ("members", FileKind::Members),
    ];

    /// The kind's name.
    pub fn name(self) -> &'static str {
        FileKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("events", |(name, _)| name)
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<FileKind> {
        FileKind::ALL.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind)
    }

    /// The newest format version that this program reads, and the one it writes.
    pub fn format(self) -> u32 {
        match self {
            FileKind::Segment => weir_engine::container::VERSION,
            _ => 1,
        }
    }

    /// The directory of the kind's files, within the workspace's.
    pub fn dir(self) -> &'static str {
        match self {
            FileKind::Events => "events",
            FileKind::Tags => "tags",
            FileKind::Computed => "computed",
            FileKind::List => "lists",
            FileKind::Unmatched => "unmatched",
            FileKind::Identity => "identity",
            FileKind::Links => "links",
            FileKind::Sightings => "sightings",
            FileKind::Dedupe => "dedupe",
            FileKind::Segment => "segments",
            FileKind::Snapshot => "snapshots",
            FileKind::Members => "members",
        }
    }

    /// Whether the file is a Parquet table.
    pub fn is_table(self) -> bool {
        match self {
            FileKind::Events | FileKind::Tags | FileKind::Computed => true,
            FileKind::List | FileKind::Unmatched => true,
            FileKind::Identity | FileKind::Links => true,
            FileKind::Sightings | FileKind::Dedupe | FileKind::Segment => false,
            FileKind::Snapshot | FileKind::Members => false,
        }
    }
}

/// A live file, or one that is about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// What it holds.
    pub kind: FileKind,
    /// Where it is.
    pub path: PathBuf,
    /// The import that wrote it; none for segments and snapshots.
    pub import: Option<ImportId>,
    /// Name of the list, id of the snapshot, or number of the audience.
    pub label: Option<String>,
    /// Rows, members, or fingerprints.
    pub rows: u64,
    /// Length.
    pub bytes: u64,
    /// XXH3-64, hex.
    pub checksum: String,
    /// Format version.
    pub format: u32,
    /// First and last day of its events.
    pub days: Option<(Day, Day)>,
}

impl StoredFile {
    /// A file just written, of the present format.
    pub fn new(kind: FileKind, written: Written, rows: u64) -> StoredFile {
        let Written { path, bytes, checksum } = written;
        let format = kind.format();
        StoredFile { kind, path, import: None, label: None, rows, bytes, checksum, format, days: None }
    }

    /// Opens the file after checking that it is what was written, byte for byte.
    pub fn open(&self) -> Result<fs::File> {
        if self.format > self.kind.format() {
            return Err(newer(&self.path, self.format));
        }
        let mut file = fs::File::open(&self.path).map_err(|error| self.cannot_open(&error))?;
        let (bytes, checksum) = files::checksum_of(&mut file, &self.path)?;
        self.check(bytes, &checksum)?;
        std::io::Seek::rewind(&mut file).map_err(fault::io(&self.path))?;
        Ok(file)
    }

    /// The bytes of a small file, checked, after its header.
    pub(crate) fn read_payload(&self) -> Result<Vec<u8>> {
        let bytes = fs::read(&self.path).map_err(|error| self.cannot_open(&error))?;
        if self.format > self.kind.format() {
            return Err(newer(&self.path, self.format));
        }
        self.check(bytes.len() as u64, &files::checksum(&bytes))?;
        let payload =
            files::after_header(&bytes, self.kind.name_in_header(), self.kind.format(), &self.path)?;
        Ok(payload.to_vec())
    }

    fn check(&self, bytes: u64, checksum: &str) -> Result<()> {
        if bytes != self.bytes {
            return Err(corrupt(&self.path, format!("{bytes} bytes where {} were written", self.bytes)));
        }
        if checksum != self.checksum {
            return Err(corrupt(&self.path, "the contents do not match their checksum"));
        }
        Ok(())
    }

    fn cannot_open(&self, error: &std::io::Error) -> Error {
        if error.kind() == std::io::ErrorKind::NotFound {
            return corrupt(&self.path, "the file is missing");
        }
        fault::io(&self.path)(std::io::Error::new(error.kind(), error.to_string()))
    }
}

impl FileKind {
    /// The name in a binary file's header, which has room for eight letters.
    pub(crate) fn name_in_header(self) -> &'static str {
        match self {
            FileKind::Sightings => "sighting",
            FileKind::Unmatched => "unmatchd",
            other => other.name(),
        }
    }
}

/// All live files of a workspace, in the order of their imports and paths.
pub(crate) fn live_files(db: &Connection, workspace: i64, dir: &Path) -> Result<Vec<StoredFile>> {
    let sql = "SELECT kind, path, import, label, rows, bytes, checksum, format, min_day, max_day FROM file
               WHERE workspace = ? ORDER BY import, length(path), path";
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query([workspace]).fault()?;
    let mut files = Vec::new();
    while let Some(row) = rows.next().fault()? {
        files.push(stored_file(row, dir)?);
    }
    Ok(files)
}

fn stored_file(row: &Row, dir: &Path) -> Result<StoredFile> {
    let (kind, path): (String, String) = (row.get(0).fault()?, row.get(1).fault()?);
    let kind = FileKind::named(&kind).ok_or_else(|| newer(&dir.join(&path), format!("\"{kind}\"")))?;
    let (first, last): (Option<i32>, Option<i32>) = (row.get(8).fault()?, row.get(9).fault()?);
    Ok(StoredFile {
        kind,
        path: dir.join(path),
        import: row.get(2).fault()?,
        label: row.get(3).fault()?,
        rows: row.get::<_, i64>(4).fault()? as u64,
        bytes: row.get::<_, i64>(5).fault()? as u64,
        checksum: row.get(6).fault()?,
        format: row.get(7).fault()?,
        days: first.zip(last).map(|(first, last)| (Day(first), Day(last))),
    })
}

/// Makes a file live, within the transaction that needs it.
pub(crate) fn insert_file(db: &Connection, workspace: i64, dir: &Path, file: &StoredFile) -> Result<()> {
    let sql = "INSERT INTO file (workspace, path, kind, import, label, rows, bytes, checksum, format, min_day, max_day)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let values = params![
        workspace,
        relative(dir, &file.path)?,
        file.kind.name(),
        file.import,
        file.label,
        file.rows as i64,
        file.bytes as i64,
        file.checksum,
        file.format,
        file.days.map(|(first, _)| first.0),
        file.days.map(|(_, last)| last.0),
    ];
    db.prepare_cached(sql).fault()?.execute(values).fault()?;
    Ok(())
}

/// A path as the manifest keeps it, with `/` between its parts.
pub(crate) fn relative(dir: &Path, path: &Path) -> Result<String> {
    let outside = || Error::internal(format!("{} is not below {}", path.display(), dir.display()));
    let below = path.strip_prefix(dir).map_err(|_| outside())?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    Ok(parts.ok_or_else(outside)?.join("/"))
}

/// Files of these kinds that lie on disk but are not live.
pub(crate) fn orphans(
    db: &Connection,
    workspace: i64,
    dir: &Path,
    kinds: &[FileKind],
) -> Result<Vec<PathBuf>> {
    let live: BTreeSet<PathBuf> = live_files(db, workspace, dir)?.into_iter().map(|file| file.path).collect();
    let mut found = Vec::new();
    for kind in kinds {
        files_below(&dir.join(kind.dir()), &mut found)?;
    }
    found.retain(|path| !live.contains(path) && path.file_name().is_none_or(|name| name != "lock"));
    Ok(found)
}

fn files_below(dir: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir).map_err(fault::io(dir))? {
        let path = entry.map_err(fault::io(dir))?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

/// Removes what is on disk without being live. Call it inside a writing transaction, so that no file can become live
/// in between.
pub(crate) fn remove_orphans(db: &Connection, workspace: i64, dir: &Path, kinds: &[FileKind]) -> Result<()> {
    for path in orphans(db, workspace, dir, kinds)? {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(fault::io(&path)(error));
            }
            _ => {}
        }
        remove_if_empty(path.parent());
    }
    Ok(())
}

/// A day's directory goes with its last file. Refused by the system while something is in it, which is what we want.
fn remove_if_empty(dir: Option<&Path>) {
    if let Some(dir) =
        dir.filter(|dir| dir.file_name().is_some_and(|name| name.to_string_lossy().contains('=')))
    {
        let _ = fs::remove_dir(dir);
    }
}
