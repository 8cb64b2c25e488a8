//! The index: the event table as the engine wants it. Derived, rebuildable, memory-mapped.
//!
//! | file | holds |
//! |---|---|
//! | consumers | people as dense ids |
//! | symbols | numbers of texts |
//! | known | since when each identifier is known, and which event files are covered |
//! | shard … | segments: the rows of one shard's consumers |
//!
//! [`View::index`] opens the index of a view's generation. When the data has moved on, it is brought up to date first:
//! event files that are new, and the rows of people who were merged or split (see `weir_engine::consumers`), become
//! further segments, together with small ones that are there (see `tiers`). All of it is one change of the manifest; files
//! that are replaced go, and whoever has them mapped keeps them. When event files have gone, or much of the index belongs to
//! people whom it no longer knows, it is built anew.
//!
//! What is in the ingest log and not in files yet is laid over it in memory: [`Live`].

mod facts;
mod known;
mod live;
mod overlay;
mod rows;
mod spill;
mod tiers;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_core::{Error, Result};
use weir_engine::consumers::{Consumers, Identified, Renewal};
use weir_engine::container::Bytes;
use weir_engine::rekey::moved_rows;
use weir_engine::segment::{Segment, build_into};
use weir_engine::symbols::Symbols;
use weir_engine::world::World;

use crate::files::{self, DurableFile};
use crate::lock::SegmentLock;
use crate::manifest::{FileKind, StoredFile};
use crate::random;
use crate::segment_set::SegmentSet;
use crate::view::View;
use known::Known;
use spill::Spill;
use tiers::Stored;

pub use facts::LiveFacts;
pub use live::{Live, Spent};
pub use overlay::{Overlay, Stated};

/// When this part of all dense ids is retired, the index is built anew.
const MOST_RETIRED: usize = 4;

const CONSUMERS: &str = "consumers";
const SYMBOLS: &str = "symbols";
const KNOWN: &str = "known";
const SHARD: &str = "shard";

/// An opened index.
#[derive(Clone)]
pub struct Index {
    /// People.
    pub consumers: Arc<Consumers>,
    /// For each shard its segments.
    pub shards: Arc<Vec<Vec<Segment>>>,
    /// Numbers of texts.
    pub symbols: Arc<Symbols>,
}

impl View {
    /// The index of this generation, brought up to date if need be.
    pub fn index(&self) -> Result<Index> {
        Index::open(&self.indexed()?.files)
    }

    /// Builds the index anew from the event table, whatever is there.
    pub fn rebuild_index(&self) -> Result<Index> {
        let lock = self.workspace().lock_segments()?;
        Index::open(&Builder::new(self, lock)?.build(Old::default())?.files)
    }

    /// The files of the index of this generation, brought up to date if need be.
    fn indexed(&self) -> Result<SegmentSet> {
        if let Some(set) = self.current_segments()? {
            return Ok(set);
        }
        let lock = self.workspace().lock_segments()?;
        // Whoever held the lock may have built what is wanted here.
        match self.current_segments()? {
            Some(set) => Ok(set),
            None => Builder::new(self, lock)?.update(),
        }
    }

    fn current_segments(&self) -> Result<Option<SegmentSet>> {
        let is_current = |set: &SegmentSet| set.generation == self.generation() && set.is_of_this_format();
        Ok(self.workspace().segments()?.filter(is_current))
    }
}

impl Index {
    fn open(files: &[StoredFile]) -> Result<Index> {
        let consumers = Arc::new(open_consumers(files)?);
        let symbols = Arc::new(open_symbols(files)?);
        let segments = open_segments(files)?.into_iter().map(|stored| stored.segment).collect();
        let shards = Arc::new(World::shards_of(segments, &consumers));
        Ok(Index { consumers, shards, symbols })
    }

    /// Verifies every checksum of the segments.
    pub fn verify(&self) -> Result<()> {
        self.shards.iter().flatten().try_for_each(Segment::verify)
    }

    /// Bytes of the segments by column.
    pub fn columns(&self) -> BTreeMap<String, u64> {
        let mut columns = BTreeMap::new();
        for (name, bytes) in self.shards.iter().flatten().flat_map(Segment::section_bytes) {
            *columns.entry(name).or_default() += bytes as u64;
        }
        columns
    }

    /// How many rows of live consumers the segments hold.
    pub fn rows(&self) -> Result<u64> {
        let mut rows = 0;
        for segment in self.shards.iter().flatten() {
            let live = self.consumers.universe(segment.shard(), weir_core::time::Day(i32::MAX - 1));
            for cell in segment.cells() {
                rows += cell.local()?.iter().filter(|local| live.contains(**local)).count() as u64;
            }
        }
        Ok(rows)
    }
}

fn open_consumers(files: &[StoredFile]) -> Result<Consumers> {
    let file = part(files, CONSUMERS)?;
    Consumers::from_bytes(&label(file), mapped(file)?)
}

fn open_symbols(files: &[StoredFile]) -> Result<Symbols> {
    let file = part(files, SYMBOLS)?;
    Symbols::from_bytes(&label(file), mapped(file)?)
}

fn open_segments(files: &[StoredFile]) -> Result<Vec<Stored>> {
    let open = |file: &StoredFile| {
        Ok(Stored { segment: Segment::open(&label(file), mapped(file)?)?, file: file.clone() })
    };
    files.iter().filter(|file| file.label.as_deref() == Some(SHARD)).map(open).collect()
}

fn part<'a>(files: &'a [StoredFile], name: &str) -> Result<&'a StoredFile> {
    let found = files.iter().find(|file| file.label.as_deref() == Some(name));
    found.ok_or_else(|| crate::fault::corrupt(Path::new("segments"), format!("the index has no {name}")))
}

fn label(file: &StoredFile) -> String {
    file.path.display().to_string()
}

fn mapped(file: &StoredFile) -> Result<Bytes> {
    Ok(Arc::new(files::map(&file.path)?))
}

/// What an earlier index leaves to build on.
#[derive(Default)]
struct Old {
    consumers: Consumers,
    symbols: Symbols,
    known: Known,
    /// By shard.
    stored: Vec<Vec<Stored>>,
}

/// Makes the index of one view.
struct Builder<'a> {
    view: &'a View,
    lock: SegmentLock,
    dir: PathBuf,
    /// Distinguishes the files of this build: names must not be used twice.
    mark: String,
    events: Vec<StoredFile>,
}

impl<'a> Builder<'a> {
    fn new(view: &'a View, lock: SegmentLock) -> Result<Builder<'a>> {
        let mark = format!("{}-{}", view.generation(), random::hex(&random::bytes::<4>()?));
        let events = view.files(FileKind::Events).cloned().collect();
        Ok(Builder { view, lock, dir: view.workspace().segment_dir(), mark, events })
    }

    /// Builds on the earlier index where possible. One that cannot be read is no reason to fail: it can be made again.
    fn update(&self) -> Result<SegmentSet> {
        let old = self.old().ok().flatten().unwrap_or_default();
        self.build(old)
    }

    /// The earlier index, unless event files that it covers have gone or too many of its ids are retired.
    fn old(&self) -> Result<Option<Old>> {
        let segments = self.view.workspace().segments()?.filter(SegmentSet::is_of_this_format);
        let Some(SegmentSet { files, .. }) = segments else { return Ok(None) };
        let (consumers, symbols) = (open_consumers(&files)?, open_symbols(&files)?);
        let known = Known::open(&label(part(&files, KNOWN)?), mapped(part(&files, KNOWN)?)?)?;
        let live: BTreeSet<String> = self.events.iter().map(file_name).collect();
        let retired = consumers.len() - consumers.present().count();
        if !known.covered.is_subset(&live) || retired * MOST_RETIRED > consumers.len() {
            return Ok(None);
        }
        let mut stored = vec![Vec::new(); consumers.shards()];
        for one in open_segments(&files)? {
            let of_shard = stored.get_mut(one.segment.shard());
            of_shard.ok_or_else(|| Error::internal("a segment is of nobody's shard"))?.push(one);
        }
        Ok(Some(Old { consumers, symbols, known, stored }))
    }

    fn build(&self, old: Old) -> Result<SegmentSet> {
        let Old { consumers, mut symbols, known, stored } = old;
        let fresh: Vec<&StoredFile> =
            self.events.iter().filter(|f| !known.covered.contains(&file_name(f))).collect();
        let nodes: u64 = self.view.files(FileKind::Identity).map(|file| file.rows).sum();
        let (people, known) = rayon::join(
            || self.view.people(&self.view.identifiers()?),
            || Known::with_facts(known, nodes as usize, self.view, &fresh),
        );
        let (people, known) = (people?, known?);

        let identified = Identified { canonical: &people.canonical, known_since: &known.since };
        let Renewal { consumers, retired } = consumers.renew(identified);
        let mut spill = Spill::new(&self.dir);
        let segments: Vec<Vec<Segment>> =
            stored.iter().map(|of_shard| of_shard.iter().map(|one| one.segment.clone()).collect()).collect();
        for (shard, rows) in moved_rows(&segments, &retired, &consumers)? {
            spill.push(shard, rows)?;
        }
        rows::spill_events(self.view, &fresh, &consumers, &mut symbols, &mut spill)?;
        let mut files = self.write_shards(spill, stored, &consumers)?;
        files.push(self.write(CONSUMERS, CONSUMERS, |file| write_all(file, consumers.to_bytes().as_ref()))?);
        files.push(self.write(SYMBOLS, SYMBOLS, |file| write_all(file, symbols.to_bytes().as_ref()))?);
        files.push(self.write(KNOWN, KNOWN, |file| write_all(file, known.to_bytes().as_ref()))?);
        let set = SegmentSet { generation: self.view.generation(), files };
        self.view.workspace().replace_segments(&self.lock, &set)?;
        Ok(set)
    }

    /// Segments of new rows, and of small segments that are replaced by them; beside those that stay.
    fn write_shards(
        &self,
        spill: Spill,
        stored: Vec<Vec<Stored>>,
        consumers: &Consumers,
    ) -> Result<Vec<StoredFile>> {
        let (mut files, mut small) = (Vec::new(), Vec::new());
        for (shard, of_shard) in stored.into_iter().enumerate() {
            let (stay, again) = match spill.rows_of(shard) {
                0 => (of_shard, Vec::new()),
                new_rows => tiers::split(of_shard, new_rows),
            };
            files.extend(stay.into_iter().map(|one| one.file));
            small.push(again.into_iter().map(|one| one.segment).collect::<Vec<_>>());
        }
        files.extend(spill.drain(|shard, rows| {
            let older = small.get(shard).map_or(&[][..], Vec::as_slice);
            self.write(SHARD, &format!("shard-{shard:05}"), |file| match older {
                [] => build_into(shard, &rows, file),
                older => write_all(file, tiers::put_together(shard, &rows, older, consumers)?.as_ref()),
            })
        })?);
        Ok(files)
    }

    fn write(
        &self,
        role: &str,
        name: &str,
        fill: impl FnOnce(&mut DurableFile) -> Result<()>,
    ) -> Result<StoredFile> {
        let mut file = DurableFile::create(&self.dir, &format!("{name}-{}.weir", self.mark))?;
        fill(&mut file)?;
        let mut stored = StoredFile::new(FileKind::Segment, file.commit()?, 0);
        stored.label = Some(role.to_owned());
        Ok(stored)
    }
}

fn write_all(file: &mut DurableFile, bytes: &[u8]) -> Result<()> {
    file.write_all(bytes).map_err(|error| Error::io("cannot write the index", &error))
}

/// An event file's name below the workspace, as the index remembers it.
fn file_name(file: &StoredFile) -> String {
    let parts: Vec<_> =
        file.path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}
