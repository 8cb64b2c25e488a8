//! One message of a queue, and by what it is recognised.

use async_nats::HeaderValue;
use async_nats::header::NATS_MESSAGE_ID;
use async_nats::jetstream;
use async_nats::jetstream::message::Acker;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

/// One message of a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub body: Vec<u8>,
    /// By which it is recognised when it comes again: what its sender said (`Nats-Msg-Id`), else where it stands.
    pub id: String,
    /// Under which subject it was sent.
    pub subject: String,
    /// Its number in the stream.
    pub sequence: u64,
    /// When the queue took it: the same at every delivery.
    pub received: Micros,
    /// How often it was delivered, this time included.
    pub deliveries: u64,
}

impl Message {
    /// Takes a message apart: what it says, and how it is settled.
    pub(crate) fn open(delivered: jetstream::Message) -> Result<(Message, Acker)> {
        let info = delivered.info().map_err(|error| strange(&error))?;
        let said = delivered.headers.as_ref().and_then(|headers| headers.get(NATS_MESSAGE_ID));
        let received = info.published.unix_timestamp_nanos() / 1_000;
        let message = Message {
            id: message_id(said.map(HeaderValue::as_str), info.stream, info.stream_sequence, received),
            body: delivered.payload.to_vec(),
            subject: delivered.subject.to_string(),
            sequence: info.stream_sequence,
            received: Micros::try_from(received).map_err(|error| strange(&error))?,
            deliveries: info.delivered.unsigned_abs(),
        };
        let (_, acker) = delivered.split();
        Ok((message, acker))
    }
}

/// A stream that is deleted and made anew counts from 1 again; the time keeps its messages from being taken for
/// those before. It is as stable as the number: the server stores both.
fn message_id(said: Option<&str>, stream: &str, sequence: u64, received: i128) -> String {
    match said.map(str::trim) {
        Some(said) if !said.is_empty() => said.to_owned(),
        _ => format!("{stream}:{sequence}:{received}"),
    }
}

fn strange(error: &dyn std::fmt::Display) -> Error {
    Error::new(Code::QueueUnavailable, format!("the queue delivered something that is no message: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_what_the_sender_said_or_else_where_the_message_stands() {
        assert_eq!(message_id(Some(" order-7 "), "EVENTS", 42, 17), "order-7");
        assert_eq!(message_id(Some("  "), "EVENTS", 42, 17), "EVENTS:42:17");
        assert_eq!(message_id(None, "EVENTS", 42, 17), "EVENTS:42:17");
        assert_ne!(message_id(None, "EVENTS", 42, 17), message_id(None, "EVENTS", 42, 18));
    }
}
