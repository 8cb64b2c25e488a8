//! Where a queue is, and how it is read.

use std::fmt;
use std::time::Duration;

use weir_core::{Code, Error, Result};

/// Where a stream is, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Servers of one cluster, separated by commas: `nats://10.0.0.5:4222` or, encrypted, `tls://nats.example.com`.
    pub url: String,
    /// Who reads.
    pub login: Login,
    /// The stream, which must exist.
    pub stream: String,
    /// Only messages under these subjects, such as `shop.*.events`; none: all of the stream.
    pub subject: Option<String>,
    /// The name under which the server remembers how far was read.
    pub durable: String,
    /// Most messages handled at once.
    pub batch: usize,
    /// How long to wait for a batch to fill.
    pub wait: Duration,
    /// Most messages delivered and not yet settled, those given back included.
    pub max_in_flight: usize,
    /// After how long without a word from us the server delivers a message again.
    pub ack_wait: Duration,
}

/// Who reads. Never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Login {
    /// Anybody.
    #[default]
    None,
    /// Somebody with a password.
    User {
        /// Their name.
        name: String,
        /// Their password.
        password: String,
    },
    /// Whoever has the token.
    Token(String),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Login::None => "None",
            Login::User { .. } => "User",
            Login::Token(_) => "Token",
        })
    }
}

/// The longest that a batch may take to fill, and so the longest that a stop is late and a lone message waits.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Shorter than this, a busy disk is enough for a message to come twice.
const SHORTEST_ACK_WAIT: Duration = Duration::from_secs(1);

impl Config {
    /// How a stream is read unless somebody says otherwise.
    pub fn new(url: &str, stream: &str, durable: &str) -> Config {
        Config {
            url: url.to_owned(),
            login: Login::None,
            stream: stream.to_owned(),
            subject: None,
            durable: durable.to_owned(),
            batch: 500,
            wait: Duration::from_millis(200),
            max_in_flight: 5_000,
            ack_wait: Duration::from_secs(30),
        }
    }

    /// Refuses what cannot work, before anything is connected to.
    pub fn check(&self) -> Result<()> {
        for server in self.servers() {
            check_server(server)?;
        }
        check_name("stream", &self.stream)?;
        check_name("durable", &self.durable)?;
        self.subject.as_deref().map_or(Ok(()), check_subject)?;
        let fits = (1..=self.max_in_flight).contains(&self.batch);
        demand(fits, "batch", "must be at least 1 and at most max_in_flight")?;
        let waits = !self.wait.is_zero() && self.wait <= LONGEST_WAIT;
        demand(waits, "wait", "must be more than nothing and at most 10 seconds")?;
        demand(self.ack_wait >= SHORTEST_ACK_WAIT, "ack_wait", "must be at least a second")
    }

    /// The addresses, one by one.
    pub fn servers(&self) -> impl Iterator<Item = &str> {
        self.url.split(',').map(str::trim)
    }
}

/// A password in an address would be shown wherever the address is.
fn check_server(server: &str) -> Result<()> {
    let rest = ["nats://", "tls://"].iter().find_map(|scheme| server.strip_prefix(scheme));
    let host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with([':', '/']));
    demand(host, "url", "must be like nats://host:4222 or tls://host:4222, several separated by commas")?;
    demand(
        !server.contains('@'),
        "url",
        "must not have a name or password in it: write them as user and password",
    )
}

/// Dots and wild cards would make another subject of the calls that carry the name.
fn check_name(field: &str, name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '.' | '*' | '>' | '/' | '\\');
    demand(!name.is_empty() && name.chars().all(plain), field, "must be a name without spaces, dots, * or >")
}

fn check_subject(subject: &str) -> Result<()> {
    let tokens: Vec<&str> = subject.split('.').collect();
    let token = |(at, token): (usize, &&str)| match *token {
        "*" => true,
        ">" => at + 1 == tokens.len(),
        word => !word.is_empty() && word.chars().all(|c| c.is_ascii_graphic() && c != '*' && c != '>'),
    };
    demand(tokens.iter().enumerate().all(token), "subject", "must be like shop.orders, shop.* or shop.>")
}

fn demand(holds: bool, field: &str, what: &str) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("{field} {what}")).at(format!("/{field}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Config)) -> Option<String> {
        let mut config = Config::new("nats://localhost:4222", "EVENTS", "weir");
        change(&mut config);
        config.check().err().and_then(|error| error.at)
    }

    #[test]
    fn the_usual_is_fine() {
        assert_eq!(refused(|_| {}), None);
        assert_eq!(refused(|c| c.url = "nats://a:4222, tls://b".to_owned()), None);
        for subject in ["shop.orders", "shop.*.new", "shop.>", ">"] {
            assert_eq!(refused(|c| c.subject = Some(subject.to_owned())), None, "{subject}");
        }
    }

    #[test]
    fn what_cannot_work_is_refused_by_field() {
        for url in
            ["", "localhost:4222", "http://a", "nats://", "nats://:4222", "nats://a,", "nats://me:secret@a"]
        {
            assert_eq!(refused(|c| c.url = url.to_owned()).as_deref(), Some("/url"), "{url}");
        }
        for name in ["", "a.b", "a b", "*", "a>"] {
            assert_eq!(refused(|c| c.stream = name.to_owned()).as_deref(), Some("/stream"), "{name}");
            assert_eq!(refused(|c| c.durable = name.to_owned()).as_deref(), Some("/durable"), "{name}");
        }
        for subject in ["", "a..b", ".a", "a.>.b", "a b", "a*"] {
            let at = refused(|c| c.subject = Some(subject.to_owned()));
            assert_eq!(at.as_deref(), Some("/subject"), "{subject}");
        }
        assert_eq!(refused(|c| c.batch = 0).as_deref(), Some("/batch"));
        assert_eq!(refused(|c| c.batch = c.max_in_flight + 1).as_deref(), Some("/batch"));
        assert_eq!(refused(|c| c.wait = Duration::ZERO).as_deref(), Some("/wait"));
        assert_eq!(refused(|c| c.ack_wait = Duration::ZERO).as_deref(), Some("/ack_wait"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let mut config = Config::new("nats://localhost", "EVENTS", "weir");
        config.login = Login::User { name: "shop".to_owned(), password: "hunter2".to_owned() };
        assert!(!format!("{config:?}").contains("hunter2"));
        config.login = Login::Token("hunter2".to_owned());
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
