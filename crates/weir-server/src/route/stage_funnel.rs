//! How many stand at each stage of a relationship.

use axum::Json;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use weir_app::Workspace;

use super::in_body;
use super::path::dates;
use super::whom::whom;
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, StageFunnel};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageFunnelRequest {
    /// Two to twenty stages `{name, title?, title_zh?, when}` from the widest to the narrowest; those that ship with Weir
    /// unless given: market, reached, interested, bought, repeat, lapsed, won_back.
    #[schema(value_type = Option<Vec<Object>>, min_items = 2, max_items = 20, example = json!([
        {"name": "reached", "when": {"did": {"behavior": ["impression"]}}},
        {"name": "bought", "when": {"did": {"behavior": ["purchase"]}}},
    ]))]
    stages: Option<Value>,
    /// Whether each stage lies within those before it, which it does unless given.
    strict: Option<bool>,
    /// What the conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local dates.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 60, example = json!(["2024-11-30", "2024-12-31"]))]
    at: Vec<String>,
    /// Only members of this audience, evaluated at each date.
    audience: Option<String>,
    /// Only members of this expression, evaluated at each date.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

impl StageFunnelRequest {
    /// What weir-core reads.
    fn asked(&self) -> Value {
        let fields =
            [("stages", json!(self.stages)), ("strict", json!(self.strict)), ("scope", json!(self.scope))];
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        Value::Object(given.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
    }
}

/// How many stand at each stage, from the market to those who were won back
#[utoipa::path(post, path = "/stage-funnel", tag = "audiences", request_body = StageFunnelRequest,
    responses((status = 200, description = "Counts and conversion, date by date.", body = StageFunnel), Failures))]
pub(crate) async fn stage_funnel(
    Tenant(workspace): Tenant,
    Body(request): Body<StageFunnelRequest>,
) -> Answer<StageFunnel> {
    let asked = weir_core::stage_funnel::StageFunnel::from_json(&request.asked())?;
    let dates = dates(&request.at, "/at")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move |workspace: &Workspace| workspace.stage_funnel(&asked, &dates, &whom).map_err(in_body);
    let answer = asking(workspace, Length::Long, ask).await?;
    Ok(Json((&answer).into()))
}
