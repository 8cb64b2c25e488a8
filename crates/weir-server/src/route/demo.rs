//! The demo merchant, loaded into an empty workspace.

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::DemoParams;

use super::in_body;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Reply;
use crate::openapi::Failures;
use crate::wire::Job;

/// How large the merchant is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemoRequest {
    /// How many consumers; 200,000 unless given.
    #[schema(example = 20_000)]
    consumers: Option<u64>,
    /// Days of events before the last one; 180 unless given.
    days: Option<u32>,
}

/// Begins to load the demo merchant; the workspace must be empty, and takes the merchant's time zone and currency.
#[utoipa::path(post, path = "/demo", operation_id = "load_demo", tag = "data", request_body = DemoRequest,
    responses((status = 202, description = "Begun; the same again loads nothing.", body = Job), Failures))]
pub(crate) async fn load(
    Tenant(workspace): Tenant,
    Body(request): Body<DemoRequest>,
) -> Reply<(StatusCode, Json<Job>)> {
    let usual = DemoParams::default();
    let params = DemoParams {
        consumers: request.consumers.unwrap_or(usual.consumers),
        days: request.days.unwrap_or(usual.days),
        ..usual
    };
    let job = blocking(move || workspace.start_demo(&params).map_err(in_body)).await?;
    Ok((StatusCode::ACCEPTED, Json(Job::from(&job))))
}
