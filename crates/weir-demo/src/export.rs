//! Writes what a real merchant would export, as plain files that go through `weir import`.
//!
//! ```text
//! history/2024-05.parquet …   orders of two years before the window, a file a month
//! events/2025-06-23.parquet … the window, a file per day of arrival: late rows arrive late
//! tags.parquet  catalog.csv  pushes.parquet
//! events.sql  tags.sql  catalog.sql   the mappings
//! truth.parquet               what nobody knows: never imported
//! ```
//!
//! Blocks of lives are built in parallel and handed on in order; each file takes them in that order. So the bytes do not
//! depend on threads, and memory not on the number of consumers.

mod catalog;
mod events;
mod pushes;
mod tags;
mod text;
mod truth;
mod writer;

use std::fs;
use std::path::{Path, PathBuf};

use weir_core::{Code, Error, Result};

use crate::life::Life;
use crate::life::event::Event;
use crate::world::World;

use events::EventFiles;
pub use pushes::{PastPush, past_pushes};

/// The mapping of events and history.
pub const EVENTS_SQL: &str = include_str!("../sql/events.sql");
/// The mapping of tags.
pub const TAGS_SQL: &str = include_str!("../sql/tags.sql");
/// The mapping of the catalogue.
pub const CATALOG_SQL: &str = include_str!("../sql/catalog.sql");

/// Blocks that are built before they are written. Fixed: row groups must not depend on the number of threads.
const WAVE: u64 = 16;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Files of history, in order of time; to be imported under the source `order_history`.
    pub history: Vec<PathBuf>,
    /// Files of the window, in order of arrival.
    pub events: Vec<PathBuf>,
    /// One row per consumer and date.
    pub tags: PathBuf,
    /// The catalogue, CSV.
    pub catalog: PathBuf,
    /// Who was eligible for which push, and who was held out.
    pub pushes: PathBuf,
    /// The truth.
    pub truth: PathBuf,
    /// Rows in the files of history.
    pub history_rows: u64,
    /// Rows in the files of the window, duplicates and rows without identifier included.
    pub event_rows: u64,
}

/// One event with the consumer it belongs to.
type Row = (u64, Event);

/// What a block of lives leaves behind.
#[derive(Default)]
struct Yield {
    /// Rows in order of consumer and time.
    rows: Vec<Row>,
    tags: tags::Tags,
    pushes: pushes::Pushes,
    truth: truth::Truth,
}

/// Writes a world to a folder, which is made if it is not there; files of the same names are replaced.
///
/// `progress` is told how many rows of events have been written so far.
pub fn export(
    world: &World,
    dir: &Path,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Exported> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::new(Code::Internal, format!("cannot start threads: {error}")))?;
    pool.install(|| write(world, dir, progress))
}

fn write(world: &World, dir: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<Exported> {
    for folder in ["history", "events"] {
        let folder = dir.join(folder);
        fs::create_dir_all(&folder).map_err(|error| writer::failed(&folder, &error))?;
    }
    let catalog = catalog::write(world, dir)?;
    write_mappings(dir)?;
    let mut files = EventFiles::new(world, dir);
    let mut tags = writer::Table::create(dir.join("tags.parquet"), tags::schema())?;
    let mut pushes = writer::Table::create(dir.join("pushes.parquet"), pushes::schema())?;
    let mut truth = writer::Table::create(dir.join("truth.parquet"), truth::schema())?;
    let mut first = 0;
    while first < world.blocks() {
        let wave = first..(first + WAVE).min(world.blocks());
        first = wave.end;
        let mut blocks = world.walk_blocks(wave, Yield::default, |all, life| all.add(world, life));
        files.write(&blocks)?;
        for block in &mut blocks {
            tags.write(&block.tags.finish()?)?;
            pushes.write(&block.pushes.finish()?)?;
            truth.write(&block.truth.finish()?)?;
        }
        progress(files.rows());
    }
    let (history, events, [history_rows, event_rows]) = files.finish()?;
    let [tags, pushes, truth] = [tags.finish()?, pushes.finish()?, truth.finish()?];
    Ok(Exported { history, events, tags, catalog, pushes, truth, history_rows, event_rows })
}

fn write_mappings(dir: &Path) -> Result<()> {
    for (name, sql) in [("events.sql", EVENTS_SQL), ("tags.sql", TAGS_SQL), ("catalog.sql", CATALOG_SQL)] {
        let path = dir.join(name);
        fs::write(&path, sql).map_err(|error| writer::failed(&path, &error))?;
    }
    Ok(())
}

impl Yield {
    fn add(&mut self, world: &World, life: &Life) {
        self.rows.extend(life.events.iter().map(|event| (life.k, *event)));
        self.tags.add(world, life);
        self.pushes.add(world, life);
        self.truth.add(world, life);
    }
}
