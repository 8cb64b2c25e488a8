//! One person: identifiers, tags, states, audiences, pushes, and what they did.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{ConsumerAnswer, Membership, SeenIdentifier, StatedTag};
use weir_core::time::Day;

use super::error::Problem;
use super::identity::{Link, LinkStatement};
use super::time::instant;
use super::why::{Consumer, Event, tag_value};

/// A person as of a date. Who is one person is told as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerDetail {
    /// Names the canonical identifier without telling it; wherever a consumer is asked for, it may be given.
    #[schema(example = "~4711")]
    pub key: String,
    /// The canonical identifier.
    pub consumer: Consumer,
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Whether the consumer is known as of the date.
    pub known: bool,
    /// The local date since which they are known; left out where that is from the beginning, by an undated tag or a list.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_since: Option<String>,
    /// Whether phone numbers and e-mail addresses are masked.
    pub masked: bool,
    /// All identifiers, the canonical one first.
    pub identifiers: Vec<ConsumerIdentifier>,
    /// Every recorded link that touches them, in the order in which links are taken.
    pub links: Vec<ConsumerLink>,
    /// What was stated about such links, the latest first.
    pub statements: Vec<LinkStatement>,
    /// Values of tags in force as of the date, by name.
    pub tags: Vec<ConsumerTag>,
    /// States.
    pub states: ConsumerStates,
    /// Saved audiences, and whether they are in as of the date.
    pub audiences: Vec<ConsumerAudience>,
    /// Pushes that they were in, the latest first.
    pub pushes: Vec<ConsumerPush>,
    /// What they did, counted.
    pub activity: ConsumerActivity,
}

/// An identifier of a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerIdentifier {
    /// Names it without telling it.
    #[schema(example = "~4711")]
    pub key: String,
    /// Its kind.
    #[schema(example = "phone")]
    pub kind: String,
    /// Its value.
    #[schema(example = "137****1234")]
    pub value: String,
    /// When an event came with it or a link named it, UTC: first.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Likewise, last.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Events that came with it, at any date, as the first of a person's identifiers.
    pub events: u64,
}

/// A link that touches a person.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerLink {
    /// Key of `a`.
    pub a_key: String,
    /// Key of `b`.
    pub b_key: String,
    /// The link.
    #[serde(flatten)]
    pub link: Link,
}

/// A value of a tag.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerTag {
    /// The tag.
    pub name: String,
    /// The value.
    #[schema(value_type = Object)]
    pub value: Value,
    /// Since when it is so; left out where nobody said.
    #[schema(format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// In which states a person was.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerStates {
    /// Name of the model.
    #[schema(example = "pno")]
    pub model: String,
    /// Its version; 0 for a shipped one.
    pub model_version: u32,
    /// What its conditions were limited to.
    #[schema(value_type = Object)]
    pub scope: Value,
    /// Names of the states, `none` last.
    pub states: Vec<String>,
    /// Without a gap, from the later of the first date asked and the day since which they are known.
    pub spans: Vec<ConsumerSpan>,
}

/// Days in one state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsumerSpan {
    /// The state.
    pub state: String,
    /// First local date.
    #[schema(format = Date)]
    pub from: String,
    /// Last local date.
    #[schema(format = Date)]
    pub to: String,
}

/// Whether a person is in a saved audience.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerAudience {
    /// Its name.
    pub name: String,
    /// Whether they are in; left out where that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<bool>,
    /// Why it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

/// A push that a person was in.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerPush {
    /// Its id.
    #[schema(example = "p7")]
    pub push: String,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name of the destination, or the path of a file.
    pub destination: String,
    /// Name of the audience, if it was a named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The date it was evaluated as of.
    #[schema(format = Date)]
    pub as_of: String,
    /// When it was made, UTC.
    #[schema(format = DateTime)]
    pub created: String,
    /// The identifier that they were in it as.
    pub consumer: Consumer,
    /// `pending`, `sent`, `failed`, `unknown`, `suppressed` or `holdout`.
    #[schema(example = "sent")]
    pub outcome: &'static str,
    /// Why, where it failed or was suppressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a person did up to the date, counted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerActivity {
    /// Events.
    pub events: u64,
    /// Events after the date; they are in no other figure.
    pub later: u64,
    /// The first, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The last, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Events by behavior.
    pub behaviors: BTreeMap<String, u64>,
    /// Events by entrance: the first word of their channel. Those without a channel are in none.
    pub entrances: BTreeMap<String, u64>,
    /// Events by channel, the busiest first.
    pub channels: Vec<ConsumerChannel>,
    /// Events are kept for so many days; left out where they are kept for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
}

/// What a person did in a channel.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerChannel {
    /// Its path; left out of events that named none.
    #[schema(example = "ads.onsite.feed_ads")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Events.
    pub events: u64,
    /// The first, UTC.
    #[schema(format = DateTime)]
    pub first: String,
    /// The last, UTC.
    #[schema(format = DateTime)]
    pub last: String,
}

/// An event of a person, with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConsumerEvent {
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The time in the workspace's zone.
    #[schema(example = "2024-11-11T20:00:01+08:00")]
    pub local_time: String,
    /// The identifier it arrived with.
    pub identifier: Consumer,
    /// Names that without telling it.
    pub identifier_key: String,
    /// The order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Id by which the sender recognises it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Name of the source it came by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The import that wrote it; left out while it is in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<u32>,
}

/// Somebody of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedConsumer {
    /// Names the canonical identifier without telling it.
    #[schema(example = "~4711")]
    pub key: String,
    /// The canonical identifier.
    pub consumer: Consumer,
}

impl From<&weir_app::ListedConsumer> for ListedConsumer {
    fn from(listed: &weir_app::ListedConsumer) -> ListedConsumer {
        ListedConsumer { key: listed.key.clone(), consumer: (&listed.consumer).into() }
    }
}

impl From<&ConsumerAnswer> for ConsumerDetail {
    fn from(answer: &ConsumerAnswer) -> ConsumerDetail {
        ConsumerDetail {
            key: answer.key.clone(),
            consumer: (&answer.consumer).into(),
            as_of: answer.as_of.to_string(),
            known: answer.known_since <= answer.as_of,
            known_since: (answer.known_since != Day::BEGINNING).then(|| answer.known_since.to_string()),
            masked: answer.is_masked,
            identifiers: answer.identifiers.iter().map(ConsumerIdentifier::from).collect(),
            links: answer.links.iter().map(ConsumerLink::from).collect(),
            statements: answer.statements.iter().map(LinkStatement::from).collect(),
            tags: answer.tags.iter().map(ConsumerTag::from).collect(),
            states: (&answer.states).into(),
            audiences: answer.audiences.iter().map(ConsumerAudience::from).collect(),
            pushes: answer.pushes.iter().map(ConsumerPush::from).collect(),
            activity: activity(answer),
        }
    }
}

impl From<&SeenIdentifier> for ConsumerIdentifier {
    fn from(seen: &SeenIdentifier) -> ConsumerIdentifier {
        ConsumerIdentifier {
            key: seen.key.clone(),
            kind: seen.identifier.kind.clone(),
            value: seen.identifier.value.clone(),
            first: seen.first.map(instant),
            last: seen.last.map(instant),
            events: seen.events,
        }
    }
}

impl From<&weir_app::LinkRecord> for ConsumerLink {
    fn from(link: &weir_app::LinkRecord) -> ConsumerLink {
        let (a_key, b_key) = link.keys();
        ConsumerLink { a_key, b_key, link: link.into() }
    }
}

impl From<&StatedTag> for ConsumerTag {
    fn from(tag: &StatedTag) -> ConsumerTag {
        ConsumerTag {
            name: tag.name.clone(),
            value: tag_value(&tag.value),
            since: tag.since.map(|day| day.to_string()),
        }
    }
}

impl From<&weir_app::StateHistory> for ConsumerStates {
    fn from(history: &weir_app::StateHistory) -> ConsumerStates {
        let span = |span: &weir_app::StateSpan| ConsumerSpan {
            state: span.state.clone(),
            from: span.from.to_string(),
            to: span.to.to_string(),
        };
        ConsumerStates {
            model: history.model.clone(),
            model_version: history.model_version,
            scope: history.scope.to_json(),
            states: history.states.clone(),
            spans: history.spans.iter().map(span).collect(),
        }
    }
}

impl From<&Membership> for ConsumerAudience {
    fn from(membership: &Membership) -> ConsumerAudience {
        let (member, problem) = match &membership.is_in {
            Ok(is_in) => (Some(*is_in), None),
            Err(error) => (None, Some(error.into())),
        };
        ConsumerAudience { name: membership.name.clone(), member, problem }
    }
}

impl From<&(weir_app::Push, weir_app::RecipientRecord)> for ConsumerPush {
    fn from((push, recipient): &(weir_app::Push, weir_app::RecipientRecord)) -> ConsumerPush {
        ConsumerPush {
            push: push.id.clone(),
            name: push.name.clone(),
            destination: push.destination.clone(),
            audience: push.audience.clone(),
            as_of: push.as_of.to_string(),
            created: instant(push.created),
            consumer: (&recipient.consumer).into(),
            outcome: recipient.outcome.name(),
            reason: recipient.outcome.reason().map(str::to_owned),
        }
    }
}

fn activity(answer: &ConsumerAnswer) -> ConsumerActivity {
    let activity = &answer.activity;
    let mut entrances: BTreeMap<String, u64> = BTreeMap::new();
    for of_channel in &activity.channels {
        let entrance = of_channel.channel.as_deref().and_then(|path| path.split('.').next());
        if let Some(entrance) = entrance {
            *entrances.entry(entrance.to_owned()).or_default() += of_channel.events;
        }
    }
    let channel = |one: &weir_app::ChannelActivity| ConsumerChannel {
        channel: one.channel.clone(),
        events: one.events,
        first: instant(one.first),
        last: instant(one.last),
    };
    ConsumerActivity {
        events: activity.events,
        later: activity.later,
        first: activity.first.map(instant),
        last: activity.last.map(instant),
        behaviors: activity.behaviors.clone(),
        entrances,
        channels: activity.channels.iter().map(channel).collect(),
        retention_days: answer.retention_days,
    }
}

impl From<&weir_app::ConsumerEvent> for ConsumerEvent {
    fn from(told: &weir_app::ConsumerEvent) -> ConsumerEvent {
        ConsumerEvent {
            event: (&told.event).into(),
            local_time: told.local.clone(),
            identifier: (&told.identifier).into(),
            identifier_key: told.key.clone(),
            order: told.order_id.clone(),
            message_id: told.message_id.clone(),
            source: told.source.clone(),
            import: told.import,
        }
    }
}
