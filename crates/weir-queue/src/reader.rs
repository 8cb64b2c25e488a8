//! Reads a queue until somebody asks to stop: fetch, hand over, settle.

use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::message::{AckKind, Acker};
use weir_core::{Error, Result};

use crate::backoff::pause;
use crate::config::Config;
use crate::connection::{Connection, Letter, settle};
use crate::message::Message;
use crate::stop::Stop;

/// Takes messages over.
pub trait Handler: Send + Sync + 'static {
    /// Commits messages; may block. Answers for each, in order, what became of it. With an error none is settled: it is
    /// ours and temporary, and all of them come again.
    fn handle(&self, messages: Vec<Message>) -> Result<Vec<Outcome>>;

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
    let mut reader = Reader { size: config.batch, config, handler, stop, broken: 0, refused: 0 };
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
    /// How often in a row the handler failed.
    refused: u64,
    /// Most messages next time. It shrinks with failures, so that a message at which the handler fails for ever ends up
    /// alone and the others pass.
    size: usize,
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
                fetched = connection.fetch(self.size, &mut letters) => fetched,
            };
            if !letters.is_empty() {
                self.deliver(letters).await;
            }
            fetched?;
            self.broken = 0;
        }
        Ok(())
    }

    /// Hands messages over and settles them.
    async fn deliver(&mut self, letters: Vec<Letter>) {
        let deliveries: Vec<u64> = letters.iter().map(|(message, _)| message.deliveries).collect();
        let (messages, ackers): (Vec<Message>, Vec<Acker>) = letters.into_iter().unzip();
        match self.hand_over(messages, &ackers).await {
            Ok(outcomes) => {
                for (acker, outcome) in ackers.iter().zip(outcomes) {
                    settle(acker, answer(outcome)).await;
                }
                self.succeed();
            }
            Err(error) => {
                self.refused += 1;
                self.size = (ackers.len() / 2).max(1);
                self.give_back(&ackers, &deliveries).await;
                self.rest(error, pause(self.refused)).await;
            }
        }
    }

    /// The handler's answer. While it takes its time, the queue hears that the messages are being worked on.
    async fn hand_over(&self, messages: Vec<Message>, ackers: &[Acker]) -> Result<Vec<Outcome>> {
        let handler = self.handler.clone();
        let mut handling = tokio::task::spawn_blocking(move || handler.handle(messages));
        loop {
            tokio::select! {
                handled = &mut handling => {
                    let broke_off = |_| Error::internal("the handler of a queue broke off");
                    return complete(handled.map_err(broke_off)??, ackers.len());
                }
                () = tokio::time::sleep(self.config.ack_wait / 3) => {
                    for acker in ackers {
                        settle(acker, AckKind::Progress).await;
                    }
                }
            }
        }
    }

    fn succeed(&mut self) {
        self.size = (self.size * 2).min(self.config.batch);
        if std::mem::take(&mut self.refused) > 0 {
            self.handler.condition(Condition::Reading);
        }
    }

    /// What failed often comes back late, so that the others need not wait for it.
    async fn give_back(&self, ackers: &[Acker], deliveries: &[u64]) {
        for (acker, deliveries) in ackers.iter().zip(deliveries) {
            let delay = pause(self.refused.max(*deliveries));
            settle(acker, AckKind::Nak(Some(delay))).await;
        }
    }

    /// Waits after a failure, but not longer than until somebody asks to stop.
    async fn rest(&self, error: Error, time: Duration) {
        let (stream, code) = (self.config.stream.as_str(), error.code.as_str());
        tracing::warn!(stream, code, message = error.message, pause = ?time, "cannot read a queue");
        self.handler.condition(Condition::Failing(error));
        tokio::select! {
            () = self.stop.raised() => {}
            () = tokio::time::sleep(time) => {}
        }
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
