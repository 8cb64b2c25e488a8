//! Which model a question or an expression means: one with a name, perhaps a certain version of it, or rules written
//! on the spot.
//!
//! ```text
//! model := "pno"                    the latest version
//!        | "pno@2"                  its second version, for ever
//!        | {"states":[…]}           these rules: a draft that nobody has saved
//! ```
//!
//! A state named with a version keeps its meaning when the model changes; see `docs/decisions/0015`.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::error::{Code, Error, Result, suggestion};
use crate::state_model::StateModel;
use crate::vocabulary::Vocabulary;

/// What stands between a model's name and its version.
const AT: char = '@';

/// A state model as it is named or written.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelRef {
    /// By name, or by name and version.
    Named(String),
    /// Rules by themselves.
    Inline(Arc<StateModel>),
}

impl ModelRef {
    /// Reads the JSON form.
    pub fn from_json(value: &Value) -> Result<ModelRef> {
        match value {
            Value::String(name) => Ok(ModelRef::Named(name.clone())),
            Value::Object(object) => {
                let other = object.keys().find(|key| *key != "states");
                if let Some(other) = other {
                    let help = suggestion(other, ["states"])
                        .unwrap_or_else(|| "write {\"states\": [{\"name\", \"when\"}, …]}".to_owned());
                    let message = format!("rules by themselves have no \"{other}\"");
                    return Err(Error::new(Code::InvalidModel, message).at(format!("/{other}")).help(help));
                }
                let states = object.get("states").unwrap_or(&Value::Null);
                Ok(ModelRef::Inline(Arc::new(StateModel::from_json(states)?)))
            }
            _ => Err(Error::new(Code::InvalidModel, "a state model is a name or rules")
                .help("write \"pno\", \"pno@2\" or {\"states\": [{\"name\", \"when\"}, …]}")),
        }
    }

    /// The JSON form.
    pub fn to_json(&self) -> Value {
        match self {
            ModelRef::Named(name) => json!(name),
            ModelRef::Inline(model) => json!({ "states": model.to_json() }),
        }
    }

    /// The rules it stands for; `None` if there is no such model.
    pub fn rules(&self, names: &dyn Vocabulary) -> Option<Arc<StateModel>> {
        match self {
            ModelRef::Named(name) => names.state_model(name),
            ModelRef::Inline(model) => Some(model.clone()),
        }
    }

    /// Whether it means this model, in whatever version.
    pub fn is_of(&self, name: &str) -> bool {
        match self {
            ModelRef::Named(own) => own == name || versioned(own).is_some_and(|(base, _)| base == name),
            ModelRef::Inline(_) => false,
        }
    }
}

impl From<&str> for ModelRef {
    fn from(name: &str) -> ModelRef {
        ModelRef::Named(name.to_owned())
    }
}

impl fmt::Display for ModelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelRef::Named(name) => write!(f, "{name}"),
            ModelRef::Inline(_) => write!(f, "inline"),
        }
    }
}

/// A name and a version: `pno@2`. Versions are written as they are printed: `pno@02` is none.
pub fn versioned(name: &str) -> Option<(&str, u32)> {
    let (base, digits) = name.rsplit_once(AT)?;
    let version: u32 = digits.parse().ok()?;
    (!base.is_empty() && version.to_string() == digits).then_some((base, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &Value, expected: &str) {
        let text = match ModelRef::from_json(value) {
            Ok(read) => {
                assert_eq!(ModelRef::from_json(&read.to_json()), Ok(read.clone()));
                read.to_string()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_name_a_version_or_rules() {
        check(&json!("pno"), "pno");
        check(&json!("pno@2"), "pno@2");
        check(&json!({ "states": [{ "name": "in", "when": { "everyone": true } }] }), "inline");
        check(
            &json!({ "state": [] }),
            "rules by themselves have no \"state\" (at /state)\n  help: did you mean \"states\"?",
        );
        check(
            &json!({ "states": [{ "name": "in", "when": { "evryone": true } }] }),
            "an expression has no \"evryone\" (at /states/0/when/evryone)\n  help: did you mean \"everyone\"?",
        );
        check(
            &json!(2),
            "a state model is a name or rules\n  help: write \"pno\", \"pno@2\" or {\"states\": [{\"name\", \"when\"}, …]}",
        );
    }

    #[test]
    fn versions_are_written_in_one_way() {
        assert_eq!(versioned("pno@2"), Some(("pno", 2)));
        assert_eq!(versioned("a@b@12"), Some(("a@b", 12)));
        for plain in ["pno", "pno@", "@2", "pno@02", "pno@+2", "pno@two"] {
            assert_eq!(versioned(plain), None, "{plain}");
        }
        let (base, other) = (ModelRef::from("pno@2"), ModelRef::from("pnox@2"));
        assert!(base.is_of("pno") && base.is_of("pno@2") && !other.is_of("pno"));
    }
}
