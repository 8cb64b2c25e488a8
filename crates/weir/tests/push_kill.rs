//! A push that is killed again and again: nobody is skipped, every repetition carries the same id and is listed, and
//! the ledger balances whenever a fresh process looks.
//!
//! The receiver keeps what it gets and now and then takes a message and drops its reply. `WEIR_TEST_SEED=<n>` replays.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]
// A seed is of use only when it is seen.
#![allow(clippy::print_stdout)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// With a tenth held out, more than 20,000 are sent.
const PEOPLE: usize = 22_500;
const KILLS: usize = 10;
/// Recipients of a message, and messages under way at a time.
const BATCH: u64 = 10;
const IN_FLIGHT: u64 = 4;

/// Random numbers from a seed (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

fn seed() -> u64 {
    let given = std::env::var("WEIR_TEST_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| jiff::Timestamp::now().as_microsecond() as u64)
}

/// What the receiver has: for each message the recipients of every time it came.
type Got = Arc<Mutex<BTreeMap<String, Vec<Vec<String>>>>>;

struct Receiver {
    address: SocketAddr,
    got: Got,
}

impl Receiver {
    fn start(seed: u64) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let got = Got::default();
        let kept = got.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let got = kept.clone();
                thread::spawn(move || serve(&stream, &got, seed));
            }
        });
        Receiver { address, got }
    }

    fn calls(&self) -> usize {
        self.got.lock().unwrap().values().map(Vec::len).sum()
    }
}

/// Takes message after message, until the other side is gone or a reply is dropped.
fn serve(stream: &TcpStream, got: &Got, seed: u64) {
    let mut reader = BufReader::new(stream);
    while let Some((id, body)) = read_request(&mut reader) {
        let recipients = recipients(&body);
        thread::sleep(Duration::from_millis(8));
        let first = {
            let mut got = got.lock().unwrap();
            let times = got.entry(id.clone()).or_default();
            times.push(recipients);
            times.len() == 1
        };
        let number: u64 = id.rsplit('_').next().unwrap().parse().unwrap();
        let drops = first && Random(seed ^ number).below(40) == 0;
        let mut stream = stream;
        if drops || stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, String)> {
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_lowercase();
        if let Some(value) = line.strip_prefix("webhook-id: ") {
            id = value.to_owned();
        } else if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        } else if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((id, String::from_utf8(body).ok()?))
}

fn recipients(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).unwrap();
    let of = |recipient: &Value| format!("{} {}", recipient["id"], recipient["consumer"]["value"]);
    body["recipients"].as_array().unwrap().iter().map(of).collect()
}

/// The binary over a data directory of its own.
struct Weir {
    folder: TempDir,
}

impl Weir {
    fn new() -> Weir {
        let weir = Weir { folder: tempfile::tempdir().unwrap() };
        let rows: String = (0..PEOPLE).map(|i| format!("2024-11-01 10:00:00,u{i},view\n")).collect();
        weir.file("events.csv", &format!("time,user,behavior\n{rows}"));
        weir.file("map.sql", "SELECT \"time\", \"user\" AS id_user_id, behavior FROM input");
        weir.file("everyone.json", "{\"everyone\":true}");
        weir.json(&["import", "events", "events.csv", "--sql", "map.sql"]);
        weir
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        command.current_dir(self.folder.path()).args(args).arg("--json");
        command.env("WEIR_ALLOW_NETWORKS", "127.0.0.0/8").env_remove("WEIR_DATA");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(args).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(&text).unwrap()
    }
}

const PUSH: &[&str] = &[
    "push",
    "--expr",
    "everyone.json",
    "--to",
    "hook",
    "--as-of",
    "2024-11-30",
    "--name",
    "killed",
    "--holdout",
    "10",
];

fn number(ledger: &Value, key: &str) -> u64 {
    ledger[key].as_u64().unwrap()
}

fn total(ledger: &Value, key: &str) -> u64 {
    ledger[key].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum()
}

/// A fresh process reads a ledger that balances. Answers what is sent and what is unknown.
#[track_caller]
fn check_ledger(ledger: &Value) -> (u64, u64) {
    let n = |key: &str| number(ledger, key);
    assert_eq!(n("audience"), PEOPLE as u64);
    assert_eq!(n("audience"), n("planned") + total(ledger, "suppressed") + n("holdout"), "{ledger}");
    let accounted = n("sent") + total(ledger, "failed") + n("unknown") + n("pending");
    assert_eq!(n("planned"), accounted, "{ledger}");
    (n("sent"), n("unknown"))
}

/// Kills a process while it sends: a random moment after a message has arrived.
fn kill(mut child: Child, receiver: &Receiver, random: &mut Random) {
    let (before, started) = (receiver.calls(), Instant::now());
    while receiver.calls() == before && started.elapsed() < Duration::from_secs(20) {
        assert_eq!(child.try_wait().unwrap(), None, "it ended before it could be killed");
        thread::sleep(Duration::from_millis(2));
    }
    thread::sleep(Duration::from_millis(random.below(200)));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Killed anywhere before, while or after the push is written down: it is there whole, or not at all.
fn kill_while_recording(weir: &Weir, random: &mut Random) {
    let mut child = weir.spawn(PUSH);
    thread::sleep(Duration::from_millis(random.below(400)));
    child.kill().unwrap();
    child.wait().unwrap();
    for push in weir.json(&["pushes", "list"])["items"].as_array().unwrap() {
        check_ledger(push);
    }
}

#[test]
fn ten_kills_skip_nobody_and_hide_no_repetition() {
    let seed = seed();
    println!("WEIR_TEST_SEED={seed}");
    let mut random = Random(seed);
    let (weir, receiver) = (Weir::new(), Receiver::start(seed));
    let url = format!("http://{}/", receiver.address);
    let (batch, in_flight) = (BATCH.to_string(), IN_FLIGHT.to_string());
    weir.json(&["destination", "add", "hook", "--url", &url, "--batch", &batch, "--in-flight", &in_flight]);

    kill_while_recording(&weir, &mut random);
    if weir.json(&["pushes", "list"])["items"].as_array().unwrap().is_empty() {
        kill(weir.spawn(PUSH), &receiver, &mut random);
    }
    let id = weir.json(&["pushes", "list"])["items"][0]["push"].as_str().unwrap().to_owned();
    for round in 0..KILLS {
        let again: &[&str] =
            if round % 2 == 0 { &["serve", "--listen", "127.0.0.1:0"] } else { &["pushes", "resume", &id] };
        kill(weir.spawn(again), &receiver, &mut random);
        let ledger = weir.json(&["pushes", "show", &id]);
        let (sent, _) = check_ledger(&ledger);
        let arrived: usize = receiver.got.lock().unwrap().values().map(|times| times[0].len()).sum();
        assert!(sent <= arrived as u64, "{sent} are said to be sent, {arrived} arrived");
        assert!(sent < number(&ledger, "planned"), "done after {round} kills: nothing was left to kill");
    }

    let done = weir.json(&["pushes", "resume", &id]);
    let (sent, unknown) = check_ledger(&done);
    assert_eq!(
        (done["state"].as_str(), sent, unknown),
        (Some("done"), number(&done, "planned"), 0),
        "{done}"
    );
    check_receiver(&weir, &receiver, &id, sent);
}

fn check_receiver(weir: &Weir, receiver: &Receiver, id: &str, sent: u64) {
    let got = receiver.got.lock().unwrap();
    let mut people = BTreeSet::new();
    for times in got.values() {
        assert!(times.iter().all(|recipients| *recipients == times[0]), "a repetition differs");
        for recipient in &times[0] {
            assert!(people.insert(recipient), "{recipient} is in two messages");
        }
    }
    assert_eq!(people.len() as u64, sent, "everybody planned has arrived, and nobody else");
    let messages = weir.json(&["pushes", "messages", id]);
    let listed: BTreeMap<&str, bool> = messages["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| (message["id"].as_str().unwrap(), message["repeated"].as_bool().unwrap()))
        .collect();
    let mut repeated = 0;
    for (message, times) in got.iter() {
        if times.len() > 1 {
            assert!(listed[message.as_str()], "{message} came {} times and is not listed so", times.len());
            repeated += 1;
        }
    }
    assert_eq!(listed.len(), got.len());
    assert!(repeated > 0, "no reply was dropped, so nothing was tested");
    println!("{} messages, {repeated} of them came more than once", got.len());
}
