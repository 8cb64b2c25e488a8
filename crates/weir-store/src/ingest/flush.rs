//! The flush: frames of the log become files, in one transaction that also says how far the log is covered.
//!
//! A flush is recorded like an import (kind `stream`), because its files are: they carry its number, and identifiers are
//! named in the order of numbers. What is flushed is cut from the log afterwards; a crash in between only leaves frames that
//! are passed over.

use std::sync::PoisonError;

use rusqlite::params;
use weir_core::Result;
use weir_core::ledger::Ledger;
use weir_core::time::Micros;

use super::frame::{Frame, decode};
use super::tail::{SealedTail, Tail};
use super::{Ingest, PATIENCE};
use crate::clock;
use crate::commit::FileSet;
use crate::disk::Disk;
use crate::fault::Fault;
use crate::import::{ImportKind, ImportRecord, ImportState, insert_import, next_import};
use crate::log::{self, Log, LogOptions, Position};
use crate::manifest::{ImportId, insert_file};
use crate::tag;
use crate::view::View;
use crate::workspace::{Workspace, next_node};

/// Bytes of frames that a follower has in memory at once: decoded, they take several times as much.
const AT_ONCE: u64 = 32 << 20;

/// Bytes of a frame, as a rule at most.
const FRAME: u64 = 1 << 20;

/// How far the log is covered by files, as far as this process knows.
#[derive(Default)]
pub(super) struct Backlog {
    flushed: Position,
}

impl Backlog {
    pub(super) fn flushed(&self) -> Position {
        self.flushed
    }
}

impl Ingest {
    /// Writes everything that is durable in the log to files. Requests go on meanwhile; an import is waited for.
    pub fn flush(&self) -> Result<()> {
        let _pass = self.gate.enter(PATIENCE)?;
        self.flush_inside()
    }

    /// The same for whoever is past the gate, or keeps it closed.
    pub(super) fn flush_inside(&self) -> Result<()> {
        let mut backlog = self.flushing.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(log) = self.state()?.as_ref().map(|state| state.log.clone()) else { return Ok(()) };
        let view = self.workspace.view()?;
        let durable = log.durable().max(view.log_flushed());
        let uncounted = std::mem::take(&mut *self.uncounted());
        let is_idle = view.log_flushed() == durable && uncounted.is_empty();
        if !is_idle {
            let written = self.write(&view, durable, uncounted.clone());
            let files = written.inspect_err(|_| self.uncounted().add(uncounted))?;
            if let Some(state) = self.lock_state().as_mut() {
                state.registry.cover(files.all());
            }
        }
        // What this flush wrote stays in the log until the next one: whoever follows the log has time to read it.
        log.cut(std::mem::replace(&mut backlog.flushed, durable))
    }

    fn write(&self, view: &View, until: Position, uncounted: super::Intake) -> Result<FileSet> {
        let (id, node) = self
            .workspace
            .database()
            .read(|db| Ok((next_import(db, self.workspace.id())?, next_node(db, self.workspace.id())?)))?;
        let started = clock::now();
        let mut tail = Tail::new(FileSet::new(self.workspace.dir(), id), node, uncounted);
        let mut ledger = Ledger::default();
        self.workspace.read_log(view.log_flushed(), Some(until), |_, frame| {
            frame.items.iter().for_each(|item| ledger.accept(Some(item.arrival.time)));
            tail.push(&frame)
        })?;
        ledger.read = ledger.accepted;
        self.publish(tail.seal()?, id, started, ledger, until)
    }

    fn publish(
        &self,
        sealed: SealedTail,
        id: ImportId,
        started: Micros,
        ledger: Ledger,
        until: Position,
    ) -> Result<FileSet> {
        let SealedTail { mut files, next_node, stated, intake } = sealed;
        let record = ImportRecord {
            id,
            kind: ImportKind::Stream,
            source: String::new(),
            files: Vec::new(),
            mapping: None,
            started,
            finished: clock::now(),
            ledger,
            state: ImportState::Done,
            expired: 0,
        };
        let (workspace, dir) = (self.workspace.id(), self.workspace.dir());
        // See `Commit::publish`: from here on the manifest decides about the files.
        files.keep();
        self.workspace.database().write(|db| {
            insert_import(db, workspace, &record)?;
            for file in files.all() {
                insert_file(db, workspace, &dir, file)?;
            }
            tag::insert_keys(db, workspace, id, &stated)?;
            intake.store(db, workspace)?;
            let sql = "UPDATE workspace SET generation = generation + 1, next_node = ?, log_flushed = ? WHERE id = ?";
            db.execute(sql, params![next_node, until as i64, workspace]).fault()?;
            Ok(())
        })?;
        Ok(files)
    }
}

/// Frames that lie one behind the other.
fn decode_all<'a>(bytes: &'a [u8], ends: &[usize]) -> Result<Vec<Frame<'a>>> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, end)| decode(&bytes[start..*end])).collect()
}

impl Workspace {
    /// Makes sure that everything acknowledged so far is in files: for those who read nothing but files. Where another
    /// process takes events in, it is asked to let this one write for a moment.
    pub fn settle(&self) -> Result<()> {
        if self.has_backlog()? { self.ingest()?.flush() } else { Ok(()) }
    }

    /// Whether the log has anything that is not in files.
    pub(super) fn has_backlog(&self) -> Result<bool> {
        let mut has_frames = false;
        self.read_log(self.view()?.log_flushed(), None, |_, _| {
            has_frames = true;
            Ok(())
        })?;
        Ok(has_frames)
    }

    /// Hands on the frames that follow a position, some at a time, each time with the position after them. Answers where
    /// they end. Read without any lock, also from another process.
    pub fn follow_log(&self, from: u64, mut take: impl FnMut(&[Frame], u64) -> Result<()>) -> Result<u64> {
        // All at once: to grow it is to copy it, and none of it is used before there is something in it.
        let mut bytes = Vec::with_capacity((AT_ONCE + FRAME) as usize);
        let (mut ends, mut taken) = (Vec::new(), from);
        let end = log::read(&self.log_dir(), from, None, |after, frame| {
            bytes.extend_from_slice(frame);
            ends.push(bytes.len());
            if after - taken >= AT_ONCE {
                take(&decode_all(&bytes, &ends)?, after)?;
                bytes.clear();
                ends.clear();
                taken = after;
            }
            Ok(())
        })?;
        if end > taken {
            take(&decode_all(&bytes, &ends)?, end)?;
        }
        Ok(end)
    }

    /// Calls `each` with every frame after a position, and with the position that follows the frame.
    pub(crate) fn read_log(
        &self,
        from: Position,
        until: Option<Position>,
        mut each: impl FnMut(Position, Frame) -> Result<()>,
    ) -> Result<Position> {
        log::read(&self.log_dir(), from, until, |after, bytes| each(after, decode(bytes)?))
    }

    /// Opens the log for writing; a new one begins at `flushed`.
    pub(super) fn open_log(&self, flushed: Position) -> Result<Log> {
        let options = LogOptions { first: flushed, ..LogOptions::default() };
        let dir = self.log_dir();
        let (log, recovery) = Log::open(&dir, Disk::of(&dir), options)?;
        if let Some(cut) = recovery.cut {
            let (file, bytes) = (cut.file.display(), cut.bytes);
            tracing::warn!(%file, bytes, "the log's torn end was cut off; nothing of it was acknowledged");
        }
        Ok(log)
    }

    /// Where the log is.
    pub(crate) fn log_dir(&self) -> std::path::PathBuf {
        self.dir().join("log")
    }
}
