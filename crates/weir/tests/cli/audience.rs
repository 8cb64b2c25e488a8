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
    insta::assert_snapshot!(weir.run(&["audience", "list"]).ok(), @r#"
     audience   owner      labels   consumers   as of        volatility
    ────────────────────────────────────────────────────────────────────
     buyers     crm team   promo            –   –                     –
     viewers                                2   2024-11-03       50.0 %
    "#);
    insta::assert_snapshot!(weir.run(&["audience", "list", "--label", "promo", "--role", "target"]).ok(), @r#"
     audience   owner      labels   consumers   as of   volatility
    ───────────────────────────────────────────────────────────────
     buyers     crm team   promo            –   –                –
    "#);
    insta::assert_snapshot!(weir.run(&["audience", "show", "buyers"]).ok(), @r#"
    buyers, version 1
    Whoever bought

    {
      "did": {
        "behavior": [
          "purchase"
        ]
      }
    }
    "#);
    insta::assert_snapshot!(weir.run(&["audience", "graph", "buyers"]).ok(), @r#"
    uses nothing
    used by nothing
    "#);
    insta::assert_snapshot!(weir.run(&["audience", "delete", "byers"]).error(), @r#"
    2
    error: there is no audience "byers"
      help: did you mean "buyers"?
    "#);
    let listed = weir.json(&["audience", "list"]);
    assert_eq!(listed["items"][1]["latest"]["size"], 2);
}

#[test]
fn lists_are_tables() {
    let weir = Weir::shop();
    weir.file("vip.csv", "user_id\nada\nzoe\n");
    weir.run(&["import", "list", "vip.csv", "--name", "vip", "--kind", "user_id", "--json"]).ok();
    insta::assert_snapshot!(weir.run(&["list", "ls"]).ok(), @r#"
     list   owner   kind      consumers   matched   unmatched
    ──────────────────────────────────────────────────────────
     vip    own     user_id           2         1           1
    "#);
    insta::assert_snapshot!(weir.run(&["list", "show", "vip"]).ok(), @r#"
     list   owner   kind      consumers   matched   unmatched
    ──────────────────────────────────────────────────────────
     vip    own     user_id           2         1           1

    made of 1 import: [2]
    used by nothing
    "#);
    insta::assert_snapshot!(weir.run(&["list", "unmatched", "vip"]).ok(), @r#"
    zoe
    "#);
}

#[test]
fn tags_are_tables() {
    let weir = defined();
    weir.run(&["tag", "compute", "spent", "--as-of", "2024-11-30", "--json"]).ok();
    insta::assert_snapshot!(weir.run(&["tag", "list"]).ok(), @r#"
    1 tag

     tag     values   origin     owner      description
    ────────────────────────────────────────────────────
     spent   number   computed   crm team
    "#);
    insta::assert_snapshot!(weir.run(&["tag", "values", "spent", "--as-of", "2024-11-30"]).ok(), @r#"
    1 value as of 2024-11-30, all the same

    least 1234.5, mean 1234.5, greatest 1234.5
    5 % ≤ 1234.5, 10 % ≤ 1234.5, 25 % ≤ 1234.5, 50 % ≤ 1234.5, 75 % ≤ 1234.5, 90 % ≤ 1234.5, 95 % ≤ 1234.5

       from       to   people   of those with one
    ──────────────────────────────────────────────
     1234.5   1234.5        1             100.0 %
    "#);
    insta::assert_snapshot!(weir.run(&["tag", "history", "spent", "--at", "2024-11-01,2024-11-30"]).ok(), @r#"
     date         people   of those known
    ──────────────────────────────────────
     2024-11-01        0            0.0 %
     2024-11-30        1           25.0 %
    "#);
}

#[test]
fn a_feature_is_turned_off_and_on() {
    let weir = Weir::shop();
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql=off"]).ok(), @r#"
     feature               what it is
    ───────────────────────────────────────────────────────────────────────────────────
     computed_tags   on    Define tags by a rule, and compute them.
     lists           on    Upload lists of identifiers, one's own or a partner's.
     pushes          on    Push people to destinations and files.
     queues          on    Read events from message queues.
     reach           on    Plan which media to buy for the most reach.
     rfm             on    Score people by recency, frequency and money.
     schedules       on    Compute definitions on a schedule without being asked.
     sql             off   Ask the event table in SQL.
     tracks          on    Follow people under a state model, with alerts and reports.
     webhooks        on    Send to webhooks over the network.
    "#);
    insta::assert_snapshot!(weir.run(&["sql", "SELECT 1"]).error(), @r#"
    2
    error: the feature sql is turned off in the workspace "default"
      help: whoever runs this workspace can turn it on: weir --workspace default workspace feature sql=on
    "#);
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql=on", "sqll=off"]).error(), @r#"
    2
    error: there is no feature "sqll"
      help: did you mean "sql"?
    "#);
    insta::assert_snapshot!(weir.run(&["workspace", "feature", "sql"]).error(), @r#"
    2
    error: "sql" is not NAME=on or NAME=off
      help: for example sql=off; weir workspace feature lists them
    "#);
    assert_eq!(weir.json(&["workspace", "feature", "sql=on"])["items"][7]["on"], true);
    weir.run(&["sql", "SELECT 1"]).ok();
}
