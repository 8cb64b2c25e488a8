//! Portraits, and funnels told apart.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn a_portrait_compares_with_a_base() {
    let client = Client::shop().await;
    let asked = json!({
        "expression": {"did": {"behavior": ["view", "purchase"]}}, "as_of": "2024-11-30",
        "cuts": [{"tag": "gender"}, {"channel": "entrance"}, {"field": "shop"},
            {"state": {"model": "pno", "scope": {"shop": "flagship"}}},
            {"measure": "amount", "events": {"behavior": ["purchase"]}, "edges": [100]}],
    });
    let portrait = client.post("/portrait", &asked).await.json(200);
    assert_eq!(portrait["sizes"], json!({"subject": 3, "base": 4, "both": 3}));
    let rows = |cut: usize| -> Vec<String> {
        let rows = portrait["cuts"][cut]["rows"].as_array().unwrap();
        rows.iter().map(|row| format!("{} {}/{}", row["value"], row["subject"], row["base"])).collect()
    };
    assert_eq!(rows(0), ["\"female\" 1/1", "\"male\" 1/1", "null 1/2"]);
    assert_eq!(rows(1), ["\"shop\" 2/3", "\"crm\" 1/1", "\"unmapped\" 1/1"]);
    assert_eq!(rows(2), ["\"flagship\" 3/3", "\"outlet\" 0/1"]);
    assert_eq!(rows(3), ["\"old\" 1/1", "\"new\" 0/0", "\"potential\" 0/0", "\"none\" 2/3"]);
    assert_eq!(rows(4), ["\"< 100\" 0/0", "\"≥ 100\" 1/1", "null 2/3"]);
    // One of three against one of four; of one person nothing is sure.
    let female = &portrait["cuts"][0]["rows"][0];
    assert!((female["tgi"].as_f64().unwrap() - 400.0 / 3.0).abs() < 1e-9, "{female}");
    assert!((female["p"].as_f64().unwrap() - 1.0).abs() < 1e-9, "{female}");
    assert_eq!((&female["notable"], &female["caution"]), (&json!(false), &json!("few")));
    let nobody = &portrait["cuts"][3]["rows"][1];
    assert_eq!((&nobody["tgi"], &nobody["caution"]), (&json!(null), &json!("not_in_base")));
    let people = json!({"expression": female["expression"], "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &people).await.json(200)["count"], json!(1));
    assert_eq!(portrait["cuts"][2]["rest"], json!({"subject": 0, "base": 0, "both": 0}));
}

#[tokio::test]
async fn without_cuts_it_shows_everything_usual() {
    let client = Client::shop().await;
    let portrait = client.post("/portrait", &json!({"as_of": "2024-11-30"})).await.json(200);
    let names: Vec<&str> =
        portrait["cuts"].as_array().unwrap().iter().map(|cut| cut["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["tag gender", "entrance", "category", "brand", "shop", "state pno workspace", "amount", "orders"]
    );
    let row = &portrait["cuts"][0]["rows"][0];
    assert_eq!((&row["tgi"], &row["caution"]), (&json!(100.0), &json!("no_rest")));
}

#[tokio::test]
async fn mistakes_have_a_place() {
    let client = &Client::shop().await;
    let error = |asked: Value| async move { client.post("/portrait", &asked).await.error() };
    let cut = |cut| json!({"as_of": "2024-11-30", "cuts": [{"tag": "gender"}, cut]});
    insta::assert_snapshot!(error(cut(json!({"tag": "gendr"}))).await, @r#"
    400
    {
      "code": "unknown_tag",
      "message": "there is no tag \"gendr\"",
      "help": "did you mean \"gender\"?",
      "at": "/cuts/1/tag"
    }
    "#);
    insta::assert_snapshot!(error(cut(json!({"tag": "gender", "bins": 3}))).await, @r#"
    400
    {
      "code": "invalid_argument",
      "message": "bins need numbers, and this is one of a tag whose values are not",
      "at": "/cuts/1/bins"
    }
    "#);
    insta::assert_snapshot!(error(cut(json!({"field": "shop", "events": {"behavior": ["vew"]}}))).await, @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"vew\"",
      "help": "did you mean \"view\"?",
      "at": "/cuts/1/events/behavior/0"
    }
    "#);
    insta::assert_snapshot!(
        error(json!({"as_of": "2024-11-30", "base": {"expression": {"list": "x"}}})).await, @r#"
        400
        {
          "code": "unknown_list",
          "message": "there is no list \"x\"",
          "help": "there is no list yet",
          "at": "/base/expression/list"
        }
        "#);
}

#[tokio::test]
async fn a_funnel_is_told_apart() {
    let client = Client::shop().await;
    let asked = json!({
        "steps": [{"behavior": ["impression", "view"]}, {"behavior": ["purchase"]}], "as_of": "2024-11-30",
        "breakdown": {"channel": "node", "limit": 1},
    });
    let funnel = client.post("/funnel", &asked).await.json(200);
    let whole: Vec<u64> =
        funnel["steps"].as_array().unwrap().iter().map(|s| s["count"].as_u64().unwrap()).collect();
    assert_eq!(whole, [3, 1]);
    let breakdown = &funnel["breakdown"];
    let told = |row: &Value| (row["value"].clone(), row["total"].clone(), row["steps"][1]["count"].clone());
    assert_eq!(told(&breakdown["rows"][0]), (json!("shop"), json!(3), json!(1)));
    assert_eq!(told(&breakdown["rest"]), (json!(null), json!(1), json!(0)));
    assert_eq!(breakdown["more"], json!(4));
    let row = json!({"expression": breakdown["rows"][0]["steps"][1]["expression"], "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &row).await.json(200)["count"], json!(1));
    let wrong = json!({"steps": asked["steps"], "as_of": "2024-11-30", "breakdown": {"tag": "gendr"}});
    insta::assert_snapshot!(client.post("/funnel", &wrong).await.error(), @r#"
    400
    {
      "code": "unknown_tag",
      "message": "there is no tag \"gendr\"",
      "help": "did you mean \"gender\"?",
      "at": "/breakdown/tag"
    }
    "#);
}
