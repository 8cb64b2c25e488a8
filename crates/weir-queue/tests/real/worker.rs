//! A reader under test: it keeps what was handed over, and fails when told to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use weir_core::{Code, Error, Result};
use weir_queue::{Condition, Config, Handler, Message, Outcome, Stop};

use crate::server::{DURABLE, STREAM, Server};

/// What was handed over, over all the lives of a reader.
#[derive(Default)]
pub struct Kept {
    /// Message id → the message, and how often it was committed.
    pub committed: HashMap<String, (Message, u32)>,
    pub refused: Vec<String>,
    pub conditions: Vec<Condition>,
    pub largest_batch: usize,
}

/// How a handler takes a batch.
pub enum Mood {
    Fine,
    /// It fails.
    Fails,
    /// It commits, and fails before it can say so.
    FailsLate,
}

type Temper = Box<dyn Fn(&[Message]) -> Mood + Send + Sync>;

pub struct Keeper {
    kept: Mutex<Kept>,
    temper: Temper,
}

impl Keeper {
    pub fn new(temper: impl Fn(&[Message]) -> Mood + Send + Sync + 'static) -> Arc<Keeper> {
        Arc::new(Keeper { kept: Mutex::default(), temper: Box::new(temper) })
    }

    pub fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }

    pub fn committed(&self) -> usize {
        self.kept().committed.len()
    }

    pub fn failure(&self) -> Option<Error> {
        match self.kept().conditions.last() {
            Some(Condition::Failing(error)) => Some(error.clone()),
            _ => None,
        }
    }
}

impl Handler for Keeper {
    fn handle(&self, messages: &[Message]) -> Result<Vec<Outcome>> {
        let mood = (self.temper)(messages);
        if matches!(mood, Mood::Fails) {
            return Err(ours_and_temporary());
        }
        let mut kept = self.kept();
        kept.largest_batch = kept.largest_batch.max(messages.len());
        let outcomes = messages.iter().map(|message| keep(&mut kept, message)).collect();
        if matches!(mood, Mood::FailsLate) { Err(ours_and_temporary()) } else { Ok(outcomes) }
    }

    fn condition(&self, condition: Condition) {
        self.kept().conditions.push(condition);
    }
}

fn keep(kept: &mut Kept, message: &Message) -> Outcome {
    if message.body.starts_with(b"poison") {
        kept.refused.push(message.id.clone());
        return Outcome::Refused;
    }
    kept.committed.entry(message.id.clone()).or_insert_with(|| (message.clone(), 0)).1 += 1;
    Outcome::Committed
}

fn ours_and_temporary() -> Error {
    Error::new(Code::StoreBusy, "not now")
}

/// Small batches, so that much happens between two of them.
pub fn config(server: &Server) -> Config {
    let mut config = Config::new(&server.url(), STREAM, DURABLE);
    config.batch = 50;
    config.wait = Duration::from_millis(50);
    config.ack_wait = Duration::from_secs(1);
    config
}

/// A reader at work.
pub struct Worker {
    stop: Stop,
    thread: JoinHandle<()>,
    kill: tokio::sync::oneshot::Sender<()>,
}

impl Worker {
    pub fn start(config: Config, keeper: &Arc<Keeper>) -> Worker {
        let (stop, keeper) = (Stop::default(), keeper.clone());
        let (kill, killed) = tokio::sync::oneshot::channel();
        let stopping = stop.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    ran = weir_queue::run(config, keeper, &stopping) => ran.unwrap(),
                    _ = killed => {}
                }
            });
            runtime.shutdown_background();
        });
        Worker { stop, thread, kill }
    }

    /// Ends it in good order.
    pub fn stop(self) {
        self.stop.raise();
        self.thread.join().unwrap();
    }

    /// Ends it wherever it is: nothing that it has not said is ever said.
    pub fn kill(self) {
        let _ = self.kill.send(());
        self.thread.join().unwrap();
    }
}

/// Numbers that look random and are the same in every run.
#[derive(Default)]
pub struct Dice(AtomicU64);

impl Dice {
    pub fn below(&self, n: u64) -> u64 {
        let step = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (step ^ (step >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) % n
    }
}
