//! `cargo xtask full-disk`: no space, and space again, under a server that writes. The log goes to stdout as Markdown.
//!
//! What is done and checked: `weir-harness/src/full_disk.rs`. The test command does the same.

use weir_harness::full_disk::{self, SmallDisk};
use weir_harness::random;
use weir_harness::report::count;
use weir_harness::writer::Plan;

use crate::options::Options;
use crate::report::{Outcome, Report, Violation};

const OPTIONS: &[&str] = &["megabytes", "writers", "batch", "seed", "binary", "scratch"];

/// Runs it once.
pub fn run(words: &[&str]) -> Outcome {
    let options = Options::read(words, OPTIONS)?;
    let plan = Plan {
        writers: options.value("writers", 4)?,
        batch: options.value("batch", 100)?,
        seed: options.value("seed", random::seed())?,
    };
    let megabytes = options.value("megabytes", 64)?;
    let binary = options.binary()?;
    let (mount, scratch) = (options.scratch()?, options.scratch()?);
    let disk = SmallDisk::mount(mount.path(), megabytes)?;
    let outcome = full_disk::run(&binary, &disk, plan, scratch.path())?;
    println!(
        "# A full disk\n\nA filesystem of {megabytes} MB, seed {}.\n\n{}",
        plan.seed,
        outcome.markdown()
    );
    let place = format!("seed {}", plan.seed);
    let violations = outcome.problems.into_iter().map(|problem| Violation::new("full disk", &place, problem));
    let summary = format!("{} messages", count(outcome.stored.acknowledged));
    Ok(Report { summary, violations: violations.collect() })
}
