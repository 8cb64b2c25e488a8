//! A disk that fails: nothing is acknowledged that is not there afterwards, and opening again goes on.

use std::collections::BTreeSet;
use std::thread;

use weir_core::{Code, Kind};

use super::super::{Log, Position};
use super::{Failure, Operation, Place, Rule, no_syncs, payload, recognise};

const WRITERS: u64 = 4;
const EACH: u64 = 12;

/// Writers in parallel, each until its first error. Gives what was acknowledged, with positions.
pub(super) fn write_all(log: &Log, round: u64) -> Vec<(Position, u64)> {
    let write = |writer: u64| {
        let mut acknowledged = Vec::new();
        for number in (0..EACH).map(|n| round * EACH + n) {
            match log.append(payload(writer, number)).and_then(|at| log.wait(at).map(|()| at)) {
                Ok(at) => acknowledged.push((at, writer << 32 | number)),
                Err(error) => {
                    assert_eq!(error.code.kind(), Kind::Unavailable, "{error}");
                    break;
                }
            }
        }
        acknowledged
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Everything acknowledged is there, where it was said to be; nothing is there twice or was never written.
#[track_caller]
pub(super) fn assert_kept(place: &Place, acknowledged: &[(Position, u64)]) {
    let frames = place.frames(0).unwrap();
    let found: BTreeSet<(Position, u64)> = frames
        .iter()
        .map(|(after, bytes)| (*after, recognise(bytes)))
        .map(|(after, (writer, number))| (after, writer << 32 | number))
        .collect();
    let names: BTreeSet<u64> = found.iter().map(|(_, name)| *name).collect();
    assert_eq!(names.len(), frames.len(), "something is there twice");
    let missing: Vec<_> = acknowledged.iter().filter(|frame| !found.contains(frame)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// One life of a log on a disk where this goes wrong; gives whether anything did.
fn run(seed: u64, rule: &Rule) -> bool {
    let place = Place::new(seed, 400 + seed % 2000);
    let mut acknowledged = Vec::new();
    let mut failed = false;
    for round in 0..3 {
        place.disk.set([rule.clone()].into_iter().chain(no_syncs()));
        match place.try_open() {
            Ok((log, _)) => {
                acknowledged.extend(write_all(&log, round));
                failed |= log.sync_and_close().is_err();
            }
            Err(error) => {
                assert_eq!(error.code.kind(), Kind::Unavailable, "{error}");
                failed = true;
            }
        }
    }
    place.disk.set(no_syncs());
    let log = place.open();
    assert_kept(&place, &acknowledged);
    let after = write_all(&log, 3);
    assert_eq!(after.len() as u64, WRITERS * EACH, "it goes on once the disk is well");
    log.sync_and_close().unwrap();
    acknowledged.extend(after);
    assert_kept(&place, &acknowledged);
    failed
}

fn runs(operation: Operation, failure: Failure) {
    let rule = Rule::new(operation, failure, 0.06);
    let failed = (0..1000).filter(|seed| run(*seed, &rule)).count();
    assert!(failed > 300, "only {failed} runs had an accident");
}

#[test]
fn a_thousand_full_disks() {
    runs(Operation::Write, Failure::Full);
}

#[test]
fn a_thousand_failed_writes() {
    runs(Operation::Write, Failure::Broken);
}

#[test]
fn a_thousand_short_writes() {
    runs(Operation::Write, Failure::Short);
}

#[test]
fn a_thousand_failed_syncs() {
    runs(Operation::Sync, Failure::Broken);
}

#[test]
fn a_thousand_failed_renames_and_directories() {
    runs(Operation::Rename, Failure::Broken);
    runs(Operation::SyncDir, Failure::Full);
}

#[test]
fn a_failed_log_says_so_to_everybody_until_it_is_opened_again() {
    let place = Place::new(1, 1 << 20);
    let log = place.open();
    let first = log.append(payload(0, 0)).unwrap();
    log.wait(first).unwrap();
    place.disk.set([Rule::new(Operation::Sync, Failure::Broken, 1.0)]);
    let second = log.append(payload(0, 1)).unwrap();
    assert_eq!(log.wait(second).unwrap_err().code, Code::DiskFailed);
    place.disk.set(no_syncs());
    assert_eq!(log.append(payload(0, 2)).unwrap_err().code, Code::DiskFailed);
    assert_eq!(log.cut(first).unwrap_err().code, Code::DiskFailed);
    log.wait(first).unwrap();
    assert_eq!(log.durable(), first);
    assert_eq!(log.sync_and_close().unwrap_err().code, Code::DiskFailed);
    assert_eq!(place.frames(0).unwrap(), [(first, payload(0, 0))]);
    let log = place.open();
    let third = log.append(payload(0, 2)).unwrap();
    log.sync_and_close().unwrap();
    assert_eq!(place.frames(first).unwrap(), [(third, payload(0, 2))]);
}

#[test]
fn a_full_disk_is_called_full() {
    let place = Place::new(1, 1 << 20);
    let log = place.open();
    place.disk.set([Rule::new(Operation::Write, Failure::Full, 1.0)]);
    let error = log.append(payload(0, 0)).and_then(|at| log.wait(at)).unwrap_err();
    assert_eq!(error.code, Code::DiskFull);
    assert!(error.help.is_some());
    assert_eq!(place.try_open().err().unwrap().code, Code::DiskFull);
}

#[test]
fn what_survives_a_failure_is_found_as_ordinary_frames() {
    let place = Place::new(1, 1 << 20);
    let log = place.open();
    let broken = [Operation::Sync, Operation::Truncate];
    place.disk.set(broken.map(|operation| Rule::new(operation, Failure::Broken, 1.0)));
    let position = log.append(payload(0, 0)).unwrap();
    assert!(log.wait(position).is_err());
    drop(log);
    place.disk.set(no_syncs());
    let (_log, recovery) = place.try_open().unwrap();
    assert_eq!((recovery.end, recovery.cut), (position, None));
    assert_eq!(place.frames(0).unwrap(), [(position, payload(0, 0))]);
}
