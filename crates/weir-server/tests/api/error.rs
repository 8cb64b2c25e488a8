//! Every kind of error, word by word.

use axum::body::Body;
use serde_json::json;

use crate::client::Client;

#[tokio::test]
async fn a_wrong_expression_is_placed_in_the_request() {
    let client = Client::shop().await;
    let body = json!({"expression": {"all": [{"did": {"behavior": ["purchse"]}}]}, "as_of": "2024-11-30"});
    insta::assert_snapshot!(client.post("/audiences/estimate", &body).await.error(), @r#"
    400
    {
      "code": "unknown_behavior",
      "message": "there is no behavior \"purchse\"",
      "help": "did you mean \"purchase\"?",
      "at": "/expression/all/0/did/behavior/0"
    }
    "#);
    let body = json!({"expression": {"dit": {}}, "as_of": "2024-11-30"});
    insta::assert_snapshot!(client.post("/audiences/estimate", &body).await.error(), @r#"
    400
    {
      "code": "invalid_expression",
      "message": "an expression has no \"dit\"",
      "help": "did you mean \"did\"?",
      "at": "/expression/dit"
    }
    "#);
}

#[tokio::test]
async fn dates_scopes_and_pages_are_checked() {
    let client = Client::shop().await;
    let body = json!({"expression": {"everyone": true}, "as_of": "2024-02-30"});
    insta::assert_snapshot!(client.post("/audiences/estimate", &body).await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "\"2024-02-30\" is not a date",
      "help": "write it as YYYY-MM-DD, for example 2024-11-11",
      "at": "/as_of"
    }
    "#);
    let body = json!({"model": "pno", "scope": {"store": "x"}, "at": ["2024-11-30"]});
    insta::assert_snapshot!(client.post("/states", &body).await.error(), @r#"
    400
    {
      "code": "invalid_scope",
      "message": "this is not a scope",
      "help": "write {\"shop\": id}, {\"brand\": id}, {\"category\": id} or {\"workspace\": true}",
      "at": "/scope"
    }
    "#);
    let body = json!({"model": "pno", "at": ["2024-11-30"], "audience": "a", "snapshot": "s"});
    insta::assert_snapshot!(client.post("/states", &body).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "audience, expression and snapshot exclude each other",
      "help": "leave all of them out to ask about everybody"
    }
    "#);
    let body = json!({"model": "pno", "from": "2024-11-30", "to": "2024-11-01"});
    insta::assert_snapshot!(client.post("/flow", &body).await.error(), @r#"
    400
    {
      "code": "invalid_date",
      "message": "the flow runs backwards, from 2024-11-30 to 2024-11-01",
      "help": "put the earlier date first",
      "at": "/from"
    }
    "#);
    insta::assert_snapshot!(client.get("/audiences?limit=0").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "a page has 1 to 1000 items, not 0",
      "at": "limit"
    }
    "#);
    insta::assert_snapshot!(client.get("/audiences?limti=1").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the query does not fit: limti: unknown field `limti`, expected one of `search`, `label`, `role`, `owner`, `limit`, `after`"
    }
    "#);
}

#[tokio::test]
async fn a_body_that_is_not_json_or_does_not_fit_says_where() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.send("POST", "/sql", "{\"query\": ").await.error(), @r#"
    400
    {
      "code": "invalid_json",
      "message": "this is not JSON: EOF while parsing a value at line 1 column 10",
      "at": "/query"
    }
    "#);
    insta::assert_snapshot!(client.send("POST", "/sql", "{\"query\": 1}").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the body does not fit: invalid type: integer `1`, expected a string at line 1 column 11",
      "at": "/query"
    }
    "#);
    insta::assert_snapshot!(client.send("POST", "/sql", "{\"sql\": \"SELECT 1\"}").await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the body does not fit: unknown field `sql`, expected `query` at line 1 column 6",
      "at": "/sql"
    }
    "#);
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.get("/audiences/buyers").await.error(), @r#"
    404
    {
      "code": "unknown_audience",
      "message": "there is no audience \"buyers\""
    }
    "#);
    insta::assert_snapshot!(client.get("/imports/99").await.error(), @r#"
    404
    {
      "code": "unknown_import",
      "message": "there is no import 99"
    }
    "#);
    insta::assert_snapshot!(client.get("/imports/x").await.error(), @r#"
    404
    {
      "code": "unknown_import",
      "message": "there is no import \"x\""
    }
    "#);
    insta::assert_snapshot!(client.get("/snapshots/x").await.error(), @r#"
    404
    {
      "code": "unknown_snapshot",
      "message": "there is no snapshot \"x\""
    }
    "#);
    insta::assert_snapshot!(client.get("/state-models/pn").await.error(), @r#"
    404
    {
      "code": "unknown_model",
      "message": "there is no state model \"pn\""
    }
    "#);
    let body = json!({"consumer": "zoe", "expression": {"everyone": true}, "as_of": "2024-11-30"});
    insta::assert_snapshot!(client.post("/why", &body).await.error(), @r#"
    404
    {
      "code": "unknown_consumer",
      "message": "nobody is known as \"zoe\"",
      "help": "name a user id, or write kind:value, for example email:someone@example.com"
    }
    "#);
}

#[tokio::test]
async fn what_does_not_fit_what_is_there_conflicts() {
    let client = Client::shop().await;
    let all = json!({"name": "all", "expression": {"everyone": true}});
    client.post("/audiences", &all).await.json(201);
    insta::assert_snapshot!(client.post("/audiences", &all).await.error(), @r#"
    409
    {
      "code": "name_taken",
      "message": "there is an audience \"all\" already",
      "help": "PUT it to change it, or choose another name",
      "at": "/name"
    }
    "#);
    let some = json!({"name": "some", "expression": {"audience": "all"}});
    client.post("/audiences", &some).await.json(201);
    insta::assert_snapshot!(client.delete("/audiences/all").await.error(), @r#"
    409
    {
      "code": "in_use",
      "message": "audience all is used by audience some",
      "help": "change or remove those first"
    }
    "#);
    insta::assert_snapshot!(client.put("/workspace", &json!({"timezone": "Europe/London"})).await.error(), @r#"
    409
    {
      "code": "workspace_not_empty",
      "message": "the timezone is fixed: events were stored by it",
      "help": "set it in a new workspace and import there, or take back the imports of events first",
      "at": "/timezone"
    }
    "#);
}

#[tokio::test]
async fn definitions_are_checked_before_they_are_kept() {
    let client = Client::shop().await;
    let body = json!({"expression": {"did": {"channel": ["smss"]}}});
    insta::assert_snapshot!(client.put("/audiences/a", &body).await.error(), @r#"
    400
    {
      "code": "unknown_channel",
      "message": "there is no channel \"smss\"",
      "help": "did you mean \"sms\"?",
      "at": "/expression/did/channel/0"
    }
    "#);
    let body = json!({"states": [{"name": "none", "when": {"everyone": true}}]});
    insta::assert_snapshot!(client.put("/state-models/a", &body).await.error(), @r#"
    400
    {
      "code": "invalid_model",
      "message": "\"none\" cannot be the name of a state",
      "help": "write states as [{\"name\": \"active\", \"when\": EXPRESSION}, …]; the first that holds wins, \"none\" is added",
      "at": "/states/0/name"
    }
    "#);
    let body = json!({"name": "x", "as_of": "2024-11-30", "expression": {"list": "vip"}});
    insta::assert_snapshot!(client.post("/snapshots", &body).await.error(), @r#"
    400
    {
      "code": "unknown_list",
      "message": "there is no list \"vip\"",
      "help": "there is no list yet",
      "at": "/expression/list"
    }
    "#);
}

#[tokio::test]
async fn settings_are_checked() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.put("/workspace", &json!({"currency": "yuan"})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "\"yuan\" is not a currency",
      "help": "use an ISO 4217 code such as CNY, EUR or GBP",
      "at": "/currency"
    }
    "#);
    let rates = json!({"rates": [{"currency": "EUR", "day": "2024-11-01", "rate": "free"}]});
    insta::assert_snapshot!(client.put("/workspace", &rates).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "\"free\" is not an exchange rate",
      "help": "write a positive decimal of at most 18 digits, such as 7.1882",
      "at": "/rates/0"
    }
    "#);
    insta::assert_snapshot!(client.put("/workspace", &json!({"identity": {"cap": 0}})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the cap is a whole number above 0",
      "help": "write {\"priority\": [kinds], \"unique\": [kinds], \"joining\": [kinds], \"cap\": number}",
      "at": "/identity/cap"
    }
    "#);
    insta::assert_snapshot!(client.put("/workspace", &json!({"zone": "UTC"})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the body does not fit: unknown field `zone`, expected one of `timezone`, `currency`, `identity`, `retention_days`, `disk_limit`, `disk_reserve`, `rates` at line 1 column 7",
      "at": "/zone"
    }
    "#);
}

#[tokio::test]
async fn sql_over_http_only_reads() {
    let client = Client::shop().await;
    let body = json!({"query": "COPY (SELECT 1) TO 'x.csv'"});
    insta::assert_snapshot!(client.post("/sql", &body).await.error(), @r#"
    400
    {
      "code": "invalid_sql",
      "message": "COPY is not allowed here",
      "help": "run it on the command line: weir sql \"COPY (SELECT …) TO 'file.parquet'\""
    }
    "#);
    insta::assert_snapshot!(client.post("/sql", &json!({"query": "SELECT chanel FROM events"})).await.error(), @r#"
    400
    {
      "code": "invalid_sql",
      "message": "there is no column \"chanel\"",
      "help": "did you mean \"channel\"?",
      "at": "chanel"
    }
    "#);
}

#[tokio::test]
async fn forms_are_checked() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.post("/imports", &json!({})).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "files come as multipart/form-data",
      "help": "for example: curl -F kind=events -F file=@orders.csv -F sql=@orders.sql …",
      "at": "content-type"
    }
    "#);
    let file = ("file", Some("a.csv"), "u\nada\n");
    insta::assert_snapshot!(client.form("/imports", &[file]).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "the form needs \"kind\"",
      "at": "kind"
    }
    "#);
    insta::assert_snapshot!(client.form("/imports", &[("kind", None, "event"), file]).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "there is no kind of import \"event\"",
      "help": "did you mean \"events\"?",
      "at": "kind"
    }
    "#);
    let no_file = [("kind", None, "events"), ("sql", None, "SELECT 1")];
    insta::assert_snapshot!(client.form("/imports", &no_file).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "there is no file in the form",
      "at": "file"
    }
    "#);
    let unknown = [("kind", None, "events"), ("sql", None, "SELECT 1"), ("sorce", None, "x"), file];
    insta::assert_snapshot!(client.form("/imports", &unknown).await.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "an import of events has no part \"sorce\"",
      "at": "sorce"
    }
    "#);
    let mapping = [("kind", None, "events"), ("sql", None, "SELECT u AS id_user_id FROM input"), file];
    insta::assert_snapshot!(client.form("/imports", &mapping).await.error(), @r#"
    400
    {
      "code": "invalid_mapping",
      "message": "the mapping gives no column \"time\"",
      "help": "there is only id_user_id",
      "at": "time"
    }
    "#);
}

#[tokio::test]
async fn uploads_have_a_limit() {
    let mut client = Client::listening("127.0.0.1:7717", 10);
    client.app.create_workspace("default").unwrap();
    client.token = Some(client.app.issue_token("default", "test").unwrap());
    let form = [("kind", None, "events"), ("file", Some("a.csv"), "more than ten bytes")];
    insta::assert_snapshot!(client.form("/imports", &form).await.error(), @r#"
    413
    {
      "code": "body_too_large",
      "message": "the body is larger than 10 bytes"
    }
    "#);
    assert_eq!(crate::client::entries(&client.data().join("uploads")), 0);
}

#[tokio::test]
async fn json_bodies_have_a_limit() {
    let client = Client::shop().await;
    let body = json!({"query": "x".repeat(9 << 20)});
    insta::assert_snapshot!(client.post("/sql", &body).await.error(), @r#"
    413
    {
      "code": "body_too_large",
      "message": "the body is larger than 8388608 bytes"
    }
    "#);
}

#[tokio::test]
async fn routes_and_methods_that_do_not_exist_answer_json() {
    let client = Client::shop().await;
    insta::assert_snapshot!(client.get("/audience").await.error(), @r#"
    404
    {
      "code": "not_found",
      "message": "there is no such route",
      "help": "the routes are listed at /api/v1/openapi.json"
    }
    "#);
    insta::assert_snapshot!(client.delete("/states").await.error(), @r#"
    405
    {
      "code": "method_not_allowed",
      "message": "this route does not take that method"
    }
    "#);
    let root = client.request("POST", "/healthz").body(Body::empty()).unwrap();
    insta::assert_snapshot!(client.call(root).await.error(), @r#"
    405
    {
      "code": "method_not_allowed",
      "message": "this route does not take that method"
    }
    "#);
}

#[tokio::test]
async fn a_store_that_another_process_writes_to_is_temporarily_unavailable() {
    let client = Client::shop().await;
    let lock = std::fs::OpenOptions::new().read(true).write(true).open(client.data().join("lock")).unwrap();
    lock.lock().unwrap();
    let form = [
        ("kind", None, "list"),
        ("name", None, "vip"),
        ("identifier_kind", None, "user_id"),
        ("file", Some("vip.csv"), "user_id\nada\n"),
    ];
    let reply = client.form("/imports", &form).await;
    insta::assert_snapshot!(reply.error(), @r#"
    503
    {
      "code": "store_busy",
      "message": "another import is writing to this data directory",
      "help": "wait until it has finished, then try again"
    }
    "#);
    assert_eq!(reply.headers["retry-after"], "2");
}

#[tokio::test]
async fn a_damaged_file_is_our_fault() {
    let client = Client::shop().await;
    let events = client.data().join("workspaces/default/events/day=2024-11-01");
    let file = std::fs::read_dir(events).unwrap().next().unwrap().unwrap().path();
    std::fs::write(file, "not Parquet").unwrap();
    let reply = client.post("/sql", &json!({"query": "SELECT amount FROM events"})).await;
    assert_eq!(reply.status, 500, "{}", reply.text);
    let verification = client.send("POST", "/verify", "").await.json(200);
    assert_eq!(verification["findings"][0]["code"], "corrupt_file");
}
