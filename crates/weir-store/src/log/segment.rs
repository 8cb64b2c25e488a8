//! A segment: one file of the log, named by the position it starts at, written by one run of one process.
//!
//! Its header is whole and durable before the file has its name, so a header that cannot be read is damage. That a
//! segment starts at a position says that everything before it was durable.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use weir_core::Result;

use super::Position;
use super::frame::Seed;
use crate::fault::{self, corrupt};
use crate::files::{self, HEADER_LEN};
use crate::random;

/// Length of a segment's header: that of all binary files, then start, salt and a checksum of it all.
pub(super) const HEADER: u64 = HEADER_LEN as u64 + 24;

const WHAT: &str = "log";
const VERSION: u32 = 1;
const ENDING: &str = ".log";

/// What a segment's header says.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) path: PathBuf,
    pub(super) start: Position,
    salt: u64,
}

impl Segment {
    /// Makes an empty segment, durable with its name.
    pub(super) fn create(dir: &Path, start: Position) -> Result<Segment> {
        let salt = u64::from_le_bytes(random::bytes()?);
        let mut header = files::header(WHAT, VERSION).to_vec();
        header.extend(start.to_le_bytes());
        header.extend(salt.to_le_bytes());
        header.extend(Seed::new(0, 0).sum(&header).to_le_bytes());
        let written = files::write_durable(dir, &name(start), |out| out.write_all(&header))?;
        Ok(Segment { path: written.path, start, salt })
    }

    /// Opens the segment that starts at a position for reading.
    pub(super) fn open(dir: &Path, start: Position) -> Result<(Segment, File)> {
        let path = Segment::path(dir, start);
        let mut file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => moved_on(start),
            _ => fault::io(&path)(error),
        })?;
        let mut header = Vec::with_capacity(HEADER as usize);
        (&mut file).take(HEADER).read_to_end(&mut header).map_err(fault::io(&path))?;
        let salt = read_header(&header, start, &path)?;
        Ok((Segment { path, start, salt }, file))
    }

    /// Where the segment that starts at a position lies.
    pub(super) fn path(dir: &Path, start: Position) -> PathBuf {
        dir.join(name(start))
    }

    /// The seed of the frame at a position.
    pub(super) fn seed(&self, position: Position) -> Seed {
        Seed::new(self.salt, position)
    }

    /// Where in the file a position is.
    pub(super) fn offset(&self, position: Position) -> u64 {
        HEADER + (position - self.start)
    }
}

/// The salt, once the header is known to be right. Its checksum comes first: a flipped version is damage, not the future.
fn read_header(header: &[u8], start: Position, path: &Path) -> Result<u64> {
    let damaged = || corrupt(path, "the header at offset 0 fails its checksum");
    let (checked, sum) = header.split_last_chunk().ok_or_else(damaged)?;
    if header.len() as u64 != HEADER || Seed::new(0, 0).sum(checked) != u64::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let rest = files::after_header(checked, WHAT, VERSION, path)?;
    let (found, salt) = rest.split_first_chunk().ok_or_else(damaged)?;
    let found = u64::from_le_bytes(*found);
    if found != start {
        return Err(corrupt(path, format!("by its header at offset 0 it starts at position {found}")));
    }
    salt.first_chunk().map(|salt| u64::from_le_bytes(*salt)).ok_or_else(damaged)
}

fn name(start: Position) -> String {
    format!("{start:020}{ENDING}")
}

/// Where the segments of a log start, in order; empty if there is no log. Listed until two lists agree: a list made while
/// files come and go may lack one that was there all along.
pub(super) fn list(dir: &Path) -> Result<Vec<Position>> {
    let mut last = list_once(dir)?;
    loop {
        let again = list_once(dir)?;
        if again == last {
            return Ok(again);
        }
        last = again;
    }
}

fn list_once(dir: &Path) -> Result<Vec<Position>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(fault::io(dir))?,
    };
    let mut starts = Vec::new();
    for entry in entries {
        let name = entry.map_err(fault::io(dir))?.file_name();
        starts.extend(name.to_str().and_then(|name| name.strip_suffix(ENDING)?.parse::<Position>().ok()));
    }
    starts.sort_unstable();
    Ok(starts)
}

/// What a reader wants was freed in the meantime: it has become files.
pub(super) fn moved_on(position: Position) -> weir_core::Error {
    fault::busy(&format!("the log no longer has position {position}: it was flushed in the meantime"))
}
