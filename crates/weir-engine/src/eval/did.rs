//! `did`: counts, sums and dates over each consumer's matching events.

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::expr::Measure;
use weir_core::op::{Operand, Ops};
use weir_core::time::Day;

use crate::bits::Bits;
use crate::plan::filter::{DidPlan, EventFilter};
use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::segment::{Cell, Segment};
use crate::shard::SHARD_SIZE;

/// Who has matching events, and who of them satisfies the measures.
pub(crate) struct Found {
    pub seen: Bits,
    pub satisfied: Bits,
}

/// Evaluates a `did` over the segments of a shard.
pub(crate) fn select(did: &DidPlan, segments: &[Segment]) -> Result<Found> {
    let mut totals = Totals::for_measures(did.measures.iter().map(|(measure, _)| *measure));
    totals.scan(&did.events, segments)?;
    if did.measures.is_empty() {
        return Ok(Found { satisfied: totals.seen.clone(), seen: totals.seen });
    }
    totals.settle();
    let mut satisfied = Bits::empty();
    for local in totals.seen.iter() {
        if did.measures.iter().all(|(measure, ops)| totals.holds(*measure, ops, local, did.as_of)) {
            satisfied.insert(local);
        }
    }
    Ok(Found { seen: totals.seen, satisfied })
}

/// The value of a measure for one consumer who has matching events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Total {
    /// `units` ÷ (`divisor` × 10000).
    Ratio { units: i128, divisor: i128 },
    /// A date.
    Date(Day),
    /// Not defined: an average over no orders.
    Absent,
}

/// Whatever the measures asked for need, per consumer of a shard.
pub(crate) struct Totals {
    pub seen: Bits,
    count: Option<Vec<u64>>,
    /// (local, day) of each event; distinct once settled.
    days: Option<Vec<(u16, i32)>>,
    /// (local, order) of each event with an order; distinct once settled.
    orders: Option<Vec<(u16, u64)>>,
    amount: Option<Vec<i128>>,
    quantity: Option<Vec<i128>>,
    /// Instant and date of the first and last event. By instant: where a clock goes back over midnight, the first
    /// event need not have the least date.
    first: Option<Vec<(i64, i32)>>,
    last: Option<Vec<(i64, i32)>>,
}

impl Totals {
    pub fn for_measures(measures: impl Iterator<Item = Measure>) -> Totals {
        let measures: Vec<Measure> = measures.collect();
        let has = |measure| measures.contains(&measure);
        let per_order = has(Measure::Orders) || has(Measure::Aov);
        let money = has(Measure::Amount) || has(Measure::Aov);
        Totals {
            seen: Bits::empty(),
            count: has(Measure::Count).then(|| vec![0; SHARD_SIZE]),
            days: has(Measure::ActiveDays).then(Vec::new),
            orders: per_order.then(Vec::new),
            amount: money.then(|| vec![0; SHARD_SIZE]),
            quantity: has(Measure::Quantity).then(|| vec![0; SHARD_SIZE]),
            first: has(Measure::First).then(|| vec![(i64::MAX, 0); SHARD_SIZE]),
            last: has(Measure::Last).then(|| vec![(i64::MIN, 0); SHARD_SIZE]),
        }
    }

    /// Adds every matching event of some segments.
    pub fn scan(&mut self, events: &EventFilter, segments: &[Segment]) -> Result<()> {
        for segment in segments {
            for cell in segment.cells(|head| events.wants(head))? {
                events.rows(&cell, |row| self.add(&cell, row))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, cell: &Cell<'_>, row: usize) {
        let local = cell.local[row];
        let (at, day) = (usize::from(local), cell.day[row]);
        self.seen.insert(local);
        if let Some(count) = &mut self.count {
            count[at] += 1;
        }
        if let Some(days) = &mut self.days {
            days.push((local, day));
        }
        if let Some(first) = &mut self.first {
            first[at] = first[at].min((cell.time[row], day));
        }
        if let Some(last) = &mut self.last {
            last[at] = last[at].max((cell.time[row], day));
        }
        self.add_order(cell, row);
        add_sum(&mut self.amount, cell.amount, at, row);
        add_sum(&mut self.quantity, cell.quantity, at, row);
    }

    fn add_order(&mut self, cell: &Cell<'_>, row: usize) {
        let (Some(orders), Some(column)) = (&mut self.orders, cell.order) else { return };
        if column[row] != NO_ORDER {
            orders.push((cell.local[row], column[row]));
        }
    }

    /// Makes days and orders distinct; call once, after the last scan.
    pub fn settle(&mut self) {
        if let Some(days) = &mut self.days {
            days.sort_unstable();
            days.dedup();
        }
        if let Some(orders) = &mut self.orders {
            orders.sort_unstable();
            orders.dedup();
        }
    }

    /// The value of a measure for a consumer who was seen.
    pub fn total(&self, measure: Measure, local: u16) -> Total {
        let at = usize::from(local);
        let whole = |n: u64| Total::Ratio { units: i128::from(n) * i128::from(UNITS), divisor: 1 };
        let sum = |sums: &Option<Vec<i128>>| sums.as_ref().map_or(0, |sums| sums[at]);
        match measure {
            Measure::Count => whole(self.count.as_ref().map_or(0, |count| count[at])),
            Measure::ActiveDays => whole(distinct(self.days.as_deref(), local)),
            Measure::Orders => whole(distinct(self.orders.as_deref(), local)),
            Measure::Amount => Total::Ratio { units: sum(&self.amount), divisor: 1 },
            Measure::Quantity => Total::Ratio { units: sum(&self.quantity), divisor: 1 },
            Measure::Aov => match distinct(self.orders.as_deref(), local) {
                0 => Total::Absent,
                orders => Total::Ratio { units: sum(&self.amount), divisor: orders.into() },
            },
            Measure::First => {
                self.first.as_ref().map_or(Total::Absent, |first| Total::Date(Day(first[at].1)))
            }
            Measure::Last => self.last.as_ref().map_or(Total::Absent, |last| Total::Date(Day(last[at].1))),
        }
    }

    fn holds(&self, measure: Measure, ops: &Ops, local: u16, as_of: Day) -> bool {
        match self.total(measure, local) {
            Total::Ratio { units, divisor } => ops.hold_exactly(units, divisor),
            Total::Date(day) => ops.hold(Operand::Date(day), as_of),
            Total::Absent => false,
        }
    }
}

fn add_sum(sums: &mut Option<Vec<i128>>, column: Option<&[i64]>, at: usize, row: usize) {
    let (Some(sums), Some(column)) = (sums, column) else { return };
    if column[row] != NO_AMOUNT {
        sums[at] += i128::from(column[row]);
    }
}

/// How many distinct things a consumer has in a settled list.
fn distinct<T>(pairs: Option<&[(u16, T)]>, local: u16) -> u64 {
    let Some(pairs) = pairs else { return 0 };
    let start = pairs.partition_point(|(l, _)| *l < local);
    let end = pairs.partition_point(|(l, _)| *l <= local);
    (end - start) as u64
}
