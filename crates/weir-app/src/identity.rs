//! Who is one person, by which links; and taking a link out of account, which can itself be taken back.

use std::collections::{BTreeSet, HashMap};

use weir_core::identity::{Identifier, Identifiers, Inactive, Link, Node, People};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};
use weir_store::{ImportId, Names, Page, Paged, Statement, View, pair};

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

/// All names and people of one view.
struct Register {
    view: View,
    names: Names,
    people: People,
}

/// A link, and the import that brought it.
type Recorded = (Link, Option<ImportId>);

impl Register {
    fn open(view: View) -> Result<Register> {
        let names = view.identifiers()?;
        let people = view.people(&names)?;
        Ok(Register { view, names, people })
    }

    fn identity(&self, who: &str) -> Result<Identity> {
        let me = self.person(self.node(who)?);
        let live = self.view.live_nodes()?;
        let mine = live.iter().filter(|node| self.person(*node) == me);
        // The canonical identifier names the person even where no live import mentions it.
        let nodes: BTreeSet<Node> = mine.chain([me]).collect();
        let mut identifiers: Vec<Identifier> =
            nodes.into_iter().map(|node| name(&self.names, node)).collect();
        let policy = &self.view.settings().policy;
        identifiers.sort_by(|x, y| policy.order((&x.kind, &x.value), (&y.kind, &y.value)));
        Ok(Identity { consumer: name(&self.names, me), identifiers, links: self.links(me)? })
    }

    fn links(&self, me: Node) -> Result<Vec<LinkRecord>> {
        let mut links: Vec<Recorded> = Vec::new();
        self.view.scan_links(|link, import| {
            if self.person(link.a) == me || self.person(link.b) == me {
                links.push((link, import));
            }
        })?;
        links.sort_by_key(|(link, import)| (link.time, link.a, link.b, *import));
        let inactive: HashMap<Link, Inactive> = self.people.inactive.iter().copied().collect();
        let mut sources = Sources { workspace: self.view.workspace(), known: HashMap::new() };
        let records = links.into_iter().map(|(link, import)| {
            let state = self.state(&link, inactive.get(&link).copied())?;
            Ok(LinkRecord {
                a: name(&self.names, link.a),
                b: name(&self.names, link.b),
                time: (link.time != Micros::MIN).then_some(link.time),
                joins_known: link.joins_known,
                import,
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
        self.view.scan_links(|link, _| {
            neighbours.extend((link.a == x).then_some(link.b));
            neighbours.extend((link.b == x).then_some(link.a));
        })?;
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

    fn person(&self, node: Node) -> Node {
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

/// A node by user id or `kind:value`. What looks like the latter may be the former.
pub(crate) fn find(names: &Names, who: &str) -> Option<Node> {
    let as_user_id = Identifier::new("user_id", who).and_then(|id| names.find(&id.kind, &id.value));
    as_user_id.or_else(|| Identifier::parse(who).and_then(|id| names.find(&id.kind, &id.value)))
}

/// What is answered about somebody unheard of.
pub(crate) fn nobody(who: &str) -> Error {
    Error::new(Code::UnknownConsumer, format!("nobody is known as \"{who}\""))
        .help("name a user id, or write kind:value, for example email:someone@example.com")
}

fn spell(names: &Names, statement: Statement) -> LinkStatement {
    let Statement { pair: (a, b), counts, author, reason, made, .. } = statement;
    LinkStatement { a: name(names, a), b: name(names, b), counts, author, reason, made }
}

fn name(names: &Names, node: Node) -> Identifier {
    let (kind, value) = names.get(node);
    Identifier { kind: kind.to_owned(), value: value.to_owned() }
}
