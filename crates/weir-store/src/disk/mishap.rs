//! Mishaps: what a disk does to us, arranged by tests.
//!
//! A rule says that an operation, on files whose path contains a text, fails in a way, with a chance. Rules are arranged
//! for a directory of this process ([`Mishaps::arrange`]), or for a whole process by a file that the environment variable
//! `WEIR_TEST_FAULTS` names. The file is read again at every operation, so writing and removing it breaks and mends
//! the disk of a running server; one rule a line: `OPERATION FAILURE CHANCE [TEXT]`, as in `write full 0.1 /log/`.
//!
//! Mishaps also remember what was synced, so that a test can cut the power: see [`Mishaps::synced`] and [`Mishaps::is_named`].

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::{env, fs, io};

use super::Operation;
use crate::files::TEMPORARY;

/// Names the file of rules for a whole process.
const VARIABLE: &str = "WEIR_TEST_FAULTS";

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
    within: String,
}

impl Rule {
    /// `operation` fails like this, with this chance, wherever it is.
    pub(crate) fn new(operation: Operation, failure: Failure, chance: f64) -> Rule {
        Rule { operation, failure, chance, within: String::new() }
    }

    fn parse(line: &str) -> Option<Rule> {
        let mut words = line.split_whitespace();
        let operation = match words.next()? {
            "open" => Operation::Open,
            "write" => Operation::Write,
            "sync" => Operation::Sync,
            "truncate" => Operation::Truncate,
            "rename" => Operation::Rename,
            "remove" => Operation::Remove,
            "sync_dir" => Operation::SyncDir,
            _ => return None,
        };
        let failure = match words.next()? {
            "full" => Failure::Full,
            "broken" => Failure::Broken,
            "short" => Failure::Short,
            "skip" => Failure::Skip,
            _ => return None,
        };
        let chance = words.next()?.parse().ok()?;
        Some(Rule { operation, failure, chance, within: words.next().unwrap_or_default().to_owned() })
    }

    /// One rule a line; empty lines say nothing.
    pub(crate) fn parse_all(text: &str) -> io::Result<Vec<Rule>> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| Rule::parse(line).ok_or_else(|| unreadable(line))).collect()
    }

    fn applies(&self, operation: Operation, path: &Path) -> bool {
        self.operation == operation && path.to_string_lossy().contains(&self.within)
    }
}

/// Everything arranged for one place.
pub(crate) struct Mishaps {
    rules: Rules,
    state: Mutex<State>,
}

enum Rules {
    Given(Mutex<Vec<Rule>>),
    File(PathBuf),
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
        let mishaps = Arc::new(Mishaps::new(Rules::Given(Mutex::default()), seed));
        lock(&PLACES).push((dir.to_owned(), mishaps.clone()));
        Arrangement { mishaps }
    }

    fn new(rules: Rules, seed: u64) -> Mishaps {
        Mishaps { rules, state: Mutex::new(State { random: seed, ..State::default() }) }
    }

    /// From now on these rules, and no others.
    pub(crate) fn set(&self, rules: impl IntoIterator<Item = Rule>) {
        if let Rules::Given(given) = &self.rules {
            *lock(given) = rules.into_iter().collect();
        }
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

    fn rules(&self) -> io::Result<Vec<Rule>> {
        let file = match &self.rules {
            Rules::Given(given) => return Ok(lock(given).clone()),
            Rules::File(file) => file,
        };
        match fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            text => Rule::parse_all(&text?),
        }
    }

    /// What goes wrong now, if anything.
    fn strike(&self, operation: Operation, path: &Path) -> io::Result<Option<Failure>> {
        if self.is_off() {
            return Ok(Some(Failure::Broken));
        }
        let struck = self.rules()?.into_iter().find(|rule| {
            rule.applies(operation, path) && (self.draw() >> 11) as f64 / ((1_u64 << 53) as f64) < rule.chance
        });
        Ok(struck.map(|rule| rule.failure))
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
        Watch { mishaps: arranged.or_else(everywhere) }
    }

    pub(super) fn run(
        &self,
        operation: Operation,
        path: &Path,
        act: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(mishaps) = &self.mishaps else { return act() };
        match mishaps.strike(operation, path)? {
            Some(Failure::Skip) => {}
            Some(failure) => return Err(failure.error()),
            None => act()?,
        }
        mishaps.note(operation, path);
        Ok(())
    }

    pub(super) fn write(
        &self,
        path: &Path,
        buffer: &[u8],
        act: impl FnOnce(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let Some(mishaps) = &self.mishaps else { return act(buffer) };
        match mishaps.strike(Operation::Write, path)? {
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

/// What the environment asks for, read once.
fn everywhere() -> Option<Arc<Mishaps>> {
    static EVERYWHERE: OnceLock<Option<Arc<Mishaps>>> = OnceLock::new();
    let read = || env::var_os(VARIABLE).map(|file| Arc::new(Mishaps::new(Rules::File(file.into()), 0)));
    EVERYWHERE.get_or_init(read).clone()
}

fn unreadable(line: &str) -> io::Error {
    let message = format!("{VARIABLE}: not a rule: {line}; a rule is OPERATION FAILURE CHANCE [TEXT]");
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_rules_breaks_and_mends_while_it_is_watched() {
        let dir = tempfile::tempdir().unwrap();
        let rules = dir.path().join("rules");
        let watch = Watch { mishaps: Some(Arc::new(Mishaps::new(Rules::File(rules.clone()), 0))) };
        let sync = |path: &str| watch.run(Operation::Sync, Path::new(path), || Ok(()));
        sync("/w/log/a").unwrap();
        fs::write(&rules, "sync broken 1 /log/\n").unwrap();
        assert_eq!(sync("/w/log/a").unwrap_err().raw_os_error(), Some(EIO));
        sync("/w/events/a").unwrap();
        fs::remove_file(&rules).unwrap();
        sync("/w/log/a").unwrap();
        fs::write(&rules, "sync broken\n").unwrap();
        assert_eq!(sync("/w/log/a").unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}
