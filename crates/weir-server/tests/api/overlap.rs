//! Overlap of sets, and media planned over it.

use serde_json::{Value, json};

use crate::client::Client;

/// ada, bob and dan were at the flagship; ada bought; cid went to the outlet.
fn sets() -> Value {
    json!([
        {"name": "flagship", "expression": {"did": {"shop": ["flagship"]}}},
        {"channel": "shop"},
        {"name": "bought", "channel": "shop", "behavior": ["purchase"], "within": {"days": 60}},
    ])
}

#[tokio::test]
async fn combinations_sum_to_the_union_and_are_expressions() {
    let client = Client::shop().await;
    let mut overlap =
        client.post("/overlap", &json!({"sets": sets(), "as_of": "2024-11-30"})).await.json(200);
    assert!(overlap["elapsed_us"].take().is_u64());
    assert_eq!((&overlap["union"], &overlap["universe"]), (&json!(4), &json!(4)));
    let sizes = |field: &str| {
        overlap["sets"].as_array().unwrap().iter().map(|set| set[field].clone()).collect::<Vec<_>>()
    };
    assert_eq!(sizes("name"), [json!("flagship"), json!("shop"), json!("bought")]);
    assert_eq!(
        (sizes("size"), sizes("only")),
        (vec![json!(3), json!(3), json!(1)], vec![json!(1), json!(1), json!(0)])
    );
    assert_eq!(overlap["matrix"], json!([[3, 2, 1], [2, 3, 1], [1, 1, 1]]));
    assert_eq!(overlap["jaccard"][0], json!([1.0, 0.5, 1.0 / 3.0]));
    let combinations = overlap["combinations"].as_array().unwrap();
    let people = combinations.iter().map(|combination| combination["people"].as_u64().unwrap());
    assert_eq!(people.sum::<u64>(), 4);
    for combination in combinations {
        let estimate = json!({"expression": combination["expression"], "as_of": "2024-11-30"});
        let estimate = client.post("/audiences/estimate", &estimate).await.json(200);
        assert_eq!(estimate["count"], combination["people"], "{combination}");
    }
    assert_eq!(overlap["more"], json!({"combinations": 0, "people": 0}));
}

#[tokio::test]
async fn what_is_not_listed_is_counted() {
    let client = Client::shop().await;
    let body = json!({"sets": sets(), "as_of": "2024-11-30", "limit": 1});
    let overlap = client.post("/overlap", &body).await.json(200);
    assert_eq!(overlap["combinations"].as_array().unwrap().len(), 1);
    assert_eq!(overlap["more"], json!({"combinations": 3, "people": 3}));
    let none = json!({"sets": sets(), "as_of": "2024-11-30", "limit": 0});
    assert_eq!(client.post("/overlap", &none).await.json(400)["at"], "/limit");
}

#[tokio::test]
async fn mistakes_in_a_set_have_a_place() {
    let client = Client::shop().await;
    let at = |sets: Value| {
        let client = &client;
        async move {
            let error = client.post("/overlap", &json!({"sets": sets, "as_of": "2024-11-30"})).await;
            let status = error.status.as_u16();
            let error: Value = serde_json::from_str(&error.text).unwrap();
            (status, error["code"].clone(), error["at"].clone())
        }
    };
    let all = json!({"expression": {"everyone": true}});
    assert_eq!(at(json!([all])).await, (400, json!("invalid_argument"), json!("/sets")));
    assert_eq!(
        at(json!([all, {"channel": "shop", "behavior": ["purchse"]}])).await,
        (400, json!("unknown_behavior"), json!("/sets/1/behavior/0"))
    );
    assert_eq!(
        at(json!([{"channel": "smss"}, all])).await,
        (400, json!("unknown_channel"), json!("/sets/0/channel/0"))
    );
    assert_eq!(
        at(json!([all, {"audience": "nobody"}])).await,
        (404, json!("unknown_audience"), json!("/sets/1/audience"))
    );
    assert_eq!(
        at(json!([all, {"name": "x", "expression": {"not": {"list": "vip"}}}])).await,
        (400, json!("unknown_list"), json!("/sets/1/expression/not/list"))
    );
}

#[tokio::test]
async fn a_plan_spends_no_more_than_the_budget_and_its_people_are_an_expression() {
    let client = Client::shop().await;
    let media = json!([
        {"name": "flagship", "expression": {"did": {"shop": ["flagship"]}}, "cost": {"fixed": "10"}},
        {"channel": "shop", "cost": {"fixed": 2, "per_thousand": "1000"}},
        {"channel": "crm.sms", "cost": {"fixed": 100}},
    ]);
    let body = json!({"media": media, "budget": "20", "as_of": "2024-11-30"});
    let plan = client.post("/reach", &body).await.json(200);
    assert_eq!(
        plan["plan"],
        json!([
            {"medium": "shop", "size": 3, "cost": "5", "new": 3, "reach": 3, "spent": "5"},
            {"medium": "flagship", "size": 3, "cost": "10", "new": 1, "reach": 4, "spent": "15"},
        ])
    );
    let left_out = json!([{"medium": "crm.sms", "size": 1, "cost": "100", "reason": "nobody_new"}]);
    assert_eq!((&plan["left_out"], &plan["cost"], &plan["reach"]), (&left_out, &json!("15"), &json!(4)));
    assert_eq!(plan["frequency"], json!({"once": 2, "twice": 2, "three_or_more": 0}));
    assert_eq!((&plan["best"]["reach"], &plan["of_best"]), (&json!(4), &json!(1.0)));
    let estimate = json!({"expression": plan["expression"], "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], json!(4));
    let wrong = json!({"media": [{"channel": "shop"}], "as_of": "2024-11-30"});
    assert_eq!(client.post("/reach", &wrong).await.json(400)["at"], "/media/0");
}
