//! The writer lock: one writer at a time over a data directory. Readers never take it.
//!
//! The operating system releases it when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;

use weir_core::Result;

use crate::fault;

/// Held by the one writer; released when dropped.
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, or says that another writer has it.
    pub(crate) fn take(data_dir: &Path) -> Result<WriterLock> {
        let path = data_dir.join("lock");
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(WriterLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                Err(fault::busy("another import is writing to this data directory"))
            }
            Err(TryLockError::Error(error)) => Err(fault::io(&path)(error)),
        }
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
