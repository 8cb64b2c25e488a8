//! Errors as answers: the one place where a kind of error becomes a status.
//!
//! | kind (weir-core) | status | |
//! |---|---|---|
//! | `Invalid` | 400 | |
//! | `Unauthorized` | 401 | `WWW-Authenticate: Bearer` |
//! | `NotFound` | 404 | |
//! | `Conflict` | 409 | |
//! | `Unavailable` | 503 | `Retry-After` |
//! | `Internal` | 500 | also logged |
//!
//! Three codes exist only here, because only HTTP knows what they mean: `method_not_allowed` (405), `body_too_large` (413)
//! and `too_many_attempts` (429, `Retry-After`).

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use weir_core::{Code, Error, Kind};

use crate::wire::Problem;

/// Seconds after which a request that found the store busy may come again.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// An answer that is an error.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    problem: Problem,
    /// When to come again, where that is known.
    wait: Option<Duration>,
}

/// Something, or an error that can be answered.
pub(crate) type Reply<T> = Result<T, Refusal>;

/// What most routes answer.
pub(crate) type Answer<T> = Reply<Json<T>>;

impl Refusal {
    /// The route exists, but not with this method.
    pub fn method_not_allowed() -> Refusal {
        Refusal::of_http(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "this route does not take that method",
        )
    }

    /// The body is larger than this route takes.
    pub fn body_too_large(limit: u64) -> Refusal {
        let message = format!("the body is larger than {limit} bytes");
        Refusal::of_http(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &message)
    }

    /// Too many wrong passwords.
    pub fn too_many_attempts(wait: Duration) -> Refusal {
        let seconds = wait.as_secs().max(1);
        let message = format!("too many wrong passwords; the next one is looked at in {seconds} s");
        let mut refusal = Refusal::of_http(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", &message);
        refusal.problem.help = Some("if it is forgotten, on the server: weir password set".to_owned());
        refusal.wait = Some(wait);
        refusal
    }

    fn of_http(status: StatusCode, code: &'static str, message: &str) -> Refusal {
        let problem = Problem { code, message: message.to_owned(), help: None, at: None };
        Refusal { status, problem, wait: None }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        let status = status(error.code.kind());
        if status.is_server_error() {
            tracing::error!(
                code = error.code.as_str(),
                message = error.message,
                at = error.at,
                "request failed"
            );
        }
        Refusal { status, problem: Problem::from(&error), wait: None }
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem)).into_response();
        let header = match self.status {
            StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            StatusCode::SERVICE_UNAVAILABLE => Some((RETRY_AFTER, RETRY_AFTER_SECONDS)),
            StatusCode::TOO_MANY_REQUESTS => {
                Some((RETRY_AFTER, HeaderValue::from(self.wait.map_or(1, |wait| wait.as_secs().max(1)))))
            }
            _ => None,
        };
        response.headers_mut().extend(header);
        response
    }
}

/// The answer where there is no route.
pub(crate) async fn no_route() -> Refusal {
    let error = Error::new(Code::NotFound, "there is no such route");
    error.help("the routes are listed at /api/v1/openapi.json").into()
}

/// The answer where there is a route, but not with this method.
pub(crate) async fn no_method() -> Refusal {
    Refusal::method_not_allowed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_status() {
        let statuses = [
            Code::InvalidSql,
            Code::Unauthorized,
            Code::UnknownModel,
            Code::InUse,
            Code::StoreBusy,
            Code::Io,
        ]
        .map(|code| Refusal::from(Error::new(code, "")).status.as_u16());
        assert_eq!(statuses, [400, 401, 404, 409, 503, 500]);
    }

    #[test]
    fn temporary_failures_say_when_to_come_back() {
        let response = Refusal::from(Error::new(Code::StoreBusy, "busy")).into_response();
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }
}
