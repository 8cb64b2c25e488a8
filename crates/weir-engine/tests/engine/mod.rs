//! An oracle's world as the engine sees it: built whole, or updated step by step as a store would.

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::event::Event;
use weir_core::identity::{Identifier, Identifiers, Node, resolve};
use weir_core::time::Day;
use weir_engine::consumers::{Consumers, Identified};
use weir_engine::container::Aligned;
use weir_engine::interest::Interest;
use weir_engine::oracle;
use weir_engine::packed::Rows;
use weir_engine::rekey::moved_rows;
use weir_engine::row::RawEvent;
use weir_engine::segment::{Segment, build};
use weir_engine::shard::{local_of, shard_of};
use weir_engine::symbols::Symbols;
use weir_engine::tag_column::{TagColumn, TagEntry};
use weir_engine::world::{Facts, World};

pub struct Engine {
    pub world: World,
    segments: Vec<Segment>,
    symbols: Symbols,
    indexed: usize,
}

impl Engine {
    /// An index made from scratch.
    pub fn build(world: &oracle::World) -> Engine {
        let empty = World {
            consumers: Arc::default(),
            shards: Arc::default(),
            symbols: Arc::default(),
            policy: world.policy.clone(),
            facts: Arc::new(OracleFacts::default()),
            interest: Interest::default(),
        };
        let mut engine =
            Engine { world: empty, segments: Vec::new(), symbols: Symbols::default(), indexed: 0 };
        engine.update(world);
        engine
    }

    /// Brings the index up to date: people renumbered, rows of retired ids moved, new rows added.
    pub fn update(&mut self, world: &oracle::World) {
        let canonical = resolve(&world.identifiers, &world.links, &world.policy).canonical;
        let known_since = known_since(world);
        let identified = Identified { canonical: &canonical, known_since: &known_since };
        let renewal = self.world.consumers.renew(identified);
        let moved =
            moved_rows(&self.world.shards, &renewal.retired, &renewal.consumers).expect("segments read");
        let moved = moved.iter().map(|(shard, rows)| opened(build(*shard, rows).expect("rows are whole")));
        self.segments.extend(moved);
        let consumers = Arc::new(renewal.consumers);
        self.append(&world.events[self.indexed..], &consumers);
        self.indexed = world.events.len();
        self.world = World {
            shards: Arc::new(World::shards_of(self.segments.clone(), &consumers)),
            symbols: Arc::new(self.symbols.clone()),
            policy: world.policy.clone(),
            facts: Arc::new(OracleFacts::of(world, &consumers)),
            interest: Interest::default(),
            consumers,
        };
    }

    fn append(&mut self, events: &[(Node, Event)], consumers: &Consumers) {
        let mut by_shard: BTreeMap<usize, Rows> = BTreeMap::new();
        for (node, event) in events {
            let dense = consumers.dense(*node).expect("a node with an event is live");
            let rows = by_shard.entry(shard_of(dense)).or_default();
            with_raw(event, |raw| rows.push_event(raw, local_of(dense), *node, &mut self.symbols));
        }
        self.segments.extend(
            by_shard.into_iter().map(|(shard, rows)| opened(build(shard, &rows).expect("whole rows"))),
        );
    }
}

fn opened(bytes: Aligned) -> Segment {
    Segment::open("segment", Arc::new(bytes)).expect("just built")
}

/// Hands over an event as the event table would.
fn with_raw<T>(event: &Event, use_it: impl FnOnce(&RawEvent<'_>) -> T) -> T {
    let properties = serde_json::Value::Object(event.properties.clone()).to_string();
    use_it(&RawEvent {
        time: event.time,
        day: event.day,
        behavior: &event.behavior,
        channel: event.channel.as_deref(),
        shop: event.shop.as_deref(),
        brand: event.brand.as_deref(),
        category: event.category.as_deref(),
        campaign: event.campaign.as_deref(),
        item: event.item.as_deref(),
        order_id: event.order_id.as_deref(),
        amount: event.amount,
        quantity: event.quantity,
        properties: Some(&properties),
    })
}

fn known_since(world: &oracle::World) -> Vec<Day> {
    let mut since = vec![Day::END; world.identifiers.len()];
    let mut know = |node: &Node, day: Day| since[*node as usize] = since[*node as usize].min(day);
    world.events.iter().for_each(|(node, event)| know(node, event.day));
    world.tags.iter().for_each(|(node, fact)| know(node, fact.day));
    world.lists.values().flatten().for_each(|node| know(node, Day::BEGINNING));
    since
}

#[derive(Default)]
struct OracleFacts {
    tags: BTreeMap<String, Arc<TagColumn>>,
    lists: BTreeMap<String, RoaringBitmap>,
    snapshots: BTreeMap<String, Vec<Node>>,
    identifiers: Arc<Vec<Identifier>>,
}

impl OracleFacts {
    fn of(world: &oracle::World, consumers: &Consumers) -> OracleFacts {
        let lists = world
            .lists
            .iter()
            .map(|(name, nodes)| (name.clone(), consumers.people_of(nodes.iter().copied())));
        OracleFacts {
            tags: world
                .tag_kinds
                .keys()
                .map(|key| (key.clone(), Arc::new(tag(world, consumers, key))))
                .collect(),
            lists: lists.collect(),
            snapshots: world.snapshots.clone(),
            identifiers: Arc::new(world.identifiers.clone()),
        }
    }
}

fn tag(world: &oracle::World, consumers: &Consumers, key: &str) -> TagColumn {
    let facts = world.tags.iter().filter(|(_, fact)| fact.key == key);
    let entry = |(node, fact): &(Node, weir_core::tag::TagFact)| TagEntry {
        dense: consumers.dense(*node).expect("a tagged node is live"),
        node: *node,
        day: fact.day,
        seq: fact.seq,
        value: fact.value.clone(),
    };
    TagColumn::new(facts.map(entry).collect())
}

impl Facts for OracleFacts {
    fn tag(&self, key: &str) -> Result<Arc<TagColumn>> {
        Ok(self.tags.get(key).cloned().unwrap_or_default())
    }

    fn list(&self, name: &str) -> Result<RoaringBitmap> {
        Ok(self.lists.get(name).cloned().unwrap_or_default())
    }

    fn snapshot(&self, id: &str) -> Result<Vec<Node>> {
        Ok(self.snapshots.get(id).cloned().unwrap_or_default())
    }

    fn identifiers(&self) -> Result<Arc<dyn Identifiers + Send + Sync>> {
        Ok(self.identifiers.clone())
    }
}
