//! Jobs over HTTP: imports that go on while others look.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, entries};

const SQL: &str = "SELECT \"t\" AS time, \"u\" AS id_user_id, 'view' AS behavior FROM input";
const ROWS: &str = "t,u\n2024-11-05 10:00:00,fay\n2024-11-05 11:00:00,ada\n";

pub async fn ended(client: &Client, id: &str) -> Value {
    loop {
        let job = client.get(&format!("/jobs/{id}")).await.json(200);
        if job["state"] != "running" {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_import_in_the_background_is_a_job() {
    let client = Client::shop().await;
    let form = [
        ("file", Some("views.csv"), ROWS),
        ("kind", None, "events"),
        ("sql", None, SQL),
        ("source", None, "web"),
        ("background", None, "true"),
    ];
    let begun = client.form("/imports", &form).await.json(202);
    assert_eq!((&begun["kind"], &begun["subject"]), (&json!("import"), &json!("events of web")));
    let job = ended(&client, begun["job"].as_str().unwrap()).await;
    assert_eq!((&job["state"], &job["done"]), (&json!("done"), &json!(2)));
    let import = client.get(&format!("/imports/{}", job["result"]["import"])).await.json(200);
    assert_eq!((&import["accepted"], &import["source"]), (&json!(2), &json!("web")));
    assert_eq!(entries(&client.data().join("uploads")), 0, "uploads are removed");
}

#[tokio::test]
async fn one_that_fails_says_why() {
    let client = Client::shop().await;
    let form = [
        ("file", Some("views.csv"), ROWS),
        ("kind", None, "events"),
        ("sql", None, "SELECT nothing FROM input"),
        ("background", None, "true"),
    ];
    let begun = client.form("/imports", &form).await.json(202);
    let job = ended(&client, begun["job"].as_str().unwrap()).await;
    assert_eq!((&job["state"], &job["error"]["code"]), (&json!("failed"), &json!("invalid_mapping")));
    assert_eq!(
        client.get("/imports").await.json(200)["items"].as_array().unwrap().len(),
        2,
        "nothing came in"
    );
}

#[tokio::test]
async fn jobs_are_listed_latest_first() {
    let client = Client::shop().await;
    let first = client.get("/jobs?limit=1").await.json(200);
    assert_eq!(
        (&first["items"][0]["job"], &first["items"][0]["subject"]),
        (&json!("j2"), &json!("tags of shop"))
    );
    let next = client.get(&format!("/jobs?after={}", first["next"].as_str().unwrap())).await.json(200);
    assert_eq!((&next["items"][0]["job"], &next["next"]), (&json!("j1"), &Value::Null));
    assert_eq!(client.get("/jobs?state=running").await.json(200), json!({"items": []}));
    let cancelled = client.send("POST", "/jobs/j1/cancel", "").await.json(200);
    assert_eq!(cancelled["state"], "done", "what has ended stays as it is");

    let wrong = client.get("/jobs?state=runing").await.json(400);
    assert_eq!((&wrong["at"], &wrong["help"]), (&json!("state"), &json!("did you mean \"running\"?")));
    assert_eq!(client.get("/jobs/j99").await.json(404)["code"], "unknown_job");
}
