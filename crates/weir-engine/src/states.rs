//! Distribution of people over the states of a model, at dates.

use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::identity::Node;
use weir_core::scope::Scope;
use weir_core::state_model::StateModel;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::eval::{Shard, evaluate, everyone};
use crate::members::Members;
use crate::plan::compile_model;
use crate::world::World;

/// Who is looked at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Everybody known as of each date (for a flow: as of its end).
    Universe,
    /// An expression, evaluated at each date.
    Moving(Expr),
    /// A frozen audience.
    Frozen(Frozen),
}

/// A snapshot's members, resolved today: frozen size = people + merged + erased.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frozen {
    /// Those who are still there.
    pub people: RoaringBitmap,
    /// Members who have become one with another member.
    pub merged: u64,
    /// Members whose data is gone.
    pub erased: u64,
}

impl Frozen {
    /// Resolves frozen nodes.
    pub fn thaw(consumers: &Consumers, nodes: &[Node]) -> Frozen {
        let present: Vec<_> = nodes.iter().filter_map(|node| consumers.dense(*node)).collect();
        let people: RoaringBitmap = present.iter().copied().collect();
        let (size, alive) = (nodes.len() as u64, present.len() as u64);
        Frozen { merged: alive - people.len(), erased: size - alive, people }
    }

    /// The size it was frozen with.
    pub fn size(&self) -> u64 {
        self.people.len() + self.merged + self.erased
    }
}

/// A model over a scope.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// The rules.
    pub model: &'a StateModel,
    /// What they are limited to.
    pub scope: &'a Scope,
    /// Names the rules use.
    pub names: &'a dyn Vocabulary,
}

/// How many are in each state at a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// The date.
    pub date: Day,
    /// One count per state, `none` last.
    pub counts: Vec<u64>,
    /// Size of the set looked at; for a frozen one the size it was frozen with.
    pub total: u64,
}

/// Distributions at some dates.
pub fn states(world: &World, lens: Lens<'_>, subject: &Subject, dates: &[Day]) -> Result<Vec<Distribution>> {
    dates.iter().map(|date| distribution(world, lens, subject, *date)).collect()
}

fn distribution(world: &World, lens: Lens<'_>, subject: &Subject, date: Day) -> Result<Distribution> {
    let set = members_at(world, lens.names, subject, date)?;
    let rules = compile_model(world, lens.names, lens.model, lens.scope, date)?;
    let per_shard: Vec<Vec<u64>> = (0..world.consumers.shards())
        .into_par_iter()
        .map(|number| {
            let states = Shard::new(world, number, 0).partition(&rules, date)?;
            Ok(within(&states, &set.shards[number]).iter().map(Bits::count).collect())
        })
        .collect::<Result<_>>()?;
    let mut counts = vec![0; lens.model.states.len() + 1];
    for shard in per_shard {
        counts.iter_mut().zip(shard).for_each(|(sum, n)| *sum += n);
    }
    Ok(Distribution { date, counts, total: size(subject, &set) })
}

/// The size of a subject whose members are known; of a frozen one the size it was frozen with.
pub(crate) fn size(subject: &Subject, members: &Members) -> u64 {
    if let Subject::Frozen(frozen) = subject { frozen.size() } else { members.count() }
}

/// The members of a subject at a date.
pub(crate) fn members_at(
    world: &World,
    names: &dyn Vocabulary,
    subject: &Subject,
    date: Day,
) -> Result<Members> {
    match subject {
        Subject::Universe => Ok(everyone(world, date)),
        Subject::Moving(expr) => Ok(evaluate(world, names, expr, date)?.members),
        Subject::Frozen(frozen) => Ok(Members::of(&frozen.people, world.consumers.shards())),
    }
}

/// A partition narrowed to a set. Members outside the partition, unknown at its date, are in its last part, `none`.
pub(crate) fn within(partition: &[Bits], set: &Bits) -> Vec<Bits> {
    let Some((_, named)) = partition.split_last() else { return Vec::new() };
    let mut none = set.clone();
    let mut narrowed = Vec::with_capacity(partition.len());
    for state in named {
        let mut members = state.clone();
        members.and(set);
        none.minus(&members);
        narrowed.push(members);
    }
    narrowed.push(none);
    narrowed
}
