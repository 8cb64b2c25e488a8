//! What the machine can do at best: the same bytes, appended to a file and synced, and nothing else.
//!
//! Writers hand in what they have; one thread writes all that is there at once and syncs it; then they go on. The
//! writers run where the clients do, the one thread runs where the server does.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::batch::{Batch, EVENTS, Numbers};
use super::cores::Cores;
use crate::random::Random;

#[derive(Default)]
struct Log {
    state: Mutex<State>,
    handed_in: Condvar,
    synced: Condvar,
}

#[derive(Default)]
struct State {
    pending: Vec<u8>,
    /// How many groups were taken, and how many of them are on disk.
    taken: u64,
    on_disk: u64,
    /// Nobody hands in any more.
    closed: bool,
}

/// Appends for so long; answers events a second.
pub fn run(
    folder: &Path,
    writers: usize,
    seconds: u64,
    numbers: &Numbers,
    cores: &Cores,
) -> Result<f64, String> {
    let path = folder.join("bare.log");
    let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (log, stop) = (Log::default(), AtomicBool::new(false));
    let began = Instant::now();
    let (events, failed) = thread::scope(|scope| {
        let committer = scope.spawn(|| {
            cores.bind_server();
            log.commit_all(file)
        });
        let writer = |number| {
            let (log, stop) = (&log, &stop);
            scope.spawn(move || log.write_until(stop, number, numbers))
        };
        let writers: Vec<_> = (0..writers).map(writer).collect();
        thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        let events: u64 = writers.into_iter().map(|writer| writer.join().unwrap_or(0)).sum();
        log.close();
        (events, committer.join().unwrap_or_else(|_| Err("the committer panicked".to_owned())))
    });
    failed?;
    let rate = events as f64 / began.elapsed().as_secs_f64();
    std::fs::remove_file(&path).map_err(|error| error.to_string())?;
    Ok(rate)
}

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lock().closed = true;
        self.handed_in.notify_all();
    }

    fn write_until(&self, stop: &AtomicBool, number: usize, numbers: &Numbers) -> u64 {
        let (mut batch, mut random) = (Batch::new(), Random::stream(numbers.messages(), number as u64));
        let mut events = 0;
        while !stop.load(Ordering::Relaxed) {
            batch.renew(numbers, &mut random);
            self.append(batch.bytes());
            events += EVENTS as u64;
        }
        events
    }

    /// Returns when the bytes are on disk.
    fn append(&self, bytes: &[u8]) {
        let mut state = self.lock();
        state.pending.extend_from_slice(bytes);
        let group = state.taken + 1;
        self.handed_in.notify_one();
        while state.on_disk < group {
            state = self.synced.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn commit_all(&self, mut file: File) -> Result<(), String> {
        let mut group = Vec::new();
        while self.take(&mut group) {
            let written = file.write_all(&group).and_then(|()| file.sync_data());
            // After an error nobody waits any more; it ends the run.
            self.lock().on_disk += if written.is_ok() { 1 } else { u64::MAX / 2 };
            self.synced.notify_all();
            written.map_err(|error| format!("the bare log: {error}"))?;
        }
        Ok(())
    }

    /// Waits for something to write; nothing comes any more once all have stopped.
    fn take(&self, group: &mut Vec<u8>) -> bool {
        group.clear();
        let mut state = self.lock();
        while state.pending.is_empty() {
            if state.closed {
                return false;
            }
            state = self.handed_in.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::swap(&mut state.pending, group);
        state.taken += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_handed_in_is_written_before_it_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let (log, file) = (Log::default(), File::create(&path).unwrap());
        thread::scope(|scope| {
            let committer = scope.spawn(|| log.commit_all(file));
            let append = |byte: u8| {
                let (log, path) = (&log, &path);
                scope.spawn(move || {
                    for times in 1..=50 {
                        log.append(&[byte; 10]);
                        let there = std::fs::read(path).unwrap();
                        assert_eq!(there.iter().filter(|&&found| found == byte).count(), 10 * times);
                    }
                })
            };
            let writers: Vec<_> = (0..4).map(append).collect();
            writers.into_iter().for_each(|writer| writer.join().unwrap());
            log.close();
            committer.join().unwrap().unwrap();
        });
        assert_eq!(std::fs::read(&path).unwrap().len(), 4 * 50 * 10);
    }
}
