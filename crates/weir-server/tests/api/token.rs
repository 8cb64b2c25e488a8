//! Tokens over HTTP: shown once, listed without their secrets, revoked for good.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn a_token_is_made_used_and_revoked() {
    let mut client = Client::shop().await;
    let made = client.post("/tokens", &json!({"name": "nightly export"})).await.json(201);
    assert_eq!((&made["name"], &made["workspace"]), (&json!("nightly export"), &json!("default")));
    let secret = made["token"].as_str().unwrap().to_owned();
    let owner = client.token.replace(secret.clone());
    let listed = client.get("/tokens").await.json(200);
    let record =
        listed["items"].as_array().unwrap().iter().find(|item| item["name"] == "nightly export").unwrap();
    assert!(record["last_used"].is_string() && record["revoked"].is_null() && record["expires"].is_null());
    assert!(!listed.to_string().contains(&secret));

    client.token = owner;
    let revoked = client.delete(&format!("/tokens/{}", record["id"])).await.json(200);
    assert!(revoked["revoked"].is_string());
    client.token = Some(secret);
    client.get("/tokens").await.json(401);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let client = Client::shop().await;
    assert_eq!(client.post("/tokens", &json!({"name": " "})).await.json(400)["at"], "/name");
    client.post("/tokens", &json!({"name": "a"})).await.json(201);
    assert_eq!(client.post("/tokens", &json!({"name": "a"})).await.json(409)["code"], "name_taken");
    for id in ["99", "x"] {
        client.delete(&format!("/tokens/{id}")).await.json(404);
    }
}

#[tokio::test]
async fn tokens_come_in_pages() {
    let client = Client::shop().await;
    client.post("/tokens", &json!({"name": "second"})).await.json(201);
    let first = client.get("/tokens?limit=1").await.json(200);
    assert_eq!(first["items"][0]["name"], "test");
    let next = format!("/tokens?after={}", first["next"].as_str().unwrap());
    assert_eq!(client.get(&next).await.json(200)["items"][0]["name"], "second");
}
