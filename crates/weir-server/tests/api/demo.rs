//! The demo merchant over HTTP: loaded once, and never over data of somebody's own.

use serde_json::json;

use crate::client::Client;
use crate::job::ended;

#[tokio::test]
async fn the_demo_is_loaded_once_as_a_job() {
    let mut client = Client::empty();
    client.token = Some(client.app.issue_token("default", "test").unwrap());
    let body = json!({"consumers": 40, "days": 60});
    for loaded in [true, false] {
        let begun = client.post("/demo", &body).await.json(202);
        assert_eq!(begun["kind"], "demo");
        let job = ended(&client, begun["job"].as_str().unwrap()).await;
        assert_eq!((&job["state"], &job["result"]), (&json!("done"), &json!({"loaded": loaded})));
    }
    let everyone = json!({"expression": {"everyone": true}, "as_of": "2025-12-19"});
    assert!(client.post("/audiences/estimate", &everyone).await.json(200)["count"].as_u64().unwrap() > 0);
    let workspace = client.get("/workspace").await.json(200);
    assert_eq!(workspace["timezone"], "Asia/Shanghai");
    let other = client.post("/demo", &json!({"consumers": 41, "days": 60})).await;
    assert_eq!(other.status, 409, "{}", other.text);
}

#[tokio::test]
async fn a_workspace_with_data_refuses_it_at_once() {
    let client = Client::shop().await;
    for body in [json!({}), json!({"consumers": 0}), json!({"people": 3})] {
        let reply = client.post("/demo", &body).await;
        assert!(reply.status.is_client_error(), "{body}: {}", reply.text);
    }
    assert_eq!(client.get("/jobs?state=failed").await.json(200), json!({"items": []}));
}
