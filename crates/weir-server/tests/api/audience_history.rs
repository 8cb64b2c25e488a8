//! Audiences over time.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn old_versions_are_kept_compared_and_restored() {
    let client = Client::shop().await;
    let put = |body: Value| {
        let client = &client;
        async move { client.put("/audiences/buyers", &body).await }
    };
    let first = json!({"did": {"behavior": ["purchase"], "within": {"days": 30}}});
    put(json!({"expression": first})).await.json(201);
    let second = json!({"did": {"behavior": ["purchase", "order"], "within": {"days": 15}}});
    put(json!({"expression": second, "description": "lately"})).await.json(200);
    let versions = client.get("/audiences/buyers/versions?limit=1").await.json(200);
    assert_eq!((&versions["items"][0]["version"], &versions["next"]), (&json!(2), &json!("2")));
    let versions = client.get("/audiences/buyers/versions?after=2").await.json(200);
    assert_eq!(versions["items"], json!([{"name": "buyers", "version": 1, "expression": first}]));
    let diff = client.get("/audiences/buyers/diff?from=1&to=2").await.json(200);
    assert_eq!(
        diff["items"],
        json!([
            {"at": "/expression/did/behavior/1", "change": "added", "after": "order"},
            {"at": "/expression/did/within/days", "change": "changed", "before": 30, "after": 15},
            {"at": "/description", "change": "added", "after": "lately"},
        ])
    );
    let restored = client.post("/audiences/buyers/versions/1/restore", &json!({})).await.json(200);
    assert_eq!((&restored["version"], &restored["expression"]), (&json!(3), &first));
    assert_eq!(client.get("/audiences/buyers/versions/9").await.json(404)["code"], "unknown_audience");
    assert_eq!(client.get("/audiences/nobody/versions").await.json(404)["code"], "unknown_audience");
}

#[tokio::test]
async fn sizes_are_recorded_with_who_came_and_went() {
    let client = Client::shop().await;
    client.put("/audiences/lately", &json!({"expression": {"did": {"within": {"days": 1}}}})).await.json(201);
    // ada on the first, ada and bob on the second, cid and dan on the third, nobody after.
    let dates = json!({"as_of": ["2024-11-03", "2024-11-01", "2024-11-02"]});
    let runs = client.post("/audiences/lately/refresh", &dates).await.json(200);
    let row =
        |run: &Value| ["as_of", "size", "added", "dropped", "volatility"].map(|field| run[field].clone());
    let runs: Vec<_> = runs["items"].as_array().unwrap().iter().map(row).collect();
    let none = Value::Null;
    assert_eq!(
        runs,
        [
            [json!("2024-11-01"), json!(1), none.clone(), none.clone(), none.clone()],
            [json!("2024-11-02"), json!(2), json!(1), json!(0), json!(0.5)],
            [json!("2024-11-03"), json!(2), json!(2), json!(2), json!(2.0)],
        ]
    );
    // Compared with the members kept.
    let run = client.post("/audiences/lately/refresh", &json!({"as_of": "2024-11-04"})).await.json(200);
    assert_eq!(row(&run["items"][0]), [json!("2024-11-04"), json!(0), json!(0), json!(2), none]);
    // The latest date again: the same people are no news, others are compared with the ones before.
    client.post("/audiences/lately/refresh", &json!({"as_of": "2024-11-04"})).await.json(200);
    // What is past again is compared with nothing, and what is kept stays.
    client.post("/audiences/lately/refresh", &json!({"as_of": "2024-11-02"})).await.json(200);
    let history = client.get("/audiences/lately/history?limit=3").await.json(200);
    let sizes: Vec<_> = history["items"].as_array().unwrap().iter().map(|run| run["size"].clone()).collect();
    assert_eq!(sizes, [json!(0), json!(2), json!(2)]);
    let next = history["next"].as_str().unwrap();
    let rest = client.get(&format!("/audiences/lately/history?after={next}")).await.json(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["items"][0]["as_of"], "2024-11-01");
    let none = client.post("/audiences/lately/refresh", &json!({"as_of": []})).await.json(400);
    assert_eq!(none["at"], "/as_of");
    assert!(client.app.workspace("default").unwrap().verify().unwrap().findings.is_empty());
    assert_eq!(client.delete("/audiences/lately").await.status, 204);
    client.put("/audiences/lately", &json!({"expression": {"everyone": true}})).await.json(201);
    assert_eq!(client.get("/audiences/lately/history").await.json(200)["items"], json!([]));
}

#[tokio::test]
async fn a_graph_leads_both_ways() {
    let client = Client::shop().await;
    let put = |name: &str, expression: Value| {
        let (client, path) = (&client, format!("/audiences/{name}"));
        async move { client.put(&path, &json!({"expression": expression})).await.json(201) }
    };
    put("base", json!({"all": [{"tag": {"gender": {"eq": "female"}}}, {"state": {"model": "pno", "scope": {"workspace": true}, "in": ["old"]}}]})).await;
    put("middle", json!({"not": {"audience": "base"}})).await;
    put("top", json!({"any": [{"audience": "middle"}, {"everyone": true}]})).await;
    put("other", json!({"everyone": true})).await;
    let graph = client.get("/audiences/middle/graph").await.json(200);
    let audience = |name: &str| json!({"kind": "audience", "name": name});
    assert_eq!(graph["used_by"], json!([audience("top")]));
    assert_eq!(
        graph["uses"],
        json!([audience("base"), {"kind": "state_model", "name": "pno"}, {"kind": "tag", "name": "gender"}])
    );
    let edge = json!({"from": audience("top"), "to": audience("middle")});
    assert!(graph["edges"].as_array().unwrap().contains(&edge), "{graph}");
    assert_eq!(graph["edges"].as_array().unwrap().len(), 4);
    let cycle = client.put("/audiences/base", &json!({"expression": {"audience": "top"}})).await.json(400);
    assert_eq!(cycle["code"], "cycle");
    for name in ["base", "middle", "top"] {
        assert!(cycle["message"].as_str().unwrap().contains(&format!("audience {name}")), "{cycle}");
    }
}
