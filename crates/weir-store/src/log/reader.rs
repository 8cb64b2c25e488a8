//! Reading: frames in order, up to the end that is whole, beside a writer or after its end.
//!
//! Where there is no valid frame, it is decided whether the log ends there or is damaged; the rule stands in the module
//! above.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use weir_core::{Code, Error, Result};

use super::Position;
use super::frame::{HEAD, Head};
use super::segment::{self, HEADER, Segment};
use crate::fault;

/// How much is read at a time.
const CHUNK: u64 = 1 << 20;

/// Gives each frame from `from` on to `each`, with the position after it, up to the end that is whole; at most up to
/// `until`, which must have been durable. Gives the position to go on from.
pub(crate) fn read(
    dir: &Path,
    from: Position,
    until: Option<Position>,
    mut each: impl FnMut(Position, &[u8]) -> Result<()>,
) -> Result<Position> {
    let starts = segment::list(dir)?;
    let mut at = from;
    let first = starts.partition_point(|start| *start <= from);
    if first == 0 && !starts.is_empty() {
        return Err(segment::moved_on(from));
    }
    for (place, start) in starts.iter().enumerate().skip(first.saturating_sub(1)) {
        let mut scan = Scan::open(dir, *start, starts.get(place + 1).copied())?;
        if at > scan.file_end {
            return Err(ends_early(dir, scan.file_end, at));
        }
        at = scan.walk(at, until, |after, head, payload| match head.is_seal() {
            true => Ok(()),
            false => each(after, payload),
        })?;
    }
    match until {
        Some(until) if at < until => Err(ends_early(dir, at, until)),
        _ => Ok(at),
    }
}

fn ends_early(dir: &Path, end: Position, wanted: Position) -> Error {
    let message = format!("{}: the log ends at position {end}, before {wanted}", dir.display());
    Error::new(Code::CorruptFile, message).help("restore the log from a backup")
}

/// One segment being read.
pub(super) struct Scan {
    pub(super) segment: Segment,
    /// Where the next segment starts, if there is one.
    next: Option<Position>,
    /// Where the file ended when it was opened.
    pub(super) file_end: Position,
    file: File,
    buffer: Vec<u8>,
    /// The position of the first byte of `buffer`.
    buffered: Position,
}

impl Scan {
    pub(super) fn open(dir: &Path, start: Position, next: Option<Position>) -> Result<Scan> {
        let (segment, file) = Segment::open(dir, start)?;
        let length = file.metadata().map_err(fault::io(&segment.path))?.len();
        let file_end = start + length.saturating_sub(HEADER);
        Ok(Scan { segment, next, file_end, file, buffer: Vec::new(), buffered: start })
    }

    /// Gives each frame from `from` on to `each`, seals too, with the position after it and its head; at most up to
    /// `until`. Gives the position after the last one.
    pub(super) fn walk(
        &mut self,
        from: Position,
        until: Option<Position>,
        mut each: impl FnMut(Position, &Head, &[u8]) -> Result<()>,
    ) -> Result<Position> {
        let mut at = from;
        while until.is_none_or(|until| at < until) {
            let Some(head) = self.frame_or_end(at)? else { break };
            let after = at + head.frame_len();
            let payload = self.bytes(at + HEAD as u64, u64::from(head.length))?.unwrap_or_default();
            each(after, &head, payload)?;
            at = after;
        }
        Ok(at)
    }

    /// The frame at a position; `None` where the segment ends, be it torn. An error where it is damaged.
    fn frame_or_end(&mut self, at: Position) -> Result<Option<Head>> {
        if let Some(head) = self.frame(at)? {
            return Ok(Some(head));
        }
        let expected = match self.next {
            Some(next) => at != next,
            None => at < self.file_end && self.is_proven(at)?,
        };
        if !expected {
            return Ok(None);
        }
        // It may have been in the writing when it was looked at; by now it is written, whoever wrote it.
        self.buffer.clear();
        self.frame(at)?.map(Some).ok_or_else(|| self.damaged(at))
    }

    fn frame(&mut self, at: Position) -> Result<Option<Head>> {
        let seed = self.segment.seed(at);
        let bytes = self.bytes(at, HEAD as u64)?.and_then(|bytes| bytes.first_chunk());
        let Some(head) = bytes.and_then(|bytes| Head::read(bytes, seed)) else { return Ok(None) };
        let payload = self.bytes(at + HEAD as u64, u64::from(head.length))?;
        Ok(payload.filter(|payload| head.fits(payload, seed)).map(|_| head))
    }

    /// Whether a later frame says that what is at `at` was durable.
    fn is_proven(&mut self, at: Position) -> Result<bool> {
        let rest = self.bytes(at, self.file_end - at)?.map(<[u8]>::to_vec).unwrap_or_default();
        for (distance, bytes) in rest.windows(HEAD).enumerate().skip(1) {
            let place = at + distance as u64;
            let durable = bytes.first_chunk().map_or(0, Head::durable_in);
            if durable > at && durable <= place && self.frame(place)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `length` bytes from `at` on; `None` if the file has fewer.
    fn bytes(&mut self, at: Position, length: u64) -> Result<Option<&[u8]>> {
        if at + length > self.file_end {
            return Ok(None);
        }
        let end = self.buffered + self.buffer.len() as u64;
        if at < self.buffered || at + length > end {
            self.load(at, length.max(CHUNK)).map_err(fault::io(&self.segment.path))?;
        }
        let from = (at - self.buffered) as usize;
        Ok(self.buffer.get(from..from + length as usize))
    }

    fn load(&mut self, at: Position, length: u64) -> std::io::Result<()> {
        self.buffer.clear();
        self.buffered = at;
        self.file.seek(SeekFrom::Start(self.segment.offset(at)))?;
        (&mut self.file).take(length).read_to_end(&mut self.buffer).map(drop)
    }

    fn damaged(&self, at: Position) -> Error {
        let (path, offset) = (self.segment.path.display(), self.segment.offset(at));
        let message = format!("{path}: the frame at offset {offset} was durable and fails its checksum");
        Error::new(Code::CorruptFile, message)
            .help("restore the file from a backup; what was flushed is safe")
    }
}
