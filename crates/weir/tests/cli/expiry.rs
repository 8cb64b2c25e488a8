//! Retention and limits of the disk, as a user meets them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::serve::Serving;
use crate::weir::Weir;

/// The small shop, and a visit far in the future: no day of a test is later.
fn aged() -> Weir {
    let weir = Weir::shop();
    let csv = "time,user,behavior,channel,shop,amount\n2100-01-01 10:00:00,fay,view,shop,flagship,\n";
    weir.file("later.csv", csv);
    weir.run(&["import", "events", "later.csv", "--sql", "events.sql", "--source", "shop"]).ok();
    weir
}

fn everyone(weir: &Weir) -> Value {
    weir.eval("{\"everyone\":true}", "2100-12-31")["count"].clone()
}

#[test]
fn old_events_are_shown_and_then_go() {
    let weir = aged();
    assert_eq!(
        weir.run(&["expire"]).ok(),
        "events are kept for ever; to change that: weir workspace set retention_days=…\n"
    );
    assert_eq!(weir.json(&["workspace", "set", "retention_days=30"])["retention_days"], 30);
    let foreseen = weir.json(&["expire", "--dry-run"]);
    assert_eq!((&foreseen["events"], &foreseen["dry_run"]), (&json!(6), &json!(true)));
    let days: Vec<&Value> = foreseen["days"].as_array().unwrap().iter().map(|day| &day["day"]).collect();
    assert_eq!(days, ["2024-11-01", "2024-11-02", "2024-11-03"]);
    assert_eq!(everyone(&weir), 5);

    let text = weir.run(&["expire"]);
    let lines: Vec<&str> = text.ok().lines().collect();
    assert!(lines[0].starts_with("events are kept for 30 days, from "), "{}", lines[0]);
    assert!(lines.last().unwrap().trim().starts_with("gone"), "{lines:?}");
    assert_eq!(everyone(&weir), 1, "people known by nothing else are gone");
    let rows = weir.json(&["sql", "SELECT count(*) FROM consumers"]);
    assert_eq!(rows["rows"], json!([[1]]));
    assert_eq!(weir.json(&["verify"])["sound"], true);
    let log = weir.json(&["import", "log"]);
    let expired: Vec<&Value> = log["items"].as_array().unwrap().iter().map(|item| &item["expired"]).collect();
    assert_eq!(expired, [0, 6]);
    assert!(weir.run(&["import", "log"]).ok().contains("expired"));
    assert!(weir.run(&["expire"]).ok().ends_with("; none is older\n"));

    // Sent again it is a duplicate; taken back and imported again it is there until the next run.
    let again = weir.json(&["import", "events", "events.csv", "--sql", "events.sql", "--source", "shop"]);
    assert_eq!((&again["accepted"], &again["duplicate"]), (&json!(0), &json!(6)));
    assert!(weir.run(&["import", "undo", "1"]).ok().ends_with("expired since: 6 rows\n"));
}

/// What comes after the small shop: some of its people, and others.
const LATER: &str = "\
time,user,behavior,channel,shop,amount
2100-01-01 10:00:00,ada,purchase,shop,flagship,20
2100-01-02 10:00:00,fay,view,shop,flagship,
2100-01-02 11:00:00,bob,add_to_cart,sms,outlet,
2100-01-03 11:00:00,bob,purchase,shop,outlet,7.25
";

#[test]
fn answers_are_those_of_a_store_that_never_had_the_old_events() {
    let (aged, fresh) = (Weir::shop(), Weir::empty());
    fresh.run(&["workspace", "set", "timezone=Asia/Shanghai", "currency=CNY"]).ok();
    let mapping = std::fs::read_to_string(aged.path().join("events.sql")).unwrap();
    fresh.file("events.sql", &mapping);
    for weir in [&aged, &fresh] {
        weir.file("later.csv", LATER);
        weir.run(&["import", "events", "later.csv", "--sql", "events.sql", "--source", "shop"]).ok();
    }
    let bought = r#"{"did":{"behavior":["purchase"]}}"#;
    let spent = r#"{"did":{"behavior":["purchase"],"amount":{"gt":100}}}"#;
    let silent = r#"{"minus":[{"everyone":true},{"did":{"behavior":["view"],"within":{"days":3}}}]}"#;
    let first = r#"{"did":{"behavior":["purchase"],"first":{"gte":"2100-01-01"}}}"#;
    let answers = |weir: &Weir| -> Vec<(Value, Value)> {
        let mut answers = Vec::new();
        for as_of in ["2024-11-30", "2100-01-01", "2100-01-03"] {
            for expression in [r#"{"everyone":true}"#, bought, spent, silent, first] {
                let mut answer =
                    weir.pipe(expression, &["eval", "-", "--as-of", as_of, "--hash", "--json"]).json();
                answers.push((answer["count"].take(), answer["content_hash"].take()));
            }
        }
        answers
    };
    let tables = ["SELECT consumer FROM consumers", "SELECT * FROM events", "SELECT * FROM identifiers"];
    let counts =
        |weir: &Weir| tables.map(|query| weir.json(&["sql", query])["rows"].as_array().unwrap().len());
    assert_ne!(answers(&aged), answers(&fresh));
    aged.run(&["workspace", "set", "retention_days=30"]).ok();
    assert_eq!(aged.json(&["expire"])["events"], 6);
    assert_eq!(answers(&aged), answers(&fresh));
    assert_eq!(counts(&aged), counts(&fresh));
}

#[test]
fn a_server_lets_old_events_expire_when_it_starts() {
    let weir = aged();
    weir.run(&["workspace", "set", "retention_days=30"]).ok();
    let _serving = Serving::start(&weir);
    let since = Instant::now();
    while weir.json(&["import", "log"])["items"][1]["expired"] != 6 {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing has expired");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(everyone(&weir), 1);
}

#[test]
fn space_is_shown_and_refused_before_it_is_gone() {
    let weir = Weir::shop();
    let set = ["workspace", "set", "retention_days=400", "disk_limit=50GB", "disk_reserve=1MB"];
    let shown = weir.run(&set).ok().to_owned();
    for line in [
        "events are kept                400 days",
        "may be used                    50.0 GB",
        "must stay free                 1.0 MB",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
    let answer = weir.json(&["workspace", "show"]);
    assert_eq!(
        (&answer["retention_days"], &answer["disk_limit"], &answer["disk_reserve"]),
        (&json!(400), &json!(50_000_000_000_u64), &json!(1_000_000))
    );
    let disk = &answer["disk"];
    assert_eq!((&disk["is_full"], &disk["limit_bytes"]), (&json!(false), &answer["disk_limit"]));
    assert!(disk["used_bytes"].as_u64().unwrap() > 0 && disk["free_bytes"].as_u64().unwrap() > 0);

    weir.run(&["workspace", "set", "disk_limit=10KB"]).ok();
    assert_eq!(weir.json(&["workspace"])["disk"]["reason"], "disk_limit");
    assert!(weir.run(&["workspace"]).ok().contains("; full, by disk_limit"));
    let import = ["import", "events", "events.csv", "--sql", "events.sql", "--source", "other", "--json"];
    let refused = weir.run(&import);
    assert_eq!((refused.status, refused.stdout.as_str()), (1, ""));
    let error: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert_eq!(error["code"], "disk_full");
    assert!(error["message"].as_str().unwrap().ends_with(" and may use 10.0 KB"), "{error}");
    let unset =
        weir.json(&["workspace", "set", "disk_limit=none", "disk_reserve=default", "retention_days=none"]);
    assert_eq!(
        (&unset["disk_limit"], &unset["disk_reserve"], &unset["retention_days"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(weir.json(&import[..7])["accepted"], 6);
}

#[test]
fn what_makes_no_sense_is_told() {
    let weir = Weir::empty();
    insta::assert_snapshot!(weir.run(&["workspace", "set", "retention_days=0"]).error(), @r#"
    2
    error: "0" is not a number of days to keep events for
      at: retention_days
      help: write a whole number from 1 to 1000000, or none to keep them for ever
    "#);
    insta::assert_snapshot!(weir.run(&["workspace", "set", "disk_limit=lots"]).error(), @r#"
    2
    error: "lots" is not a size
      at: disk_limit
      help: write whole bytes, or a whole number of KB, MB, GB, TB, KiB, MiB, GiB or TiB, for example 50GB, or none for no limit
    "#);
}
