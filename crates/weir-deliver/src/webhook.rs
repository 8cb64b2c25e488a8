//! Webhooks: a signed batch of recipients by POST.
//!
//! ```text
//! webhook-id: msg_…           the same for every attempt        {"type":"push.recipients","push","name","destination",
//! webhook-timestamp: 17…      seconds                            "as_of","message","recipients":[{"id","consumer":
//! webhook-signature: v1,… …   see signature.rs                   {"kind","value"},"identifiers":{kind:[value…]}}…]}
//! ```
//!
//! No redirect is followed, no proxy used, no body of an answer kept; time and size of an answer are limited.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Response};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Timeout};
use weir_core::Result;
use weir_core::destination::Webhook;
use weir_core::push::{Call, Recipient};
use weir_core::time::Day;

use crate::clock;
use crate::guard::{Denial, Guard};
use crate::retry::Answer;
use crate::signature::sign;

/// How much of an answer's body is read, to be able to use the connection again.
const LARGEST_ANSWER: u64 = 64 << 10;

/// How long connecting may take; the rest of the time is for the answer.
const CONNECT: Duration = Duration::from_secs(10);

/// A connection that was idle for longer may be closed at the other end, which would look like a lost reply.
const IDLE: Duration = Duration::from_secs(5);

/// How a test message fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Whether the receiver took it.
    pub ok: bool,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// What happened, in a word.
    pub detail: String,
    /// The id of the message.
    pub message: String,
}

/// Calls webhooks, and nothing that the guard forbids.
pub(crate) struct Client {
    agent: Agent,
}

impl Client {
    pub fn new(guard: &Guard) -> Client {
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider);
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .max_idle_age(IDLE)
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")));
        Client { agent: Agent::with_parts(config.build(), DefaultConnector::default(), guard.clone()) }
    }

    /// Sends the recipients of a message.
    pub fn send(&self, webhook: &Webhook, call: &Call, recipients: &[Recipient]) -> Result<Answer> {
        let body = json!({
            "type": "push.recipients",
            "push": call.push_id,
            "name": call.push_name,
            "destination": call.destination_name,
            "as_of": call.as_of.to_string(),
            "message": call.message_id,
            "recipients": recipients.iter().map(recipient_json).collect::<Value>(),
        });
        self.post(webhook, &call.secrets, &call.message_id, &body)
    }

    /// Sends a message without recipients.
    pub fn test(&self, name: &str, webhook: &Webhook, secrets: &[String], as_of: Day) -> Result<Tested> {
        let message = format!("msg_test_{}", clock::now());
        let body = json!({
            "type": "destination.test",
            "destination": name,
            "as_of": as_of.to_string(),
            "message": message,
            "recipients": [],
        });
        let answer = self.post(webhook, secrets, &message, &body)?;
        let (status, detail) = match &answer {
            Answer::Status(status, _) => (Some(*status), format!("http_{status}")),
            Answer::Unreached(why) | Answer::Lost(why) | Answer::Refused(why) => (None, (*why).to_owned()),
            Answer::Done => (None, String::new()),
        };
        Ok(Tested { ok: matches!(answer, Answer::Status(200..=299, _)), status, detail, message })
    }

    fn post(&self, webhook: &Webhook, secrets: &[String], id: &str, body: &Value) -> Result<Answer> {
        let body = body.to_string();
        let timestamp = clock::now().div_euclid(1_000_000);
        let mut request = self
            .agent
            .post(&webhook.url)
            .config()
            .timeout_global(Some(Duration::from_secs(u64::from(webhook.timeout_seconds))))
            .build()
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp.to_string());
        if !secrets.is_empty() {
            request = request.header("webhook-signature", sign(secrets, id, timestamp, body.as_bytes())?);
        }
        Ok(match request.send(&body) {
            Ok(response) => answer(response),
            Err(error) => answer_of(&error),
        })
    }
}

/// A recipient as receivers get it.
pub(crate) fn recipient_json(recipient: &Recipient) -> Value {
    let Recipient { id, consumer, identifiers } = recipient;
    json!({
        "id": id,
        "consumer": {"kind": consumer.kind, "value": consumer.value},
        "identifiers": identifiers,
    })
}

fn answer(mut response: Response<Body>) -> Answer {
    let (status, after) = (response.status().as_u16(), retry_after(response.headers()));
    // The status is the answer; a body that breaks off changes nothing.
    let _ = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec();
    Answer::Status(status, after)
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second();
    u64::try_from(at - clock::now() / 1_000_000).ok().map(Duration::from_secs)
}

/// Whether the receiver can have anything of a call that brought no answer. In doubt it can.
fn answer_of(error: &ureq::Error) -> Answer {
    match error {
        ureq::Error::HostNotFound => Answer::Unreached("no_address"),
        ureq::Error::ConnectionFailed => Answer::Unreached("refused"),
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => Answer::Unreached("connect_timeout"),
        ureq::Error::Timeout(_) => Answer::Lost("timeout"),
        ureq::Error::Io(error) => of_io(error),
        ureq::Error::Rustls(rustls::Error::InvalidCertificate(_)) => Answer::Unreached("certificate"),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Answer::Refused("bad_url"),
        ureq::Error::Other(error) if error.is::<Denial>() => Answer::Refused("forbidden_address"),
        _ => Answer::Lost("broken_reply"),
    }
}

fn of_io(error: &std::io::Error) -> Answer {
    use std::io::ErrorKind;
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if matches!(tls, Some(rustls::Error::InvalidCertificate(_))) {
        return Answer::Unreached("certificate");
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Answer::Unreached("refused"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => Answer::Unreached("unreachable"),
        _ => Answer::Lost("broken_reply"),
    }
}

#[cfg(test)]
mod tests;
