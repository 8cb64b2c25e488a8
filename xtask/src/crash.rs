//! `cargo xtask crash`: `kill -9` during ingest, at the size of the gate. The log goes to stdout as Markdown.
//!
//! What is done and checked: `weir-harness/src/crash.rs`. The test command does the same with ten kills.

use std::time::Duration;

use weir_harness::crash::{self, Kill, Run};
use weir_harness::random;
use weir_harness::report::{count, machine};
use weir_harness::server::Weir;
use weir_harness::writer::Plan;

use crate::options::Options;
use crate::report::{Outcome, Report, Violation};

const OPTIONS: &[&str] = &["kills", "events", "writers", "batch", "seed", "binary", "scratch"];

/// A start after a kill may take so long.
const READY: Duration = Duration::from_secs(10);

/// Runs the gate, or whatever smaller one was asked for.
pub fn run(words: &[&str]) -> Outcome {
    let options = Options::read(words, OPTIONS)?;
    let plan = Plan {
        writers: options.value("writers", 16)?,
        batch: options.value("batch", 625)?,
        seed: options.value("seed", random::seed())?,
    };
    let run = Run { kills: options.value("kills", 200)?, events: options.value("events", 5_000_000)?, plan };
    let scratch = options.scratch()?;
    let weir = Weir::new(&options.binary()?, scratch.path());
    eprintln!("seed {}", plan.seed);
    let mut done = 0;
    let outcome = crash::run(&weir, run, scratch.path(), &mut |kill| {
        done += 1;
        tell(done, kill);
    });
    let outcome = outcome.map_err(|problem| format!("seed {}: {problem}", plan.seed))?;
    println!("# Kills during ingest\n\n{}", outcome.markdown(&machine(scratch.path())));
    let mut problems = outcome.problems.clone();
    let longest = outcome.kills.iter().filter_map(|kill| kill.ready_after).max().unwrap_or_default();
    if longest > READY {
        problems.push(format!("a start took {longest:?}, at most {READY:?}"));
    }
    let place = format!("seed {}", plan.seed);
    let violations = problems.into_iter().map(|problem| Violation::new("lost or twice", &place, problem));
    let summary = format!("{} kills, {} messages", outcome.kills.len(), count(outcome.stopped.acknowledged));
    Ok(Report { summary, violations: violations.collect() })
}

fn tell(number: usize, kill: &Kill) {
    let ready = kill.ready_after.map_or("killed again".to_owned(), |ready| format!("ready after {ready:?}"));
    eprintln!("kill {number}: {}, {} acknowledged, {ready}", kill.moment.name(), count(kill.acknowledged));
}
