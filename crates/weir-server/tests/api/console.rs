//! The console's page, and that it never stands in for an answer of the API.

use axum::body::Body;

use crate::client::{Client, Reply};

async fn open(method: &str, path: &str) -> Reply {
    let client = Client::empty();
    client.call(client.request(method, path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn addresses_of_the_console_answer_its_page() {
    for path in ["/", "/w/default/states?as_of=2024-12-31", "/w/default/pushes/p1"] {
        let page = open("GET", path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.starts_with("<!doctype html>"), "{path}: {}", page.text);
        assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(page.headers["cache-control"], "no-cache");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("script-src"), "{policy}");
    }
}

#[tokio::test]
async fn the_page_holds_no_inline_script() {
    let page = open("GET", "/").await.text;
    for script in page.split("<script").skip(1) {
        let body = script.split_once('>').and_then(|(_, rest)| rest.split_once("</script>"));
        assert_eq!(body.map(|(body, _)| body.trim()), Some(""), "{script}");
    }
}

#[tokio::test]
async fn what_is_missing_is_an_error_in_json() {
    for path in
        ["/api/v1/nothing", "/api", "/v1/nothing", "/assets/none-1a2b.js", "/favicon.ico", "/healthz/x"]
    {
        let missing = open("GET", path).await;
        assert_eq!(missing.json(404)["code"], "not_found", "{path}");
        assert_eq!(missing.headers["content-type"], "application/json", "{path}");
    }
    assert_eq!(open("POST", "/w/default/states").await.json(405)["code"], "method_not_allowed");
    assert_eq!(open("POST", "/api/v1/nothing").await.status, 404);
}

#[tokio::test]
async fn every_file_that_the_page_names_is_there() {
    let page = open("GET", "/").await.text;
    let names = page.split(['"', '\'']).filter(|text| text.starts_with("/assets/"));
    for name in names {
        let asset = open("HEAD", name).await;
        assert_eq!(asset.status, 200, "{name}");
        assert_eq!(asset.headers["cache-control"], "public, max-age=31536000, immutable");
    }
}
