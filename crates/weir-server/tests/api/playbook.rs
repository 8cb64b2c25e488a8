//! Playbooks: their defaults, what they would make, and what they make.

use serde_json::{Value, json};

use crate::client::Client;

const ALL: [&str; 6] = [
    "brand_to_performance",
    "performance_chain",
    "after_promotion",
    "activity_to_ads",
    "content_to_ads",
    "offsite_to_onsite",
];

#[tokio::test]
async fn each_is_made_once_and_again_without_a_change() {
    let client = Client::shop().await;
    let listed = client.get("/playbooks").await.json(200);
    let names: Vec<&str> =
        listed["items"].as_array().unwrap().iter().map(|book| book["name"].as_str().unwrap()).collect();
    assert_eq!(names, ALL);
    for name in ALL {
        let (path, filled) = (format!("/playbooks/{name}"), json!({"prefix": format!("x_{name}")}));
        let preview = client.post(&format!("{path}/preview"), &filled).await.json(200);
        assert_eq!(client.get(&format!("/audiences/x_{name}_target")).await.status, 404, "{name}");
        let mut made = client.post(&path, &filled).await.json(201);
        let changes = |made: &Value| -> Vec<Value> {
            made["applied"].as_array().unwrap().iter().map(|one| one["change"].clone()).collect()
        };
        assert!(changes(&made).iter().all(|change| change == "created"), "{made}");
        let target = preview["audiences"].as_array().unwrap().last().unwrap();
        assert_eq!((&made["locked"]["size"], &made["audiences"]), (&target["count"], &preview["audiences"]));
        let again = client.post(&path, &filled).await.json(201);
        assert!(changes(&again).iter().all(|change| change == "unchanged"), "{again}");
        assert_eq!(again["locked"], made["locked"].take());
        let report = format!("/tracks/x_{name}_track/report?to={}", preview["as_of"].as_str().unwrap());
        assert_eq!(client.get(&report).await.status, 200, "{name}");
        assert_eq!(client.get("/pushes").await.json(200)["items"], json!([]), "nothing is sent");
    }
}

#[tokio::test]
async fn each_medium_has_the_people_it_says() {
    let client = Client::shop().await;
    let filled = json!({"brand": ["ads"], "performance": ["content", "shop"]});
    let preview = client.post("/playbooks/brand_to_performance/preview", &filled).await.json(200);
    let media = preview["media"].as_array().unwrap();
    assert_eq!(media.len(), 3);
    for medium in media {
        let others = media.iter().filter(|other| *other != medium).map(|other| other["expression"].clone());
        let only: Vec<Value> = [medium["expression"].clone()].into_iter().chain(others).collect();
        for (expression, count) in [(medium["expression"].clone(), "count"), (json!({"minus": only}), "only")]
        {
            let asked = json!({"expression": expression, "as_of": preview["as_of"]});
            let told = client.post("/audiences/estimate", &asked).await.json(200);
            assert_eq!(told["count"], medium[count], "{medium}");
        }
    }
}

#[tokio::test]
async fn defaults_come_from_the_data() {
    let client = Client::shop().await;
    let book = client.get("/playbooks/after_promotion").await.json(200);
    let default = |name: &str| {
        let parameters = book["parameters"].as_array().unwrap();
        parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["default"].clone()
    };
    assert_eq!(
        [default("as_of"), default("to"), default("scope"), default("destination")],
        [json!("2024-11-03"), json!("2024-11-02"), json!({"shop": "flagship"}), json!(null)]
    );
}

#[tokio::test]
async fn mistakes_leave_nothing_behind() {
    let client = Client::shop().await;
    let path = "/playbooks/activity_to_ads";
    let error = |filled| async move { Client::shop().await.post(path, &filled).await.error() };
    insta::assert_snapshot!(error(json!({"days": 0})).await, @r#"
    400
    {
      "code": "invalid_argument",
      "message": "days is a whole number from 1 to 3650, not 0",
      "at": "/days"
    }
    "#);
    insta::assert_snapshot!(error(json!({"model": "pnoo"})).await, @r#"
    404
    {
      "code": "unknown_model",
      "message": "there is no state model \"pnoo\"",
      "help": "did you mean \"pno\"?",
      "at": "/model"
    }
    "#);
    insta::assert_snapshot!(error(json!({"destination": "nowhere"})).await, @r#"
    404
    {
      "code": "unknown_destination",
      "message": "there is no destination \"nowhere\"",
      "at": "/destination"
    }
    "#);
    insta::assert_snapshot!(error(json!({"activity": ["pigeons"]})).await, @r#"
    400
    {
      "code": "unknown_channel",
      "message": "there is no channel \"pigeons\"",
      "help": "did you mean \"pigeon\"?",
      "at": "/did/channel/0"
    }
    "#);
    client.post(path, &json!({"prefix": "x"})).await.json(201);
    let other = client.post(path, &json!({"prefix": "x", "days": 1})).await;
    insta::assert_snapshot!(other.error(), @r#"
    409
    {
      "code": "name_taken",
      "message": "the snapshot \"x_locked\" holds other people",
      "help": "choose another prefix",
      "at": "/prefix"
    }
    "#);
    let kept = client.get("/audiences/x_came").await.json(200);
    assert_eq!(kept["version"], json!(1));
}
