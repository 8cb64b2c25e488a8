//! Who is one person, by which links; taking links out of account and back.

use serde_json::json;

use crate::client::Client;

const SQL: &str = "SELECT t AS time, u AS id_user_id, d AS id_device, 'view' AS behavior FROM input";
const ROWS: &str = "t,u,d\n2024-11-05 10:00:00,ada,d1\n2024-11-06 10:00:00,bob,d1\n";

async fn shared_device() -> Client {
    let client = Client::shop().await;
    let form = [("file", Some("views.csv"), ROWS), ("kind", None, "events"), ("sql", None, SQL)];
    client.form("/imports", &form).await.json(201);
    client
}

#[tokio::test]
async fn a_link_is_taken_out_of_account_and_back() {
    let client = shared_device().await;
    let before = client.get("/identity?consumer=device:d1").await.json(200);
    assert_eq!(before["consumer"], json!({"kind": "user_id", "value": "ada"}));
    assert_eq!(before["identifiers"].as_array().unwrap().len(), 2);
    let states = |identity: &serde_json::Value| {
        let links = identity["links"].as_array().unwrap().iter();
        links.map(|link| link["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states(&before), ["active", "two_known_people"]);

    let body = json!({"a": "ada", "b": "device:d1", "reason": "lent out"});
    let unlinked = client.post("/identity/unlink", &body).await.json(200);
    assert_eq!(unlinked["one_person"], false);
    let statement = &unlinked["statement"];
    assert_eq!((&statement["author"], &statement["reason"]), (&json!("test"), &json!("lent out")));
    assert_eq!(
        client.post("/identity/unlink", &body).await.json(200),
        unlinked,
        "said again, nothing changes"
    );
    let device = client.get("/identity?consumer=device:d1").await.json(200);
    assert_eq!(device["consumer"]["value"], "bob");
    assert_eq!(states(&device), ["unlinked", "active"]);
    assert_eq!(&device["links"][0]["statement"], statement);

    let relinked = client.post("/identity/relink", &json!({"a": "device:d1", "b": "ada"})).await.json(200);
    assert_eq!(relinked["one_person"], true);
    assert_eq!(client.get("/identity?consumer=device:d1").await.json(200), before);
    let log = client.get("/identity/statements").await.json(200);
    assert_eq!(log["items"], json!([relinked["statement"], unlinked["statement"]]));
}

#[tokio::test]
async fn what_was_never_linked_cannot_be_unlinked() {
    let client = shared_device().await;
    let unlink = client.post("/identity/unlink", &json!({"a": "ada", "b": "bob"})).await;
    insta::assert_snapshot!(unlink.error(), @r#"
    404
    {
      "code": "unknown_link",
      "message": "no link between ada and bob was recorded",
      "help": "ada is linked with device:d1"
    }
    "#);
    let unlink = client.post("/identity/unlink", &json!({"a": "ada", "b": "zoe"})).await;
    assert_eq!(unlink.json(404)["code"], "unknown_consumer");
    assert_eq!(client.get("/identity?consumer=zoe").await.json(404)["code"], "unknown_consumer");
}
