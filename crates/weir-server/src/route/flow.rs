//! Flow between two dates.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::Workspace;
use weir_core::state_model::Cell;

use super::states::scope;
use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Flow, Model, People};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date of the rows.
    #[schema(format = Date, example = "2024-10-23")]
    from: String,
    /// Local date of the columns.
    #[schema(format = Date, example = "2024-12-31")]
    to: String,
    /// Only members of this audience, evaluated at both dates.
    audience: Option<String>,
    /// Only members of this expression, evaluated at both dates.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Where people were at one date, and where they are at another
#[utoipa::path(post, path = "/flow", tag = "states", request_body = FlowRequest,
    responses((status = 200, description = "The matrix.", body = Flow), Failures))]
pub(crate) async fn flow(Tenant(workspace): Tenant, Body(request): Body<FlowRequest>) -> Answer<Flow> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let (from, to) = (date(&request.from, "/from")?, date(&request.to, "/to")?);
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move |workspace: &Workspace| workspace.flow(&model, &scope, from, to, &whom).map_err(in_body);
    let answer = asking(workspace, Length::Short, ask).await?;
    Ok(Json((&answer).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowCellsRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date of the rows.
    #[schema(format = Date, example = "2024-10-23")]
    from: String,
    /// Local date of the columns.
    #[schema(format = Date, example = "2024-12-31")]
    to: String,
    /// Only members of this audience, evaluated at both dates.
    audience: Option<String>,
    /// Only members of this expression, evaluated at both dates.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
    /// Which cells; their people together.
    cells: Vec<FlowCell>,
}

/// A row and a column of a flow.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowCell {
    /// State at the first date, or `entered`.
    #[schema(example = "potential")]
    from: String,
    /// State at the second date, or `left`.
    #[schema(example = "old")]
    to: String,
}

/// Who is in some cells of a flow, as an expression
#[utoipa::path(post, path = "/flow/cell", operation_id = "people_in_cells", tag = "states",
    request_body = FlowCellsRequest,
    responses((status = 200, description = "The people behind the numbers.", body = People), Failures))]
pub(crate) async fn cell(Tenant(workspace): Tenant, Body(request): Body<FlowCellsRequest>) -> Answer<People> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let dates = (date(&request.from, "/from")?, date(&request.to, "/to")?);
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let cells: Vec<Cell> =
        request.cells.into_iter().map(|cell| Cell { from: cell.from, to: cell.to }).collect();
    let ask = move || workspace.people_in_cells(&model, &scope, &whom, dates, &cells);
    let people = blocking(move || ask().map_err(in_body)).await?;
    Ok(Json((&people).into()))
}
