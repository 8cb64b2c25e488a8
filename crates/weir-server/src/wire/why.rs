//! Why a consumer is in or out of an expression.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use weir_app::{Evidence, WhyAnswer, WhyEvent};
use weir_core::amount::Amount;
use weir_core::identity::Identifier;
use weir_core::tag::TagValue;

use super::expression::Expression;
use super::time::instant;

/// One consumer's path through an expression.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Why {
    /// The consumer, by canonical identifier.
    pub consumer: Consumer,
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Whether the consumer is in.
    pub member: bool,
    /// Whether the consumer is known as of the date.
    pub known: bool,
    /// The expression, every node painted in or out.
    pub tree: Branch,
}

/// An identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Consumer {
    /// Its kind.
    #[schema(example = "user_id")]
    pub kind: String,
    /// Its value.
    #[schema(example = "10142")]
    pub value: String,
}

/// One node of the expression, as the consumer meets it, with what decided.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Branch {
    /// JSON pointer; below a named audience `/audience:name`, a rule of a state model `/model:state`.
    #[schema(example = "/minus/0")]
    pub at: String,
    /// The date it is looked at.
    #[schema(format = Date)]
    pub as_of: String,
    /// Whether the consumer is in.
    pub member: bool,
    /// The node.
    pub expression: Expression,
    /// Matching events, where events decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Events>,
    /// Values of the tags named, null where the consumer has none, where tags decide.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<BTreeMap<String, Value>>,
    /// The state the consumer is in, where a state decides; the parts are the rules up to the one that held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Its parts.
    #[schema(no_recursion)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Branch>,
}

/// The events that match a condition.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Events {
    /// How many match.
    pub total: usize,
    /// The latest of them, latest first.
    pub shown: Vec<Event>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = WhyEvent)]
pub struct Event {
    /// When, UTC.
    #[schema(format = DateTime)]
    pub time: String,
    /// The local date.
    #[schema(format = Date)]
    pub day: String,
    /// What was done.
    #[schema(example = "purchase")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// Path in the channel tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Shop id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Brand id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Category id or path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Campaign id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// Item id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Money, exact.
    #[schema(example = "86")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// How many, exact.
    #[schema(example = "1")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Properties that the condition names.
    #[schema(value_type = Object)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Value>,
}

impl From<&Identifier> for Consumer {
    fn from(identifier: &Identifier) -> Consumer {
        Consumer { kind: identifier.kind.clone(), value: identifier.value.clone() }
    }
}

impl From<&WhyAnswer> for Why {
    fn from(answer: &WhyAnswer) -> Why {
        Why {
            consumer: (&answer.consumer).into(),
            as_of: answer.as_of.to_string(),
            member: answer.member,
            known: answer.known,
            tree: (&answer.tree).into(),
        }
    }
}

impl From<&weir_app::Branch> for Branch {
    fn from(branch: &weir_app::Branch) -> Branch {
        let (events, tags, state) = evidence(&branch.evidence);
        Branch {
            at: branch.at.clone(),
            as_of: branch.as_of.to_string(),
            member: branch.member,
            expression: Expression(branch.expr.to_json()),
            events,
            tags,
            state,
            parts: branch.parts.iter().map(Branch::from).collect(),
        }
    }
}

type Decisive = (Option<Events>, Option<BTreeMap<String, Value>>, Option<String>);

fn evidence(evidence: &Evidence) -> Decisive {
    match evidence {
        Evidence::Parts => (None, None, None),
        Evidence::Events { shown, total } => {
            let shown = shown.iter().map(Event::from).collect();
            (Some(Events { total: *total, shown }), None, None)
        }
        Evidence::Tags(tags) => {
            let value = |value: &Option<TagValue>| value.as_ref().map_or(Value::Null, tag_value);
            let tags = tags.iter().map(|(key, tag)| (key.clone(), value(tag)));
            (None, Some(tags.collect()), None)
        }
        Evidence::State(state) => (None, None, Some(state.clone())),
    }
}

pub(super) fn tag_value(value: &TagValue) -> Value {
    match value {
        TagValue::Text(text) => json!(text),
        TagValue::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => json!(*number as i64),
        TagValue::Number(number) => json!(number),
        TagValue::Date(day) => json!(day.to_string()),
        TagValue::Multi(texts) => json!(texts),
        TagValue::Absent => Value::Null,
    }
}

impl From<&WhyEvent> for Event {
    fn from(event: &WhyEvent) -> Event {
        let text = |name: &str| event.texts.iter().find(|(n, _)| *n == name).map(|(_, text)| text.clone());
        let exact = |units: i64| Amount(units).to_string();
        Event {
            time: instant(event.time),
            day: event.day.to_string(),
            behavior: text("behavior"),
            channel: text("channel"),
            shop: text("shop"),
            brand: text("brand"),
            category: text("category"),
            campaign: text("campaign"),
            item: text("item"),
            amount: event.amount.map(exact),
            quantity: event.quantity.map(exact),
            properties: event.properties.iter().map(property).collect(),
        }
    }
}

fn property((key, text): &(String, String)) -> (String, Value) {
    (key.clone(), serde_json::from_str(text).unwrap_or_else(|_| json!(text)))
}
