//! Funnels: how many people come at least as far as each step. All steps are counted at once
//! ([`crate::eval`]'s chains), and every count equals that of the expression [`Funnel::level`].

use weir_core::Result;
use weir_core::funnel::Funnel;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::eval::{chain, segments_of};
use crate::plan::compile_sequence;
use crate::states::{Subject, members_at, size};
use crate::world::World;

/// How many come how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// For each step how many come at least that far.
    pub counts: Vec<u64>,
    /// Size of the set looked at; for a frozen one the size it was frozen with.
    pub total: u64,
}

/// Counts the levels of a funnel whose names have been checked.
pub fn funnel(
    world: &World,
    names: &dyn Vocabulary,
    funnel: &Funnel,
    subject: &Subject,
    as_of: Day,
) -> Result<Levels> {
    let members = members_at(world, names, subject, as_of)?;
    let sequence = compile_sequence(world, names, funnel.sequence(), as_of)?;
    let shards: Vec<Vec<u64>> = world.each_shard(|number| {
        let among = Some(&members.shards[number]);
        let levels = chain::levels(&sequence, among, segments_of(world, number))?;
        Ok(levels.iter().map(Bits::count).collect())
    })?;
    let mut counts = vec![0; funnel.steps().len()];
    for shard in shards {
        counts.iter_mut().zip(shard).for_each(|(sum, n)| *sum += n);
    }
    Ok(Levels { counts, total: size(subject, &members) })
}
