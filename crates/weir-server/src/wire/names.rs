//! The channels that expressions may use.

use serde::Serialize;
use utoipa::ToSchema;

/// A node of the channel tree; it stands for itself and all below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Channel {
    /// Its path.
    #[schema(example = "ads.onsite.feed_ads")]
    pub path: String,
    /// Name in English, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Name in Chinese, if it has one.
    #[schema(example = "超级推荐")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// What it is for: `discover`, `reach_new`, `capture_intent`, `convert` or `retain`.
    #[schema(example = "discover")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
}

impl From<(&str, &weir_core::channel::Channel)> for Channel {
    fn from((path, channel): (&str, &weir_core::channel::Channel)) -> Channel {
        Channel {
            path: path.to_owned(),
            name: channel.name.clone(),
            name_zh: channel.name_zh.clone(),
            role: channel.role.map(weir_core::channel::Role::name),
        }
    }
}
