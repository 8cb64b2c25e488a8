//! The bytes of a batch: written once, then numbered anew for each request, so that making them costs next to nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::random::Random;

/// Events of a batch.
pub const EVENTS: usize = 100;
/// People who are known from the beginning on.
const KNOWN: u64 = 100_000;
/// In a hundred events, those of somebody new.
const NEW: u64 = 10;

const DIGITS: usize = 12;
const STAMP: usize = "2026-11-25T13:00:00.000Z".len();

/// Numbers that all clients draw from.
#[derive(Debug, Default)]
pub struct Numbers {
    messages: AtomicU64,
    people: AtomicU64,
}

impl Numbers {
    /// Message ids given out.
    pub fn messages(&self) -> u64 {
        self.messages.load(Ordering::Relaxed)
    }

    /// People given out beyond those known from the beginning.
    pub fn new_people(&self) -> u64 {
        self.people.load(Ordering::Relaxed)
    }
}

/// A batch that can be sent again and again, each time with other events.
#[derive(Debug, Clone)]
pub struct Batch {
    body: Vec<u8>,
    places: Vec<Places>,
    sent_at: usize,
}

/// Where an event's numbers are.
#[derive(Debug, Clone, Copy)]
struct Places {
    message: usize,
    user: usize,
    anonymous: usize,
    timestamp: usize,
}

impl Batch {
    /// About 600 bytes an event, as web shops send them.
    pub fn new() -> Batch {
        let mut body = String::from("{\"sentAt\":\"");
        let sent_at = body.len();
        body += &" ".repeat(STAMP);
        body += "\",\"batch\":[";
        let mut places = Vec::new();
        for number in 0..EVENTS {
            body += if number == 0 { "" } else { "," };
            places.push(Places::write(&mut body, number));
        }
        body += "]}";
        Batch { body: body.into_bytes(), places, sent_at }
    }

    /// Gives every event a number of its own, and somebody who did it.
    pub fn renew(&mut self, numbers: &Numbers, random: &mut Random) {
        let stamp = format!("{:.3}", Timestamp::now());
        let first = numbers.messages.fetch_add(EVENTS as u64, Ordering::Relaxed);
        for (number, place) in (first..).zip(&self.places) {
            let person = if random.percent(NEW) {
                KNOWN + numbers.people.fetch_add(1, Ordering::Relaxed)
            } else {
                random.below(KNOWN)
            };
            write_number(&mut self.body, place.message, number);
            write_number(&mut self.body, place.user, person);
            write_number(&mut self.body, place.anonymous, person);
            self.body[place.timestamp..place.timestamp + STAMP].copy_from_slice(stamp.as_bytes());
        }
        self.body[self.sent_at..self.sent_at + STAMP].copy_from_slice(stamp.as_bytes());
    }

    /// As it is sent.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }
}

impl Default for Batch {
    fn default() -> Batch {
        Batch::new()
    }
}

impl Places {
    fn write(body: &mut String, number: usize) -> Places {
        let mut gap = |before: &str, length: usize| {
            body.push_str(before);
            let place = body.len();
            body.push_str(&"0".repeat(length));
            place
        };
        let message = gap("{\"type\":\"track\",\"event\":\"Product Viewed\",\"messageId\":\"bench-", DIGITS);
        let user = gap("\",\"userId\":\"user-", DIGITS);
        let anonymous = gap("\",\"anonymousId\":\"3f0c6b1e-", DIGITS);
        let timestamp = gap("\",\"timestamp\":\"", STAMP);
        *body += &format!(
            "\",\"context\":{{\"library\":{{\"name\":\"analytics-node\",\"version\":\"3.1.0\"}},\"page\":{{\"path\":\
             \"/c/tea/p/{number}\",\"title\":\"Tea, cups and what belongs to them\",\"referrer\":\
             \"https://www.example.com/search?q=tea\"}},\"userAgent\":\"Mozilla/5.0 (X11; Linux x86_64)\"}},\
             \"properties\":{{\"product_id\":\"sku-{number:05}\",\"category\":\"tea\",\"name\":\"Tea no. {number}\",\
             \"brand\":\"weir\",\"price\":{}.90,\"quantity\":1,\"currency\":\"EUR\",\"position\":{number},\"channel\":\"shop\"}}}}",
            number % 90 + 1,
        );
        Places { message, user, anonymous, timestamp }
    }
}

fn write_number(body: &mut [u8], place: usize, mut number: u64) {
    for digit in body[place..place + DIGITS].iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_batch_is_json_with_messages_of_its_own() {
        let (numbers, mut random, mut batch) = (Numbers::default(), Random::new(1), Batch::new());
        let mut ids = BTreeSet::new();
        for _ in 0..3 {
            batch.renew(&numbers, &mut random);
            let body: serde_json::Value = serde_json::from_slice(batch.bytes()).unwrap();
            for event in body["batch"].as_array().unwrap() {
                assert!(ids.insert(event["messageId"].to_string()));
                let person = |key: &str| event[key].as_str().unwrap().rsplit('-').next().unwrap().to_owned();
                assert_eq!(person("userId"), person("anonymousId"));
                assert!(event["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok());
            }
        }
        assert_eq!((ids.len(), numbers.messages()), (3 * EVENTS, 300));
        assert!((10..60).contains(&numbers.new_people()), "{}", numbers.new_people());
        let size = batch.bytes().len() / EVENTS;
        assert!((550..650).contains(&size), "{size} bytes an event");
    }
}
