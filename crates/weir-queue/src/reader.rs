//! Reads a queue until somebody asks to stop: fetch, hand over, settle.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::message::{AckKind, Acker};
use weir_core::error::Kind;
use weir_core::{Error, Result};

use crate::backoff::pause;
use crate::config::Config;
use crate::connection::{Connection, Letter, settle};
use crate::message::Message;
use crate::stop::Stop;

/// Takes messages over.
pub trait Handler: Send + Sync + 'static {
    /// Commits messages; may block. Answers for each, in order, what became of it. With an error none is settled, and
    /// all of them come again. If the error is not a temporary one, some message may be the cause of it: they are handed
    /// over in smaller parts until it is alone.
    fn handle(&self, messages: &[Message]) -> Result<Vec<Outcome>>;

    /// Hears how reading goes, whenever that changes.
    fn condition(&self, condition: Condition);
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable, now or since an earlier time.
    Committed,
    /// It can never be taken; that is counted. It is not delivered again.
    Refused,
}

/// How reading goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Connected, and taking what comes.
    Reading,
    /// Waiting to try again.
    Failing(Error),
    /// Asked to stop, and done.
    Stopped,
}

/// Reads on this thread until somebody asks to stop. The only error is a configuration that cannot work.
pub fn read(config: Config, handler: Arc<impl Handler>, stop: &Stop) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::io("starting a reader of a queue", &error))?;
    runtime.block_on(run(config, handler, stop))
}

/// Reads until somebody asks to stop. The only error is a configuration that cannot work; whatever else fails is told
/// to the handler and tried again.
pub async fn run(config: Config, handler: Arc<impl Handler>, stop: &Stop) -> Result<()> {
    config.check()?;
    let mut reader = Reader { config, handler, stop, broken: 0, idle: 0, failing: false };
    while !stop.is_raised() {
        if let Err(error) = reader.session().await {
            reader.broken += 1;
            reader.rest(error, pause(reader.broken)).await;
        }
    }
    reader.handler.condition(Condition::Stopped);
    Ok(())
}

struct Reader<'a, H> {
    config: Config,
    handler: Arc<H>,
    stop: &'a Stop,
    /// How often in a row the connection failed.
    broken: u64,
    /// How many batches in a row passed nothing.
    idle: u64,
    /// Whether the last batch had a failure in it.
    failing: bool,
}

impl<H: Handler> Reader<'_, H> {
    /// Connects and reads until somebody asks to stop or the connection fails.
    async fn session(&mut self) -> Result<()> {
        let connection = tokio::select! {
            () = self.stop.raised() => return Ok(()),
            connection = Connection::open(&self.config) => connection?,
        };
        self.handler.condition(Condition::Reading);
        let read = self.read(&connection).await;
        connection.flush().await;
        read
    }

    async fn read(&mut self, connection: &Connection) -> Result<()> {
        while !self.stop.is_raised() {
            let mut letters = Vec::new();
            let fetched = tokio::select! {
                () = self.stop.raised() => Ok(()),
                fetched = connection.fetch(self.config.batch, &mut letters) => fetched,
            };
            if !letters.is_empty() {
                self.deliver(letters).await;
            }
            fetched?;
            self.broken = 0;
        }
        Ok(())
    }

    /// Hands messages over and settles them; where that fails, in halves.
    async fn deliver(&mut self, letters: Vec<Letter>) {
        let (messages, ackers): (Vec<Message>, Vec<Acker>) = letters.into_iter().unzip();
        let messages = Arc::new(messages);
        let whole = 0..messages.len();
        let (mut parts, mut passed, mut failure) = (vec![whole], false, None);
        while let Some(part) = parts.pop() {
            match self.hand_over(&messages, part.clone(), &ackers).await {
                Ok(outcomes) => {
                    settle_all(&ackers[part], outcomes).await;
                    passed = true;
                }
                Err(error) if part.len() > 1 && error.code.kind() != Kind::Unavailable => {
                    let middle = part.start + part.len() / 2;
                    parts.extend([middle..part.end, part.start..middle]);
                }
                Err(error) => {
                    self.give_back(&messages[part.clone()], &ackers[part]).await;
                    failure = Some(error);
                }
            }
        }
        self.conclude(passed, failure).await;
    }

    /// The handler's answer. While it takes its time, the queue hears that the messages are being worked on.
    async fn hand_over(
        &self,
        messages: &Arc<Vec<Message>>,
        part: Range<usize>,
        ackers: &[Acker],
    ) -> Result<Vec<Outcome>> {
        let (handler, messages, handed) = (self.handler.clone(), messages.clone(), part.clone());
        let mut handling = tokio::task::spawn_blocking(move || handler.handle(&messages[handed]));
        loop {
            tokio::select! {
                handled = &mut handling => {
                    let broke_off = |_| Error::internal("the handler of a queue broke off");
                    return complete(handled.map_err(broke_off)??, part.len());
                }
                () = tokio::time::sleep(self.config.ack_wait / 3) => {
                    // What stands before this part is settled.
                    for acker in &ackers[part.start..] {
                        settle(acker, AckKind::Progress).await;
                    }
                }
            }
        }
    }

    /// What failed often comes back late, so that it does not keep others.
    async fn give_back(&self, messages: &[Message], ackers: &[Acker]) {
        for (message, acker) in messages.iter().zip(ackers) {
            let delay = pause(message.deliveries.max(self.idle + 1));
            settle(acker, AckKind::Nak(Some(delay))).await;
        }
    }

    /// After a batch of which nothing passed, there is no point in going on at once.
    async fn conclude(&mut self, passed: bool, failure: Option<Error>) {
        self.idle = if passed { 0 } else { self.idle + 1 };
        let failed_before = std::mem::replace(&mut self.failing, failure.is_some());
        match failure {
            Some(error) => self.rest(error, pause(self.idle)).await,
            None if failed_before => self.handler.condition(Condition::Reading),
            None => {}
        }
    }

    /// Waits after a failure, but not longer than until somebody asks to stop.
    async fn rest(&self, error: Error, time: Duration) {
        let (stream, code) = (self.config.stream.as_str(), error.code.as_str());
        tracing::warn!(stream, code, message = error.message, pause = ?time, "a queue is not read as it should be");
        self.handler.condition(Condition::Failing(error));
        tokio::select! {
            () = self.stop.raised() => {}
            () = tokio::time::sleep(time) => {}
        }
    }
}

async fn settle_all(ackers: &[Acker], outcomes: Vec<Outcome>) {
    for (acker, outcome) in ackers.iter().zip(outcomes) {
        settle(acker, answer(outcome)).await;
    }
}

/// A handler that forgets a message must not have another's outcome taken for it.
fn complete(outcomes: Vec<Outcome>, expected: usize) -> Result<Vec<Outcome>> {
    if outcomes.len() == expected {
        return Ok(outcomes);
    }
    Err(Error::internal(format!("{expected} messages were handed over and {} settled", outcomes.len())))
}

fn answer(outcome: Outcome) -> AckKind {
    match outcome {
        Outcome::Committed => AckKind::Ack,
        Outcome::Refused => AckKind::Term,
    }
}
