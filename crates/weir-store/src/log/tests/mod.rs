//! What the tests of the log share: a place where syncing costs nothing, and payloads that know what they are.

mod beside;
mod damage;
mod failure;
mod order;
mod power;

use std::fs;
use std::path::{Path, PathBuf};

use weir_core::Result;

use super::{Log, LogOptions, Position, Recovery, read};
use crate::disk::mishap::{Arrangement, Failure, Mishaps, Rule};
use crate::disk::{Disk, Operation};

/// A directory for a log, on a disk of its own.
struct Place {
    dir: tempfile::TempDir,
    disk: Arrangement,
    options: LogOptions,
}

impl Place {
    /// With segments of this many bytes.
    fn new(seed: u64, segment_bytes: u64) -> Place {
        let dir = tempfile::tempdir().unwrap();
        let disk = Mishaps::arrange(dir.path(), seed);
        disk.set(no_syncs());
        let options = LogOptions { segment_bytes, ..LogOptions::default() };
        Place { dir, disk, options }
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn try_open(&self) -> Result<(Log, Recovery)> {
        Log::open(&self.log(), Disk::of(&self.log()), self.options)
    }

    fn open(&self) -> Log {
        self.try_open().unwrap().0
    }

    /// Every payload with the position after it.
    fn frames(&self, from: Position) -> Result<Vec<(Position, Vec<u8>)>> {
        frames(&self.log(), from, None)
    }

    /// The files of the log, in order.
    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.log()).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

fn frames(dir: &Path, from: Position, until: Option<Position>) -> Result<Vec<(Position, Vec<u8>)>> {
    let mut found = Vec::new();
    read(dir, from, until, |after, payload| {
        found.push((after, payload.to_vec()));
        Ok(())
    })?;
    Ok(found)
}

/// Nothing is lost in most tests, so nothing needs to be synced.
fn no_syncs() -> Vec<Rule> {
    [Operation::Sync, Operation::SyncDir].map(|operation| Rule::new(operation, Failure::Skip, 1.0)).to_vec()
}

/// The `number`th payload of a writer, of a length that follows from both.
fn payload(writer: u64, number: u64) -> Vec<u8> {
    let mut random = Random(writer << 32 | number);
    let mut bytes = [writer.to_le_bytes(), number.to_le_bytes()].concat();
    let length = random.below(60);
    bytes.extend((0..length).map(|_| random.below(256) as u8));
    bytes
}

/// Who wrote a payload, and as which; it is asserted to be whole.
#[track_caller]
fn recognise(bytes: &[u8]) -> (u64, u64) {
    let number = |range: std::ops::Range<usize>| u64::from_le_bytes(bytes[range].try_into().unwrap());
    let (writer, number) = (number(0..8), number(8..16));
    assert_eq!(bytes, payload(writer, number), "payload {number} of writer {writer}");
    (writer, number)
}

/// Reproducible accidents.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
