//! `weir source`: where events come from over the wire.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::Value;
use weir_app::{Page, SourceRecord};
use weir_core::{Code, Error, Result};
use weir_server::wire::{Items, Source, WriteKey};

use crate::context::Context;
use crate::expression::read_text;
use crate::number::count;
use crate::output;
use crate::table::Grid;

const EXAMPLES: &str = "\
Examples:
  weir source add web --origins https://shop.example
  weir source list
  weir source rotate web

A write key opens the way in and nothing else, so it may stand in pages and apps. It is shown once.
All of this may be done while a server runs on the same directory, which heeds it within a second.";

/// Make, list and end sources: where clients send events to, each with a write key
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a source; its write key is shown only now
    Add {
        /// What to call it
        name: String,
        /// Only pages of these origins may send, such as https://shop.example,https://m.shop.example. Default: all
        #[arg(long, value_name = "ORIGINS", value_delimiter = ',')]
        origins: Vec<String>,
    },
    /// Make a source that is read from a NATS JetStream while a server runs
    AddNats {
        /// What to call it
        name: String,
        /// JSON file: url, stream; perhaps subject, durable, user and password or token, format (native, segment)
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// List the sources
    List,
    /// Show a source and what has come in by it
    Show {
        /// Its name
        name: String,
    },
    /// Make a new write key; the one before stays good for a day
    Rotate {
        /// Name of the source
        name: String,
    },
    /// End every write key of a source at once; clients that use them lose what they send
    Revoke {
        /// Name of the source
        name: String,
    },
    /// Take nothing more from a source; clients lose what they send
    Disable {
        /// Its name
        name: String,
    },
    /// Take from a source again
    Enable {
        /// Its name
        name: String,
    },
}

/// A JSON file. It may hold a password, so it is a file and no argument, which everybody on the machine could see.
fn document(path: &Path) -> Result<Value> {
    serde_json::from_str(&read_text(path, "--config")?)
        .map_err(|error| Error::new(Code::InvalidJson, format!("{}: {error}", path.display())).at("--config"))
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    match &arguments.action {
        Action::Add { name, origins } => {
            let made = context.workspace_to_fill()?.create_source(name, origins);
            let (_, write_key) = made.map_err(at_flag)?;
            tell_key(name, write_key, context)
        }
        Action::AddNats { name, config } => {
            let document = document(config)?;
            show(&context.workspace_to_fill()?.create_queue(name, &document).map_err(at_flag)?, context)
        }
        Action::List => list(context),
        Action::Show { name } => show(&context.workspace()?.source(name)?, context),
        Action::Rotate { name } => {
            let (_, write_key) = context.workspace()?.change_source_key(name)?;
            tell_key(name, write_key, context)
        }
        Action::Revoke { name } => show(&context.workspace()?.revoke_source(name)?, context),
        Action::Disable { name } => show(&context.workspace()?.disable_source(name)?, context),
        Action::Enable { name } => show(&context.workspace()?.enable_source(name)?, context),
    }
}

fn tell_key(source: &str, write_key: String, context: &Context) -> Result<()> {
    let answer = WriteKey { source: source.to_owned(), write_key };
    context.answer(&answer, || answer.write_key.clone())?;
    if !context.json() {
        output::note("keep it: it is shown only now; clients take it as their write key");
    }
    Ok(())
}

fn list(context: &Context) -> Result<()> {
    let found = context.workspace()?.sources(&Page::all())?;
    let answer: Items<Source> = Items::page(&found);
    context.answer(&answer, || draw(&answer.items))
}

fn draw(sources: &[Source]) -> String {
    if sources.is_empty() {
        return "no sources yet".to_owned();
    }
    let mut grid = Grid::new(["name", "key", "state", "accepted", "duplicate", "rejected"], 3);
    for source in sources {
        let key = source.key_prefix.as_ref().map_or("none".to_owned(), |prefix| format!("{prefix}…"));
        let total = &source.total;
        let counts = [total.accepted, total.duplicate, total.rejected].map(count);
        let [accepted, duplicate, rejected] = counts;
        grid.row([source.name.clone(), key, state(source).to_owned(), accepted, duplicate, rejected]);
    }
    grid.text()
}

fn state(source: &Source) -> &'static str {
    match (&source.disabled, &source.revoked) {
        (Some(_), _) => "disabled",
        (None, Some(_)) => "revoked",
        (None, None) => "on",
    }
}

fn show(record: &SourceRecord, context: &Context) -> Result<()> {
    let source = Source::from(record);
    context.answer(&source, || {
        let mut text = draw(std::slice::from_ref(&source));
        for (title, counts) in [("rejected", &source.total.reasons), ("remarks", &source.total.remarks)] {
            for (code, n) in counts {
                text.push_str(&format!("\n  {title} {code}: {}", count(*n)));
            }
        }
        if !source.origins.is_empty() {
            text.push_str(&format!("\n  only pages of {}", source.origins.join(", ")));
        }
        text
    })
}

/// An error about an argument, placed at the flag that held it.
fn at_flag(error: Error) -> Error {
    match error.at.as_deref() {
        Some("origins") => error.at("--origins"),
        _ => error,
    }
}
