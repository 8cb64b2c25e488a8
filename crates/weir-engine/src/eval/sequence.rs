//! `sequence`: different events at strictly increasing times, the first and the last not too far apart.
//!
//! Per consumer, events are taken in order of time. For each prefix of the steps we remember the *latest* time its
//! first step can have begun; a later beginning is never worse, so one number per prefix is enough. Events of the same
//! instant only see what earlier instants left behind.

use weir_core::Result;
use weir_core::time::Micros;

use crate::bits::Bits;
use crate::plan::SequencePlan;
use crate::segment::Segment;

/// An event that matches a step.
type Touch = (u16, Micros, u32);

/// Who completed the sequence in a shard.
pub(crate) fn select(sequence: &SequencePlan, segments: &[Segment]) -> Result<Bits> {
    let mut touches = touches(sequence, segments)?;
    touches.sort_unstable();
    let mut bits = Bits::empty();
    for of_one in touches.chunk_by(|a, b| a.0 == b.0) {
        if completes(of_one, sequence.steps.len(), sequence.within) {
            bits.insert(of_one[0].0);
        }
    }
    Ok(bits)
}

fn touches(sequence: &SequencePlan, segments: &[Segment]) -> Result<Vec<Touch>> {
    let mut touches = Vec::new();
    for (step, events) in sequence.steps.iter().enumerate() {
        for segment in segments {
            events.scan(segment, events.range(), |cell, picked| {
                let (local, times) = (cell.local()?, cell.times()?);
                picked.each(|row| touches.push((local[row], times.at(row), step as u32)));
                Ok(())
            })?;
        }
    }
    Ok(touches)
}

fn completes(touches: &[Touch], steps: usize, within: i64) -> bool {
    let mut begun: Vec<Option<Micros>> = vec![None; steps];
    for instant in touches.chunk_by(|a, b| a.1 == b.1) {
        let before = begun.clone();
        for (_, time, step) in instant {
            let step = *step as usize;
            let start = if step == 0 { Some(*time) } else { before[step - 1] };
            begun[step] = begun[step].max(start);
        }
        let time = instant[0].1;
        let ends_now = instant.iter().any(|(_, _, step)| *step as usize == steps - 1);
        let start = if steps == 1 { Some(time) } else { before[steps.saturating_sub(2)] };
        if ends_now && start.is_some_and(|start| time - start <= within) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(touches: &[(Micros, u32)], steps: usize, within: i64) -> bool {
        let touches: Vec<Touch> = touches.iter().map(|(time, step)| (0, *time, *step)).collect();
        completes(&touches, steps, within)
    }

    #[test]
    fn times_must_increase_strictly() {
        assert!(done(&[(1, 0), (2, 1)], 2, 10));
        assert!(!done(&[(1, 0), (1, 1)], 2, 10));
        assert!(!done(&[(1, 1), (2, 0)], 2, 10));
    }

    #[test]
    fn the_bound_is_included_and_the_latest_beginning_counts() {
        assert!(done(&[(1, 0), (11, 1)], 2, 10));
        assert!(!done(&[(1, 0), (12, 1)], 2, 10));
        assert!(done(&[(1, 0), (5, 0), (12, 1)], 2, 10));
        assert!(!done(&[(1, 0), (5, 1), (6, 0), (20, 2)], 3, 15));
    }

    #[test]
    fn one_event_is_one_step() {
        assert!(!done(&[(1, 0), (1, 1), (1, 2)], 3, 10));
        assert!(!done(&[(1, 0), (1, 1), (2, 2)], 3, 10));
        assert!(done(&[(3, 0)], 1, 0));
    }
}
