//! Estimates, states, flow, funnels, retention, why, SQL.

use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn an_estimate_counts_and_says_what_it_was_asked() {
    let client = Client::shop().await;
    let bought = json!({"did": {"behavior": ["purchase"]}});
    let body = json!({
        "expression": {"minus": [{"everyone": true}, bought]}, "as_of": "2024-11-30", "nodes": true, "hash": true,
    });
    let mut estimate = client.post("/audiences/estimate", &body).await.json(200);
    let hash = estimate["content_hash"].take();
    assert_eq!(hash.as_str().unwrap().len(), 64, "{hash}");
    assert!(estimate["elapsed_us"].take().is_u64());
    assert_eq!(
        estimate,
        json!({
            "count": 3, "as_of": "2024-11-30", "universe": 4, "elapsed_us": null, "warnings": [], "content_hash": null,
            "nodes": [{"at": "", "count": 3}, {"at": "/minus/0", "count": 4}, {"at": "/minus/1", "count": 1}],
        })
    );
}

#[tokio::test]
async fn an_estimate_without_options_is_short_and_warns() {
    let client = Client::shop().await;
    let body = json!({"expression": {"did": {"shop": ["flagshop"]}}, "as_of": "2024-11-30"});
    let mut estimate = client.post("/audiences/estimate", &body).await.json(200);
    let warning = estimate["warnings"][0].take();
    assert_eq!((warning["at"].as_str(), estimate["count"].as_u64()), (Some("/did/shop/0"), Some(0)));
    assert_eq!(estimate.as_object().unwrap().len(), 5, "{estimate}");
}

#[tokio::test]
async fn states_and_flow_sum_to_the_people_asked_about() {
    let client = Client::shop().await;
    let lens = json!({"model": "pno", "scope": {"shop": "flagship"}});
    let mut body = lens.clone();
    body["at"] = json!(["2024-11-01", "2024-11-30"]);
    let mut states = client.post("/states", &body).await.json(200);
    assert!(states["elapsed_us"].take().is_u64());
    assert_eq!(
        states,
        json!({
            "model": "pno", "model_version": 0, "elapsed_us": null, "scope": {"shop": "flagship"}, "merged": 0, "erased": 0, "warnings": [],
            "at": [
                {"date": "2024-11-01", "states": {"old": 0, "new": 0, "potential": 1, "none": 1}, "total": 2},
                {"date": "2024-11-30", "states": {"old": 1, "new": 0, "potential": 0, "none": 3}, "total": 4},
            ],
        })
    );
    let mut body = lens;
    body["from"] = json!("2024-11-01");
    body["to"] = json!("2024-11-30");
    body["audience"] = json!(null);
    let flow = client.post("/flow", &body).await.json(200);
    assert_eq!(flow["states"], json!(["old", "new", "potential", "none"]));
    assert_eq!(flow["matrix"], json!([[0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 3]]));
    assert_eq!(
        (&flow["from"], &flow["to"], &flow["total"]),
        (&json!("2024-11-01"), &json!("2024-11-30"), &json!(4))
    );
}

#[tokio::test]
async fn a_moving_set_has_people_who_entered_and_left() {
    let client = Client::shop().await;
    let body = json!({
        "model": "retail", "from": "2024-11-01", "to": "2024-11-30",
        "expression": {"did": {"behavior": ["purchase"]}},
    });
    let flow = client.post("/flow", &body).await.json(200);
    assert!(flow["states"].as_array().unwrap().contains(&json!("entered")), "{flow}");
    assert_eq!((&flow["total"], &flow["scope"]), (&json!(1), &json!({"workspace": true})));
}

#[tokio::test]
async fn the_people_behind_a_number_can_be_saved() {
    let client = Client::shop().await;
    let in_flow = json!({
        "model": "pno", "scope": {"shop": "flagship"}, "from": "2024-11-01", "to": "2024-11-30",
        "cells": [{"from": "potential", "to": "old"}],
    });
    let mut found = client.post("/flow/cell", &in_flow).await.json(200);
    assert_eq!((&found["count"], &found["as_of"]), (&json!(1), &json!("2024-11-30")));
    let audience = json!({"name": "converted", "expression": found["expression"].take()});
    client.post("/audiences", &audience).await.json(201);
    let estimate = json!({"expression": {"audience": "converted"}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(1));

    let band = json!({"model": "pno", "scope": {"shop": "flagship"}, "date": "2024-11-30", "states": ["none", "old"]});
    assert_eq!(client.post("/states/band", &band).await.json(200)["count"], json!(4));
    let mut wrong = in_flow;
    wrong["cells"][0]["to"] = json!("olt");
    insta::assert_snapshot!(client.post("/flow/cell", &wrong).await.error(), @r#"
    400
    {
      "code": "unknown_state",
      "message": "the model \"pno\" has no state \"olt\"",
      "help": "did you mean \"old\"?",
      "at": "/cells/0/to"
    }
    "#);
}

#[tokio::test]
async fn a_funnel_counts_whoever_comes_so_far_in_time() {
    let client = Client::shop().await;
    let mut body = json!({
        "steps": [{"channel": ["sms"]}, {"behavior": ["purchase"], "shop": ["flagshop", "flagship"]}],
        "within": {"days": 1}, "as_of": "2024-11-30",
    });
    let mut funnel = client.post("/funnel", &body).await.json(200);
    assert!(funnel["elapsed_us"].take().is_u64());
    let first = json!({"did": {"channel": ["sms"]}});
    let both = json!({"sequence": {"steps": body["steps"], "within": {"days": 1}}});
    assert_eq!(
        funnel,
        json!({
            "as_of": "2024-11-30", "total": 4, "merged": 0, "erased": 0, "elapsed_us": null,
            "steps": [
                {"count": 1, "of_first": 1.0, "expression": first},
                {"count": 1, "of_first": 1.0, "of_previous": 1.0, "expression": both},
            ],
            "warnings": [{
                "code": "never_seen", "message": "no data and no catalogue mentions the shop \"flagshop\"",
                "at": "/steps/1/shop/0",
            }],
        })
    );
    body["within"] = json!({"minutes": 24 * 60 - 1});
    let funnel = client.post("/funnel", &body).await.json(200);
    assert_eq!((&funnel["steps"][0]["count"], &funnel["steps"][1]["count"]), (&json!(1), &json!(0)));
    body["expression"] = json!({"not": {"did": {"channel": ["sms"]}}});
    let funnel = client.post("/funnel", &body).await.json(200);
    assert_eq!((&funnel["total"], &funnel["steps"][0]["count"]), (&json!(3), &json!(0)));
    assert_eq!(funnel["steps"][1]["of_previous"], json!(null));
}

#[tokio::test]
async fn a_level_of_a_funnel_can_be_saved() {
    let client = Client::shop().await;
    let body = json!({
        "steps": [{"behavior": ["view", "impression"]}, {"behavior": ["purchase"]}], "as_of": "2024-11-30",
        "window": {"from": "2024-11-01", "to": "2024-11-02"}, "expression": {"did": {"shop": ["flagship"]}},
    });
    let mut funnel = client.post("/funnel", &body).await.json(200);
    for (step, count) in [(0, 2), (1, 1)] {
        let audience = json!({"name": format!("level_{step}"), "expression": funnel["steps"][step]["expression"].take()});
        client.post("/audiences", &audience).await.json(201);
        let estimate = json!({"expression": {"audience": audience["name"]}, "as_of": "2024-11-30"});
        assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(count));
        assert_eq!(funnel["steps"][step]["count"], json!(count));
    }
}

#[tokio::test]
async fn mistakes_in_a_funnel_have_a_place() {
    let client = Client::shop().await;
    let one = json!({"steps": [{}], "as_of": "2024-11-30"});
    insta::assert_snapshot!(client.post("/funnel", &one).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "a funnel has 2 to 10 steps, not 1",
      "at": "/steps"
    }
    "#);
    let mistyped = json!({"steps": [{}, {"behavior": ["purchse"]}], "as_of": "2024-11-30"});
    insta::assert_snapshot!(client.post("/funnel", &mistyped).await.error(), @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"purchse\"",
      "help": "did you mean \"purchase\"?",
      "at": "/steps/1/behavior/0"
    }
    "#);
    let elsewhere = json!({"steps": [{}, {}], "as_of": "2024-11-30", "expression": {"not": {"list": "vip"}}});
    insta::assert_snapshot!(client.post("/funnel", &elsewhere).await.error(), @r#"
    400
    {
      "code": "unknown_list",
      "message": "there is no list \"vip\"",
      "help": "there is no list yet",
      "at": "/expression/not/list"
    }
    "#);
}

#[tokio::test]
async fn retention_counts_by_cohort_and_every_number_has_people() {
    let client = Client::shop().await;
    let body = json!({
        "start": {}, "return": {"behavior": ["purchase", "view"]}, "window": {"from": "2024-11-01", "to": "2024-12-31"},
        "period": "day", "as_of": "2024-11-03",
    });
    let mut retention = client.post("/retention", &body).await.json(200);
    assert!(retention["elapsed_us"].take().is_u64());
    assert_eq!(
        retention,
        json!({
            "as_of": "2024-11-03", "period": "day", "total": 4, "merged": 0, "erased": 0, "elapsed_us": null,
            "cohorts": [
                {"date": "2024-11-01", "size": 1, "returned": [0, 1, 0]},
                {"date": "2024-11-02", "size": 1, "returned": [1, 0]},
                {"date": "2024-11-03", "size": 2, "returned": [1]},
            ],
            "warnings": [],
        })
    );
    let mut cell = body.clone();
    cell["cohort"] = json!("2024-11-03");
    assert_eq!(client.post("/retention/cell", &cell).await.json(200)["count"], json!(2));
    cell["later"] = json!(0);
    let people = client.post("/retention/cell", &cell).await.json(200);
    let estimate = json!({"expression": people["expression"], "as_of": people["as_of"]});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(1));
    let mut weeks = body;
    weeks["period"] = json!("week");
    let retention = client.post("/retention", &weeks).await.json(200);
    assert_eq!(retention["cohorts"], json!([{"date": "2024-10-28", "size": 4, "returned": [3]}]));
}

#[tokio::test]
async fn mistakes_in_a_retention_have_a_place() {
    let client = Client::shop().await;
    let mut body = json!({
        "start": {}, "return": {"behavior": ["purchse"]}, "window": {"days": 5}, "period": "day",
        "as_of": "2024-11-03", "cohort": "2024-11-09",
    });
    insta::assert_snapshot!(client.post("/retention/cell", &body).await.error(), @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"purchse\"",
      "help": "did you mean \"purchase\"?",
      "at": "/return/behavior/0"
    }
    "#);
    body["return"] = json!({});
    insta::assert_snapshot!(client.post("/retention/cell", &body).await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "no day of the window begins on 2024-11-09",
      "help": "the first begins on 2024-10-30",
      "at": "/cohort"
    }
    "#);
    body["cohort"] = json!("2024-11-03");
    body["later"] = json!(1);
    insta::assert_snapshot!(client.post("/retention/cell", &body).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the window ends before that: it has 5 periods",
      "at": "/later"
    }
    "#);
}

#[tokio::test]
async fn why_shows_events_tags_and_rules() {
    let client = Client::shop().await;
    let expression = json!({"all": [
        {"did": {"behavior": ["purchase"]}},
        {"tag": {"gender": {"eq": "female"}}},
        {"state": {"model": "pno", "scope": {"shop": "flagship"}, "in": ["old"]}},
    ]});
    let body = json!({"consumer": "ada", "expression": expression, "as_of": "2024-11-30"});
    let why = client.post("/why", &body).await.json(200);
    assert_eq!(why["consumer"], json!({"kind": "user_id", "value": "ada"}));
    assert_eq!((&why["member"], &why["known"]), (&json!(true), &json!(true)));
    let parts = &why["tree"]["parts"];
    assert_eq!(
        parts[0]["events"],
        json!({"total": 1, "shown": [{
            "time": "2024-11-02T02:00:00Z", "day": "2024-11-02", "behavior": "purchase", "channel": "shop",
            "shop": "flagship", "amount": "120.5",
        }]})
    );
    assert_eq!(parts[1]["tags"], json!({"gender": "female"}));
    assert_eq!((&parts[2]["state"], &parts[2]["parts"][0]["at"]), (&json!("old"), &json!("/all/2/pno:old")));
}

#[tokio::test]
async fn sql_answers_columns_and_rows() {
    let client = Client::shop().await;
    let query = "SELECT behavior, count(*) AS n FROM events GROUP BY behavior ORDER BY behavior";
    let rows = client.post("/sql", &json!({"query": query})).await.json(200);
    assert_eq!(rows["columns"], json!(["behavior", "n"]));
    assert_eq!(rows["rows"], json!([["add_to_cart", 1], ["impression", 1], ["purchase", 1], ["view", 2]]));
}

#[tokio::test]
async fn paths_sum_to_the_people_followed_and_can_be_saved() {
    let client = Client::shop().await;
    let lens = json!({
        "model": "pno", "scope": {"shop": "flagship"}, "dates": ["2024-11-01", "2024-11-02", "2024-11-30"], "top": 1,
    });
    let mut paths = client.post("/paths", &lens).await.json(200);
    assert!(paths["elapsed_us"].take().is_u64());
    let nobody = json!([0, 0, 0, 0]);
    assert_eq!(
        paths,
        json!({
            "model": "pno", "model_version": 0, "elapsed_us": null, "scope": {"shop": "flagship"}, "merged": 0, "erased": 0,
            "warnings": [], "total": 4, "dates": ["2024-11-01", "2024-11-02", "2024-11-30"],
            "states": ["old", "new", "potential", "none"],
            "paths": [{"states": ["none", "none", "none"], "count": 2}], "others": {"paths": 2, "count": 2},
            "flows": [
                [nobody, nobody, [1, 0, 0, 0], [0, 0, 1, 2]],
                [[1, 0, 0, 0], nobody, [0, 0, 0, 1], [0, 0, 0, 2]],
            ],
        })
    );
    let mut cell = lens.clone();
    cell.as_object_mut().unwrap().remove("top");
    cell["paths"] = json!([["potential", null, "old"]]);
    let mut found = client.post("/paths/cell", &cell).await.json(200);
    assert_eq!((&found["count"], &found["as_of"]), (&json!(1), &json!("2024-11-30")));
    let audience = json!({"name": "converted", "expression": found["expression"].take()});
    client.post("/audiences", &audience).await.json(201);
    let estimate = json!({"expression": {"audience": "converted"}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(1));
    cell["paths"] = json!([["potential", null, "olt"]]);
    insta::assert_snapshot!(client.post("/paths/cell", &cell).await.error(), @r#"
    400
    {
      "code": "unknown_state",
      "message": "the model \"pno\" has no state \"olt\"",
      "help": "did you mean \"old\"?",
      "at": "/paths/0/2"
    }
    "#);
    let mut backwards = lens.clone();
    backwards["dates"] = json!(["2024-11-02", "2024-11-01"]);
    insta::assert_snapshot!(client.post("/paths", &backwards).await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "2024-11-01 does not come after 2024-11-02",
      "help": "put the dates in order, each of them once",
      "at": "/dates/1"
    }
    "#);
}
