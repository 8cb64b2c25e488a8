//! Names that expressions may use: tags, channels.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::tag::TagKind;

/// A tag of the tag market.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tag {
    /// Its name.
    #[schema(example = "interests")]
    pub name: String,
    /// What its values are: `text`, `number`, `date` or `multi` (several texts).
    #[schema(example = "multi")]
    pub kind: &'static str,
}

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

impl From<(String, TagKind)> for Tag {
    fn from((name, kind): (String, TagKind)) -> Tag {
        Tag { name, kind: kind.name() }
    }
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
