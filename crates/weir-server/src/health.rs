//! Whether the process lives, and whether it is worth asking.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::server::Shared;

/// How long to wait for an ingest that is being opened; monitors do not wait long either.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is ready.
#[derive(Debug, Serialize)]
pub(crate) struct Readiness {
    /// Questions are answered from an open index.
    queries: bool,
    /// Events are taken in. Where they are not, clients are told to come again, so this is no reason to send them elsewhere.
    ingest: bool,
    /// The code of what keeps them from being taken in, as clients are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    ingest_reason: Option<&'static str>,
}

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(server): State<Shared>) -> (StatusCode, Json<Readiness>) {
    let queries = server.is_warm();
    let status = if queries { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Asking opens what is not open, so that it does not take a client to find out.
    let opened = tokio::time::timeout(PATIENCE, server.open_ingest()).await;
    let (ingest, ingest_reason) = match opened {
        Ok(Ok(is_ready)) => (is_ready, None),
        Ok(Err(error)) => (false, Some(error.code.as_str())),
        Err(_) => (false, None),
    };
    (status, Json(Readiness { queries, ingest, ingest_reason }))
}
