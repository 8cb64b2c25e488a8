//! The writer: one open segment that grows by groups, and the closed ones before it.
//!
//! Only one thread writes at a time. What fails is not tried again: see [`Writer::retreat`].

use std::collections::VecDeque;
use std::io::Write;
use std::path::{Path, PathBuf};

use weir_core::{Code, Error, Result};

use super::frame;
use super::recovery::{Closed, Recovery, recover};
use super::segment::{self, Segment};
use super::{LogOptions, Position};
use crate::disk::{Disk, DiskFile};
use crate::fault;
use crate::files;

/// What is kept of the buffer after a large group.
const BUFFER_KEPT: usize = 4 << 20;

pub(super) struct Writer {
    dir: PathBuf,
    disk: Disk,
    /// A segment as long as this is closed before more is written.
    segment_bytes: u64,
    closed: VecDeque<Closed>,
    segment: Segment,
    file: DiskFile,
    /// Where the next frame goes.
    end: Position,
    /// The position after the last frame that is no seal.
    last_frame: Position,
    /// Everything before this is durable.
    durable: Position,
    buffer: Vec<u8>,
}

impl Writer {
    /// Recovers a log, which is made if it is not there, and begins a segment at its end.
    pub(super) fn open(dir: &Path, disk: Disk, options: &LogOptions) -> Result<(Writer, Recovery)> {
        files::create_dir(dir)?;
        let (mut closed, mut recovery) = recover(dir, &disk)?;
        if recovery.end < options.first {
            remove_all(dir, &disk)?;
            closed.clear();
            recovery.end = options.first;
        }
        let end = recovery.end;
        let (segment, file) = begin(dir, &disk, end)?;
        let writer = Writer {
            dir: dir.to_owned(),
            disk,
            segment_bytes: options.segment_bytes,
            closed: closed.into(),
            segment,
            file,
            end,
            last_frame: end,
            durable: end,
            buffer: Vec::new(),
        };
        Ok((writer, recovery))
    }

    /// The first position kept.
    pub(super) fn start(&self) -> Position {
        self.closed.front().map_or(self.segment.start, |first| first.start)
    }

    /// Writes frames and makes them durable: one write, one sync. Gives the position after them.
    pub(super) fn write(&mut self, payloads: &[Vec<u8>]) -> Result<Position> {
        if self.end - self.segment.start >= self.segment_bytes {
            self.roll()?;
        }
        for payload in payloads {
            self.push(payload);
        }
        self.put()?;
        self.last_frame = self.end;
        self.sync()?;
        Ok(self.durable)
    }

    /// Writes down that everything so far is durable, so that damage to it will not be taken for a torn tail. It need not
    /// be durable itself.
    pub(super) fn seal(&mut self) -> Result<()> {
        self.push(&[]);
        self.put()
    }

    /// Makes everything written durable.
    pub(super) fn sync(&mut self) -> Result<()> {
        self.file.sync_data().map_err(|error| failure(fault::io(&self.segment.path)(error)))?;
        self.durable = self.end;
        Ok(())
    }

    fn push(&mut self, payload: &[u8]) {
        let position = self.end + self.buffer.len() as u64;
        frame::write(&mut self.buffer, self.segment.seed(position), self.durable, payload);
    }

    fn put(&mut self) -> Result<()> {
        let written = self.file.write_all(&self.buffer);
        written.map_err(|error| failure(fault::io(&self.segment.path)(error)))?;
        self.end += self.buffer.len() as u64;
        self.buffer.clear();
        self.buffer.shrink_to(BUFFER_KEPT);
        Ok(())
    }

    /// Closes the open segment and begins one where it ends. That says that all before it is durable: a last seal
    /// may not be yet.
    fn roll(&mut self) -> Result<()> {
        if self.durable < self.end {
            self.sync()?;
        }
        let (segment, file) = begin(&self.dir, &self.disk, self.end).map_err(failure)?;
        self.closed.push_back(Closed { start: self.segment.start, end: self.last_frame });
        (self.segment, self.file, self.last_frame) = (segment, file, self.end);
        Ok(())
    }

    /// Closes the open segment if there are frames in it and all of them lie before a position. One that ends in a seal
    /// stays: the next would begin behind the seal, and whoever goes on from the last frame would miss what is between.
    pub(super) fn roll_if_before(&mut self, position: Position) -> Result<()> {
        let covered = self.segment.start < self.last_frame && self.end <= position;
        if covered { self.roll() } else { Ok(()) }
    }

    /// Removes the closed segments whose frames all lie before a position. Each name is gone durably before the next one
    /// is touched, so there is never a hole.
    pub(super) fn free(&mut self, position: Position) -> Result<()> {
        while let Some(first) = self.closed.front().filter(|first| first.end <= position) {
            let path = Segment::path(&self.dir, first.start);
            self.disk.remove(&path).map_err(fault::io(&path))?;
            self.closed.pop_front();
            files::sync_dir(&self.dir)?;
        }
        Ok(())
    }

    /// After a failure: takes back what was not made durable, as far as the disk lets us. What stays was never acknowledged
    /// and will be found as ordinary frames, or as a torn tail.
    pub(super) fn retreat(&mut self) {
        if self.file.truncate(self.segment.offset(self.durable)).is_ok() {
            let _ = self.file.sync_data();
        }
    }
}

/// Removes every segment, the oldest first; an empty one too, or it would be followed by a hole.
fn remove_all(dir: &Path, disk: &Disk) -> Result<()> {
    for start in segment::list(dir)? {
        let path = Segment::path(dir, start);
        disk.remove(&path).map_err(fault::io(&path))?;
    }
    files::sync_dir(dir)
}

fn begin(dir: &Path, disk: &Disk, start: Position) -> Result<(Segment, DiskFile)> {
    let segment = Segment::create(dir, start)?;
    let mut file = disk.open(&segment.path).map_err(fault::io(&segment.path))?;
    file.seek(segment.offset(start)).map_err(fault::io(&segment.path))?;
    Ok((segment, file))
}

/// Whatever keeps the log from going on is ours and temporary.
fn failure(error: Error) -> Error {
    match error.code {
        Code::DiskFull | Code::DiskFailed => error,
        _ => Error::disk_failed(error.message),
    }
}
