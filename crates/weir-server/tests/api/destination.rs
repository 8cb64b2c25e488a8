//! Destinations over HTTP: made, changed, tested, guarded; a secret is told once.

use serde_json::{Value, json};

use crate::client::Client;

fn hook() -> Value {
    json!({"name": "crm", "kind": "webhook", "url": "https://192.0.0.9.invalid/weir", "identifiers": ["user_id"]})
}

#[tokio::test]
async fn a_secret_is_told_when_it_is_made_and_never_again() {
    let client = Client::shop().await;
    let made = client.post("/destinations", &hook()).await.json(201);
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    let got = client.get("/destinations/crm").await;
    assert_eq!(
        got.json(200),
        json!({"name": "crm", "version": 1, "kind": "webhook", "url": hook()["url"], "batch": 100,
            "timeout_seconds": 30, "in_flight": 4, "identifiers": ["user_id"]})
    );
    let changed = client.post("/destinations/crm/secret", &json!({})).await.json(200);
    assert_ne!(changed["secret"].as_str().unwrap(), secret);
    let own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let taken = client.post("/destinations/crm/secret", &json!({"secret": own})).await.json(200);
    assert_eq!(taken, json!({"destination": "crm", "secret": own}));
    let list = client.get("/destinations").await;
    assert!(!list.text.contains("whsec_"), "{}", list.text);
}

#[tokio::test]
async fn destinations_are_changed_and_removed() {
    let client = Client::shop().await;
    let file = json!({"kind": "file", "format": "csv"});
    let made = client.put("/destinations/ads", &file).await.json(201);
    assert_eq!(
        made,
        json!({"name": "ads", "version": 1, "kind": "file", "format": "csv", "identifiers": []})
    );
    assert_eq!(client.put("/destinations/ads", &file).await.json(200)["version"], 1);
    let other =
        json!({"kind": "file", "format": "jsonl", "identifiers": ["email"], "description": "for ads"});
    assert_eq!(client.put("/destinations/ads", &other).await.json(200)["version"], 2);
    assert_eq!(client.delete("/destinations/ads").await.status, 204);
    assert_eq!(client.get("/destinations/ads").await.status, 404);
}

#[tokio::test]
async fn what_must_not_be_called_is_refused_when_it_is_saved() {
    let client = Client::shop().await;
    let inside = json!({"name": "crm", "kind": "webhook", "url": "http://169.254.169.254/latest/meta-data"});
    insta::assert_snapshot!(client.post("/destinations", &inside).await.error(), @r#"
    400
    {
      "code": "forbidden_address",
      "message": "nothing is sent to 169.254.169.254: 169.254.169.254 is not a public address",
      "help": "whoever operates Weir can allow its network with WEIR_ALLOW_NETWORKS or --allow-networks",
      "at": "/url"
    }
    "#);
    let inside = json!({"kind": "webhook", "url": "http://localhost:7717/"});
    assert_eq!(client.put("/destinations/crm", &inside).await.json(400)["code"], "forbidden_address");
    assert_eq!(client.get("/destinations/crm").await.status, 404);
}

#[tokio::test]
async fn mistakes_are_placed_in_the_body() {
    let client = Client::shop().await;
    let wrong = json!({"name": "ads", "kind": "file", "format": "xlsx"});
    insta::assert_snapshot!(client.post("/destinations", &wrong).await.error(), @r#"
    400
    {
      "code": "invalid_destination",
      "message": "a file needs a format",
      "help": "formats are csv, jsonl and parquet",
      "at": "/format"
    }
    "#);
    let mut short = hook();
    short["secret"] = json!("whsec_c2hvcnQ=");
    insta::assert_snapshot!(client.post("/destinations", &short).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "this is not a signing secret",
      "help": "write whsec_ and 24 to 64 random bytes in base64, or leave it out to have one made",
      "at": "/secret"
    }
    "#);
    client.post("/destinations", &hook()).await.json(201);
    insta::assert_snapshot!(client.post("/destinations", &hook()).await.error(), @r#"
    409
    {
      "code": "name_taken",
      "message": "the destination \"crm\" exists already",
      "help": "change that one, or choose another name"
    }
    "#);
    insta::assert_snapshot!(client.get("/destinations/cmr").await.error(), @r#"
    404
    {
      "code": "unknown_destination",
      "message": "there is no destination \"cmr\"",
      "help": "did you mean \"crm\"?"
    }
    "#);
}

#[tokio::test]
async fn a_test_goes_through_the_same_guard() {
    let client = Client::shop().await;
    client.post("/destinations", &hook()).await.json(201);
    let tested = client.post("/destinations/crm/test", &json!({})).await.json(200);
    assert_eq!((&tested["ok"], &tested["detail"]), (&json!(false), &json!("no_address")));
    client.put("/destinations/ads", &json!({"kind": "file", "format": "csv"})).await.json(201);
    assert_eq!(
        client.post("/destinations/ads/test", &json!({})).await.json(400)["message"],
        "ads is a file; there is nobody to call"
    );
}
