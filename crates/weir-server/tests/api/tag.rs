//! The tag market: defining, computing, looking at and removing tags; RFM.

use serde_json::{Value, json};

use crate::client::Client;

fn spent() -> Value {
    json!({"value": {"amount": {"behavior": ["purchase"]}}, "description": "All the money"})
}

#[tokio::test]
async fn a_tag_is_defined_computed_and_removed() {
    let client = Client::shop().await;
    let created = client.put("/tags/spent", &spent()).await.json(201);
    assert_eq!(
        (&created["kind"], &created["origin"], &created["version"]),
        (&json!("number"), &json!("computed"), &json!(1))
    );
    assert_eq!(client.put("/tags/spent", &spent()).await.json(200)["version"], 1);

    let body = json!({"as_of": ["2024-11-30", "2024-11-01"]});
    let runs = client.post("/tags/spent/runs", &body).await.json(200);
    let summary = |runs: &Value| -> Vec<Value> {
        let items = runs["items"].as_array().unwrap().iter();
        items.map(|run| json!([run["as_of"], run["people"], run["stated"]])).collect()
    };
    assert_eq!(summary(&runs), [json!(["2024-11-01", 0, 0]), json!(["2024-11-30", 1, 1])]);
    let again = client.post("/tags/spent/runs", &json!({"as_of": ["2024-11-30"]})).await.json(200);
    assert_eq!(summary(&again), [json!(["2024-11-30", 1, 0])]);
    let job = client
        .post("/tags/spent/runs", &json!({"as_of": ["2024-11-30"], "background": true}))
        .await
        .json(202);
    assert_eq!((&job["kind"], &job["subject"]), (&json!("compute"), &json!("tag spent")));
    loop {
        let job = client.get(&format!("/jobs/{}", job["job"].as_str().unwrap())).await.json(200);
        if job["state"] != "running" {
            assert_eq!(job["result"]["runs"][0]["people"], 1, "{job}");
            break;
        }
    }
    let listed = client.get("/tags/spent/runs?limit=1").await.json(200);
    assert_eq!((summary(&listed), listed["next"].is_string()), (summary(&again), true));

    let estimate = json!({"expression": {"tag": {"spent": {"eq": 120.5}}}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], 1);
    let detail = client.get("/tags/spent?as_of=2024-11-30").await.json(200);
    assert_eq!(detail["coverage"], json!({"as_of": "2024-11-30", "people": 1, "universe": 4, "share": 0.25}));
    assert_eq!(detail["lineage"]["names"], json!({"behavior": ["purchase"]}));
    assert_eq!(detail["lineage"]["sources"][0]["source"], "tag:spent");
    assert_eq!(detail["freshness"]["last_statement"], "2024-11-30");
    let history = client.get("/tags/spent/history?at=2024-11-29,2024-11-30").await.json(200);
    let people: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|one| &one["people"]).collect();
    assert_eq!(people, [&json!(0), &json!(1)]);

    let user = json!({"expression": {"tag": {"spent": {"exists": true}}}});
    client.put("/audiences/buyers", &user).await.json(201);
    assert_eq!(client.delete("/tags/spent").await.json(409)["code"], "in_use");
    assert_eq!(
        client.get("/tags/spent?as_of=2024-11-30").await.json(200)["lineage"]["used_by"],
        json!(["audience buyers"])
    );
    assert_eq!(client.delete("/audiences/buyers").await.status, 204);
    assert_eq!(client.delete("/tags/spent").await.status, 204);
    assert_eq!(client.get("/tags/spent").await.status, 404);
}

#[tokio::test]
async fn the_market_is_searched_and_comes_in_pages() {
    let client = Client::shop().await;
    client.put("/tags/spent", &spent()).await.json(201);
    let said = json!({"description": "As they say", "owner": "CRM team", "labels": ["profile"]});
    client.put("/tags/gender", &said).await.json(201);
    client.put("/tags/birthday", &json!({"description": "Not asked for yet"})).await.json(201);
    for (query, names) in [
        ("", vec!["birthday", "gender", "spent"]),
        ("?search=MONEY", vec!["spent"]),
        ("?search=end", vec!["gender"]),
        ("?search=crm", vec!["gender"]),
        ("?category=profile", vec!["gender"]),
        ("?category=prof", vec![]),
        ("?origin=imported", vec!["gender"]),
        ("?origin=described", vec!["birthday"]),
        ("?limit=1&after=birthday", vec!["gender"]),
    ] {
        let page = client.get(&format!("/tags{query}")).await.json(200);
        let found: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
        assert_eq!(found, names, "{query}");
    }
    let values = client.get("/tags/gender/values?as_of=2024-11-30&limit=1").await.json(200);
    assert_eq!(
        values,
        json!({"as_of": "2024-11-30", "kind": "text", "people": 2, "distinct": 2,
            "items": [{"value": "female", "people": 1}], "next": "1", "rest": {"values": 1, "people": 1}})
    );
    let next = client.get("/tags/gender/values?as_of=2024-11-30&limit=1&after=1").await.json(200);
    assert_eq!((&next["items"][0]["value"], &next["next"]), (&json!("male"), &Value::Null));
}

#[tokio::test]
async fn a_described_tag_keeps_its_values_when_the_description_goes() {
    let client = Client::shop().await;
    client.put("/tags/gender", &json!({"description": "As they say"})).await.json(201);
    assert_eq!(client.delete("/tags/gender").await.status, 204);
    assert_eq!(client.get("/tags/gender?as_of=2024-11-30").await.json(200)["coverage"]["people"], 2);
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_place() {
    let client = Client::shop().await;
    client.put("/tags/spent", &spent()).await.json(201);
    let case = |when: Value| json!({"value": {"cases": [{"when": when, "is": "yes"}]}});
    for (name, body, status, code, at) in [
        ("gender", spent(), 409, "name_taken", "/name"),
        (
            "x",
            json!({"value": {"amount": {"behavior": ["purchse"]}}}),
            400,
            "unknown_behavior",
            "/value/amount/behavior/0",
        ),
        ("x", json!({"value": {"summe": {}}}), 400, "invalid_expression", "/value/summe"),
        ("x", case(json!({"tag": {"x": {"exists": true}}})), 400, "cycle", "/value/cases/0/when/tag/x"),
        (
            "x",
            case(json!({"tag": {"gendre": {"exists": true}}})),
            400,
            "unknown_tag",
            "/value/cases/0/when/tag/gendre",
        ),
    ] {
        let error = client.put(&format!("/tags/{name}"), &body).await.json(status);
        assert_eq!((&error["code"], &error["at"]), (&json!(code), &json!(at)), "{body}");
    }
    client.put("/tags/y", &case(json!({"tag": {"spent": {"exists": true}}}))).await.json(201);
    let round = client.put("/tags/spent", &case(json!({"tag": {"y": {"eq": "yes"}}}))).await.json(400);
    assert_eq!(round["code"], "cycle");
    for (path, body, status) in [
        ("/tags/gender/runs", json!({"as_of": ["2024-11-30"]}), 400),
        ("/tags/spent/runs", json!({"as_of": []}), 400),
        ("/tags/spent/runs", json!({"as_of": ["2024-11-31"]}), 400),
        ("/tags/nothing/runs", json!({}), 400),
    ] {
        client.post(path, &body).await.json(status);
    }
    let scheduled = json!({"description": "Nobody computes it", "refresh": "daily 05:00"});
    assert_eq!(client.put("/tags/z", &scheduled).await.json(400)["at"], "/refresh");
    client.get("/tags/spent/values?after=x").await.json(400);
    client.get("/tags?origin=stolen").await.json(400);
}

#[tokio::test]
async fn rfm_scores_whoever_bought() {
    let client = Client::shop().await;
    let answer = client.post("/rfm", &json!({"as_of": "2024-11-30"})).await.json(200);
    assert_eq!((&answer["total"], &answer["scored"]), (&json!(4), &json!(1)));
    assert_eq!((&answer["r"]["mean"], &answer["m"]["median"]), (&json!(28.0), &json!(120.5)));
    let cell = &answer["cells"][0];
    assert_eq!((&cell["people"], &cell["money"]), (&json!(1), &json!("120.5")));
    for group in ["cells", "classes", "segments"] {
        for one in answer[group].as_array().unwrap() {
            let asked = json!({"expression": one["expression"], "as_of": "2024-11-30"});
            assert_eq!(
                client.post("/audiences/estimate", &asked).await.json(200)["count"],
                one["people"],
                "{one}"
            );
        }
    }
    let wrong = json!({"as_of": "2024-11-30", "method": {"quantile": 1}});
    assert_eq!(client.post("/rfm", &wrong).await.json(400)["at"], "/method/quantile");
}
