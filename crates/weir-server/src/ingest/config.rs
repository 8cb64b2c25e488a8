//! What SDKs of browsers load before they send: a configuration without anything of a vendor's in it.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderMap, ORIGIN, REFERER};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use weir_app::{Credentials, basic_key, pixel_key};

use super::answer;
use crate::blocking::blocking;
use crate::server::Shared;

/// Segment's: where to send, and that every event is wanted.
pub(super) async fn settings(
    State(server): State<Shared>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = settings_of(&key, &headers);
    known(server, key, &headers, answer).await
}

/// RudderStack's.
pub(super) async fn source_config(
    State(server): State<Shared>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let basic = headers.get(AUTHORIZATION).and_then(|header| basic_key(header.to_str().ok()?));
    let key = basic.or_else(|| pixel_key(query.as_deref()?)).unwrap_or_default();
    let answer = json!({"source": {
        "id": "weir", "name": "weir", "writeKey": key, "enabled": true, "workspaceId": "weir", "config": {},
        "connections": [], "destinations": [], "dataplanes": {},
    }});
    known(server, key, &headers, answer).await
}

/// The answer, if the key is one.
async fn known(server: Shared, key: String, headers: &HeaderMap, answer: Value) -> Response {
    let credentials = Credentials { body: Some(key), ..Credentials::default() };
    match blocking(move || server.app().sender(&credentials).map(drop)).await {
        Ok(()) => Json(answer).into_response(),
        Err(error) => answer::refused(&error, headers),
    }
}

fn settings_of(key: &str, headers: &HeaderMap) -> Value {
    let mut sending = json!({"apiKey": key, "protocol": protocol(headers)});
    if let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) {
        sending["apiHost"] = json!(format!("{host}/v1"));
    }
    json!({
        "integrations": {"Segment.io": sending},
        "plan": {"track": {"__default": {"enabled": true, "integrations": {}}}},
        "edgeFunction": {},
    })
}

/// As the page was loaded: behind a proxy we do not see it ourselves.
fn protocol(headers: &HeaderMap) -> &'static str {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let hints = [text("x-forwarded-proto"), text(ORIGIN.as_str()), text(REFERER.as_str())];
    if hints.iter().any(|hint| hint.starts_with("https")) { "https" } else { "http" }
}
