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

use common::fuzz::{Random, iterations, keys, mutate_bytes, mutate_json};
use common::{RECEIVED, Shop};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::Value;
use weir_core::arrival::{Arrival, Content};
use weir_core::{Code, Error};
use weir_ingest::{Call, Limits, Parsed, basic_key, inflate, native, segment, write_key};

/// Room that an arrival takes besides its texts.
const ARRIVAL: usize = 1_024;

struct Corpus {
    inputs: Vec<(String, Vec<u8>)>,
    keys: Vec<String>,
}

impl Corpus {
    fn read() -> Corpus {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
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
    fn draw(&self, random: &mut Random) -> Vec<u8> {
        let (_, bytes) = random.pick(&self.inputs);
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

/// Usual limits, and ones that are soon reached.
fn shop(random: &mut Random) -> Shop {
    let tight = Limits {
        event: 400,
        usual_event: 100,
        events: 3,
        depth: 3,
        members: 6,
        arrivals: 3_000,
        message_id: 10,
        identifier: 8,
        value: 6,
        ..Limits::default()
    };
    let limits = if random.chance(4) { tight } else { Limits::default() };
    Shop { limits, ..Shop::default() }
}

fn check(shop: &Shop, input: &[u8], outcome: &Result<Parsed, Error>) {
    let parsed = match outcome {
        Ok(parsed) => parsed,
        Err(error) => {
            assert!(
                matches!(error.code, Code::InvalidBody | Code::BodyTooLarge | Code::TooManyEvents),
                "{error}"
            );
            return;
        }
    };
    let arrivals = &parsed.arrivals;
    let refused: BTreeSet<usize> = arrivals.rejects.iter().map(|reject| reject.index).collect();
    assert_eq!(refused.len(), arrivals.rejects.len(), "a message is refused once");
    assert!(refused.last().is_none_or(|last| *last < parsed.messages));
    let counted = (arrivals.ledger.read, arrivals.ledger.rejected());
    assert_eq!(counted, (refused.len() as u64, refused.len() as u64));
    let kept = parsed.messages - refused.len();
    assert!(
        arrivals.items.len() >= kept && (kept > 0 || arrivals.items.is_empty()),
        "each gives arrivals or is refused"
    );
    let size: usize = arrivals.items.iter().map(|arrival| sound(shop, arrival)).sum();
    let most = shop.limits.arrivals + 8 * input.len() + ARRIVAL * (kept + 1);
    assert!(size <= most, "{size} bytes of arrivals from {} bytes", input.len());
}

/// What holds of every arrival; its size.
fn sound(shop: &Shop, arrival: &Arrival) -> usize {
    assert!(!arrival.message_id.is_empty() && !arrival.identifiers.is_empty());
    assert!(
        arrival.identifiers.iter().all(|id| id.value.len() <= 4 * shop.limits.identifier),
        "{:?}",
        arrival.identifiers
    );
    assert!(arrival.time <= RECEIVED + 300_000_000 && arrival.time >= 946_684_800_000_000);
    assert_eq!(shop.zone.day_of(arrival.time), Some(arrival.day));
    let content = match &arrival.content {
        Content::Link => 0,
        Content::Traits(tags) => tags.iter().map(|(key, value)| key.len() + format!("{value:?}").len()).sum(),
        Content::Event(event) => {
            assert!(!event.behavior.is_empty() && event.behavior.chars().count() <= 200);
            assert!(event.behavior != "refund" || event.amount.is_none_or(|amount| amount.0 <= 0));
            let properties = event.properties.as_deref();
            assert!(properties.is_none_or(|text| matches!(serde_json::from_str(text), Ok(Value::Object(_)))));
            let columns =
                [&event.channel, &event.shop, &event.brand, &event.category, &event.campaign, &event.item];
            columns.into_iter().flatten().map(|text| text.len()).sum::<usize>()
                + properties.map_or(0, str::len)
        }
    };
    let ids: usize = arrival.identifiers.iter().map(|id| id.kind.len() + id.value.len()).sum();
    content + ids + arrival.message_id.len()
}

fn call(random: &mut Random) -> Call {
    match random.below(3) {
        0 => random.pick(&Call::KINDS).1,
        _ => Call::Batch,
    }
}

#[test]
fn hostile_bodies_are_read_or_refused() {
    let (corpus, mut random) = (Corpus::read(), Random::new(1));
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
    let (corpus, mut random) = (Corpus::read(), Random::new(2));
    let messages: Vec<Value> = corpus.inputs.iter().flat_map(|(_, bytes)| messages(bytes)).collect();
    let (mut refused, iterations) = (0, iterations(10_000));
    for _ in 0..iterations {
        let batch: Vec<Value> =
            (0..random.below(8)).map(|n| named(&mut random, &corpus, &messages, n)).collect();
        let body =
            serde_json::json!({ "sentAt": common::fuzz::any(&mut random), "batch": batch }).to_string();
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
    let (corpus, mut random) = (Corpus::read(), Random::new(3));
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
