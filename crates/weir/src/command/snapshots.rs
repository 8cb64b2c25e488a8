//! `weir snapshots`: what was frozen.

use clap::{Args, Subcommand};
use weir_app::{Page, SnapshotRecord};
use weir_core::Result;
use weir_server::wire::{Items, Snapshot};

use crate::context::Context;
use crate::number::count;
use crate::table::Grid;

/// See frozen audiences; weir snapshot takes them
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the snapshots
    List,
    /// Show a snapshot
    Show {
        /// Its name, or its id
        snapshot: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::List => {
            let snapshots = workspace.snapshots(&Page::all())?;
            context.answer(&Items::<Snapshot>::page(&snapshots), || draw(&snapshots.items))
        }
        Action::Show { snapshot } => {
            let record = workspace.snapshot(snapshot)?;
            context.answer(&Snapshot::from(&record), || draw(std::slice::from_ref(&record)))
        }
    }
}

fn draw(snapshots: &[SnapshotRecord]) -> String {
    if snapshots.is_empty() {
        return "there is no snapshot; weir snapshot takes one".to_owned();
    }
    let header = ["snapshot", "name", "as of", "content hash", "consumers"].map(str::to_owned);
    let mut grid = Grid::aligned(&header, vec![false, false, false, false, true]);
    for SnapshotRecord { id, name, as_of, content_hash, size, .. } in snapshots {
        grid.row([id, name, &as_of.to_string(), content_hash, &count(*size)]);
    }
    grid.text()
}
