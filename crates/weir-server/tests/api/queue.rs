//! A queue is a source like others: what it delivers is counted, kept once, and seen by questions.
//!
//! Needs nats-server, as the tests of weir-queue do. It is spoken to in its own plain protocol.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use weir_app::Stop;

use crate::client::Client;

const PATIENCE: Duration = Duration::from_secs(120);

/// Two events without ids of their own, one with, one without anybody, and what is no JSON.
const MESSAGES: [&str; 4] = [
    "{\"behavior\": \"view\", \"id_user_id\": \"fay\", \"shop\": \"outlet\"}\n{\"behavior\": \"view\", \"id_user_id\": \"gil\"}",
    "{\"behavior\": \"view\", \"id_user_id\": \"hal\", \"message_id\": \"m-1\"}",
    "{\"behavior\": \"view\"}",
    "nonsense",
];

struct Nats {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Nats {
    fn start() -> Option<Nats> {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(program()?);
        command.args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string(), "--store_dir"]);
        command.arg(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let nats = Nats { child: command.spawn().unwrap(), port, _folder: folder };
        eventually("it listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Some(nats)
    }

    /// Sends a message, and waits for the answer to it.
    fn ask(&self, subject: &str, payload: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let length = payload.len();
        write!(stream, "CONNECT {{\"verbose\":false}}\r\nSUB answer 1\r\n").unwrap();
        write!(stream, "PUB {subject} answer {length}\r\n{payload}\r\n").unwrap();
        let mut lines = BufReader::new(stream).lines().map(|line| line.unwrap());
        lines.find(|line| line.starts_with("MSG answer")).unwrap();
        serde_json::from_str(&lines.next().unwrap()).unwrap()
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[allow(clippy::print_stderr, reason = "what is skipped must be seen")]
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let installed = folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file());
    let found = std::env::var_os("WEIR_TEST_NATS").map(PathBuf::from).or(installed);
    if found.is_none() {
        let why = "nats-server is not installed and WEIR_TEST_NATS does not name it";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}; in CI that is a failure");
        eprintln!("skipped: {why}");
    }
    found
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "this never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Reads queues until so many events were kept or there already.
async fn read_until(client: &Client, accepted: u64, duplicate: u64) -> Value {
    let (app, stop) = (client.app.clone(), Stop::default());
    let until = stop.clone();
    let reader = std::thread::spawn(move || app.read_queues(&until));
    let began = Instant::now();
    let source = loop {
        let source = client.get("/sources/orders").await.json(200);
        let counts = &source["since_start"];
        if (counts["accepted"].as_u64(), counts["duplicate"].as_u64()) == (Some(accepted), Some(duplicate)) {
            break source;
        }
        assert!(began.elapsed() < PATIENCE, "{source}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    stop.raise();
    tokio::task::spawn_blocking(|| reader.join().unwrap()).await.unwrap();
    source
}

#[tokio::test]
async fn a_queue_is_read_once_whatever_is_delivered_again() {
    let Some(nats) = Nats::start() else { return };
    let client = Client::shop().await;
    nats.ask("$JS.API.STREAM.CREATE.ORDERS", r#"{"name": "ORDERS", "subjects": ["shop.orders"]}"#);
    for message in MESSAGES {
        assert_eq!(nats.ask("shop.orders", message)["stream"], "ORDERS");
    }
    let app = client.app.clone();
    let url = format!("nats://127.0.0.1:{}", nats.port);
    let made = tokio::task::spawn_blocking(move || {
        let workspace = app.workspace("default").unwrap();
        workspace.create_queue("orders", &json!({"url": url, "stream": "ORDERS"})).unwrap();
    });
    made.await.unwrap();

    let source = read_until(&client, 3, 0).await;
    assert_eq!((&source["kind"], &source["since_start"]["rejected"]), (&json!("nats"), &json!(2)));
    let consumer = "weir-default-orders";
    let settled = nats.ask(&format!("$JS.API.CONSUMER.INFO.ORDERS.{consumer}"), "");
    assert_eq!((&settled["num_pending"], &settled["num_ack_pending"]), (&json!(0), &json!(0)));

    // A consumer that was lost begins with the first message again.
    nats.ask(&format!("$JS.API.CONSUMER.DELETE.ORDERS.{consumer}"), "");
    let source = read_until(&client, 3, 3).await;
    assert_eq!(source["since_start"]["rejected"], json!(4), "what is refused is counted each time");
}
