//! The naive evaluator: a `Vec` of events and plain loops.
//!
//! It exists to be believed, not to be fast. Everything is recomputed from the recorded facts for every question; there
//! is no index, no cache and no short cut, and nothing of the engine's own evaluation is used. Tests compare the engine
//! with it on random worlds and random expressions.
//!
//! Shared with the engine on purpose is only the vocabulary of `weir-core`: comparison of values, day ranges of
//! windows, the catalogue's and the channel tree's "at or below", and who is one person.
//!
//! Where the contract is silent, these readings count:
//! - The universe as of a date holds everyone with an event or a dated tag up to it, an undated tag, or a place on any
//!   list. Being in a snapshot alone makes nobody known, and every set stays inside the universe.
//! - Measures see the matching events of one consumer. Unknown amounts and quantities add nothing; `aov` without an
//!   order satisfies no operator; `first` and `last` are by time, so in a zone whose clock falls back over midnight
//!   they need not be the least and the greatest date.
//! - A property that is an object is present but equal to nothing; in a list only texts count.
//! - Inside a state model the scope limits every `did`, every step and the `by` of a `top`, unless it says `unscoped`.
//!   What a rule names (an audience, another state) is not limited by it.
//! - A statement that there is no value is one like any other: it may be in force, and then every operator but
//!   `exists: false` is false.
//! - `top` ranks only those who have a matching event (for `aov`: an order); a later date ranks higher.
//! - Names are entered wherever they stand, so a cycle, an unknown name or a future `at` is an error even where its
//!   answer would not matter.
//!
//! ```
//! use weir_core::expr::Expr;
//! use weir_engine::oracle::{Oracle, World};
//!
//! let world = World::default();
//! let everyone = Oracle::new(&world).members(&Expr::Everyone, weir_core::time::Day(0));
//! assert_eq!(everyone.map(|set| set.len()), Ok(0));
//! ```

mod channel;
mod choose;
mod compare;
mod cut;
mod flow;
mod funnel;
mod hash;
mod matching;
mod measure;
mod overlap;
mod path;
mod retention;
mod rfm;
mod rules;
mod sequence;
mod sets;
mod states;
mod tag;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use weir_core::Result;
use weir_core::event::Event;
use weir_core::expr::Expr;
use weir_core::identity::{self, Node};
use weir_core::scope::Scope;
use weir_core::tag::TagFact;
use weir_core::time::Day;

pub use cut::CutRows;
pub use flow::{Distribution, Flow, FlowSet};
pub use funnel::Levels;
pub use hash::content_hash;
pub use path::Paths;
pub use retention::Cohorts;
pub use rfm::Scored;
pub use rules::RuleCounts;
pub use world::World;

/// A set of consumers, each by the node of its canonical identifier.
pub type Members = BTreeSet<Node>;

/// Answers questions about one world. People are resolved once; everything else is looked up for every question.
#[derive(Debug)]
pub struct Oracle<'a> {
    world: &'a World,
    /// For each node its person's canonical node.
    canonical: Vec<Node>,
    /// Each person's events, in order of time.
    events: BTreeMap<Node, Vec<&'a Event>>,
    /// Each person's tag statements.
    tags: BTreeMap<Node, Vec<&'a TagFact>>,
}

/// The place a question is asked from.
#[derive(Debug, Clone)]
struct Context {
    as_of: Day,
    /// What a state model's rule is limited to; the workspace elsewhere.
    scope: Scope,
    /// Audiences and models entered on the way here, to notice cycles.
    entered: Vec<String>,
}

impl Context {
    fn new(as_of: Day) -> Context {
        Context { as_of, scope: Scope::Workspace, entered: Vec::new() }
    }
}

impl<'a> Oracle<'a> {
    /// Resolves the people of a world.
    pub fn new(world: &'a World) -> Oracle<'a> {
        let canonical = identity::resolve(&world.identifiers, &world.links, &world.policy).canonical;
        let mut events: BTreeMap<Node, Vec<&Event>> = BTreeMap::new();
        for (node, event) in &world.events {
            events.entry(canonical[*node as usize]).or_default().push(event);
        }
        for of_person in events.values_mut() {
            of_person.sort_by_key(|event| event.time);
        }
        let mut tags: BTreeMap<Node, Vec<&TagFact>> = BTreeMap::new();
        for (node, fact) in &world.tags {
            tags.entry(canonical[*node as usize]).or_default().push(fact);
        }
        Oracle { world, canonical, events, tags }
    }

    /// The members of an expression as of a date.
    pub fn members(&self, expr: &Expr, as_of: Day) -> Result<Members> {
        self.eval(expr, &Context::new(as_of))
    }

    /// Everyone known as of a date.
    pub fn universe(&self, as_of: Day) -> Members {
        let acted = |events: &Vec<&Event>| events.iter().any(|event| event.day <= as_of);
        let tagged = |facts: &Vec<&TagFact>| facts.iter().any(|fact| fact.day <= as_of);
        let with_events = self.events.iter().filter(|(_, events)| acted(events)).map(|(person, _)| *person);
        let with_tags = self.tags.iter().filter(|(_, facts)| tagged(facts)).map(|(person, _)| *person);
        let listed = self.world.lists.values().flatten().map(|node| self.person(*node));
        with_events.chain(with_tags).chain(listed).collect()
    }

    /// The canonical node of a node's person.
    pub fn person(&self, node: Node) -> Node {
        self.canonical[node as usize]
    }

    /// Kind and value of a node.
    pub fn identifier(&self, node: Node) -> (&'a str, &'a str) {
        let identifier = &self.world.identifiers[node as usize];
        (&identifier.kind, &identifier.value)
    }

    /// A set in the order of every listing: by canonical identifier.
    pub fn listing(&self, members: &Members) -> Vec<Node> {
        let mut listing: Vec<Node> = members.iter().copied().collect();
        listing.sort_by(|a, b| self.world.policy.order(self.identifier(*a), self.identifier(*b)));
        listing
    }

    /// The content hash of a set.
    pub fn content_hash(&self, members: &Members) -> String {
        content_hash(self.listing(members).into_iter().map(|node| self.identifier(node)))
    }
}
