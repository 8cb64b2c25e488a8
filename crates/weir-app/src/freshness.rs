//! How far behind the data is that questions see, and who waits for it.
//!
//! Taking events in and showing them to questions share the same processors. Whoever sends would win, since each of them
//! is one and the refresh is one among many; so beyond a lag they wait for the next refresh, and what was acknowledged is
//! seen soon. Nobody waits where nobody asks, or where the refresh fails.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Data may be this far behind before whoever brings more waits.
const LAG: Duration = Duration::from_millis(1_500);

/// The longest that a request waits: clients give up after ten seconds, and have waited for other things too.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far behind the data of one workspace is.
#[derive(Default)]
pub(crate) struct Freshness {
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Default)]
struct State {
    /// When the last refresh that succeeded looked at the log: whatever was durable by then is seen.
    seen: Option<Instant>,
    /// When the refresh under way began.
    begun: Option<Instant>,
}

impl State {
    fn is_behind(&self) -> bool {
        self.begun.is_some() && self.seen.is_some_and(|seen| seen.elapsed() > LAG)
    }
}

impl Freshness {
    /// Notes that a refresh begins; it ends with the guard.
    pub fn begin(&self) -> Refresh<'_> {
        self.state().begun = Some(Instant::now());
        Refresh(self)
    }

    /// Waits while the data is far behind and about to catch up.
    pub fn wait(&self) {
        let state = self.state();
        if state.is_behind() {
            let waited = self.moved.wait_timeout_while(state, PATIENCE, |state| state.is_behind());
            drop(waited);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A refresh under way.
pub(crate) struct Refresh<'a>(&'a Freshness);

impl Refresh<'_> {
    /// It has succeeded.
    pub fn succeed(self) {
        let mut state = self.0.state();
        state.seen = state.begun;
    }
}

impl Drop for Refresh<'_> {
    fn drop(&mut self) {
        self.0.state().begun = None;
        self.0.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    fn lagging() -> Freshness {
        let freshness = Freshness::default();
        freshness.state().seen = Instant::now().checked_sub(LAG * 2);
        freshness
    }

    #[test]
    fn whoever_brings_more_waits_for_the_refresh_that_is_under_way() {
        let freshness = Arc::new(lagging());
        let refresh = freshness.begin();
        let waiting = thread::spawn({
            let freshness = freshness.clone();
            move || freshness.wait()
        });
        thread::sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        refresh.succeed();
        waiting.join().unwrap();
        assert!(!freshness.state().is_behind());
    }

    #[test]
    fn nobody_waits_where_nothing_is_about_to_catch_up() {
        let began = Instant::now();
        Freshness::default().wait();
        let failing = lagging();
        drop(failing.begin());
        failing.wait();
        assert!(began.elapsed() < PATIENCE, "no refresh is under way");
        let fresh = Freshness::default();
        fresh.begin().succeed();
        let _under_way = fresh.begin();
        fresh.wait();
        assert!(began.elapsed() < PATIENCE, "the data is not far behind");
    }
}
