//! Random later facts: what may happen to a world after questions were asked about it.

use weir_core::event::Event;
use weir_core::identity::{Identifier, Link, Node};
use weir_core::tag::TagFact;
use weir_engine::oracle::World;

use super::facts;
use super::rng::Rng;
use super::worlds::RandomWorld;

/// One change of a world.
#[derive(Debug, Clone)]
pub enum Mutation {
    /// Events that arrive late.
    Events(Vec<(Node, Event)>),
    /// Somebody new, not yet known: the next node.
    Identifier(Identifier),
    /// A link, which may merge two people.
    AddLink(Link),
    /// The link at this index is taken back, which may un-merge them.
    RemoveLink(usize),
    /// A tag statement.
    Tag(Node, TagFact),
    /// One more on a list.
    List(String, Node),
}

impl Mutation {
    pub fn apply(&self, world: &mut World) {
        match self {
            Mutation::Events(events) => {
                events.iter().for_each(|(node, event)| world.add_event(*node, event.clone()));
            }
            Mutation::Identifier(identifier) => world.identifiers.push(identifier.clone()),
            Mutation::AddLink(link) => world.links.push(*link),
            Mutation::RemoveLink(index) => {
                world.links.remove(*index);
            }
            Mutation::Tag(node, fact) => world.tags.push((*node, fact.clone())),
            Mutation::List(name, node) => world.lists.entry(name.clone()).or_default().push(*node),
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Events,
    Identifier,
    AddLink,
    RemoveLink,
    Tag,
    List,
}

impl RandomWorld {
    /// A change that fits this world as it stands.
    pub fn mutation(&self, rng: &mut Rng) -> Mutation {
        let unlink = if self.world.links.is_empty() { 0 } else { 25 };
        let kind = rng.weighted(&[
            (30, Kind::Events),
            (5, Kind::Identifier),
            (30, Kind::AddLink),
            (unlink, Kind::RemoveLink),
            (7, Kind::Tag),
            (3, Kind::List),
        ]);
        match kind {
            Kind::Events => Mutation::Events((0..=rng.below(5)).map(|_| self.late_event(rng)).collect()),
            Kind::Identifier => self.newcomer(rng),
            Kind::AddLink => Mutation::AddLink(facts::link(rng, self.world.identifiers.len(), &self.moments)),
            Kind::RemoveLink => Mutation::RemoveLink(rng.below(self.world.links.len())),
            Kind::Tag => self.later_tag(rng),
            Kind::List => Mutation::List("vip".to_owned(), self.node(rng)),
        }
    }

    fn late_event(&self, rng: &mut Rng) -> (Node, Event) {
        (self.node(rng), facts::event(rng, &self.zone, &self.moments))
    }

    fn newcomer(&self, rng: &mut Rng) -> Mutation {
        let number = self.world.identifiers.len();
        facts::identifier(rng, number).map_or_else(|| Mutation::Events(Vec::new()), Mutation::Identifier)
    }

    fn later_tag(&self, rng: &mut Rng) -> Mutation {
        let seq = self.world.tags.iter().map(|(_, fact)| fact.seq + 1).max().unwrap_or(0);
        Mutation::Tag(self.node(rng), facts::tag_fact(rng, seq))
    }
}
