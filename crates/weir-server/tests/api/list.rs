//! Lists: plain and hashed uploads, what became of them, removing them.

use serde_json::{Value, json};
use weir_core::list::Hashing;

use crate::client::{Client, Reply};

async fn upload(client: &Client, name: &str, text: &str, more: &[(&str, Option<&str>, &str)]) -> Reply {
    let parts = [
        ("kind", None, "list"),
        ("name", None, name),
        ("identifier_kind", None, "user_id"),
        ("file", Some("list.csv"), text),
    ];
    client.form("/imports", &[&parts[..], more].concat()).await
}

async fn count(client: &Client, list: &str) -> Value {
    let estimate = json!({"expression": {"list": list}, "as_of": "2024-11-30"});
    client.post("/audiences/estimate", &estimate).await.json(200)["count"].clone()
}

#[tokio::test]
async fn a_plain_list_tells_who_was_known() {
    let client = Client::shop().await;
    let import = upload(&client, "vip", "user_id\nada\nzoe\nada\n=cmd\n", &[]).await.json(201);
    assert_eq!(
        [&import["read"], &import["accepted"], &import["duplicate"]],
        [4, 3, 1].map(|n| json!(n)).each_ref()
    );
    let list = client.get("/lists/vip").await.json(200);
    assert_eq!([&list["matched"], &list["unmatched"], &list["size"]], [1, 2, 3].map(|n| json!(n)).each_ref());
    assert_eq!(
        (&list["kind"], &list["owner"], &list["imports"]),
        (&json!("user_id"), &json!("own"), &json!([import["import"]]))
    );
    assert_eq!(count(&client, "vip").await, json!(3));
    let unmatched = client.get("/lists/vip/unmatched").await;
    assert_eq!(unmatched.text, "value\r\n'=cmd\r\nzoe\r\n");
    assert_eq!(unmatched.headers["content-type"], "text/csv; charset=utf-8");
}

#[tokio::test]
async fn hashes_find_the_people_that_they_stand_for() {
    let client = Client::shop().await;
    for (name, hashing) in [("sha", Hashing::Sha256), ("md", Hashing::Md5)] {
        let hex = |value: &str| hashing.hex(&hashing.of(value));
        let text = format!(
            "hash\n{}\n{}\n{}\n{}\nbob\n",
            hex("ada"),
            hex("bob").to_uppercase(),
            hex("zoe"),
            hex("ada")
        );
        let parts = [("hashed", None, hashing.name()), ("partner", None, "databank")];
        let import = upload(&client, name, &text, &parts).await.json(201);
        let ledger =
            ["read", "accepted", "duplicate", "rejected", "new_consumers"].map(|field| import[field].clone());
        assert_eq!(ledger, [5, 3, 1, 1, 0].map(|n| json!(n)), "{name}");
        assert_eq!(import["reasons"], json!({"not_a_hash": 1}));
        let list = client.get(&format!("/lists/{name}")).await.json(200);
        assert_eq!(
            [&list["matched"], &list["unmatched"], &list["size"]],
            [2, 1, 2].map(|n| json!(n)).each_ref()
        );
        assert_eq!(
            (&list["owner"], &list["partner"], &list["hashed"]),
            (&json!("partner"), &json!("databank"), &json!(hashing.name()))
        );
        assert_eq!(count(&client, name).await, json!(2));
        assert_eq!(
            client.get(&format!("/lists/{name}/unmatched")).await.text,
            format!("value\r\n{}\r\n", hex("zoe"))
        );
        // The same hashes again: nothing is new.
        let again = upload(&client, name, &text, &parts).await.json(201);
        assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(4)));
    }
}

#[tokio::test]
async fn an_upload_adds_or_replaces() {
    let client = Client::shop().await;
    let first = upload(&client, "vip", "user_id\nada\nbob\n", &[]).await.json(201);
    upload(&client, "vip", "user_id\nbob\ncid\n", &[]).await.json(201);
    assert_eq!(count(&client, "vip").await, json!(3));
    let replaced =
        upload(&client, "vip", "user_id\nbob\ndan\n", &[("mode", None, "replace")]).await.json(201);
    assert_eq!((&replaced["accepted"], &replaced["duplicate"]), (&json!(2), &json!(0)));
    assert_eq!(count(&client, "vip").await, json!(2));
    assert_eq!(client.get(&format!("/imports/{}", first["import"])).await.json(200)["state"], "undone");
    assert_eq!(client.get("/lists/vip").await.json(200)["imports"], json!([replaced["import"]]));
    let wrong = upload(&client, "vip", "user_id\nbob\n", &[("mode", None, "append")]).await.json(400);
    assert_eq!((&wrong["code"], &wrong["at"]), (&json!("invalid_argument"), &json!("mode")));
    let wrong = upload(&client, "vip", "user_id\nbob\n", &[("owner", None, "partner")]).await.json(400);
    assert_eq!(wrong["at"], "partner");
}

#[tokio::test]
async fn a_list_in_use_stays() {
    let client = Client::shop().await;
    for name in ["a", "b"] {
        upload(&client, name, "user_id\nada\n", &[]).await.json(201);
    }
    client.put("/audiences/on_a", &json!({"expression": {"not": {"list": "a"}}})).await.json(201);
    assert_eq!(client.get("/lists/a").await.json(200)["used_by"], json!(["audience on_a"]));
    assert_eq!(client.delete("/lists/a").await.json(409)["code"], "in_use");
    let page = client.get("/lists?limit=1").await.json(200);
    assert_eq!((&page["items"][0]["name"], &page["next"]), (&json!("a"), &json!("a")));
    assert_eq!(client.get("/lists?after=a").await.json(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(client.delete("/lists/b").await.status, 204);
    assert_eq!(client.get("/lists/b").await.status, 404);
    assert_eq!(client.delete("/lists/b").await.status, 404);
    let gone = json!({"expression": {"list": "b"}, "as_of": "2024-11-30"});
    assert_eq!(client.post("/audiences/estimate", &gone).await.json(400)["code"], "unknown_list");
}

#[tokio::test]
async fn a_hash_finds_who_came_in_a_moment_ago() {
    let client = Client::shop().await;
    let hashing = Hashing::Sha256;
    let event =
        json!({"events": [{"behavior": "view", "time": "2024-11-05T00:00:00Z", "ids": {"user_id": "zoe"}}]});
    let app = client.app.clone();
    // It is in the ingest log and in no file yet.
    let taken = tokio::task::spawn_blocking(move || {
        let sender = app.workspace("default").unwrap().sender("live");
        sender.take(weir_app::Form::Native, event.to_string().as_bytes(), || {}).unwrap()
    });
    assert_eq!(taken.await.unwrap().accepted, 1);
    let text = format!("hash\n{}\n", hashing.hex(&hashing.of("zoe")));
    upload(&client, "sha", &text, &[("hashed", None, "sha256")]).await.json(201);
    let list = client.get("/lists/sha").await.json(200);
    assert_eq!([&list["matched"], &list["unmatched"], &list["size"]], [1, 0, 1].map(|n| json!(n)).each_ref());
}
