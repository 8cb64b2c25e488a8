//! A workspace's settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_app::{Quota, Settings};
use weir_core::identity::IdentityPolicy;

use super::space::Space;
use super::time::instant;

/// What a workspace has decided.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Workspace {
    /// Its name.
    #[schema(example = "default")]
    pub workspace: String,
    /// The zone of its local dates, an IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub timezone: String,
    /// The currency that amounts are kept in, ISO 4217.
    #[schema(example = "CNY")]
    pub currency: String,
    /// How identifiers are ranked and joined.
    pub identity: Identity,
    /// Worth of other currencies.
    pub rates: Vec<Rate>,
    /// Events older than so many days expire; left out: they are kept for ever.
    #[schema(example = 400)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// Most bytes that it may use; left out: no limit.
    #[schema(example = 50_000_000_000_u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_limit: Option<u64>,
    /// Bytes that stay free on the disk; left out: the smaller of 1 GiB and 5 % of the disk.
    #[schema(example = 1_073_741_824_u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_reserve: Option<u64>,
    /// Space on the disk now.
    pub disk: Space,
    /// What it holds; the command line leaves that out, because counting people takes an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Extent>,
}

/// What a workspace holds, and up to when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Extent {
    /// Events.
    #[schema(example = 6_421_988)]
    pub events: u64,
    /// People known, whatever the date.
    #[schema(example = 199_412)]
    pub consumers: u64,
    /// Local date of the first event.
    #[schema(format = Date, example = "2024-01-01")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day: Option<String>,
    /// Local date of the last event.
    #[schema(format = Date, example = "2024-12-31")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// The last local date with a usual number of events: what to look at unless asked otherwise. A day that has just
    /// begun, or that only a clock set wrong has reached, does not count.
    #[schema(format = Date, example = "2024-12-31")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_day: Option<String>,
    /// Time of the latest event, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_time: Option<String>,
}

/// How identifiers are ranked and joined.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = IdentityPolicy)]
pub struct Identity {
    /// Kinds in order of precedence; kinds not listed follow by name.
    #[schema(example = json!(["user_id", "unionid", "openid", "phone", "email", "device", "anonymous_id"]))]
    pub priority: Vec<String>,
    /// Kinds of which a person has at most one value.
    #[schema(example = json!(["user_id"]))]
    pub unique: Vec<String>,
    /// Kinds whose links may join two known people.
    pub joining: Vec<String>,
    /// Most identifiers one person may have.
    #[schema(example = 1000)]
    pub cap: usize,
}

/// What one unit of another currency is worth, from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// The other currency.
    #[schema(example = "EUR")]
    pub currency: String,
    /// The first day it holds.
    #[schema(format = Date, example = "2024-11-01")]
    pub day: String,
    /// Worth of one unit in the workspace's currency; a text, because it is exact.
    #[schema(example = "7.7312")]
    pub rate: String,
}

impl Workspace {
    /// The settings of a named workspace, and the space that it has.
    pub fn new(name: &str, settings: &Settings, quota: &Quota, space: &weir_app::Space) -> Workspace {
        let rate = |(currency, day, rate): (&str, weir_core::time::Day, _)| Rate {
            currency: currency.to_owned(),
            day: day.to_string(),
            rate: format!("{rate}"),
        };
        Workspace {
            workspace: name.to_owned(),
            timezone: settings.zone.name().to_owned(),
            currency: settings.currency.clone(),
            identity: (&settings.policy).into(),
            rates: settings.rates.iter().map(rate).collect(),
            retention_days: quota.retention_days,
            disk_limit: quota.disk_limit,
            disk_reserve: quota.disk_reserve,
            disk: space.into(),
            data: None,
        }
    }

    /// The same with what it holds.
    pub fn holding(self, extent: &weir_app::Extent) -> Workspace {
        Workspace { data: Some(extent.into()), ..self }
    }
}

impl From<&weir_app::Extent> for Extent {
    fn from(extent: &weir_app::Extent) -> Extent {
        Extent {
            events: extent.events,
            consumers: extent.consumers,
            first_day: extent.days.map(|(first, _)| first.to_string()),
            last_day: extent.days.map(|(_, last)| last.to_string()),
            latest_day: extent.latest_day.map(|day| day.to_string()),
            last_time: extent.last_time.map(instant),
        }
    }
}

impl From<&IdentityPolicy> for Identity {
    fn from(policy: &IdentityPolicy) -> Identity {
        Identity {
            priority: policy.priority.clone(),
            unique: policy.unique.clone(),
            joining: policy.joining.clone(),
            cap: policy.cap,
        }
    }
}
