//! Paths, state models, tracks and the stage funnel, as people read them.

use serde_json::json;

use crate::weir::Weir;

const TRACK: &str = "kind: track
name: everyone
description: All of them
track:
  model: pno
  scope: {shop: flagship}
  from: 2024-11-01
  dates: [2024-11-02]
  alerts:
  - {name: few, state: old, count: {below: 2}}
  report: [html, csv]
";

const RECENCY: [&str; 2] = [
    "[{\"name\":\"buyer\",\"when\":{\"did\":{\"behavior\":[\"purchase\"]}}}]",
    "[{\"name\":\"buyer\",\"when\":{\"did\":{\"behavior\":[\"purchase\"],\"within\":{\"days\":1}}}}]",
];

fn tracked() -> Weir {
    let weir = Weir::shop();
    weir.file("definitions/track.yaml", TRACK);
    weir.run(&["apply", "definitions"]).ok();
    weir
}

#[test]
fn paths_are_a_table() {
    let weir = Weir::shop();
    let asked = ["paths", "--model", "pno", "--scope", "shop=flagship", "--dates"];
    let paths = weir.run(&[&asked[..], &["2024-11-01,2024-11-02,2024-11-30", "--top", "1"]].concat());
    insta::assert_snapshot!(paths.ok(), @r#"
    pno, shop=flagship: 4 consumers followed

     2024-11-01      2024-11-02   2024-11-30   consumers     share
    ───────────────────────────────────────────────────────────────
     none            none         none                 2    50.0 %
     2 other paths                                     2    50.0 %
     total                                             4   100.0 %
    "#);
    insta::assert_snapshot!(weir.run(&[&asked[..], &["2024-11-02,2024-11-01"]].concat()).error(), @r#"
    2
    error: 2024-11-01 does not come after 2024-11-02
      at: --dates
      help: put the dates in order, each of them once
    "#);
}

#[test]
fn drafts_are_compared_and_checked_from_files() {
    let weir = Weir::shop();
    weir.file("now.json", RECENCY[0]);
    weir.file("draft.json", RECENCY[1]);
    insta::assert_snapshot!(weir.run(&["model", "diff", "now.json", "draft.json"]).ok(), @r#"
     where                       what
    ──────────────────────────────────────────────────────────────────────
     /states/0/when/did/within   the rule of "buyer" also says {"days":1}
    "#);
    let compared = weir.run(&["model", "compare", "now.json", "draft.json", "--at", "2024-11-30"]);
    insta::assert_snapshot!(compared.ok(), @r#"
    inline (rows) and inline (columns), workspace: 4 consumers at 2024-11-30

     inline \ inline   buyer   none   total
    ────────────────────────────────────────
     buyer                 0      1       1
     none                  0      3       3
     total                 0      4       4
    "#);
    insta::assert_snapshot!(weir.run(&["model", "check", "pno", "--at", "2024-11-30"]).ok(), @r#"
    pno, workspace: 4 consumers at 2024-11-30

     state       matched   taken earlier   decided    share
    ────────────────────────────────────────────────────────
     old               1               0         1   25.0 %
     new               1               0         1   25.0 %
     potential         0               0         0    0.0 %
     none                                        2   50.0 %
    "#);
    let states = weir.json(&["states", "--model", "draft.json", "--at", "2024-11-30"]);
    assert_eq!(states["at"][0]["states"], json!({"buyer": 0, "none": 4}));
    insta::assert_snapshot!(weir.run(&["model", "compare", "pno@7", "pno", "--at", "2024-11-30"]).error(), @r#"
    2
    error: the state model "pno" has no version 7
      at: A
    "#);
}

#[test]
fn a_track_is_reported_and_refreshed() {
    let weir = tracked();
    let report = ["track", "report", "everyone", "--to", "2024-11-30", "--html", "r.html", "--csv", "r.csv"];
    insta::assert_snapshot!(weir.run(&report).ok(), @r#"
    pno, shop=flagship

     date            old     new   potential     none   total
    ──────────────────────────────────────────────────────────
     2024-11-01        0       0           1        0       1
                   0.0 %   0.0 %     100.0 %    0.0 %
     2024-11-02        1       0           1        0       2
                  50.0 %   0.0 %      50.0 %    0.0 %
     2024-11-30        1       0           0        3       4
                  25.0 %   0.0 %       0.0 %   75.0 %

    pno, shop=flagship: 4 consumers followed from 2024-11-01 (rows) to 2024-11-30 (columns)

     from \ to   old   new   potential   none   total
    ──────────────────────────────────────────────────
     old           0     0           0      0       0
     new           0     0           0      0       0
     potential     1     0           0      0       1
     none          0     0           0      3       3
     total         1     0           0      3       4

     2024-11-01   2024-11-02   2024-11-30   consumers     share
    ────────────────────────────────────────────────────────────
     none         none         none                 2    50.0 %
     potential    old          old                  1    25.0 %
     none         potential    none                 1    25.0 %
     total                                          4   100.0 %

     alert   consumers   of    share                band
    ───────────────────────────────────────────────────────────────
     few             1    4   25.0 %   count {"below":2}   OUTSIDE
    "#);
    let page = std::fs::read_to_string(weir.path().join("r.html")).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("潜客") && !page.contains("<script"),
        "{page}"
    );
    let table = std::fs::read_to_string(weir.path().join("r.csv")).unwrap();
    assert!(
        table.starts_with("section,date,state,to_date,to_state,count,total\r\nstates,2024-11-01,old,"),
        "{table}"
    );
    insta::assert_snapshot!(weir.run(&["track", "refresh", "everyone", "--to", "2024-11-30"]).ok(), @r#"
    everyone as of 2024-11-30: 1 alert open, 2 reports written

     alert   consumers   of    share                band
    ───────────────────────────────────────────────────────────────
     few             1    4   25.0 %   count {"below":2}   OUTSIDE
    "#);
    let alerts = weir.json(&["track", "alerts", "--open"]);
    assert_eq!((&alerts["items"][0]["rule"], &alerts["items"][0]["count"]), (&json!("few"), &json!(1)));
    assert_eq!(weir.json(&["track", "reports", "everyone"])["items"].as_array().unwrap().len(), 2);
    insta::assert_snapshot!(weir.run(&["track", "report", "evryone"]).error(), @r#"
    2
    error: there is no track "evryone"
      help: did you mean "everyone"?
    "#);
}

#[test]
fn a_track_survives_an_export() {
    let weir = tracked();
    weir.run(&["export", "out"]).ok();
    let applied = weir.json(&["apply", "out"]);
    assert_eq!(applied["applied"][0], json!({"kind": "track", "name": "everyone", "change": "unchanged"}));
}

#[test]
fn stages_are_a_table() {
    let weir = Weir::shop();
    let funnel = weir.run(&["stage-funnel", "--scope", "shop=flagship", "--at", "2024-11-30"]);
    insta::assert_snapshot!(funnel.ok(), @r#"
    2024-11-30: 4 consumers

     stage                    consumers   of first   of previous
    ─────────────────────────────────────────────────────────────
     Target market                    4    100.0 %       100.0 %
     Reached                          3     75.0 %        75.0 %
     Interested                       0      0.0 %         0.0 %
     Bought                           0      0.0 %             –
     Bought again                     0      0.0 %             –
     Had lapsed 90 days ago           0      0.0 %             –
     Won back since                   0      0.0 %             –
    "#);
}
