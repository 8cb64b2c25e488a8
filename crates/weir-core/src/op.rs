//! Comparison operators: `{"gte": 3}`, `{"in": ["a", "b"]}`, `{"last_days": 30}`.
//!
//! One [`Ops`] holds every operator written for a field; all of them must hold. On an absent value every operator
//! is false except `{"exists": false}`; that includes `ne` and `not_in`.

use std::cmp::Ordering;

use crate::amount::{Amount, UNITS};
use crate::time::{Day, DayRange};

/// A constant in an operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text, or a date written as text.
    Text(String),
    /// True or false; meaningful for properties.
    Bool(bool),
}

/// One operator with its constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Equal.
    Eq(Value),
    /// Present and not equal.
    Ne(Value),
    /// Equal to one of these.
    In(Vec<Value>),
    /// Present and equal to none of these.
    NotIn(Vec<Value>),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Gte(Value),
    /// Less.
    Lt(Value),
    /// Less or equal.
    Lte(Value),
    /// Between two, both included.
    Between(Value, Value),
    /// Present (true) or absent (false).
    Exists(bool),
    /// A multi-value field that contains at least one of these.
    ContainsAny(Vec<Value>),
    /// A multi-value field that contains all of these.
    ContainsAll(Vec<Value>),
    /// A date among the n that end with as-of, as-of included.
    LastDays(u32),
    /// A date among the n that follow as-of, as-of not included.
    NextDays(u32),
    /// A date whose anniversary is among the n that follow as-of; 29 February counts on the 28th in common years.
    AnniversaryNextDays(u32),
}

/// All operators written for one field; each must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Ops(pub Vec<Op>);

/// The value a field has, as far as operators care.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operand<'a> {
    /// There is no value.
    Absent,
    /// A number.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// A truth value.
    Bool(bool),
    /// A date.
    Date(Day),
    /// Several texts, in any order.
    Many(&'a [String]),
}

impl Op {
    /// The operator's name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Op::Eq(_) => "eq",
            Op::Ne(_) => "ne",
            Op::In(_) => "in",
            Op::NotIn(_) => "not_in",
            Op::Gt(_) => "gt",
            Op::Gte(_) => "gte",
            Op::Lt(_) => "lt",
            Op::Lte(_) => "lte",
            Op::Between(..) => "between",
            Op::Exists(_) => "exists",
            Op::ContainsAny(_) => "contains_any",
            Op::ContainsAll(_) => "contains_all",
            Op::LastDays(_) => "last_days",
            Op::NextDays(_) => "next_days",
            Op::AnniversaryNextDays(_) => "anniversary_next_days",
        }
    }

    /// The constants compared with.
    pub fn constants(&self) -> Vec<&Value> {
        match self {
            Op::Eq(v) | Op::Ne(v) | Op::Gt(v) | Op::Gte(v) | Op::Lt(v) | Op::Lte(v) => vec![v],
            Op::Between(low, high) => vec![low, high],
            Op::In(vs) | Op::NotIn(vs) | Op::ContainsAny(vs) | Op::ContainsAll(vs) => vs.iter().collect(),
            Op::Exists(_) | Op::LastDays(_) | Op::NextDays(_) | Op::AnniversaryNextDays(_) => Vec::new(),
        }
    }

    /// Whether the operator holds for a field's value as of a date.
    pub fn holds(&self, operand: Operand<'_>, as_of: Day) -> bool {
        match (self, operand) {
            (Op::Exists(wanted), _) => *wanted == !matches!(operand, Operand::Absent),
            (_, Operand::Absent) => false,
            (Op::ContainsAny(vs), _) => vs.iter().any(|v| operand.equals(v)),
            (Op::ContainsAll(vs), _) => vs.iter().all(|v| operand.equals(v)),
            (Op::LastDays(n), Operand::Date(day)) => last_days(as_of, *n).contains(day),
            (Op::NextDays(n), Operand::Date(day)) => next_days(as_of, *n).contains(day),
            (Op::AnniversaryNextDays(n), Operand::Date(day)) => anniversary_within(day, as_of, *n),
            (Op::LastDays(_) | Op::NextDays(_) | Op::AnniversaryNextDays(_), _) => false,
            (Op::Eq(v), _) => operand.equals(v),
            (Op::Ne(v), _) => !operand.equals(v),
            (Op::In(vs), _) => vs.iter().any(|v| operand.equals(v)),
            (Op::NotIn(vs), _) => !vs.iter().any(|v| operand.equals(v)),
            (Op::Gt(v), _) => operand.order(v) == Some(Ordering::Greater),
            (Op::Gte(v), _) => matches!(operand.order(v), Some(Ordering::Greater | Ordering::Equal)),
            (Op::Lt(v), _) => operand.order(v) == Some(Ordering::Less),
            (Op::Lte(v), _) => matches!(operand.order(v), Some(Ordering::Less | Ordering::Equal)),
            (Op::Between(low, high), _) => {
                let above = matches!(operand.order(low), Some(Ordering::Greater | Ordering::Equal));
                above && matches!(operand.order(high), Some(Ordering::Less | Ordering::Equal))
            }
        }
    }

    /// Whether the operator holds for an exact ratio `units / (divisor × 10000)`, `divisor` > 0.
    ///
    /// Counts, sums and averages are compared this way, so that no division ever rounds.
    pub fn holds_exactly(&self, units: i128, divisor: i128) -> bool {
        let order = |v: &Value| units.cmp(&(constant_units(v) * divisor));
        match self {
            Op::Eq(v) => order(v).is_eq(),
            Op::Ne(v) => order(v).is_ne(),
            Op::In(vs) => vs.iter().any(|v| order(v).is_eq()),
            Op::NotIn(vs) => !vs.iter().any(|v| order(v).is_eq()),
            Op::Gt(v) => order(v).is_gt(),
            Op::Gte(v) => order(v).is_ge(),
            Op::Lt(v) => order(v).is_lt(),
            Op::Lte(v) => order(v).is_le(),
            Op::Between(low, high) => order(low).is_ge() && order(high).is_le(),
            Op::Exists(wanted) => *wanted,
            Op::ContainsAny(_) | Op::ContainsAll(_) => false,
            Op::LastDays(_) | Op::NextDays(_) | Op::AnniversaryNextDays(_) => false,
        }
    }

    /// Whether the operator *states* zero: `eq 0`, or `in` / `between` that contain 0.
    pub fn states_zero(&self) -> bool {
        let is_zero = |v: &Value| matches!(v, Value::Number(n) if *n == 0.0);
        match self {
            Op::Eq(v) => is_zero(v),
            Op::In(vs) => vs.iter().any(is_zero),
            Op::Between(Value::Number(low), Value::Number(high)) => *low <= 0.0 && 0.0 <= *high,
            _ => false,
        }
    }
}

impl Ops {
    /// Whether every operator holds.
    pub fn hold(&self, operand: Operand<'_>, as_of: Day) -> bool {
        self.0.iter().all(|op| op.holds(operand, as_of))
    }

    /// Whether every operator holds for the exact ratio `units / (divisor × 10000)`.
    pub fn hold_exactly(&self, units: i128, divisor: i128) -> bool {
        self.0.iter().all(|op| op.holds_exactly(units, divisor))
    }

    /// Whether every operator states zero.
    pub fn state_zero(&self) -> bool {
        self.0.iter().all(Op::states_zero)
    }
}

/// Operators ready for exact numbers, their constants converted once: what [`Ops::hold_exactly`] says, quicker.
#[derive(Debug, Clone, PartialEq)]
pub struct ExactOps(Vec<ExactOp>);

/// Constants are in 1/10000 units.
#[derive(Debug, Clone, PartialEq)]
enum ExactOp {
    OneOf(Vec<i128>),
    NoneOf(Vec<i128>),
    Above(i128),
    AtLeast(i128),
    Below(i128),
    AtMost(i128),
    Always(bool),
}

impl Ops {
    /// The operators for exact numbers.
    pub fn exact(&self) -> ExactOps {
        ExactOps(self.0.iter().flat_map(ExactOp::of).collect())
    }
}

impl ExactOps {
    /// Whether every operator holds for the exact ratio `units / (divisor × 10000)`.
    #[inline]
    pub fn hold(&self, units: i128, divisor: i128) -> bool {
        self.0.iter().all(|op| op.holds(units, divisor))
    }
}

impl ExactOp {
    fn of(op: &Op) -> Vec<ExactOp> {
        let units = |values: &[Value]| values.iter().map(constant_units).collect();
        match op {
            Op::Eq(v) => vec![ExactOp::OneOf(vec![constant_units(v)])],
            Op::Ne(v) => vec![ExactOp::NoneOf(vec![constant_units(v)])],
            Op::In(vs) => vec![ExactOp::OneOf(units(vs))],
            Op::NotIn(vs) => vec![ExactOp::NoneOf(units(vs))],
            Op::Gt(v) => vec![ExactOp::Above(constant_units(v))],
            Op::Gte(v) => vec![ExactOp::AtLeast(constant_units(v))],
            Op::Lt(v) => vec![ExactOp::Below(constant_units(v))],
            Op::Lte(v) => vec![ExactOp::AtMost(constant_units(v))],
            Op::Between(low, high) => {
                vec![ExactOp::AtLeast(constant_units(low)), ExactOp::AtMost(constant_units(high))]
            }
            Op::Exists(wanted) => vec![ExactOp::Always(*wanted)],
            Op::ContainsAny(_) | Op::ContainsAll(_) => vec![ExactOp::Always(false)],
            Op::LastDays(_) | Op::NextDays(_) | Op::AnniversaryNextDays(_) => vec![ExactOp::Always(false)],
        }
    }

    fn holds(&self, units: i128, divisor: i128) -> bool {
        match self {
            ExactOp::OneOf(values) => values.iter().any(|value| units == value * divisor),
            ExactOp::NoneOf(values) => values.iter().all(|value| units != value * divisor),
            ExactOp::Above(value) => units > value * divisor,
            ExactOp::AtLeast(value) => units >= value * divisor,
            ExactOp::Below(value) => units < value * divisor,
            ExactOp::AtMost(value) => units <= value * divisor,
            ExactOp::Always(holds) => *holds,
        }
    }
}

impl Operand<'_> {
    fn equals(self, constant: &Value) -> bool {
        match (self, constant) {
            (Operand::Many(values), Value::Text(text)) => values.iter().any(|v| v == text),
            (Operand::Bool(a), Value::Bool(b)) => a == *b,
            _ => self.order(constant) == Some(Ordering::Equal),
        }
    }

    /// Numbers compare with numbers, dates with dates, text with text (by bytes); anything else does not compare.
    fn order(self, constant: &Value) -> Option<Ordering> {
        match (self, constant) {
            (Operand::Number(a), Value::Number(b)) => a.partial_cmp(b),
            (Operand::Text(a), Value::Text(b)) => Some(a.cmp(b.as_str())),
            (Operand::Date(a), Value::Text(b)) => b.parse::<Day>().ok().map(|b| a.cmp(&b)),
            _ => None,
        }
    }
}

/// A numeric constant in 1/10000 units; parsing has made sure that it is one.
fn constant_units(value: &Value) -> i128 {
    match value {
        Value::Number(n) => Amount::from_f64(*n).map_or(0, |a| i128::from(a.0)),
        Value::Text(_) | Value::Bool(_) => 0,
    }
}

/// Whether a number has at most four decimals and fits the exact range.
pub fn is_exact(number: f64) -> bool {
    Amount::from_f64(number)
        .is_some_and(|a| (a.0 as f64 / UNITS as f64 - number).abs() <= number.abs() * f64::EPSILON)
}

fn last_days(as_of: Day, n: u32) -> DayRange {
    DayRange { first: as_of.plus(1 - i64::from(n)), last: as_of }
}

fn next_days(as_of: Day, n: u32) -> DayRange {
    DayRange { first: as_of.plus(1), last: as_of.plus(i64::from(n)) }
}

fn anniversary_within(day: Day, as_of: Day, n: u32) -> bool {
    let (Some(date), Some(today)) = (day.to_date(), as_of.to_date()) else { return false };
    let range = next_days(as_of, n);
    let years = today.year()..=today.year().saturating_add(1 + (n / 365) as i16);
    years.into_iter().filter_map(|year| anniversary_in(date, year)).any(|d| range.contains(d))
}

fn anniversary_in(date: jiff::civil::Date, year: i16) -> Option<Day> {
    let same = jiff::civil::Date::new(year, date.month(), date.day());
    let moved = same.or_else(|_| jiff::civil::Date::new(year, date.month(), date.day() - 1));
    moved.ok().map(Day::from_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn absent_satisfies_only_exists_false() {
        let number = Value::Number(1.0);
        for op in [Op::Ne(number.clone()), Op::NotIn(vec![number.clone()]), Op::Lt(number), Op::Exists(true)]
        {
            assert!(!op.holds(Operand::Absent, Day(0)), "{op:?}");
        }
        assert!(Op::Exists(false).holds(Operand::Absent, Day(0)));
        assert!(!Op::Exists(false).holds(Operand::Number(0.0), Day(0)));
    }

    #[test]
    fn ratios_compare_without_dividing() {
        let third = Op::Eq(Value::Number(0.3333));
        assert!(!third.holds_exactly(UNITS.into(), 3), "1 / 3 is not 0.3333");
        assert!(Op::Gt(Value::Number(0.3333)).holds_exactly(UNITS.into(), 3));
        assert!(Op::Eq(Value::Number(0.5)).holds_exactly(UNITS.into(), 2));
    }

    #[test]
    fn converted_once_they_say_the_same() {
        let value = |number: f64| Value::Number(number);
        let ops = [
            Op::Eq(value(0.5)),
            Op::Ne(value(0.5)),
            Op::In(vec![value(1.0), value(0.5)]),
            Op::NotIn(vec![value(1.0), value(0.5)]),
            Op::Gt(value(0.5)),
            Op::Gte(value(0.5)),
            Op::Lt(value(0.5)),
            Op::Lte(value(0.5)),
            Op::Between(value(0.4999), value(0.5)),
            Op::Exists(true),
            Op::Exists(false),
            Op::LastDays(3),
            Op::ContainsAny(vec![value(0.5)]),
        ];
        for op in ops {
            let ops = Ops(vec![op]);
            for (units, divisor) in [(5_000, 1), (5_001, 1), (4_999, 1), (10_000, 2), (10_001, 2), (-1, 3)] {
                assert_eq!(
                    ops.exact().hold(units, divisor),
                    ops.hold_exactly(units, divisor),
                    "{ops:?} {units}"
                );
            }
        }
    }

    #[test]
    fn only_some_operators_state_zero() {
        assert!(Op::Eq(Value::Number(0.0)).states_zero());
        assert!(Op::Between(Value::Number(-1.0), Value::Number(2.0)).states_zero());
        assert!(Op::In(vec![Value::Number(1.0), Value::Number(0.0)]).states_zero());
        assert!(!Op::Lte(Value::Number(2.0)).states_zero());
        assert!(!Op::Ne(Value::Number(1.0)).states_zero());
    }

    #[test]
    fn date_operators_look_back_and_ahead() {
        let d = day("2024-12-30");
        let holds = |op: Op, date: &str| op.holds(Operand::Date(day(date)), d);
        assert!(holds(Op::LastDays(1), "2024-12-30"));
        assert!(!holds(Op::LastDays(1), "2024-12-29"));
        assert!(!holds(Op::NextDays(1), "2024-12-30"));
        assert!(holds(Op::NextDays(1), "2024-12-31"));
        assert!(holds(Op::AnniversaryNextDays(3), "1990-01-02"));
        assert!(!holds(Op::AnniversaryNextDays(3), "1990-01-03"));
        assert!(holds(Op::Lt(Value::Text("2025-01-01".into())), "2024-12-31"));
    }

    #[test]
    fn leap_day_anniversaries_fall_on_the_28th() {
        let birthday = Operand::Date(day("2000-02-29"));
        assert!(Op::AnniversaryNextDays(1).holds(birthday, day("2023-02-27")));
        assert!(!Op::AnniversaryNextDays(1).holds(birthday, day("2024-02-27")));
        assert!(Op::AnniversaryNextDays(1).holds(birthday, day("2024-02-28")));
    }

    #[test]
    fn four_decimals_are_exact() {
        assert!(is_exact(0.1) && is_exact(2054.2665) && is_exact(-3.0));
        assert!(!is_exact(0.00001) && !is_exact(1e300));
    }
}
