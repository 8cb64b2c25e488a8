//! The page at `/`, until there is a console.

use axum::response::{Html, IntoResponse};

/// Nothing is loaded from anywhere, and nobody learns where a link was followed from.
pub(crate) const PAGE_HEADERS: [(&str, &str); 4] = [
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
];

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Weir 堰</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1rem }</style>
<h1>Weir 堰</h1>
<p>An audience engine: exact sets of people, as of any day. This server is running; there is no console yet.</p>
<ul>
<li><a href="/api/v1/openapi.json">The API, as an OpenAPI document</a></li>
<li><a href="/readyz">Whether it is ready</a> and <a href="/metrics">its metrics</a></li>
</ul>
</html>
"#;

pub(crate) async fn page() -> impl IntoResponse {
    (PAGE_HEADERS, Html(PAGE))
}
