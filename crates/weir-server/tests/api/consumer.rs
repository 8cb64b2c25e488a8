//! One person: identifiers, tags, states, audiences, pushes, and what they did.

use serde_json::{Value, json};

use crate::client::Client;
use crate::ingest::Shop;

const SQL: &str = "SELECT t AS time, u AS id_user_id, p AS id_phone, m AS id_email, 'view' AS behavior, \
    'sms' AS channel, 'tea' AS item, o AS order_id, p AS phone, d AS id_device FROM input";
const ROWS: &str = "t,u,p,m,o,d\n\
    2024-11-05 10:00:00,ada,13712341234,lily@example.com,o-1,d1\n\
    2024-11-06 10:00:00,bob,,,,d1\n";

/// The shop, and two people who have used one device.
async fn shared_device() -> Client {
    let client = Client::shop().await;
    let form = [
        ("file", Some("views.csv"), ROWS),
        ("kind", None, "events"),
        ("sql", None, SQL),
        ("source", None, "views"),
    ];
    client.form("/imports", &form).await.json(201);
    client
}

fn texts<'a>(items: &'a Value, field: &str) -> Vec<&'a str> {
    items.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap_or("-")).collect()
}

#[tokio::test]
async fn a_person_is_told_as_of_a_date() {
    let client = shared_device().await;
    let buyers = json!({"expression": {"did": {"behavior": ["purchase"]}}});
    client.put("/audiences/buyers", &buyers).await.json(201);
    let top = json!({"expression": {"top": {"of": {"everyone": true}, "by": {"count": {"behavior": ["view"]}}, "n": 1}}});
    client.put("/audiences/most_views", &top).await.json(201);

    let ada = client.get("/consumers/ada?as_of=2024-11-30").await.json(200);
    assert_eq!(ada["consumer"], json!({"kind": "user_id", "value": "ada"}));
    assert_eq!(
        (&ada["known"], ada.get("known_since")),
        (&json!(true), None),
        "an undated tag is from the beginning"
    );
    assert_eq!(texts(&ada["identifiers"], "kind"), ["user_id", "phone", "email", "device"]);
    assert_eq!(ada["tags"], json!([{"name": "gender", "value": "female"}]));
    let audiences: Vec<(&str, &Value)> = ada["audiences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|audience| (audience["name"].as_str().unwrap(), &audience["member"]))
        .collect();
    assert_eq!(audiences, [("buyers", &json!(true)), ("most_views", &json!(false))], "bob has more views");
    let spans = &ada["states"]["spans"];
    assert_eq!(texts(spans, "state"), ["none", "potential", "old"]);
    assert_eq!(spans[0], json!({"state": "none", "from": "2024-06-04", "to": "2024-10-31"}));
    assert_eq!(spans[2], json!({"state": "old", "from": "2024-11-02", "to": "2024-11-30"}));
    let activity = &ada["activity"];
    assert_eq!((&activity["events"], &activity["later"]), (&json!(3), &json!(0)));
    assert_eq!(activity["entrances"], json!({"shop": 1, "crm": 2}));
    assert_eq!(activity["behaviors"], json!({"impression": 1, "purchase": 1, "view": 1}));

    let before = client.get("/consumers/ada?as_of=2024-11-01").await.json(200);
    assert_eq!(before["audiences"][0]["member"], false);
    assert_eq!((&before["activity"]["events"], &before["activity"]["later"]), (&json!(1), &json!(2)));
    assert_eq!(texts(&before["states"]["spans"], "state"), ["none", "potential"]);
    let cid = client.get("/consumers/cid?as_of=2024-11-02").await.json(200);
    assert_eq!((&cid["known"], &cid["known_since"]), (&json!(false), &json!("2024-11-03")));
    assert_eq!(cid["states"]["spans"], json!([]));
}

#[tokio::test]
async fn a_tag_has_the_value_that_was_in_force() {
    let client = Client::shop().await;
    let rows = "u,d,level\nada,2024-11-10,silver\nada,2024-11-20,gold\nada,2024-11-20,platinum\n";
    let sql = "SELECT u AS id_user_id, d AS time, level FROM input";
    let form = [("file", Some("tags.csv"), rows), ("kind", None, "tags"), ("sql", None, sql)];
    client.form("/imports", &form).await.json(201);
    let level = async |as_of: &str| {
        let ada = client.get(&format!("/consumers/ada?as_of={as_of}")).await.json(200);
        ada["tags"].as_array().unwrap().iter().find(|tag| tag["name"] == "level").cloned()
    };
    assert_eq!(level("2024-11-09").await, None);
    let silver = json!({"name": "level", "value": "silver", "since": "2024-11-10"});
    assert_eq!(level("2024-11-19").await, Some(silver));
    let platinum = json!({"name": "level", "value": "platinum", "since": "2024-11-20"});
    assert_eq!(level("2024-11-20").await, Some(platinum), "of one day the later statement counts");
}

#[tokio::test]
async fn personal_values_are_masked_unless_asked_for() {
    let client = shared_device().await;
    let values = |person: &Value| texts(&person["identifiers"], "value").join(" ");
    let masked = client.get("/consumers/ada?as_of=2024-11-30").await;
    assert!(!masked.text.contains("13712341234") && !masked.text.contains("lily@"), "{}", masked.text);
    let masked = masked.json(200);
    assert_eq!(
        (values(&masked).as_str(), &masked["masked"]),
        ("ada 137****1234 l***@example.com d1", &json!(true))
    );
    let whole = client.get("/consumers/ada?as_of=2024-11-30&unmasked=true").await.json(200);
    assert_eq!(values(&whole), "ada 13712341234 lily@example.com d1");
    assert_eq!(whole["masked"], false);

    // A key names an identifier and does not tell it.
    let key = masked["identifiers"][1]["key"].as_str().unwrap();
    let by_key = client.get(&format!("/consumers/{key}?as_of=2024-11-30")).await.json(200);
    assert_eq!(by_key, masked);
    assert_eq!(client.get("/consumers/phone:13712341234?as_of=2024-11-30").await.json(200), masked);

    let events = client.get("/consumers/ada/events").await;
    assert!(!events.text.contains("13712341234"), "{}", events.text);
    assert_eq!(events.json(200)["items"][0]["properties"]["phone"], "137****1234");
    let events = client.get("/consumers/ada/events?unmasked=true").await.json(200);
    assert_eq!(events["items"][0]["properties"]["phone"], 13_712_341_234_u64);
}

#[tokio::test]
async fn merges_and_unmerges_are_told_with_their_reasons() {
    let client = shared_device().await;
    let ada = client.get("/consumers/ada?as_of=2024-11-30").await.json(200);
    assert_eq!(texts(&ada["links"], "state"), ["active", "active", "active", "two_known_people"]);
    let of_device = |link: &&Value| link["b"]["value"] == "d1" && link["state"] == "active";
    let link = ada["links"].as_array().unwrap().iter().find(of_device).unwrap();
    let body = json!({"a": link["a_key"], "b": link["b_key"], "reason": "lent out"});
    assert_eq!(client.post("/identity/unlink", &body).await.json(200)["one_person"], false);

    let ada = client.get("/consumers/ada?as_of=2024-11-30").await.json(200);
    assert_eq!(texts(&ada["identifiers"], "kind"), ["user_id", "phone", "email"]);
    assert_eq!(texts(&ada["links"], "state"), ["active", "active", "unlinked"]);
    assert_eq!(
        (texts(&ada["statements"], "reason"), &ada["statements"][0]["counts"]),
        (vec!["lent out"], &json!(false))
    );
    let device = client.get("/consumers/device:d1?as_of=2024-11-30").await.json(200);
    assert_eq!(device["consumer"]["value"], "bob");
    assert_eq!(device["statements"], ada["statements"]);

    client.post("/identity/relink", &body).await.json(200);
    let again = client.get("/consumers/device:d1?as_of=2024-11-30").await.json(200);
    assert_eq!(
        (&again["consumer"]["value"], again["statements"].as_array().unwrap().len()),
        (&json!("ada"), 2)
    );
}

#[tokio::test]
async fn events_come_latest_first_in_pages_with_where_they_came_from() {
    let client = shared_device().await;
    let all = client.get("/consumers/ada/events").await.json(200);
    assert_eq!(texts(&all["items"], "day"), ["2024-11-05", "2024-11-02", "2024-11-01"]);
    let latest = &all["items"][0];
    assert_eq!((&latest["order"], &latest["item"]), (&json!("o-1"), &json!("tea")));
    assert_eq!((&latest["source"], &latest["import"]), (&json!("views"), &json!(3)));
    assert_eq!(latest["local_time"], "2024-11-05T10:00:00+08:00");
    assert_eq!(latest["time"], "2024-11-05T02:00:00Z");
    assert_eq!(all["items"][1]["amount"], "120.5");

    let mut paged = Vec::new();
    let mut after = String::new();
    loop {
        let page = client.get(&format!("/consumers/ada/events?limit=1{after}")).await.json(200);
        paged.extend(page["items"].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(json!(paged), all["items"]);

    let days = async |query: &str| {
        let events = client.get(&format!("/consumers/ada/events?{query}")).await.json(200);
        texts(&events["items"], "day").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(days("as_of=2024-11-02").await, ["2024-11-02", "2024-11-01"]);
    assert_eq!(days("behavior=purchase").await, ["2024-11-02"]);
    assert_eq!(days("channel=crm").await, ["2024-11-05", "2024-11-01"]);
    assert_eq!(days("from=2024-11-02&to=2024-11-04").await, ["2024-11-02"]);
}

#[tokio::test]
async fn events_of_one_instant_are_on_one_page_each() {
    let client = Client::shop().await;
    let rows = "t,u,i\n2024-11-05 10:00:00,ada,a\n2024-11-05 10:00:00,ada,b\n2024-11-05 10:00:00,ada,c\n";
    let sql = "SELECT t AS time, u AS id_user_id, i AS item, 'view' AS behavior FROM input";
    let form = [("file", Some("views.csv"), rows), ("kind", None, "events"), ("sql", None, sql)];
    client.form("/imports", &form).await.json(201);
    let first = client.get("/consumers/ada/events?limit=2").await.json(200);
    let after = first["next"].as_str().unwrap();
    let second = client.get(&format!("/consumers/ada/events?limit=2&after={after}")).await.json(200);
    assert_eq!(texts(&first["items"], "item"), ["a", "b"]);
    assert_eq!(texts(&second["items"], "item"), ["c", "-"]);
}

#[tokio::test]
async fn what_has_just_arrived_is_there_and_late_events_take_their_place() {
    let shop = Shop::open().await;
    let track = |id: &str, user: &str, time: &str| {
        json!({"type": "track", "messageId": id, "userId": user, "anonymousId": "a-1", "timestamp": time,
            "event": "Order Completed", "properties": {"order_id": id, "total": 10}})
    };
    shop.batch(&[track("m-2", "ada", "2024-11-05T10:00:00Z")]).await.json(200);
    shop.batch(&[track("m-1", "ada", "2024-11-03T10:00:00Z")]).await.json(200);

    let events = shop.client.get("/consumers/ada/events").await.json(200);
    assert_eq!(texts(&events["items"], "order"), ["m-2", "m-1"], "{events}");
    assert_eq!(texts(&events["items"], "source"), ["web", "web"]);
    assert_eq!(events["items"][0]["import"], Value::Null, "it is in the log");
    let ada = shop.client.get("/consumers/ada?as_of=2024-11-30").await.json(200);
    assert_eq!(texts(&ada["identifiers"], "kind"), ["user_id", "anonymous_id"]);
    assert_eq!(texts(&ada["links"], "state"), ["active", "active"]);
    assert_eq!(ada["activity"]["events"], 2);
    assert_eq!(ada["known_since"], "2024-11-03");
}

#[tokio::test]
async fn pushes_are_told_with_their_outcome() {
    let client = Client::shop().await;
    let file = json!({"name": "crm", "kind": "file", "format": "csv"});
    client.post("/destinations", &file).await.json(201);
    let push = json!({"destination": "crm", "expression": {"did": {"behavior": ["purchase"]}},
        "as_of": "2024-11-30", "name": "autumn", "holdout_percent": 100});
    let made = client.post("/pushes", &push).await.json(202);
    let ada = client.get("/consumers/ada?as_of=2024-11-30").await.json(200);
    let told = &ada["pushes"][0];
    assert_eq!((&told["push"], &told["name"]), (&made["push"], &json!("autumn")));
    assert_eq!((&told["outcome"], &told["destination"]), (&json!("holdout"), &json!("crm")));
    let bob = client.get("/consumers/bob?as_of=2024-11-30").await.json(200);
    assert_eq!(bob["pushes"], json!([]));
}

#[tokio::test]
async fn the_people_of_an_expression_come_in_pages() {
    let client = shared_device().await;
    let ask = |after: Option<&Value>| {
        let expression = json!({"did": {"behavior": ["view"]}});
        json!({"expression": expression, "as_of": "2024-11-30", "limit": 2, "after": after})
    };
    let first = client.post("/consumers", &ask(None)).await.json(200);
    let second = client.post("/consumers", &ask(Some(&first["next"]))).await.json(200);
    let people = [&first, &second].map(|page| page["items"].as_array().unwrap().clone()).concat();
    let named: Vec<&str> = people.iter().map(|one| one["consumer"]["value"].as_str().unwrap()).collect();
    assert_eq!(named, ["ada", "bob", "dan"]);
    assert_eq!(second["next"], Value::Null);
    let key = people[1]["key"].as_str().unwrap();
    let bob = client.get(&format!("/consumers/{key}?as_of=2024-11-30")).await.json(200);
    assert_eq!(bob["consumer"]["value"], "bob");
    let wrong = json!({"expression": {"did": {"behavior": ["wiev"]}}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/consumers", &wrong).await.json(400)["at"], "/expression/did/behavior/0");
}

#[tokio::test]
async fn what_cannot_be_answered_says_why() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.get("/consumers/zoe").await.error(), @r#"
    404
    {
      "code": "unknown_consumer",
      "message": "nobody is known as \"zoe\"",
      "help": "name a user id, or write kind:value, for example email:someone@example.com"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/~999").await.error(), @r#"
    404
    {
      "code": "unknown_consumer",
      "message": "nobody is known as \"~999\"",
      "help": "name a user id, or write kind:value, for example email:someone@example.com"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada?scope=shop").await.error(), @r#"
    400
    {
      "code": "invalid_scope",
      "message": "\"shop\" is not a scope",
      "help": "write shop=ID, brand=ID, category=ID or workspace",
      "at": "scope"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada?model=pnu").await.error(), @r#"
    404
    {
      "code": "unknown_model",
      "message": "there is no state model \"pnu\"",
      "help": "did you mean \"pno\"?",
      "at": "model"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada/events?channel=smz").await.error(), @r#"
    400
    {
      "code": "unknown_channel",
      "message": "there is no channel \"smz\"",
      "help": "did you mean \"sms\"?",
      "at": "channel"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada/events?from=2024-11-02&to=2024-11-01").await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "2024-11-02 is after 2024-11-01",
      "help": "put the earlier date first",
      "at": "from"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada/events?after=3").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "\"3\" is not a cursor of this listing",
      "at": "after"
    }
    "#);
    insta::assert_snapshot!(client.get("/consumers/ada?days=0").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "states are told of 1 to 1100 days, not 0",
      "at": "days"
    }
    "#);
}
