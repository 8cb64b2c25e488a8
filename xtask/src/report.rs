//! What a chore found, and how it is told.

use std::process::ExitCode;

/// A broken rule: which, where and why it matters.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    pub rule: &'static str,
    /// A crate, or `file:line`.
    pub place: String,
    pub reason: String,
}

impl Violation {
    pub fn new(rule: &'static str, place: impl Into<String>, reason: impl Into<String>) -> Violation {
        Violation { rule, place: place.into(), reason: reason.into() }
    }
}

/// The findings of one chore.
#[derive(Debug)]
pub struct Report {
    /// Printed in any case: what was looked at.
    pub summary: String,
    pub violations: Vec<Violation>,
}

/// A report, or why the chore could not do its work.
pub type Outcome = Result<Report, String>;

/// Prints the outcome of a chore and turns it into the exit status.
pub fn finish(chore: &str, outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(report) if report.violations.is_empty() => succeed(chore, &report),
        Ok(report) => fail(chore, &report),
        Err(problem) => {
            eprintln!("{chore}: could not run: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn succeed(chore: &str, report: &Report) -> ExitCode {
    println!("{chore}: OK: {}", report.summary);
    ExitCode::SUCCESS
}

fn fail(chore: &str, report: &Report) -> ExitCode {
    println!("{chore}: {}", report.summary);
    for Violation { rule, place, reason } in &report.violations {
        eprintln!("{chore}: {rule}: {place}: {reason}");
    }
    eprintln!("{chore}: FAILED: {} broken", report.violations.len());
    ExitCode::FAILURE
}
