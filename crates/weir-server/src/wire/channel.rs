//! Channels: whom they reached, and the form of one.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::eval::{Warning, warnings};
use super::expression::Expression;
use super::names::Channel;

/// Options of a field that are listed.
const MOST_OPTIONS: usize = 200;

/// Whom each channel reached in some days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChannelReach {
    /// The last of the days.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many days.
    #[schema(example = 30)]
    pub days: u32,
    /// How many are known as of the date.
    pub universe: u64,
    /// People reached by any channel; whoever was reached by several counts once.
    pub any: u64,
    /// By path, parents first.
    pub channels: Vec<ReachedChannel>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
}

/// A channel and whom it reached.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReachedChannel {
    /// The channel.
    #[serde(flatten)]
    pub channel: Channel,
    /// People whom it or a channel below it reached, each once.
    #[schema(example = 3912)]
    pub people: u64,
    /// Who they are, as of the date.
    pub expression: Expression,
}

/// What can be asked about a channel.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChannelForm {
    /// Its path.
    #[schema(example = "ads.onsite.feed_ads")]
    pub channel: String,
    /// Parameters that may be filled in; whatever is left out does not matter.
    pub fields: Vec<FormField>,
}

/// A parameter of a form.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FormField {
    /// Its key.
    #[schema(example = "count")]
    pub name: &'static str,
    /// What it takes: `names` (a list, any of), `number` (operators such as `{"gte": 2}`), `window`, `properties` (operators
    /// by key) or `switch`.
    #[schema(example = "number")]
    pub kind: &'static str,
    /// What it holds at first; left out: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"gte": 1}))]
    pub default: Option<Value>,
    /// Values that data has brought, the most frequent first, at most 200.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FormOption>,
    /// How many more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<u64>,
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormOption {
    /// The value.
    #[schema(example = "click")]
    pub value: String,
    /// Events with it.
    pub events: u64,
}

/// What a filled-in form means.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ChannelAudience {
    /// Who is meant.
    pub expression: Expression,
    /// The date it was counted as of.
    #[schema(format = Date, example = "2024-11-30")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// How many; only with a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

impl From<&weir_app::ChannelsAnswer> for ChannelReach {
    fn from(answer: &weir_app::ChannelsAnswer) -> ChannelReach {
        let channel =
            |(node, (path, people)): ((&str, &weir_core::channel::Channel), &(String, u64))| ReachedChannel {
                channel: Channel::from(node),
                people: *people,
                expression: Expression(answer.expr(path).to_json()),
            };
        ChannelReach {
            as_of: answer.as_of.to_string(),
            days: answer.days,
            universe: answer.reach.universe,
            any: answer.reach.any,
            channels: answer.tree.nodes().zip(&answer.reach.nodes).map(channel).collect(),
            elapsed_us: answer.elapsed_us,
        }
    }
}

impl From<&weir_app::ChannelForm> for ChannelForm {
    fn from(form: &weir_app::ChannelForm) -> ChannelForm {
        let option = |(value, events): &(String, u64)| FormOption { value: value.clone(), events: *events };
        let fields = form.fields.iter().map(|(field, options)| FormField {
            name: field.name,
            kind: field.kind.name(),
            default: field.default.clone(),
            options: options.iter().take(MOST_OPTIONS).map(option).collect(),
            more: options.len().checked_sub(MOST_OPTIONS).filter(|more| *more > 0).map(|more| more as u64),
        });
        ChannelForm { channel: form.channel.clone(), fields: fields.collect() }
    }
}

impl From<&weir_app::ChannelAudience> for ChannelAudience {
    fn from(audience: &weir_app::ChannelAudience) -> ChannelAudience {
        ChannelAudience {
            expression: Expression(audience.expr.to_json()),
            as_of: audience.count.map(|(day, _)| day.to_string()),
            count: audience.count.map(|(_, count)| count),
            warnings: warnings(&audience.warnings),
        }
    }
}
