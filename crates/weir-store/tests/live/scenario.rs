//! A random world, part of it imported, the rest arriving frame by frame.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use weir_core::arrival::{Arrival, Content, Occurrence, Stamps};
use weir_core::event::Event;
use weir_core::identity::{Identifier, Identifiers, Link, Node};
use weir_core::tag::{TagFact, TagValue};
use weir_engine::oracle::World;
use weir_store::{Frame, Item};
use weir_store::{ImportId, ImportKind, Workspace};

use crate::support::rng::Rng;
use crate::support::worlds::RandomWorld;
use crate::{batches, common};

/// Statements that arrive later count as stated later.
const LATE: u64 = 1 << 40;

/// Something that may arrive.
enum Fact {
    Event(Node, Box<Event>),
    Tag(Node, TagFact),
    Link(Link),
}

struct Last {
    import: ImportId,
    events: Range<usize>,
    links: Range<usize>,
}

pub struct Scenario {
    /// What is known so far.
    pub world: World,
    /// The last import, with its events and links in the world.
    last: Option<Last>,
    /// Frames that have arrived.
    pub frames: Vec<Frame<'static>>,
    left: Vec<Fact>,
    /// Nodes of the store, by identifier.
    nodes: HashMap<Identifier, Node>,
    messages: usize,
    stated: u64,
    /// A row belongs to its identifier of the highest rank, as the ingest decides.
    is_ranked: bool,
}

impl Scenario {
    /// Imports a part of a random world.
    pub fn begin(rng: &mut Rng, random: RandomWorld, workspace: &Workspace) -> Scenario {
        let whole = random.world;
        let mut world = World { events: Vec::new(), tags: Vec::new(), links: Vec::new(), ..whole.clone() };
        world.lists = BTreeMap::new();
        let policy = weir_store::policy_json(&world.policy).to_string();
        workspace.set("identity", &policy).unwrap();
        let mut scenario = Scenario {
            world,
            last: None,
            frames: Vec::new(),
            left: Vec::new(),
            nodes: HashMap::new(),
            messages: 0,
            stated: LATE,
            is_ranked: false,
        };
        scenario.import(rng, whole, workspace);
        scenario.number(rng, workspace);
        scenario
    }

    fn import(&mut self, rng: &mut Rng, whole: World, workspace: &Workspace) {
        let share = *rng.pick(&[0, 20, 60]);
        self.left.extend(whole.links.into_iter().map(Fact::Link));
        let mut tags: Vec<(Node, TagFact)> = Vec::new();
        for (node, fact) in whole.tags {
            let is_undated = fact.day == weir_core::time::Day::BEGINNING;
            if is_undated || rng.chance(share) {
                tags.push((node, fact));
            } else {
                self.left.push(Fact::Tag(node, fact));
            }
        }
        tags.sort_by_key(|(_, fact)| fact.seq);
        self.import_tags(tags, workspace);
        self.import_lists(whole.lists, workspace);
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (node, event) in whole.events {
            match is_storable(&event) && rng.chance(share) {
                true if rng.chance(30) => second.push((node, event)),
                true => first.push((node, event)),
                false => self.left.push(Fact::Event(node, Box::new(event))),
            }
        }
        self.import_events(rng, first, workspace);
        let (events, links) = (self.world.events.len(), self.world.links.len());
        self.last = self.import_events(rng, second, workspace).map(|import| Last {
            import,
            events: events..self.world.events.len(),
            links: links..self.world.links.len(),
        });
        rng.shuffle(&mut self.left);
    }

    fn import_tags(&mut self, mut tags: Vec<(Node, TagFact)>, workspace: &Workspace) {
        // A mapping cannot state that there is no value.
        tags.retain(|(_, fact)| fact.value != TagValue::Absent);
        if tags.is_empty() {
            return;
        }
        let rows: Vec<_> = tags.iter().map(|(node, fact)| (self.identifier(*node), fact.clone())).collect();
        let mut commit = workspace.begin(common::spec(ImportKind::Tags)).unwrap();
        commit.tags(&batches::tags(&rows)).unwrap();
        commit.finish().unwrap();
        self.world.tags = tags;
    }

    fn import_lists(&mut self, lists: BTreeMap<String, Vec<Node>>, workspace: &Workspace) {
        for (name, nodes) in &lists {
            let members: Vec<Identifier> = nodes.iter().map(|node| self.identifier(*node)).collect();
            let mut commit = workspace.begin(common::spec(ImportKind::List)).unwrap();
            if !members.is_empty() {
                commit.list(name, &batches::members(&members)).unwrap();
            }
            commit.finish().unwrap();
        }
        self.world.lists = lists.into_iter().filter(|(_, nodes)| !nodes.is_empty()).collect();
    }

    fn import_events(
        &mut self,
        rng: &mut Rng,
        events: Vec<(Node, Event)>,
        workspace: &Workspace,
    ) -> Option<ImportId> {
        if events.is_empty() {
            return None;
        }
        let mut rows = Vec::new();
        for (node, mut event) in events {
            event.message_id = Some(self.message());
            let others = self.others(rng, node, true);
            for other in &others {
                self.world.links.push(Link { a: node, b: *other, time: event.time, joins_known: false });
            }
            let ids = std::iter::once(node).chain(others).map(|node| self.identifier(node)).collect();
            self.world.add_event(node, event.clone());
            rows.push((ids, event));
        }
        let mut commit = workspace.begin(common::spec(ImportKind::Events)).unwrap();
        commit.events(&batches::events(&rows)).unwrap();
        Some(commit.finish().unwrap().id)
    }

    /// At times another identifier of the same person, of another kind and lower rank.
    fn others(&self, rng: &mut Rng, node: Node, must_be_lower: bool) -> Vec<Node> {
        let ids = &self.world.identifiers;
        let other = rng.below(ids.len()) as Node;
        let (mine, its) = (ids.get(node), ids.get(other));
        let is_fit = mine.0 != its.0 && (!must_be_lower || self.world.policy.order(mine, its).is_lt());
        if is_fit && rng.chance(30) { vec![other] } else { Vec::new() }
    }

    /// Identifiers that the store does not know yet get nodes in any order, with holes.
    fn number(&mut self, rng: &mut Rng, workspace: &Workspace) {
        let names = workspace.identifiers().unwrap();
        for node in 0..names.len() as Node {
            let (kind, value) = names.get(node);
            self.nodes.insert(Identifier { kind: kind.to_owned(), value: value.to_owned() }, node);
        }
        let mut unknown: Vec<Identifier> = self.world.identifiers.clone();
        unknown.retain(|id| !self.nodes.contains_key(id));
        rng.shuffle(&mut unknown);
        let mut next = names.len() as Node;
        for id in unknown {
            next += rng.below(3) as Node;
            self.nodes.insert(id, next);
            next += 1;
        }
    }

    /// The rest arrives through the ingest, which numbers identifiers itself, and is to be stored.
    pub fn through_ingest(&mut self) {
        self.is_ranked = true;
        self.left.retain(|fact| !matches!(fact, Fact::Event(_, event) if !is_storable(event)));
    }

    /// Takes the last import's facts out of the world; the import, if there was one.
    pub fn forget(&mut self) -> Option<ImportId> {
        let Last { import, events, links } = self.last.take()?;
        self.world.events.drain(events);
        self.world.links.drain(links);
        Some(import)
    }

    /// The store's node of a node of the world.
    fn node(&self, node: Node) -> Node {
        self.nodes[&self.identifier(node)]
    }

    fn identifier(&self, node: Node) -> Identifier {
        self.world.identifiers[node as usize].clone()
    }

    fn message(&mut self) -> String {
        self.messages += 1;
        format!("m{}", self.messages)
    }

    /// Some of what is left arrives. Nothing when everything has.
    pub fn arrive(&mut self, rng: &mut Rng) -> Vec<Frame<'static>> {
        let n = (1 + rng.below(40)).min(self.left.len());
        let facts: Vec<Fact> = self.left.drain(..n).collect();
        let mut frames: Vec<Frame> = Vec::new();
        for fact in facts {
            let item = self.item(rng, fact);
            match frames.last_mut().filter(|_| rng.chance(70)) {
                Some(frame) => frame.items.push(item),
                None => frames.push(Frame { source: "web".into(), received: 0, items: vec![item] }),
            }
        }
        self.frames.extend(frames.iter().cloned());
        frames
    }

    fn item(&mut self, rng: &mut Rng, fact: Fact) -> Item<'static> {
        match fact {
            Fact::Link(link) => self.link(link),
            Fact::Event(node, event) => {
                let content = Content::Event(Box::new(occurrence(&event)));
                let (time, day) = (event.time, event.day);
                self.world.add_event(node, *event);
                self.stated(rng, node, time, day, content)
            }
            Fact::Tag(node, mut fact) => {
                self.stated += 1;
                fact.seq = self.stated;
                let content = Content::Traits(vec![(fact.key.clone(), fact.value.clone())]);
                let day = fact.day;
                self.world.tags.push((node, fact));
                self.stated(rng, node, i64::from(day.0) * 86_400_000_000, day, content)
            }
        }
    }

    fn link(&mut self, link: Link) -> Item<'static> {
        self.world.links.push(link);
        let day = weir_core::time::Day(0);
        self.arrival(&[link.a, link.b], link.joins_known, link.time, day, Content::Link)
    }

    fn stated(
        &mut self,
        rng: &mut Rng,
        node: Node,
        time: i64,
        day: weir_core::time::Day,
        content: Content<'static>,
    ) -> Item<'static> {
        let others = self.others(rng, node, self.is_ranked);
        let joins_known = rng.chance(10);
        self.world.links.extend(others.iter().map(|other| Link { a: node, b: *other, time, joins_known }));
        let nodes: Vec<Node> = std::iter::once(node).chain(others).collect();
        self.arrival(&nodes, joins_known, time, day, content)
    }

    fn arrival(
        &mut self,
        nodes: &[Node],
        joins_known: bool,
        time: i64,
        day: weir_core::time::Day,
        content: Content<'static>,
    ) -> Item<'static> {
        let arrival = Arrival {
            message_id: self.message().into(),
            identifiers: nodes.iter().map(|node| self.identifier(*node).into()).collect(),
            joins_known,
            time,
            day,
            stamps: Stamps { original: None, sent: None, received: time },
            content,
        };
        Item {
            message: [0, self.messages as u64],
            nodes: nodes.iter().map(|node| self.node(*node)).collect(),
            arrival,
        }
    }
}

/// Whether the event table has room for its amount.
fn is_storable(event: &Event) -> bool {
    event.amount.is_none_or(|amount| amount.0.abs() < 1 << 40)
}

fn occurrence(event: &Event) -> Occurrence<'static> {
    let text = |text: &Option<String>| text.clone().map(Into::into);
    Occurrence {
        behavior: event.behavior.clone().into(),
        channel: text(&event.channel),
        shop: text(&event.shop),
        brand: text(&event.brand),
        category: text(&event.category),
        campaign: text(&event.campaign),
        item: text(&event.item),
        order_id: text(&event.order_id),
        amount: event.amount,
        quantity: event.quantity,
        properties: Some(batches::json(event).into()),
    }
}
