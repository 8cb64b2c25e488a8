//! Scopes: a shop, a brand, a category, or the whole workspace.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::error::{Code, Error, Result};

/// What a state model's conditions are limited to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Scope {
    /// Events in one shop.
    Shop(String),
    /// Events of one brand and all below it: its shops' events and brand-only touchpoints.
    Brand(String),
    /// Events in one category and all below it.
    Category(String),
    /// All events.
    #[default]
    Workspace,
}

impl Scope {
    /// The JSON form, `{"shop": "…"}` or `{"workspace": true}`.
    pub fn to_json(&self) -> Value {
        match self {
            Scope::Shop(id) => json!({ "shop": id }),
            Scope::Brand(id) => json!({ "brand": id }),
            Scope::Category(id) => json!({ "category": id }),
            Scope::Workspace => json!({ "workspace": true }),
        }
    }

    /// Reads the JSON form.
    pub fn from_json(value: &Value) -> Result<Scope> {
        let object = value.as_object().filter(|o| o.len() == 1).ok_or_else(not_a_scope)?;
        let (key, inner) = object.iter().next().ok_or_else(not_a_scope)?;
        match (key.as_str(), inner) {
            ("shop", Value::String(id)) => Ok(Scope::Shop(id.clone())),
            ("brand", Value::String(id)) => Ok(Scope::Brand(id.clone())),
            ("category", Value::String(id)) => Ok(Scope::Category(id.clone())),
            ("workspace", Value::Bool(true)) => Ok(Scope::Workspace),
            _ => Err(not_a_scope()),
        }
    }
}

fn not_a_scope() -> Error {
    Error::new(Code::InvalidScope, "this is not a scope")
        .help("write {\"shop\": id}, {\"brand\": id}, {\"category\": id} or {\"workspace\": true}")
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scope::Shop(id) => write!(f, "shop={id}"),
            Scope::Brand(id) => write!(f, "brand={id}"),
            Scope::Category(id) => write!(f, "category={id}"),
            Scope::Workspace => write!(f, "workspace"),
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    /// Reads the command-line form, `shop=ID` or `workspace`.
    fn from_str(text: &str) -> Result<Scope> {
        if text == "workspace" {
            return Ok(Scope::Workspace);
        }
        match text.split_once('=') {
            Some((_, "")) | None => Err(bad_text(text)),
            Some(("shop", id)) => Ok(Scope::Shop(id.to_owned())),
            Some(("brand", id)) => Ok(Scope::Brand(id.to_owned())),
            Some(("category", id)) => Ok(Scope::Category(id.to_owned())),
            Some(_) => Err(bad_text(text)),
        }
    }
}

fn bad_text(text: &str) -> Error {
    Error::new(Code::InvalidScope, format!("\"{text}\" is not a scope"))
        .help("write shop=ID, brand=ID, category=ID or workspace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_round_trip() {
        for text in ["shop=lanhe-flagship", "brand=lanhe", "category=home.tea", "workspace"] {
            let scope: Scope = text.parse().unwrap();
            assert_eq!(scope.to_string(), text);
            assert_eq!(Scope::from_json(&scope.to_json()).unwrap(), scope);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "shop", "shop=", "store=1"] {
            assert_eq!(text.parse::<Scope>().unwrap_err().code, Code::InvalidScope, "{text}");
        }
        assert!(Scope::from_json(&json!({"workspace": false})).is_err());
        assert!(Scope::from_json(&json!({"shop": "a", "brand": "b"})).is_err());
    }
}
