//! Snapshots: taken, listed, followed.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn a_snapshot_is_taken_listed_and_followed() {
    let client = Client::shop().await;
    client.put("/audiences/all", &json!({"expression": {"everyone": true}})).await.json(201);
    let body = json!({"name": "early", "as_of": "2024-11-02"});
    let taken = client.post("/audiences/all/snapshots", &body).await.json(201);
    assert_eq!(
        (&taken["name"], &taken["as_of"], &taken["size"]),
        (&json!("early"), &json!("2024-11-02"), &json!(2))
    );
    let id = taken["snapshot"].as_str().unwrap();
    assert_eq!(client.get(&format!("/snapshots/{id}")).await.json(200), taken);
    assert_eq!(client.get("/snapshots/early").await.json(200), taken);
    assert_eq!(client.get("/snapshots").await.json(200), json!({"items": [taken]}));
    let states = json!({"model": "pno", "at": ["2024-11-30"], "snapshot": "early"});
    assert_eq!(client.post("/states", &states).await.json(200)["at"][0]["total"], 2);
}

#[tokio::test]
async fn an_expression_can_be_frozen_without_a_name_of_its_own() {
    let client = Client::shop().await;
    let body =
        json!({"name": "buyers", "as_of": "2024-11-30", "expression": {"did": {"behavior": ["purchase"]}}});
    let taken = client.post("/snapshots", &body).await.json(201);
    assert_eq!((&taken["size"], &taken["expression"]), (&json!(1), &body["expression"]));
}
