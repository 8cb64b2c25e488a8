//! State models: ordered rules that put every consumer in exactly one state as of a date.

mod cell;
mod diff;
mod path;
mod presets;
mod reference;
mod slot;

use serde_json::{Map, Value, json};

use crate::error::{Code, Error, Result};
use crate::expr::{Expr, parse_value};

pub use cell::{Cell, Follow, Followed, band, cell};
pub use diff::{Change, ChangeKind, diff};
pub use path::{DATES, Path, check_dates, path};
pub use presets::{Preset, preset, presets};
pub use reference::{ModelRef, versioned};
pub use slot::Slot;

/// The state of a consumer that meets no rule; always there, always counted.
pub const NONE: &str = "none";
/// The row of a flow that holds who joined a moving audience between its dates.
pub const ENTERED: &str = "entered";
/// The column of a flow that holds who left a moving audience between its dates.
pub const LEFT: &str = "left";

/// Names that no state may have.
pub const RESERVED_STATES: [&str; 3] = [NONE, ENTERED, LEFT];

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
    /// What people call it, in English.
    pub title: Option<String>,
    /// What people call it, in Chinese.
    pub title_zh: Option<String>,
    /// Where it stands between stranger and loyal, which decides its colour.
    pub slot: Option<Slot>,
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
        self.states.iter().map(State::to_json).collect()
    }

    /// Reads the JSON form: a list of `{"name", "when", "title"?, "title_zh"?, "slot"?}`.
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

impl State {
    fn to_json(&self) -> Value {
        let mut object = Map::from_iter([("name".to_owned(), json!(self.name))]);
        for (key, title) in [("title", &self.title), ("title_zh", &self.title_zh)] {
            object.extend(title.as_ref().map(|title| (key.to_owned(), json!(title))));
        }
        object.extend(self.slot.map(|slot| ("slot".to_owned(), json!(slot.name()))));
        object.insert("when".to_owned(), self.when.to_json());
        Value::Object(object)
    }
}

const STATE_KEYS: [&str; 5] = ["name", "when", "title", "title_zh", "slot"];

fn state_from_json(value: &Value) -> Result<State> {
    let object = value.as_object().ok_or_else(|| invalid("a state is {name, when}", ""))?;
    if let Some(other) = object.keys().find(|key| !STATE_KEYS.contains(&key.as_str())) {
        let message = format!("a state has {}, not \"{other}\"", STATE_KEYS.join(", "));
        return Err(invalid(&message, &format!("/{other}")));
    }
    let when = object.get("when").ok_or_else(|| invalid("a state needs a rule", "/when"))?;
    let slot = text(object, "slot")?.map(|name| Slot::named(&name)).transpose()?;
    Ok(State {
        name: text(object, "name")?.ok_or_else(|| invalid("a state needs a name", "/name"))?,
        when: parse_value(when).map_err(|e| e.under("/when"))?,
        title: text(object, "title")?,
        title_zh: text(object, "title_zh")?,
        slot,
    })
}

fn text(object: &Map<String, Value>, key: &str) -> Result<Option<String>> {
    match object.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(invalid(&format!("the {key} of a state is a text"), &format!("/{key}"))),
    }
}

fn invalid(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidModel, message)
        .at(at)
        .help("write states as [{\"name\": \"active\", \"when\": EXPRESSION}, …]; the first that holds wins, \"none\" is added")
}
