//! `/v1` as clients meet it: every address, every answer that decides whether a client drops, keeps or repeats.

use std::io::Read;

use axum::body::Body;
use axum::http::HeaderMap;
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use serde_json::{Value, json};

use crate::client::{Client, Reply};

/// A server with one source, and its key.
pub struct Shop {
    pub client: Client,
    pub key: String,
}

impl Shop {
    pub async fn open() -> Shop {
        Shop::for_pages_of(&[]).await
    }

    async fn for_pages_of(origins: &[String]) -> Shop {
        let origins = origins.to_vec();
        let made = tokio::task::spawn_blocking(move || {
            let mut client = Client::empty();
            let workspace = client.app.workspace("default").unwrap();
            let (_, key) = workspace.create_source("web", &origins).unwrap();
            client.token = Some(client.app.issue_token("default", "test").unwrap());
            Shop { client, key }
        });
        made.await.unwrap()
    }

    /// A request with exactly these headers.
    pub async fn send(
        &self,
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let request = axum::http::Request::builder().method(method).uri(uri);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.client.call(request.body(body.into()).unwrap()).await
    }

    /// A body sent by the key.
    pub async fn post(&self, uri: &str, body: impl Into<Body>) -> Reply {
        self.send("POST", uri, &[("authorization", &basic(&self.key))], body).await
    }

    pub async fn batch(&self, messages: &[Value]) -> Reply {
        self.post("/v1/batch", json!({ "batch": messages }).to_string()).await
    }
}

fn basic(key: &str) -> String {
    use base64::Engine;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{key}:")))
}

pub fn track(id: &str) -> Value {
    json!({"type": "track", "messageId": id, "userId": "ada", "event": "Product Viewed", "properties": {"product_id": "tea"}})
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressed = Vec::new();
    GzEncoder::new(bytes, Compression::default()).read_to_end(&mut compressed).unwrap();
    compressed
}

/// An error that makes every client do what its status means: JSON with a code and a message.
#[track_caller]
pub fn refused(reply: &Reply, status: u16, code: &str) {
    let body = reply.json(status);
    assert_eq!(body["code"], code, "{body}");
    assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{body}");
    assert_eq!(reply.headers.contains_key("retry-after"), status == 503);
}

#[tokio::test]
async fn every_address_takes_its_message_in_every_spelling() {
    let shop = Shop::open().await;
    let calls = [
        ("track t", json!({"userId": "u", "event": "Product Viewed"})),
        ("identify i", json!({"userId": "u", "traits": {"city": "London"}})),
        ("page p", json!({"anonymousId": "a", "name": "Home"})),
        ("screen s", json!({"anonymousId": "a", "name": "Home"})),
        ("group g", json!({"userId": "u", "groupId": "g", "traits": {"plan": "b"}})),
        ("alias a", json!({"userId": "u", "previousId": "a"})),
    ];
    for (names, message) in calls {
        for name in names.split(' ') {
            for path in [format!("/v1/{name}"), format!("/v1/{name}/"), format!("//v1/{name}")] {
                let reply = shop.post(&path, message.to_string()).await;
                assert_eq!(reply.json(200)["success"], true, "{path}: {}", reply.text);
            }
        }
    }
    for path in ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch", "/v1/batch/"] {
        let body = json!({"batch": [track(path), track(path)], "sentAt": "2026-01-01T00:00:00Z"});
        let answer = shop.post(path, body.to_string()).await.json(200);
        assert_eq!(answer, json!({"success": true, "accepted": 1, "duplicate": 1, "rejected": []}), "{path}");
    }
}

#[tokio::test]
async fn a_message_sent_again_is_a_duplicate_by_any_way_in() {
    let shop = Shop::open().await;
    assert_eq!(shop.batch(&[track("m1"), track("m2")]).await.json(200)["accepted"], 2);
    let again = shop.batch(&[track("m2"), track("m3")]).await.json(200);
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(1), &json!(1)));
    assert_eq!(shop.post("/v1/track", track("m1").to_string()).await.json(200)["duplicate"], 1);
}

#[tokio::test]
async fn the_plain_shape_comes_as_json_or_as_lines() {
    let shop = Shop::open().await;
    let event =
        |id: &str| json!({"message_id": id, "behavior": "view", "ids": {"user_id": "ada"}}).to_string();
    assert_eq!(shop.post("/v1/events", event("1")).await.json(200)["accepted"], 1);
    assert_eq!(
        shop.post("/v1/events", format!("[{},{}]", event("2"), event("3"))).await.json(200)["accepted"],
        2
    );
    let lines = format!("{}\n{}\n{{\"behavior\":\"view\"}}\n", event("4"), event("1"));
    let answer = shop.post("/v1/events", lines).await.json(200);
    assert_eq!((&answer["accepted"], &answer["duplicate"]), (&json!(1), &json!(1)));
    assert_eq!(
        (&answer["rejected"][0]["index"], &answer["rejected"][0]["code"]),
        (&json!(2), &json!("no_identifier"))
    );
}

#[tokio::test]
async fn the_content_type_does_not_matter_and_gzip_is_seen() {
    let shop = Shop::open().await;
    let authorization = basic(&shop.key);
    let types =
        ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "nonsense"];
    for (n, kind) in types.into_iter().enumerate() {
        let plain = json!({"batch": [track(&format!("p{n}"))]}).to_string();
        let zipped = gzip(json!({"batch": [track(&format!("z{n}"))]}).to_string().as_bytes());
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        let by_magic = shop.send("POST", "/v1/batch", &headers, zipped.clone()).await;
        assert_eq!(by_magic.json(200)["accepted"], 1, "{kind}");
        let said = [headers[0], headers[1], ("content-encoding", "gzip")];
        assert_eq!(shop.send("POST", "/v1/batch", &said, zipped).await.json(200)["duplicate"], 1, "{kind}");
        assert_eq!(shop.send("POST", "/v1/batch", &headers, plain.clone()).await.json(200)["accepted"], 1);
        // Some say gzip and send plain.
        assert_eq!(shop.send("POST", "/v1/batch", &said, plain).await.json(200)["duplicate"], 1, "{kind}");
    }
}

#[tokio::test]
async fn malformed_empty_and_large_requests_are_dropped_by_clients() {
    let shop = Shop::open().await;
    for body in ["", "{", "{\"batch\":[", "[]", "{\"batch\":[]}", "3", "{\"batch\":7}", "{}"] {
        let reply = shop.post("/v1/batch", body).await;
        refused(&reply, 400, "invalid_body");
    }
    refused(&shop.post("/v1/batch", &b"\xff\xfe\x00"[..]).await, 400, "invalid_body");
    refused(&shop.post("/v1/batch", &b"\x1f\x8b broken"[..]).await, 400, "invalid_body");
    refused(&shop.post("/v1/batch", vec![b' '; (5 << 20) + 1]).await, 413, "body_too_large");
    let bomb = gzip(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20);
    refused(&shop.post("/v1/batch", bomb).await, 413, "body_too_large");
    let many = format!("{{\"batch\":[{}]}}", vec!["{}"; 10_001].join(","));
    refused(&shop.post("/v1/batch", many).await, 400, "too_many_events");
    // Four megabytes are what RudderStack's clients may send at once.
    let filler = "x".repeat(1_000);
    let wide = |n: usize| json!({"type": "track", "userId": "u", "event": "e", "messageId": n.to_string(), "properties": {"filler": filler}});
    let large: Vec<Value> = (0..3_600).map(wide).collect();
    assert_eq!(shop.batch(&large).await.json(200)["accepted"], 3_600);
}

#[tokio::test]
async fn a_bad_message_does_not_fail_its_neighbours() {
    let shop = Shop::open().await;
    let batch =
        [track("m1"), json!({"type": "track", "event": "x", "messageId": "lost"}), json!(7), track("m2")];
    let answer = shop.batch(&batch).await.json(200);
    assert_eq!((&answer["success"], &answer["accepted"]), (&json!(true), &json!(2)));
    let rejected = answer["rejected"].as_array().unwrap();
    assert_eq!(rejected.len(), 2);
    assert_eq!(
        (&rejected[0]["index"], &rejected[0]["code"], &rejected[0]["message_id"]),
        (&json!(1), &json!("no_identifier"), &json!("lost"))
    );
    assert_eq!(rejected[1]["index"], 2);
    assert!(rejected.iter().all(|one| one["message"].is_string()));
    // A batch of nothing but bad messages is a good request all the same.
    assert_eq!(shop.batch(&batch[1..2]).await.json(200)["accepted"], 0);
    // One message alone is told by the status.
    refused(&shop.post("/v1/track", batch[1].to_string()).await, 400, "no_identifier");
}

#[tokio::test]
async fn a_key_comes_in_the_header_or_in_the_body_and_is_one() {
    let shop = Shop::open().await;
    let key = shop.key.as_str();
    let body = |key: &str| json!({"batch": [track("m")], "writeKey": key}).to_string();
    let good = basic(key);
    let bare = {
        use base64::Engine;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(key))
    };
    for (header, sent) in [(None, key), (Some(&good), key), (Some(&bare), key)] {
        let headers: Vec<(&str, &str)> =
            header.iter().map(|value| ("authorization", value.as_str())).collect();
        shop.send("POST", "/v1/batch", &headers, body(sent)).await.json(200);
    }
    // OAuth's token is not looked at where the body has the key.
    shop.send("POST", "/v1/batch", &[("authorization", "Bearer x")], body(key)).await.json(200);

    let wrong = basic("wk_wrong");
    for (header, sent) in
        [(None, Some("wk_wrong")), (Some(&wrong), None), (Some(&good), Some("wk_other")), (None, None)]
    {
        let headers: Vec<(&str, &str)> =
            header.iter().map(|value| ("authorization", value.as_str())).collect();
        let body = sent.map_or_else(|| json!({"batch": [track("m")]}).to_string(), body);
        refused(&shop.send("POST", "/v1/batch", &headers, body).await, 401, "unauthorized");
    }
}

#[tokio::test]
async fn a_key_opens_nothing_but_the_way_in() {
    let mut shop = Shop::open().await;
    let token = shop.client.token.replace(shop.key.clone()).unwrap();
    refused(&shop.client.get("/workspace").await, 401, "unauthorized");
    let headers = [("authorization", basic(&shop.key))];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    refused(&shop.send("GET", "/api/v1/sources", &headers, "").await, 401, "unauthorized");
    refused(&shop.client.post("/session", &json!({"token": shop.key})).await, 401, "unauthorized");
    // And a token opens everything but.
    let body = json!({"batch": [track("m")], "writeKey": token}).to_string();
    refused(&shop.send("POST", "/v1/batch", &[], body).await, 401, "unauthorized");
}

#[tokio::test]
async fn what_is_ours_is_sent_again_and_then_taken() {
    let shop = Shop::open().await;
    let log = shop.client.data().join("workspaces/default/log");
    std::fs::create_dir_all(log.parent().unwrap()).unwrap();
    std::fs::write(&log, "in the way").unwrap();
    let reply = shop.batch(&[track("m1")]).await;
    let seconds: u32 = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=300).contains(&seconds));
    let code = reply.json(503)["code"].as_str().unwrap().to_owned();
    refused(&reply, 503, &code);
    let readiness: Value = shop.send("GET", "/readyz", &[], "").await.json(503);
    assert_eq!((&readiness["ingest"], &readiness["ingest_reason"]), (&json!(false), &json!(code)));
    std::fs::remove_file(&log).unwrap();
    assert_eq!(shop.batch(&[track("m1")]).await.json(200)["accepted"], 1);
    assert_eq!(shop.send("GET", "/readyz", &[], "").await.json(503)["ingest"], true);
}

#[tokio::test]
async fn pages_of_other_origins_may_send() {
    let shop = Shop::open().await;
    let origin = "https://shop.example";
    let asking = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization, content-type"),
    ];
    for path in ["/v1/t", "/v1/batch/", "/beacon/v1/batch", "/v1/projects/x/settings"] {
        let preflight = shop.send("OPTIONS", path, &asking, "").await;
        assert_eq!(
            (preflight.status.as_u16(), &preflight.headers["access-control-allow-origin"]),
            (204, &origin.parse().unwrap())
        );
        assert!(
            preflight.headers["access-control-allow-headers"].to_str().unwrap().contains("authorization")
        );
        assert!(preflight.headers["access-control-allow-methods"].to_str().unwrap().contains("POST"));
        assert!(preflight.headers.contains_key("access-control-max-age"));
        assert!(!preflight.headers.contains_key("access-control-allow-credentials"));
    }
    let body = json!({"writeKey": shop.key, "batch": [track("m")]}).to_string();
    let sent =
        shop.send("POST", "/v1/batch", &[("origin", origin), ("content-type", "text/plain")], body).await;
    sent.json(200);
    assert_eq!(sent.headers["access-control-allow-origin"], origin);
    assert!(no_cookie(&sent.headers));
    let wrong = shop.send("POST", "/v1/batch", &[("origin", origin)], "{}").await;
    assert_eq!(wrong.headers["access-control-allow-origin"], origin, "a page can read why");
}

fn no_cookie(headers: &HeaderMap) -> bool {
    !headers.contains_key("set-cookie")
}

#[tokio::test]
async fn a_source_may_have_pages_of_its_own() {
    let shop = Shop::for_pages_of(&["https://shop.example".to_owned()]).await;
    let body = json!({"writeKey": shop.key, "batch": [track("m")]}).to_string();
    let from = |origin: &'static str| vec![("origin", origin)];
    shop.send("POST", "/v1/batch", &from("https://shop.example"), body.clone()).await.json(200);
    shop.send("POST", "/v1/batch", &[], body.clone()).await.json(200);
    for origin in ["https://evil.example", "http://shop.example", "null"] {
        refused(&shop.send("POST", "/v1/batch", &from(origin), body.clone()).await, 401, "unauthorized");
    }
}

#[tokio::test]
async fn an_image_brings_an_event() {
    let shop = Shop::open().await;
    for path in ["/v1/pixel.gif", "/pixel/v1/track", "/pixel/v1/page"] {
        let uri = format!("{path}?writeKey={}&userId=ada&event=Email%20Opened&messageId={path}", shop.key);
        let seen = shop.send("GET", &uri, &[], "").await;
        assert_eq!(
            (seen.status.as_u16(), &seen.headers["content-type"]),
            (200, &"image/gif".parse().unwrap())
        );
        assert!(seen.bytes.starts_with(b"GIF89a") && seen.bytes.ends_with(b";"));
        assert_eq!(shop.send("HEAD", &uri, &[], "").await.status, 405);
    }
    use base64::Engine;
    let message =
        json!({"writeKey": shop.key, "userId": "ada", "event": "Email Opened", "messageId": "whole"});
    let data = base64::engine::general_purpose::URL_SAFE.encode(message.to_string());
    assert_eq!(shop.send("GET", &format!("/v1/pixel.gif?data={data}"), &[], "").await.status, 200);
    refused(&shop.send("GET", "/pixel/v1/track?event=x&userId=u", &[], "").await, 401, "unauthorized");
    let source = shop.client.get("/sources/web").await.json(200);
    assert_eq!(source["since_start"]["accepted"], 4);
}

#[tokio::test]
async fn clients_of_browsers_find_where_to_send() {
    let shop = Shop::open().await;
    let uri = format!("/v1/projects/{}/settings", shop.key);
    let settings = shop.send("GET", &uri, &[("host", "weir.example")], "").await.json(200);
    let sending = &settings["integrations"]["Segment.io"];
    assert_eq!((&sending["apiKey"], &sending["apiHost"]), (&json!(shop.key), &json!("weir.example/v1")));
    let uri = format!("/sourceConfig?writeKey={}", shop.key);
    assert_eq!(shop.send("GET", &uri, &[], "").await.json(200)["source"]["enabled"], true);
    let by_header = shop.send("GET", "/sourceConfig", &[("authorization", &basic(&shop.key))], "").await;
    assert_eq!(by_header.json(200)["source"]["writeKey"], json!(shop.key));
    refused(&shop.send("GET", "/v1/projects/wk_wrong/settings", &[], "").await, 401, "unauthorized");
    assert_eq!(shop.send("GET", "/health", &[], "").await.status, 200);
}

#[tokio::test]
async fn large_answers_are_compressed_for_those_who_ask() {
    let shop = Shop::open().await;
    let bad: Vec<Value> = (0..50).map(|_| json!({"type": "track", "event": "x"})).collect();
    let body = json!({"batch": bad, "writeKey": shop.key}).to_string();
    let plain = shop.send("POST", "/v1/batch", &[], body.clone()).await;
    assert!(!plain.headers.contains_key("content-encoding"));
    let zipped = shop.send("POST", "/v1/batch", &[("accept-encoding", "gzip, br")], body).await;
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    let mut text = String::new();
    GzDecoder::new(zipped.bytes.as_slice()).read_to_string(&mut text).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), plain.json(200));
    let small = shop.send("POST", "/v1/batch", &[("accept-encoding", "gzip")], "{").await;
    assert!(!small.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn other_methods_and_addresses_are_told_apart() {
    let shop = Shop::open().await;
    assert_eq!(shop.send("GET", "/v1/batch", &[], "").await.status, 405);
    assert_eq!(shop.send("PUT", "/v1/track", &[], "").await.status, 405);
    for path in ["/v1/nothing", "/pixel/v2", "/beacon", "/v1"] {
        refused(&shop.send("POST", path, &[], "").await, 404, "not_found");
    }
}

#[tokio::test]
async fn ingest_is_measured() {
    let shop = Shop::open().await;
    shop.batch(&[track("m1"), track("m1"), json!({"type": "track", "event": "x"})]).await.json(200);
    let retry = [("authorization", basic(&shop.key)), ("x-retry-count", "1".to_owned())];
    let retry = retry.each_ref().map(|(name, value)| (*name, value.as_str()));
    shop.send("POST", "/v1/batch", &retry, "{").await;
    let text = shop.send("GET", "/metrics", &[], "").await.text;
    for line in [
        r#"weir_ingest_requests_total{status="200"} 1"#,
        r#"weir_ingest_requests_total{status="400"} 1"#,
        "weir_ingest_retries_total 1",
        r#"weir_ingest_events_total{workspace="default",source="web",verdict="accepted"} 1"#,
        r#"weir_ingest_events_total{workspace="default",source="web",verdict="duplicate"} 1"#,
        r#"weir_ingest_events_total{workspace="default",source="web",verdict="rejected"} 1"#,
        r#"weir_ingest_rejected_total{reason="no_identifier"} 1"#,
        r#"weir_ingest_ready{workspace="default"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    for family in ["weir_ingest_last_durable_age_seconds{", "weir_ingest_log_backlog_bytes{"] {
        assert!(text.lines().any(|line| line.starts_with(family)), "{family} is not in\n{text}");
    }
}
