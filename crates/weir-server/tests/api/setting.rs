//! Settings of the workspace, and whether its files are sound.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn settings_change_one_by_one() {
    let client = Client::shop().await;
    let body = json!({
        "identity": {"joining": ["phone"]}, "rates": [{"currency": "EUR", "day": "2024-11-01", "rate": "7.7312"}],
    });
    let changed = client.put("/workspace", &body).await.json(200);
    assert_eq!((&changed["workspace"], &changed["timezone"]), (&json!("default"), &json!("Asia/Shanghai")));
    assert_eq!(
        (&changed["identity"]["joining"], &changed["identity"]["cap"]),
        (&json!(["phone"]), &json!(1000))
    );
    assert_eq!(changed["rates"], body["rates"]);
    let mut now = client.get("/workspace").await.json(200);
    // What is free changes by whatever others do.
    now["disk"] = changed["disk"].clone();
    assert_eq!(now, changed);
}

#[tokio::test]
async fn a_workspace_says_what_it_holds() {
    let client = Client::shop().await;
    let data = client.get("/workspace").await.json(200)["data"].take();
    let expected = json!({
        "events": 5, "consumers": 4, "first_day": "2024-11-01", "last_day": "2024-11-03",
        "latest_day": "2024-11-03",
        "last_time": "2024-11-03T01:30:00Z",
    });
    assert_eq!(data, expected);
}

#[tokio::test]
async fn what_only_events_mention_is_listed_by_its_id() {
    let client = Client::shop().await;
    let page = client.get("/catalog?kind=shop&limit=1").await.json(200);
    assert_eq!(page, json!({"items": [{"kind": "shop", "id": "flagship"}], "next": "flagship"}));
    let rest = client.get("/catalog?kind=shop&limit=1&after=flagship").await.json(200);
    assert_eq!(rest, json!({"items": [{"kind": "shop", "id": "outlet"}]}));
    assert_eq!(client.get("/catalog?kind=shops").await.json(400)["at"], json!("kind"));
}

#[tokio::test]
async fn verify_reads_every_file() {
    let client = Client::shop().await;
    let verification = client.send("POST", "/verify", "").await.json(200);
    assert_eq!((&verification["sound"], &verification["findings"]), (&json!(true), &json!([])));
    assert!(verification["files"].as_u64().unwrap() > 0);
}
