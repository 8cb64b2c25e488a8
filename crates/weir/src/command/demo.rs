//! `weir demo`: a believable merchant, and a server to look at it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use serde::Serialize;
use weir_app::{DemoLoad, DemoParams, Loaded, export_demo};
use weir_core::Result;
use weir_server::Link;
use weir_server::wire::Import;

use super::serve::{Serving, serve};
use crate::context::Context;
use crate::number::count;
use crate::output;
use crate::progress::Bar;
use crate::table::Grid;

const NOTES: &str = "\
The same numbers make the same world on every machine. Its files, as a merchant would export them, and
the mappings they were imported by lie below demo/ of the data directory; truth.parquet there holds
what nobody knows: why each order came about. Called again, it serves what is there.

Examples:
  weir demo
  weir --data /tmp/big demo --consumers 4300000 --days 120 --load-only";

/// Load a synthetic merchant with every channel, then serve it
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub struct Arguments {
    /// How many consumers
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    consumers: u64,

    /// Days of events before the last one, 2025-12-19; orders go two years further back
    #[arg(long, value_name = "N", default_value_t = 180)]
    days: u32,

    /// Another seed, another world
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// full: promotions, channels and pushes have effects; calm: nothing has
    #[arg(long, value_enum, default_value_t = WorldKind::Full)]
    world: WorldKind,

    /// Load, and do not serve
    #[arg(long)]
    load_only: bool,

    /// Only write the merchant's files, and the mappings to import them by, to a folder
    #[arg(long, value_name = "FOLDER", conflicts_with = "load_only")]
    export: Option<PathBuf>,

    #[command(flatten)]
    serving: Serving,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WorldKind {
    Full,
    Calm,
}

/// What `--load-only --json` prints.
#[derive(Serialize)]
struct Answer {
    /// False: the same world was there already.
    loaded: bool,
    consumers: u64,
    days: u32,
    #[serde(flatten)]
    parts: Option<Parts>,
}

#[derive(Serialize)]
struct Parts {
    files: String,
    catalog: Import,
    history: Import,
    events: Import,
    tags: Import,
    pushes: u64,
    elapsed_ms: u64,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let params = DemoParams {
        consumers: arguments.consumers,
        days: arguments.days,
        seed: arguments.seed,
        calm: arguments.world == WorldKind::Calm,
        pushes: arguments.world == WorldKind::Full,
        ..DemoParams::default()
    };
    if let Some(dir) = &arguments.export {
        export_demo(&params, dir, &Bar::new())?;
        return context.answer(&Exported { files: dir.display().to_string() }, || written(dir));
    }
    let app = context.create()?;
    let workspace = app.create_workspace(context.workspace_name())?;
    let started = Instant::now();
    let load = {
        let bar = Bar::new();
        workspace.load_demo(&params, &bar)?
    };
    let answer = answer(&params, &load, started);
    if arguments.load_only {
        return context.answer(&answer, || draw(&answer));
    }
    if !context.json() {
        output::print(&draw(&answer))?;
    }
    serve(Arc::new(app), &arguments.serving, Link::Always, context)
}

/// What `--export --json` prints.
#[derive(Serialize)]
struct Exported {
    files: String,
}

fn written(dir: &Path) -> String {
    format!("the merchant's files are in {}; import them by the .sql beside them", dir.display())
}

fn answer(params: &DemoParams, load: &DemoLoad, started: Instant) -> Answer {
    let parts = match load {
        DemoLoad::Present => None,
        DemoLoad::Loaded(loaded) => Some(parts(loaded, started)),
    };
    Answer { loaded: parts.is_some(), consumers: params.consumers, days: params.days, parts }
}

fn parts(loaded: &Loaded, started: Instant) -> Parts {
    Parts {
        files: loaded.files.display().to_string(),
        catalog: (&loaded.catalog).into(),
        history: (&loaded.history).into(),
        events: (&loaded.events).into(),
        tags: (&loaded.tags).into(),
        pushes: loaded.pushes,
        elapsed_ms: started.elapsed().as_millis() as u64,
    }
}

fn draw(answer: &Answer) -> String {
    let Some(parts) = &answer.parts else { return "The demo is loaded already.".to_owned() };
    let mut grid = Grid::new(["loaded", "read", "accepted", "duplicate", "rejected"], 1);
    let imports = [
        ("catalogue", &parts.catalog),
        ("orders before the window", &parts.history),
        ("events", &parts.events),
        ("tags", &parts.tags),
    ];
    for (name, import) in imports {
        let figures = [import.read, import.accepted, import.duplicate, import.rejected].map(count);
        let [read, accepted, duplicate, rejected] = figures;
        grid.row([name.to_owned(), read, accepted, duplicate, rejected]);
    }
    let seconds = parts.elapsed_ms as f64 / 1_000.0;
    format!(
        "{}\n{} consumers over {} days, {} pushes with a holdout, in {seconds:.1} s; their files are in {}",
        grid.text(),
        count(answer.consumers),
        answer.days,
        parts.pushes,
        parts.files
    )
}
