//! The console's session: a token exchanged for a cookie that scripts cannot read.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_app::Session;
use weir_core::{Code, Error};

use crate::attempts::Attempt;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Refusal, Reply};
use crate::openapi::Failures;
use crate::server::Shared;
use crate::session;
use crate::wire::Problem;

/// A token, or the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    /// A token of the workspace to work in; `weir token add NAME` makes one.
    token: Option<String>,
    /// Or the workspace's password.
    #[schema(format = Password)]
    password: Option<String>,
    /// Whose password it is; the workspace that the server was started for unless given.
    #[schema(example = "default")]
    workspace: Option<String>,
}

/// Begins a session for whoever holds a token or knows the password
///
/// The answer sets the cookie `weir_session`, which then stands for the token. Requests that change anything by it must
/// come from pages of this server. After a few wrong passwords the next has to wait.
#[utoipa::path(post, path = "/session", operation_id = "log_in", tag = "workspace", request_body = LogIn,
    security(()), responses((status = 204, description = "Begun; the cookie is set."),
        (status = 429, description = "Too many wrong passwords; `Retry-After` says when to come again.", body = Problem),
        Failures))]
pub(crate) async fn log_in(State(server): State<Shared>, Body(request): Body<LogIn>) -> Reply<Response> {
    let session = match (request.token, request.password) {
        (Some(token), None) => blocking(move || server.app().log_in(&token)).await?,
        (None, Some(password)) => by_password(server, request.workspace, password).await?,
        _ => return Err(Error::new(Code::InvalidBody, "this takes a token or a password").into()),
    };
    Ok((StatusCode::NO_CONTENT, [session::set(&session)]).into_response())
}

async fn by_password(server: Shared, workspace: Option<String>, password: String) -> Reply<Session> {
    let attempt = blocking(move || {
        let workspace = workspace.unwrap_or_else(|| server.usual_workspace().to_owned());
        let log_in = || server.app().log_in_by_password(&workspace, &password);
        server.attempts().make(&workspace, log_in, Result::is_err)
    });
    match attempt.await? {
        Attempt::Made(session) => Ok(session?),
        Attempt::Wait(wait) => Err(Refusal::too_many_attempts(wait)),
    }
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
