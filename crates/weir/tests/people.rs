//! People are a function of the recorded links: the order of imports does not matter, an undone import un-merges, and
//! an index that was updated step by step answers like one built anew.

// A test that cannot go on should stop where it stands.
#![allow(clippy::unwrap_used)]

mod real;

use real::Weir;
use serde_json::{Value, json};

const MAPPING: &str = "SELECT time, behavior, id_user_id, id_anonymous_id, id_device, shop FROM input";

/// Visits before anybody signs in; `d1` and `x2` turn out to be people of the second file.
const VISITS: &str = "time,behavior,id_user_id,id_anonymous_id,id_device,shop
2024-01-01 10:00:00,view,,x1,d1,a
2024-01-02 10:00:00,view,,x2,,a
2024-01-03 10:00:00,view,,x3,d3,b
2024-01-03 11:00:00,search,,x1,,a
";

/// Ann signs in on x1 and x2, Bob on Ann's device: Bob must stay Bob.
const SIGN_INS: &str = "time,behavior,id_user_id,id_anonymous_id,id_device,shop
2024-01-05 10:00:00,sign_up,ann,x1,,a
2024-01-06 10:00:00,purchase,ann,x2,,a
2024-01-07 10:00:00,purchase,bob,,d1,b
";

fn import(weir: &Weir, name: &str, rows: &str) -> Value {
    weir.json(&["import", "events", &weir.write(name, rows), "--sql", &weir.write("map.sql", MAPPING)])
}

/// Every answer that merging can change.
fn answers(weir: &Weir) -> Vec<Value> {
    let questions = [
        json!({ "everyone": true }),
        json!({ "did": { "behavior": ["view"], "count": { "gte": 2 } } }),
        json!({ "all": [{ "did": { "behavior": ["view"] } }, { "did": { "behavior": ["purchase"] } }] }),
        json!({ "did": { "behavior": ["view"], "active_days": { "eq": 1 } } }),
        json!({ "sequence": { "steps": [{ "behavior": ["search"] }, { "behavior": ["purchase"] }] } }),
        json!({ "sample": { "of": { "everyone": true }, "percent": 50, "salt": "s" } }),
    ];
    let dates = ["2024-01-02", "2024-01-04", "2024-01-31"];
    let pairs = questions.iter().flat_map(|question| dates.map(|date| (question, date)));
    let mut answers: Vec<Value> = pairs.map(|(question, date)| weir.hash(question, date)).collect();
    let mut flow = weir.json(&[
        "flow",
        "--model",
        "pno",
        "--scope",
        "shop=a",
        "--from",
        "2024-01-02",
        "--to",
        "2024-01-31",
    ]);
    flow["elapsed_us"].take();
    answers.push(flow);
    answers
}

fn sound(weir: &Weir) {
    assert_eq!(weir.json(&["verify"])["findings"], json!([]));
}

#[test]
fn merged_people_are_one_at_every_date_whatever_came_first() {
    let (visits_first, sign_ins_first) = (Weir::new(), Weir::new());
    import(&visits_first, "visits.csv", VISITS);
    let apart = answers(&visits_first);
    let second = import(&visits_first, "sign_ins.csv", SIGN_INS);
    sound(&visits_first);
    import(&sign_ins_first, "sign_ins.csv", SIGN_INS);
    import(&sign_ins_first, "visits.csv", VISITS);
    sound(&sign_ins_first);
    let merged = answers(&visits_first);
    assert_eq!(merged, answers(&sign_ins_first));
    assert_ne!(merged, apart);
    let everyone = visits_first.eval(&json!({ "everyone": true }), "2024-01-31");
    assert_eq!(everyone["count"], json!(3), "ann, bob and the visitor x3");

    visits_first.ok(&["verify", "--rebuild"]);
    assert_eq!(answers(&visits_first), merged, "an index built anew");

    visits_first.ok(&["import", "undo", &second["import"].to_string()]);
    sound(&visits_first);
    assert_eq!(answers(&visits_first), apart, "taking the sign-ins back");
}

#[test]
fn a_snapshot_keeps_its_size_and_names_who_was_merged() {
    let weir = Weir::new();
    import(&weir, "visits.csv", VISITS);
    let everyone = weir.write("everyone.json", r#"{"everyone": true}"#);
    let args = ["snapshot", "--expr", &everyone, "--as-of", "2024-01-31", "--name", "before"];
    let snapshot = weir.json(&args);
    assert_eq!(snapshot["size"], json!(3));
    import(&weir, "sign_ins.csv", SIGN_INS);
    let flow = weir.json(&[
        "flow",
        "--model",
        "pno",
        "--scope",
        "workspace",
        "--from",
        "2024-01-02",
        "--to",
        "2024-01-31",
        "--snapshot",
        "before",
    ]);
    let people: u64 = flow["matrix"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(
        (&flow["total"], &flow["merged"], &flow["erased"], people),
        (&json!(3), &json!(1), &json!(0), 2)
    );
}
