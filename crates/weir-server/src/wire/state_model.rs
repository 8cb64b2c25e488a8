//! State models.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::Definition;
use weir_core::state_model::preset;

use super::about::About;
use super::expression::Expression;

/// Ordered rules that put every consumer in exactly one state as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct StateModel {
    /// Its name.
    #[schema(example = "pno")]
    pub name: String,
    /// Its version, from 1; 0 for a model that ships with Weir.
    pub version: u32,
    #[serde(flatten)]
    pub about: About,
    /// The states in order: the first whose rule holds wins, and who meets none is in `none`.
    pub states: Vec<State>,
    /// Whether it ships with Weir.
    pub preset: bool,
    /// Title of a shipped model.
    #[schema(example = "Potential, new, old")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    /// Title of a shipped model in Chinese.
    #[schema(example = "潜新老")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_zh: Option<&'static str>,
    /// Whether a shipped model's windows are our reading rather than a published definition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unverified: Option<bool>,
}

/// A state and the rule that leads to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Its name; not `none`, `entered` or `left`.
    #[schema(example = "active")]
    pub name: String,
    /// Who is in it, unless an earlier state holds. Every `did` is limited to the scope asked for, unless it says
    /// `"unscoped": true`.
    pub when: Expression,
    /// What people call it.
    #[schema(example = "Old customers")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What people call it in Chinese.
    #[schema(example = "老客")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_zh: Option<String>,
    /// Where it stands between stranger and loyal, which decides its colour: `aware`, `interest`, `purchase`, `loyal`,
    /// `lapsing` or `gone`.
    #[schema(example = "purchase")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
}

impl From<&Definition> for StateModel {
    fn from(definition: &Definition) -> StateModel {
        let shipped = preset(&definition.name).filter(|_| definition.version == 0);
        StateModel {
            name: definition.name.clone(),
            version: definition.version,
            about: (&definition.about).into(),
            states: definition.body.as_array().into_iter().flatten().map(state).collect(),
            preset: shipped.is_some(),
            title: shipped.map(|preset| preset.title),
            title_zh: shipped.map(|preset| preset.title_zh),
            unverified: shipped.map(|preset| preset.unverified),
        }
    }
}

fn state(value: &Value) -> State {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    State {
        name: text("name").unwrap_or_default(),
        when: Expression(value["when"].clone()),
        title: text("title"),
        title_zh: text("title_zh"),
        slot: text("slot"),
    }
}
