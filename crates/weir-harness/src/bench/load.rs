//! Clients that send as fast as they are answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::batch::{Batch, EVENTS, Numbers};
use crate::http::{Connection, Request};
use crate::random::Random;
use crate::server::WriteKey;

/// Where to, and how many at once.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The server.
    pub address: SocketAddr,
    /// What lets them in.
    pub key: &'a WriteKey,
    /// Connections, each with a thread of its own.
    pub clients: usize,
}

/// What a load came to.
#[derive(Debug, Default)]
pub struct Load {
    /// Events acknowledged.
    pub events: u64,
    /// Answers 429 and 503.
    pub pushed_back: u64,
    /// How long it took.
    pub took: Duration,
    /// Of every acknowledged request, in microseconds.
    pub latencies: Vec<u32>,
}

impl Load {
    /// Events a second.
    pub fn rate(&self) -> f64 {
        self.events as f64 / self.took.as_secs_f64()
    }
}

/// Sends for so long. `acknowledged` counts along, for those who look on.
pub fn run(
    target: Target<'_>,
    numbers: &Numbers,
    seconds: u64,
    acknowledged: &AtomicU64,
) -> Result<Load, String> {
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let mut load = Load::default();
    let loads: Vec<Result<Load, String>> = thread::scope(|scope| {
        let client = |number| {
            let stop = &stop;
            scope.spawn(move || client(target, number, numbers, stop, acknowledged))
        };
        let clients: Vec<_> = (0..target.clients).map(client).collect();
        thread::sleep(Duration::from_secs(seconds));
        stop.store(true, Ordering::Relaxed);
        let join = |client: thread::ScopedJoinHandle<'_, _>| {
            client.join().unwrap_or_else(|_| Err("a client panicked".to_owned()))
        };
        clients.into_iter().map(join).collect()
    });
    load.took = began.elapsed();
    for one in loads {
        let one = one?;
        load.events += one.events;
        load.pushed_back += one.pushed_back;
        load.latencies.extend(one.latencies);
    }
    Ok(load)
}

fn client(
    target: Target<'_>,
    number: usize,
    numbers: &Numbers,
    stop: &AtomicBool,
    acknowledged: &AtomicU64,
) -> Result<Load, String> {
    let authorization = target.key.basic();
    let mut connection = Connection::new(target.address);
    let mut random = Random::stream(numbers.messages(), number as u64);
    let (mut batch, mut load) = (Batch::new(), Load::default());
    while !stop.load(Ordering::Relaxed) {
        batch.renew(numbers, &mut random);
        let (body, began) = (batch.bytes(), Instant::now());
        let request = Request { method: "POST", path: "/v1/batch", authorization: &authorization, body };
        let reply = connection.send(request).map_err(|error| format!("a request had no answer: {error}"))?;
        match reply.status {
            200 => {
                load.events += EVENTS as u64;
                load.latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
                acknowledged.fetch_add(EVENTS as u64, Ordering::Relaxed);
            }
            429 | 503 => {
                load.pushed_back += 1;
                thread::sleep(Duration::from_millis(50));
            }
            _ => return Err(format!("a batch was refused: {}", reply.describe())),
        }
    }
    Ok(load)
}
