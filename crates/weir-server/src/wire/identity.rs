//! Who is one person, by which links.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::LinkState;
use weir_core::identity::Inactive;

use super::time::instant;
use super::why::Consumer;

/// A person, and why it is one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Identified {
    /// The canonical identifier.
    pub consumer: Consumer,
    /// All identifiers, the canonical one first.
    pub identifiers: Vec<Consumer>,
    /// Every recorded link that touches them, in the order in which links are taken.
    pub links: Vec<Link>,
}

/// A recorded link between two identifiers.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Link {
    /// One identifier.
    pub a: Consumer,
    /// The other.
    pub b: Consumer,
    /// When it was stated first, UTC; left out where nobody said.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Whether it may join two known people by itself, as an alias does.
    pub alias: bool,
    /// The import that brought it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<u32>,
    /// That import's source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `active`: it joins the two. `two_known_people`: it would join two known people and may not. `over_cap`: the person
    /// would have too many identifiers. `unlinked`: somebody stated that it does not count.
    #[schema(example = "active")]
    pub state: &'static str,
    /// The statement, of an `unlinked` one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<LinkStatement>,
}

/// Somebody's statement about all links between two identifiers, also those to come. The latest counts.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LinkStatement {
    /// One identifier.
    pub a: Consumer,
    /// The other.
    pub b: Consumer,
    /// Whether links between the two count: false for an unlink, true for a relink.
    pub counts: bool,
    /// Who stated it: the name of a token, or of a person.
    #[schema(example = "support")]
    pub author: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When, UTC.
    #[schema(format = DateTime)]
    pub made: String,
}

/// What came of a statement.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Linked {
    /// The statement in force; left out where nobody ever took the link out of account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<LinkStatement>,
    /// Whether the two are one person now. After an unlink, other links may still join them.
    pub one_person: bool,
}

impl From<&weir_app::Identity> for Identified {
    fn from(identity: &weir_app::Identity) -> Identified {
        Identified {
            consumer: (&identity.consumer).into(),
            identifiers: identity.identifiers.iter().map(Consumer::from).collect(),
            links: identity.links.iter().map(Link::from).collect(),
        }
    }
}

impl From<&weir_app::LinkRecord> for Link {
    fn from(link: &weir_app::LinkRecord) -> Link {
        Link {
            a: (&link.a).into(),
            b: (&link.b).into(),
            time: link.time.map(instant),
            alias: link.joins_known,
            import: link.import,
            source: link.source.clone(),
            state: state(&link.state),
            statement: match &link.state {
                LinkState::Unlinked(statement) => Some(statement.into()),
                LinkState::Active | LinkState::Inactive(_) => None,
            },
        }
    }
}

/// The state's name.
fn state(state: &LinkState) -> &'static str {
    match state {
        LinkState::Active => "active",
        LinkState::Inactive(Inactive::TwoKnownPeople) => "two_known_people",
        LinkState::Inactive(Inactive::OverCap) => "over_cap",
        LinkState::Unlinked(_) => "unlinked",
    }
}

impl From<&weir_app::LinkStatement> for LinkStatement {
    fn from(statement: &weir_app::LinkStatement) -> LinkStatement {
        LinkStatement {
            a: (&statement.a).into(),
            b: (&statement.b).into(),
            counts: statement.counts,
            author: statement.author.clone(),
            reason: statement.reason.clone(),
            made: instant(statement.made),
        }
    }
}

impl From<&weir_app::Linked> for Linked {
    fn from(linked: &weir_app::Linked) -> Linked {
        Linked {
            statement: linked.statement.as_ref().map(LinkStatement::from),
            one_person: linked.one_person,
        }
    }
}
