//! Features: turned off, each is refused at its door; what is there already stays.

use serde_json::{Value, json};

use crate::client::{Client, Reply};

async fn switch(client: &Client, name: &str, on: bool) -> Value {
    client.put(&format!("/workspace/features/{name}"), &json!({"on": on})).await.json(200)
}

async fn ask(client: &Client, door: &(&str, &str, Value)) -> Reply {
    let (method, path, body) = door;
    client.send(method, path, &if body.is_null() { String::new() } else { body.to_string() }).await
}

#[tokio::test]
async fn all_are_on_until_somebody_turns_one_off() {
    let client = Client::shop().await;
    let all = client.get("/workspace/features").await.json(200);
    let items = all["items"].as_array().unwrap();
    assert!(items.len() >= 10 && items.iter().all(|feature| feature["on"] == true), "{all}");
    let off = switch(&client, "sql", false).await;
    assert_eq!((&off["name"], &off["on"]), (&json!("sql"), &json!(false)));
    assert!(off["off_since"].is_string() && off["description_zh"].is_string(), "{off}");
    // Off twice is off since the first time.
    assert_eq!(switch(&client, "sql", false).await, off);
    let page = client.get("/workspace/features?limit=1&after=schedules").await.json(200);
    assert_eq!((&page["items"], &page["next"]), (&json!([off]), &json!("sql")));
    assert!(switch(&client, "sql", true).await.get("off_since").is_none());
    let unknown = client.put("/workspace/features/sqll", &json!({"on": true})).await.json(404);
    assert_eq!(
        (&unknown["code"], &unknown["help"]),
        (&json!("unknown_feature"), &json!("did you mean \"sql\"?"))
    );
}

#[tokio::test]
async fn every_door_is_closed_while_its_feature_is_off() {
    let client = Client::shop().await;
    let track = json!({"model": "pno", "from": "2024-11-01", "step": "weekly"});
    let tag = json!({"value": {"count": {"behavior": ["purchase"]}}});
    client.put("/tracks/them", &track).await.json(201);
    client.put("/tags/bought", &tag).await.json(201);
    let file = json!({"kind": "file", "format": "csv", "identifiers": ["user_id"]});
    client.put("/destinations/file", &file).await.json(201);
    let push = json!({"expression": {"everyone": true}, "as_of": "2024-11-30", "destination": "file"});
    let webhook = json!({"name": "crm", "kind": "webhook", "url": "https://192.0.0.9.invalid/weir", "identifiers": ["user_id"]});
    let reach = json!({"as_of": "2024-11-30", "media": [{"channel": "crm.sms", "cost": {"fixed": 100}}]});
    let rfm = json!({"as_of": "2024-11-30"});
    let doors = [
        ("sql", ("POST", "/sql", json!({"query": "SELECT 1 AS one"}))),
        ("tracks", ("PUT", "/tracks/them", track)),
        ("tracks", ("GET", "/tracks/them/report?to=2024-11-30", Value::Null)),
        ("tracks", ("GET", "/tracks/them/check?to=2024-11-30", Value::Null)),
        ("tracks", ("POST", "/tracks/them/refresh?to=2024-11-30", Value::Null)),
        ("tracks", ("POST", "/tracks/them/refresh?to=2024-11-30&background=true", Value::Null)),
        ("computed_tags", ("PUT", "/tags/bought", tag)),
        ("computed_tags", ("POST", "/tags/bought/runs", json!({"as_of": ["2024-11-30"]}))),
        (
            "computed_tags",
            ("POST", "/tags/bought/runs", json!({"as_of": ["2024-11-30"], "background": true})),
        ),
        ("pushes", ("POST", "/pushes", push)),
        ("webhooks", ("POST", "/destinations", webhook)),
        ("reach", ("POST", "/reach", reach)),
        ("rfm", ("POST", "/rfm", rfm)),
    ];
    for (feature, door) in &doors {
        switch(&client, feature, false).await;
        let refused = ask(&client, door).await.json(403);
        assert_eq!(refused["code"], "feature_off", "{door:?}: {refused}");
        assert!(refused["help"].as_str().unwrap().ends_with(&format!("{feature}=on")), "{refused}");
        switch(&client, feature, true).await;
        let status = ask(&client, door).await.status;
        assert_ne!(status, 403, "{door:?}");
    }
    switch(&client, "lists", false).await;
    let form = [
        ("kind", None, "list"),
        ("name", None, "vip"),
        ("identifier_kind", None, "user_id"),
        ("file", Some("l.csv"), "user_id\nada\n"),
    ];
    assert_eq!(client.form("/imports", &form).await.json(403)["code"], "feature_off");
    switch(&client, "lists", true).await;
    client.form("/imports", &form).await.json(201);
    // What is there can be seen and removed without the feature.
    switch(&client, "tracks", false).await;
    client.get("/tracks/them").await.json(200);
    assert_eq!(client.delete("/tracks/them").await.status, 204);
    insta::assert_snapshot!(client.put("/tracks/them", &json!({"model": "pno", "from": "2024-11-01", "step": "daily"})).await.error(), @r#"
    403
    {
      "code": "feature_off",
      "message": "the feature tracks is turned off in the workspace \"default\"",
      "help": "whoever runs this workspace can turn it on: weir --workspace default workspace feature tracks=on"
    }
    "#);
}
