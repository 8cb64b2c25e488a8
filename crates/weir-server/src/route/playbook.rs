//! Playbooks: ready-made campaigns, from the workspace's own data.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::in_body;
use crate::auth::Tenant;
use crate::blocking::asking;
use crate::body::Body;
use crate::error::{Answer, Reply};
use crate::openapi::Failures;
use crate::turn::Length;
use crate::wire::{Items, Playbook, PlaybookMade, PlaybookPreview};

/// The playbooks, their parameters with defaults from the workspace's own data
#[utoipa::path(get, path = "/playbooks", operation_id = "list_playbooks", tag = "audiences",
    responses((status = 200, description = "All six.", body = Items<Playbook>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant) -> Answer<Items<Playbook>> {
    let forms = asking(workspace, Length::Long, weir_app::Workspace::playbooks).await?;
    Ok(Json(Items::all(forms.iter().map(Playbook::from))))
}

/// A playbook, its parameters with defaults from the workspace's own data
#[utoipa::path(get, path = "/playbooks/{name}", operation_id = "get_playbook", tag = "audiences",
    params(("name" = String, Path, description = "Name of the playbook.")),
    responses((status = 200, description = "The playbook.", body = Playbook), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(name): Path<String>) -> Answer<Playbook> {
    let form = asking(workspace, Length::Long, move |workspace| workspace.playbook(&name)).await?;
    Ok(Json((&form).into()))
}

/// What a playbook would make with these parameters, and how many people that concerns; nothing is stored
#[utoipa::path(post, path = "/playbooks/{name}/preview", operation_id = "preview_playbook", tag = "audiences",
    params(("name" = String, Path, description = "Name of the playbook.")),
    request_body(content = Object, description = "Parameters; those left out have their defaults."),
    responses((status = 200, description = "What would be made.", body = PlaybookPreview), Failures))]
pub(crate) async fn preview(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(filled): Body<Map<String, Value>>,
) -> Answer<PlaybookPreview> {
    let preview = asking(workspace, Length::Long, move |workspace| {
        workspace.preview_playbook(&name, &filled).map_err(in_body)
    })
    .await?;
    Ok(Json((&preview).into()))
}

/// Makes the audiences, the snapshot and the track of a playbook and says what to push; nothing is sent, and the same once more changes nothing
#[utoipa::path(post, path = "/playbooks/{name}", operation_id = "create_playbook", tag = "audiences",
    params(("name" = String, Path, description = "Name of the playbook.")),
    request_body(content = Object, description = "Parameters; those left out have their defaults."),
    responses((status = 201, description = "Made, or there already.", body = PlaybookMade), Failures))]
pub(crate) async fn create(
    Tenant(workspace): Tenant,
    Path(name): Path<String>,
    Body(filled): Body<Map<String, Value>>,
) -> Reply<(StatusCode, Json<PlaybookMade>)> {
    let made = asking(workspace, Length::Long, move |workspace| {
        workspace.create_playbook(&name, &filled).map_err(in_body)
    })
    .await?;
    Ok((StatusCode::CREATED, Json((&made).into())))
}
