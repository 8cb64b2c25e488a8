//! Definition files: YAML documents, expressions inside in their JSON form.
//!
//! ```yaml
//! kind: audience
//! name: exposed_not_bought
//! expression: {minus: [{did: {behavior: [impression]}}, {did: {behavior: [purchase]}}]}
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use weir_core::about::About;
use weir_core::destination::Destination;
use weir_core::error::suggestion;
use weir_core::expr::{Expr, parse_value};
use weir_core::state_model::StateModel;
use weir_core::tag::rule::TagRule;
use weir_core::track::Track;
use weir_core::{Code, Error, Result};

use super::{Definition, DefinitionKind, example};
use crate::tag::rule_of;
use crate::vocabulary::Proposed;

/// A definition as it was written.
pub(crate) struct Document {
    pub name: String,
    pub about: About,
    pub body: Body,
    /// The file it stands in, for errors.
    file: Option<PathBuf>,
}

pub(crate) enum Body {
    Audience(Expr),
    StateModel(StateModel),
    Destination(Destination),
    /// None where the tag is only described.
    Tag(Option<TagRule>),
    Track(Track),
}

impl Body {
    /// What the store holds of a definition.
    pub fn stored(kind: DefinitionKind, body: &Value) -> Result<Body> {
        Ok(match kind {
            DefinitionKind::Audience => Body::Audience(parse_value(body)?),
            DefinitionKind::StateModel => Body::StateModel(StateModel::from_json(body)?),
            DefinitionKind::Destination => Body::Destination(Destination::from_json(body)?),
            DefinitionKind::Tag => Body::Tag(rule_of(body)?),
            DefinitionKind::Track => Body::Track(Track::from_json(body)?),
        })
    }

    /// The expressions it is made of.
    pub fn expressions(&self) -> Vec<Expr> {
        match self {
            Body::Audience(expr) => vec![expr.clone()],
            Body::StateModel(model) => model.states.iter().map(|state| state.when.clone()).collect(),
            Body::Tag(rule) => {
                let rules = rule.iter().flat_map(|rule| rule.expressions());
                rules.map(|(_, expr)| expr.clone()).collect()
            }
            Body::Track(track) => track.names(),
            Body::Destination(_) => Vec::new(),
        }
    }
}

impl Document {
    pub fn audience(name: &str, expr: Expr, about: About) -> Document {
        Document { name: name.to_owned(), about, body: Body::Audience(expr), file: None }
    }

    pub fn state_model(name: &str, model: StateModel, about: About) -> Document {
        Document { name: name.to_owned(), about, body: Body::StateModel(model), file: None }
    }

    pub fn destination(name: &str, destination: Destination, about: About) -> Document {
        Document { name: name.to_owned(), about, body: Body::Destination(destination), file: None }
    }

    pub fn tag(name: &str, rule: Option<TagRule>, about: About) -> Document {
        Document { name: name.to_owned(), about, body: Body::Tag(rule), file: None }
    }

    pub fn track(name: &str, track: Track, about: About) -> Document {
        Document { name: name.to_owned(), about, body: Body::Track(track), file: None }
    }

    pub fn kind(&self) -> DefinitionKind {
        match self.body {
            Body::Audience(_) => DefinitionKind::Audience,
            Body::StateModel(_) => DefinitionKind::StateModel,
            Body::Destination(_) => DefinitionKind::Destination,
            Body::Tag(_) => DefinitionKind::Tag,
            Body::Track(_) => DefinitionKind::Track,
        }
    }

    pub fn to_put(&self) -> weir_store::PutDefinition {
        let body = match &self.body {
            Body::Audience(expr) => expr.to_json(),
            Body::StateModel(model) => model.to_json(),
            Body::Destination(destination) => destination.to_json(),
            Body::Tag(rule) => rule.as_ref().map_or(Value::Null, TagRule::to_json),
            Body::Track(track) => track.to_json(),
        };
        let (kind, name, about) = (self.kind(), self.name.clone(), self.about.clone());
        weir_store::PutDefinition { kind, name, body, about }
    }

    /// The document as an export would write it.
    pub fn to_value(&self) -> Value {
        let weir_store::PutDefinition { kind, name, body, about } = self.to_put();
        to_value(&Definition { kind, name, version: 0, about, body })
    }

    /// Adds the document to the names that others may use; the same name twice is an error.
    pub fn propose(&self, proposed: &mut Proposed) -> Result<()> {
        let taken = match &self.body {
            Body::Audience(expr) => {
                proposed.audiences.insert(self.name.clone(), Arc::new(expr.clone())).is_some()
            }
            Body::StateModel(model) => {
                proposed.state_models.insert(self.name.clone(), Arc::new(model.clone())).is_some()
            }
            Body::Destination(_) => !proposed.destinations.insert(self.name.clone()),
            Body::Tag(rule) => proposed.tags.insert(self.name.clone(), rule.clone().map(Arc::new)).is_some(),
            Body::Track(_) => !proposed.tracks.insert(self.name.clone()),
        };
        if taken {
            let error = Error::new(
                Code::InvalidDefinition,
                format!("the {} \"{}\" is defined twice", self.kind().name(), self.name),
            );
            return Err(self.locate(error));
        }
        Ok(())
    }

    /// Whether it is a tag whose values are computed.
    pub fn is_computed(&self) -> bool {
        matches!(self.body, Body::Tag(Some(_)))
    }

    /// An error with the file and the definition it belongs to.
    pub fn locate(&self, error: Error) -> Error {
        let Some(file) = &self.file else { return error };
        let message =
            format!("{}: {} \"{}\": {}", file.display(), self.kind().name(), self.name, error.message);
        Error { message, ..error }
    }
}

/// Every definition of the YAML files in a folder, in order of file name.
pub(crate) fn read_folder(dir: &Path) -> Result<Vec<Document>> {
    let values = read_values(dir)?;
    let definitions = values.iter().filter(|(_, value)| !example::is_test(value));
    definitions.map(|(file, value)| document(value, file).map_err(|e| in_file(file, e))).collect()
}

/// Every document of the YAML files in a folder, with its file, in order of file name.
pub(super) fn read_values(dir: &Path) -> Result<Vec<(PathBuf, Value)>> {
    let mut files = Vec::new();
    yaml_files(dir, &mut files)?;
    if files.is_empty() {
        return Err(Error::new(Code::FileNotFound, format!("{} holds no .yaml file", dir.display())));
    }
    files.sort();
    let mut documents = Vec::new();
    for file in files {
        documents.extend(read_file(&file)?.into_iter().map(|value| (file.clone(), value)));
    }
    Ok(documents)
}

fn yaml_files(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(dir).map_err(|error| unreadable(dir, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| unreadable(dir, &error))?.path();
        let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        if path.is_dir() {
            yaml_files(&path, files)?;
        } else if is_yaml {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(file: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let values: Vec<Value> = serde_saphyr::from_multiple(&text).map_err(|error| {
        let what = error.to_string();
        let first_line = what.lines().next().unwrap_or_default().to_owned();
        Error::new(Code::InvalidDefinition, format!("{} is not YAML: {first_line}", file.display()))
    })?;
    Ok(values.into_iter().filter(|value| !value.is_null()).collect())
}

pub(super) fn document(value: &Value, file: &Path) -> Result<Document> {
    let object = value.as_object().ok_or_else(|| invalid("a definition is a mapping with kind and name"))?;
    let text = |key: &str| object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let kind = text("kind").ok_or_else(|| invalid("a definition needs a kind").at("/kind"))?;
    let body = body(kind, object)?;
    let name = text("name").ok_or_else(|| invalid("a definition needs a name").at("/name"))?.to_owned();
    Ok(Document { name, about: About::from_object(object)?, body, file: Some(file.to_owned()) })
}

fn body(kind: &str, object: &Map<String, Value>) -> Result<Body> {
    match kind {
        "audience" => {
            only(object, "expression")?;
            let expression = required(object, "expression")?;
            Ok(Body::Audience(parse_value(expression).map_err(|e| e.under("/expression"))?))
        }
        "state_model" => {
            only(object, "states")?;
            Ok(Body::StateModel(StateModel::from_json(required(object, "states")?)?))
        }
        "destination" => {
            only(object, "destination")?;
            let destination = Destination::from_json(required(object, "destination")?);
            Ok(Body::Destination(destination.map_err(|e| e.under("/destination"))?))
        }
        "tag" => {
            only(object, "value")?;
            let rule = object.get("value").map(TagRule::from_json).transpose();
            Ok(Body::Tag(rule.map_err(|e| e.under("/value"))?))
        }
        "track" => {
            only(object, "track")?;
            let track = Track::from_json(required(object, "track")?);
            Ok(Body::Track(track.map_err(|e| e.under("/track"))?))
        }
        other => {
            let known = ["audience", "state_model", "destination", "tag", "track"];
            let help = suggestion(other, known).unwrap_or_else(|| format!("kinds are {}", known.join(", ")));
            Err(invalid(&format!("there is no kind \"{other}\"")).at("/kind").help(help))
        }
    }
}

/// What every definition has, and the key of what it defines.
fn only(object: &Map<String, Value>, body: &str) -> Result<()> {
    let known: Vec<&str> = ["kind", "name"].into_iter().chain(About::KEYS).chain([body]).collect();
    let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let help =
        suggestion(key, known.iter().copied()).unwrap_or_else(|| format!("it has {}", known.join(", ")));
    Err(invalid(&format!("this kind of definition has no \"{key}\"")).at(format!("/{key}")).help(help))
}

fn required<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a Value> {
    object
        .get(key)
        .ok_or_else(|| invalid(&format!("this kind of definition needs \"{key}\"")).at(format!("/{key}")))
}

/// Writes a definition to the file of its name.
pub(crate) fn write(dir: &Path, definition: &Definition) -> Result<PathBuf> {
    let folder = dir.join(match definition.kind {
        DefinitionKind::Audience => "audiences",
        DefinitionKind::StateModel => "state_models",
        DefinitionKind::Destination => "destinations",
        DefinitionKind::Tag => "tags",
        DefinitionKind::Track => "tracks",
    });
    fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    let path = folder.join(format!("{}.yaml", file_name(&definition.name)));
    let text = serde_saphyr::to_string(&to_value(definition)).map_err(|error| {
        Error::internal(format!("\"{}\" cannot be written as YAML: {error}", definition.name))
    })?;
    fs::write(&path, text).map_err(|error| unwritable(&path, &error))?;
    Ok(path)
}

pub(super) fn to_value(definition: &Definition) -> Value {
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(definition.kind.name()));
    object.insert("name".to_owned(), json!(definition.name));
    object.extend(definition.about.to_object());
    let key = match definition.kind {
        DefinitionKind::Audience => "expression",
        DefinitionKind::StateModel => "states",
        DefinitionKind::Destination => "destination",
        DefinitionKind::Tag => "value",
        DefinitionKind::Track => "track",
    };
    // A tag that is only described has none.
    if !definition.body.is_null() {
        object.insert(key.to_owned(), definition.body.clone());
    }
    Value::Object(object)
}

/// A name as a file name: letters and digits of any script stay, anything else is written as its code.
fn file_name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    name.chars().map(|c| if plain(c) { c.to_string() } else { format!("%{:02X}", u32::from(c)) }).collect()
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidDefinition, message)
}

pub(super) fn in_file(file: &Path, error: Error) -> Error {
    Error { message: format!("{}: {}", file.display(), error.message), ..error }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let code =
        if error.kind() == std::io::ErrorKind::NotFound { Code::FileNotFound } else { Code::UnreadableFile };
    Error::new(code, format!("{} cannot be read: {error}", path.display()))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::InvalidArgument, format!("{} cannot be written: {error}", path.display()))
}
