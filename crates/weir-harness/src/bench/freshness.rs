//! From the acknowledgement of an event until an audience has whoever did it.
//!
//! Twice a second somebody new redeems a coupon, which nobody else in the load does; so an audience of those who have is as
//! large as the number of visible probes, and one estimate after another times them all.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{ToSpan, Zoned};
use serde_json::Value;

use crate::http::{Connection, Request};
use crate::server::WriteKey;

/// Between two probes.
const PAUSE: Duration = Duration::from_millis(500);
/// Between two estimates.
const LOOK: Duration = Duration::from_millis(100);
/// A probe that is not visible by then never will be. It only ends a run that would not end.
const PATIENCE: Duration = Duration::from_secs(120);

/// Who may write and who may ask.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a> {
    /// The server.
    pub address: SocketAddr,
    /// Of a source.
    pub key: &'a WriteKey,
    /// Of the API.
    pub token: &'a str,
}

/// How long each probe took to become visible, at most: until the answer of the first estimate that counts it.
#[derive(Debug, Default)]
pub struct Freshness {
    /// By probe.
    pub visible_after: Vec<Duration>,
    /// How long each estimate took.
    pub estimates: Vec<Duration>,
}

/// Sends probes until told to stop, and waits until the last is visible.
pub fn run(access: Access<'_>, stop: &AtomicBool) -> Result<Freshness, String> {
    let acknowledged = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let sender = scope.spawn(|| send_probes(access, stop, &acknowledged));
        let freshness = look(access, stop, &acknowledged);
        sender.join().unwrap_or_else(|_| Err("the sender of probes panicked".to_owned()))?;
        freshness
    })
}

fn send_probes(
    access: Access<'_>,
    stop: &AtomicBool,
    acknowledged: &Mutex<Vec<Instant>>,
) -> Result<(), String> {
    let mut connection = Connection::new(access.address);
    let authorization = access.key.basic();
    let run = jiff::Timestamp::now().as_microsecond();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let body = format!(
            "{{\"messageId\":\"probe-{run}-{number}\",\"userId\":\"probe-{run}-{number}\",\"event\":\"Coupon Applied\",\
             \"properties\":{{\"coupon_id\":\"c{number}\"}}}}"
        );
        let body = body.as_bytes();
        let request = Request { method: "POST", path: "/v1/track", authorization: &authorization, body };
        let reply = connection.send(request).map_err(|error| format!("a probe had no answer: {error}"))?;
        match reply.status {
            200 => {
                acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(Instant::now());
                number += 1;
                thread::sleep(PAUSE);
            }
            429 | 503 => thread::sleep(Duration::from_millis(50)),
            _ => return Err(format!("a probe was refused: {}", reply.describe())),
        }
    }
    Ok(())
}

fn look(
    access: Access<'_>,
    stop: &AtomicBool,
    acknowledged: &Mutex<Vec<Instant>>,
) -> Result<Freshness, String> {
    let mut freshness = Freshness::default();
    let mut connection = Connection::new(access.address);
    let mut stopped_at: Option<Instant> = None;
    loop {
        let asked = Instant::now();
        let visible = estimate(&mut connection, access.token)?;
        let now = Instant::now();
        freshness.estimates.push(now - asked);
        let sent = acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for since in sent.iter().take(visible).skip(freshness.visible_after.len()) {
            freshness.visible_after.push(now.saturating_duration_since(*since));
        }
        if stop.load(Ordering::Relaxed) {
            let since = *stopped_at.get_or_insert(now);
            if freshness.visible_after.len() == sent.len() {
                return Ok(freshness);
            }
            if since.elapsed() > PATIENCE {
                return Err(format!(
                    "{} of {} probes never became visible",
                    sent.len() - visible,
                    sent.len()
                ));
            }
        }
        thread::sleep(LOOK);
    }
}

/// How many have redeemed a coupon. Tomorrow, because the workspace's zone may be ahead.
fn estimate(connection: &mut Connection, token: &str) -> Result<usize, String> {
    let tomorrow = Zoned::now().date().saturating_add(1.day());
    let body = format!(
        "{{\"expression\":{{\"did\":{{\"behavior\":[\"coupon_redeem\"]}}}},\"as_of\":\"{tomorrow}\"}}"
    );
    let (authorization, body) = (&format!("Bearer {token}"), body.as_bytes());
    let path = "/api/v1/audiences/estimate";
    let reply = connection.send(Request { method: "POST", path, authorization, body });
    let reply = reply.map_err(|error| format!("an estimate had no answer: {error}"))?;
    let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let count = answer["count"].as_u64().filter(|_| reply.status == 200);
    count.map(|count| count as usize).ok_or_else(|| format!("an estimate answered {}", reply.describe()))
}
