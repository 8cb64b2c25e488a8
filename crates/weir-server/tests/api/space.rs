//! Limits of the disk over HTTP: set, shown, heeded.

use serde_json::{Value, json};

use crate::client::Client;
use crate::ingest::{Shop, refused, track};

#[tokio::test]
async fn limits_are_numbers_or_texts() {
    let client = Client::shop().await;
    let set = client.put("/workspace", &json!({"disk_limit": "50GB", "disk_reserve": 4096})).await.json(200);
    assert_eq!((&set["disk_limit"], &set["disk_reserve"]), (&json!(50_000_000_000_u64), &json!(4096)));
    assert_eq!(
        (&set["disk"]["limit_bytes"], &set["disk"]["reserve_bytes"], &set["disk"]["is_full"]),
        (&json!(50_000_000_000_u64), &json!(4096), &json!(false))
    );
    let unset =
        client.put("/workspace", &json!({"disk_limit": "none", "disk_reserve": "default"})).await.json(200);
    assert_eq!((&unset["disk_limit"], &unset["disk_reserve"]), (&Value::Null, &Value::Null));
    insta::assert_snapshot!(client.put("/workspace", &json!({"disk_limit": [1]})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "disk_limit is a number or a text",
      "at": "/disk_limit"
    }
    "#);
    insta::assert_snapshot!(client.put("/workspace", &json!({"retention_days": 1.5})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "\"1.5\" is not a number of days to keep events for",
      "help": "write a whole number from 1 to 1000000, or none to keep them for ever",
      "at": "/retention_days"
    }
    "#);
}

#[tokio::test]
async fn clients_are_told_to_come_again_until_there_is_space() {
    let shop = Shop::open().await;
    shop.batch(&[track("m1")]).await.json(200);
    shop.client.put("/workspace", &json!({"disk_reserve": "1000000TB"})).await.json(200);
    let reply = shop.batch(&[track("m2")]).await;
    refused(&reply, 503, "disk_full");
    let message = reply.json(503)["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with(" are free on the disk, and 1000000.0 TB must stay free"), "{message}");

    let status = shop.client.get("/ingest/status").await.json(200);
    assert_eq!(status["ready"], false);
    let disk = &status["disk"];
    assert_eq!((&disk["is_full"], &disk["reason"]), (&json!(true), &json!("disk_reserve")));
    assert_eq!(
        (&disk["limit_bytes"], &disk["reserve_bytes"]),
        (&Value::Null, &json!(1_000_000_000_000_000_000_u64))
    );
    assert!(disk["used_bytes"].as_u64().unwrap() > 0 && disk["free_bytes"].as_u64().unwrap() > 0);
    let ready = shop.send("GET", "/readyz", &[], "").await.json(503);
    assert_eq!((&ready["ingest"], &ready["ingest_reason"]), (&json!(false), &json!("disk_full")));
    let form = [
        ("kind", None, "list"),
        ("name", None, "vip"),
        ("identifier_kind", None, "user_id"),
        ("file", Some("vip.csv"), "user_id\nada\n"),
    ];
    assert_eq!(shop.client.form("/imports", &form).await.json(503)["code"], "disk_full");

    shop.client.put("/workspace", &json!({"disk_reserve": "default", "disk_limit": "1TB"})).await.json(200);
    assert_eq!(shop.batch(&[track("m2")]).await.json(200)["accepted"], 1);
    assert_eq!(shop.client.get("/ingest/status").await.json(200)["disk"]["is_full"], false);
    let text = shop.send("GET", "/metrics", &[], "").await.text;
    for family in [
        "weir_disk_used_bytes{workspace=\"default\"} ",
        "weir_disk_limit_bytes{workspace=\"default\"} 1000000000000",
        "weir_disk_reserve_bytes{workspace=\"default\"} ",
        "weir_disk_free_bytes ",
    ] {
        assert!(text.lines().any(|line| line.starts_with(family)), "{family} is not in\n{text}");
    }
}
