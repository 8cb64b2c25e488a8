//! How many are in each state of a model.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::Workspace;
use weir_core::Result;
use weir_core::scope::Scope;

use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Model, People, States};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatesRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local dates.
    #[schema(value_type = Vec<String>, example = json!(["2024-06-30", "2024-12-31"]))]
    at: Vec<String>,
    /// Only members of this audience, evaluated at each date.
    audience: Option<String>,
    /// Only members of this expression, evaluated at each date.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// How many consumers are in each state at some dates
#[utoipa::path(post, path = "/states", tag = "states", request_body = StatesRequest,
    responses((status = 200, description = "One distribution per date.", body = States), Failures))]
pub(crate) async fn states(Tenant(workspace): Tenant, Body(request): Body<StatesRequest>) -> Answer<States> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let mut dates = Vec::new();
    for (i, text) in request.at.iter().enumerate() {
        dates.push(date(text, &format!("/at/{i}"))?);
    }
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let length = if dates.len() > 1 { Length::Long } else { Length::Short };
    let ask = move |workspace: &Workspace| workspace.states(&model, &scope, &dates, &whom).map_err(in_body);
    let answer = asking(workspace, length, ask).await?;
    Ok(Json((&answer).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatesBandRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date.
    #[schema(format = Date, example = "2024-12-31")]
    date: String,
    /// Which states; their people together.
    #[schema(example = json!(["potential", "new"]))]
    states: Vec<String>,
    /// Only members of this audience, evaluated at the date.
    audience: Option<String>,
    /// Only members of this expression, evaluated at the date.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Who is in some states at a date, as an expression
#[utoipa::path(post, path = "/states/band", operation_id = "people_in_band", tag = "states",
    request_body = StatesBandRequest,
    responses((status = 200, description = "The people behind the numbers.", body = People), Failures))]
pub(crate) async fn band(
    Tenant(workspace): Tenant,
    Body(request): Body<StatesBandRequest>,
) -> Answer<People> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let date = date(&request.date, "/date")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move || workspace.people_in_band(&model, &scope, &whom, date, &request.states);
    let people = blocking(move || ask().map_err(in_body)).await?;
    Ok(Json((&people).into()))
}

pub(super) fn scope(json: Option<&Value>) -> Result<Scope> {
    json.map_or(Ok(Scope::Workspace), |value| Scope::from_json(value).map_err(|error| error.under("/scope")))
}
