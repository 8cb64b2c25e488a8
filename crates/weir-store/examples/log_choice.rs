//! What the log is measured by: the same requests, durable one by one, through the log, through SQLite, and through bare
//! write and sync as the ceiling.
//!
//! ```text
//! cargo run --release -p weir-store --example log_choice [DIR [SECONDS [ROUNDS]]]
//! ```
//!
//! The contenders take turns in one run, because disks have moods. Each has 16 clients, and a client sends its next
//! request of 60 kB when the last one is durable. The log is private to the store, so its files are compiled in here.

#![allow(dead_code, unused_imports, clippy::print_stdout, clippy::unwrap_used)]

#[path = "../src/disk/mod.rs"]
mod disk;
#[path = "../src/fault.rs"]
mod fault;
#[path = "../src/files.rs"]
mod files;
#[path = "../src/log/mod.rs"]
mod log;
#[path = "../src/random.rs"]
mod random;

use std::env;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use disk::Disk;
use log::{Log, LogOptions};

const CLIENTS: usize = 16;

/// 100 events of 600 bytes.
const PAYLOAD: usize = 60_000;

/// Where a file written in place begins again.
const WRITTEN: u64 = 64 << 20;

type Contender = (&'static str, fn(&Path, Duration) -> Run);

const CONTENDERS: [Contender; 6] = [
    ("bare: 16 payloads, one sync", |dir, time| bare(dir, time, CLIENTS, 0)),
    ("bare: the same, over bytes already there", |dir, time| bare(dir, time, CLIENTS, WRITTEN)),
    ("bare: a sync for each payload", |dir, time| bare(dir, time, 1, 0)),
    ("the log", own_log),
    ("SQLite: a transaction for each request", sqlite_each),
    ("SQLite: a transaction for all waiting", sqlite_group),
];

/// What one contender did in one round.
struct Run {
    took: Duration,
    latencies: Vec<Duration>,
}

impl Run {
    fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    fn percentile(&mut self, percent: usize) -> f64 {
        self.latencies.sort_unstable();
        self.latencies[(self.latencies.len() * percent / 100).min(self.latencies.len() - 1)].as_secs_f64()
            * 1e3
    }
}

fn main() {
    let mut arguments = env::args().skip(1);
    let dir = arguments.next().map_or_else(env::temp_dir, PathBuf::from).join("log-choice");
    let mut number = |default| arguments.next().map_or(default, |text| text.parse().unwrap());
    let (seconds, rounds) = (number(4), number(3));
    let mut rates = vec![Vec::new(); CONTENDERS.len()];
    for round in 1..=rounds {
        for ((name, run), rates) in CONTENDERS.iter().zip(&mut rates) {
            fs::create_dir_all(&dir).unwrap();
            let mut run = run(&dir, Duration::from_secs(seconds));
            fs::remove_dir_all(&dir).unwrap();
            let (rate, p50, p99) = (run.rate(), run.percentile(50), run.percentile(99));
            println!("round {round}  {name:42} {rate:7.0} requests/s  p50 {p50:6.1} ms  p99 {p99:6.1} ms");
            rates.push(rate);
        }
    }
    let medians: Vec<f64> = rates.into_iter().map(median).collect();
    for ((name, _), rate) in CONTENDERS.iter().zip(&medians) {
        let megabytes = rate * PAYLOAD as f64 / 1e6;
        println!("median   {name:42} {rate:7.0} requests/s {megabytes:5.0} MB/s  {:.2}", rate / medians[0]);
    }
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn payload(client: usize) -> Vec<u8> {
    let mut state = client as u64 + 1;
    let step = |_| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..PAYLOAD).map(step).collect()
}

/// No clients, no queue: write, sync, again. A request counts from the write of its group.
fn bare(dir: &Path, time: Duration, group: usize, written: u64) -> Run {
    let mut file = File::create(dir.join("bare")).unwrap();
    file.write_all(&vec![0; written as usize]).unwrap();
    file.sync_all().unwrap();
    file.rewind().unwrap();
    let bytes: Vec<u8> = (0..group).flat_map(payload).collect();
    let mut latencies = Vec::new();
    let start = Instant::now();
    while start.elapsed() < time {
        if written > 0 && file.stream_position().unwrap() + bytes.len() as u64 > written {
            file.rewind().unwrap();
        }
        let begun = Instant::now();
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
        latencies.extend(vec![begun.elapsed(); group]);
    }
    Run { took: start.elapsed(), latencies }
}

/// Clients that each send again as soon as `request` says that the last one is durable.
fn clients(time: Duration, request: impl Fn(Vec<u8>) + Sync) -> Run {
    let start = Instant::now();
    let client = |client| {
        let (bytes, mut latencies) = (payload(client), Vec::new());
        while start.elapsed() < time {
            let begun = Instant::now();
            request(bytes.clone());
            latencies.push(begun.elapsed());
        }
        latencies
    };
    let latencies = thread::scope(|scope| {
        let threads: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || client(number))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    Run { took: start.elapsed(), latencies }
}

fn own_log(dir: &Path, time: Duration) -> Run {
    let (log, _) = Log::open(&dir.join("log"), Disk::of(dir), LogOptions::default()).unwrap();
    clients(time, |bytes| log.wait(log.append(bytes).unwrap()).unwrap())
}

const INSERT: &str = "INSERT INTO frame (payload) VALUES (?1)";

fn database(dir: &Path) -> Connection {
    let connection = Connection::open(dir.join("frames.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.execute("CREATE TABLE frame (id INTEGER PRIMARY KEY, payload BLOB NOT NULL)", []).unwrap();
    connection
}

fn sqlite_each(dir: &Path, time: Duration) -> Run {
    let connection = Mutex::new(database(dir));
    clients(time, |bytes| {
        let connection = connection.lock().unwrap();
        connection.prepare_cached(INSERT).unwrap().execute([bytes]).unwrap();
    })
}

type Request = (Vec<u8>, std::sync::mpsc::SyncSender<()>);

/// The queue of the log, with SQLite in place of the file.
fn sqlite_group(dir: &Path, time: Duration) -> Run {
    let (requests, taken): (Sender<Request>, Receiver<Request>) = channel();
    let mut connection = database(dir);
    let writing = thread::spawn(move || {
        while let Ok(first) = taken.recv() {
            let group: Vec<Request> = [first].into_iter().chain(taken.try_iter()).collect();
            let transaction = connection.transaction().unwrap();
            for (bytes, _) in &group {
                transaction.prepare_cached(INSERT).unwrap().execute([bytes]).unwrap();
            }
            transaction.commit().unwrap();
            group.into_iter().for_each(|(_, durable)| durable.send(()).unwrap());
        }
    });
    let run = clients(time, |bytes| {
        let (durable, told) = sync_channel(1);
        requests.send((bytes, durable)).unwrap();
        told.recv().unwrap();
    });
    drop(requests);
    writing.join().unwrap();
    run
}
