//! A JSON value that borrows from the body it was read from.
//!
//! Objects are lists of members in the order in which they stand: a message has a dozen, so looking through them is
//! cheaper than hashing, and what nobody asks for costs no copy. Nesting and the number of members are bounded
//! while parsing; what lies beyond is skipped, not kept.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Number;
use weir_core::amount::{Amount, UNITS};

use crate::limits::Limits;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Object<'a>),
}

/// Room that an object begins with.
const USUAL_MEMBERS: usize = 10;

/// Members of an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object<'a>(pub Vec<(Cow<'a, str>, Json<'a>)>);

/// Why a value was not read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// It is not JSON.
    Invalid(String),
    /// It nests too deeply.
    TooDeep,
    /// One of its objects has too many members.
    TooWide,
}

impl<'a> Json<'a> {
    /// Reads one value.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Json<'a>, Unread> {
        // Text is checked once and not string by string; what is none says by itself where.
        match std::str::from_utf8(bytes) {
            Ok(text) => Json::read(serde_json::Deserializer::from_str(text), limits),
            Err(_) => Json::read(serde_json::Deserializer::from_slice(bytes), limits),
        }
    }

    fn read<R: serde_json::de::Read<'a>>(
        mut reader: serde_json::Deserializer<R>,
        limits: &Limits,
    ) -> Result<Json<'a>, Unread> {
        let bounds = Bounds { members: limits.members, deep: Cell::new(false), wide: Cell::new(false) };
        let seed = Seed { depth: limits.depth, bounds: &bounds };
        let value = seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
        match (value, bounds.deep.get(), bounds.wide.get()) {
            (Err(error), ..) => Err(Unread::Invalid(error.to_string())),
            (_, true, _) => Err(Unread::TooDeep),
            (_, _, true) => Err(Unread::TooWide),
            (Ok(value), ..) => Ok(value),
        }
    }

    /// The object it is.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members of the object it is.
    pub fn into_object(self) -> Option<Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// A scalar as text, trimmed and not empty; whole numbers without ".0". Of the body, where it stands there as it is.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        let text = match self {
            Json::Text(Cow::Borrowed(text)) => Cow::Borrowed(text.trim()),
            Json::Text(Cow::Owned(text)) => Cow::Owned(text.trim().to_owned()),
            Json::Bool(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
            Json::Number(number) => Cow::Owned(number_text(number)),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// An amount as a number: whole where it is, else the nearest there is.
    pub fn amount_of(Amount(units): Amount) -> Json<'a> {
        match units % UNITS {
            0 => Json::Number((units / UNITS).into()),
            // So long as its units are exact as a float, dividing them is as good as reading the decimal.
            _ if units.unsigned_abs() < 1 << f64::MANTISSA_DIGITS => {
                Number::from_f64(Amount(units).to_f64()).map_or(Json::Null, Json::Number)
            }
            _ => Amount(units).to_string().parse().map_or(Json::Null, Json::Number),
        }
    }

    /// A number, or text that is one.
    pub fn amount(&self) -> Option<Amount> {
        let amount = match self {
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Amount::from_scaled(i128::from(whole), 0),
                None => Amount::from_f64(number.as_f64()?),
            },
            Json::Text(text) => Amount::parse(text),
            _ => None,
        };
        amount.filter(|amount| fits(*amount))
    }

    /// Whether it says nothing: null or blank text.
    pub fn is_blank(&self) -> bool {
        match self {
            Json::Null => true,
            Json::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float.to_string(),
        _ => number.to_string(),
    }
}

/// Amounts are kept with 18 digits; larger ones cannot be.
pub(crate) fn fits(amount: Amount) -> bool {
    amount.0.unsigned_abs() < 10_u64.pow(18)
}

impl<'a> Object<'a> {
    /// The value of a key; of several the last.
    pub fn get(&self, key: &str) -> Option<&Json<'a>> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The object under a key.
    pub fn object(&self, key: &str) -> Option<&Object<'a>> {
        self.get(key)?.as_object()
    }

    /// The text under a key.
    pub fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key)?.text()
    }

    /// Takes the value of a key out.
    pub fn take(&mut self, key: &str) -> Option<Json<'a>> {
        let at = self.0.iter().rposition(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }
}

struct Bounds {
    members: usize,
    deep: Cell<bool>,
    wide: Cell<bool>,
}

#[derive(Clone, Copy)]
struct Seed<'b> {
    depth: usize,
    bounds: &'b Bounds,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json<'de>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl Seed<'_> {
    /// The bounds one level down; `None` where the bottom is reached.
    fn below(self) -> Option<Self> {
        let depth = self.depth.checked_sub(1);
        self.bounds.deep.set(self.bounds.deep.get() || depth.is_none());
        depth.map(|depth| Seed { depth, ..self })
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        match self.below() {
            Some(seed) => {
                while let Some(item) = items.next_element_seed(seed)? {
                    list.push(item);
                }
            }
            None => while items.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json<'de>, A::Error> {
        let mut object = Vec::new();
        let Some(seed) = self.below() else {
            while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Json::Object(Object(object)));
        };
        while let Some(key) = members.next_key_seed(Key)? {
            if object.is_empty() {
                object.reserve_exact(USUAL_MEMBERS);
            }
            if object.len() < self.bounds.members {
                object.push((key, members.next_value_seed(seed)?));
            } else {
                self.bounds.wide.set(true);
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Json::Object(Object(object)))
    }
}

/// A key, borrowed where it has no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Cow<'de, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => writer.serialize_unit(),
            Json::Bool(flag) => writer.serialize_bool(*flag),
            Json::Number(number) => number.serialize(writer),
            Json::Text(text) => writer.serialize_str(text),
            Json::List(items) => {
                let mut list = writer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Json::Object(object) => object.serialize(writer),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        let mut map = writer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Json<'_>, Unread> {
        Json::parse(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn what_is_read_is_written_again() {
        let text = r#"{"a":[1,-2,2.5,1e300,true,null],"b":{"c":"é\n\"","":{}},"n":18446744073709551615}"#;
        let written = serde_json::to_string(&parse(text).unwrap()).unwrap();
        assert_eq!(written, text.replace("1e300", "1e+300"));
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let Json::List(items) = parse(r#"["plain","esc\t"]"#).unwrap() else { panic!("no list") };
        assert!(matches!(items[0], Json::Text(Cow::Borrowed("plain"))));
        assert!(matches!(&items[1], Json::Text(Cow::Owned(text)) if text == "esc\t"));
    }

    #[test]
    fn depth_and_width_are_bounded() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(parse(&nested(65)), Err(Unread::TooDeep));
        assert_eq!(parse(&nested(100_000)), Err(Unread::TooDeep));
        let wide = |n: usize| format!("{{{}}}", vec![r#""k":1"#; n].join(","));
        assert!(parse(&wide(1_000)).is_ok());
        assert_eq!(parse(&wide(1_001)), Err(Unread::TooWide));
        for text in ["{\"a\":}", "[1,]", "1 2", "\"\u{1}\""] {
            assert!(matches!(parse(text), Err(Unread::Invalid(_))), "{text}");
        }
        assert!(matches!(Json::parse(b"\"\xff\"", &Limits::default()), Err(Unread::Invalid(_))));
    }

    #[test]
    fn amounts_are_written_as_they_are() {
        for units in
            [0, 10_000, -125_000, 199_900, 1, -7, 9_007_199_254_740_991, 9_007_199_254_740_993, i64::MAX]
        {
            let decimal: Number = Amount(units).to_string().parse().unwrap();
            assert_eq!(Json::amount_of(Amount(units)), Json::Number(decimal), "{units}");
        }
    }

    #[test]
    fn scalars_are_texts_and_numbers_are_amounts() {
        let text = |json: &str| parse(json).unwrap().text().map(Cow::into_owned);
        assert_eq!(text("17850.0").as_deref(), Some("17850"));
        assert_eq!(text("18446744073709551615").as_deref(), Some("18446744073709551615"));
        assert_eq!(text(r#""  x ""#).as_deref(), Some("x"));
        assert_eq!((text(r#"" ""#), text("null"), text("[]")), (None, None, None));
        let amount = |json: &str| parse(json).unwrap().amount().map(|amount| amount.to_string());
        assert_eq!(amount("19.99").as_deref(), Some("19.99"));
        assert_eq!(amount(r#"" -12.5 ""#).as_deref(), Some("-12.5"));
        assert_eq!((amount("1e300"), amount(r#""$5""#), amount("true")), (None, None, None));
    }
}
