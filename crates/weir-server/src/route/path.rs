//! Paths over several dates.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::Workspace;
use weir_core::Result;
use weir_core::time::Day;

use super::states::scope;
use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Model, Paths, People};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathsRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Two to twelve local dates, in order.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 12,
        example = json!(["2024-10-31", "2024-11-30", "2024-12-31"]))]
    dates: Vec<String>,
    /// How many paths to list, greatest first; 50 unless given. The others are counted together.
    #[schema(minimum = 1, maximum = 1000)]
    top: Option<u32>,
    /// Only members of this audience, evaluated at each date.
    audience: Option<String>,
    /// Only members of this expression, evaluated at each date.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Where people were at each of some dates
#[utoipa::path(post, path = "/paths", tag = "states", request_body = PathsRequest,
    responses((status = 200, description = "The greatest paths, and all flows.", body = Paths), Failures))]
pub(crate) async fn paths(Tenant(workspace): Tenant, Body(request): Body<PathsRequest>) -> Answer<Paths> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let dates = dates(&request.dates, "/dates")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move |workspace: &Workspace| {
        workspace.paths(&model, &scope, &dates, &whom, request.top).map_err(in_body)
    };
    let answer = asking(workspace, Length::Long, ask).await?;
    Ok(Json((&answer).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathCellsRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Two to twelve local dates, in order.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 12,
        example = json!(["2024-10-31", "2024-11-30", "2024-12-31"]))]
    dates: Vec<String>,
    /// Which paths; their people together. A state for each date, or null where any will do: so a node or a link of a
    /// picture is a path too.
    #[schema(example = json!([["potential", null, "old"]]))]
    paths: Vec<Vec<Option<String>>>,
    /// Only members of this audience, evaluated at each date.
    audience: Option<String>,
    /// Only members of this expression, evaluated at each date.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Who takes some paths, as an expression
#[utoipa::path(post, path = "/paths/cell", operation_id = "people_on_paths", tag = "states",
    request_body = PathCellsRequest,
    responses((status = 200, description = "The people behind the numbers.", body = People), Failures))]
pub(crate) async fn cell(Tenant(workspace): Tenant, Body(request): Body<PathCellsRequest>) -> Answer<People> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let dates = dates(&request.dates, "/dates")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move || workspace.people_on_paths(&model, &scope, &whom, &dates, &request.paths);
    let people = blocking(move || ask().map_err(in_body)).await?;
    Ok(Json((&people).into()))
}

/// Dates of a request.
pub(super) fn dates(texts: &[String], at: &str) -> Result<Vec<Day>> {
    texts.iter().enumerate().map(|(i, text)| date(text, &format!("{at}/{i}"))).collect()
}
