//! Files that are either whole or not there: written under a temporary name, synced, renamed; and checked when read.
//!
//! Binary files begin with a [`header`] that names what they are and their format version; Parquet files carry the
//! version in their metadata (see `table`). Deliberately absent: what the files mean, and which of them are live.

use std::fs::{self, File};
use std::hash::Hasher;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use twox_hash::XxHash3_64;
use weir_core::Result;

use crate::disk::{Disk, DiskFile};
use crate::fault::{self, corrupt, newer};

/// Ending of files that are still being written.
pub(crate) const TEMPORARY: &str = ".tmp";

/// Length of the header of binary files.
pub const HEADER_LEN: usize = 16;

const MAGIC: &[u8; 4] = b"weir";

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where it is now.
    pub path: PathBuf,
    /// Length in bytes.
    pub bytes: u64,
    /// XXH3-64 of all bytes, in hex.
    pub checksum: String,
}

/// A file in the making. Until [`DurableFile::commit`] it exists under a temporary name only; dropped before that, it
/// is removed.
pub struct DurableFile {
    disk: Disk,
    out: BufWriter<DiskFile>,
    hasher: XxHash3_64,
    bytes: u64,
    temporary: PathBuf,
    path: PathBuf,
    committed: bool,
}

impl DurableFile {
    /// Starts the file `name` in `dir`, which is created if need be.
    pub fn create(dir: &Path, name: &str) -> Result<DurableFile> {
        create_dir(dir)?;
        let path = dir.join(name);
        let temporary = dir.join(format!("{name}{TEMPORARY}"));
        let disk = Disk::of(dir);
        let file = disk.create(&temporary).map_err(fault::io(&temporary))?;
        let out = BufWriter::with_capacity(1 << 16, file);
        Ok(DurableFile { disk, out, hasher: XxHash3_64::new(), bytes: 0, temporary, path, committed: false })
    }

    /// Makes the contents durable and gives the file its name. The name itself is durable once its directory is
    /// synced (see [`sync_dir`]), so that many files of one directory share one sync.
    pub fn commit(mut self) -> Result<Written> {
        self.out.flush().map_err(fault::io(&self.temporary))?;
        self.out.get_ref().sync_all().map_err(fault::io(&self.temporary))?;
        self.disk.rename(&self.temporary, &self.path).map_err(fault::io(&self.path))?;
        self.committed = true;
        let checksum = hex(self.hasher.finish());
        Ok(Written { path: self.path.clone(), bytes: self.bytes, checksum })
    }
}

impl Write for DurableFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(buffer)?;
        self.hasher.write(&buffer[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for DurableFile {
    fn drop(&mut self) {
        if !self.committed {
            // Nothing to be done when this fails: the next writer removes what no row of `file` names.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Writes one whole file durably, its name included.
pub fn write_durable(
    dir: &Path,
    name: &str,
    fill: impl FnOnce(&mut DurableFile) -> io::Result<()>,
) -> Result<Written> {
    let mut file = DurableFile::create(dir, name)?;
    fill(&mut file).map_err(fault::io(&dir.join(name)))?;
    let written = file.commit()?;
    sync_dir(dir)?;
    Ok(written)
}

/// Creates a directory and its parents, and makes each new name durable.
pub fn create_dir(dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_dir(parent)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(fault::io(dir)(error)),
        _ => {}
    }
    match dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => sync_dir(parent),
        None => sync_dir(Path::new(".")),
    }
}

/// Makes the names in a directory durable.
pub fn sync_dir(dir: &Path) -> Result<()> {
    Disk::of(dir).sync_dir(dir).map_err(fault::io(dir))
}

/// Maps a file into memory for reading.
pub fn map(path: &Path) -> Result<Mmap> {
    map_file(&File::open(path).map_err(fault::io(path))?).map_err(fault::io(path))
}

/// Maps bytes that were written to a file in `dir` which has no name and is gone with the mapping.
pub fn map_unnamed(dir: &Path, bytes: &[u8]) -> Result<Mmap> {
    let write = || {
        let mut file = tempfile::tempfile_in(dir)?;
        file.write_all(bytes)?;
        map_file(&file)
    };
    write().map_err(fault::io(dir))
}

fn map_file(file: &File) -> io::Result<Mmap> {
    // SAFETY: files of the store are immutable once they have their name, or never have one; they are replaced and removed
    // by name, never written in place or truncated, so the mapping keeps the bytes it was made of.
    #[allow(unsafe_code)]
    unsafe {
        Mmap::map(file)
    }
}

/// Checksum of bytes, in hex.
pub fn checksum(bytes: &[u8]) -> String {
    hex(XxHash3_64::oneshot(bytes))
}

/// Length and checksum of a file.
pub fn checksum_of(file: &mut File, path: &Path) -> Result<(u64, String)> {
    let mut hasher = XxHash3_64::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let taken = file.read(&mut buffer).map_err(fault::io(path))?;
        if taken == 0 {
            return Ok((bytes, hex(hasher.finish())));
        }
        hasher.write(&buffer[..taken]);
        bytes += taken as u64;
    }
}

fn hex(sum: u64) -> String {
    format!("{sum:016x}")
}

/// The header of a binary file: `weir`, what it is (up to 8 letters), its format version.
pub fn header(what: &str, version: u32) -> [u8; HEADER_LEN] {
    let mut header = [0; HEADER_LEN];
    header[..4].copy_from_slice(MAGIC);
    for (place, letter) in header[4..12].iter_mut().zip(what.bytes()) {
        *place = letter;
    }
    header[12..].copy_from_slice(&version.to_le_bytes());
    header
}

/// What follows the header, once it is the one expected and no newer than `version`.
pub fn after_header<'a>(bytes: &'a [u8], what: &str, version: u32, path: &Path) -> Result<&'a [u8]> {
    let expected = header(what, version);
    let Some((found, rest)) = bytes.split_first_chunk::<HEADER_LEN>() else {
        return Err(corrupt(path, "the file is too short"));
    };
    if found[..12] != expected[..12] {
        return Err(corrupt(path, format!("this is not a {what} file")));
    }
    let format = u32::from_le_bytes([found[12], found[13], found[14], found[15]]);
    if format > version {
        return Err(newer(path, format));
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_core::Code;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let mut half = DurableFile::create(dir.path(), "a").unwrap();
        half.write_all(b"half").unwrap();
        drop(half);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);

        let written = write_durable(dir.path(), "a", |out| out.write_all(b"whole")).unwrap();
        assert_eq!(fs::read(&written.path).unwrap(), b"whole");
        assert_eq!((written.bytes, written.checksum), (5, checksum(b"whole")));
        assert_eq!(&map(&written.path).unwrap()[..], b"whole");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn headers_name_kind_and_version() {
        let path = Path::new("x");
        let mut bytes = header("dedupe", 2).to_vec();
        bytes.extend(b"rest");
        assert_eq!(after_header(&bytes, "dedupe", 2, path).unwrap(), b"rest");
        assert_eq!(after_header(&bytes, "dedupe", 1, path).unwrap_err().code, Code::NewerFormat);
        assert_eq!(after_header(&bytes, "roaring", 2, path).unwrap_err().code, Code::CorruptFile);
        assert_eq!(after_header(&bytes[..9], "dedupe", 2, path).unwrap_err().code, Code::CorruptFile);
    }
}
