//! One person: who they are, what is known of them, what they did and what became of them, as of a date.
//!
//! Who is one person is told as it is now, like everywhere; everything else as of the date asked.

mod activity;
mod events;
mod list;
mod mask;

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::expr::{Expr, check};
use weir_core::identity::{Identifier, Identifiers, Node};
use weir_core::scope::Scope;
use weir_core::state_model::{ModelRef, NONE};
use weir_core::tag::{TagFact, TagValue};
use weir_core::time::{Day, Micros};
use weir_core::{Code, Error, Result};
use weir_engine::consumer::Alone;
use weir_engine::shard::Dense;
use weir_store::{DefinitionKind, Names, Page, Push, RecipientRecord};

use crate::app::{View, Workspace};
use crate::identity::{LinkRecord, LinkStatement, Register, find, key, nobody, spell};
use crate::whom::Whom;

pub use activity::{Activity, ChannelActivity};
pub use events::{ConsumerEvent, ConsumerEvents};
pub use list::ListedConsumer;

/// Most days of states.
const MOST_DAYS: u32 = 1_100;

/// What is asked about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerRequest {
    /// A user id, `kind:value`, or the key of an identifier.
    pub who: String,
    /// As of when.
    pub as_of: Day,
    /// The model whose states are told.
    pub model: ModelRef,
    /// What its conditions are limited to.
    pub scope: Scope,
    /// Of how many days up to the date.
    pub days: u32,
}

/// A person.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsumerAnswer {
    /// Names the canonical identifier without telling it.
    pub key: String,
    /// The canonical identifier.
    pub consumer: Identifier,
    /// The date.
    pub as_of: Day,
    /// The day since which they are known.
    pub known_since: Day,
    /// All identifiers, the canonical one first.
    pub identifiers: Vec<SeenIdentifier>,
    /// Every recorded link that touches them, in the order in which links are taken.
    pub links: Vec<LinkRecord>,
    /// What people stated about such links, the latest first.
    pub statements: Vec<LinkStatement>,
    /// Values of tags, by name.
    pub tags: Vec<StatedTag>,
    /// States.
    pub states: StateHistory,
    /// Saved audiences by name, and whether they are in.
    pub audiences: Vec<Membership>,
    /// Pushes that they were in, the latest first.
    pub pushes: Vec<(Push, RecipientRecord)>,
    /// How much they did, and where.
    pub activity: Activity,
    /// Events are kept for so many days; none: for ever.
    pub retention_days: Option<u32>,
    /// Whether personal values are masked.
    pub is_masked: bool,
}

/// An identifier, and when it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenIdentifier {
    /// Names it without telling it.
    pub key: String,
    /// What it is.
    pub identifier: Identifier,
    /// The first time that an event came with it, or a link named it.
    pub first: Option<Micros>,
    /// The last time.
    pub last: Option<Micros>,
    /// Events that came with it as the first of their identifiers.
    pub events: u64,
}

/// A value of a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedTag {
    /// The tag.
    pub name: String,
    /// The value.
    pub value: TagValue,
    /// Since when; none where nobody said.
    pub since: Option<Day>,
}

/// In which states somebody was.
#[derive(Debug, Clone, PartialEq)]
pub struct StateHistory {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one and for rules without a name.
    pub model_version: u32,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// Names of the states, `none` last.
    pub states: Vec<String>,
    /// Without a gap, from the day since which they are known.
    pub spans: Vec<StateSpan>,
}

/// Days in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSpan {
    /// The state.
    pub state: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Whether somebody is in an audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The audience.
    pub name: String,
    /// Whether they are in; an audience that names what is not there any more cannot tell.
    pub is_in: Result<bool>,
}

/// A person found.
pub(crate) struct Found {
    view: Arc<View>,
    names: Arc<Names>,
    dense: Dense,
    nodes: RoaringBitmap,
}

impl Workspace {
    /// A person as of a date.
    pub fn consumer(&self, request: &ConsumerRequest) -> Result<ConsumerAnswer> {
        check_days(request.days)?;
        let found = self.find_consumer(&request.who)?;
        let alone = Alone::new(found.view.world(), found.dense)?;
        let register = self.register(&found)?;
        let canonical = found.canonical();
        let links = register.links(register.person(canonical))?;
        let identifiers = register.in_order(&found.nodes);
        let named: Vec<Identifier> = identifiers.iter().map(|(_, identifier)| identifier.clone()).collect();
        Ok(ConsumerAnswer {
            key: key(canonical),
            consumer: crate::identity::name(&found.names, canonical),
            as_of: request.as_of,
            known_since: found.known_since(),
            identifiers: activity::seen(identifiers, &alone, &links),
            statements: self.statements_about(&found)?,
            tags: tags(found.view.data.statements_of(&found.nodes)?, request.as_of),
            states: self.state_history(&found, &alone, request)?,
            audiences: self.memberships(&found, &alone, request.as_of)?,
            pushes: self.store().pushes_of(&named)?,
            activity: Activity::of(&found, &alone, request.as_of),
            retention_days: self.quota()?.retention_days,
            links,
            is_masked: false,
        })
    }

    /// What a person may be called where the identifier must not be told.
    pub fn consumer_key(&self, who: &str) -> Result<String> {
        Ok(key(self.find_consumer(who)?.canonical()))
    }

    /// Somebody by user id, `kind:value`, or the key of an identifier.
    pub(crate) fn find_consumer(&self, who: &str) -> Result<Found> {
        let view = Arc::new(self.view()?);
        let names = view.identifiers()?;
        let node = find(&names, who).ok_or_else(|| nobody(who))?;
        let consumers = &view.world().consumers;
        let dense = consumers.dense(node).ok_or_else(|| nobody(who))?;
        let nodes = consumers.nodes_of(dense).collect();
        Ok(Found { view, names, dense, nodes })
    }

    /// Links as they are stored now, and those that the log has.
    fn register(&self, found: &Found) -> Result<Register> {
        let stored = self.store().view()?;
        let later = self.store().links_in_log(stored.log_flushed())?;
        Register::near(stored, found.names.clone(), later, &found.nodes)
    }

    fn statements_about(&self, found: &Found) -> Result<Vec<LinkStatement>> {
        let statements = self.store().link_statements(&Page::all())?.items.into_iter();
        let is_theirs = |node: Node| found.nodes.contains(node);
        let is_named = |node: Node| (node as usize) < found.names.len();
        let theirs = statements.filter(|statement| {
            let (a, b) = statement.pair;
            (is_theirs(a) || is_theirs(b)) && is_named(a) && is_named(b)
        });
        Ok(theirs.map(|statement| spell(&found.names, statement)).collect())
    }

    fn state_history(
        &self,
        found: &Found,
        alone: &Alone<'_>,
        request: &ConsumerRequest,
    ) -> Result<StateHistory> {
        let question =
            self.question_about(found.view.clone(), &request.model, &request.scope, &Whom::Universe)?;
        let states: Vec<String> =
            question.model.names().into_iter().chain([NONE]).map(str::to_owned).collect();
        let first = request.as_of.plus(1 - i64::from(request.days)).max(found.known_since());
        let days: Vec<Day> = (first.0..=request.as_of.0).map(Day).collect();
        let places = alone.states(question.lens(), days.iter().copied())?;
        let spans = spans(&days, &places, &states);
        let (model, model_version) = (question.asked.to_string(), question.version);
        Ok(StateHistory { model, model_version, scope: question.scope.clone(), states, spans })
    }

    fn memberships(&self, found: &Found, alone: &Alone<'_>, as_of: Day) -> Result<Vec<Membership>> {
        let audiences = self.store().definitions(DefinitionKind::Audience, &Page::all())?.items;
        let names = &found.view.names;
        let membership = |name: String| {
            let expr = Expr::Audience(name.clone());
            let is_in = check(&expr, names).and_then(|_| alone.is_in(names, &expr, as_of));
            Membership { name, is_in }
        };
        Ok(audiences.into_iter().map(|audience| membership(audience.name)).collect())
    }
}

impl Found {
    fn canonical(&self) -> Node {
        self.view.world().consumers.canonical(self.dense)
    }

    fn known_since(&self) -> Day {
        self.view.world().consumers.known_since(self.dense)
    }
}

fn check_days(days: u32) -> Result<()> {
    if (1..=MOST_DAYS).contains(&days) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("states are told of 1 to {MOST_DAYS} days, not {days}"))
        .at("days"))
}

/// The statement in force of each tag: the latest as of the date, unless it says that there is no value.
fn tags(facts: Vec<(Node, TagFact)>, as_of: Day) -> Vec<StatedTag> {
    let mut latest: BTreeMap<String, TagFact> = BTreeMap::new();
    for (_, fact) in facts.into_iter().filter(|(_, fact)| fact.day <= as_of) {
        match latest.get(&fact.key) {
            Some(other) if (other.day, other.seq) > (fact.day, fact.seq) => {}
            _ => drop(latest.insert(fact.key.clone(), fact)),
        }
    }
    let there = latest.into_values().filter(|fact| fact.value != TagValue::Absent);
    let since = |day: Day| (day != Day::BEGINNING).then_some(day);
    there.map(|fact| StatedTag { name: fact.key, value: fact.value, since: since(fact.day) }).collect()
}

/// Days that follow each other in one state, together.
fn spans(days: &[Day], places: &[usize], states: &[String]) -> Vec<StateSpan> {
    let dated: Vec<(Day, usize)> = days.iter().copied().zip(places.iter().copied()).collect();
    let runs = dated.chunk_by(|a, b| a.1 == b.1);
    runs.map(|run| StateSpan { state: states[run[0].1].clone(), from: run[0].0, to: run[run.len() - 1].0 })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_statement_counts_and_an_absent_value_is_none() {
        let fact = |key: &str, day: Day, seq: u64, value: TagValue| {
            (0, TagFact { key: key.to_owned(), day, seq, value })
        };
        let number = TagValue::Number;
        let facts = vec![
            fact("level", Day(5), 1, number(5.0)),
            fact("level", Day(9), 2, number(9.0)),
            fact("level", Day(2), 3, number(2.0)),
            fact("sex", Day::BEGINNING, 4, number(1.0)),
            fact("city", Day(1), 5, number(1.0)),
            fact("city", Day(1), 6, TagValue::Absent),
        ];
        let told = |as_of: i32| -> Vec<(String, Option<Day>)> {
            tags(facts.clone(), Day(as_of)).into_iter().map(|tag| (tag.name, tag.since)).collect()
        };
        assert_eq!(told(8), [("level".to_owned(), Some(Day(5))), ("sex".to_owned(), None)]);
        assert_eq!(told(9)[0].1, Some(Day(9)));
        assert_eq!(told(0), [("sex".to_owned(), None)]);
    }

    #[test]
    fn days_in_one_state_are_one_span() {
        let states = ["a".to_owned(), "none".to_owned()];
        let days: Vec<Day> = (1..=5).map(Day).collect();
        let told: Vec<(String, i32, i32)> = spans(&days, &[1, 1, 0, 0, 1], &states)
            .into_iter()
            .map(|span| (span.state, span.from.0, span.to.0))
            .collect();
        let span = |state: &str, from: i32, to: i32| (state.to_owned(), from, to);
        assert_eq!(told, [span("none", 1, 2), span("a", 3, 4), span("none", 5, 5)]);
        assert!(spans(&[], &[], &states).is_empty());
    }
}
