//! Ingest from outside, through kills and a full disk: what was acknowledged is there, once.
//!
//! The same as `cargo xtask crash` and `cargo xtask full-disk`, smaller. `WEIR_TEST_SEED=<n>` draws the same moments again.

// A seed is of use only when it is seen.
#![allow(clippy::print_stdout)]

use std::path::Path;

use weir_harness::crash::{self, Moment, Run};
use weir_harness::full_disk::{self, SmallDisk};
use weir_harness::random;
use weir_harness::server::Weir;
use weir_harness::writer::Plan;

const WEIR: &str = env!("CARGO_BIN_EXE_weir");

fn seed() -> u64 {
    let given = std::env::var("WEIR_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(random::seed);
    println!("WEIR_TEST_SEED={seed}");
    seed
}

#[test]
fn kills_lose_nothing_acknowledged_and_store_nothing_twice() {
    let scratch = tempfile::tempdir().unwrap();
    let weir = Weir::new(Path::new(WEIR), scratch.path());
    let run = Run { kills: 24, events: 400_000, plan: Plan { writers: 4, batch: 100, seed: seed() } };
    let outcome = crash::run(&weir, run, scratch.path(), &mut |_| ()).unwrap();
    println!("{}", outcome.markdown("this machine"));
    assert_eq!(outcome.problems, Vec::<String>::new());
    assert_eq!(outcome.kills.len(), run.kills);
    assert!(outcome.stopped.acknowledged >= run.events);
    let under_way = outcome.kills.iter().filter(|kill| kill.in_flight > 0).count();
    assert!(under_way > 0, "no request was under way at any kill, so nothing was tested");
    assert!(outcome.kills.iter().any(|kill| kill.moment == Moment::Working), "{:?}", outcome.kills);
}

#[test]
fn a_full_disk_pushes_back_and_loses_nothing() {
    let (mount, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let disk = match SmallDisk::mount(mount.path(), 64) {
        Ok(disk) => disk,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let plan = Plan { writers: 4, batch: 100, seed: seed() };
    let outcome = full_disk::run(Path::new(WEIR), &disk, plan, scratch.path()).unwrap();
    println!("{}", outcome.markdown());
    assert_eq!(outcome.problems, Vec::<String>::new());
    assert!(outcome.pushed_back > 0);
}

#[test]
fn a_reserve_is_not_touched_and_it_is_over_by_itself() {
    let (mount, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let disk = match SmallDisk::mount(mount.path(), 128) {
        Ok(disk) => disk,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let plan = Plan { writers: 4, batch: 100, seed: seed() };
    let outcome = full_disk::run_with_reserve(Path::new(WEIR), &disk, plan, scratch.path()).unwrap();
    println!("{}", outcome.markdown());
    assert_eq!(outcome.problems, Vec::<String>::new());
    assert!(outcome.pushed_back > 0);
}
