//! State models, the shipped ones among them.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{Change, Workspace};
use weir_core::Result;
use weir_core::about::About;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::openapi::Failures;
use crate::wire::{Items, Problem, State, StateModel};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateModelBody {
    /// In order: the first whose rule holds wins; who meets none is in `none`.
    #[schema(value_type = Vec<State>)]
    states: Value,
    /// What it is for.
    description: Option<String>,
}

/// All state models
#[utoipa::path(get, path = "/state-models", operation_id = "list_state_models", tag = "state models",
    responses((status = 200, description = "Shipped ones and your own.", body = Items<StateModel>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant) -> Answer<Items<StateModel>> {
    let models = blocking(move || workspace.state_models()).await?;
    Ok(Json(Items::all(models.iter().map(StateModel::from))))
}

/// A state model
#[utoipa::path(get, path = "/state-models/{name}", operation_id = "get_state_model",
    tag = "state models", params(("name", description = "Its name.")),
    responses((status = 200, description = "The model.", body = StateModel), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<StateModel> {
    let model = blocking(move || workspace.state_model(&name)).await?;
    Ok(Json((&model).into()))
}

/// Creates a state model or changes it
#[utoipa::path(put, path = "/state-models/{name}", operation_id = "put_state_model",
    tag = "state models", params(("name", description = "Its name.")),
    request_body = StateModelBody,
    responses((status = 200, description = "Changed, or the same as before.", body = StateModel),
        (status = 201, description = "Created.", body = StateModel), Failures))]
pub(crate) async fn put(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(body): Body<StateModelBody>,
) -> Reply<(StatusCode, Json<StateModel>)> {
    Ok(blocking(move || save(&workspace, &name, &body)).await?)
}

/// Removes a state model of your own
#[utoipa::path(delete, path = "/state-models/{name}", operation_id = "delete_state_model",
    tag = "state models",
    params(("name", description = "Its name.")),
    responses((status = 204, description = "Removed."),
        (status = 409, description = "An audience or another model names it.", body = Problem), Failures))]
pub(crate) async fn delete(Tenant(workspace): Tenant, Path(name): Path<String>) -> Reply<StatusCode> {
    blocking(move || workspace.delete_state_model(&name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn save(workspace: &Workspace, name: &str, body: &StateModelBody) -> Result<(StatusCode, Json<StateModel>)> {
    let about = About { description: body.description.clone(), ..About::default() };
    let applied = workspace.put_state_model(name, &body.states, about)?;
    let status = if applied.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json((&workspace.state_model(name)?).into())))
}
