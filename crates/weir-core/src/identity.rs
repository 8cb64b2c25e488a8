//! Identifiers, and which of them are one person.
//!
//! An identifier is a (kind, value) pair. Events that carry several record *links* between them. Who is one person is
//! a pure function of the set of links, taken in order of (time, kinds, values), never of the order in which they
//! arrived; so removing a link (un-merge, undone import) restores what was before.
//!
//! A link is kept but *inactive* when it would join two known people (two values of a kind declared unique) without
//! being allowed to, or when the joined person would exceed the cap.

mod growing;

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::time::Micros;

pub use growing::Growing;

/// Kinds in order of precedence, unless the workspace says otherwise; others follow by name.
pub const DEFAULT_PRIORITY: [&str; 7] =
    ["user_id", "unionid", "openid", "phone", "email", "device", "anonymous_id"];

/// Values that stand for "nobody" and must never become a person or join two.
pub const JUNK_VALUES: &[&str] = &[
    "",
    "null",
    "nil",
    "none",
    "undefined",
    "nan",
    "n/a",
    "na",
    "unknown",
    "anonymous",
    "guest",
    "true",
    "false",
    "0",
    "-1",
    "[object object]",
    "{}",
    "[]",
    "test",
    "not set",
    "(not set)",
    "not_set",
    "00000000-0000-0000-0000-000000000000",
    "0000-0000",
    "10000000000",
    "13800138000",
    "test@example.com",
    "test@test.com",
    "noreply@example.com",
];

/// A (kind, value) pair that names a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier {
    /// Such as `user_id` or `email`.
    pub kind: String,
    /// The value, normalised.
    pub value: String,
}

impl Identifier {
    /// An identifier with its value normalised; `None` when the value is junk.
    pub fn new(kind: &str, raw: &str) -> Option<Identifier> {
        IdentifierRef::new(kind.into(), raw.into()).map(IdentifierRef::into_owned)
    }

    /// Reads `kind:value`; without a colon it is a user id.
    pub fn parse(text: &str) -> Option<Identifier> {
        match text.split_once(':') {
            Some((kind, value)) => Identifier::new(kind, value),
            None => Identifier::new("user_id", text),
        }
    }
}

impl std::fmt::Display for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind, self.value)
    }
}

/// The same, its texts borrowed where they can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentifierRef<'a> {
    /// Kind, such as `user_id`.
    pub kind: Cow<'a, str>,
    /// Normalised value.
    pub value: Cow<'a, str>,
}

impl<'a> IdentifierRef<'a> {
    /// See [`Identifier::new`].
    pub fn new(kind: Cow<'a, str>, raw: Cow<'a, str>) -> Option<IdentifierRef<'a>> {
        let value = match raw {
            Cow::Borrowed(raw) => normalise(&kind, raw),
            Cow::Owned(raw) => Cow::Owned(normalise(&kind, &raw).into_owned()),
        };
        (!is_junk(&value)).then_some(IdentifierRef { kind, value })
    }

    /// With texts of its own.
    pub fn into_owned(self) -> Identifier {
        Identifier { kind: self.kind.into_owned(), value: self.value.into_owned() }
    }
}

impl From<Identifier> for IdentifierRef<'_> {
    fn from(Identifier { kind, value }: Identifier) -> Self {
        IdentifierRef { kind: kind.into(), value: value.into() }
    }
}

/// White space around a value never counts; e-mail addresses compare without case.
pub fn normalise<'a>(kind: &str, raw: &'a str) -> Cow<'a, str> {
    let trimmed = raw.trim();
    if kind == "email" { trimmed.to_lowercase().into() } else { trimmed.into() }
}

/// Whether a value stands for nobody: a placeholder word, or nothing but one repeated digit `0`.
pub fn is_junk(value: &str) -> bool {
    let only_zeros = value.bytes().all(|b| matches!(b, b'0' | b'-' | b':' | b'.'));
    // Lower case takes a string of its own only where there are letters beyond ASCII.
    let is_placeholder = match value.is_ascii() {
        true => JUNK_VALUES.iter().any(|junk| value.eq_ignore_ascii_case(junk)),
        false => JUNK_VALUES.contains(&value.to_lowercase().as_str()),
    };
    only_zeros || is_placeholder
}

/// How a workspace treats identifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityPolicy {
    /// Kinds in order of precedence; kinds not listed follow by name.
    pub priority: Vec<String>,
    /// Kinds of which a person has at most one value, unless a link is allowed to join two.
    pub unique: Vec<String>,
    /// Kinds whose links may join two known people (for example a verified phone).
    pub joining: Vec<String>,
    /// Most identifiers one person may have.
    pub cap: usize,
}

impl Default for IdentityPolicy {
    fn default() -> IdentityPolicy {
        IdentityPolicy {
            priority: DEFAULT_PRIORITY.map(str::to_owned).to_vec(),
            unique: vec!["user_id".to_owned()],
            joining: Vec::new(),
            cap: 1_000,
        }
    }
}

impl IdentityPolicy {
    /// Rank of a kind: its place in the priority list, or the list's length.
    pub fn rank(&self, kind: &str) -> usize {
        self.priority.iter().position(|k| k == kind).unwrap_or(self.priority.len())
    }

    /// Order of identifiers: priority of kind, name of kind, bytes of value. The least of a person is canonical.
    pub fn order(&self, a: (&str, &str), b: (&str, &str)) -> Ordering {
        self.rank(a.0)
            .cmp(&self.rank(b.0))
            .then_with(|| a.0.cmp(b.0))
            .then_with(|| a.1.as_bytes().cmp(b.1.as_bytes()))
    }

    /// Whether a person has at most one value of this kind.
    pub fn is_unique(&self, kind: &str) -> bool {
        self.unique.iter().any(|k| k == kind)
    }

    /// Whether links on this kind may join two known people.
    pub fn is_joining(&self, kind: &str) -> bool {
        self.joining.iter().any(|k| k == kind)
    }
}

/// Number of an identifier in the dictionary that names it.
pub type Node = u32;

/// A statement that two identifiers are one person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Link {
    /// One identifier.
    pub a: Node,
    /// The other.
    pub b: Node,
    /// When it was stated; `Micros::MIN` when undated.
    pub time: Micros,
    /// Whether it may join two known people by itself (an `alias`).
    pub joins_known: bool,
}

/// Why a link is kept but inactive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inactive {
    /// It would join two known people.
    TwoKnownPeople,
    /// The person would have too many identifiers.
    OverCap,
}

/// The identifiers a dictionary knows, by node.
pub trait Identifiers {
    /// How many there are; nodes are `0..len`.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Kind and value of a node.
    fn get(&self, node: Node) -> (&str, &str);
}

impl Identifiers for Vec<Identifier> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn get(&self, node: Node) -> (&str, &str) {
        let identifier = &self[node as usize];
        (&identifier.kind, &identifier.value)
    }
}

/// Who is one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// For each node the canonical node of its person: the least identifier in the policy's order.
    pub canonical: Vec<Node>,
    /// Links that were kept but joined nobody.
    pub inactive: Vec<(Link, Inactive)>,
}

/// Resolves a set of links into people. The order of `links` does not matter.
pub fn resolve(identifiers: &impl Identifiers, links: &[Link], policy: &IdentityPolicy) -> People {
    let mut ordered: Vec<Link> = links.to_vec();
    ordered.sort_by(|x, y| link_order(identifiers, policy, x, y));
    let mut joiner = Joiner::new(identifiers, policy);
    let mut inactive = Vec::new();
    for link in ordered {
        if let Some(reason) = joiner.join(link) {
            inactive.push((link, reason));
        }
    }
    People { canonical: joiner.canonical(), inactive }
}

/// (time, kinds, values), each link read from its lesser end; an alias before a plain link between the same two.
fn link_order(ids: &impl Identifiers, policy: &IdentityPolicy, x: &Link, y: &Link) -> Ordering {
    // Few links are of one instant, and names are slow to look at.
    x.time.cmp(&y.time).then_with(|| order_of_ends(ids, policy, x, y))
}

fn order_of_ends(ids: &impl Identifiers, policy: &IdentityPolicy, x: &Link, y: &Link) -> Ordering {
    let ends = |link: &Link| {
        let (a, b) = (ids.get(link.a), ids.get(link.b));
        if policy.order(a, b).is_le() { (a, b) } else { (b, a) }
    };
    let ((xa, xb), (ya, yb)) = (ends(x), ends(y));
    (xa.0, xb.0)
        .cmp(&(ya.0, yb.0))
        .then_with(|| (xa.1, xb.1).cmp(&(ya.1, yb.1)))
        .then_with(|| y.joins_known.cmp(&x.joins_known))
}

/// Union-find that remembers, per person, its least identifier, its size and a value of a unique kind.
struct Joiner<'a, I: Identifiers> {
    ids: &'a I,
    policy: &'a IdentityPolicy,
    parent: Vec<Node>,
    size: Vec<u32>,
    least: Vec<Node>,
    /// For each root the nodes of unique kinds it holds; almost always none or one.
    known: std::collections::HashMap<Node, Vec<Node>>,
}

impl<'a, I: Identifiers> Joiner<'a, I> {
    fn new(ids: &'a I, policy: &'a IdentityPolicy) -> Self {
        let nodes = 0..ids.len() as Node;
        Joiner {
            ids,
            policy,
            parent: nodes.clone().collect(),
            size: vec![1; ids.len()],
            least: nodes.collect(),
            known: Default::default(),
        }
    }

    fn root(&mut self, mut node: Node) -> Node {
        while self.parent[node as usize] != node {
            let grandparent = self.parent[self.parent[node as usize] as usize];
            self.parent[node as usize] = grandparent;
            node = grandparent;
        }
        node
    }

    fn known_of(&self, root: Node) -> Vec<Node> {
        let alone_and_unique = self.size[root as usize] == 1 && self.policy.is_unique(self.ids.get(root).0);
        if alone_and_unique { vec![root] } else { self.known.get(&root).cloned().unwrap_or_default() }
    }

    fn join(&mut self, link: Link) -> Option<Inactive> {
        let (a, b) = (self.root(link.a), self.root(link.b));
        if a == b {
            return None;
        }
        let (known_a, known_b) = (self.known_of(a), self.known_of(b));
        if self.clash(&known_a, &known_b) && !self.may_join_known(link) {
            return Some(Inactive::TwoKnownPeople);
        }
        let size = self.size[a as usize] + self.size[b as usize];
        if size as usize > self.policy.cap {
            return Some(Inactive::OverCap);
        }
        self.unite(a, b, size, known_a, known_b);
        None
    }

    /// Two people clash when they hold different values of the same unique kind.
    fn clash(&self, xs: &[Node], ys: &[Node]) -> bool {
        let kind = |node: Node| self.ids.get(node).0;
        xs.iter().any(|&x| ys.iter().any(|&y| kind(x) == kind(y) && x != y))
    }

    fn may_join_known(&self, link: Link) -> bool {
        let joining = |node: Node| self.policy.is_joining(self.ids.get(node).0);
        link.joins_known || joining(link.a) || joining(link.b)
    }

    fn unite(&mut self, a: Node, b: Node, size: u32, known_a: Vec<Node>, known_b: Vec<Node>) {
        let (root, child) = if self.size[a as usize] >= self.size[b as usize] { (a, b) } else { (b, a) };
        let (x, y) = (self.least[a as usize], self.least[b as usize]);
        let least = if self.policy.order(self.ids.get(x), self.ids.get(y)).is_le() { x } else { y };
        self.parent[child as usize] = root;
        self.size[root as usize] = size;
        self.least[root as usize] = least;
        self.known.remove(&child);
        let known: Vec<Node> = known_a.into_iter().chain(known_b).collect();
        if !known.is_empty() {
            self.known.insert(root, known);
        }
    }

    fn canonical(mut self) -> Vec<Node> {
        let mut canonical = Vec::with_capacity(self.parent.len());
        for node in 0..self.parent.len() as Node {
            let root = self.root(node);
            canonical.push(self.least[root as usize]);
        }
        canonical
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(texts: &[&str]) -> Vec<Identifier> {
        texts.iter().map(|t| Identifier::parse(t).unwrap()).collect()
    }

    fn link(a: Node, b: Node, time: Micros) -> Link {
        Link { a, b, time, joins_known: false }
    }

    #[test]
    fn an_anonymous_visitor_joins_the_person_it_signs_in_as() {
        let ids = ids(&["anonymous_id:x", "user_id:a", "email:a@shop.cn"]);
        let people = resolve(&ids, &[link(0, 1, 5), link(1, 2, 9)], &IdentityPolicy::default());
        assert_eq!(people.canonical, vec![1, 1, 1]);
        assert!(people.inactive.is_empty());
    }

    #[test]
    fn two_known_people_stay_apart_on_a_shared_device() {
        let ids = ids(&["user_id:a", "user_id:b", "device:d"]);
        let late = link(1, 2, 9);
        let people = resolve(&ids, &[late, link(0, 2, 5)], &IdentityPolicy::default());
        assert_eq!(people.canonical, vec![0, 1, 0]);
        assert_eq!(people.inactive, vec![(late, Inactive::TwoKnownPeople)]);
    }

    #[test]
    fn an_alias_or_a_joining_kind_may_join_two_known_people() {
        let ids = ids(&["user_id:a", "user_id:b", "phone:138"]);
        let alias = Link { joins_known: true, ..link(0, 1, 1) };
        assert_eq!(resolve(&ids, &[alias], &IdentityPolicy::default()).canonical, vec![0, 0, 2]);
        let policy = IdentityPolicy { joining: vec!["phone".into()], ..Default::default() };
        assert_eq!(resolve(&ids, &[link(0, 2, 1), link(1, 2, 2)], &policy).canonical, vec![0, 0, 0]);
    }

    #[test]
    fn the_cap_stops_a_person_from_growing() {
        let ids = ids(&["device:a", "device:b", "device:c"]);
        let policy = IdentityPolicy { cap: 2, ..Default::default() };
        let people = resolve(&ids, &[link(0, 1, 1), link(1, 2, 2)], &policy);
        assert_eq!(people.canonical, vec![0, 0, 2]);
        assert_eq!(people.inactive[0].1, Inactive::OverCap);
    }

    #[test]
    fn junk_never_becomes_a_person() {
        for raw in
            ["", "  ", "null", "UNDEFINED", "0", "000-000", "[object Object]", "true", "test@example.com"]
        {
            assert_eq!(Identifier::new("email", raw), None, "{raw:?}");
        }
        assert_eq!(Identifier::new("email", " A@B.cn ").unwrap().value, "a@b.cn");
        assert_eq!(Identifier::new("user_id", "17850").unwrap().to_string(), "user_id:17850");
    }

    #[test]
    fn order_is_by_kind_priority_then_bytes() {
        let policy = IdentityPolicy::default();
        let mut all = [("zz", "1"), ("email", "b"), ("user_id", "9"), ("aa", "1"), ("email", "a")];
        all.sort_by(|a, b| policy.order(*a, *b));
        assert_eq!(all, [("user_id", "9"), ("email", "a"), ("email", "b"), ("aa", "1"), ("zz", "1")]);
    }
}
