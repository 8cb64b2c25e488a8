//! How long a batch takes to understand: 100 e-commerce events of about 600 bytes, as an SDK sends them.
//!
//! `cargo run -p weir-ingest --example speed [rounds]`; the fastest round is the figure, since others had company.

#![allow(clippy::print_stdout, reason = "a report is what this is for")]

use std::time::Instant;

use weir_core::channel::ChannelTree;
use weir_core::rate::Rates;
use weir_core::time::Zone;
use weir_ingest::{Call, Context, Limits, Mappings, inflate, segment};

const EVENTS: usize = 100;

fn event(n: usize) -> String {
    format!(
        r#"{{"type":"track","event":"{name}","userId":"user-{user}","anonymousId":"3f0c2a9e-7b1d-4c55-9a0e-{n:012}","messageId":"ajs-next-1731326400-{n:08x}-0b7d6c2e","timestamp":"2024-11-11T11:59:{second:02}.125Z","context":{{"library":{{"name":"analytics.js","version":"npm:next-1.70.0"}},"page":{{"path":"/p/{n}","url":"https://shop.example/p/{n}"}},"userAgent":"Mozilla/5.0 (X11; Linux x86_64)","campaign":{{"name":"eleven","source":"google","medium":"cpc"}}}},"properties":{{"product_id":"P{n}","category":"home.tea","brand":"lanhe","shop":"flagship","price":12.5,"quantity":2,"currency":"CNY","variant":"green","position":{n}}},"integrations":{{}}}}"#,
        name = ["Product Viewed", "Product Added", "Promotion Viewed", "Store Locator Used"][n % 4],
        user = n % 7,
        second = n % 60,
    )
}

fn main() -> weir_core::Result<()> {
    let rounds: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(3_000);
    let events: Vec<String> = (0..EVENTS).map(event).collect();
    let body = format!(r#"{{"batch":[{}],"sentAt":"2024-11-11T12:00:00.000Z"}}"#, events.join(","));
    let (zone, rates) = (Zone::named("Asia/Shanghai").unwrap_or_else(|_| Zone::utc()), Rates::default());
    let (channels, mappings, limits) = (ChannelTree::default(), Mappings::default(), Limits::default());
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let context = Context {
            zone: &zone,
            received: 1_731_326_400_000_000,
            currency: "CNY",
            rates: &rates,
            channels: &channels,
            mappings: &mappings,
            limits: &limits,
            assign: &mut String::new,
        };
        let started = Instant::now();
        let body = inflate(body.as_bytes(), None, &limits)?;
        let parsed = segment(Call::Batch, &body, context)?;
        times.push(started.elapsed().as_nanos() as usize / EVENTS);
        assert_eq!(parsed.arrivals.items.len(), EVENTS);
    }
    times.sort_unstable();
    let (least, median) = (times[0], times[times.len() / 2]);
    println!(
        "{} bytes an event; {least} ns an event (least), {median} ns (median of {rounds} rounds)",
        body.len() / EVENTS
    );
    Ok(())
}
