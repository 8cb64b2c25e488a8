//! One consumer: everything they did, the states they went through, and which audiences they are in.
//!
//! What depends on one consumer alone is asked of a world in which nobody else did anything: the same plans and the same
//! evaluator, over a segment that holds one person's rows. Only `top` compares people, so whatever has one below it is asked
//! of the whole world.

use std::sync::Arc;

use weir_core::Result;
use weir_core::expr::{Expr, StateTest};
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::eval::{Shard, segments_of};
use crate::packed::Rows;
use crate::plan::{compile_in, compile_model};
use crate::rekey::rows_where;
use crate::row::Row;
use crate::segment::{Segment, build};
use crate::shard::{Dense, local_of, shard_of};
use crate::states::Lens;
use crate::world::World;

/// A consumer, with what they did.
pub struct Alone<'a> {
    world: &'a World,
    /// The same, but nobody else did anything.
    own: World,
    dense: Dense,
    rows: Vec<Row>,
}

impl<'a> Alone<'a> {
    /// Finds everything that a consumer did.
    pub fn new(world: &'a World, dense: Dense) -> Result<Alone<'a>> {
        let rows = rows_of(world, dense)?;
        let own = World { shards: Arc::new(shards_of(world, dense, &rows)?), ..world.clone() };
        Ok(Alone { world, own, dense, rows })
    }

    /// What they did, latest first; at the same instant in an order that does not change.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The state at each date, by its place among the rules; after the last one for none of them.
    pub fn states(&self, lens: Lens<'_>, dates: impl IntoIterator<Item = Day>) -> Result<Vec<usize>> {
        let world = if lens.model.states.iter().any(|rule| compares(&rule.when, lens.names)) {
            self.world
        } else {
            &self.own
        };
        let local = local_of(self.dense);
        let mut shard = Shard::new(world, shard_of(self.dense), 0);
        let state = |date: Day| {
            let rules = compile_model(world, lens.names, lens.model, lens.scope, date)?;
            let parts = shard.partition(&rules, date)?;
            Ok(parts.iter().position(|part| part.contains(local)).unwrap_or(rules.len()))
        };
        dates.into_iter().map(state).collect()
    }

    /// Whether they are in an expression whose names have been checked.
    pub fn is_in(&self, names: &dyn Vocabulary, expr: &Expr, as_of: Day) -> Result<bool> {
        let world = if compares(expr, names) { self.world } else { &self.own };
        let plan = compile_in(world, names, expr, &Scope::Workspace, as_of)?;
        Ok(Shard::new(world, shard_of(self.dense), 0).eval(&plan)?.contains(local_of(self.dense)))
    }
}

fn rows_of(world: &World, dense: Dense) -> Result<Vec<Row>> {
    let (shard, local) = (shard_of(dense), local_of(dense));
    let mut rows = Vec::new();
    for segment in segments_of(world, shard) {
        world.interest.check()?;
        if segment.holders()?.contains(local) {
            for cell in segment.cells() {
                let locals = cell.local()?;
                rows.extend(rows_where(&cell, shard, |row| locals[row] == local)?);
            }
        }
    }
    let key = |row: &Row| (row.behavior, row.shop, row.channel, row.campaign, row.item, row.order, row.node);
    rows.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| key(a).cmp(&key(b))));
    Ok(rows)
}

fn shards_of(world: &World, dense: Dense, rows: &[Row]) -> Result<Vec<Vec<Segment>>> {
    let mut shards = vec![Vec::new(); world.shards.len()];
    let mut packed = Rows::default();
    rows.iter().for_each(|row| packed.push(row));
    let segment = Segment::open("one consumer", Arc::new(build(shard_of(dense), &packed)?))?;
    if let Some(shard) = shards.get_mut(shard_of(dense)) {
        shard.push(segment);
    }
    Ok(shards)
}

/// Whether an expression compares people with each other.
fn compares(expr: &Expr, names: &dyn Vocabulary) -> bool {
    has_top(expr, names, &mut Vec::new())
}

/// A cycle is refused where expressions are compiled; here it must only end, so nothing is entered twice.
fn has_top(expr: &Expr, names: &dyn Vocabulary, entered: &mut Vec<String>) -> bool {
    let named = match expr {
        Expr::Top(_) => return true,
        Expr::Audience(name) => Some(format!("audience {name}")),
        Expr::State(StateTest { model: ModelRef::Named(name), .. }) => Some(format!("state model {name}")),
        _ => None,
    };
    if named.as_ref().is_some_and(|name| entered.contains(name)) {
        return false;
    }
    entered.extend(named);
    let within = match expr {
        Expr::Audience(name) => names.audience(name).is_some_and(|inner| has_top(&inner, names, entered)),
        Expr::State(test) => test
            .model
            .rules(names)
            .is_some_and(|model| model.states.iter().any(|rule| has_top(&rule.when, names, entered))),
        _ => false,
    };
    within || expr.children().into_iter().any(|(_, child)| has_top(child, names, entered))
}
