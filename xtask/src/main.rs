//! Repository chores: rules that a sentence in a wiki would not keep, as code.
//!
//! `cargo xtask --help` lists them. Each chore is one file; this one only dispatches. A chore returns a
//! [`report::Report`]; it exits 1 when the report holds a violation and 2 when the call itself was wrong.
//!
//! Deliberately absent: building, testing and releasing. `scripts/` does that and calls these.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing its findings is a chore's job")]

mod bench_ingest;
mod crash;
mod full_disk;
mod functions;
mod layers;
mod openapi;
mod options;
mod purity;
mod repo;
mod report;
mod source;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
Repository chores of Weir.

Usage: cargo xtask <chore>

Chores:
  layers             every dependency points downwards; core and engine read neither clock nor files
  functions          function lengths: count, median, p90, p99, the longest; fails above the thresholds
  openapi            writes what the server serves to openapi.json at the repository root
  openapi --check    fails if openapi.json is not what the server serves
  tidy               file sizes, ignored tests, open ends, machine paths, dead links

Gates and benchmarks, against the real binary; each prints its log as Markdown:
  crash              kill -9 during ingest: nothing acknowledged is missing, nothing is there twice
                     [--kills 200 --events 5000000 --writers 16 --batch 625 --seed S]
  full-disk          a filesystem fills up under a server and has space again; needs the right to mount
                     [--megabytes 64 --writers 4 --batch 100 --seed S]
  bench-ingest       events a second against a bare log, memory for each new id, time until visible
                     [--rounds 5 --seconds 10 --long 60 --clients 16]
  --binary PATH drives another binary than this checkout's; --scratch DIR takes the data.

Exit status: 0 all well, 1 a rule is broken or a chore could not run, 2 wrong usage.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["help" | "--help" | "-h"] => help(),
        ["layers"] => report::finish("layers", layers::run()),
        ["functions"] => report::finish("functions", functions::run()),
        ["openapi"] => report::finish("openapi", openapi::write()),
        ["openapi", "--check"] => report::finish("openapi", openapi::check()),
        ["tidy"] => report::finish("tidy", tidy::run()),
        ["crash", options @ ..] => report::finish("crash", crash::run(options)),
        ["full-disk", options @ ..] => report::finish("full-disk", full_disk::run(options)),
        ["bench-ingest", options @ ..] => report::finish("bench-ingest", bench_ingest::run(options)),
        [] => wrong_usage("no chore given"),
        other => wrong_usage(&format!("unknown chore or option: {}", other.join(" "))),
    }
}

fn help() -> ExitCode {
    print!("{HELP}");
    ExitCode::SUCCESS
}

fn wrong_usage(message: &str) -> ExitCode {
    eprintln!("error: {message}\n\n{HELP}");
    ExitCode::from(2)
}
