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
//! event files that are new become further segments, and people who were merged or split move (see
//! `weir_engine::consumers`). When event files have gone, or small segments have piled up, it is built anew.
//!
//! What is in the ingest log and not in files yet is laid over it in memory: [`Live`].

mod facts;
mod known;
mod live;
mod overlay;
mod rows;
mod spill;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use weir_core::{Error, Result};
use weir_engine::consumers::{Consumers, Identified};
use weir_engine::container::Bytes;
use weir_engine::rekey::overlay;
use weir_engine::segment::Segment;
use weir_engine::symbols::Symbols;
use weir_engine::world::World;

use crate::lock::SegmentLock;
use crate::manifest::{FileKind, StoredFile};
use crate::segment_set::SegmentSet;
use crate::view::View;
use crate::{files, random};
use known::Known;
use spill::Spill;

pub use facts::LiveFacts;
pub use live::{Live, Spent};
pub use overlay::{Overlay, Stated};

/// More segments than this per shard, on average, and the index is built anew.
const MOST_SEGMENTS_PER_SHARD: usize = 8;

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
        let consumers = Arc::new(Consumers::from_bytes(
            &label(part(files, CONSUMERS)?),
            mapped(part(files, CONSUMERS)?)?,
        )?);
        let symbols = Symbols::from_bytes(&label(part(files, SYMBOLS)?), mapped(part(files, SYMBOLS)?)?)?;
        let mut segments = Vec::new();
        for file in files.iter().filter(|file| file.label.as_deref() == Some(SHARD)) {
            segments.push(Segment::open(&label(file), mapped(file)?)?);
        }
        let shards = Arc::new(World::shards_of(segments, &consumers));
        Ok(Index { consumers, shards, symbols: Arc::new(symbols) })
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
    /// Segments that stay.
    shards: Vec<Vec<Segment>>,
    files: Vec<StoredFile>,
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

    /// The earlier index, unless event files that it covers have gone or its segments are too many.
    fn old(&self) -> Result<Option<Old>> {
        let stored = self.view.workspace().segments()?.filter(SegmentSet::is_of_this_format);
        let Some(SegmentSet { files, .. }) = stored else { return Ok(None) };
        let index = Index::open(&files)?;
        let known = Known::open(&label(part(&files, KNOWN)?), mapped(part(&files, KNOWN)?)?)?;
        let live: BTreeSet<String> = self.events.iter().map(file_name).collect();
        let segments = index.shards.iter().map(Vec::len).sum::<usize>();
        if !known.covered.is_subset(&live) || segments > MOST_SEGMENTS_PER_SHARD * index.shards.len().max(1) {
            return Ok(None);
        }
        let files = files.into_iter().filter(|file| file.label.as_deref() == Some(SHARD)).collect();
        let Ok(shards) = Arc::try_unwrap(index.shards) else { return Ok(None) };
        let (consumers, symbols) = (index.consumers.as_ref().clone(), index.symbols.as_ref().clone());
        Ok(Some(Old { consumers, symbols, known, shards, files }))
    }

    fn build(&self, old: Old) -> Result<SegmentSet> {
        let names = self.view.identifiers()?;
        let people = self.view.people(&names)?;
        let mut known = Known::with_facts(old.known, people.canonical.len(), self.view)?;
        let fresh: Vec<&StoredFile> =
            self.events.iter().filter(|f| !known.covered.contains(&file_name(f))).collect();
        rows::know_events(self.view, &fresh, &mut known)?;

        let identified = Identified { canonical: &people.canonical, known_since: &known.since };
        let renewal = old.consumers.renew(identified);
        let mut files = old.files;
        for (shard, bytes) in overlay(&old.shards, &renewal.retired, &renewal.consumers)? {
            files.push(self.write(SHARD, &format!("shard-{shard:05}-moved"), bytes.as_ref())?);
        }
        let mut symbols = old.symbols;
        let mut spill = Spill::new(&self.dir);
        rows::spill_events(self.view, &fresh, &renewal.consumers, &mut symbols, &mut spill)?;
        files.extend(spill.drain(|shard, rows| {
            let bytes = weir_engine::segment::build(shard, &rows)?;
            self.write(SHARD, &format!("shard-{shard:05}"), bytes.as_ref())
        })?);
        known.covered.extend(fresh.iter().map(|file| file_name(file)));
        files.push(self.write(CONSUMERS, CONSUMERS, renewal.consumers.to_bytes().as_ref())?);
        files.push(self.write(SYMBOLS, SYMBOLS, symbols.to_bytes().as_ref())?);
        files.push(self.write(KNOWN, KNOWN, known.to_bytes().as_ref())?);
        let set = SegmentSet { generation: self.view.generation(), files };
        self.view.workspace().replace_segments(&self.lock, &set)?;
        Ok(set)
    }

    fn write(&self, role: &str, name: &str, bytes: &[u8]) -> Result<StoredFile> {
        let mut file = files::DurableFile::create(&self.dir, &format!("{name}-{}.weir", self.mark))?;
        std::io::Write::write_all(&mut file, bytes)
            .map_err(|e| Error::io(format!("cannot write {name}"), &e))?;
        let mut stored = StoredFile::new(FileKind::Segment, file.commit()?, 0);
        stored.label = Some(role.to_owned());
        Ok(stored)
    }
}

/// An event file's name below the workspace, as the index remembers it.
fn file_name(file: &StoredFile) -> String {
    let parts: Vec<_> =
        file.path.iter().rev().take(2).map(|part| part.to_string_lossy().into_owned()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}
