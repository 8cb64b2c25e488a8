//! `cargo xtask bench-ingest`: events a second against a bare log, memory, freshness. Markdown goes to stdout.
//!
//! What is measured and how: `weir-harness/src/bench.rs`. It needs the machine for itself.

use std::path::Path;
use std::time::Duration;

use weir_harness::bench::cores::CoreUse;
use weir_harness::bench::{self, Run};
use weir_harness::report::machine;

use crate::options::Options;
use crate::report::{Outcome, Report, Violation};

const OPTIONS: &[&str] = &["rounds", "seconds", "long", "clients", "cores", "binary", "scratch"];

/// Of the bare log's events a second.
const LEAST_RATIO: f64 = 0.25;
/// For each new id.
const MOST_BYTES: f64 = 45.0;
/// From 200 to visible, 99 of 100.
const STALEST: Duration = Duration::from_secs(5);

/// Measures, and holds the figures against the targets.
pub fn run(words: &[&str]) -> Outcome {
    let options = Options::read(words, OPTIONS)?;
    let run = Run {
        rounds: options.value("rounds", 5)?,
        seconds: options.value("seconds", 10)?,
        long: options.value("long", 60)?,
        clients: options.value("clients", 16)?,
        cores: options.value("cores", CoreUse::Split)?,
    };
    let (scratch, binary) = (options.scratch()?, options.binary()?);
    // Before anything is bound to some of the cores, which are then all that a process sees.
    let machine = format!("{}; {}", machine(scratch.path()), profile(&binary));
    let outcome = bench::run(&binary, run, scratch.path(), &|line| eprintln!("{line}"))?;
    println!("# Ingest\n\n{}", outcome.markdown(&machine));
    let summary = format!("{:.2} of a bare log", outcome.ratio());
    Ok(Report { summary, violations: misses(&outcome) })
}

fn profile(binary: &Path) -> &'static str {
    let release = binary.components().any(|part| part.as_os_str() == "release");
    if release { "release profile" } else { "everyday profile" }
}

fn misses(outcome: &bench::Outcome) -> Vec<Violation> {
    let (ratio, bytes, stale) = (outcome.ratio(), outcome.bytes_per_id_at_rest(), outcome.freshness_p99());
    // A figure that could not be had compares with nothing, so it is a miss too.
    let held = [
        ("throughput", ratio >= LEAST_RATIO, format!("{ratio:.2} of the bare log, at least {LEAST_RATIO}")),
        ("memory", bytes <= MOST_BYTES, format!("{bytes:.0} B a new id, at most {MOST_BYTES}")),
        ("freshness", stale <= STALEST, format!("p99 {stale:?}, at most {STALEST:?}")),
    ];
    let missed = held.into_iter().filter(|(_, held, _)| !held);
    missed.map(|(what, _, figure)| Violation::new("target", what, figure)).collect()
}
