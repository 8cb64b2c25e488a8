//! Tags: named facts about consumers.
//!
//! What is stated of a tag, by whomever, is here; how a computed tag comes by its values is [`rule`].

pub mod rule;

use crate::error::{Code, Error};
use crate::op::Operand;
use crate::time::Day;

/// What a tag's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// One text.
    Text,
    /// One number.
    Number,
    /// One date.
    Date,
    /// Several texts.
    Multi,
}

/// A tag's value.
#[derive(Debug, Clone, PartialEq)]
pub enum TagValue {
    /// One text.
    Text(String),
    /// One number.
    Number(f64),
    /// One date.
    Date(Day),
    /// Several texts.
    Multi(Vec<String>),
    /// That there is no value any more: from here on every operator but `{"exists": false}` is false.
    Absent,
}

impl TagKind {
    /// Every kind with its name.
    pub const ALL: [(&'static str, TagKind); 4] = [
        ("text", TagKind::Text),
        ("number", TagKind::Number),
        ("date", TagKind::Date),
        ("multi", TagKind::Multi),
    ];

    /// The kind's name.
    pub fn name(self) -> &'static str {
        TagKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("text", |(name, _)| name)
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<TagKind> {
        TagKind::ALL.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind)
    }
}

impl TagValue {
    /// What this value is; no value fits every kind of tag.
    pub fn kind(&self) -> Option<TagKind> {
        match self {
            TagValue::Text(_) => Some(TagKind::Text),
            TagValue::Number(_) => Some(TagKind::Number),
            TagValue::Date(_) => Some(TagKind::Date),
            TagValue::Multi(_) => Some(TagKind::Multi),
            TagValue::Absent => None,
        }
    }

    /// The value as operators see it.
    pub fn operand(&self) -> Operand<'_> {
        match self {
            TagValue::Text(text) => Operand::Text(text),
            TagValue::Number(number) => Operand::Number(*number),
            TagValue::Date(day) => Operand::Date(*day),
            TagValue::Multi(values) => Operand::Many(values),
            TagValue::Absent => Operand::Absent,
        }
    }
}

/// One statement about one consumer. The statement in force as of a date is the one with the latest day not after
/// it (undated ones count from the beginning); of equal days, the one stated last (`seq`).
#[derive(Debug, Clone, PartialEq)]
pub struct TagFact {
    /// The tag.
    pub key: String,
    /// Since when; [`Day::BEGINNING`] when undated.
    pub day: Day,
    /// Order of statement: later ones win on equal days.
    pub seq: u64,
    /// The value.
    pub value: TagValue,
}

/// The error for a tag stated with another kind than before.
pub fn kind_conflict(key: &str, is: TagKind, given: TagKind) -> Error {
    let (is, given) = (is.name(), given.name());
    Error::new(
        Code::InvalidMapping,
        format!("tag \"{key}\" holds {is} values, but the mapping gives {given}"),
    )
    .at(key)
    .help(format!("cast the column in the mapping's SQL, or give the {given} values another name"))
}
