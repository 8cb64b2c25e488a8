//! Distribution of people over the states of a model, at dates.

use std::sync::Arc;

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
use crate::plan::{Plan, compile_in, compile_model};
use crate::world::World;

/// Who is looked at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Everybody known as of each date (for a flow: as of its end).
    Universe,
    /// An expression, evaluated at each date.
    Moving(Expr),
    /// A frozen audience.
    Frozen(Arc<Frozen>),
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

/// Distributions at some dates. Dates are taken in ascending order, all of them shard by shard: what a window gains and
/// loses from one date to the next is little.
pub fn states(world: &World, lens: Lens<'_>, subject: &Subject, dates: &[Day]) -> Result<Vec<Distribution>> {
    let mut ascending = dates.to_vec();
    ascending.sort_unstable();
    ascending.dedup();
    let sittings: Vec<Sitting> =
        ascending.iter().map(|date| Sitting::of(world, lens, subject, *date)).collect::<Result<_>>()?;
    let shards = world.each_shard(|number| counts(world, number, subject, &sittings))?;
    let distribution = |date: &Day| {
        let at = ascending.partition_point(|earlier| earlier < date);
        let mut counts = vec![0; lens.model.states.len() + 1];
        for shard in &shards {
            counts.iter_mut().zip(&shard[at]).for_each(|(sum, n)| *sum += n);
        }
        let people = counts.iter().sum();
        let total = if let Subject::Frozen(frozen) = subject { frozen.size() } else { people };
        Distribution { date: *date, counts, total }
    };
    Ok(dates.iter().map(distribution).collect())
}

/// A date at which people are looked at.
pub(crate) struct Sitting {
    pub date: Day,
    pub rules: Vec<Plan>,
    /// Who is looked at, where that moves.
    pub moving: Option<Plan>,
}

impl Sitting {
    pub fn of(world: &World, lens: Lens<'_>, subject: &Subject, date: Day) -> Result<Sitting> {
        let rules = compile_model(world, lens.names, lens.model, lens.scope, date)?;
        let moving = match subject {
            Subject::Moving(expr) => Some(compile_in(world, lens.names, expr, &Scope::Workspace, date)?),
            Subject::Universe | Subject::Frozen(_) => None,
        };
        Ok(Sitting { date, rules, moving })
    }
}

/// For each date how many of a shard are in each state.
fn counts(world: &World, number: usize, subject: &Subject, sittings: &[Sitting]) -> Result<Vec<Vec<u64>>> {
    let shard = || match sittings {
        [_] => Shard::new(world, number, 0),
        _ => Shard::sweeping(world, number),
    };
    let (mut rules, mut moving) = (shard(), shard());
    let frozen = match subject {
        Subject::Frozen(frozen) => Some(Consumers::in_shard(&frozen.people, number)),
        Subject::Universe | Subject::Moving(_) => None,
    };
    let mut dates = Vec::with_capacity(sittings.len());
    for sitting in sittings {
        let states = rules.partition(&sitting.rules, sitting.date)?;
        let set = sitting.moving.as_ref().map(|plan| moving.eval(plan)).transpose()?;
        let states = match set.as_ref().or(frozen.as_ref()) {
            Some(set) => within(&states, set),
            None => states,
        };
        dates.push(states.iter().map(Bits::count).collect());
    }
    Ok(dates)
}

/// Frozen members who have become one with another, and those whose data is gone.
pub fn lost(subject: &Subject) -> (u64, u64) {
    match subject {
        Subject::Frozen(frozen) => (frozen.merged, frozen.erased),
        Subject::Universe | Subject::Moving(_) => (0, 0),
    }
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
