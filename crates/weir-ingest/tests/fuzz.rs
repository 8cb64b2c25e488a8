//! Hostile input: nothing panics, nothing is lost uncounted, and what comes out is bounded by what went in.
//!
//! The corpus in `corpus/` holds what real clients send and what has broken something before; a finding becomes a
//! file there. `WEIR_FUZZ_ITERATIONS` sets how many inputs each test tries.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and says how much it has tried"
)]

mod common;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use common::Shop;
use common::fuzz::{Corpus, Random, any, iterations, mutate_bytes, mutate_json};
use common::sound::check;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::Value;
use weir_core::Code;
use weir_ingest::{Call, Limits, basic_key, inflate, native, segment, write_key};

fn corpus() -> Corpus {
    Corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))
}

/// Usual limits, and ones that are soon reached.
fn shop(random: &mut Random) -> Shop {
    if random.chance(4) { Shop::narrow() } else { Shop::default() }
}

fn call(random: &mut Random) -> Call {
    match random.below(3) {
        0 => random.pick(&Call::KINDS).1,
        _ => Call::Batch,
    }
}

#[test]
fn hostile_bodies_are_read_or_refused() {
    let (corpus, mut random) = (corpus(), Random::new(1));
    let (mut understood, iterations) = (0, iterations(30_000));
    for _ in 0..iterations {
        let (input, shop) = (corpus.draw(&mut random), shop(&mut random));
        let call = call(&mut random);
        let outcomes = [
            shop.read(&input, |body, context| segment(call, body, context)),
            shop.read(&input, native),
            shop.pixel(&String::from_utf8_lossy(&input)),
        ];
        for outcome in &outcomes {
            check(&shop, &input, outcome);
            understood += outcome.as_ref().map_or(0, |parsed| parsed.arrivals.items.len());
        }
        let _ = (write_key(&input), basic_key(&String::from_utf8_lossy(&input)));
    }
    println!("{iterations} bodies, {understood} arrivals");
    assert!(understood > iterations / 10, "mutations that leave nothing to understand test nothing");
}

#[test]
fn every_message_of_a_batch_gives_arrivals_or_is_refused() {
    let (corpus, mut random) = (corpus(), Random::new(2));
    let messages: Vec<Value> = corpus.inputs.iter().flat_map(|(_, bytes)| messages(bytes)).collect();
    let (mut refused, iterations) = (0, iterations(10_000));
    for _ in 0..iterations {
        let batch: Vec<Value> =
            (0..random.below(8)).map(|n| named(&mut random, &corpus, &messages, n)).collect();
        let body = serde_json::json!({ "sentAt": any(&mut random), "batch": batch }).to_string();
        let shop = Shop::default();
        let parsed = shop.read(body.as_bytes(), |body, context| segment(Call::Batch, body, context));
        check(&shop, body.as_bytes(), &parsed);
        let parsed = parsed.unwrap();
        let id = |text: &str| text.split('#').next().unwrap_or_default().to_owned();
        let kept: BTreeSet<String> = parsed.arrivals.items.iter().map(|a| id(&a.message_id)).collect();
        let bad: BTreeSet<usize> = parsed.arrivals.rejects.iter().map(|reject| reject.index).collect();
        let expected: BTreeSet<String> =
            (0..batch.len()).filter(|n| !bad.contains(n)).map(|n| format!("m{n}")).collect();
        assert_eq!(kept, expected, "{body}");
        refused += bad.len();
    }
    println!("{iterations} batches, {refused} messages refused");
}

/// The messages of a corpus file.
fn messages(bytes: &[u8]) -> Vec<Value> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(mut body)) => match body.remove("batch") {
            Some(Value::Array(batch)) => batch,
            _ if body.contains_key("type") => vec![Value::Object(body)],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A mutated message with an id of its own.
fn named(random: &mut Random, corpus: &Corpus, messages: &[Value], n: usize) -> Value {
    let mut message = random.pick(messages).clone();
    if random.chance(2) {
        mutate_json(random, &mut message, &corpus.keys);
    }
    match message {
        Value::Object(mut members) => {
            members.insert("messageId".to_owned(), format!("m{n}").into());
            Value::Object(members)
        }
        other => other,
    }
}

#[test]
fn hostile_compression_is_inflated_within_bounds_or_refused() {
    let (corpus, mut random) = (corpus(), Random::new(3));
    let limits = Limits { body: 20_000, inflated: 30_000, ..Limits::default() };
    let (mut inflated, iterations) = (0, iterations(10_000));
    for _ in 0..iterations {
        let (_, plain) = random.pick(&corpus.inputs);
        let plain = plain.repeat(1 + random.below(60));
        let mut packed = if random.chance(2) { gzip(&plain) } else { zlib(&plain) };
        if random.chance(4) {
            packed.extend(gzip(&plain));
        }
        if !random.chance(4) {
            packed = mutate_bytes(&mut random, &packed, &plain);
        }
        let encoding = *random.pick(&[None, Some("gzip"), Some("deflate"), Some("identity"), Some("br")]);
        match inflate(&packed, encoding, &limits) {
            Ok(bytes) => {
                assert!(bytes.len() <= limits.inflated);
                inflated += 1;
            }
            Err(error) => assert!(matches!(error.code, Code::InvalidBody | Code::BodyTooLarge), "{error}"),
        }
    }
    println!("{iterations} bodies, {inflated} inflated");
    assert!(inflated > iterations / 20);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZlibEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}
