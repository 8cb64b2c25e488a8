//! Tokens, and how the first one is made.

use axum::body::Body;
use serde_json::json;

use weir_server::Link;

use crate::client::{Client, Reply};

async fn open(client: &Client, method: &str, path: &str, accept: &str) -> Reply {
    let request = client.request(method, path).header("accept", accept);
    client.call(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_first_run_link_works_once() {
    let mut client = Client::empty();
    let path = client.server.first_run_path().unwrap();
    let wrong = open(&client, "GET", "/first-run?key=0000", "application/json").await;
    insta::assert_snapshot!(wrong.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this link is not valid, or was used already",
      "help": "make a token with: weir token add NAME",
      "at": "key"
    }
    "#);
    // A look at the head does not use it up.
    assert_eq!(open(&client, "HEAD", &path, "*/*").await.status, 405);

    let token = open(&client, "GET", &path, "application/json").await.json(200);
    assert_eq!((&token["workspace"], &token["name"]), (&json!("default"), &json!("owner")));
    client.token = token["token"].as_str().map(str::to_owned);
    client.get("/workspace").await.json(200);

    assert_eq!(open(&client, "GET", &path, "application/json").await.status, 401);
    assert_eq!(client.server.first_run_path(), None);
}

#[tokio::test]
async fn a_browser_gets_a_session_and_the_console() {
    let client = Client::empty();
    let path = client.server.first_run_path().unwrap();
    let opened = open(&client, "GET", &path, "text/html,application/xhtml+xml").await;
    assert_eq!((opened.status.as_u16(), &opened.headers["location"]), (303, &"/".parse().unwrap()));
    assert_eq!(opened.headers["cache-control"], "no-store");
    let cookie = opened.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"), "{cookie}");
    assert_eq!(open(&client, "GET", &path, "text/html").await.status, 401);

    let session = cookie.split(';').next().unwrap();
    assert_eq!(with_cookie(&client, "GET", "/api/v1/workspace", session, None).await.status, 200);
    ends(&client, session).await;
}

#[tokio::test]
async fn a_token_can_be_exchanged_for_a_session() {
    let mut client = Client::shop().await;
    let token = client.token.take().unwrap();
    let wrong = client.post("/session", &json!({ "token": "weir_wrong" })).await;
    assert_eq!(wrong.json(401)["message"], "this token is not valid");
    let begun = client.post("/session", &json!({ "token": token })).await;
    assert_eq!(begun.status, 204, "{}", begun.text);
    let session = begun.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();
    ends(&client, session).await;
    client.token = Some(token);
    client.get("/workspace").await.json(200);
}

/// A session changes things for its own pages only, and opens nothing once it has ended.
async fn ends(client: &Client, session: &str) {
    let foreign = with_cookie(client, "DELETE", "/api/v1/session", session, Some("cross-site")).await;
    insta::allow_duplicates! { insta::assert_snapshot!(foreign.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this request does not come from a page of this server",
      "help": "from a program send \"Authorization: Bearer TOKEN\" instead of the cookie",
      "at": "origin"
    }
    "#); }
    let own = with_cookie(client, "DELETE", "/api/v1/session", session, Some("same-origin")).await;
    assert_eq!(own.status, 204, "{}", own.text);
    assert!(own.headers["set-cookie"].to_str().unwrap().starts_with("weir_session=; "));
    assert_eq!(with_cookie(client, "GET", "/api/v1/workspace", session, None).await.status, 401);
}

async fn with_cookie(client: &Client, method: &str, path: &str, cookie: &str, site: Option<&str>) -> Reply {
    let request = client.request(method, path).header("cookie", cookie);
    let request = site.into_iter().fold(request, |request, site| request.header("sec-fetch-site", site));
    client.call(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn there_is_no_link_where_others_could_follow_it_or_a_token_exists() {
    assert_eq!(Client::listening("0.0.0.0:7717", 1).server.first_run_path(), None);
    let client = Client::shop().await;
    let mut options = weir_server::Options {
        app: client.app.clone(),
        data: client.data(),
        listen: "127.0.0.1:7717".parse().unwrap(),
        workspace: "default".to_owned(),
        upload_limit: 1,
        link: Link::FirstRun,
    };
    assert_eq!(weir_server::Server::new(&options).unwrap().first_run_path(), None);
    options.link = Link::Always;
    assert!(weir_server::Server::new(&options).unwrap().first_run_path().is_some());
    options.listen = "0.0.0.0:7717".parse().unwrap();
    assert_eq!(weir_server::Server::new(&options).unwrap().first_run_path(), None);
}

#[tokio::test]
async fn without_a_token_nothing_is_answered() {
    let mut client = Client::shop().await;
    let token = client.token.take();
    let none = client.get("/workspace").await;
    assert_eq!(none.headers["www-authenticate"], "Bearer");
    insta::assert_snapshot!(none.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this needs a token",
      "help": "send \"Authorization: Bearer TOKEN\"; \"weir token add NAME\" makes one",
      "at": "authorization"
    }
    "#);
    client.token = Some("weir_wrong".to_owned());
    insta::assert_snapshot!(client.get("/workspace").await.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this token is not valid",
      "help": "make one with: weir token add NAME"
    }
    "#);
    client.token = token;
    let elsewhere = client.request("GET", "/api/v1/workspace").header("weir-workspace", "other");
    insta::assert_snapshot!(client.call(elsewhere.body(Body::empty()).unwrap()).await.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this token belongs to the workspace \"default\", not to \"other\"",
      "at": "weir-workspace"
    }
    "#);
}

#[tokio::test]
async fn every_listed_route_needs_a_token() {
    let client = Client::empty();
    let document: serde_json::Value = serde_json::to_value(weir_server::document()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            if (path.as_str(), method.as_str()) == ("/api/v1/session", "post") {
                continue; // It takes the token in its body.
            }
            let request = client.request(&method.to_uppercase(), path).body(Body::empty()).unwrap();
            assert_eq!(client.call(request).await.status, 401, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_password_opens_what_a_token_opens() {
    let mut client = Client::shop().await;
    assert_eq!(client.get("/password").await.json(200), json!({"set": false, "changed": null}));
    let short = client.put("/password", &json!({"password": "1234567"})).await;
    insta::assert_snapshot!(short.error(), @r#"
    400
    {
      "code": "invalid_argument",
      "message": "a password has at least 8 characters and at most 1024 bytes",
      "help": "take a few words",
      "at": "/password"
    }
    "#);
    assert_eq!(client.put("/password", &json!({"password": "tea at noon"})).await.status, 204);
    assert!(client.get("/password").await.json(200)["changed"].is_string());

    let token = client.token.take();
    let both = client.post("/session", &json!({"password": "tea at noon", "token": "weir_x"})).await;
    assert_eq!(both.json(400)["message"], "this takes a token or a password");
    let wrong = client.post("/session", &json!({"password": "tea at moon"})).await;
    insta::assert_snapshot!(wrong.error(), @r#"
    401
    {
      "code": "unauthorized",
      "message": "this password is not right",
      "at": "/password"
    }
    "#);
    // Whether there is such a workspace is not told.
    let elsewhere = json!({"password": "tea at noon", "workspace": "elsewhere"});
    assert_eq!(client.post("/session", &elsewhere).await.error(), wrong.error());
    let begun = client.post("/session", &json!({"password": "tea at noon"})).await;
    assert_eq!(begun.status, 204, "{}", begun.text);
    let session = begun.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap();

    client.token = token;
    let wrong =
        client.put("/password", &json!({"password": "coffee at night", "current": "tea"})).await.json(400);
    assert_eq!((&wrong["at"], &wrong["message"]), (&json!("/current"), &json!("this password is not right")));
    assert_eq!(client.put("/password", &json!({"password": "coffee at night"})).await.status, 400);
    let token = client.token.take();
    assert_eq!(with_cookie(&client, "GET", "/api/v1/workspace", session, None).await.status, 200);
    client.token = token;
    let change = json!({"password": "coffee at night", "current": "tea at noon"});
    assert_eq!(client.put("/password", &change).await.status, 204);
    client.get("/workspace").await.json(200);
    client.token = None;
    assert_eq!(with_cookie(&client, "GET", "/api/v1/workspace", session, None).await.status, 401);
    assert_eq!(client.post("/session", &json!({"password": "coffee at night"})).await.status, 204);
}

#[tokio::test]
async fn after_a_few_wrong_passwords_even_the_right_one_has_to_wait() {
    let client = Client::shop().await;
    client.put("/password", &json!({"password": "tea at noon"})).await;
    for _ in 0..5 {
        assert_eq!(client.post("/session", &json!({"password": "tea at moon"})).await.status, 401);
    }
    let early = client.post("/session", &json!({"password": "tea at noon"})).await;
    let wait: u64 = early.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait), "{wait}");
    let problem = early.json(429);
    assert_eq!(problem["code"], "too_many_attempts");
    assert_eq!(problem["help"], "if it is forgotten, on the server: weir password set");
    // A token is not guessed, so whoever has one need not wait.
    let token = client.token.clone().unwrap();
    assert_eq!(client.post("/session", &json!({ "token": token })).await.status, 204);
}

#[tokio::test]
async fn there_is_no_link_where_a_password_exists() {
    let client = Client::empty();
    assert!(client.server.first_run_path().is_some());
    client.app.workspace("default").unwrap().set_password("tea at noon", None).unwrap();
    let options = weir_server::Options {
        app: client.app.clone(),
        data: client.data(),
        listen: "127.0.0.1:7717".parse().unwrap(),
        workspace: "default".to_owned(),
        upload_limit: 1,
        link: Link::FirstRun,
    };
    assert_eq!(weir_server::Server::new(&options).unwrap().first_run_path(), None);
}
