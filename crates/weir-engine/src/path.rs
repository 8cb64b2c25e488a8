//! Paths: where people were at each of several dates, counted by the whole sequence of their states.
//!
//! As in a [`flow`](crate::flow), a fixed set keeps its members, and someone unknown at a date is in `none`. Of a moving audience
//! everybody counts who is in it at any of the dates; at a date where they are not, they are `entered` as long as they have
//! not been in it, and `left` afterwards. So everybody has one name at every date, the paths sum to the set followed,
//! and what flows into a name at a date flows out of it to the next.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::state_model::{ENTERED, LEFT, NONE};
use weir_core::time::Day;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::eval::Shard;
use crate::shard::SHARD_SIZE;
use crate::states::{Lens, Sitting, Subject, lost, within};
use crate::world::World;

/// Positions in [`Paths::states`], one for each date.
pub type Steps = Box<[u16]>;

/// How many people took each path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Names of the model's states, `none`, and for a moving audience `entered` and `left`.
    pub states: Vec<String>,
    /// Paths that anybody took, greatest first; of equal ones the first in the order of states.
    pub paths: Vec<(Steps, u64)>,
    /// Size of the set followed; for a frozen one the size it was frozen with.
    pub total: u64,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
}

impl Paths {
    /// How many went from each name at a date to each name at the next, of so many dates; one matrix for each but the
    /// last.
    pub fn flows(&self, dates: usize) -> Vec<Vec<Vec<u64>>> {
        let size = self.states.len();
        let mut flows = vec![vec![vec![0; size]; size]; dates.saturating_sub(1)];
        for (steps, count) in &self.paths {
            for (flow, pair) in flows.iter_mut().zip(steps.windows(2)) {
                flow[usize::from(pair[0])][usize::from(pair[1])] += count;
            }
        }
        flows
    }
}

/// The paths of a subject over some dates, which must ascend.
pub fn paths(world: &World, lens: Lens<'_>, subject: &Subject, dates: &[Day]) -> Result<Paths> {
    let sittings: Vec<Sitting> =
        dates.iter().map(|date| Sitting::of(world, lens, subject, *date)).collect::<Result<_>>()?;
    let mut counts: BTreeMap<Steps, u64> = BTreeMap::new();
    for shard in world.each_shard(|number| shard_paths(world, number, subject, &sittings))? {
        for (steps, count) in shard {
            *counts.entry(steps).or_default() += count;
        }
    }
    Ok(finish(lens, subject, counts))
}

fn finish(lens: Lens<'_>, subject: &Subject, counts: BTreeMap<Steps, u64>) -> Paths {
    let mut states: Vec<String> = lens.model.names().into_iter().chain([NONE]).map(str::to_owned).collect();
    if matches!(subject, Subject::Moving(_)) {
        states.extend([ENTERED, LEFT].map(str::to_owned));
    }
    let (merged, erased) = lost(subject);
    let mut paths: Vec<(Steps, u64)> = counts.into_iter().collect();
    // They are in the order of states, and those of one size stay so.
    paths.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let people: u64 = paths.iter().map(|(_, count)| count).sum();
    Paths { states, paths, total: people + merged + erased, merged, erased }
}

fn shard_paths(
    world: &World,
    number: usize,
    subject: &Subject,
    sittings: &[Sitting],
) -> Result<Vec<(Steps, u64)>> {
    let (mut rules, mut moving) = (Shard::sweeping(world, number), Shard::sweeping(world, number));
    let (mut partitions, mut sets) = (Vec::new(), Vec::new());
    for sitting in sittings {
        partitions.push(rules.partition(&sitting.rules, sitting.date)?);
        if let Some(plan) = &sitting.moving {
            sets.push(moving.eval(plan)?);
        }
    }
    let fixed = match subject {
        Subject::Frozen(frozen) => Some(Consumers::in_shard(&frozen.people, number)),
        // Everybody known at the end: all the last partition holds.
        Subject::Universe => partitions.last().map(|parts| union(parts)),
        Subject::Moving(_) => None,
    };
    let parts = match fixed {
        Some(set) => partitions.iter().map(|partition| within(partition, &set)).collect(),
        None => partitions_of_moving(&partitions, &sets),
    };
    Ok(count(&parts))
}

fn union(parts: &[Bits]) -> Bits {
    let mut all = Bits::empty();
    parts.iter().for_each(|part| all.or(part));
    all
}

/// For each date its partition narrowed to the set, then those who are not in it yet, and those who no longer are.
fn partitions_of_moving(partitions: &[Vec<Bits>], sets: &[Bits]) -> Vec<Vec<Bits>> {
    let all = union(sets);
    let mut been = Bits::empty();
    let mut parts = Vec::with_capacity(sets.len());
    for (partition, set) in partitions.iter().zip(sets) {
        let mut left = been.clone();
        left.minus(set);
        been.or(set);
        let mut entered = all.clone();
        entered.minus(&been);
        let mut narrowed = within(partition, set);
        narrowed.extend([entered, left]);
        parts.push(narrowed);
    }
    parts
}

/// Somebody's way so far: the way before, and where it went from there.
struct Way {
    before: u32,
    step: u16,
}

const NO_WAY: u32 = u32::MAX;

/// How many took each path. Everybody is in exactly one part at every date, the same people at all of them.
///
/// Date by date people are told apart further: who came the same way so far and is in the same part now goes on
/// together. There are never more ways than people, so nothing grows with the number of paths that could be.
fn count(parts: &[Vec<Bits>]) -> Vec<(Steps, u64)> {
    let mut ways: Vec<Vec<Way>> = Vec::with_capacity(parts.len());
    let mut way_of = vec![0_u32; SHARD_SIZE];
    let mut known = 1;
    for date in parts {
        let mut next = Vec::new();
        for (step, part) in date.iter().enumerate() {
            let mut onward = vec![NO_WAY; known];
            for local in part.iter() {
                let way = &mut way_of[usize::from(local)];
                let goes_on = &mut onward[*way as usize];
                if *goes_on == NO_WAY {
                    *goes_on = next.len() as u32;
                    next.push(Way { before: *way, step: step as u16 });
                }
                *way = *goes_on;
            }
        }
        known = next.len();
        ways.push(next);
    }
    let mut counts = vec![0_u64; known];
    for local in parts.last().into_iter().flatten().flat_map(Bits::iter) {
        counts[way_of[usize::from(local)] as usize] += 1;
    }
    counts.into_iter().enumerate().map(|(way, count)| (steps(&ways, way), count)).collect()
}

/// A way from its beginning.
fn steps(ways: &[Vec<Way>], last: usize) -> Steps {
    let mut steps: Vec<u16> = Vec::with_capacity(ways.len());
    let mut at = last;
    for date in ways.iter().rev() {
        let way = &date[at];
        steps.push(way.step);
        at = way.before as usize;
    }
    steps.reverse();
    steps.into()
}
