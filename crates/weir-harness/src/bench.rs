//! How many events a second, what memory, and how soon an audience has them.
//!
//! Rounds with the server and with a bare log of the same bytes take turns in one run, because what a disk and a virtual
//! machine can do changes from minute to minute; their ratio does not. Then the server is loaded for longer, once with an
//! eye on its memory, and once with probes that an audience must show.

pub mod bare_log;
pub mod batch;
pub mod cores;
pub mod freshness;
pub mod load;
pub mod process;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use batch::{Batch, EVENTS, Numbers};
use cores::{CoreUse, Cores};
use freshness::{Access, Freshness};
use load::{Load, Target};
use process::{Memory, Sample};

use crate::report::{self, count};
use crate::server::{Serving, Weir, WriteKey};

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Rounds of each.
    pub rounds: usize,
    /// Seconds of a round.
    pub seconds: u64,
    /// Seconds of the run for memory, and of the one with probes.
    pub long: u64,
    /// Connections.
    pub clients: usize,
    /// Whether clients and server have cores of their own.
    pub cores: CoreUse,
}

/// A round of the server, and the one of the bare log before it.
#[derive(Debug)]
pub struct Round {
    /// Events a second of the bare log.
    pub bare: f64,
    /// What the server did.
    pub load: Load,
    /// Processor seconds that it used.
    pub cpu: f64,
}

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What was asked for.
    pub run: Run,
    /// Who ran where.
    pub cores: Cores,
    /// Bytes of an event.
    pub event_bytes: usize,
    /// The rounds.
    pub rounds: Vec<Round>,
    /// The run for memory.
    pub long: Load,
    /// Memory meanwhile.
    pub memory: Vec<Sample>,
    /// Memory before and after, when nothing came in any more.
    pub at_rest: [Option<Memory>; 2],
    /// The run with probes.
    pub probed: Load,
    /// How soon they were visible.
    pub freshness: Freshness,
}

/// Measures the binary over a fresh directory below `scratch`.
pub fn run(binary: &Path, run: Run, scratch: &Path, progress: &dyn Fn(&str)) -> Result<Outcome, String> {
    let mut cores = Cores::new(run.cores, thread::available_parallelism().map_or(1, usize::from));
    cores.bind_load();
    let weir = Weir::new(binary, scratch).under(&cores.prefix());
    let (key, token) = (weir.source("bench")?, token(&weir)?);
    let serving = weir.start()?;
    let bench =
        Bench { run, cores, serving: &serving, key: &key, numbers: Numbers::default(), scratch, progress };
    let mut rounds = Vec::new();
    for number in 1..=run.rounds {
        rounds.push(bench.round(number)?);
    }
    let before = process::at_rest(serving.pid());
    let (long, memory) = bench.watch_memory()?;
    let at_rest = [before, process::at_rest(serving.pid())];
    let (probed, freshness) = bench.probe(&token)?;
    let (cores, event_bytes) = (bench.cores, Batch::new().bytes().len() / EVENTS);
    serving.stop()?;
    Ok(Outcome { run, cores, event_bytes, rounds, long, memory, at_rest, probed, freshness })
}

fn token(weir: &Weir) -> Result<String, String> {
    let added = weir.json(&["token", "add", "bench"])?;
    added["token"].as_str().map(str::to_owned).ok_or_else(|| format!("token add answered {added}"))
}

struct Bench<'a> {
    run: Run,
    cores: Cores,
    serving: &'a Serving,
    key: &'a WriteKey,
    numbers: Numbers,
    scratch: &'a Path,
    progress: &'a dyn Fn(&str),
}

impl Bench<'_> {
    fn round(&self, number: usize) -> Result<Round, String> {
        let Run { seconds, clients, .. } = self.run;
        // The bare log's numbers are its own: what it writes, the server has never seen.
        let bare = bare_log::run(self.scratch, clients, seconds, &Numbers::default(), &self.cores)?;
        let before = self.cpu();
        let load = self.load(seconds, &AtomicU64::new(0))?;
        let cpu = self.cpu() - before;
        (self.progress)(&format!("round {number}: bare log {bare:.0}, server {:.0} events/s", load.rate()));
        Ok(Round { bare, load, cpu })
    }

    fn load(&self, seconds: u64, acknowledged: &AtomicU64) -> Result<Load, String> {
        let target = Target { address: self.serving.address, key: self.key, clients: self.run.clients };
        load::run(target, &self.numbers, seconds, acknowledged)
    }

    fn cpu(&self) -> f64 {
        process::cpu_seconds(self.serving.pid()).unwrap_or(f64::NAN)
    }

    fn watch_memory(&self) -> Result<(Load, Vec<Sample>), String> {
        let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
        let people = self.numbers.new_people();
        // Each event brings a message id; somebody new brings two identifiers besides.
        let numbers = &self.numbers;
        let ids = || acknowledged.load(Ordering::Relaxed) + 2 * (numbers.new_people() - people);
        let pid = self.serving.pid();
        let outcome = thread::scope(|scope| {
            let watch = scope.spawn(|| process::watch(pid, &ids, &stop));
            let load = self.load(self.run.long, &acknowledged);
            stop.store(true, Ordering::Relaxed);
            Ok((load?, watch.join().unwrap_or_default()))
        });
        (self.progress)("memory is measured");
        outcome
    }

    fn probe(&self, token: &str) -> Result<(Load, Freshness), String> {
        let stop = AtomicBool::new(false);
        let access = Access { address: self.serving.address, key: self.key, token };
        thread::scope(|scope| {
            let probes = scope.spawn(|| freshness::run(access, &stop));
            let load = self.load(self.run.long, &AtomicU64::new(0));
            stop.store(true, Ordering::Relaxed);
            let freshness = probes.join().unwrap_or_else(|_| Err("the prober panicked".to_owned()));
            Ok((load?, freshness?))
        })
    }
}

impl Outcome {
    /// Of the medians: the server's events a second over the bare log's.
    pub fn ratio(&self) -> f64 {
        self.server_rate() / self.bare_rate()
    }

    fn bare_rate(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.bare))
    }

    fn server_rate(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.load.rate()))
    }

    /// Processor seconds of the server for an event, of the median round.
    fn cpu_of_event(&self) -> f64 {
        median(self.rounds.iter().map(|round| round.cpu / round.load.events as f64))
    }

    /// How long the slowest in a hundred probes took to become visible.
    pub fn freshness_p99(&self) -> Duration {
        report::percentile(&self.freshness.visible_after, 99.0).unwrap_or(Duration::MAX)
    }

    /// Bytes by which memory grows with each new id, after the first sixth of the run.
    pub fn bytes_per_id(&self) -> f64 {
        process::bytes_per_id(&self.memory[self.memory.len() / 6..]).unwrap_or(f64::NAN)
    }

    /// Bytes for each new id that are there for good: what memory at rest grew by over the run.
    pub fn bytes_per_id_at_rest(&self) -> f64 {
        let ids = self.memory.last().map_or(0, |sample| sample.ids);
        match self.at_rest {
            [Some(before), Some(after)] if ids > 0 => (after.own as f64 - before.own as f64) / ids as f64,
            _ => f64::NAN,
        }
    }

    /// The figures, fit for `docs/benchmarks/`.
    pub fn markdown(&self, machine: &str) -> String {
        let mut text = format!(
            "{machine}; {}.\n\n{} connections, batches of {EVENTS} events of {} bytes, in {} rounds of {} s, each after one of a \
             bare log of the same bytes with as many writers. A tenth of the events is of somebody new with two \
             identifiers.\n\n",
            self.cores.describe(),
            self.run.clients,
            self.event_bytes,
            self.run.rounds,
            self.run.seconds,
        );
        text += &report::table(
            &["round", "bare log, events/s", "server, events/s", "ratio", "server cores used", "pushed back"],
            &self.round_rows(),
        );
        text += &format!(
            "\nOf the medians: {} events/s of the server over {} of the bare log, **{:.2}**. For each core that the server used: {} events/s, {:.1} µs of processor time an event.\n\n",
            count(self.server_rate() as u64),
            count(self.bare_rate() as u64),
            self.ratio(),
            count((1.0 / self.cpu_of_event()) as u64),
            self.cpu_of_event() * 1e6,
        );
        text += &report::table(
            &["request latency", "requests", "p50, ms", "p99, ms", "p99.9, ms", "longest, ms"],
            &self.latency_rows(),
        );
        text + &self.memory_markdown() + &self.freshness_markdown()
    }

    fn round_rows(&self) -> Vec<Vec<String>> {
        let row = |(number, round): (usize, &Round)| {
            let (bare, server) = (round.bare, round.load.rate());
            let cores = format!("{:.2}", round.cpu / round.load.took.as_secs_f64());
            let (ratio, pushed_back) = (format!("{:.2}", server / bare), round.load.pushed_back);
            report::row(&[
                &(number + 1),
                &count(bare as u64),
                &count(server as u64),
                &ratio,
                &cores,
                &pushed_back,
            ])
        };
        self.rounds.iter().enumerate().map(row).collect()
    }

    fn latency_rows(&self) -> Vec<Vec<String>> {
        let in_rounds: Vec<u32> = self.rounds.iter().flat_map(|round| round.load.latencies.clone()).collect();
        [
            ("in rounds", &in_rounds),
            ("in the long run", &self.long.latencies),
            ("with probes", &self.probed.latencies),
        ]
        .iter()
        .map(|(name, latencies)| latency_row(name, latencies))
        .collect()
    }

    fn memory_markdown(&self) -> String {
        let own = |sample: &Sample| sample.memory.own;
        let (first, last) = (self.memory.first().map_or(0, own), self.memory.last().map_or(0, own));
        let most = self.memory.iter().map(own).max().unwrap_or(0);
        let of_files = self.memory.iter().map(|sample| sample.memory.of_files).max().unwrap_or(0);
        let ids = self.memory.last().map_or(0, |sample| sample.ids);
        let rest = |which: usize| self.at_rest[which].map_or(0, |memory| memory.own >> 20);
        format!(
            "\nMemory over {} s at {} events/s: {} new ids (message ids and identifiers); its own memory {} MB at first, \
             {} MB at last, {} MB at most, beside up to {} MB of mapped files; {:.0} B for each new id by the straight \
             line through the samples. At rest it had {} MB before and {} MB after: **{:.0} B** for each new id.\n",
            self.run.long,
            count(self.long.rate() as u64),
            count(ids),
            first >> 20,
            last >> 20,
            most >> 20,
            of_files >> 20,
            self.bytes_per_id(),
            rest(0),
            rest(1),
            self.bytes_per_id_at_rest(),
        )
    }

    fn freshness_markdown(&self) -> String {
        let at = |values: &[Duration], percent| {
            report::percentile(values, percent).map_or("–".to_owned(), report::millis)
        };
        let Freshness { visible_after, estimates } = &self.freshness;
        format!(
            "\nFrom 200 to visible in an estimate, {} probes over {} s at {} events/s: p50 {} ms, **p99 {} ms**, longest {} ms. \
             {} estimates, p50 {} ms, p99 {} ms.\n",
            visible_after.len(),
            self.run.long,
            count(self.probed.rate() as u64),
            at(visible_after, 50.0),
            at(visible_after, 99.0),
            at(visible_after, 100.0),
            estimates.len(),
            at(estimates, 50.0),
            at(estimates, 99.0),
        )
    }
}

fn latency_row(name: &str, micros: &[u32]) -> Vec<String> {
    let at = |percent| {
        let micros = report::percentile(micros, percent);
        micros.map_or("–".to_owned(), |micros| report::millis(Duration::from_micros(micros.into())))
    };
    report::row(&[&name, &micros.len(), &at(50.0), &at(99.0), &at(99.9), &at(100.0)])
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}
