//! `did`: counts, sums and dates over each consumer's matching events.

use std::ops::Range;

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::expr::Measure;
use weir_core::op::{ExactOps, Op, Operand, Ops, Value};
use weir_core::time::{Day, DayRange, Micros};

use crate::bits::Bits;
use crate::plan::filter::{DidPlan, EventFilter, MeasureTest, Picked};
use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::segment::{Amounts, Cell, Segment};
use crate::shard::SHARD_SIZE;

/// Who has matching events, and who of them satisfies the measures.
pub(crate) struct Found {
    /// Left empty where the answer does not depend on it.
    pub seen: Bits,
    pub satisfied: Bits,
}

/// Evaluates a `did` over the segments of a shard.
pub(crate) fn select(did: &DidPlan, segments: &[Segment]) -> Result<Found> {
    match &did.count {
        Some(test) if test.is_any() && !did.holds_without_events => anybody(did, segments),
        Some(test) if test.is_narrow => counted(did, test, segments),
        _ => measured(did, segments),
    }
}

/// Whoever has any matching event: nothing has to be counted.
fn anybody(did: &DidPlan, segments: &[Segment]) -> Result<Found> {
    let mut satisfied = Bits::empty();
    for segment in segments {
        did.events.scan(segment, did.events.range(), |cell, picked| {
            let local = cell.local()?;
            match picked {
                Picked::Run(run) => local[run].iter().for_each(|local| satisfied.insert(*local)),
                Picked::Rows(rows) => rows.iter().for_each(|row| satisfied.insert(local[*row as usize])),
            }
            Ok(())
        })?;
    }
    Ok(Found { seen: Bits::empty(), satisfied })
}

/// By one number alone, in counters that stop at a number which no test tells from greater ones.
fn counted(did: &DidPlan, test: &CountTest, segments: &[Segment]) -> Result<Found> {
    let mut counts = vec![0_u16; SHARD_SIZE];
    test.unit.each(&did.events, did.events.range(), segments, &mut Vec::new(), |local| {
        let count = &mut counts[usize::from(local)];
        *count = count.saturating_add(1);
    })?;
    let satisfied = match test.at_least {
        Some(least) => Bits::of_each(&counts, |count| *count >= least),
        None => Bits::of_each(&counts, |count| test.holds((*count).into())),
    };
    let seen =
        if did.holds_without_events { Bits::of_each(&counts, |count| *count > 0) } else { Bits::empty() };
    Ok(Found { seen, satisfied })
}

/// By whatever is measured.
fn measured(did: &DidPlan, segments: &[Segment]) -> Result<Found> {
    let mut totals = Totals::for_measures(did.measures.iter().map(|test| test.measure));
    totals.scan(&did.events, segments)?;
    totals.settle();
    let mut satisfied = Bits::empty();
    for local in totals.seen.iter() {
        if did.measures.iter().all(|test| totals.holds(test, local, did.as_of)) {
            satisfied.insert(local);
        }
    }
    Ok(Found { seen: totals.seen, satisfied })
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Events,
    /// Local dates with any event.
    Days,
}

/// A day that nothing happens on.
const NO_DAY: i32 = i32::MIN;

impl Unit {
    /// Calls `each` with the consumer of everything that is counted in a range of days: of each event, or once for each of
    /// a consumer's days. `latest` is for days: the one counted last of each consumer, which is passed on from one range
    /// to a later one.
    pub fn each(
        self,
        events: &EventFilter,
        range: DayRange,
        segments: &[Segment],
        latest: &mut Vec<i32>,
        mut each: impl FnMut(u16),
    ) -> Result<()> {
        if self == Unit::Days {
            latest.resize(SHARD_SIZE, NO_DAY);
            return day_by_day(events, range, segments, |Day(day), local| {
                let latest = &mut latest[usize::from(local)];
                if *latest != day {
                    *latest = day;
                    each(local);
                }
            });
        }
        for segment in segments {
            events.scan(segment, range, |cell, picked| {
                let local = cell.local()?;
                picked.each(|row| each(local[row]));
                Ok(())
            })?;
        }
        Ok(())
    }
}

/// The consumers of all events in a range, day after day.
fn day_by_day(
    events: &EventFilter,
    range: DayRange,
    segments: &[Segment],
    mut each: impl FnMut(Day, u16),
) -> Result<()> {
    let (mut runs, mut kept): (Vec<(Day, Happened)>, Vec<u16>) = (Vec::new(), Vec::new());
    for segment in segments {
        events.scan(segment, range, |cell, picked| {
            let local = cell.local()?;
            for (day, run) in cell.days()?.within(range) {
                match picked.part(run) {
                    Picked::Run(run) => runs.push((day, Happened::All(&local[run]))),
                    Picked::Rows(rows) => {
                        let start = kept.len();
                        kept.extend(rows.iter().map(|row| local[*row as usize]));
                        runs.push((day, Happened::Some(start..kept.len())));
                    }
                }
            }
            Ok(())
        })?;
    }
    runs.sort_by_key(|(day, _)| *day);
    for (day, happened) in runs {
        let local = match happened {
            Happened::All(local) => local,
            Happened::Some(kept_of) => &kept[kept_of],
        };
        local.iter().for_each(|local| each(day, *local));
    }
    Ok(())
}

/// The consumers of a cell's events on a day.
enum Happened<'a> {
    All(&'a [u16]),
    /// Where they are kept.
    Some(Range<usize>),
}

/// What one number is tested for, where nothing else is measured.
pub(crate) struct CountTest {
    pub unit: Unit,
    exact: Vec<ExactOps>,
    /// The outcome for the first numbers; nobody without events satisfies it here.
    first: [bool; 256],
    /// Where it is this number or more.
    at_least: Option<u16>,
    /// Whether counters of two bytes tell all that it asks for.
    is_narrow: bool,
}

/// Tests of greater numbers than this need wider counters.
const NARROW: f64 = 60_000.0;

impl CountTest {
    /// The test of some measures, if they are about one number only.
    pub fn of(measures: &[(Measure, Ops)]) -> Option<CountTest> {
        let all = |wanted| measures.iter().all(|(measure, _)| *measure == wanted);
        let unit = match (all(Measure::Count), all(Measure::ActiveDays)) {
            (true, _) => Unit::Events,
            (false, true) => Unit::Days,
            (false, false) => return None,
        };
        let ops: Vec<&Ops> = measures.iter().map(|(_, ops)| ops).collect();
        let (exact, is_narrow) = (ops.iter().map(|ops| ops.exact()).collect(), is_narrow(&ops));
        let mut test = CountTest { unit, exact, first: [false; 256], at_least: None, is_narrow };
        for count in 1..256 {
            test.first[count] = test.decide(count as u64);
        }
        test.at_least = test.least(&ops);
        Some(test)
    }

    /// Whether so many events satisfy it; 0 never does.
    #[inline]
    pub fn holds(&self, count: u32) -> bool {
        self.first.get(count as usize).copied().unwrap_or_else(|| self.decide(count.into()))
    }

    fn decide(&self, count: u64) -> bool {
        let units = i128::from(count) * i128::from(UNITS);
        self.exact.iter().all(|ops| ops.hold(units, 1))
    }

    /// Any at all will do.
    fn is_any(&self) -> bool {
        self.at_least == Some(1)
    }

    fn least(&self, ops: &[&Ops]) -> Option<u16> {
        let [Ops(ops)] = ops else { return ops.is_empty().then_some(1) };
        let [Op::Gte(_) | Op::Gt(_)] = ops.as_slice() else { return None };
        self.first.iter().position(|holds| *holds).map(|least| least as u16)
    }
}

fn is_narrow(ops: &[&Ops]) -> bool {
    let mut constants = ops.iter().flat_map(|ops| &ops.0).flat_map(Op::constants);
    constants.all(|value| matches!(value, Value::Number(number) if *number < NARROW))
}

/// The value of a measure for one consumer who has matching events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Total {
    /// `units` ÷ (`divisor` × 10000).
    Ratio {
        /// In 1/10000.
        units: i128,
        /// What they are divided by.
        divisor: i128,
    },
    /// A date.
    Date(Day),
    /// Not defined: an average over no orders.
    Absent,
}

/// Whatever the measures asked for need, per consumer of a shard.
pub(crate) struct Totals {
    pub seen: Bits,
    count: Option<Vec<u32>>,
    /// (local, day) of each event; distinct once settled.
    days: Option<Vec<(u16, i32)>>,
    /// (local, order) of each event with an order; distinct once settled.
    orders: Option<Vec<(u16, u64)>>,
    amount: Option<Sums>,
    quantity: Option<Sums>,
    /// Instant and date of the first and last event. By instant: where a clock goes back over midnight, the first
    /// event need not have the least date.
    first: Option<Vec<(Micros, i32)>>,
    last: Option<Vec<(Micros, i32)>>,
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
            amount: money.then(Sums::new),
            quantity: has(Measure::Quantity).then(Sums::new),
            first: has(Measure::First).then(|| vec![(Micros::MAX, 0); SHARD_SIZE]),
            last: has(Measure::Last).then(|| vec![(Micros::MIN, 0); SHARD_SIZE]),
        }
    }

    /// Adds every matching event of some segments.
    pub fn scan(&mut self, events: &EventFilter, segments: &[Segment]) -> Result<()> {
        for segment in segments {
            events.scan(segment, events.range(), |cell, picked| self.add(cell, picked, events.range()))?;
        }
        Ok(())
    }

    /// Adds rows of a cell, measure by measure.
    fn add(&mut self, cell: &Cell<'_>, picked: Picked<'_>, range: DayRange) -> Result<()> {
        let local = cell.local()?;
        picked.clone().each(|row| self.seen.insert(local[row]));
        if let Some(count) = &mut self.count {
            picked.clone().each(|row| count[usize::from(local[row])] += 1);
        }
        if let (Some(orders), Some(column)) = (&mut self.orders, cell.order()?) {
            picked.clone().each(|row| {
                if column[row] != NO_ORDER {
                    orders.push((local[row], column[row]));
                }
            });
        }
        if let (Some(sums), Some(column)) = (&mut self.amount, cell.amount()?) {
            sums.add(local, column, picked.clone());
        }
        if let (Some(sums), Some(column)) = (&mut self.quantity, cell.quantity()?) {
            sums.add(local, column, picked.clone());
        }
        self.add_days(cell, picked, range)
    }

    fn add_days(&mut self, cell: &Cell<'_>, picked: Picked<'_>, range: DayRange) -> Result<()> {
        if self.days.is_none() && self.first.is_none() && self.last.is_none() {
            return Ok(());
        }
        let (local, times) = (cell.local()?, cell.times()?);
        for (Day(day), rows) in cell.days()?.within(range) {
            picked.part(rows).each(|row| {
                let at = usize::from(local[row]);
                if let Some(days) = &mut self.days {
                    days.push((local[row], day));
                }
                if let Some(first) = &mut self.first {
                    first[at] = first[at].min((times.at(row), day));
                }
                if let Some(last) = &mut self.last {
                    last[at] = last[at].max((times.at(row), day));
                }
            });
        }
        Ok(())
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
        let sum = |sums: &Option<Sums>| sums.as_ref().map_or(0, |sums| sums.at(at));
        match measure {
            Measure::Count => whole(self.count.as_ref().map_or(0, |count| count[at].into())),
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

    fn holds(&self, test: &MeasureTest, local: u16, as_of: Day) -> bool {
        match self.total(test.measure, local) {
            Total::Ratio { units, divisor } => test.exact.hold(units, divisor),
            Total::Date(day) => test.ops.hold(Operand::Date(day), as_of),
            Total::Absent => false,
        }
    }
}

/// Exact sums, one for each consumer of a shard.
enum Sums {
    /// Of amounts of four bytes: a shard has not enough rows to overflow it.
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

impl Sums {
    fn new() -> Sums {
        Sums::Narrow(vec![0; SHARD_SIZE])
    }

    fn at(&self, at: usize) -> i128 {
        match self {
            Sums::Narrow(sums) => sums[at].into(),
            Sums::Wide(sums) => sums[at],
        }
    }

    fn add(&mut self, local: &[u16], column: Amounts<'_>, picked: Picked<'_>) {
        if let (Sums::Narrow(narrow), Amounts::I64(_)) = (&*self, column) {
            *self = Sums::Wide(narrow.iter().map(|sum| i128::from(*sum)).collect());
        }
        picked.each(|row| {
            let (at, amount) = (usize::from(local[row]), column.at(row));
            match self {
                _ if amount == NO_AMOUNT => {}
                Sums::Narrow(sums) => sums[at] += amount,
                Sums::Wide(sums) => sums[at] += i128::from(amount),
            }
        });
    }
}

/// How many distinct things a consumer has in a settled list.
fn distinct<T>(pairs: Option<&[(u16, T)]>, local: u16) -> u64 {
    let Some(pairs) = pairs else { return 0 };
    let start = pairs.partition_point(|(l, _)| *l < local);
    let end = pairs.partition_point(|(l, _)| *l <= local);
    (end - start) as u64
}
