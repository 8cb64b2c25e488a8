//! Parameters of playbooks: what they take, and what was filled in.

use serde_json::{Map, Value as Json, json};

use crate::error::{Code, Error, Result, suggestion};
use crate::expr::parse::texts;
use crate::scope::Scope;
use crate::time::Day;

/// Most days of a window, and most channels of a list.
const MOST_DAYS: u64 = 3_650;
const MOST_CHANNELS: usize = 16;

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// One to sixteen channels, by path or leaf.
    Channels,
    /// Names of states.
    Texts,
    /// A whole number of days, or of times.
    Days,
    /// A local date.
    Date,
    /// `{"shop": id}` and so on.
    Scope,
    /// A name.
    Text,
    /// A name, or null.
    Optional,
    /// 0 to 100, fractions allowed.
    Percent,
}

/// A parameter of a playbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its key.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// What it is unless filled in.
    pub default: Json,
    /// What it means, in English.
    pub title: &'static str,
    /// The same in Chinese.
    pub title_zh: &'static str,
}

impl ParameterKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ParameterKind::Channels => "channels",
            ParameterKind::Texts => "texts",
            ParameterKind::Days => "days",
            ParameterKind::Date => "date",
            ParameterKind::Scope => "scope",
            ParameterKind::Text => "text",
            ParameterKind::Optional => "optional_text",
            ParameterKind::Percent => "percent",
        }
    }
}

impl Parameter {
    pub(super) fn new(
        name: &'static str,
        kind: ParameterKind,
        default: Json,
        title: &'static str,
        title_zh: &'static str,
    ) -> Parameter {
        Parameter { name, kind, default, title, title_zh }
    }

    /// What was given in the form that plans read.
    fn read(&self, value: &Json) -> Result<Json> {
        let wrong = |what: &str| invalid(format!("{} is {what}, not {value}", self.name));
        match self.kind {
            ParameterKind::Channels | ParameterKind::Texts => {
                let list = texts(value, self.name).ok().filter(|list| list.len() <= MOST_CHANNELS);
                let what = if self.kind == ParameterKind::Channels { "channels" } else { "names" };
                list.map(|list| json!(list))
                    .ok_or_else(|| invalid(format!("{} is a list of one to sixteen {what}", self.name)))
            }
            ParameterKind::Days => match value.as_u64() {
                Some(1..=MOST_DAYS) => Ok(value.clone()),
                _ => Err(wrong(&format!("a whole number from 1 to {MOST_DAYS}"))),
            },
            ParameterKind::Date => {
                let text = value.as_str().ok_or_else(|| wrong("a date"))?;
                text.parse::<Day>().map(|day| json!(day.to_string()))
            }
            ParameterKind::Scope => Scope::from_json(value).map(|scope| scope.to_json()),
            ParameterKind::Optional if value.is_null() => Ok(Json::Null),
            ParameterKind::Text | ParameterKind::Optional => match value.as_str() {
                Some(text) if !text.is_empty() => Ok(value.clone()),
                _ => Err(wrong("a text")),
            },
            ParameterKind::Percent => match value.as_f64() {
                Some(percent) if (0.0..=100.0).contains(&percent) => Ok(value.clone()),
                _ => Err(wrong("0 to 100")),
            },
        }
    }
}

/// Parameters with all their values.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled(Map<String, Json>);

impl Filled {
    /// What was given, and defaults for the rest.
    pub fn new(parameters: Vec<Parameter>, given: &Map<String, Json>) -> Result<Filled> {
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        if let Some(key) = given.keys().find(|key| !names.contains(&key.as_str())) {
            let help = suggestion(key, names.iter().copied())
                .unwrap_or_else(|| format!("it has {}", names.join(", ")));
            let error = invalid(format!("this playbook has no \"{key}\""));
            return Err(error.at(format!("/{key}")).help(help));
        }
        let mut values = Map::new();
        for parameter in parameters {
            let value = given.get(parameter.name).unwrap_or(&parameter.default);
            let value = parameter.read(value).map_err(|error| error.at(format!("/{}", parameter.name)))?;
            values.insert(parameter.name.to_owned(), value);
        }
        Ok(Filled(values))
    }

    /// A value as JSON.
    pub fn json(&self, name: &str) -> &Json {
        self.0.get(name).unwrap_or(&Json::Null)
    }

    /// A text.
    pub fn text(&self, name: &str) -> &str {
        self.json(name).as_str().unwrap_or_default()
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.json(name).as_array().into_iter().flatten();
        list.filter_map(Json::as_str).map(str::to_owned).collect()
    }

    /// A whole number.
    pub fn days(&self, name: &str) -> u32 {
        self.json(name).as_u64().and_then(|days| u32::try_from(days).ok()).unwrap_or(1)
    }

    /// A date.
    pub fn date(&self, name: &str) -> Result<Day> {
        self.text(name).parse().map_err(|error: Error| error.at(format!("/{name}")))
    }

    /// A scope.
    pub fn scope(&self, name: &str) -> Result<Scope> {
        Scope::from_json(self.json(name)).map_err(|error| error.at(format!("/{name}")))
    }
}

fn invalid(message: String) -> Error {
    Error::new(Code::InvalidArgument, message)
}
