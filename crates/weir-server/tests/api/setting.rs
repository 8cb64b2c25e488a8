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
    assert_eq!(client.get("/workspace").await.json(200), changed);
}

#[tokio::test]
async fn verify_reads_every_file() {
    let client = Client::shop().await;
    let verification = client.send("POST", "/verify", "").await.json(200);
    assert_eq!((&verification["sound"], &verification["findings"]), (&json!(true), &json!([])));
    assert!(verification["files"].as_u64().unwrap() > 0);
}
