//! `cargo xtask full-disk`: no space, and space again, under a server that writes. The log goes to stdout as Markdown.
//!
//! What is done and checked: `weir-harness/src/full_disk.rs`. The test command does the same.

use std::path::Path;

use weir_harness::full_disk::{self, SmallDisk};
use weir_harness::random;
use weir_harness::report::count;
use weir_harness::writer::Plan;

use crate::options::Options;
use crate::report::{Outcome, Report, Violation};

const OPTIONS: &[&str] = &["megabytes", "writers", "batch", "seed", "binary", "scratch"];

type Case = fn(&Path, &SmallDisk, Plan, &Path) -> Result<full_disk::Outcome, String>;

const CASES: [(&str, Case); 2] =
    [("Without a reserve", full_disk::run), ("With a reserve", full_disk::run_with_reserve)];

/// Runs each case once.
pub fn run(words: &[&str]) -> Outcome {
    let options = Options::read(words, OPTIONS)?;
    let plan = Plan {
        writers: options.value("writers", 4)?,
        batch: options.value("batch", 100)?,
        seed: options.value("seed", random::seed())?,
    };
    let megabytes = options.value("megabytes", 128)?;
    let binary = options.binary()?;
    let (mut messages, mut violations) = (0, Vec::new());
    println!("# A full disk\n\nA filesystem of {megabytes} MB, seed {}.", plan.seed);
    for (title, run) in CASES {
        let (mount, scratch) = (options.scratch()?, options.scratch()?);
        let disk = SmallDisk::mount(mount.path(), megabytes)?;
        let outcome = run(&binary, &disk, plan, scratch.path())?;
        println!("\n## {title}\n\n{}", outcome.markdown());
        let place = format!("{title}, seed {}", plan.seed);
        let found = outcome.problems.into_iter().map(|problem| Violation::new("full disk", &place, problem));
        violations.extend(found);
        messages += outcome.stored.acknowledged;
    }
    Ok(Report { summary: format!("{} messages", count(messages)), violations })
}
