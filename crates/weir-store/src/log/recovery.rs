//! Recovery: what a log on disk is worth, and making that durable before anything is added.
//!
//! All of it is read. A torn tail is cut off. What is whole but not proven durable may have been written by a process
//! whose sync failed or never came; the system may hold such bytes in memory, call them clean, and lose them later. So they
//! are written once more, in place, and synced: the same bytes over the same bytes, which is safe at every instant.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use weir_core::Result;

use super::Position;
use super::reader::Scan;
use super::segment::{self, Segment};
use crate::disk::{Disk, DiskFile};
use crate::fault;
use crate::files::TEMPORARY;

/// What was found when a log was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recovery {
    /// Where the log ended; new frames start here.
    pub(crate) end: Position,
    /// The torn tail that was cut off.
    pub(crate) cut: Option<Cut>,
}

/// A torn tail: bytes that were never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The file they were in.
    pub(crate) file: PathBuf,
    /// Where in it they began.
    pub(crate) offset: u64,
    /// How many there were.
    pub(crate) bytes: u64,
}

/// A segment that no longer grows, and the position after its last frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Reads the whole log and puts its end in order.
pub(super) fn recover(dir: &Path, disk: &Disk) -> Result<(Vec<Closed>, Recovery)> {
    remove_unfinished(dir, disk)?;
    let starts = segment::list(dir)?;
    let mut closed = Vec::new();
    let mut recovery = Recovery { end: 0, cut: None };
    for (place, start) in starts.iter().enumerate() {
        let found = Found::read(dir, *start, starts.get(place + 1).copied())?;
        if place + 1 == starts.len() {
            recovery.cut = found.settle(disk)?;
        }
        recovery.end = found.end;
        closed.push(Closed { start: *start, end: found.last_frame });
    }
    // A segment without a byte in it is made anew, under the same name.
    closed.retain(|segment| segment.start < recovery.end);
    Ok((closed, recovery))
}

/// Removes segments that never got their name.
fn remove_unfinished(dir: &Path, disk: &Disk) -> Result<()> {
    for entry in fs::read_dir(dir).map_err(fault::io(dir))? {
        let path = entry.map_err(fault::io(dir))?.path();
        if path.to_string_lossy().ends_with(TEMPORARY) {
            disk.remove(&path).map_err(fault::io(&path))?;
        }
    }
    Ok(())
}

/// What is in one segment.
struct Found {
    segment: Segment,
    /// The position after the last frame that is no seal.
    last_frame: Position,
    /// The position after the last valid byte.
    end: Position,
    /// Everything before this is known to be durable.
    proven: Position,
    file_end: Position,
}

impl Found {
    fn read(dir: &Path, start: Position, next: Option<Position>) -> Result<Found> {
        let mut scan = Scan::open(dir, start, next)?;
        let (mut last_frame, mut proven) = (start, start);
        let end = scan.walk(start, None, |after, head, _| {
            proven = proven.max(head.durable);
            if !head.is_seal() {
                last_frame = after;
            }
            Ok(())
        })?;
        Ok(Found { last_frame, end, proven, file_end: scan.file_end, segment: scan.segment })
    }

    /// Cuts the torn tail off and makes the rest durable.
    fn settle(&self, disk: &Disk) -> Result<Option<Cut>> {
        let path = &self.segment.path;
        let bytes = self.unproven().map_err(fault::io(path))?;
        let mut file = disk.open(path).map_err(fault::io(path))?;
        self.settle_file(&mut file, &bytes).map_err(fault::io(path))?;
        let cut = Cut {
            file: path.clone(),
            offset: self.segment.offset(self.end),
            bytes: self.file_end - self.end,
        };
        Ok((cut.bytes > 0).then_some(cut))
    }

    fn settle_file(&self, file: &mut DiskFile, unproven: &[u8]) -> std::io::Result<()> {
        if self.file_end > self.end {
            file.truncate(self.segment.offset(self.end))?;
        }
        file.seek(self.segment.offset(self.proven))?;
        file.write_all(unproven)?;
        file.sync_data()
    }

    fn unproven(&self) -> std::io::Result<Vec<u8>> {
        let mut file = fs::File::open(&self.segment.path)?;
        file.seek(SeekFrom::Start(self.segment.offset(self.proven)))?;
        let mut bytes = vec![0; (self.end - self.proven) as usize];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
