//! Events as the query of an image's address: for e-mails and pages that run no code.
//!
//! Either `data=` holds a whole message in base64, or each parameter is a member of one, a dot leading into an object
//! (`properties.shop=…`). A value that begins as a JSON object or list is read as that.

use std::borrow::Cow;

use weir_core::{Code, Error, Result};

use crate::context::{Context, Parsed};
use crate::inflate::too_large;
use crate::intake::{Intake, Outcome};
use crate::json::{Json, Object};
use crate::key;
use crate::limits::Limits;
use crate::segment::{Call, Envelope, read_message};

/// Deepest that dots in the name of a parameter lead.
const DEEPEST: usize = 8;

/// Understands a query. A message that names an event is a `track`, another one a `page`, unless it says its type.
pub fn pixel(query: &str, mut context: Context) -> Result<Parsed<'static>> {
    let limits = context.limits;
    if query.len() > limits.event {
        return Err(too_large(limits.event, "as an address"));
    }
    let pairs: Vec<(String, String)> = pairs(query).take(limits.members).collect();
    let given = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let data = given("data").map(decoded).transpose()?;
    let write_key = given("writeKey").map(str::to_owned).or_else(|| key::write_key(data.as_deref()?));
    let mut context = context.lent();
    let mut intake = Intake::new(&mut context);
    match &data {
        Some(message) => intake.message(message, read)?,
        None => {
            intake.count()?;
            intake.object(&mut object(&pairs, limits), read);
        }
    }
    Ok(intake.finish(write_key, None).into_owned())
}

/// The write key in a query: a parameter, or a member of the message in `data`.
pub fn pixel_key(query: &str) -> Option<String> {
    let given = |wanted: &[&str]| pairs(query).find(|(name, _)| wanted.contains(&name.as_str()));
    let key = given(&["writeKey", "write_key"]).map(|(_, key)| key).filter(|key| !key.is_empty());
    key.or_else(|| key::write_key(&key::base64(&given(&["data"])?.1)?))
}

fn read<'a>(intake: &mut Intake<'_, 'a>, message: &mut Object<'a>) -> Outcome {
    let named = message.text("type").and_then(|kind| Call::named(&kind));
    let call = named.unwrap_or(if message.get("event").is_some() { Call::Track } else { Call::Page });
    read_message(intake, Some(call), &Envelope::default(), message)
}

fn decoded(data: &str) -> Result<Vec<u8>> {
    key::base64(data).ok_or_else(|| {
        Error::new(Code::InvalidBody, "data is not base64").at("data").help("encode the JSON of the message")
    })
}

/// The parameters of a query, in order.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let parameters = query.strip_prefix('?').unwrap_or(query).split('&').filter(|part| !part.is_empty());
    parameters.map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        (unescaped(name), unescaped(value))
    })
}

/// Text of a query: `+` is a space, `%41` a byte; what is no escape stands for itself.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = if first == b'%' { after.get(..2).and_then(hex) } else { None };
        bytes.push(escaped.unwrap_or(if first == b'+' { b' ' } else { first }));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16);
    u8::try_from(digit(digits[0])? * 16 + digit(digits[1])?).ok()
}

fn object<'a>(pairs: &'a [(String, String)], limits: &Limits) -> Object<'a> {
    let mut object = Object::default();
    for (name, value) in pairs.iter().filter(|(name, _)| name != "writeKey") {
        let is_json = value.starts_with(['{', '[']);
        let parsed = if is_json { Json::parse(value.as_bytes(), limits).ok() } else { None };
        let value = parsed.unwrap_or(Json::Text(Cow::Borrowed(value)));
        let path: Vec<&str> = name.splitn(DEEPEST, '.').collect();
        insert(&mut object, &path, value);
    }
    object
}

/// Puts a value at a path; what is there already stays.
fn insert<'a>(object: &mut Object<'a>, path: &[&'a str], value: Json<'a>) {
    let Some((first, rest)) = path.split_first() else { return };
    let found = object.0.iter().position(|(key, _)| key == first);
    let at = found.unwrap_or(object.0.len());
    if found.is_none() {
        let place = if rest.is_empty() { Json::Null } else { Json::Object(Object::default()) };
        object.0.push((Cow::Borrowed(first), place));
    }
    match (&mut object.0[at].1, rest.is_empty()) {
        (place @ Json::Null, true) => *place = value,
        (Json::Object(inner), false) => insert(inner, rest, value),
        _ => {}
    }
}
