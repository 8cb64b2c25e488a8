//! A connection to a queue: what it delivers, a batch at a time.
//!
//! The client connects again by itself after a break. Whoever holds a [`Connection`] drops it when it fails and opens
//! another, which also finds a stream or consumer that was deleted and made anew meanwhile.

use std::fmt::Display;
use std::time::Duration;

use async_nats::jetstream::consumer::pull::{self, Batch};
use async_nats::jetstream::consumer::{AckPolicy, Consumer, DeliverPolicy};
use async_nats::jetstream::message::{AckKind, Acker};
use async_nats::{Client, ConnectOptions, jetstream};
use futures::StreamExt;
use weir_core::{Code, Error, Result};

use crate::config::{Config, Login};
use crate::message::Message;

/// How long a batch may be late before the connection counts as broken.
const GRACE: Duration = Duration::from_secs(2);

/// How long the client may take to write what was said to it. A broken connection keeps it for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// Most bytes of a batch, unless one message alone is longer.
const BATCH_BYTES: usize = 8 << 20;

/// What a message carries around its payload, at most: subject, way back, headers' frame.
const ENVELOPE: usize = 64 << 10;

/// A message, and how it is settled.
pub(crate) type Letter = (Message, Acker);

/// An open stream.
pub(crate) struct Connection {
    client: Client,
    consumer: Consumer<pull::Config>,
    wait: Duration,
}

impl Connection {
    /// Connects and makes sure that the server remembers how far was read.
    pub async fn open(config: &Config) -> Result<Connection> {
        let client = connect(config).await?;
        let stream = jetstream::new(client.clone()).get_stream(&config.stream).await.map_err(|error| {
            unavailable(config, format!("stream {} cannot be read", config.stream), &error)
                .help("make it with `nats stream add`, with JetStream on, or correct its name")
        })?;
        let consumer = stream.create_consumer(consumer(config)).await.map_err(|error| {
            unavailable(config, format!("{} cannot be read as {}", config.stream, config.durable), &error)
                .help("is the name taken by a consumer of another kind? Then choose another durable name")
        })?;
        Ok(Connection { client, consumer, wait: config.wait })
    }

    /// Adds up to `most` messages: what is there, or comes while we wait. May be dropped at any point: what is in
    /// `letters` by then is all that was taken.
    pub async fn fetch(&self, most: usize, letters: &mut Vec<Letter>) -> Result<()> {
        let request = async {
            let mut batch = self.request(most).await?;
            while let Some(next) = batch.next().await {
                match next {
                    Ok(delivered) => letters.push(Message::open(delivered)?),
                    // The batch is as long as may be, or the trouble will be there next time too.
                    Err(_) if !letters.is_empty() => return Ok(()),
                    Err(error) => return Err(failed("the queue ended a request", &*error)),
                }
            }
            Ok(())
        };
        match tokio::time::timeout(self.wait + GRACE, request).await {
            Ok(fetched) => fetched,
            Err(_) if !letters.is_empty() => Ok(()),
            Err(late) => Err(failed("the queue does not answer", &late)),
        }
    }

    async fn request(&self, most: usize) -> Result<Batch> {
        let bytes = BATCH_BYTES.max(self.client.server_info().max_payload + ENVELOPE);
        let request = self.consumer.batch().max_messages(most).max_bytes(bytes).expires(self.wait);
        request.messages().await.map_err(|error| failed("the queue takes no request", &error))
    }

    /// Waits until everything said is on its way.
    pub async fn flush(&self) {
        if tokio::time::timeout(PATIENCE, self.client.flush()).await.is_err() {
            tracing::warn!("the queue was not told everything; it will deliver some messages again");
        }
    }
}

/// Tells the queue what became of a message. If it does not hear it, it delivers the message again.
pub(crate) async fn settle(acker: &Acker, kind: AckKind) {
    let told = tokio::time::timeout(PATIENCE, acker.ack_with(kind)).await;
    if !matches!(told, Ok(Ok(()))) {
        tracing::debug!(?kind, "the queue was not told and will deliver a message again");
    }
}

async fn connect(config: &Config) -> Result<Client> {
    let options = ConnectOptions::new().name("weir").event_callback(|event| async move {
        tracing::debug!(%event, "queue");
    });
    let options = match &config.login {
        Login::None => options,
        Login::User { name, password } => options.user_and_password(name.clone(), password.clone()),
        Login::Token(token) => options.token(token.clone()),
    };
    let servers: Vec<&str> = config.servers().collect();
    options.connect(servers).await.map_err(|error| {
        unavailable(config, "cannot connect".to_owned(), &error)
            .help("does the server run there, and are user, password or token right?")
    })
}

fn consumer(config: &Config) -> pull::Config {
    pull::Config {
        durable_name: Some(config.durable.clone()),
        description: Some("read by Weir".to_owned()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: config.ack_wait,
        max_ack_pending: i64::try_from(config.max_in_flight).unwrap_or(i64::MAX),
        filter_subject: config.subject.clone().unwrap_or_default(),
        ..Default::default()
    }
}

fn unavailable(config: &Config, what: String, error: &dyn Display) -> Error {
    failed(&format!("queue at {}: {what}", config.url), error)
}

fn failed(what: &str, error: &dyn Display) -> Error {
    Error::new(Code::QueueUnavailable, format!("{what}: {error}"))
}
