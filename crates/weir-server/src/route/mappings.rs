//! What clients' names of events, campaigns and properties mean.

use axum::Json;
use serde_json::Value;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Answer;
use crate::openapi::Failures;

/// The tables: `events` to behaviors, `campaigns` to channels, `fields` to columns; everything that holds
#[utoipa::path(get, path = "/ingest/mappings", operation_id = "get_mappings", tag = "sources",
    responses((status = 200, description = "The tables.", body = Object), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant) -> Answer<Value> {
    Ok(Json(blocking(move || workspace.mappings()).await?))
}

/// Changes the tables, for what comes in from now on
///
/// Events and fields that are left out are as shipped; an event that is `null` is no longer known. `campaigns` replaces the
/// shipped rules.
#[utoipa::path(put, path = "/ingest/mappings", operation_id = "put_mappings", tag = "sources",
    request_body = Object,
    responses((status = 200, description = "Everything that holds now.", body = Object), Failures))]
pub(crate) async fn put(Tenant(workspace): Tenant, Body(document): Body<Value>) -> Answer<Value> {
    Ok(Json(blocking(move || workspace.set_mappings(&document)).await?))
}
