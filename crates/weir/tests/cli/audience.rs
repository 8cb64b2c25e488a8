//! Audiences, lists, tags and features, as people read them.

use crate::weir::Weir;

const DEFINITIONS: &str = "kind: audience
name: buyers
description: Whoever bought
owner: crm team
role: target
labels: [promo]
expression: {did: {behavior: [purchase]}}
---
kind: audience
name: viewers
expression: {did: {behavior: [view]}}
---
kind: tag
name: spent
owner: crm team
labels: [value]
value: {amount: {behavior: [purchase]}}
";

fn defined() -> Weir {
    let weir = Weir::shop();
    weir.file("definitions/all.yaml", DEFINITIONS);
    weir.run(&["apply", "definitions"]).ok();
    weir
}

#[test]
fn audiences_are_listed_with_their_sizes() {
    let weir = defined();
    weir.run(&["audience", "refresh", "viewers", "--as-of", "2024-11-02,2024-11-03"]).ok();
    insta::assert_snapshot!(weir.run(&["audience", "list"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["audience", "list", "--label", "promo", "--role", "target"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["audience", "show", "buyers"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["audience", "graph", "buyers"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["audience", "delete", "byers"]).error(), @"");
    let listed = weir.json(&["audience", "list"]);
    assert_eq!(listed["items"][1]["latest"]["size"], 2);
}

#[test]
fn lists_are_tables() {
    let weir = Weir::shop();
    weir.file("vip.csv", "user_id\nada\nzoe\n");
    weir.run(&["import", "list", "vip.csv", "--name", "vip", "--kind", "user_id", "--json"]).ok();
    insta::assert_snapshot!(weir.run(&["list", "ls"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["list", "show", "vip"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["list", "unmatched", "vip"]).ok(), @"");
}

#[test]
fn tags_are_tables() {
    let weir = defined();
    weir.run(&["tag", "compute", "spent", "--as-of", "2024-11-30", "--json"]).ok();
    insta::assert_snapshot!(weir.run(&["tag", "list"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["tag", "values", "spent", "--as-of", "2024-11-30"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["tag", "history", "spent", "--at", "2024-11-01,2024-11-30"]).ok(), @"");
}

#[test]
fn a_feature_is_turned_off_and_on() {
    let weir = Weir::shop();
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql=off"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["sql", "SELECT 1"]).error(), @"");
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql=on", "sqll=off"]).error(), @"");
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql"]).error(), @"");
    assert_eq!(weir.json(&["workspace", "feature", "sql=on"])["items"][7]["on"], true);
    weir.run(&["sql", "SELECT 1"]).ok();
}
