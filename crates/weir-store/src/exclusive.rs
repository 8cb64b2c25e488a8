//! Being the only writer of a workspace: what imports, undo and settings need.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use weir_core::Result;

use crate::fault;
use crate::ingest::Ingest;
use crate::lock::WriterLock;
use crate::store::Store;
use crate::workspace::Workspace;

/// Nobody else writes while this is held: no other process, no other import, no ingest.
pub(crate) struct Exclusive {
    ingest: Arc<Ingest>,
    _lock: Arc<WriterLock>,
    _turn: Turn,
}

/// One import at a time in this process.
struct Turn {
    store: Store,
}

impl Workspace {
    /// Becomes the only writer. Whatever was taken in before is in files then.
    pub(crate) fn exclusive(&self) -> Result<Exclusive> {
        let turn = Turn::take(self.store())?;
        let lock = self.store().writing()?;
        // Also where nothing came in yet: what comes in meanwhile must find the gate closed.
        let ingest = self.store().ingest_of(self)?;
        ingest.pause()?;
        Ok(Exclusive { ingest, _lock: lock, _turn: turn })
    }
}

impl Drop for Exclusive {
    fn drop(&mut self) {
        self.ingest.resume();
    }
}

impl Turn {
    fn take(store: &Store) -> Result<Turn> {
        let is_free = importing(store).compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire);
        let taken = is_free.map(|_| Turn { store: store.clone() });
        taken.map_err(|_| fault::busy("another import is writing to this data directory"))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        importing(&self.store).store(false, Ordering::Release);
    }
}

fn importing(store: &Store) -> &AtomicBool {
    store.importing()
}
