//! One person, as people read them.

use std::fs::{File, read_to_string};
use std::process::Stdio;

use crate::serve::Serving;
use crate::weir::Weir;

fn shop() -> Weir {
    let weir = Weir::shop();
    weir.file("views.csv", "t,u,p\n2024-11-05 10:00:00,ada,13712341234\n");
    let sql =
        "SELECT t AS time, u AS id_user_id, p AS id_phone, 'view' AS behavior, 'sms' AS channel FROM input";
    weir.file("views.sql", sql);
    weir.run(&["import", "events", "views.csv", "--sql", "views.sql", "--source", "web"]).ok();
    weir.file(
        "definitions/all.yaml",
        "kind: audience\nname: buyers\nexpression: {did: {behavior: [purchase]}}\n",
    );
    weir.run(&["apply", "definitions"]).ok();
    weir
}

#[test]
fn a_person_is_shown() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--as-of", "2024-11-30"]).ok(), @r#"
    user_id:ada as of 2024-11-30, known since 2024-11-01

     identifier          key   first                 last                  events
    ──────────────────────────────────────────────────────────────────────────────
     user_id:ada         ~0    2024-11-01 10:00:00   2024-11-05 10:00:00        3
     phone:137****1234   ~4    2024-11-05 10:00:00   2024-11-05 10:00:00        0

    1 link; weir identity show ~0 lists them

    states of pno, workspace

     state       from         to
    ─────────────────────────────────────
     potential   2024-11-01   2024-11-01
     old         2024-11-02   2024-11-30

    in: buyers

    no pushes

    3 events up to 2024-11-30

     channel   events
    ──────────────────
     crm.sms        2
     shop           1
    "#);
    insta::assert_snapshot!(weir.run(&["consumer", "bob", "--as-of", "2024-11-01"]).ok(), @r#"
    user_id:bob as of 2024-11-01, known only since 2024-11-02

     identifier    key   first                 last                  events
    ────────────────────────────────────────────────────────────────────────
     user_id:bob   ~1    2024-11-02 11:00:00   2024-11-02 11:00:00        1

    0 links; weir identity show ~1 lists them

    states of pno, workspace: not known yet in these days

    not in: buyers

    no pushes

    0 events up to 2024-11-01; 1 later
    "#);
    let whole = weir.json(&["consumer", "ada", "--as-of", "2024-11-30", "--unmasked"]);
    assert_eq!(whole["identifiers"][1]["value"], "13712341234");
}

#[test]
fn events_are_listed_latest_first() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--events", "--limit", "2"]).ok(), @r#"
     time                        behavior   channel   item   order   amount   from
    ──────────────────────────────────────────────────────────────────────────────────────────
     2024-11-05T10:00:00+08:00   view       crm.sms                           web (import 2)
     2024-11-02T10:00:00+08:00   purchase   shop                     1234.5   shop (import 1)

    earlier ones: --after 1730512800000000.1
    "#);
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--events", "--channel", "shop"]).ok(), @r#"
     time                        behavior   channel   item   order   amount   from
    ──────────────────────────────────────────────────────────────────────────────────────────
     2024-11-02T10:00:00+08:00   purchase   shop                     1234.5   shop (import 1)
    "#);
    let all = weir.json(&["consumer", "ada", "--events"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
}

#[test]
fn nobody_is_a_clear_error() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "zoe"]).error(), @r#"
    2
    error: nobody is known as "zoe"
      help: name a user id, or write kind:value, for example email:someone@example.com
    "#);
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--behavior", "view"]).error(), @r#"
    2
    error: the following required arguments were not provided:
      --events

    Usage: weir consumer --events --behavior <BEHAVIOR> <USER>

    For more information, try '--help'.
    "#);
}

#[test]
fn who_sees_whole_values_is_written_to_the_servers_log() {
    let weir = shop();
    let token = weir.json(&["token", "add", "crm"])["token"].as_str().unwrap().to_owned();
    let log = weir.path().join("log");
    let serving = Serving::logging(&weir, Stdio::from(File::create(&log).unwrap()));
    let ask = |path: &str| {
        let path = format!("/api/v1/consumers/{path}");
        serving.ask(&format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}")).1
    };
    let told = |what: &str| read_to_string(&log).unwrap().matches(what).count();
    assert!(ask("ada").contains("137****1234"));
    assert_eq!(told("personal values were shown"), 0);
    assert!(ask("ada?unmasked=true").contains("13712341234"));
    assert!(ask("phone:13712341234/events?unmasked=true").contains("~0"));
    assert_eq!(told("personal values were shown"), 2);
    assert_eq!(
        (told("crm"), told("~0"), told("13712341234")),
        (2, 2, 0),
        "by whom and of whom, but no value"
    );
}
