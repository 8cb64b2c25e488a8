//! Real clients, five of them at once, through a network that answers errors and breaks connections: what they sent is stored,
//! each message once, and none of them has anything to complain about.
//!
//! That events keep their order is not checked: a request that was long under way looks like one from a slow clock, and the
//! documented rule then moves its events, past those of the request behind it.
//!
//! The clients are packages of others, installed by `scripts/test.sh` into the folder that `WEIR_TEST_CLIENTS` names.
//! `WEIR_TEST_SEED=<n>` draws the same faults again.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]
// What was skipped, and a seed, must be seen.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;
use weir_harness::proxy::{Fault, Proxy, Tally};
use weir_harness::random;
use weir_harness::server::Weir;

/// Messages of each client, and users they belong to; the scripts have the same number of users.
const MESSAGES: usize = 10_000;
const USERS: usize = 100;

/// Requests in a hundred that meet a fault.
const FAULTS: u64 = 20;

/// A client: its name here, which is its source and begins its message ids, and how it is run.
struct Client {
    name: &'static str,
    program: &'static str,
    script: &'static str,
    vendor: &'static str,
    version: &'static str,
}

const CLIENTS: [Client; 5] = [
    Client {
        name: "segment-python",
        program: "python/bin/python",
        script: "track.py",
        vendor: "segment",
        version: "2.4.0",
    },
    Client {
        name: "segment-python-old",
        program: "python-old/bin/python",
        script: "track.py",
        vendor: "segment",
        version: "2.3.4",
    },
    Client {
        name: "rudder-python",
        program: "python/bin/python",
        script: "track.py",
        vendor: "rudder",
        version: "2.1.9",
    },
    Client {
        name: "segment-node",
        program: "node",
        script: "track.mjs",
        vendor: "segment",
        version: "3.1.0",
    },
    Client { name: "rudder-node", program: "node", script: "track.mjs", vendor: "rudder", version: "3.0.13" },
];

impl Client {
    fn program(&self, packages: &Path) -> PathBuf {
        if self.program == "node" { PathBuf::from("node") } else { packages.join(self.program) }
    }

    /// Sends all its messages, and answers what it said at the end.
    fn run(&self, packages: &Path, url: &str, write_key: &str) -> Value {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients").join(self.script);
        let mut command = Command::new(self.program(packages));
        command.arg(script).args([self.vendor, url, write_key, self.name, &MESSAGES.to_string()]);
        command.env("WEIR_TEST_CLIENTS", packages).stdin(Stdio::null());
        let output = command.output().unwrap();
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{}: {complained}", self.name);
        let last = said.lines().last().unwrap_or_default();
        serde_json::from_str(last).unwrap_or_else(|_| panic!("{}: {said}{complained}", self.name))
    }
}

fn packages() -> Option<PathBuf> {
    let folder = std::env::var_os("WEIR_TEST_CLIENTS").map(PathBuf::from);
    if folder.is_none() {
        assert!(std::env::var("CI").is_err(), "in CI WEIR_TEST_CLIENTS must name the clients' packages");
        println!("skipped: WEIR_TEST_CLIENTS does not name a folder with the clients' packages");
    }
    folder
}

fn seed() -> u64 {
    let given = std::env::var("WEIR_TEST_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(random::seed);
    println!("WEIR_TEST_SEED={seed}");
    seed
}

#[test]
fn what_real_clients_send_through_faults_is_stored_once() {
    let Some(packages) = packages() else { return };
    let scratch = tempfile::tempdir().unwrap();
    let weir = Weir::new(Path::new(env!("CARGO_BIN_EXE_weir")), scratch.path());
    let keys = CLIENTS.map(|client| weir.source(client.name).unwrap());
    let serving = weir.start().unwrap();
    let proxy = Proxy::start(serving.address, FAULTS, seed()).unwrap();
    let url = format!("http://{}", proxy.address);
    let said = thread::scope(|scope| {
        let runs = CLIENTS.iter().zip(&keys);
        let runs = runs.map(|(client, key)| scope.spawn(|| client.run(&packages, &url, key.as_str())));
        let runs: Vec<_> = runs.collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect::<Vec<Value>>()
    });
    serving.stop().unwrap();
    println!("{:?}", proxy.tally());
    for (client, said) in CLIENTS.iter().zip(&said) {
        let expected = serde_json::json!({ "version": client.version, "taken": MESSAGES, "errors": [] });
        assert_eq!(*said, expected, "{}", client.name);
    }
    check_network(&proxy.tally());
    check_stored(&stored(&weir, scratch.path()));
}

/// The faults were there, of every kind, and all errors were the network's.
fn check_network(tally: &Tally) {
    let faults: u64 = tally.faults.values().sum();
    assert!(faults * 100 > tally.requests * 10, "hardly a fault: {tally:?}");
    for fault in [Fault::Status(429, true), Fault::Status(500, false), Fault::Status(503, true)] {
        assert!(tally.faults.contains_key(&fault), "no {fault:?}: {tally:?}");
    }
    for fault in [Fault::Reset, Fault::NoAnswer, Fault::HalfAnswer] {
        assert!(tally.faults.contains_key(&fault), "no {fault:?}: {tally:?}");
    }
    assert_eq!((tally.refused.len(), tally.unreadable), (0, 0), "{tally:?}");
}

/// One row of the store.
struct Row {
    message_id: String,
    consumer: String,
}

/// The rows, by source.
fn stored(weir: &Weir, scratch: &Path) -> BTreeMap<String, Vec<Row>> {
    let path = scratch.join("events.csv");
    let columns = "source, message_id, consumer";
    weir.sql(&format!("COPY (SELECT {columns} FROM events) TO '{}' STORED AS CSV", path.display())).unwrap();
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for line in std::fs::read_to_string(&path).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [source, message_id, consumer] = fields[..] else { panic!("{line}") };
        let (message_id, consumer) = (message_id.to_owned(), consumer.to_owned());
        let row = Row { message_id, consumer };
        rows.entry(source.to_owned()).or_default().push(row);
    }
    rows
}

fn check_stored(rows: &BTreeMap<String, Vec<Row>>) {
    let sources: BTreeSet<&str> = rows.keys().map(String::as_str).collect();
    assert_eq!(sources, CLIENTS.map(|client| client.name).into_iter().collect());
    for (source, rows) in rows {
        let mut by_number = BTreeMap::new();
        for row in rows {
            let number = row.message_id.strip_prefix(source.as_str()).and_then(|id| id.strip_prefix('-'));
            let number: usize =
                number.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("{}", row.message_id));
            assert!(by_number.insert(number, row).is_none(), "{} is stored twice", row.message_id);
        }
        let numbers: Vec<usize> = by_number.keys().copied().collect();
        assert_eq!(numbers, (0..MESSAGES).collect::<Vec<_>>(), "{source}");
        check_users(source, &by_number);
    }
}

/// Each user is one consumer.
fn check_users(source: &str, rows: &BTreeMap<usize, &Row>) {
    let consumers: BTreeSet<&str> = rows.values().map(|row| row.consumer.as_str()).collect();
    assert_eq!(consumers.len(), USERS, "{source}");
    for (number, row) in rows {
        let Some(next) = rows.get(&(number + USERS)) else { continue };
        assert_eq!(row.consumer, next.consumer, "{source}: {number} and {}", number + USERS);
    }
}
