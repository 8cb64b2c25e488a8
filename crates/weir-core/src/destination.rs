//! Destinations: where people are pushed. A definition with a JSON form; its secrets are kept elsewhere.
//!
//! ```text
//! DEST := {"kind":"file","format":"csv"|"jsonl"|"parquet","identifiers":[…]?}
//!       | {"kind":"webhook","url":"https://…","batch":n?,"timeout_seconds":n?,"in_flight":n?,"identifiers":[…]?}
//! ```
//!
//! `identifiers` are the kinds that the destination wants; whoever has none of them is not sent. Left out or empty, the
//! canonical identifier is enough. Deliberately absent: whether a URL may be called (weir-deliver's guard decides).

use serde_json::{Map, Value, json};

use crate::error::{Code, Error, Result, suggestion};

/// Recipients of one call unless stated otherwise, and most.
pub const DEFAULT_BATCH: u32 = 100;
const LARGEST_BATCH: u32 = 10_000;

/// Seconds that a call may take unless stated otherwise, and most.
const DEFAULT_TIMEOUT: u32 = 30;
const LONGEST_TIMEOUT: u32 = 300;

/// Calls at a time unless stated otherwise, and most.
const DEFAULT_IN_FLIGHT: u32 = 4;
const MOST_IN_FLIGHT: u32 = 32;

const MOST_KINDS: usize = 50;
const LONGEST_URL: usize = 2_000;

/// Where people are pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A file below the data directory.
    File(FileDestination),
    /// An HTTP endpoint that takes signed batches.
    Webhook(Webhook),
}

/// A file: all recipients of a push in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDestination {
    /// How it is written.
    pub format: Format,
    /// Kinds of identifiers wanted.
    pub identifiers: Vec<String>,
}

/// An HTTP endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Where to POST.
    pub url: String,
    /// Recipients of one call.
    pub batch: u32,
    /// Seconds that one call may take.
    pub timeout_seconds: u32,
    /// Calls at a time.
    pub in_flight: u32,
    /// Kinds of identifiers wanted.
    pub identifiers: Vec<String>,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
    /// Parquet.
    Parquet,
}

impl Format {
    /// Every format with its name, which is also the ending of its files.
    pub const ALL: [(&'static str, Format); 3] =
        [("csv", Format::Csv), ("jsonl", Format::Jsonl), ("parquet", Format::Parquet)];

    /// The format's name.
    pub fn name(self) -> &'static str {
        Format::ALL.iter().find(|(_, format)| *format == self).map_or("csv", |(name, _)| name)
    }

    /// The format of a file by its ending.
    pub fn of_ending(ending: &str) -> Option<Format> {
        Format::ALL.iter().find(|(name, _)| *name == ending).map(|(_, format)| *format)
    }
}

impl Destination {
    /// A file with the canonical identifiers and whatever kinds are wanted besides.
    pub fn file(format: Format, identifiers: Vec<String>) -> Destination {
        Destination::File(FileDestination { format, identifiers })
    }

    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Destination::File(_) => "file",
            Destination::Webhook(_) => "webhook",
        }
    }

    /// Kinds of identifiers wanted; with none, the canonical identifier is enough.
    pub fn identifiers(&self) -> &[String] {
        match self {
            Destination::File(file) => &file.identifiers,
            Destination::Webhook(webhook) => &webhook.identifiers,
        }
    }

    /// Most recipients of one message; a file takes them all.
    pub fn batch(&self) -> Option<u32> {
        match self {
            Destination::File(_) => None,
            Destination::Webhook(webhook) => Some(webhook.batch),
        }
    }

    /// Calls at a time.
    pub fn in_flight(&self) -> u32 {
        match self {
            Destination::File(_) => 1,
            Destination::Webhook(webhook) => webhook.in_flight,
        }
    }

    /// The JSON form, every setting spelled out.
    pub fn to_json(&self) -> Value {
        match self {
            Destination::File(file) => {
                json!({"kind": "file", "format": file.format.name(), "identifiers": file.identifiers})
            }
            Destination::Webhook(webhook) => json!({
                "kind": "webhook",
                "url": webhook.url,
                "batch": webhook.batch,
                "timeout_seconds": webhook.timeout_seconds,
                "in_flight": webhook.in_flight,
                "identifiers": webhook.identifiers,
            }),
        }
    }

    /// Reads the JSON form.
    pub fn from_json(value: &Value) -> Result<Destination> {
        let object =
            value.as_object().ok_or_else(|| invalid("a destination is an object with a kind", ""))?;
        match object.get("kind").and_then(Value::as_str) {
            Some("file") => file(object),
            Some("webhook") => webhook(object),
            Some(other) => Err(unknown_kind(other)),
            None => Err(invalid("a destination needs a kind", "/kind").help("kinds are file and webhook")),
        }
    }
}

fn unknown_kind(kind: &str) -> Error {
    let help = suggestion(kind, ["file", "webhook"]);
    let help = help.unwrap_or_else(|| "kinds are file and webhook".to_owned());
    invalid(&format!("there is no kind of destination \"{kind}\""), "/kind").help(help)
}

fn file(object: &Map<String, Value>) -> Result<Destination> {
    only(object, &["kind", "format", "identifiers"])?;
    let name = object.get("format").and_then(Value::as_str).unwrap_or_default();
    let wrong = || invalid("a file needs a format", "/format").help("formats are csv, jsonl and parquet");
    let format = Format::of_ending(name).ok_or_else(wrong)?;
    Ok(Destination::File(FileDestination { format, identifiers: identifiers(object)? }))
}

fn webhook(object: &Map<String, Value>) -> Result<Destination> {
    only(object, &["kind", "url", "batch", "timeout_seconds", "in_flight", "identifiers"])?;
    let url = object.get("url").and_then(Value::as_str).unwrap_or_default();
    if url.is_empty() || url.len() > LONGEST_URL {
        return Err(invalid("a webhook needs a url", "/url").help("such as https://example.com/weir"));
    }
    Ok(Destination::Webhook(Webhook {
        url: url.to_owned(),
        batch: number(object, "batch", DEFAULT_BATCH, LARGEST_BATCH)?,
        timeout_seconds: number(object, "timeout_seconds", DEFAULT_TIMEOUT, LONGEST_TIMEOUT)?,
        in_flight: number(object, "in_flight", DEFAULT_IN_FLIGHT, MOST_IN_FLIGHT)?,
        identifiers: identifiers(object)?,
    }))
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<()> {
    let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let help = suggestion(key, known.iter().copied());
    let help = help.unwrap_or_else(|| format!("it has {}", known.join(", ")));
    Err(invalid(&format!("this kind of destination has no \"{key}\""), &format!("/{key}")).help(help))
}

fn number(object: &Map<String, Value>, key: &str, default: u32, most: u32) -> Result<u32> {
    let Some(value) = object.get(key).filter(|value| !value.is_null()) else { return Ok(default) };
    let number = value.as_u64().filter(|number| (1..=u64::from(most)).contains(number));
    let wrong = || invalid(&format!("{key} is a whole number from 1 to {most}"), &format!("/{key}"));
    number.map(|number| number as u32).ok_or_else(wrong)
}

fn identifiers(object: &Map<String, Value>) -> Result<Vec<String>> {
    let Some(value) = object.get("identifiers").filter(|value| !value.is_null()) else {
        return Ok(Vec::new());
    };
    let wrong = || invalid("identifiers are a list of kinds, each once, such as [\"email\"]", "/identifiers");
    let list = value.as_array().filter(|list| list.len() <= MOST_KINDS).ok_or_else(wrong)?;
    let mut kinds: Vec<String> = Vec::new();
    for item in list {
        let kind = item.as_str().filter(|kind| is_kind(kind)).ok_or_else(wrong)?;
        if kinds.iter().any(|known| known == kind) {
            return Err(wrong());
        }
        kinds.push(kind.to_owned());
    }
    Ok(kinds)
}

fn is_kind(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || c == '.';
    (1..=100).contains(&text.len()) && text.chars().all(fits)
}

fn invalid(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidDestination, message).at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parsed_can_be_printed() {
        for text in [
            r#"{"kind":"file","format":"csv"}"#,
            r#"{"kind":"file","format":"parquet","identifiers":["user_id","email"]}"#,
            r#"{"kind":"webhook","url":"https://example.com/a?b=c"}"#,
            r#"{"kind":"webhook","url":"http://x","batch":10000,"timeout_seconds":1,"in_flight":32,"identifiers":["phone"]}"#,
        ] {
            let destination = Destination::from_json(&serde_json::from_str(text).unwrap()).unwrap();
            assert_eq!(Destination::from_json(&destination.to_json()).unwrap(), destination, "{text}");
        }
    }

    #[track_caller]
    fn check(value: Value, at: &str, message: &str) {
        let error = Destination::from_json(&value).unwrap_err();
        assert_eq!((error.at.as_deref(), error.message.as_str()), (Some(at), message));
    }

    #[test]
    fn mistakes_have_a_place() {
        check(json!([]), "", "a destination is an object with a kind");
        check(json!({}), "/kind", "a destination needs a kind");
        check(json!({"kind": "webhok"}), "/kind", "there is no kind of destination \"webhok\"");
        check(json!({"kind": "file"}), "/format", "a file needs a format");
        check(json!({"kind": "file", "format": "xlsx"}), "/format", "a file needs a format");
        check(
            json!({"kind": "file", "format": "csv", "path": "/etc"}),
            "/path",
            "this kind of destination has no \"path\"",
        );
        check(json!({"kind": "webhook"}), "/url", "a webhook needs a url");
        let url = "https://example.com";
        check(
            json!({"kind": "webhook", "url": url, "batch": 0}),
            "/batch",
            "batch is a whole number from 1 to 10000",
        );
        check(
            json!({"kind": "webhook", "url": url, "in_flight": 1.5}),
            "/in_flight",
            "in_flight is a whole number from 1 to 32",
        );
        for kinds in [json!("email"), json!(["email", "email"]), json!([""]), json!([1])] {
            let message = "identifiers are a list of kinds, each once, such as [\"email\"]";
            check(json!({"kind": "webhook", "url": url, "identifiers": kinds}), "/identifiers", message);
        }
    }
}
