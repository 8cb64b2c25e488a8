//! The data of one generation, and of the ingest log up to a position, as the engine sees it. Tags, lists, snapshots and
//! names are fetched when an expression asks for them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::catalog::Catalog;
use weir_core::channel::{Channel, ChannelTree};
use weir_core::event::is_core_behavior;
use weir_core::identity::Node;
use weir_core::tag::{TagFact, TagKind};
use weir_engine::interest::Interest;
use weir_engine::states::Frozen;
use weir_engine::symbols::Column;
use weir_engine::world::World;
use weir_store::{Index, Live, LiveFacts, Names, View};

use crate::extent::Extent;

/// Everything as of one moment.
pub(crate) struct Data {
    stored: View,
    position: u64,
    world: World,
    facts: Arc<LiveFacts>,
    catalog: Arc<Catalog>,
    channels: ChannelTree,
    custom_behaviors: Vec<String>,
    extent: OnceLock<Extent>,
    /// By id the snapshots that were asked for: a report asks of the same people again and again.
    frozen: Mutex<HashMap<String, Arc<Frozen>>>,
}

impl Data {
    /// What is in the files of a view, and nothing else.
    pub fn of_files(view: View, position: u64) -> Result<Data> {
        let index = view.index()?;
        let facts = LiveFacts::new(view.clone(), index.consumers.clone());
        let catalog = Arc::new(view.catalog()?);
        Ok(Data::new(view, position, index, facts, catalog))
    }

    /// What a live index holds. What did not change since earlier data is shared with it.
    pub fn of_live(live: &Live, before: Option<&Data>) -> Result<Data> {
        let view = live.view().clone();
        let catalog = match before.filter(|data| data.generation() == view.generation()) {
            Some(data) => data.catalog.clone(),
            None => Arc::new(view.catalog()?),
        };
        Ok(Data::new(view, live.position(), live.index(), live.facts(), catalog))
    }

    fn new(stored: View, position: u64, index: Index, facts: LiveFacts, catalog: Arc<Catalog>) -> Data {
        let facts = Arc::new(facts);
        let world = World {
            consumers: index.consumers,
            shards: index.shards,
            symbols: index.symbols,
            policy: stored.settings().policy.clone(),
            facts: facts.clone(),
            interest: Interest::default(),
        };
        let channels = channels(&catalog, &world);
        let custom = world.texts(Column::Behavior).filter(|name| !is_core_behavior(name));
        let custom_behaviors = custom.map(str::to_owned).collect();
        let (extent, frozen) = (OnceLock::new(), Mutex::default());
        Data { stored, position, world, facts, catalog, channels, custom_behaviors, extent, frozen }
    }

    pub fn generation(&self) -> u64 {
        self.stored.generation()
    }

    /// How far the ingest log was read.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether it is what a view holds, and the ingest log up to a position.
    pub fn is_of(&self, view: &View, position: u64) -> bool {
        self.generation() == view.generation() && self.position == position
    }

    pub fn stored(&self) -> &View {
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
        if let Some(extent) = self.extent.get() {
            return Ok(*extent);
        }
        let extent = Extent::of(&self.facts, &self.world.consumers)?;
        Ok(*self.extent.get_or_init(|| extent))
    }

    /// A snapshot's members as they are now, by its id or name.
    pub fn frozen(&self, id_or_name: &str) -> Result<Arc<Frozen>> {
        let id = self.stored.workspace().snapshot(id_or_name)?.id;
        if let Some(frozen) = self.thawed().get(&id) {
            return Ok(frozen.clone());
        }
        let nodes = self.world.facts.snapshot(&id)?;
        let frozen = Arc::new(Frozen::thaw(&self.world.consumers, &nodes));
        self.thawed().insert(id, frozen.clone());
        Ok(frozen)
    }

    fn thawed(&self) -> MutexGuard<'_, HashMap<String, Arc<Frozen>>> {
        self.frozen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn identifiers(&self) -> Result<Arc<Names>> {
        self.facts.names().cloned()
    }

    /// Every statement about a tag of some nodes.
    pub fn statements_of(&self, nodes: &RoaringBitmap) -> Result<Vec<(Node, TagFact)>> {
        self.facts.statements_of(nodes)
    }

    /// The people on each list.
    pub fn lists(&self) -> Result<&BTreeMap<String, RoaringBitmap>> {
        self.facts.lists()
    }

    /// Names and kinds of all tags.
    pub fn tags(&self) -> &BTreeMap<String, TagKind> {
        self.facts.tags()
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
