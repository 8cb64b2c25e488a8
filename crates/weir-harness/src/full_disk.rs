//! A filesystem that fills up under a server that writes, and has space again later.
//!
//! A real one: a small tmpfs in a mount namespace of its own, which exists as long as its keeper does. It needs the rights
//! to mount; where they are missing, the run says so. While there is no space, batches must be pushed back with
//! `Retry-After`, even by a server that is killed and started in that state; with space again it must take events without
//! help, and whatever was acknowledged at any time must be there.
//!
//! The same with a reserve ([`run_with_reserve`]): then batches must be pushed back while the disk still has space.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::http::Connection;
use crate::report;
use crate::server::{Serving, Weir};
use crate::stored::{self, Comparison};
use crate::writer::{Plan, Writers};

/// Eighths of the disk: what must stay free, and what somebody else takes. The rest is ours.
const RESERVED: u64 = 3;
const TAKEN: u64 = 6;

/// Whatever must happen has happened by then, or never will. It only ends a run that would not end.
const PATIENCE: Duration = Duration::from_secs(120);

/// A filesystem of a few megabytes, gone with this value.
#[derive(Debug)]
pub struct SmallDisk {
    keeper: Child,
    folder: PathBuf,
    bytes: u64,
}

impl SmallDisk {
    /// Mounts it over `folder`, for those who enter its namespace.
    pub fn mount(folder: &Path, megabytes: u32) -> Result<SmallDisk, String> {
        let script = format!("mount -t tmpfs -o size={megabytes}m tmpfs \"$1\" && echo mounted && exec cat");
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", &script, "sh"]).arg(folder);
        // The keeper ends when its stdin does: with its owner, however that ends.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let keeper = command.spawn().map_err(|error| format!("unshare: {error}"))?;
        let mut disk = SmallDisk { keeper, folder: folder.to_owned(), bytes: u64::from(megabytes) << 20 };
        let stdout = disk.keeper.stdout.as_mut().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        if line.trim() == "mounted" {
            return Ok(disk);
        }
        let mut problem = String::new();
        if let Some(stderr) = disk.keeper.stderr.as_mut() {
            let _ = std::io::Read::read_to_string(stderr, &mut problem);
        }
        Err(format!("no filesystem may be mounted here: {}", problem.trim()))
    }

    /// Enters the namespace.
    fn prefix(&self) -> Vec<String> {
        let namespace = format!("--mount=/proc/{}/ns/mnt", self.keeper.id());
        vec!["nsenter".to_owned(), namespace]
    }

    /// The folder as the world outside sees it.
    fn outside(&self) -> PathBuf {
        let inside = self.folder.strip_prefix("/").unwrap_or(&self.folder);
        PathBuf::from(format!("/proc/{}/root", self.keeper.id())).join(inside)
    }

    /// Leaves no byte of space.
    fn fill(&self) -> Result<(), String> {
        let path = self.outside().join("ballast");
        let mut file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        for size in [1 << 20, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        Ok(())
    }

    /// Takes a part of the space only.
    fn take(&self, bytes: u64) -> Result<(), String> {
        let path = self.outside().join("ballast");
        let written = std::fs::write(&path, vec![0; bytes as usize]);
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Whether so much still fits.
    fn fits(&self, bytes: u64) -> Result<(), String> {
        let path = self.outside().join("probe");
        let written = std::fs::write(&path, vec![0; bytes as usize]);
        // What was written in part goes, too.
        let _ = std::fs::remove_file(&path);
        written.map_err(|error| format!("the disk was full already: {error}"))
    }

    /// The binary over a data directory on this disk.
    fn weir(&self, binary: &Path, scratch: &Path) -> Weir {
        let prefix = self.prefix();
        let prefix: Vec<&str> = prefix.iter().map(String::as_str).collect();
        Weir::new(binary, scratch).over(&self.folder.join("data")).under(&prefix)
    }

    /// Gives the space back.
    fn free(&self) -> Result<(), String> {
        let path = self.outside().join("ballast");
        std::fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Both fail only where there is no process any more.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
    }
}

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// Requests pushed back while there was no space.
    pub pushed_back: u64,
    /// From the first byte of space until the first acknowledgement.
    pub recovered_after: Duration,
    /// The store at the end.
    pub stored: Comparison,
    /// Whatever is not as it must be.
    pub problems: Vec<String>,
}

/// Fills the disk under a server, kills the server meanwhile, gives the space back. `scratch` is a folder elsewhere.
pub fn run(binary: &Path, disk: &SmallDisk, plan: Plan, scratch: &Path) -> Result<Outcome, String> {
    let weir = disk.weir(binary, scratch);
    // The disk is to be met itself.
    weir.json(&["workspace", "set", "disk_reserve=0"])?;
    let key = weir.source("full")?;
    let serving = weir.start()?;
    let writers = Writers::start(plan, &serving, &key);
    let mut problems = Vec::new();
    wait_until("events are acknowledged", || acknowledged(&writers) > plan.batch * 10)?;

    disk.fill()?;
    let before = pushed_back(&writers);
    wait_until("a batch is pushed back", || pushed_back(&writers) > before + 10)?;
    // What still fits may be taken; whether it was kept shows at the end.
    thread::sleep(Duration::from_secs(1));
    serving.kill();
    let serving = start_without_space(&weir, &writers, disk, &mut problems)?;
    let pushed_back = pushed_back(&writers) - before;
    let recovered_after = recover(&writers, plan)?;
    end(&weir, serving, writers, scratch, problems, (pushed_back, recovered_after))
}

/// Takes space until less than the reserve is left, sees that nothing more comes in, and gives it back. Nobody is
/// killed, and nobody helps.
pub fn run_with_reserve(
    binary: &Path,
    disk: &SmallDisk,
    plan: Plan,
    scratch: &Path,
) -> Result<Outcome, String> {
    let weir = disk.weir(binary, scratch);
    let eighth = disk.bytes / 8;
    weir.json(&["workspace", "set", &format!("disk_reserve={}", RESERVED * eighth)])?;
    let key = weir.source("reserved")?;
    let serving = weir.start()?;
    let writers = Writers::start(plan, &serving, &key);
    wait_until("events are acknowledged", || acknowledged(&writers) > plan.batch * 10)?;

    disk.take(TAKEN * eighth)?;
    let before = pushed_back(&writers);
    wait_until("a batch is pushed back", || pushed_back(&writers) > before + 10)?;
    // Longer than what waits in the log waits for a flush while there is no space.
    thread::sleep(Duration::from_secs(12));
    let mut problems = Vec::new();
    problems.extend(disk.fits(eighth / 2).err());
    problems.extend(says_full(&serving).err());
    let pushed_back = pushed_back(&writers) - before;
    disk.free()?;
    let recovered_after = recover(&writers, plan)?;
    end(&weir, serving, writers, scratch, problems, (pushed_back, recovered_after))
}

/// `/readyz` tells what is the matter.
fn says_full(serving: &Serving) -> Result<(), String> {
    let reply =
        Connection::new(serving.address).get("/readyz").map_err(|error| format!("/readyz: {error}"))?;
    let ready: serde_json::Value = serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
    if ready["ingest"] == false && ready["ingest_reason"] == "disk_full" {
        return Ok(());
    }
    Err(format!("without space /readyz answers {ready}"))
}

/// From space until events are acknowledged, and go on.
fn recover(writers: &Writers, plan: Plan) -> Result<Duration, String> {
    let (count, since) = (acknowledged(writers), Instant::now());
    wait_until("events are acknowledged again", || acknowledged(writers) > count)?;
    let recovered_after = since.elapsed();
    wait_until("events go on", || acknowledged(writers) > count + plan.batch * 10)?;
    Ok(recovered_after)
}

/// Stops, and compares what is stored with what was acknowledged.
fn end(
    weir: &Weir,
    serving: Serving,
    writers: Writers,
    scratch: &Path,
    mut problems: Vec<String>,
    (pushed_back, recovered_after): (u64, Duration),
) -> Result<Outcome, String> {
    let accounts = writers.finish()?;
    serving.stop()?;
    let stored = stored::compare(weir, &accounts.accounts, scratch)?;
    problems.extend(accounts.complaints);
    problems.extend(stored.problems());
    problems.extend(weir.json(&["verify"]).err());
    Ok(Outcome { pushed_back, recovered_after, stored, problems })
}

/// A server that is started on a full disk pushes back, or says that it is not ready; then the space comes back.
fn start_without_space(
    weir: &Weir,
    writers: &Writers,
    disk: &SmallDisk,
    problems: &mut Vec<String>,
) -> Result<Serving, String> {
    let starting = weir.spawn()?;
    thread::sleep(Duration::from_secs(2));
    disk.free()?;
    let serving = match starting.ready() {
        Ok(serving) => serving,
        Err(problem) => {
            problems.push(format!("started on a full disk: {problem}; {}", weir.last_words()));
            weir.start()?
        }
    };
    writers.redirect(&serving);
    Ok(serving)
}

fn acknowledged(writers: &Writers) -> u64 {
    writers.counters().acknowledged.load(Ordering::Relaxed)
}

fn pushed_back(writers: &Writers) -> u64 {
    writers.counters().pushed_back.load(Ordering::Relaxed)
}

fn wait_until(what: &str, holds: impl Fn() -> bool) -> Result<(), String> {
    let since = Instant::now();
    while !holds() {
        if since.elapsed() > PATIENCE {
            return Err(format!("not after {} s: {what}", PATIENCE.as_secs()));
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

impl Outcome {
    /// The log of the run, fit for `docs/gates/`.
    pub fn markdown(&self) -> String {
        let Comparison { acknowledged, missing, duplicates, .. } = self.stored;
        let verdict = if self.problems.is_empty() { "passed" } else { "FAILED" };
        let problems: String =
            self.problems.iter().map(|problem| format!("- problem: {problem}\n")).collect();
        format!(
            "{verdict}: {} requests were pushed back while there was no space; {} ms after there was, and a server was \
             ready, events were acknowledged again. {} messages acknowledged, {missing} missing, {duplicates} \
             duplicates.\n\n{problems}",
            report::count(self.pushed_back),
            report::millis(self.recovered_after),
            report::count(acknowledged),
        )
    }
}
