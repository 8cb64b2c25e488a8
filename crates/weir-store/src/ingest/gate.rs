//! The gate that requests pass. An import closes it: then nobody is inside, and whoever comes waits a while.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use weir_core::Result;

use crate::fault;

#[derive(Default)]
pub(crate) struct Gate {
    state: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    requests: usize,
    closed: bool,
}

/// Leave to be inside.
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
}

impl Gate {
    /// Goes in, waiting while the gate is closed.
    pub(crate) fn enter(&self, patience: Duration) -> Result<Pass<'_>> {
        let waiting = self
            .changed
            .wait_timeout_while(self.lock(), patience, |inside| inside.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let (mut inside, timeout) = waiting;
        if timeout.timed_out() {
            return Err(fault::busy("an import is writing to this data directory"));
        }
        inside.requests += 1;
        Ok(Pass { gate: self })
    }

    /// Closes the gate and waits until nobody is inside. Whoever closes it opens it again.
    pub(crate) fn close(&self) {
        let unclosed = self.changed.wait_while(self.lock(), |inside| inside.closed);
        let mut inside = unclosed.unwrap_or_else(PoisonError::into_inner);
        inside.closed = true;
        let emptied = self.changed.wait_while(inside, |inside| inside.requests > 0);
        drop(emptied.unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn open(&self) {
        self.lock().closed = false;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.lock().requests -= 1;
        self.gate.changed.notify_all();
    }
}
