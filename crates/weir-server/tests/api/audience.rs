//! Audiences: create, change, list in pages, remove.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn an_audience_lives_through_versions() {
    let client = Client::shop().await;
    let body = json!({"name": "buyers", "expression": {"did": {"behavior": ["purchase"]}}, "description": "all of them"});
    let created = client.post("/audiences", &body).await.json(201);
    assert_eq!(created["version"], 1);
    let same = json!({"expression": body["expression"], "description": "all of them"});
    assert_eq!(client.put("/audiences/buyers", &same).await.json(200)["version"], 1);
    let other = json!({"expression": {"everyone": true}});
    assert_eq!(client.put("/audiences/buyers", &other).await.json(200)["version"], 2);
    let got = client.get("/audiences/buyers").await.json(200);
    assert_eq!(got, json!({"name": "buyers", "version": 2, "expression": {"everyone": true}}));
    assert_eq!(client.delete("/audiences/buyers").await.status, 204);
    assert_eq!(client.get("/audiences/buyers").await.status, 404);
}

#[tokio::test]
async fn put_creates_what_is_not_there() {
    let client = Client::shop().await;
    client.put("/audiences/everybody", &json!({"expression": {"everyone": true}})).await.json(201);
    let estimate = json!({"expression": {"audience": "everybody"}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], 4);
}

#[tokio::test]
async fn listings_come_in_pages() {
    let client = Client::shop().await;
    for name in ["a", "b", "c"] {
        client.put(&format!("/audiences/{name}"), &json!({"expression": {"everyone": true}})).await.json(201);
    }
    let mut names = Vec::new();
    let mut path = "/audiences?limit=2".to_owned();
    loop {
        let page = client.get(&path).await.json(200);
        names.extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/audiences?limit=2&after={next}");
    }
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn audiences_are_found_by_what_is_said_about_them() {
    let client = Client::shop().await;
    for (name, owner, role, label) in
        [("a", "crm", "target", "promo"), ("b", "crm", "exclude", "618"), ("c", "media", "target", "promo")]
    {
        let body = json!({"expression": {"everyone": true}, "owner": owner, "role": role, "labels": [label], "description": format!("Nr {name}")});
        client.put(&format!("/audiences/{name}"), &body).await.json(201);
    }
    for (query, expected) in [
        ("", "abc"),
        ("search=NR%20B", "b"),
        ("search=medi", "c"),
        ("label=promo", "ac"),
        ("label=pro", ""),
        ("role=target&owner=crm", "a"),
        ("owner=crm&limit=1&after=a", "b"),
    ] {
        let page = client.get(&format!("/audiences?{query}")).await.json(200);
        let names: String =
            page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{query}");
    }
    // A cursor is of what fits, not of what is there.
    let page = client.get("/audiences?label=promo&limit=1").await.json(200);
    assert_eq!(page["next"], "a");
    assert!(client.get("/audiences?label=promo&limit=1&after=a").await.json(200).get("next").is_none());
    assert_eq!(client.get("/audiences?colour=red").await.status, 400);
}

#[tokio::test]
async fn a_listing_shows_the_size_recorded_last() {
    let client = Client::shop().await;
    client.put("/audiences/a", &json!({"expression": {"did": {"behavior": ["view"]}}})).await.json(201);
    assert!(client.get("/audiences/a").await.json(200).get("latest").is_none());
    let dates = json!({"as_of": ["2024-11-02", "2024-11-03"]});
    let runs = client.post("/audiences/a/refresh", &dates).await.json(200);
    let listed = client.get("/audiences").await.json(200);
    let latest = &listed["items"][0]["latest"];
    assert_eq!(latest, &runs["items"][1]);
    assert_eq!(
        (&latest["size"], &latest["as_of"], &latest["volatility"]),
        (&json!(2), &json!("2024-11-03"), &json!(0.5))
    );
    let estimate = json!({"expression": {"audience": "a"}, "as_of": "2024-11-03", "hash": true});
    let estimated = client.post("/audiences/estimate", &estimate).await.json(200);
    assert_eq!(latest["content_hash"], estimated["content_hash"]);
    assert_eq!(&client.get("/audiences/a").await.json(200)["latest"], latest);
}

#[tokio::test]
async fn an_audience_that_something_names_stays_and_takes_its_members_along() {
    let client = Client::shop().await;
    let put = |path: &'static str, body: Value| {
        let client = &client;
        async move { client.put(path, &body).await.json(201) }
    };
    put("/audiences/base", json!({"expression": {"everyone": true}})).await;
    client.post("/audiences/base/refresh", &json!({"as_of": "2024-11-30"})).await.json(200);
    let named = json!({"audience": "base"});
    put("/audiences/other", json!({"expression": {"not": named}})).await;
    put("/state-models/rules", json!({"states": [{"name": "in", "when": named}]})).await;
    put("/tags/mark", json!({"value": {"cases": [{"when": named, "is": "in"}]}})).await;
    put("/tracks/them", json!({"audience": "base", "model": "pno", "from": "2024-11-01", "step": "weekly"}))
        .await;
    let users = ["/audiences/other", "/state-models/rules", "/tags/mark", "/tracks/them"];
    let graph = client.get("/audiences/base/graph").await.json(200);
    let kinds: Vec<&Value> = graph["used_by"].as_array().unwrap().iter().map(|used| &used["kind"]).collect();
    assert_eq!(kinds, ["audience", "state_model", "tag", "track"]);
    for user in users {
        let refused = client.delete("/audiences/base").await.json(409);
        assert_eq!(refused["code"], "in_use", "{refused}");
        assert_eq!(client.delete(user).await.status, 204, "{user}");
    }
    let members = client.data().join("workspaces/default/members");
    assert_eq!(crate::client::entries(&members), 1);
    assert_eq!(client.delete("/audiences/base").await.status, 204);
    assert_eq!(crate::client::entries(&members), 0);
}
