//! The password that the console is opened with.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use weir_core::Code;

use crate::attempts::Attempt;
use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::body::Body;
use crate::error::{Answer, Refusal, Reply};
use crate::openapi::Failures;
use crate::server::Shared;
use crate::session;
use crate::wire::Password;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    /// What it shall be: 8 characters at least.
    #[schema(format = Password)]
    password: String,
    /// The one that is set, if one is.
    #[schema(format = Password)]
    current: Option<String>,
}

/// Whether a password is set
#[utoipa::path(get, path = "/password", operation_id = "get_password", tag = "workspace",
    responses((status = 200, description = "Whether, and since when; never which.", body = Password), Failures))]
pub(crate) async fn show(Tenant(workspace): Tenant) -> Answer<Password> {
    Ok(Json(blocking(move || workspace.password_set()).await?.into()))
}

/// Sets the password and ends all other sessions
#[utoipa::path(put, path = "/password", operation_id = "set_password", tag = "workspace", request_body = NewPassword,
    responses((status = 204, description = "Set; other browsers have to log in again."),
        (status = 429, description = "Too many wrong ones; `Retry-After` says when to come again.", body = crate::wire::Problem),
        Failures))]
pub(crate) async fn set(
    Tenant(workspace): Tenant,
    State(server): State<Shared>,
    headers: HeaderMap,
    Body(request): Body<NewPassword>,
) -> Reply<StatusCode> {
    let kept = session::cookie(&headers).map(str::to_owned);
    let attempt = blocking(move || {
        let name = workspace.name().to_owned();
        let check = || workspace.check_password(request.current.as_deref());
        let attempt = server.attempts().make(&name, check, |checked| {
            checked.as_ref().is_err_and(|error| error.code == Code::Unauthorized)
        })?;
        if let Attempt::Made(checked) = &attempt {
            // A wrong current password is a mistake in the body; the session that says so is a good one.
            checked.clone().map_err(|mut error| {
                error.code = Code::InvalidArgument;
                error
            })?;
            workspace.set_password(&request.password, kept.as_deref())?;
        }
        Ok(attempt)
    });
    match attempt.await? {
        Attempt::Made(_) => Ok(StatusCode::NO_CONTENT),
        Attempt::Wait(wait) => Err(Refusal::too_many_attempts(wait)),
    }
}
