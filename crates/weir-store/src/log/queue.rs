//! The queue: frames that wait to be written, and everybody who waits for them to be durable.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use weir_core::{Code, Error, Result};

use super::Position;
use super::frame::HEAD;

/// A seal is written when nothing came in for this long: under load, none is.
const QUIET: Duration = Duration::from_millis(5);

pub(super) struct Queue {
    state: Mutex<State>,
    /// Told to the log thread: there is something to do.
    work: Condvar,
    /// Told to those who wait: more is durable, or nothing will be any more.
    progress: Condvar,
    backlog_bytes: usize,
}

struct State {
    waiting: Vec<Vec<u8>>,
    /// Bytes taken in that are not durable yet.
    backlog: usize,
    /// Where the next frame goes: after the last frame taken in, and the seal that may follow it.
    next: Position,
    /// The position after the last frame taken in.
    appended: Position,
    durable: Position,
    /// Whether the log says of everything in it that it is durable.
    sealed: bool,
    closing: bool,
    failed: Option<Error>,
}

/// What the log thread is to do next.
pub(super) enum Work {
    /// Write these and make them durable.
    Group(Vec<Vec<u8>>),
    /// Nothing came in meanwhile: write down what is durable.
    Seal,
    /// Make durable what is written, and end.
    Close,
}

impl Queue {
    pub(super) fn new(end: Position, backlog_bytes: usize) -> Queue {
        let state = State {
            waiting: Vec::new(),
            backlog: 0,
            next: end,
            appended: end,
            durable: end,
            sealed: true,
            closing: false,
            failed: None,
        };
        Queue { state: Mutex::new(state), work: Condvar::new(), progress: Condvar::new(), backlog_bytes }
    }

    /// Takes a frame in and gives the position after it.
    pub(super) fn push(&self, payload: Vec<u8>) -> Result<Position> {
        if payload.is_empty() || u32::try_from(payload.len()).is_err() {
            return Err(Error::internal(format!("a frame of {} bytes", payload.len())));
        }
        let mut state = self.lock();
        state.check()?;
        self.check_room_in(&state, payload.len())?;
        state.backlog += payload.len();
        state.next += (HEAD + payload.len()) as u64;
        state.appended = state.next;
        state.waiting.push(payload);
        self.work.notify_one();
        Ok(state.appended)
    }

    /// Whether a frame of about this many bytes would be taken in now.
    pub(super) fn check_room(&self, bytes: usize) -> Result<()> {
        let state = self.lock();
        state.check()?;
        self.check_room_in(&state, bytes)
    }

    /// One that is larger than the limit has to get through when it is alone.
    fn check_room_in(&self, state: &State, bytes: usize) -> Result<()> {
        let is_full = state.backlog > 0 && state.backlog + bytes > self.backlog_bytes;
        if is_full { Err(overloaded(state.backlog)) } else { Ok(()) }
    }

    /// The position after the last frame taken in.
    pub(super) fn appended(&self) -> Position {
        self.lock().appended
    }

    /// Waits until everything before `position` is durable.
    pub(super) fn wait(&self, position: Position) -> Result<()> {
        let mut state = self.lock();
        if position > state.next {
            return Err(Error::internal(format!("nobody wrote up to position {position}")));
        }
        while state.durable < position {
            state.check()?;
            state = self.progress.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    pub(super) fn durable(&self) -> Position {
        self.lock().durable
    }

    /// Whether the log still goes on.
    pub(super) fn check(&self) -> Result<()> {
        self.lock().check()
    }

    /// Waits for something to do. A seal has its place from here on, before whatever comes in next.
    pub(super) fn take(&self) -> Work {
        let mut state = self.lock();
        let mut quiet = false;
        loop {
            if !state.waiting.is_empty() {
                state.sealed = false;
                return Work::Group(mem::take(&mut state.waiting));
            }
            if !state.sealed && (quiet || state.closing) {
                state.sealed = true;
                state.next += HEAD as u64;
                return Work::Seal;
            }
            if state.closing {
                return Work::Close;
            }
            (state, quiet) = self.doze(state);
        }
    }

    /// Waits for work; for a short while only, if a seal is due. Says whether nothing came.
    fn doze<'a>(&self, state: MutexGuard<'a, State>) -> (MutexGuard<'a, State>, bool) {
        if state.sealed {
            (self.work.wait(state).unwrap_or_else(PoisonError::into_inner), false)
        } else {
            let (state, waited) =
                self.work.wait_timeout(state, QUIET).unwrap_or_else(PoisonError::into_inner);
            (state, waited.timed_out())
        }
    }

    /// A group of this many bytes is durable, up to `position`.
    pub(super) fn done(&self, position: Position, bytes: usize) {
        let mut state = self.lock();
        state.durable = position;
        state.backlog -= bytes;
        self.progress.notify_all();
    }

    /// Nothing more is taken in.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.work.notify_all();
    }

    /// The log has failed for good; whoever waits is told why. The first reason stays.
    pub(super) fn fail(&self, error: Error) {
        let mut state = self.lock();
        state.failed.get_or_insert(error);
        state.closing = true;
        state.sealed = true;
        state.waiting = Vec::new();
        self.progress.notify_all();
        self.work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics half-way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&self) -> Result<()> {
        match &self.failed {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

fn overloaded(backlog: usize) -> Error {
    let message = format!("{backlog} bytes wait to be written, and no more are taken in");
    Error::new(Code::Overloaded, message).help("send it again in a moment")
}
