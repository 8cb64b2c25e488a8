//! Letting old events expire over HTTP.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn old_events_are_told_and_then_go() {
    let client = Client::shop().await;
    let run = |dry_run: bool| json!({ "dry_run": dry_run });
    let nothing = client.post("/expire", &run(false)).await.json(200);
    assert_eq!(nothing, json!({"dry_run": false, "events": 0, "bytes": 0, "days": []}), "kept for ever");

    let set = client.put("/workspace", &json!({"retention_days": 30})).await.json(200);
    assert_eq!((&set["retention_days"], &set["data"]["events"]), (&json!(30), &json!(5)));
    let foreseen = client.post("/expire", &run(true)).await.json(200);
    assert_eq!((&foreseen["events"], &foreseen["retention_days"]), (&json!(5), &json!(30)));
    let days: Vec<&Value> = foreseen["days"].as_array().unwrap().iter().map(|day| &day["day"]).collect();
    assert_eq!(days, ["2024-11-01", "2024-11-02", "2024-11-03"]);
    assert_eq!(client.get("/workspace").await.json(200)["data"]["events"], 5);

    let mut gone = client.post("/expire", &json!({})).await.json(200);
    gone["dry_run"] = json!(true);
    assert_eq!(gone, foreseen);
    let data = client.get("/workspace").await.json(200)["data"].take();
    assert_eq!(data, json!({"events": 0, "consumers": 2}), "two have a tag without a date");
    let import = client.get("/imports/1").await.json(200);
    assert_eq!((&import["accepted"], &import["expired"]), (&json!(5), &json!(5)));
    assert_eq!(client.send("POST", "/verify", "").await.json(200)["sound"], true);
}

#[tokio::test]
async fn it_takes_no_other_words() {
    let client = Client::shop().await;
    let wrong = client.post("/expire", &json!({"days": 3})).await.json(400);
    assert_eq!((&wrong["code"], &wrong["at"]), (&json!("invalid_argument"), &json!("/days")));
}
