//! What every request needs and the database knows, kept for a second.
//!
//! When the second has passed one request asks again, and the others go on with what there is. So another process is heeded
//! within a second, and the database is not in the way of ingest. What this process changes it forgets at once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use weir_core::Result;

/// How long an answer is taken to be true.
const FRESH: Duration = Duration::from_secs(1);

/// Answers by name.
pub(crate) struct Lately<T> {
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    answers: HashMap<String, (Instant, T)>,
    /// Goes up when something is forgotten: whoever asked before that learnt what may no longer be so.
    epoch: u64,
}

impl<T> Default for Lately<T> {
    fn default() -> Lately<T> {
        Lately { kept: Mutex::new(Kept { answers: HashMap::new(), epoch: 0 }) }
    }
}

impl<T: Clone> Lately<T> {
    /// The answer to a name: the one that is kept, or that of `ask`.
    pub fn get(&self, name: &str, ask: impl FnOnce() -> Result<T>) -> Result<T> {
        let epoch = match self.kept().fresh(name) {
            Ok(answer) => return Ok(answer),
            Err(epoch) => epoch,
        };
        let answer = ask();
        let mut kept = self.kept();
        match &answer {
            Ok(answer) if kept.epoch == epoch => {
                kept.answers.insert(name.to_owned(), (Instant::now(), answer.clone()));
            }
            Err(error) if error.is_users_fault() => {
                kept.answers.remove(name);
            }
            Ok(_) | Err(_) => {}
        }
        answer
    }

    /// Forgets everything.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.answers.clear();
        kept.epoch += 1;
    }

    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Kept<T> {
    /// A fresh answer, or the epoch in which the caller asks, who alone does so for the next second.
    fn fresh(&mut self, name: &str) -> std::result::Result<T, u64> {
        let Some((checked, answer)) = self.answers.get_mut(name) else { return Err(self.epoch) };
        if checked.elapsed() < FRESH {
            return Ok(answer.clone());
        }
        *checked = Instant::now();
        Err(self.epoch)
    }
}

#[cfg(test)]
mod tests {
    use weir_core::{Code, Error};

    use super::*;

    #[test]
    fn answers_are_kept_until_they_are_forgotten() {
        let lately = Lately::default();
        assert_eq!(lately.get("a", || Ok(1)).unwrap(), 1);
        assert_eq!(lately.get("a", || Ok(2)).unwrap(), 1);
        assert_eq!(lately.get("b", || Ok(3)).unwrap(), 3);
        lately.forget();
        assert_eq!(lately.get("a", || Ok(4)).unwrap(), 4);
    }

    #[test]
    fn what_was_asked_before_something_was_forgotten_is_not_kept() {
        let lately = Lately::default();
        let asked = lately.get("a", || {
            lately.forget();
            Ok(1)
        });
        assert_eq!(asked.unwrap(), 1);
        assert_eq!(lately.get("a", || Ok(2)).unwrap(), 2);
    }

    #[test]
    fn failures_are_not_kept() {
        let lately = Lately::<u32>::default();
        let refused = lately.get("a", || Err(Error::new(Code::Unauthorized, "no")));
        assert_eq!(refused.unwrap_err().code, Code::Unauthorized);
        assert_eq!(lately.get("a", || Ok(1)).unwrap(), 1);
    }
}
