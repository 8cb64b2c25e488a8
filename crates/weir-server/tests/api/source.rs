//! Sources over HTTP: made, shown, changed, ended; what they brought; what names mean.

use serde_json::{Value, json};

use crate::client::Client;
use crate::ingest::Shop;

fn track(id: &str, event: &str) -> String {
    json!({"messageId": id, "userId": "ada@shop.cn", "event": event, "properties": {"email": "ada@shop.cn", "color": "red"}})
        .to_string()
}

#[tokio::test]
async fn a_key_is_told_when_it_is_made_and_never_again() {
    let client = Client::shop().await;
    let made =
        client.post("/sources", &json!({"name": "web", "origins": ["https://shop.example"]})).await.json(201);
    let key = made["write_key"].as_str().unwrap();
    assert_eq!((&made["source"], &key[..3]), (&json!("web"), "wk_"));
    let got = client.get("/sources/web").await;
    let source = got.json(200);
    assert!(!got.text.contains(key) && key.starts_with(source["key_prefix"].as_str().unwrap()));
    assert_eq!((&source["kind"], &source["origins"]), (&json!("sdk"), &json!(["https://shop.example"])));
    assert_eq!(source["total"], json!({"accepted": 0, "duplicate": 0, "rejected": 0}));
    let other = client.post("/sources/web/key", &json!({})).await.json(200);
    assert_ne!(other["write_key"].as_str().unwrap(), key);
    let list = client.get("/sources").await;
    assert_eq!(list.json(200)["items"].as_array().unwrap().len(), 1);
    assert!(!list.text.contains(key));
}

#[tokio::test]
async fn mistakes_are_placed() {
    let client = Client::shop().await;
    client.post("/sources", &json!({"name": "web"})).await.json(201);
    insta::assert_snapshot!(client.post("/sources", &json!({"name": "web"})).await.error(), @r#"
    409
    {
      "code": "name_taken",
      "message": "the source \"web\" exists already",
      "help": "choose another name, or make it a new key with: weir source rotate NAME",
      "at": "/name"
    }
    "#);
    insta::assert_snapshot!(client.put("/sources/web", &json!({"origins": ["shop.example"]})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "\"shop.example\" is not the origin of a page",
      "help": "write it as the browser does: https://shop.example, without a path",
      "at": "/origins"
    }
    "#);
    insta::assert_snapshot!(client.get("/sources/wbe").await.error(), @r#"
    404
    {
      "code": "unknown_source",
      "message": "there is no source \"wbe\"",
      "help": "did you mean \"web\"?"
    }
    "#);
}

#[tokio::test]
async fn revoking_disabling_and_enabling_hold_for_the_next_request() {
    let shop = Shop::open().await;
    let status = async |id: &str| shop.post("/v1/track", track(id, "x")).await.status.as_u16();
    assert_eq!(status("1").await, 200);
    shop.client.post("/sources/web/disable", &json!({})).await.json(200);
    let disabled = shop.post("/v1/track", track("2", "x")).await;
    assert_eq!(disabled.json(404)["code"], "source_disabled");
    let enabled = shop.client.post("/sources/web/enable", &json!({})).await.json(200);
    assert_eq!(enabled.get("disabled"), None);
    assert_eq!(status("3").await, 200);
    // The key before goes on for a while.
    let new = shop.client.post("/sources/web/key", &json!({})).await.json(200);
    assert_eq!(status("4").await, 200);
    let revoked = shop.client.post("/sources/web/revoke", &json!({})).await.json(200);
    assert!(revoked["revoked"].is_string() && revoked.get("key_prefix").is_none());
    assert_eq!(status("5").await, 401);
    let body = json!({"writeKey": new["write_key"], "userId": "u", "event": "x"}).to_string();
    assert_eq!(shop.send("POST", "/v1/track", &[], body).await.status, 401);
}

#[tokio::test]
async fn another_process_is_heeded_within_a_second() {
    let shop = Shop::open().await;
    assert_eq!(shop.post("/v1/track", track("1", "x")).await.status, 200);
    let data = shop.client.data();
    let revoke = move || {
        let other = weir_app::App::open(&data).unwrap();
        other.workspace("default").unwrap().revoke_source("web").unwrap();
    };
    tokio::task::spawn_blocking(revoke).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    // The first to come asks again; the others may have gone on with what there was.
    shop.post("/v1/track", track("2", "x")).await;
    assert_eq!(shop.post("/v1/track", track("3", "x")).await.status, 401);
}

#[tokio::test]
async fn the_debugger_shows_what_became_of_messages_without_what_is_personal() {
    let shop = Shop::open().await;
    shop.post("/v1/track", track("m1", "Product Viewed")).await.json(200);
    shop.post("/v1/track", track("m1", "Product Viewed")).await.json(200);
    shop.post("/v1/track", json!({"event": "x", "messageId": "m2"}).to_string()).await.json(400);
    let reply = shop.client.get("/sources/web/events").await;
    let seen = reply.json(200)["items"].as_array().unwrap().clone();
    let verdicts: Vec<&Value> = seen.iter().map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, ["accepted", "duplicate", "rejected"]);
    assert_eq!(
        (&seen[0]["type"], &seen[0]["behavior"], &seen[0]["message_id"]),
        (&json!("event"), &json!("view"), &json!("m1"))
    );
    assert_eq!(seen[0]["preview"]["properties"]["color"], "red");
    assert_eq!((&seen[2]["reason"], &seen[2]["message_id"]), (&json!("no_identifier"), &json!("m2")));
    assert!(!reply.text.contains("ada@shop.cn"), "{}", reply.text);
    let later = shop.client.get("/sources/web/events?after=2").await.json(200);
    assert_eq!(later["items"].as_array().unwrap().len(), 1);
    shop.client.get("/sources/nobody/events").await.json(404);
}

#[tokio::test]
async fn the_status_tells_how_long_ago_the_last_event_was() {
    let shop = Shop::open().await;
    let before = shop.client.get("/ingest/status").await.json(200);
    assert_eq!((&before["ready"], before.get("age_seconds")), (&json!(true), None));
    shop.post("/v1/track", track("m1", "x")).await.json(200);
    let after = shop.client.get("/ingest/status").await.json(200);
    assert_eq!((&after["accepted"], &after["sources"][0]["source"]), (&json!(1), &json!("web")));
    assert!(after["age_seconds"].as_f64().is_some_and(|age| age >= 0.0));
    assert!(after["sources"][0]["age_seconds"].is_number());
    assert!(after["backlog"].as_u64().unwrap() <= after["durable"].as_u64().unwrap());
}

#[tokio::test]
async fn what_names_mean_can_be_changed_for_the_next_request() {
    let shop = Shop::open().await;
    let shipped = shop.client.get("/ingest/mappings").await.json(200);
    assert_eq!(shipped["events"]["product_viewed"], "view");
    shop.post("/v1/track", track("m1", "Fitting Room Used")).await.json(200);
    let changed =
        shop.client.put("/ingest/mappings", &json!({"events": {"Fitting Room Used": "add_to_cart"}})).await;
    assert_eq!(changed.json(200)["events"]["fitting_room_used"], "add_to_cart");
    shop.post("/v1/track", track("m2", "Fitting Room Used")).await.json(200);
    let seen = shop.client.get("/sources/web/events").await.json(200);
    let behaviors: Vec<&Value> =
        seen["items"].as_array().unwrap().iter().map(|one| &one["behavior"]).collect();
    assert_eq!(behaviors[1], "add_to_cart");
    assert_ne!(behaviors[0], "add_to_cart");
    let wrong = shop.client.put("/ingest/mappings", &json!({"events": {"x": 7}})).await.json(400);
    assert_eq!((&wrong["code"], &wrong["at"]), (&json!("invalid_mapping"), &json!("/events/x")));
}
