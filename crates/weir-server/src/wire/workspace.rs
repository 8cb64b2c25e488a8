//! A workspace's settings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_app::Settings;
use weir_core::identity::IdentityPolicy;

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
    /// The settings of a named workspace.
    pub fn new(name: &str, settings: &Settings) -> Workspace {
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
