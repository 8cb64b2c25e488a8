//! Definitions: audiences, state models, destinations, tags and tracks, one by one or as a folder of YAML files.
//!
//! Applying is all or nothing: every document is parsed and checked, the others of the folder in view, before anything
//! is stored.

mod example;
pub(crate) mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use weir_core::about::About;
use weir_core::diff::{Difference, diff};
use weir_core::expr::{Expr, check, check_model, check_tag, each_name, parse_value};
use weir_core::feature::Feature;
use weir_core::state_model::{StateModel, preset, presets};
use weir_core::{Code, Error, Result};
use weir_store::Page;

use crate::app::Workspace;
use crate::state_model::check_name;
use crate::track::check_track;
use crate::vocabulary::Proposed;
use file::Document;

pub use example::{Example, Failure, test_folder};
pub use weir_store::DefinitionKind;

/// Every kind, in the order of exports.
const KINDS: [DefinitionKind; 5] = [
    DefinitionKind::Audience,
    DefinitionKind::StateModel,
    DefinitionKind::Destination,
    DefinitionKind::Tag,
    DefinitionKind::Track,
];

/// What applying did to one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    Created,
    /// It said something else.
    Updated,
    /// It said the same.
    Unchanged,
}

/// One definition that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its name.
    pub name: String,
    /// What happened.
    pub change: Change,
}

/// What applying would do to one definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What it is, and what would happen.
    pub applied: Applied,
    /// Where it would change, place by place.
    pub changes: Vec<Difference>,
}

/// A present definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// What it is.
    pub kind: DefinitionKind,
    /// Its name.
    pub name: String,
    /// From 1; 0 for a shipped state model.
    pub version: u32,
    /// What is said about it.
    pub about: About,
    /// The expression, the list of states, the destination, or the rule of a tag (null where it is only described).
    pub body: Value,
}

impl From<weir_store::Definition> for Definition {
    fn from(stored: weir_store::Definition) -> Definition {
        let weir_store::Definition { kind, name, version, body, about, .. } = stored;
        Definition { kind, name, version, about, body }
    }
}

impl Workspace {
    /// An audience.
    pub fn audience(&self, name: &str) -> Result<Definition> {
        self.store().definition(DefinitionKind::Audience, name).map(Definition::from)
    }

    /// Defines an audience, or a new version of it.
    pub fn put_audience(&self, name: &str, expression: &Value, about: About) -> Result<Applied> {
        let expr = parse_value(expression).map_err(|e| e.under("/expression"))?;
        self.put(vec![Document::audience(name, expr, about)])?.pop().ok_or_else(nothing_applied)
    }

    /// Removes an audience that nothing refers to.
    pub fn delete_audience(&self, name: &str) -> Result<()> {
        self.refuse_if_named("audience", name)?;
        self.store().remove_definition(DefinitionKind::Audience, name)
    }

    /// State models: the workspace's own by name, then the shipped ones.
    pub fn state_models(&self) -> Result<Vec<Definition>> {
        let stored = self.store().definitions(DefinitionKind::StateModel, &Page::all())?;
        let mut models: Vec<Definition> = stored.items.into_iter().map(Definition::from).collect();
        let shipped = presets().iter().filter(|preset| !models.iter().any(|model| model.name == preset.name));
        let shipped: Vec<Definition> =
            shipped.map(|preset| shipped_model(preset.name, &preset.model)).collect();
        models.extend(shipped);
        Ok(models)
    }

    /// A state model, own or shipped.
    pub fn state_model(&self, name: &str) -> Result<Definition> {
        match (self.store().definition(DefinitionKind::StateModel, name), preset(name)) {
            (Ok(stored), _) => Ok(stored.into()),
            (Err(_), Some(preset)) => Ok(shipped_model(name, &preset.model)),
            (Err(error), None) => Err(error),
        }
    }

    /// A model as it ships.
    pub(crate) fn shipped_state_model(&self, name: &str) -> Result<Definition> {
        let missing = || Error::new(Code::UnknownModel, format!("no state model \"{name}\" ships with Weir"));
        preset(name).map(|preset| shipped_model(name, &preset.model)).ok_or_else(missing)
    }

    /// Defines a state model, or a new version of it.
    pub fn put_state_model(&self, name: &str, states: &Value, about: About) -> Result<Applied> {
        let model = StateModel::from_json(states)?;
        self.put(vec![Document::state_model(name, model, about)])?.pop().ok_or_else(nothing_applied)
    }

    /// Removes a state model that nothing refers to.
    pub fn delete_state_model(&self, name: &str) -> Result<()> {
        self.refuse_if_named("state_model", name)?;
        self.store().remove_definition(DefinitionKind::StateModel, name)
    }

    /// What applying the folder would do, and where each definition would change. Nothing is stored.
    pub fn plan(&self, dir: &Path) -> Result<Vec<Planned>> {
        let documents = file::read_folder(dir)?;
        self.check(&documents)?;
        documents.iter().map(|document| self.planned(document)).collect()
    }

    fn planned(&self, document: &Document) -> Result<Planned> {
        let after = document.to_value();
        let before = match self.store().definition(document.kind(), &document.name) {
            Ok(stored) => Some(file::to_value(&stored.into())),
            Err(_) => None,
        };
        let changes = before.as_ref().map(|before| diff(before, &after)).unwrap_or_default();
        let change = match (&before, changes.is_empty()) {
            (None, _) => Change::Created,
            (Some(_), true) => Change::Unchanged,
            (Some(_), false) => Change::Updated,
        };
        let applied = Applied { kind: document.kind(), name: document.name.clone(), change };
        Ok(Planned { applied, changes })
    }

    /// Applies every YAML document of a folder.
    pub fn apply(&self, dir: &Path) -> Result<Vec<Applied>> {
        self.put(file::read_folder(dir)?)
    }

    /// Writes every definition to a folder, one file each; applying the folder changes nothing.
    pub fn export(&self, dir: &Path) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for kind in KINDS {
            for definition in self.store().definitions(kind, &Page::all())?.items {
                written.push(file::write(dir, &definition.into())?);
            }
        }
        Ok(written)
    }

    pub(crate) fn put(&self, documents: Vec<Document>) -> Result<Vec<Applied>> {
        self.check(&documents)?;
        let definitions: Vec<weir_store::PutDefinition> = documents.iter().map(Document::to_put).collect();
        let before: Vec<u32> = documents.iter().map(|document| self.version(document)).collect();
        let after = self.store().put_definitions(&definitions)?;
        let applied = after.into_iter().zip(before).map(|(definition, before)| Applied {
            kind: definition.kind,
            name: definition.name,
            change: match before {
                0 => Change::Created,
                version if version == definition.version => Change::Unchanged,
                _ => Change::Updated,
            },
        });
        Ok(applied.collect())
    }

    fn version(&self, document: &Document) -> u32 {
        self.store().definition(document.kind(), &document.name).map_or(0, |definition| definition.version)
    }

    fn check(&self, documents: &[Document]) -> Result<()> {
        let mut proposed = Proposed::default();
        for document in documents {
            document.propose(&mut proposed)?;
        }
        let names = self.view()?.names.with(proposed);
        for document in documents {
            let checked = match &document.body {
                file::Body::Audience(expr) => {
                    check(expr, &names).and_then(|_| check(&named(&document.name), &names))
                }
                file::Body::StateModel(model) => check_name(&document.name)
                    .and_then(|()| refuse_refresh(&document.about, "a state model"))
                    .and_then(|()| check_model(model, &names)),
                file::Body::Tag(None) => {
                    refuse_refresh(&document.about, "a tag without a value").map(|()| Vec::new())
                }
                file::Body::Tag(Some(rule)) => {
                    self.require(Feature::ComputedTags).map_err(|error| document.locate(error))?;
                    check_tag(&document.name, rule, &names).map_err(|e| e.under("/value")).and_then(|found| {
                        self.check_tag_free(&document.name, rule.kind(), &names).map(|()| found)
                    })
                }
                file::Body::Destination(destination) => self
                    .check_destination(destination)
                    .map(|()| Vec::new())
                    .map_err(|e| e.under("/destination")),
                file::Body::Track(track) => {
                    self.require(Feature::Tracks).map_err(|error| document.locate(error))?;
                    check_track(track, &names).map(|()| Vec::new()).map_err(|e| e.under("/track"))
                }
            };
            checked.map_err(|error| document.locate(error))?;
        }
        Ok(())
    }

    /// Nothing may name what is to be removed: a noun of [`each_name`], and its name.
    pub(crate) fn refuse_if_named(&self, noun: &str, name: &str) -> Result<()> {
        let users = self.users(noun, name)?;
        if users.is_empty() {
            return Ok(());
        }
        let what = format!("{} {name}", noun.replace('_', " "));
        Err(Error::new(Code::InUse, format!("{what} is used by {}", users.join(", ")))
            .help("change or remove those first"))
    }

    /// The definitions that name something, such as `state model recency`.
    pub(crate) fn users(&self, noun: &str, name: &str) -> Result<Vec<String>> {
        let mut users = Vec::new();
        self.each_expression(|kind, user, expr| {
            let mut is_named = false;
            each_name(expr, &mut |other, named| is_named |= (other, named) == (noun, name));
            if is_named {
                users.push(format!("{} {user}", kind.name().replace('_', " ")));
            }
        })?;
        users.dedup();
        Ok(users)
    }

    /// Calls `each` with kind and name of every definition of the workspace's own and each expression that it is made of.
    pub(crate) fn each_expression(&self, mut each: impl FnMut(DefinitionKind, &str, &Expr)) -> Result<()> {
        for kind in KINDS {
            for definition in self.store().definitions(kind, &Page::all())?.items {
                for expr in file::Body::stored(kind, &definition.body)?.expressions() {
                    each(kind, &definition.name, &expr);
                }
            }
        }
        Ok(())
    }
}

/// What is only described cannot be computed anew.
fn refuse_refresh(about: &About, what: &str) -> Result<()> {
    if about.refresh.is_none() {
        return Ok(());
    }
    let error = Error::new(Code::InvalidDefinition, format!("{what} is not computed")).at("/refresh");
    Err(error.help("leave refresh out; tags with a value, audiences and tracks have it"))
}

fn named(audience: &str) -> Expr {
    Expr::Audience(audience.to_owned())
}

fn shipped_model(name: &str, model: &Arc<StateModel>) -> Definition {
    Definition {
        kind: DefinitionKind::StateModel,
        name: name.to_owned(),
        version: 0,
        about: preset(name).map(|preset| About::described(preset.title)).unwrap_or_default(),
        body: json!(model.to_json()),
    }
}

pub(crate) fn nothing_applied() -> Error {
    Error::internal("a definition was stored but not given back")
}
