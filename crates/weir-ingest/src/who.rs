//! The identifiers of one message.

use std::borrow::Cow;

use weir_core::identity::IdentifierRef;

use crate::intake::{Intake, Outcome, Refusal};
use crate::json::Json;

/// Most identifiers of one message. People have a handful; more is a mistake or mischief.
const MOST: usize = 16;

/// Longest name of a kind.
const LONGEST_KIND: usize = 50;

/// Collects identifiers: scalars as text, junk and what is too long left out.
#[derive(Default)]
pub(crate) struct Who<'a> {
    identifiers: Vec<IdentifierRef<'a>>,
    has_junk: bool,
    is_over: bool,
}

impl<'a> Who<'a> {
    /// Adds the value of a kind, if it is one.
    pub fn add(&mut self, kind: impl Into<Cow<'a, str>>, value: Option<&Json<'a>>, longest: usize) {
        let Some(text) = value.and_then(Json::text) else { return };
        let found = if text.len() <= longest { IdentifierRef::new(kind.into(), text) } else { None };
        let Some(identifier) = found else {
            self.has_junk = true;
            return;
        };
        if self.identifiers.contains(&identifier) {
            return;
        }
        if self.identifiers.len() == MOST {
            self.is_over = true;
            return;
        }
        self.identifiers.push(identifier);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.identifiers.len()
    }

    /// The identifiers; a message of nobody is refused.
    pub fn finish(self, intake: &mut Intake) -> Outcome<Vec<IdentifierRef<'a>>> {
        if self.identifiers.is_empty() {
            return Err(match self.has_junk {
                true => Refusal::new("junk_identifier", "its identifiers stand for nobody, or are too long"),
                false => Refusal::new("no_identifier", "it says nobody's identifier"),
            });
        }
        if self.has_junk {
            intake.remark("junk_identifier");
        }
        if self.is_over {
            intake.remark("too_many_identifiers");
        }
        Ok(self.identifiers)
    }
}

/// Whether a kind that a client made up can be one: a word in lower case.
pub(crate) fn is_kind(kind: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=LONGEST_KIND).contains(&kind.len()) && kind.bytes().all(is_word)
}
