//! What a consumer's matching events amount to, without ever rounding.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use weir_core::amount::{Amount, UNITS};
use weir_core::event::Event;
use weir_core::expr::Measure;
use weir_core::op::{Operand, Ops};
use weir_core::time::Day;

/// A measure's value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Measured {
    /// `units / (divisor × 10000)`.
    Ratio {
        units: i128,
        divisor: i128,
    },
    Date(Day),
}

impl Measured {
    fn sum(units: i128) -> Measured {
        Measured::Ratio { units, divisor: 1 }
    }

    fn whole(n: usize) -> Measured {
        Measured::sum(n as i128 * i128::from(UNITS))
    }

    pub(super) fn order(self, other: Measured) -> Ordering {
        match (self, other) {
            (Measured::Date(a), Measured::Date(b)) => a.cmp(&b),
            (Measured::Ratio { units: a, divisor: x }, Measured::Ratio { units: b, divisor: y }) => {
                (a * y).cmp(&(b * x))
            }
            (Measured::Date(_), Measured::Ratio { .. }) => Ordering::Greater,
            (Measured::Ratio { .. }, Measured::Date(_)) => Ordering::Less,
        }
    }
}

/// The value of a measure over one person's matching events, which are in order of time; `None` if there is none.
pub(super) fn of(measure: Measure, events: &[&Event]) -> Option<Measured> {
    match measure {
        Measure::Count => Some(Measured::whole(events.len())),
        Measure::ActiveDays => Some(Measured::whole(days(events).len())),
        Measure::Orders => Some(Measured::whole(orders(events).len())),
        Measure::Amount => Some(Measured::sum(total(events.iter().map(|event| event.amount)))),
        Measure::Quantity => Some(Measured::sum(total(events.iter().map(|event| event.quantity)))),
        Measure::Aov => aov(events),
        Measure::First => events.first().map(|event| Measured::Date(event.day)),
        Measure::Last => events.last().map(|event| Measured::Date(event.day)),
    }
}

/// Whether every operator holds for the measure. A missing value satisfies none.
pub(super) fn holds(measure: Measure, events: &[&Event], ops: &Ops, as_of: Day) -> bool {
    match of(measure, events) {
        None => false,
        Some(Measured::Ratio { units, divisor }) => ops.hold_exactly(units, divisor),
        Some(Measured::Date(day)) => ops.hold(Operand::Date(day), as_of),
    }
}

fn days(events: &[&Event]) -> BTreeSet<Day> {
    events.iter().map(|event| event.day).collect()
}

fn orders<'a>(events: &[&'a Event]) -> BTreeSet<&'a str> {
    events.iter().filter_map(|event| event.order_id.as_deref()).collect()
}

fn total(amounts: impl Iterator<Item = Option<Amount>>) -> i128 {
    amounts.flatten().map(|amount| i128::from(amount.0)).sum()
}

/// All money of the matching events, over their orders.
fn aov(events: &[&Event]) -> Option<Measured> {
    let units = total(events.iter().map(|event| event.amount));
    let divisor = orders(events).len() as i128;
    (divisor > 0).then_some(Measured::Ratio { units, divisor })
}
