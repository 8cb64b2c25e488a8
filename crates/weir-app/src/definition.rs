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
use weir_core::expr::{Expr, StateTest, check, check_model, check_tag, parse_value};
use weir_core::feature::Feature;
use weir_core::state_model::{ModelRef, StateModel, preset, presets};
use weir_core::track::Track;
use weir_core::{Code, Error, Result};
use weir_store::Page;

use crate::app::Workspace;
use crate::state_model::{check_name, model_mentions};
use crate::tag::rule_of;
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
        self.refuse_if_named(
            &format!("audience {name}"),
            |expr| matches!(expr, Expr::Audience(n) if n == name),
        )?;
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
        self.refuse_if_named(
            &format!("state model {name}"),
            |expr| matches!(expr, Expr::State(t) if t.model.is_of(name)),
        )?;
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

    pub(crate) fn refuse_if_named(&self, what: &str, names_it: impl Fn(&Expr) -> bool) -> Result<()> {
        let users = self.users(&names_it)?;
        if users.is_empty() {
            return Ok(());
        }
        Err(Error::new(Code::InUse, format!("{what} is used by {}", users.join(", ")))
            .help("change or remove those first"))
    }

    pub(crate) fn users(&self, names_it: &impl Fn(&Expr) -> bool) -> Result<Vec<String>> {
        let mut users = Vec::new();
        for audience in self.store().definitions(DefinitionKind::Audience, &Page::all())?.items {
            if mentions(&parse_value(&audience.body)?, names_it) {
                users.push(format!("audience {}", audience.name));
            }
        }
        for model in self.store().definitions(DefinitionKind::StateModel, &Page::all())?.items {
            if model_mentions(&StateModel::from_json(&model.body)?, names_it) {
                users.push(format!("state model {}", model.name));
            }
        }
        for tag in self.store().definitions(DefinitionKind::Tag, &Page::all())?.items {
            let rule = rule_of(&tag.body)?;
            let expressions = rule.iter().flat_map(|rule| rule.expressions());
            if expressions.into_iter().any(|(_, expr)| mentions(expr, names_it)) {
                users.push(format!("tag {}", tag.name));
            }
        }
        for track in self.store().definitions(DefinitionKind::Track, &Page::all())?.items {
            if Track::from_json(&track.body)?.names().iter().any(|expr| mentions(expr, names_it)) {
                users.push(format!("track {}", track.name));
            }
        }
        Ok(users)
    }
}

pub(crate) fn mentions(expr: &Expr, names_it: &impl Fn(&Expr) -> bool) -> bool {
    let in_rules = || match expr {
        Expr::State(StateTest { model: ModelRef::Inline(model), .. }) => model_mentions(model, names_it),
        _ => false,
    };
    names_it(expr) || in_rules() || expr.children().iter().any(|(_, child)| mentions(child, names_it))
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
