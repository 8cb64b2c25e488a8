//! Definitions as code: planned, applied, exported byte for byte, and tested.

use crate::weir::Weir;

const AUDIENCE: &str = "kind: audience
name: buyers_not_staff
owner: crm team
labels: [promo]
refresh: daily 05:00
expression: {minus: [{did: {behavior: [purchase], within: {days: 30}}}, {list: staff}]}
";

const MODEL: &str = "kind: state_model
name: recency
states:
- {name: active, when: {did: {behavior: [purchase], within: {days: 30}}}}
- {name: lapsed, when: {did: {behavior: [purchase]}}}
---
kind: tag
name: orders_30d
value: {count: {behavior: [purchase], within: {days: 30}}}
";

const TEST: &str = "kind: test
name: staff are left out
timezone: Asia/Shanghai
as_of: 2024-11-30
consumers:
  ada:
    events: [{time: 2024-11-02 10:00, behavior: purchase, amount: 12.5, order_id: o1}]
  bob:
    events: [{time: 2024-11-30 23:59, behavior: purchase, amount: 1, order_id: o2}]
    lists: [staff]
  cid: {events: [{time: 2024-10-01, behavior: purchase, amount: 3, order_id: o3}]}
  dan: {events: [{time: 2024-11-01, behavior: view}], tags: {gender: male}}
expect:
- {audience: buyers_not_staff, members: [ada]}
- {audience: buyers_not_staff, as_of: 2024-10-20, members: [cid]}
- {model: recency, states: {ada: active, cid: lapsed, dan: none}}
- {expression: {tag: {orders_30d: {gte: 1}}}, members: [ada, bob]}
- {expression: {tag: {gender: {eq: male}}}, members: [dan]}
";

fn folder() -> Weir {
    let weir = Weir::empty();
    weir.file("definitions/audience.yaml", AUDIENCE);
    weir.file("definitions/model.yaml", MODEL);
    weir.file("definitions/test.yaml", TEST);
    weir
}

#[test]
fn tests_run_without_any_data_directory() {
    let weir = folder();
    insta::assert_snapshot!(weir.run(&["test", "definitions"]).ok(), @r#"
    ok      staff are left out

    1 passed, 0 failed
    "#);
    assert!(!weir.path().join("weir-data").exists());
}

#[test]
fn what_is_not_as_expected_is_told_by_name() {
    let weir = folder();
    let wrong = TEST.replace("members: [ada]}", "members: [cid]}").replace("dan: none", "dan: lapsed");
    weir.file("definitions/test.yaml", &wrong);
    let run = weir.run(&["test", "definitions"]);
    assert_eq!(run.status, 2);
    insta::assert_snapshot!(run.stdout, @r#"
    failed  staff are left out
            definitions/test.yaml at /expect/0: missing cid; unexpected ada
            definitions/test.yaml at /expect/2: dan is none, not lapsed

    0 passed, 1 failed
    "#);
    let json: serde_json::Value =
        serde_json::from_str(&weir.run(&["test", "definitions", "--json"]).stdout).unwrap();
    assert_eq!((&json["passed"], &json["failed"]), (&0.into(), &1.into()));
    assert_eq!(json["tests"][0]["failures"][0]["at"], "/expect/0");
}

#[test]
fn mistakes_in_a_test_have_a_place() {
    let weir = folder();
    let mut told = String::new();
    for (from, to) in [
        ("as_of: 2024-11-30\n", ""),
        ("members: [dan]", "members: [eve]"),
        ("expect:", "expects:"),
        ("behavior: view", "behavior: ''"),
        ("model: recency", "model: recensy"),
    ] {
        assert!(TEST.contains(from));
        weir.file("definitions/test.yaml", &TEST.replacen(from, to, 1));
        told.push_str(&weir.run(&["test", "definitions"]).error());
        told.push('\n');
    }
    insta::assert_snapshot!(told, @r#"
    2
    error: definitions/test.yaml: a test needs a date, as_of
      at: /as_of

    2
    error: definitions/test.yaml: "eve" is none of the consumers of this test
      at: /expect/4/members

    2
    error: definitions/test.yaml: there is no "expects" here
      at: /expects
      help: it has kind, name, description, as_of, timezone, currency, consumers, expect

    2
    error: definitions/test.yaml: 1 of the events were rejected: no_behavior
      at: /consumers

    2
    error: definitions/test.yaml: there is no state model "recensy"
      at: /expect/2
    "#);
}

#[test]
fn a_plan_says_what_applying_would_change_and_changes_nothing() {
    let weir = folder();
    weir.file("staff.csv", "user_id\nbob\n");
    weir.run(&["import", "list", "staff.csv", "--name", "staff", "--kind", "user_id"]).ok();
    insta::assert_snapshot!(weir.run(&["apply", "definitions", "--plan"]).ok(), @r#"
    created audience buyers_not_staff
    created state_model recency
    created tag orders_30d
    0 definitions unchanged; nothing was applied
    "#);
    weir.run(&["apply", "definitions"]).ok();
    insta::assert_snapshot!(weir.run(&["apply", "definitions", "--plan"]).ok(), @r#"
    3 definitions unchanged; nothing was applied
    "#);
    weir.file("definitions/audience.yaml", &AUDIENCE.replace("days: 30", "days: 90"));
    insta::assert_snapshot!(weir.run(&["apply", "definitions", "--plan"]).ok(), @r#"
    updated audience buyers_not_staff
      changed /expression/minus/0/did/within/days  30 → 90
    2 definitions unchanged; nothing was applied
    "#);
}

#[test]
fn an_export_applied_elsewhere_exports_the_same_bytes() {
    let weir = folder();
    weir.file("staff.csv", "user_id\nbob\n");
    for data in ["one", "two"] {
        let list = ["import", "list", "staff.csv", "--name", "staff", "--kind", "user_id", "--data", data];
        weir.run(&list).ok();
    }
    weir.run(&["apply", "definitions", "--data", "one"]).ok();
    weir.run(&["export", "first", "--data", "one"]).ok();
    weir.run(&["apply", "first", "--data", "two"]).ok();
    weir.run(&["export", "second", "--data", "two"]).ok();
    let mut names = Vec::new();
    for folder in ["audiences", "state_models", "tags"] {
        for entry in std::fs::read_dir(weir.path().join("first").join(folder)).unwrap() {
            let name = format!("{folder}/{}", entry.unwrap().file_name().to_str().unwrap());
            let read = |root: &str| std::fs::read(weir.path().join(root).join(&name)).unwrap();
            assert_eq!(read("first"), read("second"), "{name}");
            names.push(name);
        }
    }
    names.sort();
    assert_eq!(
        names,
        ["audiences/buyers_not_staff.yaml", "state_models/recency.yaml", "tags/orders_30d.yaml"]
    );
}
