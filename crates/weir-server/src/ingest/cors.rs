//! Pages of other origins may send, and read the answer: it holds nothing that they did not send themselves.
//!
//! A preflight comes without a key, so it cannot be told whose pages may; it allows every page, and the request that
//! follows is refused if its source has a list of origins that lacks the page. The refusal can be read, too, so that the client stops. No cookie
//! is taken or given here.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN, VARY,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What clients in browsers are known to send. The star covers the rest where it is understood, but never `Authorization`.
const HEADERS: &str = "authorization, content-type, content-encoding, anonymousid, x-retry-count, *";

/// Answers a preflight.
pub(super) async fn preflight() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Lets the page that asks read the answer.
pub(super) async fn allow(request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let mut response = next.run(request).await;
    if let Some(origin) = origin {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
    response
}
