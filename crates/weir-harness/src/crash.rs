//! `kill -9`, again and again, while writers write: nothing acknowledged is lost, nothing is stored twice.
//!
//! The moments are drawn: while requests are under way, while the log is flushed because another process asks for what is in it
//! (which is then killed as well, or left to flush itself), while the server starts, while it stops.
//! At the end the store is read twice, once as the last kill left it, and once after a start and a good end.

use std::fs::DirEntry;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use crate::random::Random;
use crate::report;
use crate::server::{Asking, Serving, Starting, Weir};
use crate::stored::{self, Comparison};
use crate::writer::{Plan, Writers};

/// Writers that get nothing acknowledged for so long have lost their server. It only ends a run that would not end.
const STUCK: Duration = Duration::from_secs(180);

/// How long a flush is waited for before the kill comes without one.
const FLUSH: Duration = Duration::from_secs(3);

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// How often the server is killed.
    pub kills: usize,
    /// How many messages are acknowledged over all; the kills are spread over them.
    pub events: u64,
    /// Who writes.
    pub plan: Plan,
}

/// When a server was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// While requests were under way.
    Working,
    /// While the log was flushed for another process.
    Flushing,
    /// Between its start and its readiness.
    Starting,
    /// After it was asked to stop.
    Stopping,
}

impl Moment {
    fn draw(random: &mut Random) -> Moment {
        match random.below(10) {
            0..=4 => Moment::Working,
            5..=6 => Moment::Flushing,
            7..=8 => Moment::Starting,
            _ => Moment::Stopping,
        }
    }

    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Moment::Working => "working",
            Moment::Flushing => "flushing",
            Moment::Starting => "starting",
            Moment::Stopping => "stopping",
        }
    }
}

/// One kill.
#[derive(Debug, Clone, Copy)]
pub struct Kill {
    /// When.
    pub moment: Moment,
    /// Messages acknowledged by then.
    pub acknowledged: u64,
    /// Messages under way.
    pub in_flight: u64,
    /// From the next start until events were taken again; nothing where that start was killed too.
    pub ready_after: Option<Duration>,
}

/// What a run found.
#[derive(Debug)]
pub struct Outcome {
    /// What was asked for.
    pub run: Run,
    /// The kills in order.
    pub kills: Vec<Kill>,
    /// The whole run.
    pub took: Duration,
    /// The store as the last kill left it.
    pub killed: Comparison,
    /// The store after a start and a good end.
    pub stopped: Comparison,
    /// Requests without an answer, requests pushed back, batches sent again.
    pub requests: [u64; 3],
    /// Whatever is not as it must be.
    pub problems: Vec<String>,
}

/// Kills a server over a fresh directory below `scratch`.
pub fn run(
    weir: &Weir,
    run: Run,
    scratch: &Path,
    progress: &mut dyn FnMut(&Kill),
) -> Result<Outcome, String> {
    let began = Instant::now();
    let key = weir.source("crash")?;
    let serving = weir.start()?;
    let writers = Writers::start(run.plan, &serving, &key);
    let mut killer = Killer { weir, run, random: Random::stream(run.plan.seed, 0), kills: Vec::new() };
    let serving = killer.kill_all(serving, &writers, progress)?;
    let requests = {
        let counters = writers.counters();
        [&counters.unanswered, &counters.pushed_back, &counters.repeated].map(|n| n.load(Ordering::Relaxed))
    };
    let accounts = writers.finish()?;
    serving.kill();
    let killed = stored::compare(weir, &accounts.accounts, scratch)?;
    weir.start()?.stop()?;
    let stopped = stored::compare(weir, &accounts.accounts, scratch)?;
    let mut problems = accounts.complaints;
    problems.extend(killed.problems());
    problems.extend(stopped.problems());
    problems.extend(weir.json(&["verify"]).err());
    Ok(Outcome { run, kills: killer.kills, took: began.elapsed(), killed, stopped, requests, problems })
}

struct Killer<'a> {
    weir: &'a Weir,
    run: Run,
    random: Random,
    kills: Vec<Kill>,
}

impl Killer<'_> {
    /// Every kill has its share of the messages, and comes somewhere within it.
    fn kill_all(
        &mut self,
        mut serving: Serving,
        writers: &Writers,
        progress: &mut dyn FnMut(&Kill),
    ) -> Result<Serving, String> {
        let share = self.run.events / (self.run.kills.max(1) as u64);
        while self.kills.len() < self.run.kills {
            let before = self.kills.len();
            let target = share * before as u64 + self.random.below(share);
            wait_for(writers, &mut serving, target)?;
            serving = self.kill(serving, writers)?;
            writers.redirect(&serving);
            self.kills[before..].iter().for_each(&mut *progress);
        }
        wait_for(writers, &mut serving, self.run.events)?;
        Ok(serving)
    }

    /// Kills the server once, or twice where it is killed while it starts, and starts it again.
    fn kill(&mut self, serving: Serving, writers: &Writers) -> Result<Serving, String> {
        let moment = Moment::draw(&mut self.random);
        let usual = serving.ready_after;
        let asking = self.wait_for(moment, &serving)?;
        let first = if moment == Moment::Starting { Moment::Working } else { moment };
        self.note(first, writers);
        serving.kill();
        if let Some(asking) = asking {
            self.end(asking);
        }
        if moment == Moment::Starting && self.kills.len() < self.run.kills {
            let starting = self.weir.spawn()?;
            self.kill_starting(starting, usual, writers);
        }
        let serving = self.weir.start()?;
        if let Some(last) = self.kills.last_mut() {
            last.ready_after = Some(serving.ready_after);
        }
        Ok(serving)
    }

    /// Brings the server to the moment, and answers who asked for it.
    fn wait_for(&mut self, moment: Moment, serving: &Serving) -> Result<Option<Asking>, String> {
        let mut asking = None;
        match moment {
            Moment::Working | Moment::Starting => {}
            Moment::Flushing => {
                asking = Some(self.weir.begin(&["sql", "SELECT count(*) FROM events"])?);
                wait_for_flush(self.weir.data());
            }
            Moment::Stopping => {
                serving.ask_to_stop()?;
                self.sleep_below(Duration::from_millis(300));
            }
        }
        self.sleep_below(Duration::from_millis(30));
        Ok(asking)
    }

    /// Who asked is killed too, or has the data directory to itself until it has ended.
    fn end(&mut self, asking: Asking) {
        if self.random.percent(50) {
            asking.kill();
        } else {
            asking.wait();
        }
    }

    fn kill_starting(&mut self, starting: Starting, usual: Duration, writers: &Writers) {
        self.sleep_below(usual);
        self.note(Moment::Starting, writers);
        starting.kill();
    }

    fn note(&mut self, moment: Moment, writers: &Writers) {
        let counters = writers.counters();
        let acknowledged = counters.acknowledged.load(Ordering::Relaxed);
        let in_flight = counters.in_flight.load(Ordering::Relaxed);
        self.kills.push(Kill { moment, acknowledged, in_flight, ready_after: None });
    }

    fn sleep_below(&mut self, most: Duration) {
        thread::sleep(Duration::from_micros(self.random.below(most.as_micros() as u64)));
    }
}

fn wait_for(writers: &Writers, serving: &mut Serving, target: u64) -> Result<(), String> {
    let acknowledged = || writers.counters().acknowledged.load(Ordering::Relaxed);
    let (mut seen, mut since) = (acknowledged(), Instant::now());
    while seen < target {
        thread::sleep(Duration::from_millis(2));
        if let Some(ended) = serving.ended() {
            return Err(ended);
        }
        let now = acknowledged();
        if now > seen {
            (seen, since) = (now, Instant::now());
        } else if since.elapsed() > STUCK {
            return Err(format!("nothing was acknowledged for {} s", STUCK.as_secs()));
        }
    }
    Ok(())
}

/// Waits until a file is being written beside the log.
fn wait_for_flush(data: &Path) {
    let since = Instant::now();
    while since.elapsed() < FLUSH && !flushing(data) {
        thread::sleep(Duration::from_millis(1));
    }
}

/// Files are written under a temporary name first; what an earlier kill left of them is old.
fn flushing(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| is_being_written(&entry) || flushing(&entry.path()))
}

fn is_being_written(entry: &DirEntry) -> bool {
    let temporary = entry.path().extension().is_some_and(|extension| extension == "tmp");
    let modified = entry.metadata().and_then(|data| data.modified()).ok();
    let age = modified.and_then(|time| time.elapsed().ok());
    temporary && age.is_none_or(|age| age < Duration::from_secs(1))
}

impl Outcome {
    /// The log of the run, fit for `docs/gates/`.
    pub fn markdown(&self, machine: &str) -> String {
        let mut text = self.summary(machine);
        text += "\n## Kills\n\n";
        text += "Acknowledged: messages by then. In flight: messages in requests without an answer. Ready: from the next \
                 start until events were taken, where that start was not killed.\n\n";
        let rows: Vec<_> = self.kills.iter().enumerate().map(|(n, kill)| kill.row(n + 1)).collect();
        text + &report::table(&["kill", "moment", "acknowledged", "in flight", "ready, ms"], &rows)
    }

    fn summary(&self, machine: &str) -> String {
        let Run { kills, plan, .. } = self.run;
        let Plan { writers, batch, seed } = plan;
        let verdict = if self.problems.is_empty() { "passed" } else { "FAILED" };
        let mut text = format!(
            "{verdict}: {kills} kills, {} messages acknowledged, {} missing, {} duplicates.\n\n\
             {writers} writers, batches of {batch}, seed {seed}, {:.0} s. {machine}.\n\n",
            report::count(self.stopped.acknowledged),
            self.stopped.missing,
            self.stopped.duplicates,
            self.took.as_secs_f64(),
        );
        for problem in &self.problems {
            text += &format!("- problem: {problem}\n");
        }
        text += &report::table(&["", "after the last kill", "after a start and a good end"], &self.figures());
        let [unanswered, pushed_back, repeated] = self.requests.map(report::count);
        text += &format!(
            "\n{unanswered} requests had no answer, {pushed_back} were pushed back, {repeated} batches were sent again \
             although they had been acknowledged.\n\n"
        );
        text + &report::table(
            &["ready after a kill", "starts", "p50, ms", "p99, ms", "longest, ms"],
            &self.starts(),
        )
    }

    fn figures(&self) -> Vec<Vec<String>> {
        let (killed, stopped) = (self.killed.figures(), self.stopped.figures());
        let both = killed.iter().zip(&stopped);
        both.map(|((name, a), (_, b))| report::row(&[name, &report::count(*a), &report::count(*b)])).collect()
    }

    fn starts(&self) -> Vec<Vec<String>> {
        let moments = [Moment::Working, Moment::Flushing, Moment::Starting, Moment::Stopping];
        let mut rows: Vec<_> = moments.iter().map(|&moment| self.starts_after(Some(moment))).collect();
        rows.push(self.starts_after(None));
        rows
    }

    fn starts_after(&self, moment: Option<Moment>) -> Vec<String> {
        let of = self.kills.iter().filter(|kill| moment.is_none_or(|moment| kill.moment == moment));
        let times: Vec<Duration> = of.filter_map(|kill| kill.ready_after).collect();
        let at = |percent| report::percentile(&times, percent).map_or("–".to_owned(), report::millis);
        let name = moment.map_or("all", Moment::name);
        report::row(&[&name, &times.len(), &at(50.0), &at(99.0), &at(100.0)])
    }
}

impl Kill {
    fn row(&self, number: usize) -> Vec<String> {
        let ready = self.ready_after.map_or("–".to_owned(), report::millis);
        let [acknowledged, in_flight] = [self.acknowledged, self.in_flight].map(report::count);
        report::row(&[&number, &self.moment.name(), &acknowledged, &in_flight, &ready])
    }
}
