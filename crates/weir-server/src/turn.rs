//! Whose turn it is. A question uses all processors, so more of them at a time than there are processors make nobody's
//! answer quicker: they only get in each other's way, and whoever is unlucky is finished last. So they wait in line, and
//! leave it when nobody waits for them any more.
//!
//! There are two lines, each with as many threads as the machine has processors: long questions (orders of events, many
//! dates) keep to one, so that no estimate waits behind them; the system shares processors between the two.

use std::sync::{Arc, LazyLock};

use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a question takes, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// Milliseconds: a set, or a few.
    Short,
    /// As much as a look at every event: orders of events, cohorts, many dates.
    Long,
}

/// A place in a line, from which questions are answered first come, first served.
pub(crate) struct Line {
    turns: Arc<Semaphore>,
    /// Threads of its own; none for the line that has the process's.
    pool: Option<ThreadPool>,
}

/// A question's turn; over when it is dropped.
pub(crate) struct Turn {
    _turn: Option<OwnedSemaphorePermit>,
    line: &'static Line,
}

// Processors are the process's, so lines are, too.
static SHORT: LazyLock<Line> = LazyLock::new(|| Line::new(false));
static LONG: LazyLock<Line> = LazyLock::new(|| Line::new(true));

impl Length {
    /// The line for questions of this length.
    pub fn line(self) -> &'static Line {
        match self {
            Length::Short => &SHORT,
            Length::Long => &LONG,
        }
    }
}

impl Line {
    fn new(has_own_threads: bool) -> Line {
        let threads = rayon::current_num_threads();
        let pool = has_own_threads.then(|| ThreadPoolBuilder::new().num_threads(threads).build().ok());
        // Where no more threads can be started, both lines have the same ones.
        Line { turns: Arc::new(Semaphore::new(threads)), pool: pool.flatten() }
    }

    /// Waits in line. Whoever drops this future has left the line.
    pub async fn turn(&'static self) -> Turn {
        // The semaphore is never closed.
        Turn { _turn: self.turns.clone().acquire_owned().await.ok(), line: self }
    }
}

impl Turn {
    /// Runs something on the line's threads; the turn is over afterwards.
    pub fn run<T: Send>(self, work: impl FnOnce() -> T + Send) -> T {
        match &self.line.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}
