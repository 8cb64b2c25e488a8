//! State models: ordered rules that put every consumer in exactly one state as of a date.

mod presets;

use serde_json::{Value, json};

use crate::error::{Code, Error, Result};
use crate::expr::{Expr, parse_value};

pub use presets::{Preset, preset, presets};

/// The state of a consumer that meets no rule; always there, always counted.
pub const NONE: &str = "none";

/// Names that flows use for people on one side only.
pub const RESERVED_STATES: [&str; 3] = [NONE, "entered", "left"];

/// Ordered rules; the first that holds decides.
#[derive(Debug, Clone, PartialEq)]
pub struct StateModel {
    /// In order of precedence.
    pub states: Vec<State>,
}

/// One state and the rule that leads to it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Who is in it, unless an earlier state holds.
    pub when: Expr,
}

impl StateModel {
    /// Names in order of precedence, without `none`.
    pub fn names(&self) -> Vec<&str> {
        self.states.iter().map(|state| state.name.as_str()).collect()
    }

    /// Position of a state; `none` comes after the last.
    pub fn position(&self, name: &str) -> Option<usize> {
        if name == NONE {
            return Some(self.states.len());
        }
        self.states.iter().position(|state| state.name == name)
    }

    /// The JSON form of the states.
    pub fn to_json(&self) -> Value {
        self.states.iter().map(|s| json!({ "name": s.name, "when": s.when.to_json() })).collect()
    }

    /// Reads the JSON form: a list of `{"name", "when"}`.
    pub fn from_json(value: &Value) -> Result<StateModel> {
        let list = value.as_array().ok_or_else(|| invalid("a state model's states are a list", ""))?;
        let mut states = Vec::new();
        for (i, item) in list.iter().enumerate() {
            states.push(state_from_json(item).map_err(|e| e.under(&format!("/states/{i}")))?);
        }
        let model = StateModel { states };
        model.check_names()?;
        Ok(model)
    }

    fn check_names(&self) -> Result<()> {
        if self.states.is_empty() {
            return Err(invalid("a state model needs at least one state", "/states"));
        }
        for (i, state) in self.states.iter().enumerate() {
            let at = format!("/states/{i}/name");
            if RESERVED_STATES.contains(&state.name.as_str()) || state.name.is_empty() {
                return Err(invalid(&format!("\"{}\" cannot be the name of a state", state.name), &at));
            }
            if self.position(&state.name) != Some(i) {
                return Err(invalid(&format!("the state \"{}\" stands twice", state.name), &at));
            }
        }
        Ok(())
    }
}

fn state_from_json(value: &Value) -> Result<State> {
    let object = value.as_object().ok_or_else(|| invalid("a state is {name, when}", ""))?;
    if let Some(other) = object.keys().find(|key| !["name", "when"].contains(&key.as_str())) {
        return Err(invalid(&format!("a state has name and when, not \"{other}\""), &format!("/{other}")));
    }
    let name =
        object.get("name").and_then(Value::as_str).ok_or_else(|| invalid("a state needs a name", "/name"))?;
    let when = object.get("when").ok_or_else(|| invalid("a state needs a rule", "/when"))?;
    Ok(State { name: name.to_owned(), when: parse_value(when).map_err(|e| e.under("/when"))? })
}

fn invalid(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidModel, message)
        .at(at)
        .help("write states as [{\"name\": \"active\", \"when\": EXPRESSION}, …]; the first that holds wins, \"none\" is added")
}
