//! What each rule of a state model does at a date: whom it matches by itself, whom it decides, and which earlier rules
//! take the rest from it. That is what somebody needs to see who is writing the rules.

use weir_core::Result;
use weir_core::time::Day;

use crate::bits::Bits;
use crate::eval::Shard;
use crate::plan::{Plan, compile_model};
use crate::states::{Lens, Subject, lost, members_at, size};
use crate::world::World;

/// What one rule does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleCount {
    /// Whom it matches, whatever the rules before it say.
    pub matched: u64,
    /// Whom it puts in its state.
    pub decided: u64,
    /// Whom it matches and each of the rules before it has decided: `matched = decided + the sum of these`.
    pub taken: Vec<u64>,
}

/// What the rules of a model do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCounts {
    /// One for each rule.
    pub rules: Vec<RuleCount>,
    /// Whom no rule matches.
    pub none: u64,
    /// Size of the set looked at; of a frozen one the size it was frozen with.
    pub total: u64,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
}

/// Counts what each rule does over a subject as of a date.
pub fn rules(world: &World, lens: Lens<'_>, subject: &Subject, date: Day) -> Result<RuleCounts> {
    let members = members_at(world, lens.names, subject, date)?;
    let plans = compile_model(world, lens.names, lens.model, lens.scope, date)?;
    let shards = world.each_shard(|number| shard_rules(world, number, &plans, &members.shards[number]))?;
    let count = |i| RuleCount { taken: vec![0; i], ..RuleCount::default() };
    let mut rules: Vec<RuleCount> = (0..plans.len()).map(count).collect();
    let mut none = 0;
    for (shard, left) in shards {
        none += left;
        rules.iter_mut().zip(&shard).for_each(|(sum, rule)| sum.add(rule));
    }
    let (merged, erased) = lost(subject);
    Ok(RuleCounts { rules, none, total: size(subject, &members), merged, erased })
}

impl RuleCount {
    fn add(&mut self, other: &RuleCount) {
        self.matched += other.matched;
        self.decided += other.decided;
        self.taken.iter_mut().zip(&other.taken).for_each(|(sum, n)| *sum += n);
    }
}

/// What each rule does in a shard, and how many are left.
fn shard_rules(world: &World, number: usize, plans: &[Plan], set: &Bits) -> Result<(Vec<RuleCount>, u64)> {
    let mut shard = Shard::new(world, number, 0);
    let (mut left, mut decided, mut counts) = (set.clone(), Vec::<Bits>::new(), Vec::new());
    for plan in plans {
        let mut matched = shard.eval(plan)?;
        matched.and(set);
        let taken = decided.iter().map(|earlier| matched.count_and(earlier)).collect();
        let all = matched.count();
        matched.and(&left);
        left.minus(&matched);
        counts.push(RuleCount { matched: all, decided: matched.count(), taken });
        decided.push(matched);
    }
    Ok((counts, left.count()))
}
