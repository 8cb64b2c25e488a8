//! Consumers: people as dense ids.
//!
//! The dictionary numbers *identifiers* (nodes) for ever; the index numbers *people* densely, so that a bitset over a
//! shard wastes nothing on identifiers. The table is derived: from the links (who is one person) and from the data
//! (which identifiers are live, and since when they are known).
//!
//! When links change, [`Consumers::renew`] keeps the dense id of everyone who did not change. A person that was joined
//! or split leaves *retired* ids behind: a retired id is in no universe, so whatever rows still carry it are never
//! counted, and its rows are written again under new ids in a small segment. Only a rebuild gives retired ids out
//! again.

mod universes;

use std::collections::HashMap;

use roaring::RoaringBitmap;
use weir_core::identity::Node;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use crate::bits::Bits;
use crate::container::{Aligned, Bytes, Container, Writer};
use crate::shard::{Dense, SHARD_SIZE, dense_of, local_of, shard_count};
use universes::Universes;

/// "No dense id": the node is not live.
pub const NOBODY: Dense = u32::MAX;

/// People of an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consumers {
    /// For each node its person's dense id, or [`NOBODY`].
    dense_of_node: Vec<Dense>,
    /// For each dense id the canonical node; meaningless for retired ids.
    canonical: Vec<Node>,
    /// For each dense id the day since which it is known; [`Day::END`] for retired ids.
    known_since: Vec<i32>,
    /// What was found of them.
    universes: Universes,
}

/// A renewed table, and which dense ids of the old one are retired.
#[derive(Debug)]
pub struct Renewal {
    /// The new table.
    pub consumers: Consumers,
    /// Retired ids whose rows must be written again.
    pub retired: Vec<Dense>,
}

/// What is known about identifiers: who is one person, and since when each is known.
#[derive(Debug, Clone, Copy)]
pub struct Identified<'a> {
    /// For each node the canonical node of its person.
    pub canonical: &'a [Node],
    /// For each node the day since which live data mentions it; [`Day::END`] if none does.
    pub known_since: &'a [Day],
}

impl Identified<'_> {
    fn live_nodes(&self) -> impl Iterator<Item = Node> + '_ {
        (0..self.known_since.len() as Node).filter(|node| self.known_since[*node as usize] != Day::END)
    }
}

impl Consumers {
    /// Numbers people from scratch.
    pub fn number(identified: Identified<'_>) -> Consumers {
        Consumers::default().renew(identified).consumers
    }

    /// Numbers people again after links or data changed, keeping ids wherever a person stayed the same or only grew.
    pub fn renew(&self, identified: Identified<'_>) -> Renewal {
        let owners = self.exclusive_owners(identified);
        let mut members: Vec<(Node, Node)> =
            identified.live_nodes().map(|node| (identified.canonical[node as usize], node)).collect();
        members.sort_unstable();
        let mut next = Renumbering::new(self);
        for person in members.chunk_by(|a, b| a.0 == b.0) {
            let canonical = person[0].0;
            let old_ids = person.iter().filter_map(|(_, node)| self.dense(*node));
            let kept = old_ids.filter(|id| owners[*id as usize] == canonical).min();
            next.assign(canonical, person, kept, identified);
        }
        next.name_everyone(identified.canonical);
        next.finish(self)
    }

    /// Does what [`Consumers::renew`] does, where only these nodes' people may have changed: beside each node, everybody
    /// who was or is one person with it must be among them. Returns the retired ids. The cost is that of those people.
    pub fn renew_among(&mut self, identified: Identified<'_>, among: &[Node]) -> Vec<Dense> {
        self.universes.clear();
        self.dense_of_node.resize(identified.canonical.len(), NOBODY);
        let mut members: Vec<Member> = among.iter().map(|node| self.member(*node, identified)).collect();
        members.sort_unstable_by_key(|member| (member.person, member.node));
        let owners = owners(&members);
        let mut before: Vec<Dense> = members.iter().filter_map(|member| member.dense).collect();
        before.sort_unstable();
        before.dedup();
        for dense in &before {
            self.known_since[*dense as usize] = Day::END.0;
        }
        for person in members.chunk_by(|a, b| a.person == b.person) {
            self.place(person, &owners);
        }
        before.retain(|dense| self.is_retired(*dense));
        before
    }

    fn member(&self, node: Node, identified: Identified<'_>) -> Member {
        let (person, since) = (identified.canonical[node as usize], identified.known_since[node as usize]);
        Member { node, person, since, dense: self.dense(node) }
    }

    fn place(&mut self, person: &[Member], owners: &HashMap<Dense, Node>) {
        let canonical = person[0].person;
        let since = person.iter().map(|member| member.since).min().unwrap_or(Day::END);
        let old_ids = person.iter().filter(|member| member.is_live()).filter_map(|member| member.dense);
        let kept = old_ids.filter(|id| owners[id] == canonical).min();
        let dense = match kept {
            _ if since == Day::END => NOBODY,
            Some(dense) => dense,
            None => self.append(),
        };
        for member in person {
            self.dense_of_node[member.node as usize] = dense;
        }
        if dense != NOBODY {
            self.canonical[dense as usize] = canonical;
            self.known_since[dense as usize] = since.0;
        }
    }

    fn append(&mut self) -> Dense {
        self.canonical.push(0);
        self.known_since.push(Day::END.0);
        self.canonical.len() as Dense - 1
    }

    fn is_retired(&self, dense: Dense) -> bool {
        self.known_since[dense as usize] == Day::END.0
    }

    /// For each dense id the one person that still holds all its live nodes; [`Node::MAX`] if there is none.
    fn exclusive_owners(&self, identified: Identified<'_>) -> Vec<Node> {
        let mut owners: Vec<Option<Node>> = vec![None; self.len()];
        for node in identified.live_nodes() {
            let Some(dense) = self.dense(node) else { continue };
            let canonical = identified.canonical[node as usize];
            let owner = owners[dense as usize].get_or_insert(canonical);
            if *owner != canonical {
                *owner = Node::MAX;
            }
        }
        owners.into_iter().map(|owner| owner.unwrap_or(Node::MAX)).collect()
    }

    /// The dense id of a node's person.
    pub fn dense(&self, node: Node) -> Option<Dense> {
        self.dense_of_node.get(node as usize).copied().filter(|dense| *dense != NOBODY)
    }

    /// All identifiers of a consumer, ascending. Looks at every node: meant for one person at a time.
    pub fn nodes_of(&self, dense: Dense) -> impl Iterator<Item = Node> + '_ {
        let owners = self.dense_of_node.iter().enumerate();
        owners.filter(move |(_, owner)| **owner == dense).map(|(node, _)| node as Node)
    }

    /// The canonical node of a consumer.
    pub fn canonical(&self, dense: Dense) -> Node {
        self.canonical[dense as usize]
    }

    /// Dense ids given out, retired ones included.
    pub fn len(&self) -> usize {
        self.canonical.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.canonical.is_empty()
    }

    /// How many shards hold them.
    pub fn shards(&self) -> usize {
        shard_count(self.len())
    }

    /// Consumers of a shard who are known as of a date.
    pub fn universe(&self, shard: usize, as_of: Day) -> Bits {
        // Retired ids are known since the end, which is later than any date.
        let last = as_of.0.min(Day::END.0 - 1);
        self.universes.get(last, shard, self.shards(), || {
            let start = shard * SHARD_SIZE;
            let end = (start + SHARD_SIZE).min(self.len());
            Bits::of_each(&self.known_since[start..end], |since| *since <= last)
        })
    }

    /// The day since which a consumer is known; [`Day::END`] for a retired id.
    pub fn known_since(&self, dense: Dense) -> Day {
        Day(self.known_since[dense as usize])
    }

    /// The day as of which everybody is known.
    pub fn all_known(&self) -> Option<Day> {
        self.known_since.iter().copied().filter(|since| *since != Day::END.0).max().map(Day)
    }

    /// Whether a consumer is known as of a date.
    pub fn is_known(&self, dense: Dense, as_of: Day) -> bool {
        let since = self.known_since[dense as usize];
        since <= as_of.0 && since != Day::END.0
    }

    /// Every consumer who is not retired.
    pub fn present(&self) -> impl Iterator<Item = Dense> + '_ {
        (0..self.len() as Dense).filter(|dense| self.known_since[*dense as usize] != Day::END.0)
    }

    /// The people of some nodes, as a set; nodes that no live data mentions are left out.
    pub fn people_of(&self, nodes: impl IntoIterator<Item = Node>) -> RoaringBitmap {
        nodes.into_iter().filter_map(|node| self.dense(node)).collect()
    }

    /// The consumers of a set that lie in a shard.
    pub fn in_shard(set: &RoaringBitmap, shard: usize) -> Bits {
        let mut bits = Bits::empty();
        let range = dense_of(shard, 0)..=dense_of(shard, u16::MAX);
        for dense in set.range(range) {
            bits.insert(local_of(dense));
        }
        bits
    }

    /// The file form.
    pub fn to_bytes(&self) -> Aligned {
        let mut writer = Writer::default();
        writer.column("dense_of_node", &self.dense_of_node);
        writer.column("canonical", &self.canonical);
        writer.column("known_since", &self.known_since);
        writer.finish()
    }

    /// Reads the file form.
    pub fn from_bytes(label: &str, bytes: Bytes) -> Result<Consumers> {
        let container = Container::open(label, bytes)?;
        let consumers = Consumers {
            dense_of_node: container.column("dense_of_node")?.to_vec(),
            canonical: container.column("canonical")?.to_vec(),
            known_since: container.column("known_since")?.to_vec(),
            universes: Universes::default(),
        };
        if consumers.canonical.len() != consumers.known_since.len() {
            return Err(Error::new(
                Code::CorruptFile,
                format!("{label} is damaged: its columns differ in length"),
            ));
        }
        Ok(consumers)
    }
}

/// A node whose person may have changed.
struct Member {
    node: Node,
    /// Canonical node of its person now.
    person: Node,
    since: Day,
    /// Dense id of its person before.
    dense: Option<Dense>,
}

impl Member {
    fn is_live(&self) -> bool {
        self.since != Day::END
    }
}

/// For each dense id the one person that still holds all its live nodes; [`Node::MAX`] if there is none.
fn owners(members: &[Member]) -> HashMap<Dense, Node> {
    let mut owners = HashMap::new();
    for Member { dense, person, .. } in members.iter().filter(|member| member.is_live()) {
        let Some(dense) = dense else { continue };
        let owner = owners.entry(*dense).or_insert(*person);
        if owner != person {
            *owner = Node::MAX;
        }
    }
    owners
}

/// A table being made from an older one.
struct Renumbering {
    table: Consumers,
    kept: RoaringBitmap,
    dense_of_person: HashMap<Node, Dense>,
}

impl Renumbering {
    fn new(old: &Consumers) -> Renumbering {
        let table = Consumers {
            dense_of_node: Vec::new(),
            canonical: old.canonical.clone(),
            known_since: vec![Day::END.0; old.len()],
            universes: Universes::default(),
        };
        Renumbering { table, kept: RoaringBitmap::new(), dense_of_person: HashMap::new() }
    }

    fn assign(
        &mut self,
        canonical: Node,
        person: &[(Node, Node)],
        kept: Option<Dense>,
        identified: Identified<'_>,
    ) {
        let dense = kept.unwrap_or_else(|| self.table.append());
        self.kept.insert(dense);
        self.table.canonical[dense as usize] = canonical;
        self.dense_of_person.insert(canonical, dense);
        for (_, node) in person {
            let since = &mut self.table.known_since[dense as usize];
            *since = (*since).min(identified.known_since[*node as usize].0);
        }
    }

    /// Every identifier of a person leads to it, also one that no live data mentions by itself.
    fn name_everyone(&mut self, canonical: &[Node]) {
        let dense = |person: &Node| self.dense_of_person.get(person).copied().unwrap_or(NOBODY);
        self.table.dense_of_node = canonical.iter().map(dense).collect();
    }

    fn finish(self, old: &Consumers) -> Renewal {
        let retired = old.present().filter(|dense| !self.kept.contains(*dense)).collect();
        Renewal { consumers: self.table, retired }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn known(live: [bool; 4]) -> Vec<Day> {
        live.iter().enumerate().map(|(i, live)| if *live { Day(100 + i as i32) } else { Day::END }).collect()
    }

    #[test]
    fn merging_retires_one_id_and_unmerging_gives_new_ones() {
        let known = known([true, true, true, false]);
        let apart = Consumers::number(Identified { canonical: &[0, 1, 2, 3], known_since: &known });
        assert_eq!((apart.dense(0), apart.dense(1), apart.dense(2)), (Some(0), Some(1), Some(2)));

        let merged = apart.renew(Identified { canonical: &[0, 1, 1, 3], known_since: &known });
        assert_eq!(merged.retired, [2]);
        assert_eq!(merged.consumers.dense(2), Some(1));
        assert_eq!(merged.consumers.universe(0, Day(500)).iter().collect::<Vec<_>>(), [0, 1]);

        let split = merged.consumers.renew(Identified { canonical: &[0, 1, 2, 3], known_since: &known });
        assert_eq!(split.retired, [1], "rows of both halves are under one id, so both move");
        assert_eq!((split.consumers.dense(1), split.consumers.dense(2)), (Some(3), Some(4)));
        assert_eq!(split.consumers.universe(0, Day(101)).iter().collect::<Vec<_>>(), [0, 3]);
    }

    #[test]
    fn a_person_that_only_grows_keeps_its_id() {
        let before = known([true, false, true, false]);
        let old = Consumers::number(Identified { canonical: &[0, 1, 2, 3], known_since: &before });
        let after = known([true; 4]);
        let new = old.renew(Identified { canonical: &[0, 0, 2, 2], known_since: &after });
        assert!(new.retired.is_empty());
        assert_eq!((new.consumers.dense(1), new.consumers.dense(3)), (Some(0), Some(1)));
    }

    /// People as runs of a random colouring, some nodes of them live.
    fn random(next: &mut impl FnMut(usize) -> usize, nodes: usize) -> (Vec<Node>, Vec<Day>) {
        let colours: Vec<usize> = (0..nodes).map(|_| next(nodes / 2 + 1)).collect();
        let first = |colour| colours.iter().position(|c| *c == colour).unwrap() as Node;
        let canonical = colours.iter().map(|colour| first(*colour)).collect();
        let since = |_| if next(3) == 0 { Day::END } else { Day(next(9) as i32) };
        (canonical, (0..nodes).map(since).collect())
    }

    /// Nodes concerned by what differs, with everybody who was or is one person with them.
    fn concerned(before: (&[Node], &[Day]), after: (&[Node], &[Day])) -> Vec<Node> {
        let nodes = after.0.len();
        let differs = |n: usize| before.0.get(n) != Some(&after.0[n]) || before.1.get(n) != Some(&after.1[n]);
        let mut concerned: Vec<bool> = (0..nodes).map(differs).collect();
        for _ in 0..nodes {
            for (a, b) in (0..nodes).flat_map(|a| (0..nodes).map(move |b| (a, b))) {
                let was_one = before.0.get(a).is_some() && before.0.get(a) == before.0.get(b);
                concerned[a] |= concerned[b] && (was_one || after.0[a] == after.0[b]);
            }
        }
        (0..nodes as Node).filter(|node| concerned[*node as usize]).collect()
    }

    #[test]
    fn renewing_those_concerned_gives_what_renewing_everybody_does() {
        let mut state = 7_u64;
        let mut next = move |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % n
        };
        for _ in 0..2_000 {
            let nodes = 1 + next(9);
            let (canonical, since) = random(&mut next, nodes);
            let mut consumers = Consumers::number(Identified { canonical: &canonical, known_since: &since });
            let (mut before, mut known) = (canonical, since);
            for _ in 0..3 {
                let grown = before.len() + next(3);
                let (mut canonical, mut since) = random(&mut next, grown);
                if next(2) == 0 {
                    canonical[..before.len()].copy_from_slice(&before);
                    canonical[before.len()..]
                        .iter_mut()
                        .zip(before.len()..)
                        .for_each(|(c, n)| *c = n as Node);
                }
                if next(2) == 0 {
                    since[..known.len()].copy_from_slice(&known);
                }
                let identified = Identified { canonical: &canonical, known_since: &since };
                let wanted = consumers.renew(identified);
                consumers.universe(0, Day(4));
                let among = concerned((&before, &known), (&canonical, &since));
                assert_eq!(consumers.renew_among(identified, &among), wanted.retired);
                assert_eq!(consumers, wanted.consumers);
                assert_eq!(consumers.universe(0, Day(4)), wanted.consumers.universe(0, Day(4)));
                (before, known) = (canonical, since);
            }
        }
    }

    #[test]
    fn nodes_without_data_are_nobody() {
        let known = known([false, true, false, false]);
        let consumers = Consumers::number(Identified { canonical: &[0, 1, 2, 3], known_since: &known });
        assert_eq!((consumers.dense(0), consumers.dense(1), consumers.dense(9)), (None, Some(0), None));
        let again = Consumers::from_bytes("consumers", Arc::new(consumers.to_bytes())).unwrap();
        assert_eq!(again, consumers);
    }
}
