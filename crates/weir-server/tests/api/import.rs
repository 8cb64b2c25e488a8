//! Imports over HTTP: forms in, ledgers out.

use serde_json::json;

use crate::client::{Client, entries};

const SQL: &str = "SELECT \"t\" AS time, \"u\" AS id_user_id, 'view' AS behavior FROM input";
const ROWS: &str = "t,u\n2024-11-05 10:00:00,fay\n2024-11-05 11:00:00,ada\n2024-11-05 12:00:00,\n";

#[tokio::test]
async fn events_are_imported_once_and_taken_back() {
    let client = Client::shop().await;
    // Parts in any order; the file first is the hard one.
    let form = [("file", Some("views.csv"), ROWS), ("kind", None, "events"), ("sql", None, SQL)];
    let import = client.form("/imports", &form).await.json(201);
    assert_eq!((&import["kind"], &import["source"]), (&json!("events"), &json!("files")));
    assert_eq!(import["files"], json!(["views.csv"]));
    let ledger =
        ["read", "accepted", "duplicate", "rejected", "new_consumers"].map(|field| import[field].as_u64());
    assert_eq!(ledger, [Some(3), Some(2), Some(0), Some(1), Some(1)]);
    assert_eq!(import["reasons"], json!({"no_identifier": 1}));
    assert_eq!(
        (&import["first_time"], &import["last_time"]),
        (&json!("2024-11-05T02:00:00Z"), &json!("2024-11-05T03:00:00Z"))
    );
    assert_eq!(entries(&client.data().join("uploads")), 0, "uploads are removed");

    let again = client.form("/imports", &form).await.json(201);
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(2)));

    let undone = client.delete(&format!("/imports/{}", import["import"])).await.json(200);
    assert_eq!(undone["state"], "undone");
    assert_eq!(client.get(&format!("/imports/{}", import["import"])).await.json(200), undone);
}

#[tokio::test]
async fn imports_are_listed_latest_first() {
    let client = Client::shop().await;
    let first = client.get("/imports?limit=1").await.json(200);
    assert_eq!((&first["items"][0]["kind"], &first["items"][0]["import"]), (&json!("tags"), &json!(2)));
    let next = format!("/imports?after={}", first["next"].as_str().unwrap());
    let second = client.get(&next).await.json(200);
    assert_eq!((&second["items"][0]["kind"], &second["next"]), (&json!("events"), &json!(null)));
    assert_eq!(second["items"][0]["unmapped"], json!({"channel": {"pigeon": 1}}));
}

#[tokio::test]
async fn tags_catalogue_and_lists_come_in_too() {
    let client = Client::shop().await;
    let sql = "SELECT \"u\" AS id_user_id, \"tier\" AS tier FROM input";
    let form = [("kind", None, "tags"), ("sql", None, sql), ("file", Some("t.csv"), "u,tier\nada,3\n")];
    assert_eq!(client.form("/imports", &form).await.json(201)["accepted"], 1);
    let tags = client.get("/tags").await.json(200);
    assert_eq!(
        tags,
        json!({"items": [
            {"name": "gender", "kind": "text", "origin": "imported", "version": 0},
            {"name": "tier", "kind": "number", "origin": "imported", "version": 0}
        ]})
    );

    let sql = "SELECT 'channel' AS kind, \"id\" AS id, \"parent\" AS parent FROM input";
    let form = [
        ("kind", None, "catalog"),
        ("sql", None, sql),
        ("file", Some("c.csv"), "id,parent\nkuaishou,external\n"),
    ];
    assert_eq!(client.form("/imports", &form).await.json(201)["accepted"], 1);
    let channels = client.get("/channels").await.json(200);
    let items = channels["items"].as_array().unwrap();
    assert!(items.contains(&json!({"path": "external.kuaishou"})), "{channels}");
    let feed_ads = json!({"path": "ads.onsite.feed_ads", "name_zh": "超级推荐", "role": "discover"});
    assert!(items.contains(&feed_ads), "{channels}");

    let form = [
        ("kind", None, "list"),
        ("name", None, "vip"),
        ("identifier_kind", None, "user_id"),
        ("file", Some("vip.csv"), "user_id\nada\nbob\n"),
    ];
    assert_eq!(client.form("/imports", &form).await.json(201)["kind"], "list");
    let lists = client.get("/lists").await.json(200);
    assert_eq!((&lists["items"][0]["name"], &lists["items"][0]["size"]), (&json!("vip"), &json!(2)));
}

#[tokio::test]
async fn side_tables_are_joined() {
    let client = Client::shop().await;
    let sql = "SELECT i.\"t\" AS time, i.\"u\" AS id_user_id, 'view' AS behavior, s.\"shop\" AS shop \
               FROM input AS i JOIN shops AS s ON s.\"u\" = i.\"u\"";
    let form = [
        ("kind", None, "events"),
        ("sql", None, sql),
        ("source", None, "web"),
        ("file", Some("v.csv"), ROWS),
        ("with.shops", Some("v.csv"), "u,shop\nfay,outlet\n"),
    ];
    let import = client.form("/imports", &form).await.json(201);
    assert_eq!((&import["source"], &import["accepted"]), (&json!("web"), &json!(1)));
}

#[tokio::test]
async fn a_preview_shows_what_an_import_would_do_and_does_nothing() {
    let client = Client::shop().await;
    let before = client.get("/workspace").await.json(200)["data"].clone();
    let imports = client.get("/imports").await.json(200);
    let form = [("file", Some("views.csv"), ROWS), ("kind", None, "events"), ("sql", None, SQL)];
    let preview = client.form("/imports/preview", &form).await.json(200);
    assert_eq!(preview["columns"][1], json!({"name": "u", "holds": "text"}));
    assert_eq!(preview["input"][2], json!(["2024-11-05T12:00:00", null]));
    assert_eq!(
        ["read", "mapped", "rejected"].map(|field| preview[field].as_u64()),
        [Some(3), Some(2), Some(1)]
    );
    assert_eq!(preview["rows"][0]["mapped"]["day"], "2024-11-05");
    assert_eq!(preview["rows"][2]["reason"], "no_identifier");
    assert_eq!(preview["rejects"], json!([preview["rows"][2]]));
    assert_eq!(client.get("/workspace").await.json(200)["data"], before);
    assert_eq!(client.get("/imports").await.json(200), imports);
    assert_eq!(entries(&client.data().join("uploads")), 0, "uploads are removed");
}

#[tokio::test]
async fn a_preview_without_a_mapping_is_the_file_itself() {
    let client = Client::shop().await;
    let form = [("file", Some("views.csv"), ROWS), ("kind", None, "events"), ("rows", None, "1")];
    let preview = client.form("/imports/preview", &form).await.json(200);
    assert_eq!(preview["input"], json!([["2024-11-05T10:00:00", "fay"]]));
    assert_eq!((&preview["read"], &preview["rows"]), (&json!(null), &json!([])));
    for (part, value, at) in
        [("kind", "pictures", "kind"), ("rows", "few", "rows"), ("colour", "red", "colour")]
    {
        let mut form = vec![("file", Some("views.csv"), ROWS), (part, None, value)];
        if part != "kind" {
            form.push(("kind", None, "tags"));
        }
        assert_eq!(client.form("/imports/preview", &form).await.json(400)["at"], at);
    }
    let form = [
        ("file", Some("v.csv"), ROWS),
        ("kind", None, "events"),
        ("sql", None, "SELECT 1 AS one FROM input"),
    ];
    assert_eq!(client.form("/imports/preview", &form).await.json(400)["at"], "time");
}
