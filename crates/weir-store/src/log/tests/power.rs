//! Power cuts: whatever was not synced is there in part, sector by sector, or not at all.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::failure::{assert_kept, write_all};
use super::{Failure, Operation, Place, Random, Rule, no_syncs};

/// What a disk writes as a whole.
const SECTOR: u64 = 512;

#[test]
fn two_hundred_power_cuts_lose_nothing_acknowledged() {
    let mut random = Random(2);
    let mut torn = 0;
    for seed in 0..50 {
        let place = Place::new(seed, 2000 + random.below(20_000));
        let mut acknowledged = Vec::new();
        for round in 0..4 {
            let (log, recovery) = place.try_open().unwrap();
            torn += u64::from(recovery.cut.is_some());
            assert_kept(&place, &acknowledged);
            let delay = Duration::from_micros(random.below(1500));
            thread::scope(|scope| {
                let writing = scope.spawn(|| write_all(&log, round));
                thread::sleep(delay);
                place.disk.set(power_off());
                acknowledged.extend(writing.join().unwrap());
            });
            drop(log);
            lose_unsynced(&place, &mut random);
            place.disk.set(no_syncs());
        }
    }
    assert!(torn > 10, "only {torn} torn tails");
}

/// Nothing works any more.
fn power_off() -> impl Iterator<Item = Rule> {
    use Operation::{Open, Remove, Rename, Sync, SyncDir, Truncate, Write};
    let everything = [Open, Write, Sync, Truncate, Rename, Remove, SyncDir];
    everything.into_iter().map(|operation| Rule::new(operation, Failure::Broken, 1.0))
}

fn lose_unsynced(place: &Place, random: &mut Random) {
    for path in place.files() {
        if !place.disk.is_named(&path) && random.below(2) == 0 {
            fs::remove_file(&path).unwrap();
        } else {
            lose_sectors(&path, place.disk.synced(&path), random);
        }
    }
}

/// Of what was not synced each sector is there or is not, and the file may be shorter.
fn lose_sectors(path: &Path, synced: u64, random: &mut Random) {
    let mut bytes = fs::read(path).unwrap();
    let unsynced = bytes.len() as u64 - synced;
    if unsynced == 0 {
        return;
    }
    bytes.truncate((synced + random.below(unsynced + 1)) as usize);
    let mut at = synced;
    while at < bytes.len() as u64 {
        let end = ((at / SECTOR + 1) * SECTOR).min(bytes.len() as u64);
        if random.below(3) == 0 {
            bytes[at as usize..end as usize].fill(0);
        }
        at = end;
    }
    fs::write(path, bytes).unwrap();
}
