//! Letting old events expire.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;
use crate::wire::Expiry;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpireBody {
    /// Only say what would go.
    #[serde(default)]
    dry_run: bool,
}

/// Lets events older than the workspace keeps them expire now
#[utoipa::path(post, path = "/expire", operation_id = "expire_events", tag = "workspace",
    request_body = ExpireBody,
    responses((status = 200, description = "What went, or would go.", body = Expiry), Failures))]
pub(crate) async fn expire(Tenant(workspace): Tenant, Body(body): Body<ExpireBody>) -> Answer<Expiry> {
    let ExpireBody { dry_run } = body;
    let expiry = blocking(move || {
        let today = workspace.day_of(jiff::Timestamp::now().as_microsecond())?;
        if dry_run { workspace.expiring(today) } else { workspace.expire(today) }
    });
    Ok(Json(Expiry::new(&expiry.await?, dry_run)))
}
