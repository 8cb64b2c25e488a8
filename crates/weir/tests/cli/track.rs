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
    insta::assert_snapshot!(paths.ok(), @"");
    insta::assert_snapshot!(weir.run(&[&asked[..], &["2024-11-02,2024-11-01"]].concat()).error(), @"");
}

#[test]
fn drafts_are_compared_and_checked_from_files() {
    let weir = Weir::shop();
    weir.file("now.json", RECENCY[0]);
    weir.file("draft.json", RECENCY[1]);
    insta::assert_snapshot!(weir.run(&["model", "diff", "now.json", "draft.json"]).ok(), @"");
    let compared = weir.run(&["model", "compare", "now.json", "draft.json", "--at", "2024-11-30"]);
    insta::assert_snapshot!(compared.ok(), @"");
    insta::assert_snapshot!(weir.run(&["model", "check", "pno", "--at", "2024-11-30"]).ok(), @"");
    let states = weir.json(&["states", "--model", "draft.json", "--at", "2024-11-30"]);
    assert_eq!(states["at"][0]["states"], json!({"buyer": 0, "none": 4}));
    insta::assert_snapshot!(weir.run(&["model", "compare", "pno@7", "pno", "--at", "2024-11-30"]).error(), @"");
}

#[test]
fn a_track_is_reported_and_refreshed() {
    let weir = tracked();
    let report = ["track", "report", "everyone", "--to", "2024-11-30", "--html", "r.html", "--csv", "r.csv"];
    insta::assert_snapshot!(weir.run(&report).ok(), @"");
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
    insta::assert_snapshot!(weir.run(&["track", "refresh", "everyone", "--to", "2024-11-30"]).ok(), @"");
    let alerts = weir.json(&["track", "alerts", "--open"]);
    assert_eq!((&alerts["items"][0]["rule"], &alerts["items"][0]["count"]), (&json!("few"), &json!(1)));
    assert_eq!(weir.json(&["track", "reports", "everyone"])["items"].as_array().unwrap().len(), 2);
    insta::assert_snapshot!(weir.run(&["track", "report", "evryone"]).error(), @"");
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
    insta::assert_snapshot!(funnel.ok(), @"");
}
