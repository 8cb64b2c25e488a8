//! Traits → tags.
//!
//! | trait | tag |
//! |---|---|
//! | text, boolean | text |
//! | number | number |
//! | text that is a date (`2024-11-11`) or an instant | date, local |
//! | list | several texts |
//! | object | a tag for each member, named `trait.member`; deeper ones are left out with a remark |
//!
//! `email` and `phone` are identifiers and not tags. Null and blank text state nothing.

use std::borrow::Cow;

use weir_core::arrival::Content;
use weir_core::tag::TagValue;
use weir_core::time::{Day, Zone};

use super::Envelope;
use crate::intake::{Head, Intake, Outcome};
use crate::json::{Json, Object};

/// Traits that are identifiers.
pub(super) const CONTACTS: [&str; 2] = ["email", "phone"];

/// Most tags of one message.
const MOST: usize = 1_000;

/// Longest name of a tag.
const LONGEST_KEY: usize = 100;

type Tags = Vec<(String, TagValue)>;

/// An `identify`: tags, or where it has none but that the identifiers are one person's.
pub(super) fn identify<'a>(
    intake: &mut Intake<'_, 'a>,
    head: Head<'a>,
    envelope: &Envelope<'a>,
    message: &Object<'a>,
) -> Outcome {
    let mut tags = Tags::new();
    let context = message.object("context").and_then(|context| context.object("traits"));
    let places = [message.object("traits"), context, envelope.context.object("traits")];
    for traits in places.into_iter().flatten() {
        read(intake, &mut tags, traits);
    }
    let content = if tags.is_empty() { Content::Link } else { Content::Traits(tags) };
    intake.push(head.says(content));
    Ok(())
}

/// The first place that states a trait counts.
fn read(intake: &mut Intake, tags: &mut Tags, traits: &Object) {
    for (key, value) in traits.0.iter().filter(|(key, _)| !CONTACTS.contains(&key.trim())) {
        match value.as_object() {
            None => add(intake, tags, key.trim().to_owned(), value),
            Some(members) => {
                for (member, value) in &members.0 {
                    add(intake, tags, format!("{}.{}", key.trim(), member.trim()), value);
                }
            }
        }
    }
}

fn add(intake: &mut Intake, tags: &mut Tags, key: String, value: &Json) {
    let is_fit = !key.is_empty() && key.len() <= LONGEST_KEY && tags.len() < MOST;
    let tag = match is_fit {
        true => tag(value, intake.context.zone),
        false => Err(()),
    };
    match tag {
        Ok(Some(tag)) if !tags.iter().any(|(known, _)| *known == key) => tags.push((key, tag)),
        Ok(_) => {}
        Err(()) => intake.remark("bad_trait"),
    }
}

/// The tag a value is; `None` where it states nothing, an error where it cannot be one.
fn tag(value: &Json, zone: &Zone) -> Result<Option<TagValue>, ()> {
    Ok(match value {
        Json::Object(_) => return Err(()),
        Json::List(items) => {
            let texts: Vec<String> =
                items.iter().filter_map(|item| item.text().map(Cow::into_owned)).collect();
            Some(TagValue::Multi(texts))
        }
        Json::Number(number) => number.as_f64().map(TagValue::Number),
        value => value.text().map(|text| match day(&text, zone) {
            Some(day) => TagValue::Date(day),
            None => TagValue::Text(text.into_owned()),
        }),
    })
}

/// The day of `YYYY-MM-DD`, alone or with a time behind a `T`.
fn day(text: &str, zone: &Zone) -> Option<Day> {
    let bytes = text.as_bytes();
    let has_date = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[0].is_ascii_digit();
    match bytes.get(10) {
        None if has_date => text.parse().ok(),
        Some(b'T') if has_date => zone.day_of(zone.parse_time(text)?),
        _ => None,
    }
}
