//! Channels: whom they reached, the form of one, and what a filled-in form means.

use serde_json::{Value, json};

use crate::client::Client;

#[tokio::test]
async fn a_channel_reaches_everybody_below_it_once() {
    let client = Client::shop().await;
    let reach = client.post("/channels/reach", &json!({"as_of": "2024-11-30", "days": 30})).await.json(200);
    let people = |path: &str| {
        let node = reach["channels"].as_array().unwrap().iter().find(|node| node["path"] == path).unwrap();
        (node["people"].clone(), node["expression"].clone())
    };
    // ada got an impression by SMS and bought in the shop; dan came by pigeon.
    assert_eq!((&reach["any"], &reach["universe"], &reach["days"]), (&json!(4), &json!(4), &json!(30)));
    assert_eq!([people("shop").0, people("crm").0, people("crm.sms").0], [3, 1, 1].map(|n| json!(n)));
    assert_eq!((people("unmapped").0, people("ads").0), (json!(1), json!(0)));
    for path in ["shop", "unmapped.pigeon", "ads"] {
        let (count, expression) = people(path);
        let estimate = json!({"expression": expression, "as_of": "2024-11-30"});
        assert_eq!(client.post("/audiences/estimate", &estimate).await.json(200)["count"], count, "{path}");
    }
    let bought = json!({"as_of": "2024-11-30", "days": 28, "behavior": ["purchase"]});
    assert_eq!(client.post("/channels/reach", &bought).await.json(200)["any"], json!(0));
    let wrong = json!({"as_of": "2024-11-30", "behavior": ["purchse"]});
    assert_eq!(client.post("/channels/reach", &wrong).await.json(400)["at"], "/behavior/0");
    let none = json!({"as_of": "2024-11-30", "days": 0});
    assert_eq!(client.post("/channels/reach", &none).await.json(400)["at"], "/days");
}

#[tokio::test]
async fn a_form_offers_what_data_has_brought() {
    let client = Client::shop().await;
    let form = client.get("/channels/sms/conditions").await.json(200);
    assert_eq!(form["channel"], "crm.sms");
    let field =
        |name: &str| form["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("behavior")["options"], json!([{"value": "impression", "events": 1}]));
    assert_eq!(field("shop")["options"], json!([{"value": "flagship", "events": 1}]));
    assert_eq!(
        (&field("within")["default"], &field("count")["kind"]),
        (&json!({"days": 30}), &json!("number"))
    );
    let before = client.get("/channels/sms/conditions?as_of=2024-10-31").await.json(200);
    assert_eq!(before["fields"][0].get("options"), None);
    assert_eq!(client.get("/channels/smss/conditions").await.json(400)["code"], "unknown_channel");
}

#[tokio::test]
async fn a_filled_in_form_is_an_expression() {
    let client = Client::shop().await;
    let fill = |conditions: Value| {
        let client = &client;
        async move {
            client
                .post("/channels/sms/audience", &json!({"conditions": conditions, "as_of": "2024-11-30"}))
                .await
        }
    };
    let reached = fill(json!({"behavior": ["impression"], "within": {"days": 30}})).await.json(200);
    let did = json!({"did": {"behavior": ["impression"], "channel": ["crm.sms"], "within": {"days": 30}}});
    assert_eq!((&reached["expression"], &reached["count"]), (&did, &json!(1)));
    let left = fill(json!({"within": {"days": 30}, "not_bought_since": true})).await.json(200);
    assert_eq!(
        (&left["count"], &left["expression"]["minus"][0]["did"]["channel"]),
        (&json!(0), &json!(["crm.sms"]))
    );
    let wrong = fill(json!({"behavior": ["impresion"]})).await.json(400);
    assert_eq!(
        (&wrong["code"], &wrong["at"]),
        (&json!("unknown_behavior"), &json!("/conditions/behavior/0"))
    );
    let uncounted = client.post("/channels/sms/audience", &json!({"conditions": {}})).await.json(200);
    assert_eq!((uncounted.get("count"), uncounted.get("as_of")), (None, None));
}
