//! `weir test`: what a folder's definitions make of a few made-up consumers.

use std::path::PathBuf;

use clap::Args;
use weir_app::test_folder;
use weir_core::{Code, Error, Result};
use weir_server::wire::{Example, Examples};

use crate::context::Context;
use crate::number::plural;

const EXAMPLES: &str = "\
A test is a document beside the definitions:
  kind: test
  name: staff are left out
  as_of: 2024-11-30
  consumers:
    ada: {events: [{time: 2024-11-02, behavior: impression, channel: feed_ads}]}
    bob: {events: [{time: 2024-11-02, behavior: impression, channel: feed_ads}], lists: [staff]}
  expect:
    - {audience: exposed_not_staff, members: [ada]}
    - {model: pno, states: {ada: potential}}";

/// Run the tests in a folder of definitions: what audiences and models make of example consumers
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let examples = Examples::from(test_folder(&arguments.dir)?.as_slice());
    context.answer(&examples, || draw(&examples))?;
    verdict(&examples)
}

/// What does not hold is told on stdout; that there is any is also told by the exit status.
fn verdict(examples: &Examples) -> Result<()> {
    match examples.failed {
        0 => Ok(()),
        n => Err(Error::new(Code::TestsFailed, format!("{} not as expected", plural(n as u64, "test")))),
    }
}

fn draw(examples: &Examples) -> String {
    let mut text = String::new();
    for Example { name, file, failures, .. } in &examples.tests {
        let mark = if failures.is_empty() { "ok" } else { "failed" };
        text.push_str(&format!("{mark:<8}{name}\n"));
        for failure in failures {
            text.push_str(&format!("        {} at {}: {}\n", file.display(), failure.at, failure.message));
        }
    }
    format!("{text}\n{} passed, {} failed", examples.passed, examples.failed)
}
