//! State models, the shipped ones among them.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{Change, Workspace};
use weir_core::Result;

use super::about;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
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
    /// Who answers for it.
    #[schema(example = "crm team")]
    owner: Option<String>,
    /// What it is used as.
    role: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    labels: Vec<String>,
}

/// All state models: your own by name, then the shipped ones
#[utoipa::path(get, path = "/state-models", operation_id = "list_state_models", tag = "state models",
    params(Listing), responses((status = 200, description = "A page.", body = Items<StateModel>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<StateModel>> {
    let page = listing.page()?;
    let models = blocking(move || workspace.state_models_page(&page)).await?;
    Ok(Json(Items::page(&models)))
}

/// Versions of a state model, latest first
#[utoipa::path(get, path = "/state-models/{name}/versions", operation_id = "list_state_model_versions",
    tag = "state models", params(("name", description = "Its name."), Listing),
    responses((status = 200, description = "A page.", body = Items<StateModel>), Failures))]
pub(crate) async fn versions(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    listing: Listing,
) -> Answer<Items<StateModel>> {
    let page = listing.page()?;
    let versions = blocking(move || workspace.state_model_versions(&name, &page)).await?;
    Ok(Json(Items::page(&versions)))
}

/// A version of a state model
#[utoipa::path(get, path = "/state-models/{name}/versions/{version}", operation_id = "get_state_model_version",
    tag = "state models",
    params(("name", description = "Its name."), ("version", description = "From 1; 0 is the shipped one.")),
    responses((status = 200, description = "The model as it was.", body = StateModel), Failures))]
pub(crate) async fn version(
    Tenant(workspace): Tenant,
    Path((name, version)): Path<(String, u32)>,
) -> Answer<StateModel> {
    let model = blocking(move || workspace.state_model_version(&name, version)).await?;
    Ok(Json((&model).into()))
}

/// Makes an earlier version the latest again; what is there now stays a version before it
#[utoipa::path(post, path = "/state-models/{name}/versions/{version}/restore",
    operation_id = "restore_state_model", tag = "state models",
    params(("name", description = "Its name."), ("version", description = "From 1; 0 is the shipped one.")),
    responses((status = 200, description = "The model as it is now.", body = StateModel), Failures))]
pub(crate) async fn restore(
    Tenant(workspace): Tenant,
    Path((name, version)): Path<(String, u32)>,
) -> Answer<StateModel> {
    let restored = move || {
        workspace.restore_state_model(&name, version)?;
        workspace.state_model(&name)
    };
    let model = blocking(restored).await?;
    Ok(Json((&model).into()))
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
    let about = about([&body.description, &body.owner, &body.role, &None], &body.labels)?;
    let applied = workspace.put_state_model(name, &body.states, about)?;
    let status = if applied.change == Change::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json((&workspace.state_model(name)?).into())))
}
