//! A small workspace in memory: everything recorded, nothing derived but the channel tree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use weir_core::catalog::Catalog;
use weir_core::channel::{Channel, ChannelTree};
use weir_core::event::{Event, is_core_behavior};
use weir_core::expr::Expr;
use weir_core::identity::{Identifier, IdentityPolicy, Link, Node};
use weir_core::state_model::StateModel;
use weir_core::tag::{TagFact, TagKind};
use weir_core::vocabulary::{Field, Vocabulary};

/// All facts of one workspace, in any order. Nodes number the `identifiers`.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Events, each with the node it arrived under. Use [`World::add_event`] to keep `channels` up to date.
    pub events: Vec<(Node, Event)>,
    /// The dictionary.
    pub identifiers: Vec<Identifier>,
    /// Recorded links, the active and the inactive.
    pub links: Vec<Link>,
    /// How links make people.
    pub policy: IdentityPolicy,
    /// Tag statements, each with the node it was made about.
    pub tags: Vec<(Node, TagFact)>,
    /// What each tag holds.
    pub tag_kinds: BTreeMap<String, TagKind>,
    /// Uploaded lists.
    pub lists: BTreeMap<String, Vec<Node>>,
    /// Frozen audiences: canonical nodes at the time of freezing.
    pub snapshots: BTreeMap<String, Vec<Node>>,
    /// Named audiences.
    pub audiences: BTreeMap<String, Expr>,
    /// State models, presets and own.
    pub models: BTreeMap<String, StateModel>,
    /// The catalogue. Use [`World::set_catalog`] to keep `channels` up to date.
    pub catalog: Catalog,
    /// The shipped channels, the catalogue's, and the unmapped ones that events brought.
    pub channels: ChannelTree,
}

impl World {
    /// Adds an event, and its channel to the tree if it is a new one.
    pub fn add_event(&mut self, node: Node, event: Event) {
        self.meet_channel(event.channel.as_deref());
        self.events.push((node, event));
    }

    /// Replaces the catalogue and with it the channel tree.
    pub fn set_catalog(&mut self, catalog: Catalog) {
        self.channels = catalog.channel_tree();
        self.catalog = catalog;
        let seen: BTreeSet<String> = self.events.iter().filter_map(|(_, e)| e.channel.clone()).collect();
        for path in &seen {
            self.meet_channel(Some(path));
        }
    }

    fn meet_channel(&mut self, path: Option<&str>) {
        if let Some(path) = path.filter(|path| !self.channels.contains(path)) {
            self.channels.insert(path, Channel::default());
        }
    }
}

fn carries(event: &Event, field: Field, value: &str) -> bool {
    let held = match field {
        Field::Shop => &event.shop,
        Field::Brand => &event.brand,
        Field::Category => &event.category,
        Field::Campaign => &event.campaign,
        Field::Item => &event.item,
        Field::Property => return event.properties.contains_key(value),
    };
    held.as_deref() == Some(value)
}

fn names<T>(map: &BTreeMap<String, T>) -> Vec<String> {
    map.keys().cloned().collect()
}

impl Vocabulary for World {
    fn custom_behaviors(&self) -> Vec<String> {
        let behaviors = self.events.iter().map(|(_, event)| &event.behavior);
        let custom: BTreeSet<&String> = behaviors.filter(|name| !is_core_behavior(name)).collect();
        custom.into_iter().cloned().collect()
    }

    fn channels(&self) -> &ChannelTree {
        &self.channels
    }

    fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    fn tag(&self, key: &str) -> Option<TagKind> {
        self.tag_kinds.get(key).copied()
    }

    fn tags(&self) -> Vec<String> {
        names(&self.tag_kinds)
    }

    fn lists(&self) -> Vec<String> {
        names(&self.lists)
    }

    fn audience(&self, name: &str) -> Option<Arc<Expr>> {
        self.audiences.get(name).cloned().map(Arc::new)
    }

    fn audiences(&self) -> Vec<String> {
        names(&self.audiences)
    }

    fn state_model(&self, name: &str) -> Option<Arc<StateModel>> {
        self.models.get(name).cloned().map(Arc::new)
    }

    fn state_models(&self) -> Vec<String> {
        names(&self.models)
    }

    fn snapshots(&self) -> Vec<String> {
        names(&self.snapshots)
    }

    fn seen(&self, field: Field, value: &str) -> bool {
        self.events.iter().any(|(_, event)| carries(event, field, value))
    }
}
