//! Whether anybody still waits for an answer. Who types an expression asks anew at every key; what they no longer wait
//! for should not keep processors from what they do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use weir_core::{Code, Error, Result};

/// Interest in an answer. Clones are one; it is there until it is lost.
#[derive(Debug, Clone, Default)]
pub struct Interest {
    is_lost: Arc<AtomicBool>,
}

impl Interest {
    /// Nobody waits any more.
    pub fn lose(&self) {
        self.is_lost.store(true, Ordering::Relaxed);
    }

    /// Fails once nobody waits.
    pub fn check(&self) -> Result<()> {
        if self.is_lost.load(Ordering::Relaxed) {
            return Err(Error::new(Code::Cancelled, "nobody waits for this answer any more"));
        }
        Ok(())
    }
}
