//! What came in by each source since the start of this process: counts, and the last messages with what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_core::arrival::{Arrivals, Verdict};
use weir_core::time::Micros;

use super::seen::{self, Fate, Seen};

/// Messages that are remembered of each source.
const REMEMBERED: usize = 200;

/// Messages a second that are looked at closely enough to be remembered; when more come, nobody could read them all.
const CLOSELY: usize = 200;

const SECOND: Micros = 1_000_000;

/// The sources by workspace and name.
#[derive(Default)]
pub(crate) struct Meters {
    meters: Mutex<BTreeMap<(String, String), Arc<Meter>>>,
    reasons: Mutex<BTreeMap<&'static str, u64>>,
}

/// One source.
#[derive(Default)]
pub(crate) struct Meter {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    counts: SourceCounts,
    seen: VecDeque<Seen>,
    next: u64,
    /// The second that is under way, and the messages looked at in it.
    second: (Micros, usize),
}

/// Counts of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SourceCounts {
    /// Kept.
    pub accepted: u64,
    /// There already.
    pub duplicate: u64,
    /// Refused.
    pub rejected: u64,
    /// When the latest of them became durable.
    pub last_durable: Option<Micros>,
}

/// Counts of all sources since the start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestCounts {
    /// Workspace, source, counts.
    pub sources: Vec<(String, String, SourceCounts)>,
    /// Messages refused, by reason.
    pub reasons: BTreeMap<&'static str, u64>,
}

impl Meters {
    /// The meter of a source.
    pub fn of(&self, workspace: &str, source: &str) -> Arc<Meter> {
        let mut meters = lock(&self.meters);
        meters.entry((workspace.to_owned(), source.to_owned())).or_default().clone()
    }

    /// Counts refused messages by reason.
    pub fn refused<'a>(&self, reasons: impl Iterator<Item = &'a &'static str>) {
        let mut counts = lock(&self.reasons);
        for reason in reasons {
            *counts.entry(reason).or_default() += 1;
        }
    }

    /// All counts.
    pub fn counts(&self) -> IngestCounts {
        let meters = lock(&self.meters);
        let count = |((workspace, source), meter): (&(String, String), &Arc<Meter>)| {
            (workspace.clone(), source.clone(), meter.counts())
        };
        IngestCounts { sources: meters.iter().map(count).collect(), reasons: lock(&self.reasons).clone() }
    }
}

impl Meter {
    /// The counts.
    pub fn counts(&self) -> SourceCounts {
        lock(&self.inner).counts
    }

    /// Looks at what arrived, before it is taken in: as many of the last messages as will be remembered.
    pub fn look(&self, arrivals: &Arrivals, received: Micros) -> Vec<Seen> {
        let (items, rejects) = (&arrivals.items, &arrivals.rejects);
        let room = lock(&self.inner).spend(items.len() + rejects.len(), received);
        let refused = rejects.iter().skip(rejects.len().saturating_sub(room));
        let mut looked: Vec<Seen> = refused.map(|reject| seen::reject(reject, received)).collect();
        let room = room - looked.len();
        let arrived = items.iter().enumerate().skip(items.len().saturating_sub(room));
        looked.extend(arrived.map(|(i, arrival)| seen::arrival(i, arrival)));
        looked
    }

    /// Counts and remembers what became of a request.
    pub fn note(&self, looked: Vec<Seen>, verdicts: &[Verdict], rejected: usize, now: Micros) {
        let accepted = verdicts.iter().filter(|verdict| **verdict == Verdict::Accepted).count() as u64;
        let mut inner = lock(&self.inner);
        inner.counts.accepted += accepted;
        inner.counts.duplicate += verdicts.len() as u64 - accepted;
        inner.counts.rejected += rejected as u64;
        if accepted > 0 {
            inner.counts.last_durable = Some(now);
        }
        for one in looked {
            inner.remember(one, verdicts);
        }
    }

    /// Messages after a number, the oldest first.
    pub fn seen(&self, after: u64) -> Vec<Seen> {
        lock(&self.inner).seen.iter().filter(|seen| seen.number > after).cloned().collect()
    }
}

impl Inner {
    /// How many of the messages of a request are looked at.
    fn spend(&mut self, messages: usize, now: Micros) -> usize {
        let second = now.div_euclid(SECOND);
        if self.second.0 != second {
            self.second = (second, 0);
        }
        let room = messages.min(CLOSELY - self.second.1);
        self.second.1 += room;
        room
    }

    fn remember(&mut self, one: Seen, verdicts: &[Verdict]) {
        let fate = match one.fate {
            Fate::Arrived(place) => Fate::of(verdicts.get(place).copied()),
            other => other,
        };
        self.next += 1;
        self.seen.push_back(Seen { number: self.next, fate, ..one });
        if self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use weir_core::arrival::Reject;

    use super::*;

    fn refused(n: usize) -> Arrivals<'static> {
        let reject =
            |index| Reject { index, message_id: None, reason: "no_identifier", detail: String::new() };
        Arrivals { rejects: (0..n).map(reject).collect(), ..Arrivals::default() }
    }

    #[test]
    fn the_last_messages_are_remembered_by_number() {
        let meter = Meter::default();
        for second in 0..3 {
            let looked = meter.look(&refused(150), second * SECOND);
            meter.note(looked, &[], 150, second * SECOND);
        }
        let seen = meter.seen(0);
        assert_eq!((seen.len(), seen[0].number, seen[199].number), (200, 251, 450));
        assert_eq!(meter.seen(449).len(), 1);
        assert_eq!(meter.counts().rejected, 450);
    }

    #[test]
    fn when_many_come_in_a_second_only_some_are_looked_at() {
        let meter = Meter::default();
        assert_eq!(meter.look(&refused(150), 0).len(), 150);
        assert_eq!(meter.look(&refused(150), 1).len(), 50);
        assert_eq!(meter.look(&refused(150), 2).len(), 0);
        assert_eq!(meter.look(&refused(150), SECOND).len(), 150);
    }
}
