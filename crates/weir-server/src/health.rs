//! Whether the process lives, and whether it is worth asking.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::server::Shared;

/// What is ready.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    /// Questions are answered from an open index.
    queries: bool,
    /// Events are accepted over HTTP; there is no such route yet, files are imported instead.
    ingest: bool,
}

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(server): State<Shared>) -> (StatusCode, Json<Readiness>) {
    let queries = server.is_warm();
    let status = if queries { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { queries, ingest: false }))
}
