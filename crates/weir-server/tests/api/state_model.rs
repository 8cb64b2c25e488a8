//! State models: the shipped ones, and one's own.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn shipped_models_say_where_their_windows_come_from() {
    let client = Client::shop().await;
    let models = client.get("/state-models").await.json(200);
    let names: Vec<&str> =
        models["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"pno") && names.contains(&"aipl"), "{names:?}");
    let pno = client.get("/state-models/pno").await.json(200);
    assert_eq!(
        (&pno["version"], &pno["preset"], &pno["unverified"]),
        (&json!(0), &json!(true), &json!(true))
    );
    assert_eq!((&pno["title_zh"], &pno["states"][0]["name"]), (&json!("潜新老"), &json!("old")));
}

#[tokio::test]
async fn a_model_of_ones_own_is_used_and_removed() {
    let client = Client::shop().await;
    let body = json!({"states": [{"name": "buyer", "when": {"did": {"behavior": ["purchase"]}}}]});
    let model = client.put("/state-models/simple", &body).await.json(201);
    assert_eq!((&model["version"], &model["preset"]), (&json!(1), &json!(false)));
    client.put("/state-models/simple", &body).await.json(200);
    let states = client.post("/states", &json!({"model": "simple", "at": ["2024-11-30"]})).await.json(200);
    assert_eq!(states["at"][0]["states"], json!({"buyer": 1, "none": 3}));
    assert_eq!(client.delete("/state-models/simple").await.status, 204);
    assert_eq!(client.get("/state-models/simple").await.status, 404);
}
