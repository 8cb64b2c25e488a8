//! The live index: the index of one generation and, in memory, whatever the log holds beyond it.
//!
//! [`Live::extend`] costs what its frames cost, and what the people cost whom they concern. New events become small
//! segments, put together as they grow, so that a shard carries about as many of them as the logarithm of their rows.
//! People who are merged or split are renewed and their rows laid over, as in the stored index; segments in which they
//! have no rows are not read. What is handed out is shared with what comes after it, apart from the table of consumers.
//!
//! Deliberately absent: reading the log, and taking anything back. When a generation holds anything else than a part of
//! this tail, a new one is opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use weir_core::arrival::{Arrival, Content, Occurrence};
use weir_core::identity::{Growing, Identifiers, IdentityPolicy, Link, Node};
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};
use weir_engine::consumers::Identified;
use weir_engine::container::Aligned;
use weir_engine::packed::Rows;
use weir_engine::rekey::moved_rows;
use weir_engine::row::RawEvent;
use weir_engine::segment::Segment;
use weir_engine::shard::{local_of, shard_of};
use weir_engine::symbols::Symbols;

use super::facts::{LiveFacts, StoredFacts};
use super::known::Known;
use super::overlay::{Overlay, Stated};
use super::tiers::{IN_MEMORY, put_together};
use super::{Index, KNOWN, label, mapped, part};
use crate::files;
use crate::ingest::{Frame, Item};
use crate::view::View;

/// Rows of older tail segments that one extension writes again, beside as many times its own: larger mergers wait, so
/// that none of them makes everybody wait.
const REWRITTEN: usize = 400_000;
const REWRITTEN_PER_ROW: usize = 8;

/// An index of one generation plus the log's tail so far. Owned by one thread at a time; hands out cheap snapshots.
pub struct Live {
    view: View,
    /// Frames of the log before this are in.
    position: u64,
    policy: IdentityPolicy,
    people: Growing,
    known: Known,
    index: Index,
    /// For each shard how many of its segments are not the tail's.
    stored: Vec<usize>,
    /// The shard whose mergers come first.
    turn: usize,
    stored_facts: Arc<StoredFacts>,
    overlay: Overlay,
}

/// The time that an extension took, by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Names, links, statements.
    pub names: Duration,
    /// Who is one person.
    pub people: Duration,
    /// Rows of retired people, found.
    pub moved: Duration,
    /// Rows of events, made.
    pub added: Duration,
    /// Segments, made of both.
    pub segments: Duration,
}

/// What some frames say, apart from their events' contents.
#[derive(Default)]
struct News {
    /// Nodes of new links, and nodes known for the first time or since earlier.
    touched: Vec<Node>,
    statements: BTreeMap<String, Vec<Stated>>,
    days: BTreeMap<Day, u64>,
    last_time: Option<Micros>,
}

impl Live {
    /// The index of a view's generation, with nothing beyond it.
    pub fn open(view: &View) -> Result<Live> {
        let files = view.indexed()?.files;
        let index = Index::open(&files)?;
        let known = Known::open(&label(part(&files, KNOWN)?), mapped(part(&files, KNOWN)?)?)?;
        let names = view.identifiers()?;
        let known = Known::with_facts(known, names.len(), view, &[])?;
        let policy = view.settings().policy.clone();
        let people = Growing::new(&names, &view.links()?, &policy);
        let stored = index.shards.iter().map(Vec::len).collect();
        let overlay = Overlay::new(names, view.tags().clone(), index.consumers.clone());
        let stored_facts = Arc::new(StoredFacts::new(view.clone(), index.consumers.clone()));
        let (view, position) = (view.clone(), view.log_flushed());
        Ok(Live { view, position, policy, people, known, index, stored, turn: 0, stored_facts, overlay })
    }

    /// Takes over a later generation that holds nothing new but a part of this tail; nothing is built again. Whether it
    /// is one: if not, another index must be opened.
    pub fn rebase(&mut self, view: &View) -> Result<bool> {
        let is_covered = view.log_flushed() <= self.position && view.adds_only_flushes_to(&self.view)?;
        if is_covered {
            self.view = view.clone();
        }
        Ok(is_covered)
    }

    /// The view whose files are in.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Frames of the log before this are in.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Adds the frames that follow in the log, up to a position.
    pub fn extend(&mut self, frames: &[Frame], position: u64) -> Result<Spent> {
        let items = || frames.iter().flat_map(|frame| &frame.items);
        let mut clock = Instant::now();
        let mut lap = || std::mem::replace(&mut clock, Instant::now()).elapsed();
        let news = self.learn(items())?;
        let names = lap();
        let retired = self.renew(news.touched);
        let people = lap();
        let mut rows = moved_rows(&self.index.shards, &retired, &self.index.consumers)?;
        let moved = lap();
        self.add_rows(items(), &mut rows)?;
        let added = lap();
        self.add_segments(rows)?;
        self.overlay.state(news.statements);
        self.overlay.count(&news.days, news.last_time);
        self.position = position;
        Ok(Spent { names, people, moved, added, segments: lap() })
    }

    /// The index as of now.
    pub fn index(&self) -> Index {
        self.index.clone()
    }

    /// Tags, lists and names as of now. What is stored of them is read once for all that are handed out.
    pub fn facts(&self) -> LiveFacts {
        let (stored, consumers) = (self.stored_facts.clone(), self.index.consumers.clone());
        LiveFacts::over(stored, consumers, Some(self.overlay.clone()))
    }

    /// Bytes of the tail's segments.
    pub fn bytes(&self) -> usize {
        self.tail_segments().map(Segment::bytes).sum()
    }

    /// The most segments of the tail that a shard carries.
    pub fn most_segments(&self) -> usize {
        let stored = |shard: usize| self.stored.get(shard).copied().unwrap_or(0);
        let shards = self.index.shards.iter().enumerate();
        shards.map(|(shard, segments)| segments.len() - stored(shard)).max().unwrap_or(0)
    }

    fn tail_segments(&self) -> impl Iterator<Item = &Segment> {
        let stored = |shard: usize| self.stored.get(shard).copied().unwrap_or(0);
        self.index.shards.iter().enumerate().flat_map(move |(shard, segments)| &segments[stored(shard)..])
    }

    // --- who is there ---

    /// Names, links, and who is known since when.
    fn learn<'a>(&mut self, items: impl Iterator<Item = &'a Item<'a>>) -> Result<News> {
        let mut news = News::default();
        for Item { nodes, arrival, .. } in items {
            for (node, identifier) in nodes.iter().zip(&arrival.identifiers) {
                self.overlay.names.set(*node, &identifier.kind, &identifier.value)?;
            }
            self.people.make_room(self.overlay.names.len());
            self.known.make_room(self.overlay.names.len());
            let Some((owner, others)) = nodes.split_first() else { continue };
            self.link(*owner, others, arrival, &mut news.touched);
            self.mention(*owner, arrival, &mut news);
        }
        Ok(news)
    }

    fn link(&mut self, owner: Node, others: &[Node], arrival: &Arrival, touched: &mut Vec<Node>) {
        for other in others {
            let link = Link { a: owner, b: *other, time: arrival.time, joins_known: arrival.joins_known };
            if self.view.counts(&link) && self.people.record(link) {
                touched.push(owner);
            }
        }
    }

    fn mention(&mut self, owner: Node, arrival: &Arrival, news: &mut News) {
        let is_mentioned = match &arrival.content {
            Content::Event(_) => {
                *news.days.entry(arrival.day).or_default() += 1;
                news.last_time = news.last_time.max(Some(arrival.time));
                true
            }
            Content::Traits(traits) => {
                let admitted = traits
                    .iter()
                    .filter(|(tag, value)| value.kind().is_none_or(|kind| self.overlay.admits(tag, kind)));
                let admitted: Vec<_> = admitted.collect();
                for (tag, value) in &admitted {
                    let statement = self.overlay.statement(owner, arrival.day, value);
                    news.statements.entry(tag.clone()).or_default().push(statement);
                }
                !admitted.is_empty()
            }
            Content::Link => false,
        };
        if is_mentioned && self.known.mention(owner, arrival.day) {
            news.touched.push(owner);
        }
    }

    /// Settles who is one person among those concerned. Returns the retired ids.
    fn renew(&mut self, touched: Vec<Node>) -> Vec<u32> {
        if touched.is_empty() {
            return Vec::new();
        }
        let among = self.people.settle(&self.overlay.names, &self.policy, touched);
        let identified = Identified { canonical: self.people.canonical(), known_since: &self.known.since };
        let consumers = Arc::make_mut(&mut self.index.consumers);
        let retired = consumers.renew_among(identified, &among);
        self.overlay.find(&among, consumers);
        retired
    }

    // --- what they did ---

    fn add_rows<'a>(
        &mut self,
        items: impl Iterator<Item = &'a Item<'a>>,
        rows: &mut BTreeMap<usize, Rows>,
    ) -> Result<()> {
        let symbols: &mut Symbols = Arc::make_mut(&mut self.index.symbols);
        for Item { nodes, arrival, .. } in items {
            let (Content::Event(event), Some(node)) = (&arrival.content, nodes.first()) else { continue };
            let dense = self.index.consumers.dense(*node);
            let dense = dense.ok_or_else(|| Error::internal(format!("identifier {node} is nobody")))?;
            let rows = rows.entry(shard_of(dense)).or_default();
            rows.push_event(&raw(arrival, event), local_of(dense), *node, symbols);
        }
        Ok(())
    }

    /// Makes a segment of each shard's rows, together with small segments that the shard already has.
    fn add_segments(&mut self, rows: BTreeMap<usize, Rows>) -> Result<()> {
        let count = self.index.consumers.shards().max(self.index.shards.len());
        let shards = Arc::make_mut(&mut self.index.shards);
        shards.resize_with(count, Vec::new);
        self.stored.resize(count, 0);
        let absorbed = absorb(shards, &self.stored, &rows, self.turn);
        self.turn = (self.turn + 1) % count.max(1);
        let (consumers, dir) = (&*self.index.consumers, self.view.workspace().segment_dir());
        let built: Vec<(usize, Segment)> = rows
            .into_par_iter()
            .map(|(shard, rows)| {
                Ok((shard, kept(put_together(shard, &[rows], &absorbed[shard], consumers)?, &dir)?))
            })
            .collect::<Result<_>>()?;
        for (shard, segment) in built {
            let kept = shards[shard].len() - absorbed[shard].len();
            shards[shard].truncate(kept);
            shards[shard].push(segment);
        }
        Ok(())
    }
}

/// For each shard the last segments of its tail that its new rows are put together with, while there is leave to write
/// so many rows again.
fn absorb(
    shards: &[Vec<Segment>],
    stored: &[usize],
    rows: &BTreeMap<usize, Rows>,
    turn: usize,
) -> Vec<Vec<Segment>> {
    let new_rows: usize = rows.values().map(Rows::len).sum();
    let mut leave = REWRITTEN + REWRITTEN_PER_ROW * new_rows;
    let mut absorbed = vec![Vec::new(); shards.len()];
    let (first, last) = (rows.range(turn..), rows.range(..turn));
    for (shard, rows) in first.chain(last) {
        let small = small_last(&shards[*shard][stored[*shard]..], rows.len());
        let again: usize = small.iter().map(Segment::rows).sum();
        if again <= leave {
            leave -= again;
            absorbed[*shard] = small.to_vec();
        }
    }
    absorbed
}

/// The last segments that are each less than twice as large as all that come after, `rows` included.
fn small_last(segments: &[Segment], rows: usize) -> &[Segment] {
    let (mut from, mut sum) = (segments.len(), rows);
    while from > 0 && segments[from - 1].rows() < 2 * sum {
        from -= 1;
        sum += segments[from].rows();
    }
    &segments[from..]
}

/// Bytes of a segment that is not kept in memory.
const LARGE: usize = 1 << 20;

/// Keeps a segment: a large one in a file without a name, whose pages the system may take back, and which is gone with this
/// process. Where there is no room for it, in memory.
fn kept(segment: Aligned, dir: &Path) -> Result<Segment> {
    let is_large = segment.as_ref().len() >= LARGE;
    match is_large.then(|| files::map_unnamed(dir, segment.as_ref())) {
        Some(Ok(mapped)) => Segment::open(IN_MEMORY, Arc::new(mapped)),
        Some(Err(_)) | None => Segment::open(IN_MEMORY, Arc::new(segment)),
    }
}

fn raw<'a>(arrival: &Arrival, event: &'a Occurrence<'_>) -> RawEvent<'a> {
    RawEvent {
        time: arrival.time,
        day: arrival.day,
        behavior: &event.behavior,
        channel: event.channel.as_deref(),
        shop: event.shop.as_deref(),
        brand: event.brand.as_deref(),
        category: event.category.as_deref(),
        campaign: event.campaign.as_deref(),
        item: event.item.as_deref(),
        order_id: event.order_id.as_deref(),
        amount: event.amount,
        quantity: event.quantity,
        properties: event.properties.as_deref(),
    }
}
