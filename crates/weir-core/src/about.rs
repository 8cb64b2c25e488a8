//! What may be said about any definition beside what it defines.

use serde_json::{Map, Value, json};

use crate::error::{Code, Error, Result};
use crate::schedule::Schedule;

/// Most letters of a description.
const LONGEST_DESCRIPTION: usize = 2_000;
/// Most letters of an owner, a role or a label.
const LONGEST_WORD: usize = 100;
/// Most labels.
const MOST_LABELS: usize = 50;

/// What a definition is for, whose it is, and when it is refreshed. All of it may be missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    /// A sentence or more for people.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    pub role: Option<String>,
    /// Words to find it by, in order, each once.
    pub labels: Vec<String>,
    /// When it is computed anew without being asked.
    pub refresh: Option<Schedule>,
}

impl About {
    /// The keys it has in a definition's JSON and YAML, beside those of what is defined.
    pub const KEYS: [&'static str; 5] = ["description", "owner", "role", "labels", "refresh"];

    /// Nothing but a description.
    pub fn described(description: &str) -> About {
        About { description: Some(description.to_owned()), ..About::default() }
    }

    /// Reads its keys of an object that may have others. Texts without a letter count as missing.
    pub fn from_object(object: &Map<String, Value>) -> Result<About> {
        let refresh = text(object, "refresh", LONGEST_WORD)?;
        Ok(About {
            description: text(object, "description", LONGEST_DESCRIPTION)?,
            owner: text(object, "owner", LONGEST_WORD)?,
            role: text(object, "role", LONGEST_WORD)?,
            labels: labels(object)?,
            refresh: refresh.map(|text| text.parse().map_err(|e: Error| e.at("/refresh"))).transpose()?,
        })
    }

    /// Its keys, those that are there.
    pub fn to_object(&self) -> Map<String, Value> {
        let mut object = Map::new();
        for (key, text) in [("description", &self.description), ("owner", &self.owner), ("role", &self.role)]
        {
            object.extend(text.as_ref().map(|text| (key.to_owned(), json!(text))));
        }
        if !self.labels.is_empty() {
            object.insert("labels".to_owned(), json!(self.labels));
        }
        object.extend(self.refresh.map(|schedule| ("refresh".to_owned(), json!(schedule.to_string()))));
        object
    }
}

fn text(object: &Map<String, Value>, key: &str, longest: usize) -> Result<Option<String>> {
    let value = match object.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(invalid(format!("{key} is a text"), key)),
    };
    check_length(value, longest).map_err(|message| invalid(format!("{key} {message}"), key))?;
    Ok(Some(value.clone()).filter(|text| !text.trim().is_empty()))
}

fn labels(object: &Map<String, Value>) -> Result<Vec<String>> {
    let list = match object.get("labels") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) if list.len() <= MOST_LABELS => list,
        Some(Value::Array(_)) => {
            return Err(invalid(format!("there are at most {MOST_LABELS} labels"), "labels"));
        }
        Some(_) => return Err(invalid("labels are a list of texts".to_owned(), "labels")),
    };
    let mut labels: Vec<String> = Vec::new();
    for (i, label) in list.iter().enumerate() {
        let at = format!("labels/{i}");
        let label = label.as_str().map(str::trim).filter(|label| !label.is_empty());
        let label = label.ok_or_else(|| invalid("a label is a text".to_owned(), &at))?;
        check_length(label, LONGEST_WORD).map_err(|message| invalid(format!("a label {message}"), &at))?;
        if !labels.iter().any(|other| other == label) {
            labels.push(label.to_owned());
        }
    }
    labels.sort();
    Ok(labels)
}

fn check_length(text: &str, longest: usize) -> std::result::Result<(), String> {
    if text.chars().count() > longest {
        return Err(format!("has at most {longest} letters"));
    }
    Ok(())
}

fn invalid(message: String, key: &str) -> Error {
    Error::new(Code::InvalidDefinition, message).at(format!("/{key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(value: Value) -> String {
        match About::from_object(value.as_object().unwrap()) {
            Ok(about) => Value::Object(about.to_object()).to_string(),
            Err(error) => format!("{}: {}", error.at.unwrap_or_default(), error.message),
        }
    }

    #[test]
    fn what_is_said_is_read_and_printed() {
        let whole = json!({
            "description": "exposed, not bought", "owner": "crm team", "role": "target", "labels": ["promo", "618"],
            "refresh": "daily 05:00", "expression": "left to others",
        });
        insta::assert_snapshot!(read(whole), @r#"{"description":"exposed, not bought","owner":"crm team","role":"target","labels":["618","promo"],"refresh":"daily 05:00"}"#);
        assert_eq!(read(json!({"description": " ", "labels": []})), "{}");
        assert_eq!(read(json!({"labels": ["a", " a "]})), r#"{"labels":["a"]}"#);
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        assert_eq!(read(json!({"owner": 7})), "/owner: owner is a text");
        assert_eq!(read(json!({"labels": "a"})), "/labels: labels are a list of texts");
        assert_eq!(read(json!({"labels": ["a", ""]})), "/labels/1: a label is a text");
        assert_eq!(read(json!({"refresh": "often"})), "/refresh: \"often\" is not a schedule");
        assert_eq!(read(json!({"role": "x".repeat(101)})), "/role: role has at most 100 letters");
    }
}
