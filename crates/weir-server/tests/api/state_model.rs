//! State models: the shipped ones, and one's own.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn shipped_models_say_where_their_windows_come_from() {
    let client = Client::shop().await;
    let models = client.get("/state-models").await.json(200);
    let names: Vec<&str> =
        models["items"].as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"pno") && names.contains(&"aipl"), "{names:?}");
    let pno = client.get("/state-models/pno").await.json(200);
    assert_eq!(
        (&pno["version"], &pno["preset"], &pno["unverified"]),
        (&json!(0), &json!(true), &json!(true))
    );
    assert_eq!((&pno["title_zh"], &pno["states"][0]["name"]), (&json!("潜新老"), &json!("old")));
}

#[tokio::test]
async fn a_model_of_ones_own_is_used_and_removed() {
    let client = Client::shop().await;
    let body = json!({"states": [{"name": "buyer", "when": {"did": {"behavior": ["purchase"]}}}]});
    let model = client.put("/state-models/simple", &body).await.json(201);
    assert_eq!((&model["version"], &model["preset"]), (&json!(1), &json!(false)));
    client.put("/state-models/simple", &body).await.json(200);
    let states = client.post("/states", &json!({"model": "simple", "at": ["2024-11-30"]})).await.json(200);
    assert_eq!(states["at"][0]["states"], json!({"buyer": 1, "none": 3}));
    assert_eq!(client.delete("/state-models/simple").await.status, 204);
    assert_eq!(client.get("/state-models/simple").await.status, 404);
}

fn bought_in(days: u32) -> serde_json::Value {
    json!({"states": [{"name": "buyer", "when": {"did": {"behavior": ["purchase"], "within": {"days": days}}}}]})
}

#[tokio::test]
async fn versions_stay_and_can_be_asked_for() {
    let client = Client::shop().await;
    client.put("/state-models/recency", &bought_in(365)).await.json(201);
    client.put("/state-models/recency", &bought_in(1)).await.json(200);
    let page = client.get("/state-models/recency/versions?limit=1").await.json(200);
    assert_eq!((&page["items"][0]["version"], &page["next"]), (&json!(2), &json!("2")));
    let rest = client.get("/state-models/recency/versions?after=2").await.json(200);
    assert_eq!((&rest["items"][0]["version"], &rest["next"]), (&json!(1), &json!(null)));
    let states = |model| json!({"model": model, "at": ["2024-11-30"]});
    for (model, version, buyers) in [("recency", 2, 0), ("recency@1", 1, 1), ("recency@2", 2, 0)] {
        let answer = client.post("/states", &states(json!(model))).await.json(200);
        assert_eq!((&answer["model"], &answer["model_version"]), (&json!(model), &json!(version)));
        assert_eq!(answer["at"][0]["states"]["buyer"], json!(buyers), "{model}");
    }
    let inline = client.post("/states", &states(bought_in(365))).await.json(200);
    assert_eq!((&inline["model"], &inline["at"][0]["states"]["buyer"]), (&json!("inline"), &json!(1)));
    insta::assert_snapshot!(client.post("/states", &states(json!("recency@3"))).await.error(), @r#"
    404
    {
      "code": "unknown_model",
      "message": "the state model \"recency\" has no version 3",
      "at": "/model"
    }
    "#);
    insta::assert_snapshot!(client.put("/state-models/recency@3", &bought_in(1)).await.error(), @r#"
    400
    {
      "code": "invalid_definition",
      "message": "\"recency@3\" means version 3 of \"recency\"",
      "help": "choose a name that does not end in @ and a number",
      "at": "/name"
    }
    "#);
    let again = client.post("/state-models/recency/versions/1/restore", &json!(null)).await.json(200);
    assert_eq!(again["version"], json!(3));
    assert_eq!(
        client.post("/states", &states(json!("recency"))).await.json(200)["at"][0]["states"]["buyer"],
        json!(1)
    );
}

#[tokio::test]
async fn what_changed_and_who_moved() {
    let client = Client::shop().await;
    client.put("/state-models/recency", &bought_in(365)).await.json(201);
    let diff = json!({"before": "recency", "after": bought_in(1)});
    assert_eq!(
        client.post("/state-models/diff", &diff).await.json(200),
        json!({"changes": [{
            "change": "rule_changed", "state": "buyer", "at": "/states/0/when/did/within/days", "before": 365, "after": 1,
            "sentence": "the rule of \"buyer\" says 1 instead of 365",
        }]})
    );
    let mut asked = json!({"a": "recency", "b": bought_in(1), "at": "2024-11-30"});
    let moved = client.post("/state-models/compare", &asked).await.json(200);
    assert_eq!(moved["matrix"], json!([[0, 1], [0, 3]]));
    assert_eq!((&moved["states_a"], &moved["states_b"]), (&json!([1, 3]), &json!([0, 4])));
    asked["cells"] = json!([{"a": "buyer", "b": "none"}]);
    let mut found = client.post("/state-models/compare/cell", &asked).await.json(200);
    let estimate = json!({"expression": found["expression"].take(), "as_of": found["as_of"]});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(1));
    asked["b"] = json!({"states": [{"name": "buyer", "when": {"did": {"behavior": ["purchse"]}}}]});
    insta::assert_snapshot!(client.post("/state-models/compare/cell", &asked).await.error(), @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"purchse\"",
      "help": "did you mean \"purchase\"?",
      "at": "/b/states/0/when/did/behavior/0"
    }
    "#);
}

#[tokio::test]
async fn rules_are_tried_out_before_they_are_saved() {
    let client = Client::shop().await;
    let draft = json!({"states": [
        {"name": "buyer", "when": {"did": {"behavior": ["purchase"]}}},
        {"name": "there", "when": {"did": {"shop": ["flagship"]}}},
    ]});
    let check =
        client.post("/state-models/check", &json!({"model": draft, "at": "2024-11-30"})).await.json(200);
    assert_eq!(check["rules"][0]["matched"], json!(1));
    assert_eq!(check["rules"][1]["taken_by"], json!({"buyer": 1}));
    let numbers =
        |rule: &serde_json::Value| ["matched", "taken", "decided"].map(|key| rule[key].as_u64().unwrap());
    let [matched, taken, decided] = numbers(&check["rules"][1]);
    assert_eq!(matched, taken + decided);
    assert_eq!(1 + decided + check["none"].as_u64().unwrap(), check["total"].as_u64().unwrap());
}

#[tokio::test]
async fn a_model_that_is_named_with_a_version_is_in_use() {
    let client = Client::shop().await;
    client.put("/state-models/recency", &bought_in(365)).await.json(201);
    let buyers = json!({"state": {"model": "recency@1", "scope": {"workspace": true}, "in": ["buyer"]}});
    client.post("/audiences", &json!({"name": "buyers", "expression": buyers})).await.json(201);
    insta::assert_snapshot!(client.delete("/state-models/recency").await.error(), @r#"
    409
    {
      "code": "in_use",
      "message": "state model recency is used by audience buyers",
      "help": "change or remove those first"
    }
    "#);
}

#[tokio::test]
async fn what_is_said_about_a_model_is_kept() {
    let client = Client::shop().await;
    let mut body = bought_in(30);
    let said = json!({"description": "lately", "owner": "crm", "role": "report", "labels": ["b", "a"]});
    body.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    client.put("/state-models/recency", &body).await.json(201);
    let listed = client.get("/state-models?limit=1").await.json(200)["items"][0].take();
    assert_eq!(
        ["description", "owner", "role", "labels"].map(|key| listed[key].clone()),
        [json!("lately"), json!("crm"), json!("report"), json!(["a", "b"])]
    );
    body["owner"] = json!("media");
    assert_eq!(client.put("/state-models/recency", &body).await.json(200)["version"], 2);
    body["refresh"] = json!("hourly");
    assert_eq!(client.put("/state-models/recency", &body).await.status, 400);
}
