//! Writers: clients that send batch after batch, retry what was not answered, and keep account of what was acknowledged.
//!
//! They do what real clients do and a little worse: some batches come a second time although they were acknowledged,
//! some hold a message twice, some are sent over two connections at once, and some that were not answered are given up,
//! so that nobody knows whether they are stored.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::http::{Connection, Reply, Request};
use crate::message;
use crate::random::Random;
use crate::server::{Serving, WriteKey};

/// In a hundred batches, those that come again although they were acknowledged.
const AGAIN: u64 = 5;
/// In a hundred batches, those that hold their first message twice.
const TWICE: u64 = 5;
/// In a hundred requests, those that are sent over two connections at once.
const AT_ONCE: u64 = 5;
/// In a hundred unanswered batches, those that are given up.
const GIVEN_UP: u64 = 10;

/// More complaints than these say nothing new.
const COMPLAINTS: usize = 20;

/// What a crowd of writers is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Writers, each with a connection and a thread of its own.
    pub writers: usize,
    /// Messages of a batch.
    pub batch: u64,
    /// By which all is drawn.
    pub seed: u64,
}

/// What a writer knows of its messages.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// Messages sent at least once: 0 up to here.
    pub sent: u64,
    /// By sequence: whether it was acknowledged.
    pub acknowledged: Vec<bool>,
}

impl Account {
    fn acknowledge(&mut self, sequences: &[u64]) -> u64 {
        let mut fresh = 0;
        for &sequence in sequences {
            let place = sequence as usize;
            if self.acknowledged.len() <= place {
                self.acknowledged.resize(place + 1, false);
            }
            fresh += u64::from(!self.acknowledged[place]);
            self.acknowledged[place] = true;
        }
        fresh
    }
}

/// Figures that are looked at while the writers write.
#[derive(Debug, Default)]
pub struct Counters {
    /// Messages acknowledged, each once.
    pub acknowledged: AtomicU64,
    /// Messages in requests that are not answered yet.
    pub in_flight: AtomicU64,
    /// Requests that came to no answer.
    pub unanswered: AtomicU64,
    /// Answers 429 and 503.
    pub pushed_back: AtomicU64,
    /// Batches sent again although they were acknowledged.
    pub repeated: AtomicU64,
}

/// What all writers and their owner see.
#[derive(Debug)]
struct Common {
    plan: Plan,
    authorization: String,
    address: Mutex<SocketAddr>,
    stop: AtomicBool,
    counters: Counters,
    /// Answers that no client should get.
    complaints: Mutex<Vec<String>>,
}

impl Common {
    fn address(&self) -> SocketAddr {
        *self.address.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, connection: &mut Connection, body: &str) -> Answer {
        connection.redirect(self.address());
        let authorization = &self.authorization;
        let body = body.as_bytes();
        let reply = connection.send(Request { method: "POST", path: "/v1/batch", authorization, body });
        self.judge(reply)
    }

    fn judge(&self, reply: std::io::Result<Reply>) -> Answer {
        let reply = match reply {
            Ok(reply) => reply,
            // Nobody was there, so nothing was sent.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Answer::NotNow,
            Err(_) => {
                self.counters.unanswered.fetch_add(1, Ordering::Relaxed);
                return Answer::Unanswered;
            }
        };
        match (reply.status, reply.retry_after) {
            (200, _) => Answer::Acknowledged,
            (429 | 503, Some(1..=300)) => {
                self.counters.pushed_back.fetch_add(1, Ordering::Relaxed);
                Answer::NotNow
            }
            (429 | 503, _) => {
                self.complain(format!("without a Retry-After of 1 to 300 s: {}", reply.describe()));
                Answer::NotNow
            }
            _ => {
                self.complain(format!("a good batch was refused: {}", reply.describe()));
                Answer::Refused
            }
        }
    }

    fn complain(&self, complaint: String) {
        let mut complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
        if !complaints.contains(&complaint) && complaints.len() < COMPLAINTS {
            complaints.push(complaint);
        }
    }
}

/// Writers at work.
#[derive(Debug)]
pub struct Writers {
    common: Arc<Common>,
    threads: Vec<JoinHandle<Account>>,
}

/// What the writers left.
#[derive(Debug)]
pub struct Accounts {
    /// By writer.
    pub accounts: Vec<Account>,
    /// Answers that no client should get.
    pub complaints: Vec<String>,
}

impl Writers {
    /// Starts them.
    pub fn start(plan: Plan, serving: &Serving, key: &WriteKey) -> Writers {
        let common = Arc::new(Common {
            plan,
            authorization: key.basic(),
            address: Mutex::new(serving.address),
            stop: AtomicBool::new(false),
            counters: Counters::default(),
            complaints: Mutex::default(),
        });
        let begin = |number| {
            let writer = Writer::new(number, common.clone());
            thread::spawn(move || writer.run())
        };
        let threads = (0..plan.writers).map(begin).collect();
        Writers { common, threads }
    }

    /// Goes on with a server that was started again.
    pub fn redirect(&self, serving: &Serving) {
        *self.common.address.lock().unwrap_or_else(PoisonError::into_inner) = serving.address;
    }

    /// The figures so far.
    pub fn counters(&self) -> &Counters {
        &self.common.counters
    }

    /// Lets them finish what they have begun. The server must be up, or they never do.
    pub fn finish(self) -> Result<Accounts, String> {
        self.common.stop.store(true, Ordering::Relaxed);
        let mut accounts = Vec::new();
        for thread in self.threads {
            accounts.push(thread.join().map_err(|_| "a writer panicked")?);
        }
        let complaints = self.common.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Accounts { accounts, complaints })
    }
}

struct Writer {
    number: usize,
    common: Arc<Common>,
    random: Random,
    connection: Connection,
    /// For what is sent twice at once.
    second: Connection,
    account: Account,
}

/// What became of one request.
enum Answer {
    Acknowledged,
    /// Nothing was taken in; it may be later.
    NotNow,
    Unanswered,
    /// What no client should get; sending it again would not help.
    Refused,
}

impl Writer {
    fn new(number: usize, common: Arc<Common>) -> Writer {
        let random = Random::stream(common.plan.seed, number as u64 + 1);
        let address = common.address();
        let (connection, second) = (Connection::new(address), Connection::new(address));
        Writer { number, common, random, connection, second, account: Account::default() }
    }

    fn run(mut self) -> Account {
        while !self.common.stop.load(Ordering::Relaxed) {
            let batch = self.next_batch();
            self.deliver(&batch);
        }
        self.account
    }

    fn next_batch(&mut self) -> Vec<u64> {
        let size = self.common.plan.batch;
        if self.account.sent > 0 && self.random.percent(AGAIN) {
            return self.old_batch(size);
        }
        let first = self.account.sent;
        self.account.sent += size;
        let mut batch: Vec<u64> = (first..first + size).collect();
        if self.random.percent(TWICE) {
            batch.push(first);
        }
        batch
    }

    /// Messages sent before, acknowledged or given up, from another place than any batch began at.
    fn old_batch(&mut self, size: u64) -> Vec<u64> {
        self.common.counters.repeated.fetch_add(1, Ordering::Relaxed);
        let first = self.random.below(self.account.sent);
        (first..self.account.sent.min(first + size)).collect()
    }

    /// Sends a batch until it is acknowledged, or given up.
    fn deliver(&mut self, batch: &[u64]) {
        loop {
            match self.attempt(batch) {
                Answer::Acknowledged => {
                    let fresh = self.account.acknowledge(batch);
                    self.common.counters.acknowledged.fetch_add(fresh, Ordering::Relaxed);
                    return;
                }
                Answer::Refused => return,
                Answer::Unanswered if self.random.percent(GIVEN_UP) => return,
                Answer::Unanswered | Answer::NotNow => self.pause(),
            }
        }
    }

    /// Shorter than any `Retry-After`, as clients are that have never heard of it.
    fn pause(&mut self) {
        thread::sleep(Duration::from_millis(10 + self.random.below(90)));
    }

    fn attempt(&mut self, batch: &[u64]) -> Answer {
        let body = message::body(self.number, batch);
        let at_once = self.random.percent(AT_ONCE);
        let in_flight = batch.len() as u64;
        let common = &self.common;
        common.counters.in_flight.fetch_add(in_flight, Ordering::Relaxed);
        let answer = if at_once {
            send_at_once(common, &mut self.connection, &mut self.second, &body)
        } else {
            common.send(&mut self.connection, &body)
        };
        common.counters.in_flight.fetch_sub(in_flight, Ordering::Relaxed);
        answer
    }
}

/// Either of two requests with the same messages may be the one that stores them; both acknowledge all of them.
fn send_at_once(common: &Common, first: &mut Connection, second: &mut Connection, body: &str) -> Answer {
    thread::scope(|scope| {
        let other = scope.spawn(|| common.send(second, body));
        let own = common.send(first, body);
        match other.join() {
            Ok(Answer::Acknowledged) => Answer::Acknowledged,
            _ => own,
        }
    })
}
