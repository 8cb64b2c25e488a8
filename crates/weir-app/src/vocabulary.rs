//! The names of a workspace, as expressions may use them.
//!
//! Names that come with data are those of one generation; definitions are looked up when they are named, so that a
//! saved audience can be used at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use weir_core::catalog::Catalog;
use weir_core::channel::ChannelTree;
use weir_core::expr::{Expr, parse_value};
use weir_core::state_model::{StateModel, preset, presets, versioned};
use weir_core::tag::TagKind;
use weir_core::tag::rule::TagRule;
use weir_core::vocabulary::{Field, Vocabulary};
use weir_store::{DefinitionKind, Page};

use crate::data::Data;
use crate::tag::rule_of;

/// Names of one view.
pub(crate) struct WorkspaceNames {
    store: weir_store::Workspace,
    data: Arc<Data>,
    /// Definitions about to be made, which others among them may name.
    proposed: Proposed,
}

/// Definitions that are not stored yet.
#[derive(Default)]
pub(crate) struct Proposed {
    pub audiences: BTreeMap<String, Arc<Expr>>,
    pub state_models: BTreeMap<String, Arc<StateModel>>,
    pub destinations: BTreeSet<String>,
    /// None for tags that are only described.
    pub tags: BTreeMap<String, Option<Arc<TagRule>>>,
    pub tracks: BTreeSet<String>,
}

impl WorkspaceNames {
    pub fn new(store: weir_store::Workspace, data: Arc<Data>) -> WorkspaceNames {
        WorkspaceNames { store, data, proposed: Proposed::default() }
    }

    /// The same names and some definitions that are not stored yet.
    pub fn with(self, proposed: Proposed) -> WorkspaceNames {
        WorkspaceNames { proposed, ..self }
    }

    /// The data they come with.
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// `pno@2`; version 0 is the shipped one, whatever the workspace made of its name.
    fn version_of_model(&self, name: &str) -> Option<Arc<StateModel>> {
        let (base, version) = versioned(name)?;
        if version == 0 {
            return preset(base).map(|preset| preset.model.clone());
        }
        let stored = self.store.definition_version(DefinitionKind::StateModel, base, version).ok()?;
        StateModel::from_json(&stored.body).ok().map(Arc::new)
    }

    fn defined(&self, kind: DefinitionKind) -> Vec<String> {
        let page = self.store.definitions(kind, &Page::all());
        page.map(|page| page.items.into_iter().map(|definition| definition.name).collect())
            .unwrap_or_default()
    }
}

impl Vocabulary for WorkspaceNames {
    fn custom_behaviors(&self) -> Vec<String> {
        self.data.custom_behaviors().to_vec()
    }

    fn channels(&self) -> &ChannelTree {
        self.data.channels()
    }

    fn catalog(&self) -> &Catalog {
        self.data.catalog()
    }

    /// A computed tag has a kind before it is computed for the first time.
    fn tag(&self, key: &str) -> Option<TagKind> {
        let stated = self.data.tags().get(key).copied();
        stated.or_else(|| self.tag_rule(key).map(|rule| rule.kind()))
    }

    fn tag_rule(&self, key: &str) -> Option<Arc<TagRule>> {
        if let Some(proposed) = self.proposed.tags.get(key) {
            return proposed.clone();
        }
        let stored = self.store.definition(DefinitionKind::Tag, key).ok()?;
        rule_of(&stored.body).ok()?.map(Arc::new)
    }

    fn tags(&self) -> Vec<String> {
        let mut names = self.defined(DefinitionKind::Tag);
        names.extend(self.proposed.tags.keys().cloned());
        names.retain(|name| self.tag_rule(name).is_some());
        names.extend(self.data.tags().keys().cloned());
        names.sort_unstable();
        names.dedup();
        names
    }

    fn lists(&self) -> Vec<String> {
        self.data.lists().map(|lists| lists.keys().cloned().collect()).unwrap_or_default()
    }

    fn audience(&self, name: &str) -> Option<Arc<Expr>> {
        if let Some(proposed) = self.proposed.audiences.get(name) {
            return Some(proposed.clone());
        }
        let stored = self.store.definition(DefinitionKind::Audience, name).ok()?;
        parse_value(&stored.body).ok().map(Arc::new)
    }

    fn audiences(&self) -> Vec<String> {
        let mut names = self.defined(DefinitionKind::Audience);
        names.extend(self.proposed.audiences.keys().cloned());
        names
    }

    fn state_model(&self, name: &str) -> Option<Arc<StateModel>> {
        if let Some(proposed) = self.proposed.state_models.get(name) {
            return Some(proposed.clone());
        }
        match self.store.definition(DefinitionKind::StateModel, name) {
            Ok(stored) => StateModel::from_json(&stored.body).ok().map(Arc::new),
            Err(_) => preset(name).map(|preset| preset.model.clone()).or_else(|| self.version_of_model(name)),
        }
    }

    fn state_models(&self) -> Vec<String> {
        let mut names = self.defined(DefinitionKind::StateModel);
        names.extend(self.proposed.state_models.keys().cloned());
        names.extend(presets().iter().map(|preset| preset.name.to_owned()));
        names
    }

    fn snapshots(&self) -> Vec<String> {
        let page = self.store.snapshots(&Page::all());
        let both = |snapshot: weir_store::Snapshot| [snapshot.id, snapshot.name];
        page.map(|page| page.items.into_iter().flat_map(both).collect()).unwrap_or_default()
    }

    fn seen(&self, field: Field, value: &str) -> bool {
        self.data.world().seen(field, value)
    }
}
