//! Mutations: of bytes, which mostly break the syntax, and of JSON, which mostly breaks the meaning.
//!
//! Seeded, so that tests try the same everywhere; `fuzz/` lets coverage choose what to mutate.

use std::path::Path;

use serde_json::{Map, Number, Value};

/// xorshift64*: good enough to choose mutations.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 11) as usize % n.max(1)
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// How often, from `WEIR_FUZZ_ITERATIONS`.
pub fn iterations(usual: usize) -> usize {
    std::env::var("WEIR_FUZZ_ITERATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-",
    "0",
    "1e999",
    "-0.0",
    "\n",
    "\u{feff}",
    "张",
    "%",
    "%zz",
    "&",
    "=",
    "+",
    ".",
    "\u{0}",
    "99999999999999999999",
    "0.1e-7",
];

/// A few small changes of bytes, sometimes with a piece of another input.
pub fn mutate_bytes(random: &mut Random, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let length = random.below(24).min(bytes.len() - at);
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 => drop(bytes.drain(at..at + length)),
            2 => bytes.truncate(at),
            3 => {
                let piece = bytes[at..at + length].repeat(1 + random.below(50));
                bytes.splice(at..at, piece);
            }
            4 => {
                let from = random.below(other.len() + 1);
                let piece = &other[from..(from + random.below(200)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            5 => {
                let token = random.pick(TOKENS).repeat(if random.chance(20) { 300 } else { 1 });
                bytes.splice(at..at, token.bytes());
            }
            _ => {
                let token = random.pick(TOKENS);
                bytes.splice(at..at + length, token.bytes());
            }
        }
    }
    bytes
}

/// A few changes of a JSON value: other values, other keys, members gone or doubled.
pub fn mutate_json(random: &mut Random, value: &mut Value, keys: &[String]) {
    for _ in 0..=random.below(4) {
        mutate_once(random, value, keys);
    }
}

fn mutate_once(random: &mut Random, value: &mut Value, keys: &[String]) {
    match value {
        Value::Object(members) if !members.is_empty() && !random.chance(6) => {
            let key = members.keys().nth(random.below(members.len())).cloned().unwrap_or_default();
            match random.below(8) {
                0 => drop(members.remove(&key)),
                1 => rename(random, members, &key, keys),
                2 => drop(members.insert(random.pick(keys).clone(), any(random))),
                _ => mutate_once(random, &mut members[&key], keys),
            }
        }
        Value::Array(items) if !items.is_empty() && !random.chance(6) => {
            let at = random.below(items.len());
            match random.below(6) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => mutate_once(random, &mut items[at], keys),
            }
        }
        other => *other = any(random),
    }
}

fn rename(random: &mut Random, members: &mut Map<String, Value>, key: &str, keys: &[String]) {
    if let Some(value) = members.remove(key) {
        members.insert(random.pick(keys).clone(), value);
    }
}

/// Any value, from those that have surprised programs before.
pub fn any(random: &mut Random) -> Value {
    const TEXTS: &[&str] = &[
        "",
        " ",
        "null",
        "0",
        "undefined",
        "-1",
        "1e5",
        "2024-11-11",
        "2024-11-11T12:00:00Z",
        "9999-12-31T23:59:59Z",
        "-009999-01-01T00:00:00Z",
        "2024-03-10T02:30:00",
        "1731326400",
        "purchase",
        "refund",
        "Order Completed",
        "track",
        "identify",
        "alias",
        "USD",
        "EUR",
        "12.5",
        "-3",
        "92233720368547758",
        "é",
        "\u{202e}",
        "a.b",
        "A B",
        "everyone",
    ];
    match random.below(12) {
        0 => Value::Null,
        1 => Value::Bool(random.chance(2)),
        2 => Value::from(random.next() as i64),
        3 => Value::from(random.below(1_000)),
        4 => Number::from_f64(f64::from_bits(random.next())).map_or(Value::Null, Value::Number),
        5 => Value::from(random.below(100_000) as f64 / 100.0),
        6 => Value::Array((0..random.below(4)).map(|_| any(random)).collect()),
        7 => {
            let members = (0..random.below(4)).map(|n| (format!("k{n}"), any(random)));
            Value::Object(members.collect())
        }
        8 => Value::String("x".repeat(random.below(1_500))),
        _ => Value::String((*random.pick(TEXTS)).to_owned()),
    }
}

/// All keys of a value and below.
pub fn keys(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            into.push(key.clone());
            keys(value, into);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

/// Inputs to begin with.
pub struct Corpus {
    pub inputs: Vec<(String, Vec<u8>)>,
    pub keys: Vec<String>,
}

impl Corpus {
    pub fn read(folder: &Path) -> Corpus {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut inputs: Vec<(String, Vec<u8>)> = files
            .map(|path| {
                (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
            })
            .collect();
        inputs.sort();
        assert!(inputs.len() >= 10, "the corpus is not there");
        let mut found = Vec::new();
        for (_, bytes) in &inputs {
            keys(&serde_json::from_slice(bytes).unwrap_or_default(), &mut found);
        }
        found.sort();
        found.dedup();
        Corpus { inputs, keys: found }
    }

    /// An input after some mutations.
    pub fn draw(&self, random: &mut Random) -> Vec<u8> {
        let (_, bytes) = random.pick(&self.inputs);
        self.mutate(random, bytes)
    }

    /// Some mutations: of its meaning where it is JSON, of its bytes otherwise and now and then.
    pub fn mutate(&self, random: &mut Random, bytes: &[u8]) -> Vec<u8> {
        let (_, other) = random.pick(&self.inputs);
        let value: Option<Value> = serde_json::from_slice(bytes).ok();
        match value {
            Some(mut value) if !random.chance(3) => {
                mutate_json(random, &mut value, &self.keys);
                let text = value.to_string().into_bytes();
                if random.chance(4) { mutate_bytes(random, &text, other) } else { text }
            }
            _ => mutate_bytes(random, bytes, other),
        }
    }
}
