//! The real binary: commands that end, and a server that is started, watched and ended in good or bad order.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http::Connection;

/// After so long without a sign of life a server hangs. No measure of quality: it only ends a run that would not end.
const HANGS: Duration = Duration::from_secs(120);

/// The binary over a data directory of its own.
#[derive(Debug, Clone)]
pub struct Weir {
    binary: PathBuf,
    data: PathBuf,
    /// What the server says on stderr, from start to start.
    log: PathBuf,
    /// Program and arguments that start the binary in their turn, such as `taskset -c 0`. They must become it.
    prefix: Vec<String>,
}

impl Weir {
    /// `scratch` gets the data directory and the server's log.
    pub fn new(binary: &Path, scratch: &Path) -> Weir {
        Weir {
            binary: binary.to_owned(),
            data: scratch.join("data"),
            log: scratch.join("server.log"),
            prefix: Vec::new(),
        }
    }

    /// The same, started by another program.
    #[must_use]
    pub fn under(mut self, prefix: &[&str]) -> Weir {
        self.prefix = prefix.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// The same over a data directory that lies elsewhere.
    #[must_use]
    pub fn over(mut self, data: &Path) -> Weir {
        self.data = data.to_owned();
        self
    }

    /// Where the data are.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What the server said last, for messages.
    pub fn last_words(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<&str> = log.lines().rev().take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut words = self.prefix.iter().map(PathBuf::from).chain([self.binary.clone()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).arg("--data").arg(&self.data).arg("--json").args(args);
        for name in ["WEIR_DATA", "WEIR_WORKSPACE"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    /// The answer of a command that goes well.
    pub fn json(&self, args: &[&str]) -> Result<Value, String> {
        let output = self.command(args).stderr(Stdio::piped()).output();
        let output = output.map_err(|error| format!("weir {}: {error}", args.join(" ")))?;
        if !output.status.success() {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            let (problem, findings) = (text(&output.stderr), text(&output.stdout));
            return Err(format!("weir {} failed ({}): {problem} {findings}", args.join(" "), output.status));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| format!("weir {}: {error}", args.join(" ")))
    }

    /// Begins a command whose answer nobody wants.
    pub fn begin(&self, args: &[&str]) -> Result<Asking, String> {
        let child = self.command(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.map_err(|error| format!("weir {}: {error}", args.join(" ")))?;
        Ok(Asking { process: Process { child } })
    }

    /// A new source's write key, as the value of `authorization`.
    pub fn source(&self, name: &str) -> Result<WriteKey, String> {
        let added = self.json(&["source", "add", name])?;
        let key = added["write_key"].as_str().ok_or_else(|| format!("source add answered {added}"))?;
        Ok(WriteKey(key.to_owned()))
    }

    /// Runs a query for its effect, such as `COPY … TO`.
    pub fn sql(&self, query: &str) -> Result<Value, String> {
        self.json(&["sql", query])
    }

    /// Starts the server; it may not answer yet.
    pub fn spawn(&self) -> Result<Starting, String> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.map_err(|error| format!("cannot write {}: {error}", self.log.display()))?;
        let started = Instant::now();
        let child = self.serve(log).spawn().map_err(|error| format!("weir serve did not start: {error}"))?;
        Ok(Starting { process: Process { child }, started })
    }

    fn serve(&self, log: File) -> Command {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.stderr(log);
        command
    }

    /// Starts the server and waits until it takes events.
    pub fn start(&self) -> Result<Serving, String> {
        let serving = self.spawn()?.ready();
        serving.map_err(|problem| format!("{problem}\n{}", self.last_words()))
    }
}

/// What lets events in.
#[derive(Debug, Clone)]
pub struct WriteKey(String);

impl WriteKey {
    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the user of HTTP Basic, without a password.
    pub fn basic(&self) -> String {
        format!("Basic {}", base64(format!("{}:", self.0).as_bytes()))
    }
}

/// Base 64, with which one header is written.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// A process that does not outlive its owner.
#[derive(Debug)]
struct Process {
    child: Child,
}

impl Process {
    fn kill(&mut self) {
        // Both fail only where there is no process any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn ended(&mut self) -> Option<String> {
        let status = self.child.try_wait().ok().flatten()?;
        Some(format!("weir serve ended by itself ({status})"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command under way.
#[derive(Debug)]
pub struct Asking {
    process: Process,
}

impl Asking {
    /// `kill -9`.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Lets it end as it will.
    pub fn wait(mut self) {
        // It fails only where there is no process any more.
        let _ = self.process.child.wait();
    }
}

/// A server that was started a moment ago.
#[derive(Debug)]
pub struct Starting {
    process: Process,
    started: Instant,
}

impl Starting {
    /// `kill -9`, wherever it is.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Waits until events are taken.
    pub fn ready(mut self) -> Result<Serving, String> {
        let stdout = self.process.child.stdout.take().ok_or("weir serve has no stdout")?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).map_err(|error| error.to_string())?;
        let address = address(&line).ok_or_else(|| format!("weir serve announced {line:?}"))?;
        let mut serving =
            Serving { process: self.process, address, ready_after: Duration::ZERO, _stdout: stdout };
        serving.wait_ready(self.started)?;
        Ok(serving)
    }
}

fn address(announcement: &str) -> Option<SocketAddr> {
    let announcement: Value = serde_json::from_str(announcement).ok()?;
    announcement["url"].as_str()?.strip_prefix("http://")?.parse().ok()
}

/// A server that takes events.
#[derive(Debug)]
pub struct Serving {
    process: Process,
    /// Where it listens; another address after each start.
    pub address: SocketAddr,
    /// From the start of the process until events were taken.
    pub ready_after: Duration,
    /// Kept, so that the server can write to it.
    _stdout: BufReader<ChildStdout>,
}

impl Serving {
    fn wait_ready(&mut self, started: Instant) -> Result<(), String> {
        let mut connection = Connection::new(self.address);
        let mut last = "no answer".to_owned();
        while started.elapsed() < HANGS {
            if let Some(ended) = self.process.ended() {
                return Err(ended);
            }
            if let Ok(reply) = connection.get("/readyz") {
                if takes_events(&reply.body) {
                    self.ready_after = started.elapsed();
                    return Ok(());
                }
                last = reply.describe();
            }
            thread::sleep(Duration::from_millis(5));
        }
        Err(format!("not ready for events after {} s; /readyz: {last}", HANGS.as_secs()))
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.child.id()
    }

    /// Whether it has ended by itself, which it never should.
    pub fn ended(&mut self) -> Option<String> {
        self.process.ended()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.process.kill();
    }

    /// Asks it to stop, and does not wait.
    pub fn ask_to_stop(&self) -> Result<(), String> {
        let kill = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        match kill {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("kill -TERM: {status}")),
            Err(error) => Err(format!("kill -TERM: {error}")),
        }
    }

    /// Stops it in good order.
    pub fn stop(mut self) -> Result<(), String> {
        self.ask_to_stop()?;
        let asked = Instant::now();
        while asked.elapsed() < HANGS {
            match self.process.child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(format!("asked to stop, it ended with {status}")),
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Err(error) => return Err(error.to_string()),
            }
        }
        Err(format!("asked to stop, it still runs after {} s", HANGS.as_secs()))
    }
}

/// `/readyz` says two things, and its status is about questions.
fn takes_events(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|ready| ready["ingest"] == true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_base64_of_key_and_colon() {
        for (key, expected) in [("", "Og=="), ("a", "YTo="), ("wk", "d2s6"), ("wk~?", "d2t+Pzo=")] {
            assert_eq!(WriteKey(key.to_owned()).basic(), format!("Basic {expected}"), "{key}");
        }
    }
}
