//! Two state models side by side at one date: who is where under the one, and where under the other.
//!
//! The two may be versions of one model, or a model and a draft of it: "what if the window were 90 days?"

use weir_core::Result;
use weir_core::state_model::NONE;
use weir_core::time::Day;

use crate::bits::Bits;
use crate::eval::Shard;
use crate::plan::{Plan, compile_model};
use crate::states::{Lens, Subject, lost, members_at, size, within};
use crate::world::World;

/// The people of one date under two models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// States of the first model, `none` last.
    pub rows: Vec<String>,
    /// States of the second model, `none` last.
    pub columns: Vec<String>,
    /// Row = state under the first, column = state under the second.
    pub matrix: Vec<Vec<u64>>,
    /// Size of the set looked at; of a frozen one the size it was frozen with.
    pub total: u64,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
}

/// Compares two models over a subject as of a date.
pub fn compare(world: &World, a: Lens<'_>, b: Lens<'_>, subject: &Subject, date: Day) -> Result<Comparison> {
    let members = members_at(world, a.names, subject, date)?;
    let rules = |lens: Lens<'_>| compile_model(world, lens.names, lens.model, lens.scope, date);
    let (rules_a, rules_b) = (rules(a)?, rules(b)?);
    let shards = world.each_shard(|number| {
        let set = &members.shards[number];
        let parts = |rules: &[Plan]| -> Result<Vec<Bits>> {
            Ok(within(&Shard::new(world, number, 0).partition(rules, date)?, set))
        };
        let (rows, columns) = (parts(&rules_a)?, parts(&rules_b)?);
        let count = |row: &Bits| columns.iter().map(|column| row.count_and(column)).collect();
        Ok(rows.iter().map(count).collect::<Vec<Vec<u64>>>())
    })?;
    let names = |lens: Lens<'_>| lens.model.names().into_iter().chain([NONE]).map(str::to_owned).collect();
    let (rows, columns): (Vec<String>, Vec<String>) = (names(a), names(b));
    let mut matrix = vec![vec![0; columns.len()]; rows.len()];
    for (i, row) in shards.iter().flat_map(|shard| shard.iter().enumerate()) {
        matrix[i].iter_mut().zip(row).for_each(|(sum, n): (&mut u64, &u64)| *sum += n);
    }
    let (merged, erased) = lost(subject);
    Ok(Comparison { rows, columns, matrix, total: size(subject, &members), merged, erased })
}
