//! Flow between two dates: where people were, and where they are.
//!
//! Row = state at the first date, column = state at the second. Rows and columns sum to the set followed: a fixed set
//! (a snapshot, or the universe as of the end) keeps its members, someone unknown at the start is in `none`; a moving
//! audience also has a row `entered` (only there at the end) and a column `left` (only there at the start).

use weir_core::Result;
use weir_core::state_model::{ENTERED, LEFT, NONE};
use weir_core::time::Day;

use crate::bits::Bits;
use crate::eval::Shard;
use crate::members::Members;
use crate::plan::{Plan, compile_model};
use crate::states::{Lens, Subject, lost, members_at, within};
use crate::world::World;

/// A flow matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Names of rows and columns.
    pub states: Vec<String>,
    /// Row = state at `from`, column = state at `to`.
    pub matrix: Vec<Vec<u64>>,
    /// Size of the set followed; for a frozen one the size it was frozen with.
    pub total: u64,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
}

/// The flow of a subject from one date to another.
pub fn flow(world: &World, lens: Lens<'_>, subject: &Subject, from: Day, to: Day) -> Result<Flow> {
    let (at_from, at_to) = sides(world, lens, subject, from, to)?;
    let rows = Side { date: from, rules: rules(world, lens, from)?, members: at_from };
    let columns = Side { date: to, rules: rules(world, lens, to)?, members: at_to };
    let size = lens.model.states.len() + 3;
    let shards = world.each_shard(|number| shard_matrix(world, number, &rows, &columns))?;
    let mut matrix = vec![vec![0; size]; size];
    for shard in shards {
        add(&mut matrix, &shard);
    }
    Ok(finish(lens, subject, matrix))
}

struct Side {
    date: Day,
    rules: Vec<Plan>,
    members: Members,
}

fn rules(world: &World, lens: Lens<'_>, date: Day) -> Result<Vec<Plan>> {
    compile_model(world, lens.names, lens.model, lens.scope, date)
}

/// Members at both dates; a fixed set is the same at both.
fn sides(world: &World, lens: Lens<'_>, subject: &Subject, from: Day, to: Day) -> Result<(Members, Members)> {
    let at_to = members_at(world, lens.names, subject, to)?;
    match subject {
        Subject::Universe | Subject::Frozen(_) => Ok((at_to.clone(), at_to)),
        Subject::Moving(_) => Ok((members_at(world, lens.names, subject, from)?, at_to)),
    }
}

fn shard_matrix(world: &World, number: usize, rows: &Side, columns: &Side) -> Result<Vec<Vec<u64>>> {
    let mut shard = Shard::sweeping(world, number);
    let (set_from, set_to) = (&rows.members.shards[number], &columns.members.shards[number]);
    let at_from = within(&shard.partition(&rows.rules, rows.date)?, set_from);
    let at_to = within(&shard.partition(&columns.rules, columns.date)?, set_to);
    let (row_parts, column_parts) =
        (with_outside(at_from, set_to, set_from), with_outside(at_to, set_from, set_to));
    let count = |row: &Bits| column_parts.iter().map(|column| row.count_and(column)).collect();
    let mut matrix: Vec<Vec<u64>> = row_parts.iter().map(count).collect();
    swap_outside(&mut matrix);
    Ok(matrix)
}

/// The parts of one side, then those who are only on the other side.
fn with_outside(mut parts: Vec<Bits>, there: &Bits, here: &Bits) -> Vec<Bits> {
    let mut outside = there.clone();
    outside.minus(here);
    parts.push(outside);
    parts
}

/// As a row, those only at the end are `entered`; as a column, those only at the start are `left`: two names, so the
/// shared last row and column are put apart.
fn swap_outside(matrix: &mut Vec<Vec<u64>>) {
    let width = matrix.len();
    for row in matrix.iter_mut() {
        let left = row.pop().unwrap_or(0);
        row.extend([0, left]);
    }
    matrix.push(vec![0; width + 1]);
}

fn add(sum: &mut [Vec<u64>], other: &[Vec<u64>]) {
    for (row, other_row) in sum.iter_mut().zip(other) {
        row.iter_mut().zip(other_row).for_each(|(a, b)| *a += b);
    }
}

fn finish(lens: Lens<'_>, subject: &Subject, mut matrix: Vec<Vec<u64>>) -> Flow {
    let mut states: Vec<String> = lens.model.names().into_iter().chain([NONE]).map(str::to_owned).collect();
    if matches!(subject, Subject::Moving(_)) {
        states.extend([ENTERED, LEFT].map(str::to_owned));
    }
    matrix.truncate(states.len());
    matrix.iter_mut().for_each(|row| row.truncate(states.len()));
    let (merged, erased) = lost(subject);
    let people: u64 = matrix.iter().flatten().sum();
    Flow { states, matrix, total: people + merged + erased, merged, erased }
}
