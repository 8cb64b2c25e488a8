//! One request under way: messages go in one by one, and each either gives arrivals or is refused.
//!
//! Remarks of a message are kept apart until it is known to be kept, so that the ledger never speaks of a refused one.

use std::borrow::Cow;
use std::collections::HashMap;

use weir_core::arrival::{Arrival, Arrivals, Content, Reject, Stamps};
use weir_core::identity::IdentifierRef;
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};

use crate::context::{Context, Parsed};
use crate::json::{Json, Object, Unread};
use crate::moment::{Moment, settle};

/// Why a message is refused.
#[derive(Debug)]
pub(crate) struct Refusal {
    reason: &'static str,
    detail: String,
}

/// What comes of reading a message.
pub(crate) type Outcome<T = ()> = std::result::Result<T, Refusal>;

impl Refusal {
    pub fn new(reason: &'static str, detail: impl Into<String>) -> Refusal {
        Refusal { reason, detail: detail.into() }
    }
}

/// Who and when of a message.
#[derive(Debug, Clone)]
pub(crate) struct Head<'a> {
    pub message_id: Cow<'a, str>,
    pub identifiers: Vec<IdentifierRef<'a>>,
    pub joins_known: bool,
    pub time: Micros,
    pub day: Day,
    pub stamps: Stamps,
}

impl<'a> Head<'a> {
    pub fn says(self, content: Content<'a>) -> Arrival<'a> {
        let Head { message_id, identifiers, joins_known, time, day, stamps } = self;
        Arrival { message_id, identifiers, joins_known, time, day, stamps, content }
    }

    /// Line `n` of the same message, counted from 0.
    pub fn line(&self, n: usize) -> Head<'a> {
        Head { message_id: format!("{}#{n}", self.message_id).into(), ..self.clone() }
    }
}

/// A request under way.
pub(crate) struct Intake<'c, 'a> {
    pub context: &'c mut Context<'a>,
    arrivals: Arrivals<'a>,
    messages: usize,
    /// The id of the message in hand, as it was given.
    message_id: Option<Cow<'a, str>>,
    remarks: Vec<&'static str>,
    unmapped: Vec<(&'static str, String)>,
    /// Bytes that lines of orders may still take.
    room: usize,
    placed: HashMap<Cow<'a, str>, (Cow<'a, str>, bool)>,
}

impl<'c, 'a> Intake<'c, 'a> {
    pub fn new(context: &'c mut Context<'a>) -> Self {
        let room = context.limits.arrivals;
        Intake {
            context,
            arrivals: Arrivals::default(),
            messages: 0,
            message_id: None,
            remarks: Vec::new(),
            unmapped: Vec::new(),
            room,
            placed: HashMap::new(),
        }
    }

    pub fn finish(self, write_key: Option<String>, sent_at: Option<Micros>) -> Parsed<'a> {
        Parsed { arrivals: self.arrivals, messages: self.messages, write_key, sent_at }
    }

    /// Takes one message in. Only one too many fails the request.
    pub fn message(
        &mut self,
        span: &'a [u8],
        read: impl FnOnce(&mut Self, &mut Object<'a>) -> Outcome,
    ) -> Result<()> {
        self.count()?;
        let mut object = match self.parse(span) {
            Ok(object) => object,
            Err(refusal) => {
                self.message_id = None;
                self.settle(Err(refusal));
                return Ok(());
            }
        };
        self.object(&mut object, read);
        Ok(())
    }

    /// Takes in a message that is parsed already and was counted.
    pub fn object(
        &mut self,
        object: &mut Object<'a>,
        read: impl FnOnce(&mut Self, &mut Object<'a>) -> Outcome,
    ) {
        self.message_id = message_id(object);
        let outcome = read(self, object);
        self.settle(outcome);
    }

    /// Counts a message.
    pub fn count(&mut self) -> Result<()> {
        let most = self.context.limits.events;
        if self.messages == most {
            return Err(too_many(most));
        }
        self.messages += 1;
        Ok(())
    }

    fn parse(&mut self, span: &'a [u8]) -> Outcome<Object<'a>> {
        let limits = self.context.limits;
        if span.len() > limits.event {
            let detail = format!("it has {} bytes, at most {} are taken", span.len(), limits.event);
            return Err(Refusal::new("event_too_large", detail));
        }
        if span.len() > limits.usual_event {
            self.remark("large_event");
        }
        let value = Json::parse(span, limits).map_err(|unread| match unread {
            Unread::Invalid(error) => Refusal::new("invalid_json", format!("it is not JSON: {error}")),
            Unread::TooDeep => Refusal::new("too_deep", format!("it nests more than {} deep", limits.depth)),
            Unread::TooWide => Refusal::new(
                "too_many_properties",
                format!("one of its objects has more than {} members", limits.members),
            ),
        })?;
        value.into_object().ok_or_else(|| Refusal::new("invalid_json", "it is not an object"))
    }

    /// Brings a message's remarks into the ledger, or its refusal.
    fn settle(&mut self, outcome: Outcome) {
        let ledger = &mut self.arrivals.ledger;
        match outcome {
            Ok(()) => {
                self.remarks.drain(..).for_each(|remark| ledger.remark(remark));
                self.unmapped.drain(..).for_each(|(kind, name)| ledger.unmapped(kind, &name));
            }
            Err(Refusal { reason, detail }) => {
                self.remarks.clear();
                self.unmapped.clear();
                ledger.read += 1;
                ledger.reject(reason);
                let message_id = self.message_id.take().filter(|id| self.context.limits.takes_id(id));
                let message_id = message_id.map(Cow::into_owned);
                let index = self.messages - 1;
                self.arrivals.rejects.push(Reject { index, message_id, reason, detail });
            }
        }
    }

    pub fn remark(&mut self, remark: &'static str) {
        self.remarks.push(remark);
    }

    pub fn unmapped(&mut self, kind: &'static str, name: &str) {
        self.unmapped.push((kind, name.to_owned()));
    }

    pub fn push(&mut self, arrival: Arrival<'a>) {
        self.arrivals.items.push(arrival);
    }

    /// Claims room for what one message is multiplied to.
    pub fn claim(&mut self, bytes: usize) -> Outcome {
        self.room = self.room.checked_sub(bytes).ok_or_else(|| {
            Refusal::new(
                "too_many_lines",
                "its products, each with all that belongs to the order, take too much room",
            )
        })?;
        Ok(())
    }

    /// The path of a channel. A request names few of them, so each is looked up once.
    pub fn place(&mut self, name: Cow<'a, str>) -> Cow<'a, str> {
        let (path, is_known) = match self.placed.get(&name) {
            Some(found) => found.clone(),
            None => {
                let found = self.context.channels.place(&name);
                self.placed.insert(name.clone(), found.clone());
                found
            }
        };
        if !is_known {
            self.unmapped("channel", &name);
        }
        path
    }

    /// Who and when, as every kind of message says it.
    pub fn head(
        &mut self,
        identifiers: Vec<IdentifierRef<'a>>,
        original: Option<&Json>,
        sent: Moment,
    ) -> Outcome<Head<'a>> {
        let Context { zone, received, limits, .. } = *self.context;
        let message_id = match self.message_id.clone() {
            Some(id) if !limits.takes_id(&id) => {
                let detail = format!("its message id has more than {} characters", limits.message_id);
                return Err(Refusal::new("message_id_too_long", detail));
            }
            Some(id) => id,
            None => (self.context.assign)().into(),
        };
        let (time, stamps, remark) = settle(Moment::read(original, zone), sent, received);
        self.remarks.extend(remark);
        let day =
            zone.day_of(time).ok_or_else(|| Refusal::new("bad_time", "its time lies in no calendar"))?;
        Ok(Head { message_id, identifiers, joins_known: false, time, day, stamps })
    }
}

/// A request has more events than that.
pub(crate) fn too_many(most: usize) -> Error {
    Error::new(Code::TooManyEvents, format!("there are more than {most} events"))
        .help("send them in several requests")
}

/// The id a message has: Segment's spelling, or ours.
fn message_id<'a>(object: &Object<'a>) -> Option<Cow<'a, str>> {
    object.text("messageId").or_else(|| object.text("message_id"))
}
