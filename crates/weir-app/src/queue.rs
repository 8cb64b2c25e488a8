//! Sources that Weir reads itself: what a queue delivers goes through the same door as what clients send, and is
//! acknowledged once it is durable.
//!
//! A message is a body of `POST /v1/events` or a Segment batch. Where its events carry no message id they take the
//! message's, so a message that is delivered again is recognised. It counts as received when the queue took it: how long
//! it waited there says nothing about the client's clock.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Map, Value};
use weir_core::arrival::{Arrivals, Reject};
use weir_core::feature::Feature;
use weir_core::ledger::Ledger;
use weir_core::{Code, Error, Result};
use weir_deliver::Stop;
use weir_ingest::Call;
use weir_queue::{Condition, Config, Handler, Login, Message, Outcome};
use weir_store::{Page, SourceKind};

use crate::app::{App, Workspace};
use crate::ingest::{Form, Sender};
use crate::source::SourceRecord;

/// How often to look for queues that were made, changed or disabled.
const ROUND: Duration = Duration::from_secs(1);

impl Workspace {
    /// Makes a source that is read from a queue.
    pub fn create_queue(&self, name: &str, document: &Value) -> Result<SourceRecord> {
        self.require(Feature::Queues)?;
        let queue = Queue::parse(self.name(), name, document)?;
        queue.config.check()?;
        let source = self.store().create_queue(name, &document.to_string())?;
        self.source_record(source)
    }
}

impl App {
    /// Reads the queues of every workspace until somebody asks to stop; then finishes what is in hand.
    pub fn read_queues(&self, stop: &Stop) {
        let mut readers = Readers::new();
        while !stop.is_raised() {
            if let Err(error) = self.hire(&mut readers) {
                tracing::error!(
                    code = error.code.as_str(),
                    message = error.message,
                    "cannot look for queues"
                );
            }
            stop.wait(ROUND);
        }
        readers.values().for_each(|reader| reader.stop.raise());
        readers.into_values().for_each(|reader| drop(reader.thread.join()));
    }

    /// Starts a reader for each queue that has none, and ends those whose queue is not what it was.
    fn hire(&self, readers: &mut Readers) -> Result<()> {
        let wanted = self.queues()?;
        readers.retain(|who, reader| {
            let goes_on = wanted.get(who) == Some(&reader.document) && !reader.thread.is_finished();
            if !goes_on {
                reader.stop.raise();
            }
            goes_on
        });
        for (who, document) in wanted {
            if let Entry::Vacant(place) = readers.entry(who) {
                let reader = self.reader(place.key(), document)?;
                place.insert(reader);
            }
        }
        Ok(())
    }

    /// The queues to be read: workspace and source, and where they are.
    fn queues(&self) -> Result<BTreeMap<Who, String>> {
        let mut queues = BTreeMap::new();
        for name in self.workspaces()? {
            let workspace = self.workspace(&name)?;
            if !workspace.is_on(Feature::Queues)? {
                continue;
            }
            let sources = workspace.store().sources(&Page::all())?.items;
            for source in sources.into_iter().filter(|source| source.disabled.is_none()) {
                if let (SourceKind::Nats, Some(document)) = (source.kind, source.queue) {
                    queues.insert((name.clone(), source.name), document);
                }
            }
        }
        Ok(queues)
    }

    fn reader(&self, who: &Who, document: String) -> Result<Reader> {
        let (workspace, source) = who;
        let unreadable = |error| Error::internal(format!("weir.db: the queue of {source}: {error}"));
        let written: Value = serde_json::from_str(&document).map_err(unreadable)?;
        let Queue { config, form } = Queue::parse(workspace, source, &written)?;
        let handler =
            Intake { sender: self.workspace(workspace)?.sender(source), source: source.clone(), form };
        let stop = weir_queue::Stop::default();
        let until = stop.clone();
        let read = move || {
            if let Err(error) = weir_queue::read(config, Arc::new(handler), &until) {
                tracing::error!(
                    code = error.code.as_str(),
                    message = error.message,
                    "a queue cannot be read"
                );
            }
        };
        let thread = std::thread::Builder::new().name("queue".to_owned()).spawn(read);
        let thread = thread.map_err(|error| Error::io("starting a thread", &error))?;
        Ok(Reader { document, stop, thread })
    }
}

/// Workspace and source.
type Who = (String, String);

type Readers = BTreeMap<Who, Reader>;

/// A queue that is being read.
struct Reader {
    document: String,
    stop: weir_queue::Stop,
    thread: JoinHandle<()>,
}

/// Where a queue is, and what its messages are.
struct Queue {
    config: Config,
    form: Form,
}

impl Queue {
    fn parse(workspace: &str, source: &str, document: &Value) -> Result<Queue> {
        let object = document.as_object().ok_or_else(|| wrong("", "a queue is a JSON object"))?;
        let known = ["url", "stream", "durable", "subject", "user", "password", "token", "format"];
        if let Some(other) = object.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(wrong(other, "is not known here").help(format!("fields are {}", known.join(", "))));
        }
        let needed = |key: &str| text(object, key)?.ok_or_else(|| wrong(key, "is missing"));
        // Dots are not for names of consumers.
        let durable = format!("weir-{workspace}-{source}").replace('.', "_");
        let durable = text(object, "durable")?.unwrap_or(&durable);
        let mut config = Config::new(needed("url")?, needed("stream")?, durable);
        config.subject = text(object, "subject")?.map(str::to_owned);
        config.login = login(object)?;
        let form = match text(object, "format")?.unwrap_or("native") {
            "native" => Form::Native,
            "segment" => Form::Segment(Call::Batch),
            _ => return Err(wrong("format", "is native or segment")),
        };
        Ok(Queue { config, form })
    }
}

fn login(object: &Map<String, Value>) -> Result<Login> {
    match (text(object, "user")?, text(object, "password")?, text(object, "token")?) {
        (None, None, None) => Ok(Login::None),
        (None, None, Some(token)) => Ok(Login::Token(token.to_owned())),
        (Some(name), Some(password), None) => {
            Ok(Login::User { name: name.to_owned(), password: password.to_owned() })
        }
        _ => Err(wrong("user", "and password belong together, and exclude a token")),
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>> {
    object.get(key).map(|value| value.as_str().ok_or_else(|| wrong(key, "is a text"))).transpose()
}

fn wrong(key: &str, what: &str) -> Error {
    Error::new(Code::InvalidArgument, format!("{key} {what}").trim_start().to_owned()).at(format!("/{key}"))
}

/// Takes in what a queue delivers.
struct Intake {
    sender: Sender,
    source: String,
    form: Form,
}

impl Handler for Intake {
    /// All messages become one request of the log, so that one sync is enough for them.
    fn handle(&self, messages: &[Message]) -> Result<Vec<Outcome>> {
        let (mut all, mut outcomes) = (Arrivals::default(), Vec::with_capacity(messages.len()));
        for message in messages {
            match self.sender.read_queued(self.form, &message.body, message.received, &message.id) {
                Ok(arrivals) => {
                    append(&mut all, arrivals);
                    outcomes.push(Outcome::Committed);
                }
                Err(error) if error.is_users_fault() => {
                    refuse(&mut all, message, error);
                    outcomes.push(Outcome::Refused);
                }
                Err(error) => return Err(error),
            }
        }
        self.sender.take_in(all)?;
        Ok(outcomes)
    }

    fn condition(&self, condition: Condition) {
        let source = self.source.as_str();
        match condition {
            Condition::Reading => tracing::info!(source, "reading a queue"),
            Condition::Failing(error) => {
                tracing::warn!(source, code = error.code.as_str(), message = error.message, "a queue fails");
            }
            Condition::Stopped => tracing::info!(source, "no longer reading a queue"),
        }
    }
}

fn append<'a>(all: &mut Arrivals<'a>, more: Arrivals<'a>) {
    all.items.extend(more.items);
    all.rejects.extend(more.rejects);
    let Ledger { read, reasons, unmapped, remarks, .. } = more.ledger;
    all.ledger.read += read;
    add(&mut all.ledger.reasons, reasons);
    add(&mut all.ledger.remarks, remarks);
    for (kind, names) in unmapped {
        add(all.ledger.unmapped.entry(kind).or_default(), names);
    }
}

fn add(to: &mut BTreeMap<String, u64>, counts: BTreeMap<String, u64>) {
    for (key, count) in counts {
        *to.entry(key).or_default() += count;
    }
}

/// A message that is no body at all is refused whole, and counted like others.
fn refuse(all: &mut Arrivals, message: &Message, error: Error) {
    let reason = error.code.as_str();
    all.ledger.read += 1;
    all.ledger.reject(reason);
    let message_id = Some(message.id.clone());
    all.rejects.push(Reject { index: 0, message_id, reason, detail: error.message });
}
