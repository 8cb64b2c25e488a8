//! Who is one person, by which links; and taking a link out of account, which can itself be taken back.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::identity::{Identifier, Identifiers, Inactive, Link, Node, People, resolve};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};
use weir_store::{ImportId, Names, Page, Paged, Pair, Statement, View, pair};

use crate::app::Workspace;

/// A person, and why it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// The canonical identifier.
    pub consumer: Identifier,
    /// All identifiers, the canonical one first, then in the policy's order.
    pub identifiers: Vec<Identifier>,
    /// Every recorded link that touches them, in the order in which links are taken.
    pub links: Vec<LinkRecord>,
}

/// A recorded link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkRecord {
    /// Numbers of the two, which name them without telling what they are.
    pub nodes: Pair,
    /// One identifier.
    pub a: Identifier,
    /// The other.
    pub b: Identifier,
    /// When it was stated first; none: nobody said.
    pub time: Option<Micros>,
    /// Whether it may join two known people by itself.
    pub joins_known: bool,
    /// The import that brought it.
    pub import: Option<ImportId>,
    /// That import's source.
    pub source: Option<String>,
    /// What became of it.
    pub state: LinkState,
}

impl LinkRecord {
    /// Names of the two that do not tell what they are.
    pub fn keys(&self) -> (String, String) {
        (key(self.nodes.0), key(self.nodes.1))
    }
}

/// What became of a recorded link.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkState {
    /// It joins its two identifiers.
    Active,
    /// It is kept and joins nobody.
    Inactive(Inactive),
    /// Somebody stated that it does not count.
    Unlinked(LinkStatement),
}

/// Somebody's statement about all links between two identifiers.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkStatement {
    /// One identifier.
    pub a: Identifier,
    /// The other.
    pub b: Identifier,
    /// Whether they count from then on.
    pub counts: bool,
    /// Who stated it.
    pub author: String,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub made: Micros,
}

/// A statement, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// What was stated, now or earlier; none where links between the two have always counted.
    pub statement: Option<LinkStatement>,
    /// Whether the two are one person now. After an unlink, other links may still join them.
    pub one_person: bool,
}

impl Workspace {
    /// A person by user id or `kind:value`, with every link that touches it.
    pub fn identity(&self, who: &str) -> Result<Identity> {
        Register::open(self.recorded()?)?.identity(who)
    }

    /// States that links between two identifiers do not count: at every date their people are as if there were none.
    pub fn unlink(&self, a: &str, b: &str, author: &str, reason: Option<&str>) -> Result<Linked> {
        self.state_links(a, b, false, author, reason)
    }

    /// Takes an unlink back: at every date people are again as they were before it.
    pub fn relink(&self, a: &str, b: &str, author: &str, reason: Option<&str>) -> Result<Linked> {
        self.state_links(a, b, true, author, reason)
    }

    /// Statements about links, the latest first.
    pub fn link_statements(&self, page: &Page) -> Result<Paged<LinkStatement>> {
        let statements = self.store().link_statements(page)?;
        let names = self.recorded()?.identifiers()?;
        let items = statements.items.into_iter().map(|statement| spell(&names, statement)).collect();
        Ok(Paged { items, next: statements.next })
    }

    /// All that is recorded. Links of the last moment are written down first, as far as this process took them in.
    fn recorded(&self) -> Result<View> {
        self.intake().flush(self.name())?;
        self.store().view()
    }

    fn state_links(
        &self,
        a: &str,
        b: &str,
        counts: bool,
        author: &str,
        reason: Option<&str>,
    ) -> Result<Linked> {
        let register = Register::open(self.recorded()?)?;
        let (x, y) = register.linked(a, b)?;
        let statement = self.store().state_links(pair(x, y), counts, author, reason)?;
        let people = self.recorded()?.people(&register.names)?;
        Ok(Linked {
            statement: statement.map(|statement| spell(&register.names, statement)),
            one_person: people.canonical.get(x as usize) == people.canonical.get(y as usize),
        })
    }
}

/// Names, links and people of one view.
pub(crate) struct Register {
    view: View,
    names: Arc<Names>,
    links: Vec<Recorded>,
    people: People,
}

/// A link, and the import that brought it.
type Recorded = (Link, Option<ImportId>);

impl Register {
    /// Of everybody.
    fn open(view: View) -> Result<Register> {
        let names = Arc::new(view.identifiers()?);
        let people = view.people(&names)?;
        let links = recorded_links(&view)?;
        Ok(Register { view, names, links, people })
    }

    /// Of one person, some of whose identifiers are given, and of those who are linked with them. Links that came in a
    /// moment ago are among `later`. Who is one person depends on nobody else.
    pub fn near(view: View, names: Arc<Names>, later: Vec<Link>, person: &RoaringBitmap) -> Result<Register> {
        let mut links = recorded_links(&view)?;
        links.extend(later.into_iter().map(|link| (link, None)));
        // What has come in since the names were read is told the next time.
        links.retain(|(link, _)| (link.a.max(link.b) as usize) < names.len());
        let near = reached(&links, &view, person);
        links.retain(|(link, _)| near.contains(link.a) || near.contains(link.b));
        let counting: Vec<Link> =
            links.iter().map(|(link, _)| *link).filter(|link| view.counts(link)).collect();
        let people = resolve(&*names, &counting, &view.settings().policy);
        Ok(Register { view, names, links, people })
    }

    fn identity(&self, who: &str) -> Result<Identity> {
        let me = self.person(self.node(who)?);
        let live = self.view.live_nodes()?;
        let mine = live.iter().filter(|node| self.person(*node) == me);
        // The canonical identifier names the person even where no live import mentions it.
        let nodes: BTreeSet<Node> = mine.chain([me]).collect();
        let identifiers = self.in_order(nodes).into_iter().map(|(_, identifier)| identifier).collect();
        Ok(Identity { consumer: name(&self.names, me), identifiers, links: self.links(me)? })
    }

    /// Identifiers in the policy's order: the canonical one of a person comes first.
    pub fn in_order(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<(Node, Identifier)> {
        let policy = &self.view.settings().policy;
        let mut named: Vec<_> = nodes.into_iter().map(|node| (node, name(&self.names, node))).collect();
        named.sort_by(|(_, x), (_, y)| policy.order((&x.kind, &x.value), (&y.kind, &y.value)));
        named
    }

    /// Every recorded link that touches a person, in the order in which links are taken.
    pub fn links(&self, me: Node) -> Result<Vec<LinkRecord>> {
        let is_mine = |link: &Link| self.person(link.a) == me || self.person(link.b) == me;
        let mut links: Vec<&Recorded> = self.links.iter().filter(|(link, _)| is_mine(link)).collect();
        links.sort_by_key(|(link, import)| (link.time, link.a, link.b, *import));
        let inactive: HashMap<Link, Inactive> = self.people.inactive.iter().copied().collect();
        let mut sources = Sources { workspace: self.view.workspace(), known: HashMap::new() };
        let records = links.into_iter().map(|(link, import)| {
            let state = self.state(link, inactive.get(link).copied())?;
            Ok(LinkRecord {
                nodes: (link.a, link.b),
                a: name(&self.names, link.a),
                b: name(&self.names, link.b),
                time: (link.time != Micros::MIN).then_some(link.time),
                joins_known: link.joins_known,
                import: *import,
                source: import.map(|import| sources.of(import)).transpose()?,
                state,
            })
        });
        records.collect()
    }

    fn state(&self, link: &Link, inactive: Option<Inactive>) -> Result<LinkState> {
        if self.view.counts(link) {
            return Ok(inactive.map_or(LinkState::Active, LinkState::Inactive));
        }
        let statement = self.view.workspace().link_statement(pair(link.a, link.b))?;
        let statement = statement.ok_or_else(|| Error::internal("a link was left out by no statement"))?;
        Ok(LinkState::Unlinked(spell(&self.names, statement)))
    }

    /// Two identifiers between which a link was recorded.
    fn linked(&self, a: &str, b: &str) -> Result<(Node, Node)> {
        let (x, y) = (self.node(a)?, self.node(b)?);
        let mut neighbours = BTreeSet::new();
        for (link, _) in &self.links {
            neighbours.extend((link.a == x).then_some(link.b));
            neighbours.extend((link.b == x).then_some(link.a));
        }
        if x != y && neighbours.contains(&y) {
            return Ok((x, y));
        }
        let near: Vec<String> =
            neighbours.into_iter().take(5).map(|node| name(&self.names, node).to_string()).collect();
        let help = match near.as_slice() {
            [] => format!("{a} has no links"),
            near => format!("{a} is linked with {}", near.join(", ")),
        };
        Err(Error::new(Code::UnknownLink, format!("no link between {a} and {b} was recorded")).help(help))
    }

    fn node(&self, who: &str) -> Result<Node> {
        find(&self.names, who).ok_or_else(|| nobody(who))
    }

    /// The canonical node of a node's person.
    pub fn person(&self, node: Node) -> Node {
        self.people.canonical.get(node as usize).copied().unwrap_or(node)
    }
}

/// Sources of imports, each looked up once.
struct Sources<'a> {
    workspace: &'a weir_store::Workspace,
    known: HashMap<ImportId, String>,
}

impl Sources<'_> {
    fn of(&mut self, import: ImportId) -> Result<String> {
        if let Some(source) = self.known.get(&import) {
            return Ok(source.clone());
        }
        let source = self.workspace.import(import)?.source;
        self.known.insert(import, source.clone());
        Ok(source)
    }
}

fn recorded_links(view: &View) -> Result<Vec<Recorded>> {
    let mut links = Vec::new();
    view.scan_links(|link, import| links.push((link, import)))?;
    Ok(links)
}

/// All nodes that can be reached over links that count.
fn reached(links: &[Recorded], view: &View, from: &RoaringBitmap) -> RoaringBitmap {
    let mut near = from.clone();
    loop {
        let before = near.len();
        for (link, _) in links.iter().filter(|(link, _)| view.counts(link)) {
            if near.contains(link.a) != near.contains(link.b) {
                near.insert(link.a);
                near.insert(link.b);
            }
        }
        if near.len() == before {
            return near;
        }
    }
}

/// A node by user id, `kind:value`, or by its key. What looks like one of the latter may be the first.
pub(crate) fn find(names: &Names, who: &str) -> Option<Node> {
    let as_user_id = Identifier::new("user_id", who).and_then(|id| names.find(&id.kind, &id.value));
    let identified =
        as_user_id.or_else(|| Identifier::parse(who).and_then(|id| names.find(&id.kind, &id.value)));
    identified.or_else(|| keyed(names, who))
}

/// What an identifier may be called where it must not be told: its number, which is for ever.
pub(crate) fn key(node: Node) -> String {
    format!("~{node}")
}

fn keyed(names: &Names, who: &str) -> Option<Node> {
    let node: Node = who.strip_prefix('~')?.parse().ok()?;
    // Numbers may have been skipped: those have no name.
    ((node as usize) < names.len() && !names.get(node).0.is_empty()).then_some(node)
}

/// What is answered about somebody unheard of.
pub(crate) fn nobody(who: &str) -> Error {
    Error::new(Code::UnknownConsumer, format!("nobody is known as \"{who}\""))
        .help("name a user id, or write kind:value, for example email:someone@example.com")
}

pub(crate) fn spell(names: &Names, statement: Statement) -> LinkStatement {
    let Statement { pair: (a, b), counts, author, reason, made, .. } = statement;
    LinkStatement { a: name(names, a), b: name(names, b), counts, author, reason, made }
}

pub(crate) fn name(names: &Names, node: Node) -> Identifier {
    let (kind, value) = names.get(node);
    Identifier { kind: kind.to_owned(), value: value.to_owned() }
}
