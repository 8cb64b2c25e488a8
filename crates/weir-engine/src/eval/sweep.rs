//! `did` at one date after another: a window that moves on by a few days gains and loses the events of those days, so
//! each event is counted once when it enters and once when it leaves, however many dates there are.

use weir_core::Result;
use weir_core::time::{Day, DayRange};

use super::did::{CountTest, Found, select};
use crate::bits::Bits;
use crate::plan::filter::DidPlan;
use crate::segment::Segment;
use crate::shard::SHARD_SIZE;

/// The leaves of an expression, each with the numbers of events of its last date.
#[derive(Default)]
pub(crate) struct Sweep {
    leaves: Vec<Option<Sliding>>,
}

/// A leaf as of its last date.
struct Sliding {
    range: DayRange,
    counts: Vec<u32>,
    found: Found,
    /// Of days: the one gained last, and lost last, of each consumer.
    gained: Vec<i32>,
    lost: Vec<i32>,
}

impl Sweep {
    /// Who satisfies a leaf at the next date. Quick where dates ascend.
    pub fn select(&mut self, did: &DidPlan, segments: &[Segment]) -> Result<Found> {
        let Some(test) = &did.count else { return select(did, segments) };
        if self.leaves.len() <= did.leaf {
            self.leaves.resize_with(did.leaf + 1, || None);
        }
        let sliding = self.leaves[did.leaf].get_or_insert_with(Sliding::new);
        sliding.move_on(did, test, segments)?;
        Ok(Found { seen: sliding.found.seen.clone(), satisfied: sliding.found.satisfied.clone() })
    }
}

/// Before the first date nothing is in.
const NOTHING: DayRange = DayRange { first: Day(i32::MAX), last: Day(i32::MIN) };

/// How many days a range has; a window without a beginning has more than any.
fn days(range: DayRange) -> i64 {
    (i64::from(range.last.0) - i64::from(range.first.0) + 1).max(0)
}

impl Sliding {
    fn new() -> Sliding {
        let found = Found { seen: Bits::empty(), satisfied: Bits::empty() };
        let (counts, gained, lost) = (vec![0; SHARD_SIZE], Vec::new(), Vec::new());
        Sliding { range: NOTHING, counts, found, gained, lost }
    }

    fn move_on(&mut self, did: &DidPlan, test: &CountTest, segments: &[Segment]) -> Result<()> {
        let (before, after) = (self.range, did.events.range());
        if before == after {
            return Ok(());
        }
        let lost = DayRange { first: before.first, last: Day(after.first.0.saturating_sub(1)) };
        let gained = DayRange { first: Day(before.last.0.saturating_add(1)), last: after.last };
        let moves_on = before.first <= after.first && before.last <= after.last;
        if !moves_on || days(lost) + days(gained) >= days(after) {
            *self = Sliding { range: after, ..Sliding::new() };
            return self.begin(did, test, segments);
        }
        self.range = after;
        self.lose(did, test, segments, lost)?;
        self.gain(did, test, segments, gained)
    }

    /// Counts all of a window, and looks at the numbers once they are whole.
    fn begin(&mut self, did: &DidPlan, test: &CountTest, segments: &[Segment]) -> Result<()> {
        let counts = &mut self.counts;
        test.unit.each(&did.events, self.range, segments, &mut self.gained, |local| {
            counts[usize::from(local)] += 1;
        })?;
        self.found.satisfied = Bits::of_each(counts, |count| test.holds(*count));
        if did.holds_without_events {
            self.found.seen = Bits::of_each(counts, |count| *count > 0);
        }
        Ok(())
    }

    fn gain(&mut self, did: &DidPlan, test: &CountTest, segments: &[Segment], days: DayRange) -> Result<()> {
        if days.first > days.last {
            return Ok(());
        }
        let (counts, found) = (&mut self.counts, &mut self.found);
        test.unit.each(&did.events, days, segments, &mut self.gained, |local| {
            let count = &mut counts[usize::from(local)];
            *count += 1;
            found.note(local, *count, did, test);
        })
    }

    fn lose(&mut self, did: &DidPlan, test: &CountTest, segments: &[Segment], days: DayRange) -> Result<()> {
        if days.first > days.last {
            return Ok(());
        }
        let (counts, found) = (&mut self.counts, &mut self.found);
        test.unit.each(&did.events, days, segments, &mut self.lost, |local| {
            let count = &mut counts[usize::from(local)];
            *count -= 1;
            found.note(local, *count, did, test);
        })
    }
}

impl Found {
    fn note(&mut self, local: u16, count: u32, did: &DidPlan, test: &CountTest) {
        self.satisfied.set(local, test.holds(count));
        if did.holds_without_events {
            self.seen.set(local, count > 0);
        }
    }
}
