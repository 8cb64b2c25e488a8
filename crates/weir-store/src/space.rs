//! Space on the disk: what a workspace uses, what it may use, what is left, and what must stay free.
//!
//! Whoever brings something in asks here first, so that the end of the disk is met while there is still room for what
//! makes room: a flush, a transaction of the database, retention. What is used is what the manifest names, the log, and
//! the database; exports and what an import under way has written so far are seen in what is left only.
//!
//! Deliberately absent: when to look (see `ingest::gauge` and `commit`).

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use weir_core::size::Size;
use weir_core::{Code, Error, Result};

use crate::fault::{self, Fault};
use crate::quota::{Quota, read_quota};
use crate::workspace::Workspace;

/// What stays free unless somebody says otherwise: this much, and on a small disk one part in so many of it.
const RESERVE: u64 = 1 << 30;
const RESERVED_PART: u64 = 20;

/// Space at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes that the workspace uses.
    pub used: u64,
    /// Bytes that it may use.
    pub limit: Option<u64>,
    /// Bytes that are free on the disk of the data directory; none: the system does not tell.
    pub free: Option<u64>,
    /// Bytes that must stay free there.
    pub reserve: u64,
}

/// Which bound is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortage {
    /// The workspace uses what it may use.
    Limit,
    /// Of the disk only the reserve is left.
    Reserve,
}

impl Shortage {
    /// The name of the setting that says so.
    pub fn name(self) -> &'static str {
        match self {
            Shortage::Limit => "disk_limit",
            Shortage::Reserve => "disk_reserve",
        }
    }
}

impl Space {
    /// What is in the way of so many more bytes.
    pub fn shortage(&self, more: u64) -> Option<Shortage> {
        if self.limit.is_some_and(|limit| self.used.saturating_add(more) > limit) {
            return Some(Shortage::Limit);
        }
        let needed = self.reserve.saturating_add(more);
        // Without a reserve the disk itself is the bound: it says so when it is full.
        let is_low = self.reserve > 0 && self.free.is_some_and(|free| free < needed);
        is_low.then_some(Shortage::Reserve)
    }

    /// Whether so many more bytes may come in.
    pub fn check(&self, more: u64) -> Result<()> {
        self.shortage(more).map_or(Ok(()), |shortage| Err(self.refusal(shortage)))
    }

    /// The same with what has come in since.
    #[must_use]
    pub(crate) fn after(self, more: u64) -> Space {
        let free = self.free.map(|free| free.saturating_sub(more));
        Space { used: self.used.saturating_add(more), free, ..self }
    }

    /// The sentence that refuses.
    pub fn refusal(&self, shortage: Shortage) -> Error {
        let text = |bytes| Size(bytes).rounded();
        let (used, free) = (text(self.used), text(self.free.unwrap_or_default()));
        let (message, help) = match shortage {
            Shortage::Limit => (
                format!("the workspace uses {used} and may use {}", text(self.limit.unwrap_or_default())),
                "keep less (weir workspace set retention_days=…, weir import undo …) or allow more: \
                 weir workspace set disk_limit=…",
            ),
            Shortage::Reserve => (
                format!("{free} are free on the disk, and {} must stay free", text(self.reserve)),
                "make space on the disk of the data directory, or keep less free: weir workspace set disk_reserve=…",
            ),
        };
        Error::new(Code::DiskFull, message).help(help)
    }
}

impl Workspace {
    /// The space there is now.
    pub fn space(&self) -> Result<Space> {
        Scale::default().measure(self)
    }
}

/// Measures again and again; files of the manifest are only added up when the database has changed.
#[derive(Debug, Default)]
pub(crate) struct Scale {
    files: Option<(Stamp, u64)>,
}

/// Changes when anything in the database does: by others, by ourselves.
type Stamp = (i64, i64);

/// What the database says.
struct Recorded {
    quota: Quota,
    files: u64,
}

/// The filesystem of a directory.
#[derive(Debug, Clone, Copy)]
struct Filesystem {
    size: u64,
    free: u64,
}

impl Scale {
    pub(crate) fn measure(&mut self, workspace: &Workspace) -> Result<Space> {
        let Recorded { quota, files } = workspace.database().read(|db| self.recorded(db, workspace.id()))?;
        let dir = workspace.store().dir();
        let database = ["weir.db", "weir.db-wal"].map(|name| length(&dir.join(name)));
        let used = files + bytes_in(&workspace.log_dir())? + database.iter().sum::<u64>();
        Ok(space(&quota, used, filesystem(dir)?))
    }

    fn recorded(&mut self, db: &Connection, workspace: i64) -> Result<Recorded> {
        let now = stamp(db)?;
        let files = match self.files {
            Some((then, files)) if then == now => files,
            _ => sum_of_files(db, workspace)?,
        };
        self.files = Some((now, files));
        Ok(Recorded { quota: read_quota(db, workspace)?, files })
    }
}

/// What is free on the disk of a directory, if the system tells.
pub(crate) fn free_at(dir: &Path) -> Result<Option<u64>> {
    Ok(filesystem(dir)?.map(|filesystem| filesystem.free))
}

fn space(quota: &Quota, used: u64, filesystem: Option<Filesystem>) -> Space {
    let suggested = filesystem.map_or(RESERVE, |filesystem| RESERVE.min(filesystem.size / RESERVED_PART));
    Space {
        used,
        limit: quota.disk_limit,
        free: filesystem.map(|filesystem| filesystem.free),
        reserve: quota.disk_reserve.unwrap_or(suggested),
    }
}

fn stamp(db: &Connection) -> Result<Stamp> {
    let number = |sql: &str| db.query_row(sql, [], |row| row.get(0)).fault();
    Ok((number("PRAGMA data_version")?, number("SELECT total_changes()")?))
}

fn sum_of_files(db: &Connection, workspace: i64) -> Result<u64> {
    let sql = "SELECT coalesce(sum(bytes), 0) FROM file WHERE workspace = ?";
    let bytes: i64 = db.query_row(sql, [workspace], |row| row.get(0)).fault()?;
    Ok(bytes as u64)
}

/// Of a file that is not there nothing is used.
fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

fn bytes_in(dir: &Path) -> Result<u64> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        entries => entries.map_err(fault::io(dir))?,
    };
    let mut bytes = 0;
    for entry in entries {
        bytes += length(&entry.map_err(fault::io(dir))?.path());
    }
    Ok(bytes)
}

#[cfg(unix)]
fn filesystem(dir: &Path) -> Result<Option<Filesystem>> {
    let found = rustix::fs::statvfs(dir).map_err(|error| fault::io(dir)(error.into()))?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    // What is available to us, which is less than what is free where some is kept for root.
    Ok(Some(Filesystem { size: bytes(found.f_blocks), free: bytes(found.f_bavail) }))
}

#[cfg(not(unix))]
fn filesystem(_dir: &Path) -> Result<Option<Filesystem>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    fn of(limit: Option<u64>, reserve: Option<u64>, size: u64, free: u64) -> Space {
        let quota = Quota { retention_days: None, disk_limit: limit, disk_reserve: reserve };
        space(&quota, 10 * GB, Some(Filesystem { size, free }))
    }

    #[test]
    fn the_reserve_follows_the_size_of_the_disk() {
        assert_eq!(of(None, None, 1_000 * GB, GB).reserve, 1 << 30);
        assert_eq!(of(None, None, 64_000_000, GB).reserve, 3_200_000);
        assert_eq!(of(None, Some(7), 64_000_000, GB).reserve, 7);
        assert_eq!(
            space(&Quota::default(), 1, None),
            Space { used: 1, limit: None, free: None, reserve: 1 << 30 }
        );
    }

    #[test]
    fn either_bound_may_be_in_the_way() {
        let ample = of(Some(11 * GB), Some(GB), 100 * GB, 50 * GB);
        assert_eq!((ample.shortage(GB), ample.shortage(GB + 1)), (None, Some(Shortage::Limit)));
        let low = of(None, Some(GB), 100 * GB, 2 * GB);
        assert_eq!((low.shortage(GB), low.shortage(GB + 1)), (None, Some(Shortage::Reserve)));
        assert_eq!(low.after(GB + 1).shortage(0), Some(Shortage::Reserve));
        assert_eq!(
            of(None, Some(0), 100 * GB, 0).shortage(GB),
            None,
            "the disk is asked to keep nothing free"
        );
        let silent = Space { free: None, ..low };
        assert_eq!(silent.shortage(u64::MAX), None, "nothing is known of the disk");
    }

    #[test]
    fn the_refusal_names_the_bound_and_what_to_do() {
        let error = of(Some(9 * GB), None, 100 * GB, 50 * GB).check(0).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::DiskFull, "the workspace uses 10.0 GB and may use 9.0 GB")
        );
        let help = error.help.unwrap();
        assert!(help.ends_with("or allow more: weir workspace set disk_limit=…"), "{help}");
        let error = of(None, Some(2 * GB), 100 * GB, GB).check(0).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::DiskFull, "1.0 GB are free on the disk, and 2.0 GB must stay free")
        );
        let help = error.help.unwrap();
        assert!(help.ends_with("or keep less free: weir workspace set disk_reserve=…"), "{help}");
    }
}
