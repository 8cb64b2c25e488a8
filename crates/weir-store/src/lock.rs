//! The writer lock: one process at a time writes to a data directory. Readers never take it.
//!
//! The operating system releases it when the process ends, however it ends. A process that holds it for long (an open
//! ingest) says so in the lock file; who wants to write then holds `lock.wanted` and waits to be let in.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use weir_core::Result;

use crate::fault;

/// Stands in the lock file while its holder lets others in when they ask.
const YIELDS: &[u8] = b"yields\n";

/// Stands there while the holder does not.
const HELD: &[u8] = b"held\n";

/// How long to wait for a holder that lets others in: it has to finish what it is at.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to look.
const GLANCE: Duration = Duration::from_millis(20);

/// Held by the one writer; released when dropped.
pub(crate) struct WriterLock {
    file: File,
}

impl WriterLock {
    /// Takes the lock, waiting for a holder that lets others in; or says that another writer has it.
    pub(crate) fn take(data_dir: &Path) -> Result<WriterLock> {
        if let Some(lock) = WriterLock::try_take(data_dir)? {
            return Ok(lock);
        }
        let busy = || fault::busy("another import is writing to this data directory");
        let wanted = open(&data_dir.join("lock.wanted"))?;
        let until = Instant::now() + PATIENCE;
        let mut is_asking = false;
        while Instant::now() < until && yields(data_dir) {
            is_asking = is_asking || wanted.try_lock().is_ok();
            if let Some(lock) = WriterLock::try_take(data_dir)? {
                return Ok(lock);
            }
            std::thread::sleep(GLANCE);
        }
        WriterLock::try_take(data_dir)?.ok_or_else(busy)
    }

    /// Takes the lock if nobody has it.
    pub(crate) fn try_take(data_dir: &Path) -> Result<Option<WriterLock>> {
        let path = data_dir.join("lock");
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                say(&file, HELD).map_err(fault::io(&path))?;
                Ok(Some(WriterLock { file }))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(fault::io(&path)(error)),
        }
    }

    /// Says that others are let in when they ask.
    pub(crate) fn promise_to_yield(&self) -> io::Result<()> {
        say(&self.file, YIELDS)
    }
}

fn say(mut file: &File, text: &[u8]) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(text)
}

fn yields(data_dir: &Path) -> bool {
    let mut text = Vec::new();
    let read = File::open(data_dir.join("lock")).and_then(|mut file| file.read_to_end(&mut text));
    // Between two holders the file is empty for a moment.
    read.is_ok() && (text == YIELDS || text.is_empty())
}

/// Whether another process asks to be let in.
pub(crate) fn is_wanted(data_dir: &Path) -> bool {
    let Ok(wanted) = File::open(data_dir.join("lock.wanted")) else { return false };
    matches!(wanted.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Waits until whoever asked has been let in.
pub(crate) fn wait_for_turn(data_dir: &Path) {
    while is_wanted(data_dir) {
        std::thread::sleep(GLANCE);
    }
}

/// Held while the segments of one workspace are built.
pub struct SegmentLock {
    _file: File,
}

impl SegmentLock {
    /// Takes the lock, waiting for whoever holds it: what the other builds is what is wanted here.
    pub(crate) fn wait(segment_dir: &Path) -> Result<SegmentLock> {
        let path = segment_dir.join("lock");
        let file = open(&path)?;
        file.lock().map_err(fault::io(&path))?;
        Ok(SegmentLock { _file: file })
    }
}

fn open(path: &Path) -> Result<File> {
    File::options().create(true).truncate(false).write(true).open(path).map_err(fault::io(path))
}
