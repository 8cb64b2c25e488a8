//! The data of one generation as the engine sees it. Tags, lists, snapshots and names are fetched when an expression
//! asks for them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use roaring::RoaringBitmap;
use weir_core::catalog::Catalog;
use weir_core::channel::{Channel, ChannelTree};
use weir_core::event::is_core_behavior;
use weir_core::identity::{Identifiers, Node};
use weir_core::{Code, Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::symbols::Column;
use weir_engine::tag_column::{TagColumn, TagEntry};
use weir_engine::world::{Facts, World};
use weir_store::Names;

use crate::extent::Extent;

/// Everything of one generation.
pub(crate) struct Data {
    stored: weir_store::View,
    world: World,
    facts: Arc<StoredFacts>,
    catalog: Catalog,
    channels: ChannelTree,
    custom_behaviors: Vec<String>,
    extent: OnceLock<Extent>,
}

impl Data {
    pub fn open(workspace: &weir_store::Workspace) -> Result<Data> {
        let stored = workspace.view()?;
        let index = stored.index()?;
        let facts = Arc::new(StoredFacts::new(stored.clone(), index.consumers.clone()));
        let world = World {
            consumers: index.consumers,
            shards: index.shards,
            symbols: index.symbols,
            policy: stored.settings().policy.clone(),
            facts: facts.clone(),
        };
        let catalog = stored.catalog()?;
        let channels = channels(&catalog, &world);
        let custom = world.texts(Column::Behavior).iter().filter(|name| !is_core_behavior(name));
        let custom_behaviors = custom.cloned().collect();
        let extent = OnceLock::new();
        Ok(Data { stored, world, facts, catalog, channels, custom_behaviors, extent })
    }

    pub fn generation(&self) -> u64 {
        self.stored.generation()
    }

    pub fn stored(&self) -> &weir_store::View {
        &self.stored
    }

    pub fn world(&self) -> &World {
        &self.world
    }

    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    pub fn channels(&self) -> &ChannelTree {
        &self.channels
    }

    pub fn custom_behaviors(&self) -> &[String] {
        &self.custom_behaviors
    }

    /// How much there is; counted once, because pages ask for it again and again.
    pub fn extent(&self) -> Result<Extent> {
        get_or_try(&self.extent, || Extent::of(&self.stored, &self.world.consumers)).copied()
    }

    pub fn identifiers(&self) -> Result<Arc<Names>> {
        self.facts.names()
    }

    /// The people on each list.
    pub fn lists(&self) -> Result<&BTreeMap<String, RoaringBitmap>> {
        self.facts.lists()
    }
}

/// The merchant's tree, with the channels that data brought and nobody has mapped yet.
fn channels(catalog: &Catalog, world: &World) -> ChannelTree {
    let mut tree = catalog.channel_tree();
    for path in world.texts(Column::Channel) {
        if !tree.contains(path) {
            tree.insert(path, Channel::default());
        }
    }
    tree
}

/// Facts fetched once and kept.
struct StoredFacts {
    stored: weir_store::View,
    consumers: Arc<Consumers>,
    tags: OnceLock<HashMap<String, Arc<TagColumn>>>,
    lists: OnceLock<BTreeMap<String, RoaringBitmap>>,
    names: OnceLock<Arc<Names>>,
}

impl StoredFacts {
    fn new(stored: weir_store::View, consumers: Arc<Consumers>) -> StoredFacts {
        StoredFacts {
            stored,
            consumers,
            tags: OnceLock::new(),
            lists: OnceLock::new(),
            names: OnceLock::new(),
        }
    }

    fn names(&self) -> Result<Arc<Names>> {
        get_or_try(&self.names, || Ok(Arc::new(self.stored.identifiers()?))).cloned()
    }

    fn lists(&self) -> Result<&BTreeMap<String, RoaringBitmap>> {
        get_or_try(&self.lists, || {
            let lists = self.stored.lists()?.into_iter();
            Ok(lists.map(|(name, nodes)| (name, self.consumers.people_of(nodes))).collect())
        })
    }

    fn tags(&self) -> Result<&HashMap<String, Arc<TagColumn>>> {
        get_or_try(&self.tags, || self.read_tags())
    }

    fn read_tags(&self) -> Result<HashMap<String, Arc<TagColumn>>> {
        let mut entries: HashMap<String, Vec<TagEntry>> = HashMap::new();
        self.stored.scan_tags(|node, fact| {
            if let Some(dense) = self.consumers.dense(node) {
                let entry = TagEntry { dense, day: fact.day, seq: fact.seq, value: fact.value };
                entries.entry(fact.key).or_default().push(entry);
            }
            Ok(())
        })?;
        Ok(entries.into_iter().map(|(key, entries)| (key, Arc::new(TagColumn::new(entries)))).collect())
    }
}

impl Facts for StoredFacts {
    fn tag(&self, key: &str) -> Result<Arc<TagColumn>> {
        Ok(self.tags()?.get(key).cloned().unwrap_or_default())
    }

    fn list(&self, name: &str) -> Result<RoaringBitmap> {
        let unknown = || Error::new(Code::UnknownList, format!("there is no list \"{name}\""));
        self.lists()?.get(name).cloned().ok_or_else(unknown)
    }

    fn snapshot(&self, id: &str) -> Result<Vec<Node>> {
        Ok(self.stored.workspace().snapshot_members(id)?.iter().collect())
    }

    fn identifiers(&self) -> Result<Arc<dyn Identifiers + Send + Sync>> {
        Ok(self.names()?)
    }
}

/// Two threads may both compute the value; the first to finish keeps it.
fn get_or_try<T>(cell: &OnceLock<T>, compute: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = compute()?;
    Ok(cell.get_or_init(|| value))
}
