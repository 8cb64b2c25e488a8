//! `weir verify`: whether every file is as it was written.

use clap::Args;
use weir_app::Verification;
use weir_core::{Code, Error, Result};
use weir_server::wire;

use crate::context::Context;
use crate::number::plural;
use crate::table::Grid;

/// Read every file of the workspace and check it, and the index against the events
#[derive(Debug, Args)]
pub struct Arguments {
    /// Build the index anew from the event table first
    #[arg(long)]
    rebuild: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    if arguments.rebuild {
        workspace.rebuild()?;
    }
    let verification = workspace.verify()?;
    context.answer(&wire::Verification::from(&verification), || draw(&verification))?;
    verdict(&verification)
}

/// Findings are told on stdout; that there are any is also told by the exit status.
fn verdict(verification: &Verification) -> Result<()> {
    match verification.findings.len() as u64 {
        0 => Ok(()),
        n => Err(Error::new(Code::CorruptFile, format!("{} in the data directory", plural(n, "finding")))
            .help("an index is mended by --rebuild; anything else comes back from a backup")),
    }
}

fn draw(verification: &Verification) -> String {
    let files = plural(verification.files as u64, "file");
    let mut text = match verification.findings.as_slice() {
        [] => format!("{files} read, all sound"),
        findings => {
            let mut grid = Grid::new(["file", "code", "what is wrong"], 3);
            for finding in findings {
                grid.row([finding.file.as_str(), finding.code.as_str(), &finding.message]);
            }
            format!("{files} read\n\n{}", grid.text())
        }
    };
    for orphan in &verification.orphans {
        text.push_str(&format!("\nbelongs to no import, harmless: {orphan}"));
    }
    text
}
