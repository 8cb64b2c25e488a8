//! Mishaps: what a disk does to us, arranged by tests.
//!
//! A rule says that an operation fails in a way, with a chance. Rules are arranged for a directory ([`Mishaps::arrange`]).
//!
//! Mishaps also remember what was synced, so that a test can cut the power: see [`Mishaps::synced`] and [`Mishaps::is_named`].

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use super::Operation;
use crate::files::TEMPORARY;

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There is no space left; nothing was written.
    Full,
    /// The device failed; nothing was done.
    Broken,
    /// There was space for some of the bytes only.
    Short,
    /// It is said to be done, and is not: for tests in which nothing is lost anyway.
    Skip,
}

/// When what goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    operation: Operation,
    failure: Failure,
    chance: f64,
}

impl Rule {
    /// `operation` fails like this, with this chance, wherever it is.
    pub(crate) fn new(operation: Operation, failure: Failure, chance: f64) -> Rule {
        Rule { operation, failure, chance }
    }
}

/// Everything arranged for one place.
pub(crate) struct Mishaps {
    rules: Mutex<Vec<Rule>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    random: u64,
    synced: HashMap<PathBuf, u64>,
    named: HashSet<PathBuf>,
    /// After so many operations nothing works any more.
    power: Option<u64>,
}

/// Where mishaps were arranged in this process.
static PLACES: Mutex<Vec<(PathBuf, Arc<Mishaps>)>> = Mutex::new(Vec::new());

impl Mishaps {
    /// Nothing goes wrong below `dir` yet, and whatever will is drawn from `seed`.
    pub(crate) fn arrange(dir: &Path, seed: u64) -> Arrangement {
        let state = State { random: seed, ..State::default() };
        let mishaps = Arc::new(Mishaps { rules: Mutex::default(), state: Mutex::new(state) });
        lock(&PLACES).push((dir.to_owned(), mishaps.clone()));
        Arrangement { mishaps }
    }

    /// From now on these rules, and no others.
    pub(crate) fn set(&self, rules: impl IntoIterator<Item = Rule>) {
        *lock(&self.rules) = rules.into_iter().collect();
    }

    /// After so many more operations the power is off; `None` brings it back.
    pub(crate) fn power_off_after(&self, operations: Option<u64>) {
        lock(&self.state).power = operations;
    }

    /// How many bytes of a file are known to be durable.
    pub(crate) fn synced(&self, path: &Path) -> u64 {
        lock(&self.state).synced.get(path).copied().unwrap_or_default()
    }

    /// Whether the name of a file is known to be durable.
    pub(crate) fn is_named(&self, path: &Path) -> bool {
        lock(&self.state).named.contains(path)
    }

    /// What goes wrong now, if anything.
    fn strike(&self, operation: Operation) -> Option<Failure> {
        if self.is_off() {
            return Some(Failure::Broken);
        }
        let rules = lock(&self.rules);
        let struck = rules.iter().find(|rule| {
            rule.operation == operation && (self.draw() >> 11) as f64 / ((1_u64 << 53) as f64) < rule.chance
        });
        struck.map(|rule| rule.failure)
    }

    fn is_off(&self) -> bool {
        let mut state = lock(&self.state);
        let off = state.power == Some(0);
        state.power = state.power.map(|left| left.saturating_sub(1));
        off
    }

    /// SplitMix64: reproducible, and good enough for accidents.
    fn draw(&self) -> u64 {
        let mut state = lock(&self.state);
        state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state.random ^ (state.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Remembers what is durable now.
    fn note(&self, operation: Operation, path: &Path) {
        let mut state = lock(&self.state);
        match operation {
            Operation::Sync => {
                let length = fs::metadata(path).map_or(0, |metadata| metadata.len());
                state.synced.insert(path.to_owned(), length);
            }
            // Files get their names by being renamed from a temporary one.
            Operation::Rename => {
                let mut temporary = path.as_os_str().to_owned();
                temporary.push(TEMPORARY);
                let synced = state.synced.remove(Path::new(&temporary)).unwrap_or_default();
                state.synced.insert(path.to_owned(), synced);
            }
            Operation::SyncDir => {
                let names = fs::read_dir(path).into_iter().flatten().flatten();
                state.named.extend(names.map(|entry| entry.path()));
            }
            Operation::Open | Operation::Write | Operation::Truncate | Operation::Remove => {}
        }
    }
}

/// Mishaps arranged for a directory, for as long as this lives.
pub(crate) struct Arrangement {
    mishaps: Arc<Mishaps>,
}

impl std::ops::Deref for Arrangement {
    type Target = Mishaps;

    fn deref(&self) -> &Mishaps {
        &self.mishaps
    }
}

impl Drop for Arrangement {
    fn drop(&mut self) {
        lock(&PLACES).retain(|(_, mishaps)| !Arc::ptr_eq(mishaps, &self.mishaps));
    }
}

/// Watches over one place, where something may be arranged.
#[derive(Clone)]
pub(super) struct Watch {
    mishaps: Option<Arc<Mishaps>>,
}

impl Watch {
    pub(super) fn of(path: &Path) -> Watch {
        let arranged = lock(&PLACES).iter().find(|(dir, _)| path.starts_with(dir)).map(|(_, m)| m.clone());
        Watch { mishaps: arranged }
    }

    pub(super) fn run(
        &self,
        operation: Operation,
        path: &Path,
        act: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(mishaps) = &self.mishaps else { return act() };
        match mishaps.strike(operation) {
            Some(Failure::Skip) => {}
            Some(failure) => return Err(failure.error()),
            None => act()?,
        }
        mishaps.note(operation, path);
        Ok(())
    }

    pub(super) fn write(
        &self,
        buffer: &[u8],
        act: impl FnOnce(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let Some(mishaps) = &self.mishaps else { return act(buffer) };
        match mishaps.strike(Operation::Write) {
            Some(Failure::Skip) => Ok(buffer.len()),
            Some(Failure::Short) => {
                act(&buffer[..mishaps.draw() as usize % (buffer.len() + 1)])?;
                Err(Failure::Short.error())
            }
            Some(failure) => Err(failure.error()),
            None => act(buffer),
        }
    }
}

impl Failure {
    fn error(self) -> io::Error {
        match self {
            Failure::Full | Failure::Short => io::ErrorKind::StorageFull.into(),
            Failure::Broken | Failure::Skip => io::Error::from_raw_os_error(EIO),
        }
    }
}

/// The system's number for a failed device.
const EIO: i32 = 5;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
