//! What an open ingest does by itself: flush from time to time, and let another process write when it asks.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use weir_core::{Code, Error, Result};

use super::{Ingest, gauge};
use crate::lock;

/// How often to look.
const GLANCE: Duration = Duration::from_millis(100);

/// A log of this length is flushed.
const LONG: u64 = 192 << 20;

/// What has waited this long is flushed.
const LONG_AGO: Duration = Duration::from_secs(300);

/// Where there is no space left, what has waited this long is flushed: files take less than the log.
const SOON: Duration = Duration::from_secs(10);

/// After a flush that failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Starts the threads; they end when nobody holds the ingest any more.
pub(crate) fn start(ingest: &Arc<Ingest>) -> Result<()> {
    // On a thread of its own: a flush or another process may take minutes, and the disk fills meanwhile.
    gauge::start(ingest)?;
    let ingest = Arc::downgrade(ingest);
    let thread = std::thread::Builder::new().name("flush".to_owned());
    thread.spawn(move || run(&ingest)).map_err(|error| Error::io("starting a thread", &error))?;
    Ok(())
}

fn run(ingest: &Weak<Ingest>) {
    let (mut flushed, mut not_before) = (Instant::now(), Instant::now());
    loop {
        std::thread::sleep(GLANCE);
        let Some(ingest) = ingest.upgrade() else { return };
        if ingest.is_wanted_by_others() {
            tell(&ingest, "cannot let another process write", ingest.hand_over());
        }
        let patience = if ingest.is_full() { SOON } else { LONG_AGO };
        let is_due = ingest.backlog_bytes() >= LONG || flushed.elapsed() >= patience;
        if !is_due || Instant::now() < not_before {
            continue;
        }
        flushed = Instant::now();
        let outcome = ingest.flush();
        if outcome.is_err() {
            not_before = Instant::now() + PAUSE;
        }
        tell(&ingest, "cannot flush the log", outcome);
    }
}

fn tell(ingest: &Ingest, what: &str, outcome: Result<()>) {
    if let Err(error) = outcome {
        let (code, message) = (error.code.as_str(), error.message.as_str());
        tracing::error!(workspace = ingest.workspace.name(), code, message, "{what}");
    }
}

impl Ingest {
    /// Stops taking in, writes everything to files, and keeps others out until [`Ingest::resume`]. What cannot be written
    /// keeps the ingest as it was.
    pub(crate) fn pause(&self) -> Result<()> {
        self.gate.close();
        self.empty().inspect_err(|_| self.gate.open())
    }

    fn empty(&self) -> Result<()> {
        let is_open = self.lock_state().is_some();
        if is_open || self.workspace.has_backlog()? { self.flush_inside() } else { Ok(()) }
    }

    /// Goes on; whoever wrote meanwhile is heeded.
    pub(crate) fn resume(&self) {
        self.is_stale.store(true, Ordering::Release);
        tell(self, "cannot measure the space on the disk", self.measure());
        self.gate.open();
    }

    fn backlog_bytes(&self) -> u64 {
        let durable = self.durable().unwrap_or_default();
        let flushed = self.flushing.try_lock().map_or(durable, |backlog| backlog.flushed());
        durable.saturating_sub(flushed)
    }

    fn is_wanted_by_others(&self) -> bool {
        let is_open = self.lock_state().is_some();
        is_open && lock::is_wanted(self.workspace.store().dir())
    }

    /// Lets another process write, and waits for it.
    fn hand_over(&self) -> Result<()> {
        self.pause()?;
        *self.lock_state() = None;
        let dir = self.workspace.store().dir();
        lock::wait_for_turn(dir);
        // The other has it now; it is ours again when it can be opened, which the first request tries, and this.
        while self.state().is_err_and(|error| error.code == Code::StoreBusy) {
            std::thread::sleep(GLANCE);
        }
        self.resume();
        Ok(())
    }
}
