//! People while links keep coming.
//!
//! A link concerns nobody outside its component of the graph of *all* recorded links, active or not: whether it may join
//! two people depends on links within that component alone. So only the components that new links touch are resolved
//! again, each once however many of its links are new; the answer is that of [`resolve`] over all links.
//!
//! Deliberately absent: taking a link back. That is rare, and begins anew from the links that are left.

use super::{Identifiers, IdentityPolicy, Link, Node, resolve};

/// No further link of a node.
const NONE: u32 = u32::MAX;

/// All recorded links, and who is one person by them.
#[derive(Debug, Clone, Default)]
pub struct Growing {
    /// For each node the canonical node of its person.
    canonical: Vec<Node>,
    /// Of several statements of one link the earliest.
    links: Vec<Link>,
    /// For each node the end of a link that was added last; the ends of link `i` are `2 i` and `2 i + 1`.
    last: Vec<u32>,
    /// For each end the one that its node had before.
    before: Vec<u32>,
    /// For each node the walk that met it last.
    met: Vec<u32>,
    walks: u32,
}

impl Growing {
    /// Resolves what there is.
    pub fn new(ids: &impl Identifiers, links: &[Link], policy: &IdentityPolicy) -> Growing {
        let mut growing = Growing { canonical: resolve(ids, links, policy).canonical, ..Growing::default() };
        growing.make_room(ids.len());
        for link in links {
            growing.record(*link);
        }
        growing
    }

    /// For each node the canonical node of its person, as of the last [`Growing::settle`].
    pub fn canonical(&self) -> &[Node] {
        &self.canonical
    }

    /// Makes room for a dictionary of `nodes` identifiers; a new one is a person by itself.
    pub fn make_room(&mut self, nodes: usize) {
        let known = self.canonical.len() as Node;
        self.canonical.extend(known..nodes as Node);
        self.last.resize(self.canonical.len(), NONE);
        self.met.resize(self.canonical.len(), 0);
    }

    /// Records a link between nodes that there is room for. Whether it says anything new: if so, settle its ends.
    pub fn record(&mut self, link: Link) -> bool {
        if link.a == link.b {
            return false;
        }
        match self.find(link) {
            Some(place) if self.links[place].time <= link.time => false,
            Some(place) => {
                self.links[place].time = link.time;
                true
            }
            None => {
                self.push(link);
                true
            }
        }
    }

    fn push(&mut self, link: Link) {
        for node in [link.a, link.b] {
            let end = self.before.len() as u32;
            self.before.push(std::mem::replace(&mut self.last[node as usize], end));
        }
        self.links.push(link);
    }

    /// Where a link between the same two is. Looks through the shorter of their lists: a shared device has a long one.
    fn find(&self, link: Link) -> Option<usize> {
        let (mut of_a, mut of_b) = (self.ends(link.a), self.ends(link.b));
        loop {
            let (Some(x), Some(y)) = (of_a.next(), of_b.next()) else { return None };
            let same = |end: &u32| {
                let known = self.links[(end / 2) as usize];
                known.joins_known == link.joins_known
                    && [(known.a, known.b), (known.b, known.a)].contains(&(link.a, link.b))
            };
            if let Some(end) = [x, y].iter().find(|end| same(end)) {
                return Some((end / 2) as usize);
            }
        }
    }

    fn ends(&self, node: Node) -> impl Iterator<Item = u32> + '_ {
        let some = |end: u32| (end != NONE).then_some(end);
        std::iter::successors(some(self.last[node as usize]), move |end| some(self.before[*end as usize]))
    }

    /// Resolves the components of these nodes again. Returns all their nodes, ascending: whoever became one person with
    /// somebody else, or ceased to be, is among them, with everybody concerned.
    pub fn settle(
        &mut self,
        ids: &impl Identifiers,
        policy: &IdentityPolicy,
        touched: impl IntoIterator<Item = Node>,
    ) -> Vec<Node> {
        let (nodes, links) = self.components(touched);
        let place = |node: Node| nodes.partition_point(|known| *known < node) as Node;
        let links: Vec<Link> =
            links.into_iter().map(|l| Link { a: place(l.a), b: place(l.b), ..l }).collect();
        let people = resolve(&Part { ids, nodes: &nodes }, &links, policy);
        for (node, canonical) in nodes.iter().zip(people.canonical) {
            self.canonical[*node as usize] = nodes[canonical as usize];
        }
        nodes
    }

    /// The nodes, ascending, and the links of some nodes' components.
    fn components(&mut self, touched: impl IntoIterator<Item = Node>) -> (Vec<Node>, Vec<Link>) {
        self.walks += 1;
        let (mut nodes, mut links, mut next) = (Vec::new(), Vec::new(), 0);
        for node in touched {
            self.meet(node, &mut nodes);
            while let Some(node) = nodes.get(next).copied() {
                next += 1;
                let mut end = self.last[node as usize];
                while end != NONE {
                    let link = self.links[(end / 2) as usize];
                    if end.is_multiple_of(2) {
                        links.push(link);
                    }
                    self.meet(if end.is_multiple_of(2) { link.b } else { link.a }, &mut nodes);
                    end = self.before[end as usize];
                }
            }
        }
        nodes.sort_unstable();
        (nodes, links)
    }

    fn meet(&mut self, node: Node, nodes: &mut Vec<Node>) {
        let met = &mut self.met[node as usize];
        if *met != self.walks {
            *met = self.walks;
            nodes.push(node);
        }
    }
}

/// Some nodes of a dictionary, numbered anew.
struct Part<'a, I> {
    ids: &'a I,
    nodes: &'a [Node],
}

impl<I: Identifiers> Identifiers for Part<'_, I> {
    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn get(&self, node: Node) -> (&str, &str) {
        self.ids.get(self.nodes[node as usize])
    }
}
