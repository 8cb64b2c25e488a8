//! The disk: the few operations by which files are made, written, synced, renamed and removed.
//!
//! There is one disk, the machine's. It has a type so that this crate's tests can break it: they arrange mishaps for a directory
//! (see [`mishap`]). Everywhere else a [`Disk`] is empty and each call is the standard library's.
//! Deliberately absent: reading, which cannot lose anything, and what SQLite does.

#[cfg(test)]
pub(crate) mod mishap;
#[cfg(not(test))]
#[path = "no_mishap.rs"]
mod mishap;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use mishap::Watch;

/// What is done to a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A file is made, or opened for writing.
    Open,
    /// Bytes are written.
    #[cfg_attr(not(test), expect(dead_code, reason = "only mishaps ask which operation a write is"))]
    Write,
    /// A file is made durable.
    Sync,
    /// A file is cut short.
    Truncate,
    /// A file gets its name.
    Rename,
    /// A file is removed.
    Remove,
    /// The names in a directory are made durable.
    SyncDir,
}

/// The disk that a directory lies on. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk {
    watch: Watch,
}

impl Disk {
    /// The disk of a directory or file.
    pub(crate) fn of(path: &Path) -> Disk {
        Disk { watch: Watch::of(path) }
    }

    /// Makes a file, empty whatever it was.
    pub(crate) fn create(&self, path: &Path) -> io::Result<DiskFile> {
        self.watch.run(Operation::Open, path, || Ok(()))?;
        Ok(self.file(File::create(path)?, path))
    }

    /// Opens a file that is there, for writing.
    pub(crate) fn open(&self, path: &Path) -> io::Result<DiskFile> {
        self.watch.run(Operation::Open, path, || Ok(()))?;
        Ok(self.file(File::options().write(true).open(path)?, path))
    }

    fn file(&self, file: File, path: &Path) -> DiskFile {
        DiskFile { file, path: path.to_owned(), watch: self.watch.clone() }
    }

    /// Gives a file another name, in place of whatever had it.
    pub(crate) fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.watch.run(Operation::Rename, to, || fs::rename(from, to))
    }

    /// Removes a file.
    pub(crate) fn remove(&self, path: &Path) -> io::Result<()> {
        self.watch.run(Operation::Remove, path, || fs::remove_file(path))
    }

    /// Makes the names in a directory durable.
    pub(crate) fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.watch.run(Operation::SyncDir, dir, || File::open(dir)?.sync_all())
    }
}

/// A file open for writing.
pub(crate) struct DiskFile {
    file: File,
    path: PathBuf,
    watch: Watch,
}

impl DiskFile {
    /// Makes everything written durable, and the length with it.
    pub(crate) fn sync_data(&self) -> io::Result<()> {
        self.watch.run(Operation::Sync, &self.path, || self.file.sync_data())
    }

    /// Makes everything written durable, and all that is known of the file.
    pub(crate) fn sync_all(&self) -> io::Result<()> {
        self.watch.run(Operation::Sync, &self.path, || self.file.sync_all())
    }

    /// Cuts the file to a length.
    pub(crate) fn truncate(&self, length: u64) -> io::Result<()> {
        self.watch.run(Operation::Truncate, &self.path, || self.file.set_len(length))
    }

    /// The next write goes here.
    pub(crate) fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset)).map(drop)
    }
}

impl Write for DiskFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let file = &mut self.file;
        self.watch.write(buffer, |bytes| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
