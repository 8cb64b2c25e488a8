//! The plain shape: one JSON object an event, its members named as the event's columns are.
//!
//! ```text
//! {"message_id": "…", "time": "2024-11-11T20:00:00Z", "behavior": "purchase", "ids": {"user_id": "u1"}, "id_email": "a@shop.cn",
//!  "channel": "feed_ads", "shop": "…", "item": "…", "order_id": "…", "amount": 12.5, "currency": "CNY", "quantity": 2,
//!  "properties": {"coupon": "…"}, …}                                              any other member is a property, too
//! ```
//!
//! A body is one such object, a list of them, `{"events": [them]}`, or one a line.

use std::borrow::Cow;

use weir_core::event::is_core_behavior;
use weir_core::{Code, Error, Result};

use crate::context::{Context, Parsed};
use crate::intake::{Intake, Outcome, Refusal};
use crate::json::{Json, Object};
use crate::mappings::Fields;
use crate::moment::Moment;
use crate::occurrence::{Act, push_event, shortened};
use crate::scan;
use crate::who::{Who, is_kind};

/// What precedes the kind of an identifier among the members.
const ID_PREFIX: &str = "id_";

/// Longest name of a behavior, in characters; what goes beyond is cut.
const LONGEST_NAME: usize = 100;

/// Understands a request.
pub fn native<'a>(body: &'a [u8], mut context: Context<'a>) -> Result<Parsed<'a>> {
    let body = scan::trimmed(body);
    let spans = spans(body)?;
    let write_key = crate::key::write_key(body);
    let reader = Reader { fields: Fields::native(), sent: around(spans.sent, &context)? };
    let mut intake = Intake::new(&mut context);
    match spans.events {
        Events::One(span) => reader.message(&mut intake, span)?,
        Events::List(list) => {
            for span in scan::elements(list) {
                reader.message(&mut intake, span.map_err(|_| invalid("the list of events is not JSON"))?)?;
            }
        }
        Events::Lines(lines) => {
            for line in lines.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
                reader.message(&mut intake, line)?;
            }
        }
    }
    Ok(intake.finish(write_key, reader.sent.known()))
}

/// Where the events of a body are.
enum Events<'a> {
    One(&'a [u8]),
    List(&'a [u8]),
    Lines(&'a [u8]),
}

struct Spans<'a> {
    events: Events<'a>,
    /// What `sent_at` says beside `events`.
    sent: Option<&'a [u8]>,
}

fn spans(body: &[u8]) -> Result<Spans<'_>> {
    let alone = |events| Ok(Spans { events, sent: None });
    match scan::first(body) {
        Ok((value, [])) if value.starts_with(b"[") => alone(Events::List(value)),
        Ok((value, [])) if value.starts_with(b"{") => object(value),
        _ if is_lines(body) => alone(Events::Lines(body)),
        _ => Err(invalid("the body is not JSON, nor JSON lines")),
    }
}

/// Whether there are several lines, and each begins as an object does.
fn is_lines(body: &[u8]) -> bool {
    let mut lines = body.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    body.contains(&b'\n') && lines.all(|line| line.starts_with(b"{"))
}

fn object(value: &[u8]) -> Result<Spans<'_>> {
    let (mut events, mut sent) = (Events::One(value), None);
    for member in scan::members(value) {
        match member.map_err(|_| invalid("the body is not JSON"))? {
            (b"events", list) if list.starts_with(b"[") => events = Events::List(list),
            (b"sent_at", value) => sent = Some(value),
            _ => {}
        }
    }
    Ok(Spans { events, sent })
}

fn around(sent: Option<&[u8]>, context: &Context) -> Result<Moment> {
    let Some(span) = sent else { return Ok(Moment::Missing) };
    let value =
        Json::parse(span, context.limits).map_err(|_| invalid("sent_at is not JSON").at("/sent_at"))?;
    Ok(Moment::read(Some(&value), context.zone))
}

/// Reads the events of one request.
struct Reader {
    fields: Fields,
    sent: Moment,
}

impl Reader {
    fn message<'a>(&self, intake: &mut Intake<'_, 'a>, span: &'a [u8]) -> Result<()> {
        intake.message(span, |intake, object| self.read(intake, object))
    }

    fn read<'a>(&self, intake: &mut Intake<'_, 'a>, event: &mut Object<'a>) -> Outcome {
        let mut event = std::mem::take(event);
        let identifiers = take_who(intake, &mut event).finish(intake)?;
        let Some(behavior) = event.take("behavior").and_then(|name| name.text()) else {
            return Err(Refusal::new("no_behavior", "it does not say what was done: behavior"));
        };
        let behavior = shortened(behavior, LONGEST_NAME);
        if !is_core_behavior(&behavior) {
            intake.unmapped("behavior", &behavior);
        }
        let time = event.take("time");
        let sent =
            event.take("sent_at").map_or(self.sent, |sent| Moment::read(Some(&sent), intake.context.zone));
        let head = intake.head(identifiers, time.as_ref(), sent)?;
        for known in ["messageId", "message_id", "write_key", "writeKey"] {
            event.take(known);
        }
        let others = match event.take("properties") {
            Some(Json::Object(properties)) => properties,
            Some(value) if !value.is_blank() => Object(vec![(Cow::Borrowed("properties"), value)]),
            _ => Object::default(),
        };
        let act = Act { behavior, fields: &self.fields, others, channel: None, lines: false };
        push_event(intake, head, act, event)
    }
}

/// The identifiers of `ids` and of all members `id_<kind>`, taken out.
fn take_who<'a>(intake: &mut Intake, event: &mut Object<'a>) -> Who<'a> {
    let longest = intake.context.limits.identifier;
    let mut who = Who::default();
    for (kind, value) in event.take("ids").and_then(Json::into_object).unwrap_or_default().0 {
        match is_kind(&kind) {
            true => who.add(kind, Some(&value), longest),
            false => intake.remark("bad_kind"),
        }
    }
    event.0.retain(|(key, value)| match kind_of(key) {
        Some(kind) => {
            who.add(kind, Some(value), longest);
            false
        }
        None => true,
    });
    who
}

/// The kind of identifier that a member `id_<kind>` names.
fn kind_of<'a>(key: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let kind = match key {
        Cow::Borrowed(key) => Cow::Borrowed(key.strip_prefix(ID_PREFIX)?),
        Cow::Owned(key) => Cow::Owned(key.strip_prefix(ID_PREFIX)?.to_owned()),
    };
    is_kind(&kind).then_some(kind)
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidBody, message)
        .help("send one event as a JSON object, a list of them, {\"events\": [them]}, or one a line")
}
