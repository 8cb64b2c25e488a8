//! Ingest: events that come one request at a time, acknowledged once they are durable.
//!
//! ```text
//! request ─► prepare: hash, encode (side by side) ─► decide: dedupe, identity (in memory, in order) ─► log, group commit ─► yes
//!                                                                                                       │
//!                                   flush (background): Parquet, identity, dedupe, one transaction, then the log is cut
//! ```
//!
//! The log is the only thing written before an acknowledgement. A frame carries everything that was decided about its
//! request, so that whoever reads the log (the flush, the live index, a start after a crash, another process) decides
//! nothing again. A duplicate is acknowledged when everything decided before it is durable, so also the event it repeats.
//!
//! When the log fails, memory is ahead of it: the state is dropped and built again from files and log, and until that works
//! every request is told to come again.
//!
//! One writer at a time: while an import runs, the [gate](gate) is closed, and requests wait. An import of another process
//! asks for the data directory by `lock.wanted`; then the ingest flushes, lets go, and comes back.

mod background;
mod flush;
mod frame;
mod gate;
mod gauge;
mod intake;
mod prepared;
mod registry;
mod rows;
mod tail;

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use weir_core::arrival::{Arrival, Arrivals, Content, Verdict};
use weir_core::identity::IdentityPolicy;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Micros;
use weir_core::{Error, Result};

use crate::clock;
use crate::fault;
use crate::lock::WriterLock;
use crate::log::{Log, Position};
use crate::space::{Shortage, Space};
use crate::workspace::Workspace;
use flush::Backlog;
use frame::{Head, encode};
use gate::Gate;
use gauge::Gauge;
use intake::Intake;
use prepared::{Preparation, Prepared};
use registry::Registry;

pub use frame::{Frame, Item};
pub use intake::{DailyTally, Tally};

/// How long a request waits for an import to finish. Clients give up after ten seconds.
const PATIENCE: Duration = Duration::from_secs(7);

/// Remark on a trait whose kind is not that of the tag.
const TAG_KIND: &str = "tag_kind_conflict";

/// The ingest of one workspace in this process.
pub struct Ingest {
    workspace: Workspace,
    gate: Gate,
    state: Mutex<Option<State>>,
    /// Somebody else may have written since the state was made.
    is_stale: AtomicBool,
    rules: RwLock<Rules>,
    /// Counts that no frame carries, until the next flush.
    uncounted: Mutex<Intake>,
    flushing: Mutex<Backlog>,
    gauge: Gauge,
    meter: Meter,
}

/// What decides, and where decisions go.
struct State {
    registry: Registry,
    log: Arc<Log>,
    _lock: Arc<WriterLock>,
}

/// What arrivals are prepared by.
#[derive(Default)]
struct Rules {
    policy: IdentityPolicy,
    tags: std::collections::BTreeMap<String, TagKind>,
}

/// Counts since the start.
#[derive(Default)]
struct Meter {
    accepted: AtomicU64,
    duplicate: AtomicU64,
    last_durable: AtomicI64,
}

/// How the ingest of a workspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IngestStatus {
    /// Whether events can be taken in now.
    pub is_ready: bool,
    /// Accepted since the start.
    pub accepted: u64,
    /// Duplicates since the start.
    pub duplicate: u64,
    /// When the latest event became durable, if any has since the start.
    pub last_durable: Option<Micros>,
    /// End of what is durable in the log.
    pub durable: u64,
    /// End of what is in files too.
    pub flushed: u64,
    /// Messages that duplicates are recognised by.
    pub messages: usize,
    /// Identifiers known.
    pub identifiers: usize,
    /// The space on the disk; none until it is measured.
    pub space: Option<Space>,
    /// What is in the way of more events.
    pub shortage: Option<Shortage>,
}

impl IngestStatus {
    /// What requests are told for want of space.
    pub fn check_space(&self) -> Result<()> {
        let refusal = self.space.zip(self.shortage).map(|(space, shortage)| space.refusal(shortage));
        refusal.map_or(Ok(()), Err)
    }
}

/// What was decided about a request.
struct Decision {
    log: Arc<Log>,
    verdicts: Vec<Verdict>,
    position: Position,
}

impl Workspace {
    /// The ingest of this workspace in this process, opened at its first use.
    pub fn ingest(&self) -> Result<Arc<Ingest>> {
        let ingest = self.store().ingest_of(self)?;
        ingest.make_ready()?;
        Ok(ingest)
    }
}

impl Ingest {
    /// An ingest that opens when it is needed, and flushes by itself.
    pub(crate) fn begin(workspace: Workspace) -> Result<Arc<Ingest>> {
        let ingest = Arc::new(Ingest {
            workspace,
            gate: Gate::default(),
            state: Mutex::new(None),
            is_stale: AtomicBool::new(false),
            rules: RwLock::default(),
            uncounted: Mutex::default(),
            flushing: Mutex::default(),
            gauge: Gauge::default(),
            meter: Meter::default(),
        });
        background::start(&ingest)?;
        Ok(ingest)
    }

    /// Takes in what one request brought. When it answers, all of it is durable.
    pub fn take(&self, source: &str, arrivals: Arrivals) -> Result<Vec<Verdict>> {
        let Arrivals { mut items, ledger, .. } = arrivals;
        let received = items.first().map_or_else(clock::now, |arrival| arrival.stamps.received);
        let _pass = self.gate.enter(PATIENCE)?;
        drop(self.state()?);
        let mut tally = Tally { reasons: ledger.reasons, remarks: ledger.remarks, ..Tally::default() };
        self.settle_tags(&mut items, &mut tally);
        let prepared = self.prepare(source, &mut items)?;
        self.gauge.take(&self.workspace, prepared.bytes() as u64)?;
        let Decision { log, verdicts, position } = self.decide(source, received, &prepared)?;
        log.wait(position).inspect_err(|_| self.give_up(&log))?;
        self.count(source, received, tally, &verdicts);
        Ok(verdicts)
    }

    /// Opens what is not open yet; never while an import decides about identifiers itself.
    fn make_ready(&self) -> Result<()> {
        let _pass = self.gate.enter(PATIENCE)?;
        if self.gauge.look().is_none() {
            self.measure()?;
        }
        self.state().map(drop)
    }

    fn prepare(&self, source: &str, items: &mut [Arrival]) -> Result<Prepared> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        Preparation::new(self.workspace.store().keys(), &rules.policy, source).prepare(items)
    }

    /// Decides about arrivals and puts those that are new to the log, in one step: frames lie in the log in the order in
    /// which they were decided.
    fn decide(&self, source: &str, received: Micros, prepared: &Prepared) -> Result<Decision> {
        let mut guard = self.state()?;
        let state = guard.as_mut().ok_or_else(|| Error::internal("the ingest has no state"))?;
        state.log.check_room(prepared.bytes())?;
        let decided = admit(&mut state.registry, source, received, prepared).and_then(|(frame, verdicts)| {
            let position = match frame {
                Some(frame) => state.log.append(frame)?,
                None => state.log.appended(),
            };
            Ok(Decision { log: state.log.clone(), verdicts, position })
        });
        if decided.is_err() {
            // Memory knows what the log does not.
            *guard = None;
        }
        decided
    }

    /// Drops the state that this log belongs to.
    fn give_up(&self, log: &Arc<Log>) {
        let mut state = self.lock_state();
        if state.as_ref().is_some_and(|state| Arc::ptr_eq(&state.log, log)) {
            *state = None;
        }
    }

    fn count(&self, source: &str, received: Micros, mut tally: Tally, verdicts: &[Verdict]) {
        let duplicate = verdicts.iter().filter(|verdict| **verdict == Verdict::Duplicate).count() as u64;
        let accepted = verdicts.len() as u64 - duplicate;
        self.meter.duplicate.fetch_add(duplicate, Ordering::Relaxed);
        self.meter.accepted.fetch_add(accepted, Ordering::Relaxed);
        if accepted > 0 {
            self.meter.last_durable.fetch_max(clock::now(), Ordering::Relaxed);
        }
        (tally.duplicate, tally.last) = (duplicate, received);
        if tally.read() > 0 || !tally.remarks.is_empty() {
            self.uncounted().count(source, received, &tally);
        }
    }

    /// A tag keeps its kind: a trait of another kind is put into words where the tag is text, and left out otherwise.
    fn settle_tags(&self, items: &mut [Arrival], tally: &mut Tally) {
        if !items.iter().any(|item| matches!(item.content, Content::Traits(_))) {
            return;
        }
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        for item in items {
            let Content::Traits(traits) = &mut item.content else { continue };
            traits.retain_mut(|(key, value)| {
                let Some(given) = value.kind() else { return true };
                let kind = *rules.tags.entry(key.clone()).or_insert(given);
                let fits = settle(value, kind);
                if !fits {
                    *tally.remarks.entry(TAG_KIND.to_owned()).or_default() += 1;
                }
                fits
            });
        }
    }

    /// How it is.
    pub fn status(&self) -> IngestStatus {
        let looked = self.gauge.look();
        let shortage = looked.and_then(|(_, shortage)| shortage);
        let state = self.lock_state();
        let (messages, identifiers) = state.as_ref().map_or((0, 0), |state| state.registry.len());
        let last = self.meter.last_durable.load(Ordering::Relaxed);
        IngestStatus {
            is_ready: state.is_some() && shortage.is_none(),
            accepted: self.meter.accepted.load(Ordering::Relaxed),
            duplicate: self.meter.duplicate.load(Ordering::Relaxed),
            last_durable: (last > 0).then_some(last),
            durable: state.as_ref().map_or(0, |state| state.log.durable()),
            flushed: self.flushing.try_lock().map_or(0, |backlog| backlog.flushed()),
            messages,
            identifiers,
            space: looked.map(|(space, _)| space),
            shortage,
        }
    }

    /// Measures the space on the disk now, rather than within a second.
    pub(crate) fn measure(&self) -> Result<()> {
        self.gauge.measure(&self.workspace)
    }

    /// Whether there is no space for more events.
    fn is_full(&self) -> bool {
        self.gauge.look().is_some_and(|(_, shortage)| shortage.is_some())
    }

    /// End of what is durable: everything before it is acknowledged or may be.
    pub fn durable(&self) -> Option<u64> {
        self.lock_state().as_ref().map(|state| state.log.durable())
    }

    /// The state, made if there is none, refreshed if somebody else has written.
    fn state(&self) -> Result<MutexGuard<'_, Option<State>>> {
        let mut state = self.lock_state();
        if self.is_stale.swap(false, Ordering::AcqRel)
            && let Some(old) = state.take()
        {
            *state = self.refreshed(old).inspect_err(|_| self.is_stale.store(true, Ordering::Release))?;
        }
        if state.is_none() {
            *state = Some(self.open()?);
        }
        Ok(state)
    }

    fn refreshed(&self, old: State) -> Result<Option<State>> {
        let view = self.workspace.view()?;
        self.follow(&view);
        let State { registry, log, _lock } = old;
        Ok(registry.refreshed(&view)?.map(|registry| State { registry, log, _lock }))
    }

    /// Builds the state from the files and what the log has beyond them.
    fn open(&self) -> Result<State> {
        let lock = self.workspace.store().writing()?;
        lock.promise_to_yield().map_err(fault::io(self.workspace.store().dir()))?;
        let view = self.workspace.view()?;
        self.follow(&view);
        let mut registry = Registry::load(self.workspace.store().keys(), &view)?;
        let log = self.workspace.open_log(view.log_flushed())?;
        self.workspace.read_log(view.log_flushed(), Some(log.durable()), |_, frame| {
            self.learn_tags(&frame);
            registry.replay(&frame)
        })?;
        Ok(State { registry, log: Arc::new(log), _lock: lock })
    }

    /// Takes over the rules of a view.
    fn follow(&self, view: &crate::View) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        rules.policy = view.settings().policy.clone();
        rules.tags = view.tags().clone();
    }

    fn learn_tags(&self, frame: &Frame) {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        for item in &frame.items {
            let Content::Traits(traits) = &item.arrival.content else { continue };
            for (key, value) in traits {
                if let Some(kind) = value.kind() {
                    rules.tags.entry(key.clone()).or_insert(kind);
                }
            }
        }
    }

    fn lock_state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn uncounted(&self) -> MutexGuard<'_, Intake> {
        self.uncounted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The frame of what is new, if anything is, and what became of each arrival.
fn admit(
    registry: &mut Registry,
    source: &str,
    received: Micros,
    prepared: &Prepared,
) -> Result<(Option<Vec<u8>>, Vec<Verdict>)> {
    let mut head = Head { source, received, items: Vec::with_capacity(prepared.len()) };
    let mut bodies: Vec<&[u8]> = Vec::with_capacity(prepared.len());
    let mut verdicts = Vec::with_capacity(prepared.len());
    registry.touch(prepared);
    for one in prepared.iter() {
        let decided = registry.admit(one)?;
        verdicts.push(if decided.is_some() { Verdict::Accepted } else { Verdict::Duplicate });
        if let Some(item) = decided {
            head.items.push(item);
            bodies.push(one.body);
        }
    }
    if bodies.is_empty() {
        return Ok((None, verdicts));
    }
    Ok((Some(encode(&head, bodies.into_iter(), prepared.bytes())?), verdicts))
}

/// Whether a value is of a kind, or can be put into it.
fn settle(value: &mut TagValue, kind: TagKind) -> bool {
    if value.kind() == Some(kind) {
        return true;
    }
    let text = match value {
        TagValue::Text(text) => text.clone(),
        TagValue::Number(number) => number.to_string(),
        TagValue::Date(day) => day.to_string(),
        TagValue::Multi(_) | TagValue::Absent => return false,
    };
    let settled = match kind {
        TagKind::Text => Some(TagValue::Text(text)),
        TagKind::Number => text.parse().ok().filter(|n: &f64| n.is_finite()).map(TagValue::Number),
        TagKind::Date => text.parse().ok().map(TagValue::Date),
        TagKind::Multi => Some(TagValue::Multi(vec![text])),
    };
    settled.map(|settled| *value = settled).is_some()
}
