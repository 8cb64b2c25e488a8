//! Random worlds.

use weir_core::catalog::{Catalog, Entry, EntryKind};
use weir_core::identity::{IdentityPolicy, Node};
use weir_core::state_model::{State, StateModel, presets};
use weir_core::time::{Day, Micros, Zone};
use weir_engine::oracle::World;

use super::expressions::{self, Maker};
use super::facts::{self, DAYS, FIRST_DAY};
use super::rng::Rng;

/// Kind, id, parent, brand.
const CATALOG: [(EntryKind, &str, Option<&str>, Option<&str>); 11] = [
    (EntryKind::Shop, "s1", None, Some("lanhe")),
    (EntryKind::Shop, "s2", None, Some("lanhe_sport")),
    (EntryKind::Shop, "s3", None, Some("qing.mini")),
    (EntryKind::Shop, "s9", None, Some("nobody")),
    (EntryKind::Brand, "lanhe", None, None),
    (EntryKind::Brand, "lanhe_sport", Some("lanhe"), None),
    (EntryKind::Category, "home", None, None),
    (EntryKind::Category, "tea", Some("home"), None),
    (EntryKind::Category, "green_tea", Some("tea"), None),
    (EntryKind::Channel, "kuaishou", Some("external"), None),
    (EntryKind::Channel, "live_room", Some("kuaishou"), None),
];

/// A world, and what later facts about it are made from.
#[derive(Debug, Clone)]
pub struct RandomWorld {
    pub zone: Zone,
    pub moments: Vec<Micros>,
    pub world: World,
}

impl RandomWorld {
    pub fn new(rng: &mut Rng) -> RandomWorld {
        let zone = Zone::named(&rng.word(&facts::ZONES)).unwrap_or(Zone::utc());
        let moments = facts::moments(rng, &zone);
        let mut random = RandomWorld { zone, moments, world: World::default() };
        random.world.set_catalog(catalog(rng));
        random.world.policy = policy(rng);
        random.add_people(rng);
        random.add_events(rng);
        random.add_tags(rng);
        random.add_lists(rng);
        random.add_definitions(rng);
        random
    }

    fn add_people(&mut self, rng: &mut Rng) {
        let (low, high) = rng.weighted(&[(1, (1, 3)), (4, (4, 15)), (7, (16, 60))]);
        let n = rng.count(low, high) as usize;
        self.world.identifiers = facts::identifiers(rng, n);
        let links = rng.below(n + 1);
        self.world.links = (0..links).map(|_| facts::link(rng, n, &self.moments)).collect();
    }

    fn add_events(&mut self, rng: &mut Rng) {
        let most = rng.weighted(&[(1, 1), (4, 60), (16, 200), (8, 401)]);
        for _ in 0..rng.below(most) {
            let (node, event) = (self.busy_node(rng), facts::event(rng, &self.zone, &self.moments));
            self.world.add_event(node, event);
        }
    }

    /// A few nodes have most of the events, and some have none.
    fn busy_node(&self, rng: &mut Rng) -> Node {
        let nodes = self.world.identifiers.len();
        let among = if rng.chance(50) { nodes } else { nodes.div_ceil(4) };
        rng.below(among) as Node
    }

    pub fn node(&self, rng: &mut Rng) -> Node {
        rng.below(self.world.identifiers.len()) as Node
    }

    fn add_tags(&mut self, rng: &mut Rng) {
        self.world.tag_kinds = facts::TAGS.iter().map(|(key, kind)| ((*key).to_owned(), *kind)).collect();
        let most = self.world.identifiers.len() * 8;
        let mut seqs: Vec<u64> = (0..rng.below(most) as u64).collect();
        rng.shuffle(&mut seqs);
        self.world.tags = seqs.into_iter().map(|seq| (self.node(rng), facts::tag_fact(rng, seq))).collect();
    }

    fn add_lists(&mut self, rng: &mut Rng) {
        for name in ["vip", "blocked", "fair"].into_iter().take(rng.below(4)) {
            let nodes = self.some_nodes(rng);
            self.world.lists.insert(name.to_owned(), nodes);
        }
        for name in ["spring", "sale"].into_iter().take(rng.below(3)) {
            let mut nodes = self.some_nodes(rng);
            nodes.sort_unstable();
            nodes.dedup();
            self.world.snapshots.insert(name.to_owned(), nodes);
        }
    }

    fn some_nodes(&self, rng: &mut Rng) -> Vec<Node> {
        let n = rng.below(self.world.identifiers.len() / 3 + 2);
        (0..n).map(|_| self.node(rng)).collect()
    }

    /// Audiences and models take turns; each may name those before it.
    fn add_definitions(&mut self, rng: &mut Rng) {
        for preset in presets() {
            self.world.models.insert(preset.name.to_owned(), (*preset.model).clone());
        }
        for number in 1..=rng.below(4) {
            let audience = expressions::definition(rng, &self.world);
            self.world.audiences.insert(format!("audience_{number}"), audience);
            if rng.chance(60) {
                let model = model(rng, &self.world);
                self.world.models.insert(format!("model_{number}"), model);
            }
        }
    }
}

fn model(rng: &mut Rng, world: &World) -> StateModel {
    let n = 1 + rng.below(4);
    let state = |number| State {
        name: format!("state_{number}"),
        when: rule(rng, world),
        title: None,
        title_zh: None,
        slot: None,
    };
    StateModel { states: (1..=n).map(state).collect() }
}

fn rule(rng: &mut Rng, world: &World) -> weir_core::expr::Expr {
    let depth = rng.below(3);
    Maker { inside_model: true, ..Maker::new(rng, world, FIRST_DAY.plus(DAYS / 2)) }.expr(depth)
}

/// Mostly the whole catalogue, sometimes a part of it or nothing.
fn catalog(rng: &mut Rng) -> Catalog {
    let keep = *rng.pick(&[0, 60, 100, 100]);
    let mut catalog = Catalog::default();
    for (kind, id, parent, brand) in CATALOG {
        // Events name these channels by path, so they exist in every world.
        if kind == EntryKind::Channel || rng.chance(keep) {
            let (parent, brand) = (parent.map(str::to_owned), brand.map(str::to_owned));
            catalog.insert(Entry {
                kind,
                id: id.to_owned(),
                name: None,
                name_zh: None,
                parent,
                brand,
                price: None,
            });
        }
    }
    catalog
}

fn policy(rng: &mut Rng) -> IdentityPolicy {
    let mut policy = IdentityPolicy::default();
    if rng.chance(25) {
        policy.joining = vec!["phone".to_owned()];
    }
    if rng.chance(25) {
        policy.cap = rng.weighted(&[(1, 1), (1, 2), (2, 4)]);
    }
    if rng.chance(15) {
        policy.unique = vec!["email".to_owned(), "user_id".to_owned()];
    }
    if rng.chance(15) {
        policy.priority = vec!["card".to_owned(), "device".to_owned()];
    }
    policy
}

/// A date before the data (rarely), inside it, or after it.
pub fn some_day(rng: &mut Rng) -> Day {
    let (low, high) = rng.weighted(&[(5, (-40, -1)), (75, (0, DAYS)), (20, (DAYS + 1, DAYS + 400))]);
    FIRST_DAY.plus(rng.between(low, high))
}
