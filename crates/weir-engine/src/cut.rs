//! How many of some sets are in each row of a cut.
//!
//! One pass over a shard finds everybody's rows; a second one, over the rows that are listed, whoever is in none of them. So
//! `rest` holds exactly those whom no listed row has, also where somebody may be in several rows.

mod cutter;

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::cut::Cut;
use weir_core::expr::Expr;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::members::Members;
use crate::world::World;
use cutter::{Cutter, Label};

/// A row and how many of each set are in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is called; none for those without a value.
    pub name: Option<String>,
    /// Who is in it.
    pub expr: Expr,
    /// For each set how many.
    pub counts: Vec<u64>,
}

/// The rows of a cut.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// Bins and states in their order; values by how many have them, those without one last.
    pub rows: Vec<Row>,
    /// For each set how many are in none of the rows.
    pub rest: Vec<u64>,
    /// How many more rows hold anybody.
    pub more: usize,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Place of the set whose quantiles are edges, and whose people rows are ordered by.
    pub by: usize,
    /// Most rows where they are values.
    pub limit: usize,
}

/// Counts the rows of a cut whose names have been checked.
pub fn rows(
    world: &World,
    names: &dyn Vocabulary,
    cut: &Cut,
    (sets, wanted): (&[&Members], Wanted),
    as_of: Day,
) -> Result<Rows> {
    let cutter = Cutter::new(world, names, cut, sets[wanted.by], as_of)?;
    let shards = world.each_shard(|number| {
        let rows = cutter.rows(number, &union(sets, number))?;
        let counts = |locals: &Vec<u16>| sets.iter().map(|set| among(&set.shards[number], locals)).collect();
        Ok(rows.iter().map(|(label, locals)| (label.clone(), counts(locals))).collect::<Vec<_>>())
    })?;
    let mut totals: BTreeMap<Label, Vec<u64>> =
        cutter.always().into_iter().map(|label| (label, vec![0; sets.len()])).collect();
    for (label, counts) in shards.into_iter().flatten() {
        let total = totals.entry(label).or_insert_with(|| vec![0; sets.len()]);
        total.iter_mut().zip::<Vec<u64>>(counts).for_each(|(sum, n)| *sum += n);
    }
    let all = totals.len();
    let listed = list(totals, &cutter, wanted);
    let rest = rest(world, &cutter, sets, &listed)?;
    let row = |(label, counts): (Label, Vec<u64>)| Row {
        name: cutter.name(&label),
        expr: cutter.expr(&label),
        counts,
    };
    Ok(Rows { more: all - listed.len(), rows: listed.into_iter().map(row).collect(), rest })
}

/// The rows that are listed.
fn list(totals: BTreeMap<Label, Vec<u64>>, cutter: &Cutter<'_>, wanted: Wanted) -> Vec<(Label, Vec<u64>)> {
    let (mut values, always): (Vec<_>, Vec<_>) =
        totals.into_iter().partition(|(label, _)| matches!(label, Label::Value(_)));
    values.sort_by(|a, b| b.1[wanted.by].cmp(&a.1[wanted.by]).then_with(|| a.0.cmp(&b.0)));
    values.truncate(wanted.limit);
    assert_eq!(always.len(), cutter.always().len());
    values.extend(always);
    values
}

/// For each set how many are in none of the rows listed.
fn rest(
    world: &World,
    cutter: &Cutter<'_>,
    sets: &[&Members],
    listed: &[(Label, Vec<u64>)],
) -> Result<Vec<u64>> {
    let listed: BTreeMap<&Label, ()> = listed.iter().map(|(label, _)| (label, ())).collect();
    let shards = world.each_shard(|number| {
        let mut found = Bits::empty();
        for (label, locals) in cutter.rows(number, &union(sets, number))? {
            if listed.contains_key(&label) {
                locals.iter().for_each(|local| found.insert(*local));
            }
        }
        let left = |set: &&Members| set.shards[number].count() - set.shards[number].count_and(&found);
        Ok(sets.iter().map(left).collect::<Vec<u64>>())
    })?;
    let mut rest = vec![0; sets.len()];
    for shard in shards {
        rest.iter_mut().zip(shard).for_each(|(sum, n)| *sum += n);
    }
    Ok(rest)
}

fn union(sets: &[&Members], number: usize) -> Bits {
    let mut all = Bits::empty();
    sets.iter().for_each(|set| all.or(&set.shards[number]));
    all
}

fn among(set: &Bits, locals: &[u16]) -> u64 {
    locals.iter().filter(|local| set.contains(**local)).count() as u64
}
