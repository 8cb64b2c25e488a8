//! Which segment files are live, and the generation they cover. What is in them is not known here.
//!
//! Segments are derived: a set may be older than the data, be replaced at any time, or be missing.

use std::path::PathBuf;

use rusqlite::{Connection, params};
use weir_core::Result;

use crate::fault::Fault;
use crate::files;
use crate::lock::SegmentLock;
use crate::manifest::{FileKind, StoredFile, insert_file, live_files, remove_orphans};
use crate::workspace::Workspace;

/// The segments that are live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSet {
    /// The generation whose data they hold.
    pub generation: u64,
    /// Their files.
    pub files: Vec<StoredFile>,
}

impl SegmentSet {
    /// Whether the files are as this program writes them; older ones are made again.
    pub fn is_of_this_format(&self) -> bool {
        self.files.iter().all(|file| file.format == FileKind::Segment.format())
    }
}

impl Workspace {
    /// The directory for segment files. Names must not be used twice: readers may still hold the old file.
    pub fn segment_dir(&self) -> PathBuf {
        self.dir().join(FileKind::Segment.dir())
    }

    /// The live segments, if any were ever built.
    pub fn segments(&self) -> Result<Option<SegmentSet>> {
        self.database().read(|db| {
            let Some(generation) = covered(db, self.id())? else { return Ok(None) };
            let mut files = live_files(db, self.id(), &self.dir())?;
            files.retain(|file| file.kind == FileKind::Segment);
            Ok(Some(SegmentSet { generation, files }))
        })
    }

    /// Keeps other builders away, waiting for one that is at work; look at [`Workspace::segments`] again afterwards.
    pub fn lock_segments(&self) -> Result<SegmentLock> {
        files::create_dir(&self.segment_dir())?;
        SegmentLock::wait(&self.segment_dir())
    }

    /// Makes these files the live segments, in one transaction, then removes the others.
    pub fn replace_segments(&self, _lock: &SegmentLock, set: &SegmentSet) -> Result<()> {
        files::sync_dir(&self.segment_dir())?;
        self.database().write(|db| {
            db.execute("DELETE FROM file WHERE workspace = ? AND kind = 'segment'", [self.id()]).fault()?;
            for file in &set.files {
                insert_file(db, self.id(), &self.dir(), file)?;
            }
            let sql = "UPDATE workspace SET segments_generation = ? WHERE id = ?";
            db.execute(sql, params![set.generation as i64, self.id()]).fault()
        })?;
        self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &[FileKind::Segment]))
    }
}

fn covered(db: &Connection, workspace: i64) -> Result<Option<u64>> {
    let sql = "SELECT segments_generation FROM workspace WHERE id = ?";
    let generation: Option<i64> = db.query_row(sql, [workspace], |row| row.get(0)).fault()?;
    Ok(generation.map(|generation| generation as u64))
}
