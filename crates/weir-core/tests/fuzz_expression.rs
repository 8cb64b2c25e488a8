//! Hostile expressions: parsing never panics, and what parses prints as what parses to the same again.
//!
//! The corpus is a line an expression, right ones and wrong ones; a finding becomes a line there.
//! `WEIR_FUZZ_ITERATIONS` sets how many are tried.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says how much it has tried"
)]

#[path = "common/printed.rs"]
mod printed;

use printed::prints_and_parses_again;
use serde_json::{Number, Value};
use weir_core::expr::{parse_expr, parse_value};

/// xorshift64*: good enough to choose mutations.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 11) as usize % n.max(1)
    }
}

fn iterations(usual: usize) -> usize {
    std::env::var("WEIR_FUZZ_ITERATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn corpus() -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/expressions.jsonl");
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Every value of the corpus at any depth: what is put in the place of others.
fn parts(value: &Value, into: &mut Vec<Value>) {
    into.push(value.clone());
    match value {
        Value::Object(members) => members.values().for_each(|value| parts(value, into)),
        Value::Array(items) => items.iter().for_each(|item| parts(item, into)),
        _ => {}
    }
}

fn mutate(random: &mut Random, value: &mut Value, parts: &[Value], keys: &[String]) {
    let goes_on = random.below(5) > 0;
    match value {
        Value::Object(members) if goes_on && !members.is_empty() => {
            let key = members.keys().nth(random.below(members.len())).cloned().unwrap();
            match random.below(8) {
                0 => drop(members.remove(&key)),
                1 => drop(members.insert(
                    keys[random.below(keys.len())].clone(),
                    parts[random.below(parts.len())].clone(),
                )),
                2 => {
                    let moved = members.remove(&key).unwrap();
                    members.insert(keys[random.below(keys.len())].clone(), moved);
                }
                _ => mutate(random, &mut members[&key], parts, keys),
            }
        }
        Value::Array(items) if goes_on && !items.is_empty() => {
            let at = random.below(items.len());
            mutate(random, &mut items[at], parts, keys);
        }
        Value::Number(_) => *value = number(random),
        other => *other = parts[random.below(parts.len())].clone(),
    }
}

fn number(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::from(random.next() as i64),
        1 => Value::from(random.next()),
        2 => Number::from_f64(f64::from_bits(random.next())).map_or(Value::Null, Value::Number),
        3 => Value::from(random.below(1_000_000) as f64 / 10_000.0),
        4 => Value::from(-(random.below(100) as i64)),
        _ => Value::from(random.below(400)),
    }
}

#[test]
fn hostile_expressions_parse_and_print_or_are_refused() {
    let corpus = corpus();
    let values: Vec<Value> = corpus.iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut pool = Vec::new();
    values.iter().for_each(|value| parts(value, &mut pool));
    let keys: Vec<String> =
        pool.iter().filter_map(Value::as_object).flat_map(|o| o.keys().cloned()).collect();
    let mut random = Random(0x5EED);
    let (mut parsed, iterations) = (0, iterations(150_000));
    for _ in 0..iterations {
        let mut value = values[random.below(values.len())].clone();
        for _ in 0..=random.below(3) {
            mutate(&mut random, &mut value, &pool, &keys);
        }
        if let Ok(expr) = parse_value(&value) {
            prints_and_parses_again(&expr, &value.to_string());
            parsed += 1;
        }
    }
    println!("{iterations} expressions, {parsed} of them right");
    assert!(parsed > iterations / 20, "mutations that leave nothing right test nothing");
}

#[test]
fn hostile_text_parses_and_prints_or_is_refused() {
    let (corpus, mut random) = (corpus(), Random(0xFEED));
    let (mut parsed, iterations) = (0, iterations(100_000));
    for _ in 0..iterations {
        let mut text = corpus[random.below(corpus.len())].clone().into_bytes();
        let other = corpus[random.below(corpus.len())].as_bytes();
        for _ in 0..=random.below(2) {
            let at = random.below(text.len());
            match random.below(5) {
                0 => text[at] ^= 1 << random.below(8),
                1 => drop(text.drain(at..(at + random.below(9)).min(text.len()))),
                2 => drop(text.splice(at..at, other[random.below(other.len())..].iter().copied())),
                3 => drop(text.splice(at..at, b"{\"not\":".repeat(random.below(400)))),
                _ => text[at] = b"0123456789{}[]\",:-.eE"[random.below(21)],
            }
            if text.is_empty() {
                break;
            }
        }
        let text = String::from_utf8_lossy(&text);
        if let Ok(expr) = parse_expr(&text) {
            prints_and_parses_again(&expr, &text);
            parsed += 1;
        }
    }
    println!("{iterations} texts, {parsed} of them right");
    assert!(parsed > iterations / 100);
}
