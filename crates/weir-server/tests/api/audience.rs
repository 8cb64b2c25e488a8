//! Audiences: create, change, list in pages, remove.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn an_audience_lives_through_versions() {
    let client = Client::shop().await;
    let body = json!({"name": "buyers", "expression": {"did": {"behavior": ["purchase"]}}, "description": "all of them"});
    let created = client.post("/audiences", &body).await.json(201);
    assert_eq!(created["version"], 1);
    let same = json!({"expression": body["expression"], "description": "all of them"});
    assert_eq!(client.put("/audiences/buyers", &same).await.json(200)["version"], 1);
    let other = json!({"expression": {"everyone": true}});
    assert_eq!(client.put("/audiences/buyers", &other).await.json(200)["version"], 2);
    let got = client.get("/audiences/buyers").await.json(200);
    assert_eq!(got, json!({"name": "buyers", "version": 2, "expression": {"everyone": true}}));
    assert_eq!(client.delete("/audiences/buyers").await.status, 204);
    assert_eq!(client.get("/audiences/buyers").await.status, 404);
}

#[tokio::test]
async fn put_creates_what_is_not_there() {
    let client = Client::shop().await;
    client.put("/audiences/everybody", &json!({"expression": {"everyone": true}})).await.json(201);
    let estimate = json!({"expression": {"audience": "everybody"}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], 4);
}

#[tokio::test]
async fn listings_come_in_pages() {
    let client = Client::shop().await;
    for name in ["a", "b", "c"] {
        client.put(&format!("/audiences/{name}"), &json!({"expression": {"everyone": true}})).await.json(201);
    }
    let mut names = Vec::new();
    let mut path = "/audiences?limit=2".to_owned();
    loop {
        let page = client.get(&path).await.json(200);
        names.extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/audiences?limit=2&after={next}");
    }
    assert_eq!(names, ["a", "b", "c"]);
}
