//! What is said about a definition beside what it defines.

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::about::About as Said;

/// What a definition is for, whose it is, and when it is refreshed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct About {
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Who answers for it.
    #[schema(example = "crm team")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is used as, such as `target`, `exclude` or `seed`.
    #[schema(example = "target")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Words to find it by.
    #[schema(example = json!(["promo"]))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// When it is computed anew without being asked: `continuous`, `hourly`, `daily 05:00`, `weekly mon 05:00` or
    /// `monthly 1 05:00`, in the workspace's zone.
    #[schema(example = "daily 05:00")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
}

impl From<&Said> for About {
    fn from(about: &Said) -> About {
        About {
            description: about.description.clone(),
            owner: about.owner.clone(),
            role: about.role.clone(),
            labels: about.labels.clone(),
            refresh: about.refresh.map(|schedule| schedule.to_string()),
        }
    }
}
