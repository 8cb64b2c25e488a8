//! Chains of events: one per step at strictly increasing times, the first and the last not too far apart. How far does
//! each consumer come?
//!
//! Whoever lacks a step comes no further, whatever the times: that is found first, without looking at times. What
//! remains is touches, events that match a step, of those who have at least the first two. They are put into buckets of
//! a few consumers each, so that a bucket is sorted inside the nearest cache, by consumer and time. Then one pass: for
//! each prefix of the steps we remember the *latest* time its first step can have begun; a later beginning is never
//! worse, so one number per prefix is enough, and no prefix needs a pass of its own. Of one instant the later steps
//! come first, so that they see only what earlier instants left behind.

use weir_core::time::Micros;
use weir_core::{Error, Result};

use crate::bits::Bits;
use crate::plan::SequencePlan;
use crate::plan::filter::{EventFilter, Picked};
use crate::segment::{Cell, Segment};
use crate::shard::SHARD_SIZE;

/// Consumers of a bucket differ in these bits of their local id.
const LOW_BITS: u32 = 6;
const BUCKETS: usize = SHARD_SIZE >> LOW_BITS;

/// Bits of a time counted from 1900. Events carry no time before that and none from 2200 on
/// ([`weir_core::time::is_plausible`]); those fit.
const TIME_BITS: u32 = 54;
const YEAR_1900: Micros = -2_208_988_800_000_000;

/// Who comes at least as far as each step of a sequence, in a shard; only `among` these, if given.
pub(crate) fn levels(
    sequence: &SequencePlan,
    among: Option<&Bits>,
    segments: &[Segment],
) -> Result<Vec<Bits>> {
    // Eight bytes hold a touch of sixteen steps; more take sixteen.
    if sequence.steps.len() <= u64::STEPS {
        levels_of::<u64>(sequence, among, segments)
    } else {
        levels_of::<u128>(sequence, among, segments)
    }
}

fn levels_of<T: Touch>(
    sequence: &SequencePlan,
    among: Option<&Bits>,
    segments: &[Segment],
) -> Result<Vec<Bits>> {
    let candidates = Candidates::find(sequence, among, segments)?;
    let mut levels = vec![Bits::empty(); sequence.steps.len()];
    levels[0] = candidates.able[0].clone();
    if candidates.able.len() < 2 {
        return Ok(levels);
    }
    let mut begun = vec![NEVER; candidates.able.len()];
    let mut buckets = Buckets::<T>::gather(sequence, &candidates, segments)?;
    buckets.for_each(|bucket, touches| {
        touches.sort_unstable();
        for of_one in touches.chunk_by(|a, b| a.low() == b.low()) {
            let furthest = furthest(of_one, &mut begun, sequence.within);
            let local = (bucket << LOW_BITS) as u16 | of_one[0].low();
            levels[1..=furthest].iter_mut().for_each(|level| level.insert(local));
        }
    });
    Ok(levels)
}

/// No beginning; times of touches are not negative.
const NEVER: i64 = -1;

/// The furthest step that one consumer's touches, in order, lead to. `begun` is room for one number per step.
fn furthest<T: Touch>(touches: &[T], begun: &mut [i64], within: i64) -> usize {
    begun.fill(NEVER);
    let mut furthest = 0;
    for touch in touches {
        let (time, step) = (touch.time(), touch.step());
        let start = if step == 0 { time } else { begun[step - 1] };
        if start == NEVER || time - start > within {
            continue;
        }
        begun[step] = start;
        furthest = furthest.max(step);
        if furthest + 1 == begun.len() {
            break;
        }
    }
    furthest
}

/// An event that matches a step, packed so that touches sort by consumer, time, and later steps first.
trait Touch: Copy + Ord + Default {
    /// How many steps it can tell apart.
    const STEPS: usize;
    fn new(low: u16, time: u64, step: usize) -> Self;
    fn low(self) -> u16;
    /// Microseconds since 1900.
    fn time(self) -> i64;
    fn step(self) -> usize;
}

impl Touch for u64 {
    const STEPS: usize = 16;

    fn new(low: u16, time: u64, step: usize) -> u64 {
        u64::from(low) << (TIME_BITS + 4) | time << 4 | (Self::STEPS - 1 - step) as u64
    }

    fn low(self) -> u16 {
        (self >> (TIME_BITS + 4)) as u16
    }

    fn time(self) -> i64 {
        (self >> 4 & ((1 << TIME_BITS) - 1)) as i64
    }

    fn step(self) -> usize {
        Self::STEPS - 1 - (self & 15) as usize
    }
}

impl Touch for u128 {
    const STEPS: usize = 1 << 32;

    fn new(low: u16, time: u64, step: usize) -> u128 {
        u128::from(low) << 96 | u128::from(time) << 32 | (Self::STEPS - 1 - step) as u128
    }

    fn low(self) -> u16 {
        (self >> 96) as u16
    }

    fn time(self) -> i64 {
        (self >> 32) as i64
    }

    fn step(self) -> usize {
        Self::STEPS - 1 - (self as u32) as usize
    }
}

/// Whoever can come somewhere.
struct Candidates {
    /// For each step those who have it and all steps before it; ends with the first step that nobody has.
    able: Vec<Bits>,
    /// How many touches a bucket may get.
    room: Vec<usize>,
}

impl Candidates {
    fn find(sequence: &SequencePlan, among: Option<&Bits>, segments: &[Segment]) -> Result<Candidates> {
        let mut candidates = Candidates { able: Vec::new(), room: vec![0; BUCKETS] };
        for events in &sequence.steps {
            let mut able = candidates.whoever_has(events, segments)?;
            if let Some(before) = candidates.able.last().or(among) {
                able.and(before);
            }
            let has_anybody = !able.is_empty();
            if has_anybody || candidates.able.is_empty() {
                candidates.able.push(able);
            }
            if !has_anybody {
                break;
            }
        }
        Ok(candidates)
    }

    fn whoever_has(&mut self, events: &EventFilter, segments: &[Segment]) -> Result<Bits> {
        let mut bits = Bits::empty();
        for segment in segments {
            events.scan(segment, events.range(), |cell, picked| {
                let local = cell.local()?;
                picked.each(|row| {
                    bits.insert(local[row]);
                    self.room[usize::from(local[row] >> LOW_BITS)] += 1;
                });
                Ok(())
            })?;
        }
        Ok(bits)
    }
}

/// Touches by bucket, in the order they were found.
struct Buckets<T> {
    touches: Vec<T>,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl<T: Touch> Buckets<T> {
    fn gather(sequence: &SequencePlan, candidates: &Candidates, segments: &[Segment]) -> Result<Buckets<T>> {
        let mut buckets = Buckets::with_room(&candidates.room);
        for (step, (events, able)) in sequence.steps.iter().zip(&candidates.able).enumerate() {
            // A first step without a second leads nowhere.
            let able = if step == 0 { &candidates.able[1] } else { able };
            for segment in segments {
                events.scan(segment, events.range(), |cell, picked| buckets.add(step, able, cell, picked))?;
            }
        }
        Ok(buckets)
    }

    fn add(&mut self, step: usize, able: &Bits, cell: &Cell<'_>, picked: Picked<'_>) -> Result<()> {
        let (local, instants) = (cell.local()?, cell.times()?);
        let mut times = 0;
        picked.each(|row| {
            let local = local[row];
            let time = instants.at(row).wrapping_sub(YEAR_1900) as u64;
            times |= time;
            let touch = T::new(local & ((1 << LOW_BITS) - 1), time, step);
            self.put(local, touch, able.contains(local));
        });
        if times >> TIME_BITS != 0 {
            return Err(Error::internal("a segment has an event before 1900 or after 2400"));
        }
        Ok(())
    }

    fn with_room(room: &[usize]) -> Buckets<T> {
        let mut starts = Vec::with_capacity(room.len());
        let mut total = 0;
        for room in room {
            starts.push(total);
            total += room;
        }
        Buckets { touches: vec![T::default(); total], ends: starts.clone(), starts }
    }

    /// Writes in any case, and forgets it at once where nobody wants it: whether somebody does cannot be foreseen, so a
    /// branch would cost more.
    fn put(&mut self, local: u16, touch: T, wanted: bool) {
        let end = &mut self.ends[usize::from(local >> LOW_BITS)];
        self.touches[*end] = touch;
        *end += usize::from(wanted);
    }

    fn for_each(&mut self, mut visit: impl FnMut(usize, &mut [T])) {
        for (bucket, (start, end)) in self.starts.iter().zip(&self.ends).enumerate() {
            visit(bucket, &mut self.touches[*start..*end]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(touches: &[(u64, usize)], steps: usize, within: i64, expected: usize) {
        let mut short: Vec<u64> = touches.iter().map(|(time, step)| u64::new(7, *time, *step)).collect();
        let mut long: Vec<u128> = touches.iter().map(|(time, step)| u128::new(7, *time, *step)).collect();
        short.sort_unstable();
        long.sort_unstable();
        let mut begun = vec![0; steps];
        assert_eq!(furthest(&short, &mut begun, within) + 1, expected);
        assert_eq!(furthest(&long, &mut begun, within) + 1, expected);
    }

    #[test]
    fn times_must_increase_strictly() {
        check(&[(1, 0), (2, 1)], 2, 10, 2);
        check(&[(1, 0), (1, 1)], 2, 10, 1);
        check(&[(1, 1), (2, 0)], 2, 10, 1);
    }

    #[test]
    fn the_bound_is_included_and_the_latest_beginning_counts() {
        check(&[(1, 0), (11, 1)], 2, 10, 2);
        check(&[(1, 0), (12, 1)], 2, 10, 1);
        check(&[(1, 0), (5, 0), (12, 1)], 2, 10, 2);
        check(&[(1, 0), (5, 1), (6, 0), (20, 2)], 3, 15, 2);
        check(&[(1, 0), (5, 1), (16, 2), (17, 3)], 4, 15, 3);
    }

    #[test]
    fn one_event_is_one_step() {
        check(&[(1, 0), (1, 1), (1, 2)], 3, 10, 1);
        check(&[(1, 0), (1, 1), (2, 2), (2, 1)], 3, 10, 2);
        check(&[(1, 0), (2, 1), (2, 0), (3, 2), (3, 1)], 3, 10, 3);
    }

    #[test]
    fn a_touch_gives_back_what_was_put_in() {
        let latest = (1 << TIME_BITS) - 1;
        for (low, time, step) in [(0, 0, 0), (63, latest, 15), (5, 12_345, 3)] {
            let (short, long) = (u64::new(low, time, step), u128::new(low, time, step));
            assert_eq!((short.low(), short.time() as u64, short.step()), (low, time, step));
            assert_eq!((long.low(), long.time() as u64, long.step()), (low, time, step));
        }
    }
}
