//! Whether every file is as it was written.

use axum::Json;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::Verification;

/// Reads every file of the workspace and checks its checksum
#[utoipa::path(post, path = "/verify", tag = "workspace",
    responses((status = 200, description = "What was found.", body = Verification), Failures))]
pub(crate) async fn verify(Tenant(workspace): Tenant) -> Answer<Verification> {
    let verification = blocking(move || workspace.verify()).await?;
    Ok(Json((&verification).into()))
}
