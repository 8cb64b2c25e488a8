//! Playbooks: forms, previews, and what was made.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_core::overlap::NamedSet;

use super::definition::Applied;
use super::expression::Expression;
use super::snapshot::Snapshot;

/// A ready-made campaign.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Playbook {
    #[schema(example = "brand_to_performance")]
    pub name: &'static str,
    #[schema(example = "Brand ads → performance ads")]
    pub title: &'static str,
    #[schema(example = "品牌广告 → 效果广告")]
    pub title_zh: &'static str,
    /// What it does, in English.
    pub text: &'static str,
    /// What it does, in Chinese.
    pub text_zh: &'static str,
    /// What can be changed.
    pub parameters: Vec<PlaybookParameter>,
}

/// A parameter with a default from the workspace's own data.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookParameter {
    #[schema(example = "days")]
    pub name: &'static str,
    /// `channels`, `texts`, `days`, `date`, `scope`, `text`, `optional_text` or `percent`.
    #[serde(rename = "type")]
    #[schema(example = "days")]
    pub kind: &'static str,
    /// What it is unless it is given.
    #[schema(value_type = Value, example = 30)]
    pub default: Value,
    #[schema(example = "Reached in the last days")]
    pub title: &'static str,
    #[schema(example = "最近触达天数")]
    pub title_zh: &'static str,
}

/// What a playbook would make.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookPreview {
    /// Name of the playbook.
    #[schema(example = "brand_to_performance")]
    pub playbook: String,
    /// The date everything is as of.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Audiences; the last one is the target.
    pub audiences: Vec<PlaybookAudience>,
    /// Media, where it has several: how many each reaches, and how many only it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<PlaybookMedium>,
    /// How many any of the media reaches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<u64>,
    /// What the target is frozen as.
    #[schema(example = "brand_to_performance_locked")]
    pub snapshot: String,
    /// The track that follows the frozen people.
    pub track: PlaybookTrack,
    /// A body for `POST /pushes`; its `destination` is null as long as the workspace has none.
    #[schema(value_type = Object)]
    pub push: Value,
}

/// An audience of a playbook.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookAudience {
    #[schema(example = "brand_to_performance_target")]
    pub name: String,
    /// Who is in it.
    pub description: String,
    pub expression: Expression,
    /// How many, as of the date.
    #[schema(example = 1204)]
    pub count: u64,
}

/// A medium of a playbook.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookMedium {
    #[schema(example = "ads.onsite.feed_ads")]
    pub name: String,
    /// Whom it reaches.
    pub expression: Expression,
    /// How many it reaches.
    #[schema(example = 5120)]
    pub count: u64,
    /// How many no other of the media reaches.
    #[schema(example = 2210)]
    pub only: u64,
}

/// A track of a playbook.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookTrack {
    #[schema(example = "brand_to_performance_track")]
    pub name: String,
    /// Its definition.
    #[schema(value_type = Object)]
    pub track: Value,
}

/// What a playbook has made. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PlaybookMade {
    #[serde(flatten)]
    pub preview: PlaybookPreview,
    /// Audiences and the track, and what became of each.
    pub applied: Vec<Applied>,
    /// The frozen target.
    pub locked: Snapshot,
}

impl From<&weir_app::PlaybookForm> for Playbook {
    fn from(form: &weir_app::PlaybookForm) -> Playbook {
        let book = form.playbook;
        let parameter = |parameter: &weir_core::playbook::Parameter| PlaybookParameter {
            name: parameter.name,
            kind: parameter.kind.name(),
            default: parameter.default.clone(),
            title: parameter.title,
            title_zh: parameter.title_zh,
        };
        Playbook {
            name: book.name,
            title: book.title,
            title_zh: book.title_zh,
            text: book.text,
            text_zh: book.text_zh,
            parameters: form.parameters.iter().map(parameter).collect(),
        }
    }
}

impl From<&weir_app::PlaybookPreview> for PlaybookPreview {
    fn from(preview: &weir_app::PlaybookPreview) -> PlaybookPreview {
        let plan = &preview.plan;
        let audiences =
            plan.audiences.iter().zip(&preview.sizes).map(|((name, expr, text), count)| PlaybookAudience {
                name: name.clone(),
                description: text.clone(),
                expression: Expression(expr.to_json()),
                count: *count,
            });
        let media = preview.media.as_ref().map(|(sets, regions)| weir_app::media_of(sets, regions));
        let medium = |(set, count, only): (&NamedSet, u64, u64)| PlaybookMedium {
            name: set.name.clone(),
            expression: Expression(set.expr.to_json()),
            count,
            only,
        };
        PlaybookPreview {
            playbook: preview.name.clone(),
            as_of: plan.as_of.to_string(),
            audiences: audiences.collect(),
            media: media.unwrap_or_default().into_iter().map(medium).collect(),
            reach: preview.media.as_ref().map(|(_, regions)| regions.union()),
            snapshot: plan.snapshot.clone(),
            track: PlaybookTrack { name: plan.track.0.clone(), track: plan.track.1.clone() },
            push: plan.push.clone(),
        }
    }
}

impl From<&weir_app::PlaybookMade> for PlaybookMade {
    fn from(made: &weir_app::PlaybookMade) -> PlaybookMade {
        PlaybookMade {
            preview: (&made.preview).into(),
            applied: made.applied.iter().map(Applied::from).collect(),
            locked: (&made.snapshot).into(),
        }
    }
}
