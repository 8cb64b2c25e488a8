//! Wrong passwords, counted: after a few, the next one has to wait, and each further one longer.
//!
//! Kept in memory, by workspace: guessing across restarts is slower than waiting. One password is compared at a time, because
//! that is slow and takes much memory on purpose; a few may wait for their turn, so that a flood of them does not keep others
//! from being answered.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use weir_core::{Code, Error, Result};

/// So many may be wrong before anybody has to wait.
const FREE: u32 = 5;
/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(10);
/// The longest wait.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// After so long without a wrong one all is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(3600);
/// More names than there will ever be workspaces; beyond, those that wait for nothing are forgotten.
const MOST_NAMES: usize = 1000;

/// So many may wait for their turn.
const MOST_WAITING: usize = 8;

/// What was wrong of late.
#[derive(Default)]
pub(crate) struct Attempts {
    wrong: Mutex<HashMap<String, Wrong>>,
    waiting: AtomicUsize,
}

#[derive(Debug, Clone, Copy)]
struct Wrong {
    times: u32,
    last: Instant,
}

/// What came of an attempt.
pub(crate) enum Attempt<T> {
    /// It was made.
    Made(T),
    /// It was not: come again after so long.
    Wait(Duration),
}

impl Attempts {
    /// Makes an attempt, unless it comes too early; `fails` says which outcomes count as wrong.
    pub fn make<T>(
        &self,
        name: &str,
        attempt: impl FnOnce() -> T,
        fails: impl FnOnce(&T) -> bool,
    ) -> Result<Attempt<T>> {
        let is_full = self.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING;
        let made = if is_full { Err(busy()) } else { Ok(self.in_turn(name, attempt, fails)) };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        made
    }

    fn in_turn<T>(
        &self,
        name: &str,
        attempt: impl FnOnce() -> T,
        fails: impl FnOnce(&T) -> bool,
    ) -> Attempt<T> {
        // Whoever panicked left the counts as they were.
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if let Some(wait) = wrong.get(name).and_then(|wrong| wrong.wait(now)) {
            return Attempt::Wait(wait);
        }
        let made = attempt();
        if fails(&made) {
            let before = wrong.get(name).filter(|wrong| now.duration_since(wrong.last) < FORGOTTEN);
            let times = before.map_or(0, |wrong| wrong.times).saturating_add(1);
            if wrong.len() >= MOST_NAMES {
                wrong.retain(|_, wrong| wrong.wait(now).is_some());
            }
            wrong.insert(name.to_owned(), Wrong { times, last: now });
        } else {
            wrong.remove(name);
        }
        Attempt::Made(made)
    }
}

impl Wrong {
    /// How long the next attempt has to wait, if it has to.
    fn wait(&self, now: Instant) -> Option<Duration> {
        let doubled = self.times.checked_sub(FREE)?;
        let wait = FIRST.saturating_mul(2_u32.saturating_pow(doubled)).min(LONGEST);
        wait.checked_sub(now.saturating_duration_since(self.last)).filter(|wait| !wait.is_zero())
    }
}

fn busy() -> Error {
    Error::new(Code::Overloaded, "many passwords are being compared").help("try again in a moment")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(times: u32, since: u64) -> Option<u64> {
        let last = Instant::now();
        Wrong { times, last }.wait(last + Duration::from_secs(since)).map(|wait| wait.as_secs())
    }

    #[test]
    fn waits_grow_from_the_sixth_on_and_end() {
        assert_eq!(
            [waits(4, 0), waits(5, 0), waits(6, 0), waits(8, 0)],
            [None, Some(10), Some(20), Some(80)]
        );
        assert_eq!([waits(5, 4), waits(5, 10), waits(90, 0)], [Some(6), None, Some(900)]);
    }

    #[test]
    fn a_right_one_ends_the_counting() {
        let attempts = Attempts::default();
        let make = |name: &str, right: bool| match attempts.make(name, || right, |right| !right).unwrap() {
            Attempt::Made(right) => Some(right),
            Attempt::Wait(_) => None,
        };
        for _ in 0..4 {
            assert_eq!(make("a", false), Some(false));
        }
        assert_eq!(make("a", true), Some(true));
        for _ in 0..5 {
            assert_eq!(make("a", false), Some(false));
        }
        assert_eq!(make("a", true), None);
        assert_eq!(make("b", true), Some(true));
    }
}
