//! A NATS server for one test, with its data in a folder of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::ConnectOptions;
use async_nats::jetstream::consumer::Info;
use async_nats::jetstream::{self, stream};
use futures::future::try_join_all;
use tokio::runtime::Runtime;

pub const STREAM: &str = "EVENTS";
pub const SUBJECT: &str = "shop.events";
pub const DURABLE: &str = "weir";

/// How long anything may take before a test gives up. Generous: machines that test are busy.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Server {
    program: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    login: Option<(String, String)>,
    child: Option<Child>,
    runtime: Runtime,
}

/// A message to send: its body, and its id if its sender gives one.
pub struct Letter {
    pub body: String,
    pub id: Option<String>,
}

impl Server {
    /// A running server with a stream in it; none, and says why, where there is no NATS.
    pub fn start() -> Option<Server> {
        let server = Server::start_for(None)?;
        server.make_stream();
        Some(server)
    }

    /// A running server without a stream, only for whoever knows the name and the password.
    pub fn start_for(login: Option<(&str, &str)>) -> Option<Server> {
        let mut server = Server {
            program: program()?,
            folder: tempfile::tempdir().unwrap(),
            port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
            login: login.map(|(name, password)| (name.to_owned(), password.to_owned())),
            child: None,
            runtime: Runtime::new().unwrap(),
        };
        server.restart();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would end it.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts it again, at the same address with the same data.
    pub fn restart(&mut self) {
        self.kill();
        let port = self.port.to_string();
        let mut command = Command::new(&self.program);
        command.args(["--jetstream", "--addr", "127.0.0.1", "--port", &port, "--store_dir"]);
        command.arg(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((name, password)) = &self.login {
            command.args(["--user", name, "--pass", password]);
        }
        self.child = Some(command.spawn().unwrap());
        eventually("the server listens", || std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    pub fn make_stream(&self) {
        self.with_jetstream(async |jetstream| {
            let config = stream::Config {
                name: STREAM.to_owned(),
                subjects: vec!["shop.>".to_owned()],
                ..Default::default()
            };
            jetstream.create_stream(config).await.unwrap();
        });
    }

    /// Sends messages, which are in the stream afterwards.
    pub fn send(&self, letters: Vec<Letter>) {
        self.with_jetstream(async |jetstream| {
            for some in letters.chunks(500) {
                let mut stored = Vec::new();
                for letter in some {
                    let mut message = jetstream::message::PublishMessage::build();
                    message = message.payload(letter.body.clone().into());
                    if let Some(id) = &letter.id {
                        message = message.message_id(id);
                    }
                    stored.push(jetstream.send_publish(SUBJECT, message).await.unwrap());
                }
                try_join_all(stored.into_iter().map(IntoFuture::into_future)).await.unwrap();
            }
        });
    }

    /// What the server knows about our reading; none before there is a reader.
    pub fn progress(&self) -> Option<Info> {
        self.with_jetstream(async |jetstream| {
            let stream = jetstream.get_stream(STREAM).await.ok()?;
            stream.consumer_info(DURABLE).await.ok()
        })
    }

    /// How many of `sent` messages the server knows to be settled.
    pub fn settled(&self, sent: u64) -> u64 {
        self.progress().map_or(0, |info| sent - info.num_pending - info.num_ack_pending as u64)
    }

    fn with_jetstream<T>(&self, ask: impl AsyncFnOnce(jetstream::Context) -> T) -> T {
        self.runtime.block_on(async {
            let options = match &self.login {
                Some((name, password)) => {
                    ConnectOptions::with_user_and_password(name.clone(), password.clone())
                }
                None => ConnectOptions::new(),
            };
            let client = options.connect(self.url()).await.unwrap();
            ask(jetstream::new(client)).await
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until it holds.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "this never happened: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The server's program: `WEIR_TEST_NATS`, or wherever the system has it.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("WEIR_TEST_NATS") {
        return Some(PathBuf::from(named));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    // Debian puts it where only root looks.
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    let found = folders.map(|folder| folder.join("nats-server")).find(|program| program.is_file());
    if found.is_none() {
        let why = "nats-server is not installed and WEIR_TEST_NATS does not name it";
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}; in CI that is a failure");
        eprintln!("skipped: {why}");
    }
    found
}
