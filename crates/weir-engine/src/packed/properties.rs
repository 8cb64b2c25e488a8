//! The properties of an event: a JSON object whose values stay the text they are.

use std::borrow::Cow;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::packed::Numbering;
use crate::symbols::Column;

/// The values of a JSON object by number of key; null is absent, and of two values of a key the later one counts.
pub(crate) fn properties<'j>(json: &'j str, numbering: &mut impl Numbering) -> Vec<(u32, &'j str)> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let read = reader.deserialize_map(Members(numbering)).and_then(|members| reader.end().map(|()| members));
    read.unwrap_or_default()
}

/// A key of the JSON it stands in. Without being told to borrow it, serde would copy every one.
#[derive(Deserialize)]
struct Key<'j>(#[serde(borrow)] Cow<'j, str>);

/// Takes the members of an object as they are written: most are never looked at again.
struct Members<'n, N>(&'n mut N);

impl<'de, N: Numbering> Visitor<'de> for Members<'_, N> {
    type Value = Vec<(u32, &'de str)>;

    fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(u32, &'de str)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
            let key = self.0.number(Column::Property, &key.0);
            members.retain(|(earlier, _)| *earlier != key);
            if value.get() != "null" {
                members.push((key, value.get()));
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::Symbols;

    #[test]
    fn of_two_values_of_a_key_the_later_one_counts_and_null_is_absent() {
        let mut symbols = Symbols::default();
        let found = properties(r#"{"a":1.50,"b":null,"a":[1, 2],"c":"x"}"#, &mut symbols);
        assert_eq!(found, [(1, "[1, 2]"), (3, "\"x\"")]);
        assert_eq!(properties(r#"{"\u0061":2}"#, &mut symbols), [(1, "2")]);
        assert_eq!(properties("[]", &mut symbols), []);
    }
}
