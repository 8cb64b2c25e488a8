//! Evaluates a plan, shard by shard and in parallel; a shard's answer needs no other shard.

pub(crate) mod chain;
pub(crate) mod did;
pub(crate) mod sample;
pub(crate) mod sequence;
pub(crate) mod sweep;
pub(crate) mod top;

use std::sync::Arc;

use rayon::prelude::*;
use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use self::sweep::Sweep;
use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::members::Members;
use crate::plan::filter::DidPlan;
use crate::plan::{Plan, PlanOp, compile};
use crate::segment::Segment;
use crate::tag_column::{Decided, TagColumn};
use crate::world::World;

/// The answer to an expression as of a date.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// Who.
    pub members: Members,
    /// How many.
    pub count: u64,
    /// How many are known as of the date.
    pub universe: u64,
    /// For each node of the expression its JSON pointer and how many it holds.
    pub nodes: Vec<(String, u64)>,
}

/// Evaluates an expression whose names have been checked.
pub fn evaluate(world: &World, names: &dyn Vocabulary, expr: &Expr, as_of: Day) -> Result<Evaluation> {
    let compiled = compile(world, names, expr, as_of)?;
    let outcome = run(world, &compiled.plan, compiled.nodes.len())?;
    let counts = outcome.counts.iter().zip(&compiled.counted).map(|(run, before)| run + before);
    let nodes = compiled.nodes.into_iter().zip(counts).collect();
    Ok(Evaluation {
        count: outcome.members.count(),
        members: outcome.members,
        universe: outcome.universe,
        nodes,
    })
}

/// Everybody known as of a date.
pub fn everyone(world: &World, as_of: Day) -> Members {
    let shards = 0..world.consumers.shards();
    Members { shards: shards.into_par_iter().map(|shard| world.consumers.universe(shard, as_of)).collect() }
}

/// Members of a plan, and a count per slot.
pub(crate) struct Outcome {
    pub members: Members,
    /// How many are known as of the plan's date.
    pub universe: u64,
    pub counts: Vec<u64>,
}

/// Runs a plan over all shards.
pub(crate) fn run(world: &World, plan: &Plan, slots: usize) -> Result<Outcome> {
    let shards = world.each_shard(|number| {
        let mut shard = Shard::new(world, number, slots);
        let members = shard.eval(plan)?;
        Ok((members, shard.universe(plan.as_of).count(), shard.counts))
    })?;
    let mut counts = vec![0; slots];
    let (mut members, mut universe) = (Members { shards: Vec::with_capacity(shards.len()) }, 0);
    for (bits, known, shard_counts) in shards {
        members.shards.push(bits);
        universe += known;
        counts.iter_mut().zip(shard_counts).for_each(|(sum, n)| *sum += n);
    }
    Ok(Outcome { members, universe, counts })
}

/// The segments of a shard.
pub(crate) fn segments_of(world: &World, shard: usize) -> &[Segment] {
    world.shards.get(shard).map_or(&[], Vec::as_slice)
}

/// One shard being evaluated.
pub(crate) struct Shard<'a> {
    world: &'a World,
    number: usize,
    counts: Vec<u64>,
    /// The universe of the date met last.
    universe: Option<(Day, Bits)>,
    /// Where the same expression is evaluated at one date after another.
    sweep: Option<Sweep>,
}

impl<'a> Shard<'a> {
    pub fn new(world: &'a World, number: usize, slots: usize) -> Shard<'a> {
        Shard { world, number, counts: vec![0; slots], universe: None, sweep: None }
    }

    /// A shard whose plans are all of one expression or model, compiled for dates that ascend.
    pub fn sweeping(world: &'a World, number: usize) -> Shard<'a> {
        Shard { sweep: Some(Sweep::default()), ..Shard::new(world, number, 0) }
    }

    /// The members of a plan in this shard.
    pub fn eval(&mut self, plan: &Plan) -> Result<Bits> {
        let bits = self.eval_op(&plan.op, plan.as_of)?;
        if let Some(slot) = plan.slot {
            self.counts[slot] += bits.count();
        }
        Ok(bits)
    }

    /// The state of everybody in the universe: one set per rule, `none` last. Together they are the universe.
    pub fn partition(&mut self, rules: &[Plan], as_of: Day) -> Result<Vec<Bits>> {
        let mut left = self.universe(as_of);
        let mut states = Vec::with_capacity(rules.len() + 1);
        for rule in rules {
            let mut state = self.eval(rule)?;
            state.and(&left);
            left.minus(&state);
            states.push(state);
        }
        states.push(left);
        Ok(states)
    }

    fn eval_op(&mut self, op: &PlanOp, as_of: Day) -> Result<Bits> {
        match op {
            PlanOp::Everyone => Ok(self.universe(as_of)),
            PlanOp::All(parts) => self.all(parts, as_of),
            PlanOp::Any(parts) => self.fold(Bits::empty(), parts, Bits::or),
            PlanOp::Not(inner) => self.not(inner, as_of),
            PlanOp::Minus(parts) => self.minus(parts),
            PlanOp::Xor(a, b) => {
                let first = self.eval(a)?;
                self.fold(first, std::slice::from_ref(&**b), Bits::xor)
            }
            PlanOp::At(inner) => self.eval(inner),
            PlanOp::Did(did) => {
                let found = self.found(did)?;
                self.leaf(found, did.holds_without_events, as_of)
            }
            PlanOp::Sequence(sequence) => {
                let bits = sequence::select(sequence, self.segments())?;
                Ok(self.known(bits, as_of))
            }
            PlanOp::Tag(tests) => self.tag(tests, as_of),
            PlanOp::Set(set) => {
                let bits = Consumers::in_shard(set, self.number);
                Ok(self.known(bits, as_of))
            }
            PlanOp::State { rules, wanted } => self.state(rules, wanted, as_of),
            PlanOp::Sample(sample) => {
                let of = self.eval(&sample.of)?;
                Ok(sample::select(sample, &of, self.number, &self.world.consumers))
            }
        }
    }

    fn found(&mut self, did: &DidPlan) -> Result<did::Found> {
        let segments = self.segments();
        match &mut self.sweep {
            Some(sweep) => sweep.select(did, segments),
            None => did::select(did, segments),
        }
    }

    fn segments(&self) -> &'a [Segment] {
        segments_of(self.world, self.number)
    }

    fn universe(&mut self, as_of: Day) -> Bits {
        if let Some((_, bits)) = self.universe.as_ref().filter(|(day, _)| *day == as_of) {
            return bits.clone();
        }
        let bits = self.world.consumers.universe(self.number, as_of);
        self.universe = Some((as_of, bits.clone()));
        bits
    }

    /// Those of a set who are known as of a date. This also drops retired ids.
    fn known(&mut self, mut bits: Bits, as_of: Day) -> Bits {
        bits.and(&self.universe(as_of));
        bits
    }

    fn leaf(&mut self, found: did::Found, holds_without_events: bool, as_of: Day) -> Result<Bits> {
        let mut bits = found.satisfied;
        if holds_without_events {
            let mut without = self.universe(as_of);
            without.minus(&found.seen);
            bits.or(&without);
        }
        Ok(self.known(bits, as_of))
    }

    fn all(&mut self, parts: &[Plan], as_of: Day) -> Result<Bits> {
        let everyone = self.universe(as_of);
        self.fold(everyone, parts, Bits::and)
    }

    fn fold(&mut self, mut bits: Bits, parts: &[Plan], combine: fn(&mut Bits, &Bits)) -> Result<Bits> {
        for part in parts {
            combine(&mut bits, &self.eval(part)?);
        }
        Ok(bits)
    }

    fn not(&mut self, inner: &Plan, as_of: Day) -> Result<Bits> {
        let mut bits = self.universe(as_of);
        bits.minus(&self.eval(inner)?);
        Ok(bits)
    }

    fn minus(&mut self, parts: &[Plan]) -> Result<Bits> {
        let Some((first, others)) = parts.split_first() else { return Ok(Bits::empty()) };
        let bits = self.eval(first)?;
        self.fold(bits, others, Bits::minus)
    }

    fn tag(&mut self, tests: &[(Arc<TagColumn>, Decided)], as_of: Day) -> Result<Bits> {
        let universe = self.universe(as_of);
        let mut bits = universe.clone();
        for (column, decided) in tests {
            bits.and(&column.select(self.number, &universe, decided));
        }
        Ok(bits)
    }

    fn state(&mut self, rules: &[Plan], wanted: &[bool], as_of: Day) -> Result<Bits> {
        let mut bits = Bits::empty();
        for (state, wanted) in self.partition(rules, as_of)?.iter().zip(wanted) {
            if *wanted {
                bits.or(state);
            }
        }
        Ok(bits)
    }
}
