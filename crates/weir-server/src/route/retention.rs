//! Letting old events expire.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::Retention;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionBody {
    /// Only say what would go.
    #[serde(default)]
    dry_run: bool,
}

/// Lets events older than the workspace's retention expire now
#[utoipa::path(post, path = "/retention/run", operation_id = "run_retention", tag = "workspace",
    request_body = RetentionBody,
    responses((status = 200, description = "What went, or would go.", body = Retention), Failures))]
pub(crate) async fn run(Tenant(workspace): Tenant, Body(body): Body<RetentionBody>) -> Answer<Retention> {
    let RetentionBody { dry_run } = body;
    let expiry = blocking(move || {
        let today = workspace.day_of(jiff::Timestamp::now().as_microsecond())?;
        if dry_run { workspace.expiring(today) } else { workspace.expire(today) }
    });
    Ok(Json(Retention::new(&expiry.await?, dry_run)))
}
