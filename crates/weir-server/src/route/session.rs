//! The console's session: a token exchanged for a cookie that scripts cannot read.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::Reply;
use crate::openapi::Failures;
use crate::server::Shared;
use crate::session;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    /// A token of the workspace to work in; `weir token add NAME` makes one.
    token: String,
}

/// Begins a session for whoever holds a token
///
/// The answer sets the cookie `weir_session`, which then stands for the token. Requests that change anything by it must
/// come from pages of this server.
#[utoipa::path(post, path = "/session", operation_id = "log_in", tag = "workspace", request_body = LogIn,
    security(()), responses((status = 204, description = "Begun; the cookie is set."), Failures))]
pub(crate) async fn log_in(State(server): State<Shared>, Body(request): Body<LogIn>) -> Reply<Response> {
    let session = blocking(move || server.app().log_in(&request.token)).await?;
    Ok((StatusCode::NO_CONTENT, [session::set(&session)]).into_response())
}

/// Ends the session
#[utoipa::path(delete, path = "/session", operation_id = "log_out", tag = "workspace",
    responses((status = 204, description = "Ended; the cookie opens nothing any more."), Failures))]
pub(crate) async fn log_out(_: Tenant, State(server): State<Shared>, headers: HeaderMap) -> Reply<Response> {
    if let Some(secret) = session::cookie(&headers).map(str::to_owned) {
        blocking(move || server.app().log_out(&secret)).await?;
    }
    Ok((StatusCode::NO_CONTENT, [session::clear()]).into_response())
}
