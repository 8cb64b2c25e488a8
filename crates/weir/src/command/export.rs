//! `weir export`: definitions to files.

use std::path::PathBuf;

use clap::Args;
use weir_core::Result;
use weir_server::wire::Exported;

use crate::context::Context;
use crate::number::plural;

/// Write every definition of your own to a folder (audiences, tags, state models …), one YAML file each
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder; created if need be
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let answer = Exported { files: context.workspace()?.export(&arguments.dir)? };
    context.answer(&answer, || draw(&answer))
}

fn draw(answer: &Exported) -> String {
    let mut text = format!("{} written", plural(answer.files.len() as u64, "file"));
    for file in &answer.files {
        text.push_str(&format!("\n  {}", file.display()));
    }
    text
}
