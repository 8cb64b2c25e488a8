//! Overlap: how many people are in each combination of some sets. All sets are evaluated at once, a shard at a time, and
//! every region of their overlap is counted in one pass over the shard's bits.

use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::overlap::{Mask, Regions};
use weir_core::scope::Scope;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::eval::Shard;
use crate::plan::{Plan, compile_in};
use crate::world::World;

/// The regions of some sets, and how many are known as of the date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlapped {
    /// People by combination of sets.
    pub regions: Regions,
    /// How many are known as of the date.
    pub universe: u64,
}

/// Counts the regions of sets whose names have been checked; set i is bit i of a mask.
pub fn overlap(world: &World, names: &dyn Vocabulary, sets: &[Expr], as_of: Day) -> Result<Overlapped> {
    let compile = |expr| compile_in(world, names, expr, &Scope::Workspace, as_of);
    let plans: Vec<Plan> = sets.iter().map(compile).collect::<Result<_>>()?;
    let shards = world.each_shard(|number| {
        let mut shard = Shard::new(world, number, 0);
        let members: Vec<Bits> = plans.iter().map(|plan| shard.eval(plan)).collect::<Result<_>>()?;
        Ok((regions(&members), world.consumers.universe(number, as_of).count()))
    })?;
    let (mut counts, mut universe) = (vec![0; 1 << sets.len()], 0);
    for (shard, known) in shards {
        counts.iter_mut().zip(shard).for_each(|(sum, n)| *sum += u64::from(n));
        universe += known;
    }
    let by_mask = counts.into_iter().enumerate().map(|(mask, people)| (mask as Mask, people));
    Ok(Overlapped { regions: Regions::new(by_mask), universe })
}

/// By mask how many of a shard are in a region.
fn regions(sets: &[Bits]) -> Vec<u32> {
    let mut counts = vec![0; 1 << sets.len()];
    let mut words = vec![0; sets.len()];
    for at in 0..sets.first().map_or(0, |set| set.words().len()) {
        words.iter_mut().zip(sets).for_each(|(word, set)| *word = set.words()[at]);
        let anybody = words.iter().fold(0, |all, word| all | word);
        split(&words, anybody, 0, &mut counts);
    }
    counts
}

/// Cuts 64 people in two by the last of some sets, and either part by the sets before it: nobody is looked at alone.
fn split(words: &[u64], among: u64, mask: usize, counts: &mut [u32]) {
    if among == 0 {
        return;
    }
    match words.split_last() {
        None => counts[mask] += among.count_ones(),
        Some((word, before)) => {
            split(before, among & word, mask << 1 | 1, counts);
            split(before, among & !word, mask << 1, counts);
        }
    }
}
