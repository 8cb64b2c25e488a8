//! Features of a workspace.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::FeatureState;

use super::time::instant;

/// Something that can be turned off for a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Feature {
    /// Its name.
    #[schema(example = "sql")]
    pub name: &'static str,
    /// Whether the workspace has it.
    pub on: bool,
    /// Since when it is off.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_since: Option<String>,
    /// What it is.
    #[schema(example = "Ask the event table in SQL.")]
    pub description: &'static str,
    /// What it is, in Chinese.
    #[schema(example = "用 SQL 查询事件表。")]
    pub description_zh: &'static str,
}

impl From<&FeatureState> for Feature {
    fn from(state: &FeatureState) -> Feature {
        Feature {
            name: state.feature.name(),
            on: state.off_since.is_none(),
            off_since: state.off_since.map(instant),
            description: state.feature.about(),
            description_zh: state.feature.about_zh(),
        }
    }
}
