//! Random operators, each valid for the field it is meant for.

use weir_core::op::{Op, Ops, Value};

use super::facts;
use super::rng::Rng;

/// What a field's values are, and so which operators and constants fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Counts and sums: exact numbers around this many units.
    Exact(i64),
    /// First and last.
    MeasuredDate,
    NumberTag,
    TextTag,
    DateTag,
    MultiTag,
    /// A property: its type is anyone's guess.
    Property,
}

/// One operator, sometimes two of different names.
pub fn ops(rng: &mut Rng, field: Field, likely: &[Value]) -> Ops {
    let mut ops = vec![op(rng, field, likely)];
    let second = op(rng, field, likely);
    if rng.chance(15) && second.name() != ops[0].name() {
        ops.push(second);
    }
    Ops(ops)
}

fn op(rng: &mut Rng, field: Field, likely: &[Value]) -> Op {
    let may_be_absent = !matches!(field, Field::Exact(_) | Field::MeasuredDate);
    if may_be_absent && rng.chance(12) {
        return Op::Exists(rng.chance(50));
    }
    match field {
        Field::MultiTag => contains(rng, field, likely),
        Field::Property if rng.chance(20) => contains(rng, field, likely),
        Field::DateTag | Field::MeasuredDate | Field::Property if rng.chance(20) => near(rng),
        _ => compare(rng, field, likely),
    }
}

fn contains(rng: &mut Rng, field: Field, likely: &[Value]) -> Op {
    let values = constants(rng, field, likely);
    if rng.chance(60) { Op::ContainsAny(values) } else { Op::ContainsAll(values) }
}

fn near(rng: &mut Rng) -> Op {
    let days = rng.weighted(&[(2, 1), (4, 14), (4, 60), (1, 800)]);
    let days = 1 + rng.below(days) as u32;
    match rng.below(3) {
        0 => Op::LastDays(days),
        1 => Op::NextDays(days),
        _ => Op::AnniversaryNextDays(days),
    }
}

fn compare(rng: &mut Rng, field: Field, likely: &[Value]) -> Op {
    match rng.below(13) {
        0..4 => Op::Gte(constant(rng, field, likely)),
        4 => Op::Gt(constant(rng, field, likely)),
        5 => Op::Lt(constant(rng, field, likely)),
        6 | 7 => Op::Lte(constant(rng, field, likely)),
        8 => Op::Eq(constant(rng, field, likely)),
        9 => Op::Ne(constant(rng, field, likely)),
        10 => Op::In(constants(rng, field, likely)),
        11 => Op::NotIn(constants(rng, field, likely)),
        _ => between(rng, field, likely),
    }
}

/// Mostly the right way round.
fn between(rng: &mut Rng, field: Field, likely: &[Value]) -> Op {
    let (a, b) = (constant(rng, field, likely), constant(rng, field, likely));
    let reversed = match (&a, &b) {
        (Value::Number(a), Value::Number(b)) => a > b,
        (Value::Text(a), Value::Text(b)) => a > b,
        (Value::Number(_) | Value::Text(_) | Value::Bool(_), _) => false,
    };
    if reversed && rng.chance(90) { Op::Between(b, a) } else { Op::Between(a, b) }
}

fn constants(rng: &mut Rng, field: Field, likely: &[Value]) -> Vec<Value> {
    (0..=rng.below(3)).map(|_| constant(rng, field, likely)).collect()
}

fn constant(rng: &mut Rng, field: Field, likely: &[Value]) -> Value {
    if !likely.is_empty() && rng.chance(75) {
        return rng.pick(likely).clone();
    }
    match field {
        Field::Exact(units) => exact(rng, units),
        Field::NumberTag => Value::Number(*rng.pick(&facts::NUMBERS)),
        Field::TextTag => Value::Text(rng.word(&facts::TEXTS)),
        Field::DateTag | Field::MeasuredDate => Value::Text(facts::date(rng).to_string()),
        Field::MultiTag => Value::Text(rng.word(&facts::INTERESTS)),
        Field::Property => any(rng),
    }
}

/// Zero often, since it is what people without events are asked about.
fn exact(rng: &mut Rng, units: i64) -> Value {
    let fraction = rng.weighted(&[(16, 0.0), (1, 0.5), (1, 0.0001)]);
    let number = if rng.chance(20) { 0 } else { rng.between(-1, 4) * units };
    Value::Number(number as f64 + fraction)
}

fn any(rng: &mut Rng) -> Value {
    match rng.below(3) {
        0 => Value::Number(*rng.pick(&facts::NUMBERS)),
        1 => Value::Text(rng.word(&["red", "blue", "红", "hot", "1"])),
        _ => Value::Bool(rng.chance(50)),
    }
}
