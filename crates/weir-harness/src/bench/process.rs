//! What a process uses, as Linux tells it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Clock ticks of `/proc/PID/stat` in a second, on every Linux there is.
const TICKS: f64 = 100.0;

/// Seconds of processor time so far; none where there is no `/proc`.
pub fn cpu_seconds(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; what follows it are numbers, utime and stime the 12th and 13th of them.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|ticks| ticks.parse::<f64>().ok());
    Some((ticks(11)? + ticks(12)?) / TICKS)
}

/// Bytes of memory that are resident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// The process's own: what the system cannot take back.
    pub own: u64,
    /// Pages of files, which it can.
    pub of_files: u64,
}

/// What memory a process has.
pub fn memory(pid: u32) -> Option<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    Some(Memory { own: bytes("RssAnon:")?, of_files: bytes("RssFile:")? })
}

/// One look at a process.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Since the beginning.
    pub at: Duration,
    /// Memory.
    pub memory: Memory,
    /// New ids by then.
    pub ids: u64,
}

/// Looks twice a second, until told to stop.
pub fn watch(pid: u32, ids: &dyn Fn() -> u64, stop: &AtomicBool) -> Vec<Sample> {
    let began = Instant::now();
    let mut samples = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        if let Some(memory) = memory(pid) {
            samples.push(Sample { at: began.elapsed(), memory, ids: ids() });
        }
        thread::sleep(Duration::from_millis(500));
    }
    samples
}

/// So many looks in a row must be alike for a process to be at rest, and so many bytes they may differ by.
const ALIKE: usize = 10;
const TOLERANCE: u64 = 1 << 20;
/// Nobody rests longer than that before being looked at all the same.
const PATIENCE: usize = 120;

/// What memory a process has once nothing comes and goes any more: flushes and merges are over.
pub fn at_rest(pid: u32) -> Option<Memory> {
    let mut seen = Vec::new();
    for _ in 0..PATIENCE {
        seen.push(memory(pid)?);
        if is_steady(&seen) {
            break;
        }
        thread::sleep(Duration::from_millis(500));
    }
    seen.last().copied()
}

fn is_steady(seen: &[Memory]) -> bool {
    let Some(latest) = seen.len().checked_sub(ALIKE).map(|from| &seen[from..]) else { return false };
    let own = latest.iter().map(|memory| memory.own);
    own.clone().max().unwrap_or(0) - own.min().unwrap_or(0) <= TOLERANCE
}

/// Bytes by which a process's own memory grows with each new id: the slope of the straight line through the samples.
pub fn bytes_per_id(samples: &[Sample]) -> Option<f64> {
    let count = samples.len() as f64;
    let mean = |of: &dyn Fn(&Sample) -> f64| samples.iter().map(of).sum::<f64>() / count;
    let (ids, bytes) = (mean(&|sample| sample.ids as f64), mean(&|sample| sample.memory.own as f64));
    let (mut covariance, mut variance) = (0.0, 0.0);
    for sample in samples {
        let away = sample.ids as f64 - ids;
        covariance += away * (sample.memory.own as f64 - bytes);
        variance += away * away;
    }
    (variance > 0.0).then(|| covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_is_bytes_per_id() {
        let sample =
            |ids: u64, own: u64| Sample { at: Duration::ZERO, memory: Memory { own, of_files: 7 }, ids };
        assert_eq!(bytes_per_id(&[sample(0, 100), sample(10, 400), sample(20, 700)]), Some(30.0));
        assert_eq!(bytes_per_id(&[sample(5, 100), sample(5, 200)]), None);
        assert_eq!(bytes_per_id(&[]), None);
    }

    #[test]
    fn at_rest_is_what_stays_the_same_for_a_while() {
        let seen = |own: &[u64]| own.iter().map(|own| Memory { own: *own, of_files: 0 }).collect::<Vec<_>>();
        assert!(!is_steady(&seen(&[5; ALIKE - 1])));
        assert!(is_steady(&seen(&[5; ALIKE])));
        let mut moved = seen(&[5; ALIKE]);
        moved.push(Memory { own: 6 + TOLERANCE, of_files: 0 });
        assert!(!is_steady(&moved));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_uses_something() {
        let pid = std::process::id();
        assert!(memory(pid).unwrap().own > 0);
        assert!(cpu_seconds(pid).is_some());
        assert_eq!(memory(u32::MAX), None);
    }
}
