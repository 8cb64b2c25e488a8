//! One message of Segment's protocol.

use std::borrow::Cow;

use weir_core::arrival::Content;
use weir_core::tag::TagValue;

use super::{Call, Envelope, identify};
use crate::intake::{Head, Intake, Outcome, Refusal};
use crate::json::{Json, Object};
use crate::mappings::snake_case;
use crate::moment::Moment;
use crate::occurrence::{Act, push_event, shortened};
use crate::who::{Who, is_kind};

/// Channel of what happens in a shop without a word on how one came there.
const SHOP: &str = "shop";

/// What of `context.campaign` is kept beside its name, as properties.
const UTM: [(&str, &str); 4] =
    [("source", "utm_source"), ("medium", "utm_medium"), ("term", "utm_term"), ("content", "utm_content")];

/// Reads a message, whose kind the address says or the message itself.
pub(crate) fn read<'a>(
    intake: &mut Intake<'_, 'a>,
    call: Option<Call>,
    envelope: &Envelope<'a>,
    message: &mut Object<'a>,
) -> Outcome {
    let call = call.map_or_else(|| kind(message), Ok)?;
    let head = head(intake, call, envelope, message)?;
    match call {
        Call::Track => track(intake, head, envelope, message),
        Call::Page | Call::Screen => page(intake, head, call, envelope, message),
        Call::Identify => identify::identify(intake, head, envelope, message),
        Call::Group => group(intake, head, message),
        Call::Alias | Call::Merge => {
            intake.push(Head { joins_known: true, ..head }.says(Content::Link));
            Ok(())
        }
        Call::Batch => Err(Refusal::new("invalid_type", "a batch cannot be a message")),
    }
}

fn kind(message: &Object) -> Outcome<Call> {
    let Some(name) = message.text("type") else {
        return Err(Refusal::new("invalid_type", "it has no type"));
    };
    Call::named(&name).ok_or_else(|| {
        let shown: String = name.chars().take(50).collect();
        Refusal::new("invalid_type", format!("\"{shown}\" is no type of message"))
    })
}

fn head<'a>(
    intake: &mut Intake<'_, 'a>,
    call: Call,
    envelope: &Envelope<'a>,
    message: &Object<'a>,
) -> Outcome<Head<'a>> {
    let who = match call {
        Call::Alias => alias(intake, message)?,
        Call::Merge => merge(intake, message)?,
        _ => who(intake, envelope, message),
    };
    let identifiers = who.finish(intake)?;
    let original = ["originalTimestamp", "timestamp"].into_iter().find_map(|key| given(message, key));
    let sent = match given(message, "sentAt") {
        Some(sent) => Moment::read(Some(sent), intake.context.zone),
        None => envelope.sent.unwrap_or(Moment::Missing),
    };
    intake.head(identifiers, original, sent)
}

fn given<'m, 'a>(message: &'m Object<'a>, key: &str) -> Option<&'m Json<'a>> {
    message.get(key).filter(|value| !value.is_blank())
}

fn who<'a>(intake: &Intake, envelope: &Envelope<'a>, message: &Object<'a>) -> Who<'a> {
    let longest = intake.context.limits.identifier;
    let mut who = Who::default();
    who.add("user_id", message.get("userId"), longest);
    who.add("anonymous_id", message.get("anonymousId"), longest);
    for context in [message.object("context"), Some(&envelope.context)].into_iter().flatten() {
        let device = context.object("device").and_then(|device| device.get("id"));
        who.add("device", device, longest);
        external_ids(&mut who, context, longest);
        contacts(&mut who, context.object("traits"), longest);
    }
    if !matches!(message.get("groupId"), Some(id) if !id.is_blank()) {
        contacts(&mut who, message.object("traits"), longest);
    }
    who
}

fn contacts<'a>(who: &mut Who<'a>, traits: Option<&Object<'a>>, longest: usize) {
    for kind in identify::CONTACTS {
        who.add(kind, traits.and_then(|traits| traits.get(kind)), longest);
    }
}

/// `context.externalId`: [{"type": "openid", "id": "…"}, …].
fn external_ids<'a>(who: &mut Who<'a>, context: &Object<'a>, longest: usize) {
    let Some(Json::List(ids)) = context.get("externalId") else { return };
    for id in ids.iter().filter_map(Json::as_object) {
        let kind = id.text("type").map(|kind| snake_case(&kind)).filter(|kind| is_kind(kind));
        if let Some(kind) = kind {
            who.add(kind, id.get("id"), longest);
        }
    }
}

/// The protocol does not say whether `previousId` is a user's or an anonymous one. It is anonymous where the message says so, or where it
/// has the form that SDKs give to anonymous ids: taken for a user id, it could become the name of the person.
fn alias<'a>(intake: &Intake, message: &Object<'a>) -> Outcome<Who<'a>> {
    let longest = intake.context.limits.identifier;
    let mut who = Who::default();
    let previous = message.get("previousId");
    let Some(text) = previous.and_then(Json::text) else {
        return Err(Refusal::new("no_identifier", "an alias needs a previousId"));
    };
    let is_anonymous = message.text("anonymousId").is_some_and(|id| id == text) || is_uuid(&text);
    who.add("user_id", message.get("userId"), longest);
    who.add(if is_anonymous { "anonymous_id" } else { "user_id" }, previous, longest);
    who.add("anonymous_id", message.get("anonymousId"), longest);
    if who.len() < 2 {
        return Err(Refusal::new("no_identifier", "an alias needs a userId and another previousId"));
    }
    Ok(who)
}

fn is_uuid(text: &str) -> bool {
    let is_right = |(at, b): (usize, u8)| match at {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_right)
}

/// RudderStack's `mergeProperties`: [{"type": "email", "value": "…"}, …].
fn merge<'a>(intake: &Intake, message: &Object<'a>) -> Outcome<Who<'a>> {
    let longest = intake.context.limits.identifier;
    let mut who = Who::default();
    if let Some(Json::List(properties)) = message.get("mergeProperties") {
        for property in properties.iter().filter_map(Json::as_object) {
            let kind = property.text("type").map(|kind| snake_case(&kind)).filter(|kind| is_kind(kind));
            if let Some(kind) = kind {
                who.add(kind, property.get("value"), longest);
            }
        }
    }
    match who.len() {
        0 | 1 => Err(Refusal::new("no_identifier", "a merge needs two mergeProperties with type and value")),
        _ => Ok(who),
    }
}

fn track<'a>(
    intake: &mut Intake<'_, 'a>,
    head: Head<'a>,
    envelope: &Envelope<'a>,
    message: &mut Object<'a>,
) -> Outcome {
    let Some(event) = message.text("event") else {
        return Err(Refusal::new("no_event", "a track needs the name of its event"));
    };
    let mappings = intake.context.mappings;
    let behavior = mappings.behavior(&event);
    if !behavior.is_known {
        intake.unmapped("behavior", &behavior.name);
    }
    let mut properties = message.take("properties").and_then(Json::into_object).unwrap_or_default();
    if behavior.name != event {
        add(&mut properties, "event", Json::Text(shortened(event, LONGEST_EVENT)));
    }
    let channel = campaign(intake, envelope, message, &mut properties);
    let channel = channel.or_else(|| behavior.channel.map(Cow::Borrowed)).or(Some(SHOP.into()));
    let (fields, others) = (mappings.fields(), Object::default());
    let act = Act { behavior: behavior.name, fields, others, channel, lines: behavior.lines };
    push_event(intake, head, act, properties)
}

/// Longest name of an event that is kept beside its behavior.
const LONGEST_EVENT: usize = 200;

fn page<'a>(
    intake: &mut Intake<'_, 'a>,
    head: Head<'a>,
    call: Call,
    envelope: &Envelope<'a>,
    message: &mut Object<'a>,
) -> Outcome {
    let mut properties = message.take("properties").and_then(Json::into_object).unwrap_or_default();
    // A page's category is a part of the site, not of the assortment.
    let category = message.take("category").or_else(|| properties.take("category"));
    if let Some(category) = category.filter(|category| !category.is_blank()) {
        add(&mut properties, "page_category", category);
    }
    if let Some(name) = message.take("name").filter(|name| !name.is_blank()) {
        add(&mut properties, "name", name);
    }
    let event = if call == Call::Screen { "screen" } else { "page" };
    add(&mut properties, "event", Json::Text(event.into()));
    let channel = campaign(intake, envelope, message, &mut properties).or(Some(SHOP.into()));
    let (fields, others) = (intake.context.mappings.fields(), Object::default());
    push_event(
        intake,
        head,
        Act { behavior: "view".into(), fields, others, channel, lines: false },
        properties,
    )
}

/// What the campaign of the context says: leaves its name and utm among the properties, and gives the channel.
fn campaign<'a>(
    intake: &mut Intake<'_, 'a>,
    envelope: &Envelope<'a>,
    message: &Object<'a>,
    properties: &mut Object<'a>,
) -> Option<Cow<'a, str>> {
    let own = message.object("context").and_then(|context| context.object("campaign"));
    let campaign = own.or_else(|| envelope.context.object("campaign"))?;
    let longest = intake.context.limits.value;
    let kept = [("name", "campaign")].into_iter().chain(UTM);
    for (key, property) in kept {
        if let Some(text) = campaign.text(key).filter(|text| text.len() <= longest) {
            add(properties, property, Json::Text(text));
        }
    }
    let channel = intake.context.mappings.campaign_channel(campaign);
    channel.filter(|channel| channel.len() <= longest)
}

/// Adds a property that the client has not given itself.
fn add<'a>(properties: &mut Object<'a>, key: &'static str, value: Json<'a>) {
    if properties.get(key).is_none() {
        properties.0.push((key.into(), value));
    }
}

/// A group is a tag of the person. What is so of the group itself is not so of its members, and is left out.
fn group<'a>(intake: &mut Intake<'_, 'a>, head: Head<'a>, message: &Object<'a>) -> Outcome {
    let Some(id) = message.text("groupId") else {
        return Err(Refusal::new("no_group", "a group needs a groupId"));
    };
    if id.len() > intake.context.limits.value {
        return Err(Refusal::new("no_group", "its groupId is too long"));
    }
    let tags = vec![("group_id".to_owned(), TagValue::Text(id.into_owned()))];
    intake.push(head.says(Content::Traits(tags)));
    Ok(())
}
