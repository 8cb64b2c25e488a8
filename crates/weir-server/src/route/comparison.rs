//! Two state models side by side, and rules tried out before they are saved.

use axum::Json;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::Workspace;

use super::states::scope;
use super::whom::whom;
use super::{date, in_body};
use crate::auth::Tenant;
use crate::blocking::{asking, blocking};
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Expression, Model, ModelCheck, ModelComparison, ModelDiff, People};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DiffRequest {
    before: Model,
    after: Model,
}

/// What changed from one state model to another
#[utoipa::path(post, path = "/state-models/diff", operation_id = "diff_state_models", tag = "state models",
    request_body = DiffRequest,
    responses((status = 200, description = "Every difference, with its place.", body = ModelDiff), Failures))]
pub(crate) async fn diff(Tenant(workspace): Tenant, Body(request): Body<DiffRequest>) -> Answer<ModelDiff> {
    let (before, after) = (request.before.read("/before")?, request.after.read("/after")?);
    let changes = blocking(move || workspace.compare_rules(&before, &after).map_err(in_body)).await?;
    Ok(Json(changes.as_slice().into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareRequest {
    a: Model,
    b: Model,
    /// What the conditions of both are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date.
    #[schema(format = Date, example = "2024-12-31")]
    at: String,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// Who is where under one state model, and where under another
#[utoipa::path(post, path = "/state-models/compare", operation_id = "compare_state_models", tag = "state models",
    request_body = CompareRequest,
    responses((status = 200, description = "Both distributions, and who moved.", body = ModelComparison), Failures))]
pub(crate) async fn compare(
    Tenant(workspace): Tenant,
    Body(request): Body<CompareRequest>,
) -> Answer<ModelComparison> {
    let (a, b) = (request.a.read("/a")?, request.b.read("/b")?);
    let (scope, at) = (scope(request.scope.as_ref())?, date(&request.at, "/at")?);
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask = move |workspace: &Workspace| {
        workspace.compare_state_models((&a, &b), &scope, at, &whom).map_err(in_body)
    };
    let answer = asking(workspace, Length::Short, ask).await?;
    Ok(Json((&answer).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareCellsRequest {
    a: Model,
    b: Model,
    /// What the conditions of both are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date.
    #[schema(format = Date, example = "2024-12-31")]
    at: String,
    /// Which cells; their people together.
    cells: Vec<CompareCell>,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// A row and a column of a comparison.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompareCell {
    /// State under the first model.
    #[schema(example = "old")]
    a: String,
    /// State under the second.
    #[schema(example = "none")]
    b: String,
}

/// Who is in some cells of a comparison, as an expression
#[utoipa::path(post, path = "/state-models/compare/cell", operation_id = "people_in_both", tag = "state models",
    request_body = CompareCellsRequest,
    responses((status = 200, description = "The people behind the numbers.", body = People), Failures))]
pub(crate) async fn cell(
    Tenant(workspace): Tenant,
    Body(request): Body<CompareCellsRequest>,
) -> Answer<People> {
    let (a, b) = (request.a.read("/a")?, request.b.read("/b")?);
    let (scope, at) = (scope(request.scope.as_ref())?, date(&request.at, "/at")?);
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let cells: Vec<(String, String)> = request.cells.into_iter().map(|cell| (cell.a, cell.b)).collect();
    let ask = move || workspace.people_in_both((&a, &b), &scope, at, &whom, &cells).map_err(in_body);
    let people = blocking(ask).await?;
    Ok(Json((&people).into()))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckRequest {
    model: Model,
    /// What the model's conditions are limited to; the whole workspace unless given.
    #[schema(value_type = Option<Object>, example = json!({"shop": "flagship"}))]
    scope: Option<Value>,
    /// Local date.
    #[schema(format = Date, example = "2024-12-31")]
    at: String,
    /// Only members of this audience.
    audience: Option<String>,
    /// Only members of this expression.
    expression: Option<Expression>,
    /// Only members of this snapshot, by id or name.
    snapshot: Option<String>,
}

/// What each rule of a state model does, saved or not
#[utoipa::path(post, path = "/state-models/check", operation_id = "check_state_model", tag = "state models",
    request_body = CheckRequest,
    responses((status = 200, description = "Whom each rule matches, decides, and loses to earlier ones.",
        body = ModelCheck), Failures))]
pub(crate) async fn check(
    Tenant(workspace): Tenant,
    Body(request): Body<CheckRequest>,
) -> Answer<ModelCheck> {
    let (model, scope) = (request.model.read("/model")?, scope(request.scope.as_ref())?);
    let at = date(&request.at, "/at")?;
    let whom = whom(request.audience, request.expression.as_ref(), request.snapshot)?;
    let ask =
        move |workspace: &Workspace| workspace.check_state_model(&model, &scope, at, &whom).map_err(in_body);
    let answer = asking(workspace, Length::Short, ask).await?;
    Ok(Json((&answer).into()))
}
