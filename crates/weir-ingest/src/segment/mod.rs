//! Segment's protocol, with what RudderStack adds: a batch of messages, or one message on the address of its kind.
//!
//! What is around the messages of a batch (`sentAt`, `context`) holds for each message that does not say it itself.

mod identify;
mod message;

use std::borrow::Cow;

use weir_core::{Code, Error, Result};

pub(crate) use message::read as read_message;

use crate::context::{Context, Parsed};
use crate::intake::{Intake, too_many};
use crate::json::{Json, Object};
use crate::moment::Moment;
use crate::scan;

/// Which address was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the kind of message of its name")]
pub enum Call {
    /// Messages of any kind; each names its own.
    Batch,
    Track,
    Identify,
    Page,
    Screen,
    Group,
    Alias,
    /// RudderStack's: several identifiers are one person's.
    Merge,
}

impl Call {
    /// The kinds of messages with their names.
    pub const KINDS: [(&'static str, Call); 7] = [
        ("track", Call::Track),
        ("identify", Call::Identify),
        ("page", Call::Page),
        ("screen", Call::Screen),
        ("group", Call::Group),
        ("alias", Call::Alias),
        ("merge", Call::Merge),
    ];

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Call> {
        Call::KINDS.iter().find(|(kind, _)| *kind == name).map(|(_, call)| *call)
    }
}

/// What is around the messages.
#[derive(Default)]
pub(crate) struct Envelope<'a> {
    sent: Option<Moment>,
    context: Object<'a>,
}

/// Understands a request.
pub fn segment<'a>(call: Call, body: &'a [u8], mut context: Context<'a>) -> Result<Parsed<'a>> {
    let value = scan::trimmed(body);
    match (value, call) {
        ([b'[', .., b']'], Call::Batch) => {
            let mut intake = Intake::new(&mut context);
            for span in scan::elements(value) {
                message(&mut intake, span.map_err(|_| not_a_list_of_json())?, &Envelope::default())?;
            }
            Ok(intake.finish(None, None))
        }
        ([b'{', .., b'}'], Call::Batch) => batch(value, &mut context),
        ([b'{', .., b'}'], kind) => single(Some(kind), value, &mut context),
        _ => Err(invalid("the body is not a JSON object")),
    }
}

fn batch<'a>(value: &'a [u8], context: &mut Context<'a>) -> Result<Parsed<'a>> {
    let (mut envelope, mut spans, mut write_key) = (Envelope::default(), None, None);
    let mut members = scan::members(value);
    while let Some(key) = members.key() {
        let key = key.map_err(|_| not_json())?;
        if key == b"batch" {
            spans = Some(list(&mut members, context)?);
            continue;
        }
        let value = members.value().map_err(|_| not_json())?;
        match key {
            b"writeKey" => write_key = around(value, context)?.text().map(Cow::into_owned),
            b"sentAt" => envelope.sent = Some(Moment::read(Some(&around(value, context)?), context.zone)),
            b"context" => envelope.context = around(value, context)?.into_object().unwrap_or_default(),
            _ => {}
        }
    }
    let Some(spans) = spans else { return single(None, value, context) };
    let mut intake = Intake::new(context);
    for span in spans {
        message(&mut intake, span, &envelope)?;
    }
    Ok(intake.finish(write_key, envelope.sent.and_then(Moment::known)))
}

/// The messages of a batch. What is around them may follow them, so they are only found yet.
fn list<'a>(members: &mut scan::Members<'a>, context: &Context) -> Result<Vec<&'a [u8]>> {
    let most = context.limits.events;
    let spans = members.elements(most + 1).map_err(|_| not_a_list_of_json())?;
    let spans = spans.ok_or_else(|| invalid("\"batch\" is not a list").at("/batch"))?;
    if spans.len() > most { Err(too_many(most)) } else { Ok(spans) }
}

/// One message that is the whole body. On the address for batches it must say its kind, or it is none.
fn single<'a>(call: Option<Call>, value: &'a [u8], context: &mut Context<'a>) -> Result<Parsed<'a>> {
    let has_type = || scan::members(value).flatten().any(|(key, _)| key == b"type");
    if call.is_none() && !has_type() {
        return Err(invalid("there is no \"batch\" in the body").at("/batch"));
    }
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(value) {
        return Err(invalid(&format!("the body is not JSON: {error}")));
    }
    let write_key = crate::key::write_key(value);
    let mut intake = Intake::new(context);
    intake.message(value, |intake, object| message::read(intake, call, &Envelope::default(), object))?;
    Ok(intake.finish(write_key, None))
}

fn message<'a>(intake: &mut Intake<'_, 'a>, span: &'a [u8], envelope: &Envelope<'a>) -> Result<()> {
    intake.message(span, |intake, object| message::read(intake, None, envelope, object))
}

/// A value around the messages.
fn around<'a>(value: &'a [u8], context: &Context) -> Result<Json<'a>> {
    if value.len() > context.limits.event {
        return Err(invalid("what is around the messages is too large"));
    }
    Json::parse(value, context.limits).map_err(|_| invalid("what is around the messages is not JSON"))
}

fn not_json() -> Error {
    invalid("the body is not JSON")
}

fn not_a_list_of_json() -> Error {
    invalid("the list of messages is not JSON").at("/batch")
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidBody, message)
        .help("send {\"batch\": [messages…]}, or one message on the address of its kind")
}
