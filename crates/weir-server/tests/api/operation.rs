//! What operators ask: alive, ready, metrics, the document, the page.

use axum::body::Body;
use serde_json::json;

use crate::client::{Client, Reply};

async fn get(client: &Client, uri: &str) -> Reply {
    client.call(client.request("GET", uri).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn it_is_ready_once_it_is_warm() {
    let client = Client::shop().await;
    assert_eq!(get(&client, "/healthz").await.status, 200);
    assert_eq!(get(&client, "/readyz").await.json(503), json!({"queries": false, "ingest": true}));
    client.server.clone().warm().await.unwrap();
    assert_eq!(get(&client, "/readyz").await.json(200), json!({"queries": true, "ingest": true}));
}

#[tokio::test]
async fn metrics_count_requests_by_route_and_time_estimates() {
    let client = Client::shop().await;
    let body = json!({"expression": {"everyone": true}, "as_of": "2024-11-30"});
    client.post("/audiences/estimate", &body).await.json(200);
    client.get("/audiences/nobody").await.json(404);
    get(&client, "/api/no/such/route").await.json(404);
    let text = get(&client, "/metrics").await.text;
    for line in [
        r#"weir_http_requests_total{method="POST",route="/api/v1/audiences/estimate",status="200"} 1"#,
        r#"weir_http_requests_total{method="GET",route="/api/v1/audiences/{name}",status="404"} 1"#,
        r#"weir_http_requests_total{method="GET",route="unmatched",status="404"} 1"#,
        "weir_estimate_duration_seconds_count 1",
        "weir_ready 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[tokio::test]
async fn the_document_is_served_and_describes_expressions() {
    let client = Client::empty();
    let document = get(&client, "/api/v1/openapi.json").await.json(200);
    assert_eq!(document["info"]["title"], "Weir");
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    assert!(
        document["components"]["schemas"]["Expression"]["description"].as_str().unwrap().contains("E :=")
    );
    let mut ids = std::collections::BTreeSet::new();
    for operation in
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        let id = operation["operationId"].as_str().unwrap();
        assert!(ids.insert(id), "{id} stands twice");
    }
    assert!(ids.contains("estimate") && ids.contains("put_state_model"));
}

#[tokio::test]
async fn references_in_the_document_lead_somewhere() {
    let text = weir_server::document().to_json().unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
