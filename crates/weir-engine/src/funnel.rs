//! Funnels: how many people come at least as far as each step. All steps are counted at once
//! ([`crate::eval`]'s chains), and every count equals that of the expression [`Funnel::level`].

use weir_core::Result;
use weir_core::cut::Cut;
use weir_core::funnel::Funnel;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::cut::{Rows, Wanted, rows};
use crate::eval::{chain, everyone, segments_of};
use crate::members::Members;
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
    let levels = levels(world, names, funnel, &members, as_of)?;
    let counts = levels.iter().map(Members::count).collect();
    Ok(Levels { counts, total: size(subject, &members) })
}

/// The levels of a funnel told apart by a cut: for each row how many of the subject are known and in it, then how many of
/// them come at least as far as each step. Rows are ordered by the former.
pub fn funnel_by(
    world: &World,
    names: &dyn Vocabulary,
    (funnel, cut, limit): (&Funnel, &Cut, usize),
    subject: &Subject,
    as_of: Day,
) -> Result<(Levels, Rows)> {
    let mut members = members_at(world, names, subject, as_of)?;
    let total = size(subject, &members);
    let levels = levels(world, names, funnel, &members, as_of)?;
    let counts = levels.iter().map(Members::count).collect();
    // Whoever is frozen and not known at the date comes nowhere, and no row of an expression holds them.
    let known = everyone(world, as_of);
    members.shards.iter_mut().zip(&known.shards).for_each(|(set, known)| set.and(known));
    let sets: Vec<&Members> = [&members].into_iter().chain(&levels).collect();
    let rows = rows(world, names, cut, (&sets, Wanted { by: 0, limit }), as_of)?;
    Ok((Levels { counts, total }, rows))
}

/// Who of some people comes at least as far as each step.
fn levels(
    world: &World,
    names: &dyn Vocabulary,
    funnel: &Funnel,
    members: &Members,
    as_of: Day,
) -> Result<Vec<Members>> {
    let sequence = compile_sequence(world, names, funnel.sequence(), as_of)?;
    let shards: Vec<Vec<Bits>> = world.each_shard(|number| {
        chain::levels(&sequence, Some(&members.shards[number]), segments_of(world, number))
    })?;
    let mut levels = vec![Members { shards: Vec::with_capacity(shards.len()) }; funnel.steps().len()];
    for shard in shards {
        levels.iter_mut().zip(shard).for_each(|(level, bits)| level.shards.push(bits));
    }
    Ok(levels)
}
