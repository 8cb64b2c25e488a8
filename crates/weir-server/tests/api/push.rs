//! Pushes over HTTP: decided, delivered in the background, told one by one.

use serde_json::{Value, json};
use weir_app::Stop;

use crate::client::Client;

/// The shop with a CSV destination, and delivery under way until the client is dropped.
async fn shop() -> Client {
    let client = Client::shop().await;
    client.put("/destinations/ads", &json!({"kind": "file", "format": "csv"})).await.json(201);
    client
}

fn everyone() -> Value {
    json!({"expression": {"everyone": true}, "as_of": "2024-11-30", "destination": "ads"})
}

/// Delivers until a push is done, as `serve` does.
async fn delivered(client: &Client, id: &str) -> Value {
    let (app, stop) = (client.app.clone(), Stop::default());
    let until = stop.clone();
    let worker = tokio::task::spawn_blocking(move || app.deliver(&until));
    let mut push = client.get(&format!("/pushes/{id}")).await.json(200);
    while push["state"] == "sending" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        push = client.get(&format!("/pushes/{id}")).await.json(200);
    }
    stop.raise();
    worker.await.unwrap();
    push
}

#[tokio::test]
async fn a_push_is_accepted_then_done_and_its_file_fetched() {
    let client = shop().await;
    let made = client.post("/pushes", &everyone()).await.json(202);
    assert_eq!(
        (&made["state"], &made["pending"], &made["audience"]),
        (&json!("sending"), &json!(4), &Value::Null)
    );
    let id = made["push"].as_str().unwrap();
    assert_eq!(
        client.get(&format!("/pushes/{id}/file")).await.json(404)["message"],
        "push p1 has no file yet"
    );
    let mut done = delivered(&client, id).await;
    done.as_object_mut().unwrap().remove("created").unwrap();
    assert_eq!(
        done,
        json!({"push": "p1", "destination": "ads", "audience": null, "expression": {"everyone": true},
            "as_of": "2024-11-30", "state": "done", "size": 4, "planned": 4, "sent": 4, "pending": 0,
            "suppressed": {}, "failed": {}, "unknown": 0, "holdout": 0, "holdout_percent": 0.0})
    );
    let file = client.get("/pushes/p1/file").await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"p1.csv\"");
    let people: Vec<&str> = file.text.lines().skip(1).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert_eq!(people, ["ada", "bob", "cid", "dan"]);
    let messages = client.get("/pushes/p1/messages").await.json(200);
    let message = &messages["items"][0];
    assert_eq!((&message["repeated"], &message["outcome"]), (&json!(false), &json!("sent")));
    assert_eq!(message["attempts"][0]["detail"], "written");
}

#[tokio::test]
async fn everybody_is_accounted_for_by_name() {
    let client = shop().await;
    client.put("/audiences/all", &json!({"expression": {"everyone": true}})).await.json(201);
    let wants = json!({"kind": "file", "format": "jsonl", "identifiers": ["email"]});
    client.put("/destinations/mail", &wants).await.json(201);
    let body = json!({"audience": "all", "as_of": "2024-11-30", "destination": "mail"});
    let push = client.post("/pushes", &body).await.json(202);
    assert_eq!(push["suppressed"], json!({"no_identifier": 4}));
    assert_eq!(
        (&push["state"], &push["audience"], &push["planned"]),
        (&json!("done"), &json!("all"), &json!(0))
    );
    let body = json!({"audience": "all", "as_of": "2024-11-30", "destination": "ads", "holdout_percent": 100,
        "name": "nobody"});
    let push = client.post("/pushes", &body).await.json(202);
    assert_eq!(
        (&push["holdout"], &push["name"], &push["state"]),
        (&json!(4), &json!("nobody"), &json!("done"))
    );
    let page = client.get("/pushes/p2/recipients?outcome=holdout&limit=3").await.json(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 3);
    let next = page["next"].as_str().unwrap();
    let rest =
        client.get(&format!("/pushes/p2/recipients?outcome=holdout&limit=3&after={next}")).await.json(200);
    assert_eq!((&rest["items"][0]["consumer"]["value"], &rest["next"]), (&json!("dan"), &Value::Null));
    let list = client.get("/pushes?limit=1").await.json(200);
    assert_eq!((&list["items"][0]["push"], &list["next"]), (&json!("p2"), &json!("p2")));
}

#[tokio::test]
async fn the_holdout_is_the_sample_of_the_same_salt() {
    let client = shop().await;
    let mut body = everyone();
    (body["holdout_percent"], body["salt"]) = (json!(50), json!("spring"));
    let push = client.post("/pushes", &body).await.json(202);
    let sample = json!({"sample": {"of": {"everyone": true}, "percent": 50, "salt": "spring"}});
    let estimate = json!({"expression": sample, "as_of": "2024-11-30"});
    let sampled = client.post("/audiences/estimate", &estimate).await.json(200);
    assert_eq!(push["holdout"], sampled["count"]);
}

#[tokio::test]
async fn a_push_is_stopped_and_resumed() {
    let client = shop().await;
    client.post("/pushes", &everyone()).await.json(202);
    assert_eq!(client.post("/pushes/p1/stop", &json!({})).await.json(200)["state"], "stopped");
    let in_use = client.delete("/destinations/ads").await;
    assert_eq!(in_use.json(409)["message"], "destination ads is used by p1");
    assert_eq!(client.post("/pushes/p1/resume", &json!({})).await.json(200)["state"], "sending");
    assert_eq!(delivered(&client, "p1").await["sent"], 4);
    assert_eq!(client.delete("/destinations/ads").await.status, 204);
}

#[tokio::test]
async fn a_size_that_nobody_has_seen_is_refused() {
    let client = shop().await;
    let mut body = everyone();
    body["expected_count"] = json!(5);
    insta::assert_snapshot!(client.post("/pushes", &body).await.error(), @r#"
    409
    {
      "code": "audience_changed",
      "message": "the audience has 4 members now, not 5",
      "help": "look at it again; a difference of more than 1 % is not sent unseen",
      "at": "/expected_count"
    }
    "#);
    body["expected_count"] = json!(4);
    client.post("/pushes", &body).await.json(202);
}

#[tokio::test]
async fn mistakes_of_a_push_are_told() {
    let client = shop().await;
    let body = json!({"as_of": "2024-11-30", "destination": "ads"});
    insta::assert_snapshot!(client.post("/pushes", &body).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "name an audience or a snapshot, or write an expression",
      "help": "for everybody write {\"everyone\": true}"
    }
    "#);
    let mut body = everyone();
    body["holdout_percent"] = json!(101);
    insta::assert_snapshot!(client.post("/pushes", &body).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "a holdout is 0 to 100 percent, not 101",
      "at": "/holdout_percent"
    }
    "#);
    let hook = json!({"kind": "webhook", "url": "https://hook.invalid/"});
    client.put("/destinations/hook", &hook).await.json(201);
    let mut body = everyone();
    body["destination"] = json!("hook");
    insta::assert_snapshot!(client.post("/pushes", &body).await.error(), @r#"
    400
    {
      "code": "invalid_destination",
      "message": "destination hook has no signing secret yet",
      "help": "make one with: weir destination secret hook"
    }
    "#);
    insta::assert_snapshot!(client.get("/pushes/p9").await.error(), @r#"
    404
    {
      "code": "unknown_push",
      "message": "there is no push \"p9\""
    }
    "#);
    client.post("/pushes", &everyone()).await.json(202);
    insta::assert_snapshot!(client.get("/pushes/p1/recipients?outcome=lost").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "there is no outcome \"lost\"",
      "help": "outcomes are pending, sent, failed, unknown, suppressed, holdout",
      "at": "outcome"
    }
    "#);
}

#[tokio::test]
async fn an_outsiders_path_is_no_destination() {
    let client = shop().await;
    let mut body = everyone();
    body["destination"] = json!("/tmp/people.csv");
    assert_eq!(client.post("/pushes", &body).await.json(404)["code"], "unknown_destination");
}
