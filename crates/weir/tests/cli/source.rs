//! `weir source`: keys are told once, also while a server runs on the same directory.

use serde_json::{Value, json};

use crate::serve::Serving;
use crate::weir::Weir;

#[test]
fn a_source_is_made_shown_and_ended() {
    let weir = Weir::empty();
    let made = weir.json(&["source", "add", "web", "--origins", "https://shop.example"]);
    let key = made["write_key"].as_str().unwrap();
    assert!(made["source"] == "web" && key.starts_with("wk_"), "{made}");
    let shown = weir.json(&["source", "show", "web"]);
    assert!(key.starts_with(shown["key_prefix"].as_str().unwrap()) && !shown.to_string().contains(key));
    assert_eq!(shown["origins"], json!(["https://shop.example"]));
    assert_ne!(weir.json(&["source", "rotate", "web"])["write_key"], made["write_key"]);
    assert!(weir.json(&["source", "disable", "web"])["disabled"].is_string());
    assert_eq!(weir.json(&["source", "enable", "web"]).get("disabled"), None);
    assert!(weir.json(&["source", "revoke", "web"])["revoked"].is_string());
    assert_eq!(weir.json(&["source", "list"])["items"].as_array().unwrap().len(), 1);
    let list = weir.run(&["source", "list"]);
    insta::assert_snapshot!(list.ok(), @r"
     name   key    state     accepted   duplicate   rejected
    ─────────────────────────────────────────────────────────
     web    none   revoked          0           0          0
    ");
}

#[test]
fn mistakes_say_what_to_do() {
    let weir = Weir::empty();
    weir.json(&["source", "add", "web"]);
    insta::assert_snapshot!(weir.run(&["source", "add", "web"]).error(), @r#"
    2
    error: the source "web" exists already
      at: name
      help: choose another name, or make it a new key with: weir source rotate NAME
    "#);
    insta::assert_snapshot!(weir.run(&["source", "add", "app", "--origins", "shop"]).error(), @r#"
    2
    error: "shop" is not the origin of a page
      at: --origins
      help: write it as the browser does: https://shop.example, without a path
    "#);
    insta::assert_snapshot!(weir.run(&["source", "revoke", "wbe"]).error(), @r#"
    2
    error: there is no source "wbe"
      help: did you mean "web"?
    "#);
}

#[test]
#[cfg(unix)]
fn a_source_made_while_a_server_runs_can_send_at_once() {
    let weir = Weir::empty();
    let serving = Serving::start(&weir);
    let key = weir.json(&["source", "add", "web"])["write_key"].as_str().unwrap().to_owned();
    let body =
        json!({"writeKey": key, "batch": [{"type": "track", "userId": "ada", "event": "Order Completed"}]});
    let (head, answer) = serving.post("/v1/batch", &body.to_string());
    assert!(head.starts_with("HTTP/1.1 200"), "{head}\n{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&answer["success"], &answer["accepted"]), (&json!(true), &json!(1)));
}
