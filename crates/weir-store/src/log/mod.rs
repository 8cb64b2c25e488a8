//! The log: frames appended in order, durable by groups, read back until they are no longer needed.
//!
//! A [`Log`] belongs to the one writer of a workspace. [`Log::append`] queues a frame and gives its position; one thread takes
//! everything queued, writes it in one go, syncs once, and wakes those who [`wait`](Log::wait). Whoever wants to read
//! calls [`read`], in any process, without a lock. Deliberately absent: what a frame means.
//!
//! ```text
//! log/<position>.log   header: what, version, start, salt, sum │ frame │ frame │ …        (segment)
//! ```
//!
//! A position counts the bytes of frames over all segments and never starts again. Segments follow each other without a gap.
//!
//! # Torn or damaged
//!
//! After a power cut the last group may be there in part: short, with holes, even with later frames whole and earlier ones
//! missing. That is a torn tail, it was never acknowledged, and it is cut off. Where something acknowledged cannot be read,
//! that is damage, and nothing may be dropped in silence. The two are told apart by what later bytes prove:
//!
//! - each frame carries the position up to which the log was durable when it was written; a segment says the same of its start;
//! - when nothing more comes in, a *seal* follows: a frame without payload, written after the sync, that says so of the
//!   last group; closing makes it durable;
//! - where there is no valid frame, and any valid one further on says that this place was durable (or there is a
//!   further segment), the file is damaged: [`Code::CorruptFile`](weir_core::Code::CorruptFile) with file and offset.
//!   Otherwise the log ends there.
//!
//! What this cannot tell: a last group that was synced and damaged before its seal reached the disk is cut like a torn tail,
//! and named in [`Recovery::cut`] like one.
//!
//! # Failure
//!
//! After a failed write or sync the log has failed: everybody waiting and everything later gets the error, which is of the
//! kind `Unavailable`. It is never gone on with, because after a failed sync the system's memory and the disk may differ.
//! The owner opens it again. Frames that nobody was told are durable may then be there or not; the owner reads
//! the log again to know.

mod frame;
mod queue;
mod reader;
mod recovery;
mod segment;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use weir_core::{Error, Result};

use crate::disk::Disk;
use queue::{Queue, Work};
pub(crate) use reader::read;
pub(crate) use recovery::Recovery;
use writer::Writer;

/// A place between frames: how many bytes of frames lie before it, over all segments there ever were.
pub(crate) type Position = u64;

/// Sizes of a log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogOptions {
    /// A segment this long is closed.
    pub(crate) segment_bytes: u64,
    /// So many bytes may wait to be written; what would be more is refused.
    pub(crate) backlog_bytes: usize,
    /// No frame before this is needed any more; a log that ends earlier goes on from here.
    pub(crate) first: Position,
}

impl Default for LogOptions {
    fn default() -> LogOptions {
        LogOptions { segment_bytes: 64 << 20, backlog_bytes: 64 << 20, first: 0 }
    }
}

/// A log open for writing. Dropping it closes it.
pub(crate) struct Log {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    queue: Queue,
    /// Taken before the queue's lock where both are needed.
    writer: Mutex<Writer>,
    start: AtomicU64,
}

impl Log {
    /// Opens a log, which is made if it is not there: reads all of it, cuts off a torn tail, and makes the rest durable.
    pub(crate) fn open(dir: &Path, disk: Disk, options: LogOptions) -> Result<(Log, Recovery)> {
        let (writer, recovery) = Writer::open(dir, disk, &options)?;
        let queue = Queue::new(recovery.end, options.backlog_bytes);
        let start = AtomicU64::new(writer.start());
        let shared = Arc::new(Shared { queue, writer: Mutex::new(writer), start });
        let running = shared.clone();
        let thread = thread::Builder::new().name("log".to_owned()).spawn(move || running.run());
        let thread = thread.map_err(|error| Error::io("starting the log's thread", &error))?;
        Ok((Log { shared, thread: Some(thread) }, recovery))
    }

    /// Queues a frame, in the order of the calls, and gives the position after it. Does not wait for the disk. An error
    /// when the log has failed, or when too much is queued already.
    pub(crate) fn append(&self, payload: Vec<u8>) -> Result<Position> {
        self.shared.queue.push(payload)
    }

    /// Whether a frame of about this many bytes would be taken in now.
    pub(crate) fn check_room(&self, bytes: usize) -> Result<()> {
        self.shared.queue.check_room(bytes)
    }

    /// The position after the last frame that was queued.
    pub(crate) fn appended(&self) -> Position {
        self.shared.queue.appended()
    }

    /// Waits until everything before `position` is durable, or the log has failed.
    pub(crate) fn wait(&self, position: Position) -> Result<()> {
        self.shared.queue.wait(position)
    }

    /// Everything before this is durable.
    pub(crate) fn durable(&self) -> Position {
        self.shared.queue.durable()
    }

    /// The first position that is still kept.
    #[cfg(test)]
    pub(crate) fn start(&self) -> Position {
        self.shared.start.load(Ordering::Relaxed)
    }

    /// Frees the segments whose frames all lie before `position`; the open one too, if that is so of it.
    pub(crate) fn cut(&self, position: Position) -> Result<()> {
        let mut writer = self.shared.writer();
        self.shared.queue.check()?;
        if let Err(error) = writer.roll_if_before(position) {
            self.shared.fail(&mut writer, error.clone());
            return Err(error);
        }
        let freed = writer.free(position);
        self.shared.start.store(writer.start(), Ordering::Relaxed);
        freed
    }

    /// Makes everything queued durable and ends; dropping does the same, but cannot tell how it went.
    #[cfg(test)]
    pub(crate) fn sync_and_close(mut self) -> Result<()> {
        self.end();
        self.shared.queue.check()
    }

    fn end(&mut self) {
        self.shared.queue.close();
        if let Some(thread) = self.thread.take() {
            // If it panicked, the queue knows that the log has failed.
            let _ = thread.join();
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    /// The log thread.
    fn run(&self) {
        let _ended = Ended(&self.queue);
        loop {
            let work = self.queue.take();
            let mut writer = self.writer();
            // A failed cut may have come in between.
            let outcome = self.queue.check().and_then(|()| self.perform(&mut writer, &work));
            match (outcome, work) {
                (Err(error), _) => return self.fail(&mut writer, error),
                (Ok(()), Work::Close) => return,
                (Ok(()), _) => {}
            }
        }
    }

    fn perform(&self, writer: &mut Writer, work: &Work) -> Result<()> {
        match work {
            Work::Group(payloads) => {
                let durable = writer.write(payloads)?;
                self.queue.done(durable, payloads.iter().map(Vec::len).sum());
                Ok(())
            }
            Work::Seal => writer.seal(),
            Work::Close => writer.sync(),
        }
    }

    fn fail(&self, writer: &mut Writer, error: Error) {
        writer.retreat();
        self.queue.fail(error);
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // After a panic in the log thread the log has failed, and nothing is written any more.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// However the log thread ends, nobody waits for it in vain.
struct Ended<'a>(&'a Queue);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail(Error::internal("the log's thread panicked"));
        }
    }
}
