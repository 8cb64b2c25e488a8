//! Tracks, their reports and alerts; the stage funnel.

use serde_json::{Value, json};

use crate::client::Client;

fn track() -> Value {
    json!({
        "name": "buyers", "model": "pno", "scope": {"shop": "flagship"}, "from": "2024-11-01", "step": "weekly",
        "alerts": [
            {"name": "few", "state": "old", "count": {"below": 1}},
            {"name": "slow", "flow": {"from": "potential", "to": "old", "days": 29}, "share": {"below": 0.5}},
        ],
        "report": ["html", "csv"],
    })
}

#[tokio::test]
async fn a_track_is_kept_in_versions() {
    let client = Client::shop().await;
    let made = client.post("/tracks", &track()).await.json(201);
    assert_eq!(
        (&made["version"], &made["step"], &made["audience"]),
        (&json!(1), &json!("weekly"), &json!(null))
    );
    insta::assert_snapshot!(client.post("/tracks", &track()).await.error(), @r#"
    409
    {
      "code": "name_taken",
      "message": "there is a track \"buyers\" already",
      "help": "PUT it to change it, or choose another name",
      "at": "/name"
    }
    "#);
    let mut body = track();
    body.as_object_mut().unwrap().remove("name");
    body["step"] = json!("daily");
    assert_eq!(client.put("/tracks/buyers", &body).await.json(200)["version"], json!(2));
    let versions = client.get("/tracks/buyers/versions?limit=1").await.json(200);
    assert_eq!((&versions["items"][0]["step"], &versions["next"]), (&json!("daily"), &json!("2")));
    assert_eq!(client.get("/tracks").await.json(200)["items"][0]["name"], json!("buyers"));
    assert_eq!(client.delete("/tracks/buyers").await.status, 204);
    insta::assert_snapshot!(client.get("/tracks/buyers").await.error(), @r#"
    404
    {
      "code": "unknown_track",
      "message": "there is no track \"buyers\""
    }
    "#);
}

#[tokio::test]
async fn a_report_says_what_single_questions_say() {
    let client = Client::shop().await;
    client.post("/tracks", &track()).await.json(201);
    let report = client.get("/tracks/buyers/report?to=2024-11-30").await.json(200);
    let dates: Vec<&str> =
        report["states"]["at"].as_array().unwrap().iter().map(|at| at["date"].as_str().unwrap()).collect();
    assert_eq!(dates, ["2024-11-01", "2024-11-08", "2024-11-15", "2024-11-22", "2024-11-29", "2024-11-30"]);
    let lens = json!({"model": "pno", "scope": {"shop": "flagship"}});
    let ask = |address: &'static str, more: Value| {
        let mut body = lens.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let client = &client;
        async move { client.post(address, &body).await.json(200) }
    };
    let states = ask("/states", json!({"at": dates})).await;
    assert_eq!(report["states"]["at"], states["at"]);
    let flow = ask("/flow", json!({"from": "2024-11-01", "to": "2024-11-30"})).await;
    assert_eq!(report["flow"]["matrix"], flow["matrix"]);
    let paths = ask("/paths", json!({"dates": report["paths"]["dates"]})).await;
    assert_eq!(report["paths"]["paths"], paths["paths"]);
    let breached: Vec<bool> = report["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alert| alert["breached"].as_bool().unwrap())
        .collect();
    assert_eq!(breached, [false, false]);
    insta::assert_snapshot!(client.get("/tracks/buyers/report?to=2024-10-31").await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "the track begins on 2024-11-01, after 2024-10-31",
      "help": "ask for a later date",
      "at": "to"
    }
    "#);
}

#[tokio::test]
async fn a_look_opens_and_closes_alerts_and_writes_reports() {
    let client = Client::shop().await;
    client.post("/tracks", &track()).await.json(201);
    let early = client.post("/tracks/buyers/refresh?to=2024-11-01", &json!(null)).await.json(200);
    assert_eq!(early["alerts"][0]["breached"], json!(true));
    let open = client.get("/alerts?open=true").await.json(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open}");
    assert_eq!(
        ["track", "rule", "first", "last", "count", "of"].map(|key| open["items"][0][key].clone()),
        [json!("buyers"), json!("few"), json!("2024-11-01"), json!("2024-11-01"), json!(0), json!(2)]
    );
    client.post("/tracks/buyers/refresh?to=2024-11-30", &json!(null)).await.json(200);
    assert_eq!(client.get("/alerts?open=true").await.json(200)["items"], json!([]));
    let closed = client.get("/alerts?track=buyers").await.json(200);
    assert!(closed["items"][0]["closed"].is_string(), "{closed}");
    let reports = client.get("/tracks/buyers/reports?limit=3").await.json(200);
    let formats: Vec<&Value> =
        reports["items"].as_array().unwrap().iter().map(|item| &item["format"]).collect();
    assert_eq!(formats, ["csv", "html", "csv"]);
    let id = |at: usize| reports["items"][at]["id"].as_i64().unwrap();
    let page = client.get(&format!("/tracks/buyers/reports/{}", id(1))).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<svg") && !page.text.contains("<script"), "{}", page.text);
    let table = client.get(&format!("/tracks/buyers/reports/{}", id(0))).await.text;
    assert!(table.contains("flow,2024-11-01,potential,2024-11-30,old,1,4\r\n"), "{table}");
    assert_eq!(client.get("/tracks/buyers/reports/99").await.status, 404);
}

#[tokio::test]
async fn mistakes_in_a_track_have_a_place() {
    let client = Client::shop().await;
    let with = |key: &str, value: Value| {
        let mut body = track();
        body[key] = value;
        body
    };
    insta::assert_snapshot!(client.post("/tracks", &with("model", json!("pnoo"))).await.error(), @r#"
    404
    {
      "code": "unknown_model",
      "message": "there is no state model \"pnoo\"",
      "help": "did you mean \"pno\"?",
      "at": "/model"
    }
    "#);
    insta::assert_snapshot!(client.post("/tracks", &with("audience", json!("nobody"))).await.error(), @r#"
    404
    {
      "code": "unknown_audience",
      "message": "there is no audience \"nobody\"",
      "help": "there is no audience yet",
      "at": "/audience"
    }
    "#);
    let alert =
        json!([{"name": "a", "flow": {"from": "entered", "to": "old", "days": 7}, "count": {"below": 1}}]);
    insta::assert_snapshot!(client.post("/tracks", &with("alerts", alert)).await.error(), @r#"
    400
    {
      "code": "unknown_state",
      "message": "the model has no state \"entered\"",
      "help": "its states are old, new, potential, none",
      "at": "/alerts/0/flow/from"
    }
    "#);
    insta::assert_snapshot!(client.post("/tracks", &with("step", json!("hourly"))).await.error(), @r#"
    400
    {
      "code": "invalid_track",
      "message": "a track steps daily, weekly or monthly, not \"hourly\"",
      "at": "/step"
    }
    "#);
}

#[tokio::test]
async fn what_a_track_names_stays() {
    let client = Client::shop().await;
    let seen = json!({"name": "seen", "expression": {"did": {"behavior": ["impression", "view"]}}});
    client.post("/audiences", &seen).await.json(201);
    let mut follows = track();
    follows["audience"] = json!("seen");
    client.post("/tracks", &follows).await.json(201);
    insta::assert_snapshot!(client.delete("/audiences/seen").await.error(), @r#"
    409
    {
      "code": "in_use",
      "message": "audience seen is used by track buyers",
      "help": "change or remove those first"
    }
    "#);
}

#[tokio::test]
async fn two_tracks_are_set_side_by_side() {
    let client = Client::shop().await;
    client.post("/tracks", &track()).await.json(201);
    let mut other = track();
    other["name"] = json!("all_shops");
    other["scope"] = json!({"workspace": true});
    other["from"] = json!("2024-11-02");
    client.post("/tracks", &other).await.json(201);
    let both = client.get("/tracks/buyers/compare?with=all_shops&to=2024-11-30").await.json(200);
    assert_eq!(both["states_a"]["at"][0]["date"], json!("2024-11-02"));
    assert_eq!(both["flow_a"]["from"], both["flow_b"]["from"]);
    let share = |states: &Value, at: usize| {
        let counts = &states["at"][at]["states"];
        counts["old"].as_f64().unwrap()
            / counts.as_object().unwrap().values().map(|n| n.as_f64().unwrap()).sum::<f64>()
    };
    let points = both["difference"][1]["points"]["old"].as_f64().unwrap();
    assert!((points - 100.0 * (share(&both["states_b"], 1) - share(&both["states_a"], 1))).abs() < 1e-9);
    other["model"] = json!("retail");
    other["alerts"] = json!([]);
    other.as_object_mut().unwrap().remove("name");
    client.put("/tracks/all_shops", &other).await.json(200);
    insta::assert_snapshot!(client.get("/tracks/buyers/compare?with=all_shops&to=2024-11-30").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "buyers follows pno and all_shops follows retail",
      "help": "compare tracks under the same rules",
      "at": "with"
    }
    "#);
}

#[tokio::test]
async fn stages_fall_and_every_stage_is_an_expression() {
    let client = Client::shop().await;
    for (strict, scope) in [(true, json!({"workspace": true})), (false, json!({"shop": "flagship"}))] {
        let asked = json!({"at": ["2024-11-30", "2024-11-02"], "strict": strict, "scope": scope});
        let funnel = client.post("/stage-funnel", &asked).await.json(200);
        let counts: Vec<u64> = funnel["at"][0]["stages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|stage| stage["count"].as_u64().unwrap())
            .collect();
        assert_eq!(counts[0], 4);
        assert!(!strict || counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
        for (at, date) in [(0, "2024-11-30"), (1, "2024-11-02")] {
            for (stage, counted) in funnel["at"][at]["stages"].as_array().unwrap().iter().enumerate() {
                let estimate = json!({"expression": funnel["stages"][stage]["expression"], "as_of": date});
                let count = client.post("/audiences/estimate", &estimate).await.json(200)["count"].clone();
                assert_eq!(count, counted["count"], "stage {stage} at {date}");
            }
        }
    }
    let mistyped = json!({"at": ["2024-11-30"], "stages": [
        {"name": "a", "when": {"everyone": true}}, {"name": "b", "when": {"did": {"behavior": ["purchse"]}}},
    ]});
    insta::assert_snapshot!(client.post("/stage-funnel", &mistyped).await.error(), @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"purchse\"",
      "help": "did you mean \"purchase\"?",
      "at": "/stages/1/when/did/behavior/0"
    }
    "#);
}

#[tokio::test]
async fn a_look_in_the_background_is_a_job() {
    let client = Client::shop().await;
    client.post("/tracks", &track()).await.json(201);
    let begun =
        client.send("POST", "/tracks/buyers/refresh?to=2024-11-30&background=true", "").await.json(202);
    assert_eq!((&begun["kind"], &begun["subject"]), (&json!("compute"), &json!("track buyers")));
    let job = crate::job::ended(&client, begun["job"].as_str().unwrap()).await;
    assert_eq!((&job["state"], &job["done"], &job["total"]), (&json!("done"), &json!(5), &json!(5)), "{job}");
    let reports = client.get("/tracks/buyers/reports").await.json(200);
    let ids: Vec<&Value> =
        reports["items"].as_array().unwrap().iter().rev().map(|item| &item["id"]).collect();
    assert_eq!(job["result"], json!({"to": "2024-11-30", "alerts": [], "reports": ids}));
    // What cannot be looked at is refused before there is a job.
    let early =
        client.send("POST", "/tracks/buyers/refresh?to=2024-10-31&background=true", "").await.json(400);
    assert_eq!(early["code"], "invalid_date");
    assert_eq!(
        client.get("/jobs").await.json(200)["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|job| job["subject"] == "track buyers")
            .count(),
        1
    );
}
