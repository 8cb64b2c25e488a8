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

/// Everybody, and who viewed twice, at dates before anybody signed in.
fn past(weir: &Weir) -> Vec<Value> {
    let questions =
        [json!({ "everyone": true }), json!({ "did": { "behavior": ["view"], "count": { "gte": 2 } } })];
    let dates = ["2024-01-02", "2024-01-04"];
    questions.iter().flat_map(|question| dates.map(|date| weir.hash(question, date))).collect()
}

/// Cara comes back on x3, and that is all that is ever said about her.
const RETURN: &str = "time,behavior,id_user_id,id_anonymous_id,id_device,shop
2024-01-09 10:00:00,view,cara,x3,,b
";

#[test]
fn an_unlink_gives_the_people_from_before_at_every_date_and_a_relink_takes_it_back() {
    let weir = Weir::new();
    import(&weir, "visits.csv", VISITS);
    let apart = past(&weir);
    import(&weir, "sign_ins.csv", SIGN_INS);
    let merged = answers(&weir);
    assert_ne!(past(&weir), apart, "x1 and x2 have always been Ann");

    // Without Ann the device would be Bob's.
    let pairs = [("ann", "anonymous_id:x1"), ("ann", "anonymous_id:x2"), ("bob", "device:d1")];
    for (user, other) in pairs {
        let args = ["identity", "unlink", user, other, "--reason", "a shared tablet", "--by", "desk"];
        let linked = weir.json(&args);
        assert_eq!(linked["one_person"], json!(false));
        let statement = &linked["statement"];
        assert_eq!((&statement["author"], &statement["counts"]), (&json!("desk"), &json!(false)));
    }
    sound(&weir);
    assert_eq!(past(&weir), apart);
    let unlinked = answers(&weir);
    weir.ok(&["verify", "--rebuild"]);
    assert_eq!(answers(&weir), unlinked, "an index built anew");

    // Another event of the same two does not join them again.
    let again = SIGN_INS.replace("10:00:00", "15:00:00");
    let later = import(&weir, "again.csv", &again);
    assert_eq!(past(&weir), apart);
    weir.ok(&["import", "undo", &later["import"].to_string()]);
    assert_eq!(answers(&weir), unlinked);

    for (user, other) in pairs {
        let joined = user == "ann";
        assert_eq!(
            weir.json(&["identity", "relink", user, other])["one_person"],
            json!(joined),
            "{user} {other}"
        );
    }
    sound(&weir);
    assert_eq!(answers(&weir), merged);
    weir.ok(&["verify", "--rebuild"]);
    assert_eq!(answers(&weir), merged, "an index built anew");
    let log = weir.json(&["identity", "log"]);
    let counts: Vec<&Value> = log["items"].as_array().unwrap().iter().map(|item| &item["counts"]).collect();
    assert_eq!(counts, [true, true, true, false, false, false].map(Value::from).iter().collect::<Vec<_>>());
}

#[test]
fn a_person_shows_which_links_joined_it_and_which_did_not_and_why() {
    let weir = Weir::new();
    import(&weir, "visits.csv", VISITS);
    import(&weir, "sign_ins.csv", SIGN_INS);
    import(&weir, "return.csv", RETURN);
    let states = |user: &str| -> Vec<String> {
        let identity = weir.json(&["identity", "show", user]);
        let text = |link: &Value, end: &str| link[end]["value"].as_str().unwrap().to_owned();
        let links = identity["links"].as_array().unwrap().iter();
        links
            .map(|link| {
                format!("{}-{} {}", text(link, "a"), text(link, "b"), link["state"].as_str().unwrap())
            })
            .collect()
    };
    let around_ann = ["d1-x1 active", "ann-x1 active", "ann-x2 active", "bob-d1 two_known_people"];
    assert_eq!(states("ann"), around_ann);
    assert_eq!(states("device:d1"), around_ann, "by whatever identifier");
    assert_eq!(states("bob"), ["bob-d1 two_known_people"]);
    assert_eq!(states("cara"), ["d3-x3 active", "cara-x3 active"]);

    // With Ann out of the way, the device is Bob's; the links that are left decide, as if there had been no other.
    weir.ok(&["identity", "unlink", "ann", "anonymous_id:x1"]);
    assert_eq!(states("bob"), ["d1-x1 active", "ann-x1 unlinked", "bob-d1 active"]);
    weir.ok(&["workspace", "set", "identity={\"cap\": 2}"]);
    assert_eq!(states("cara"), ["cara-x3 over_cap"]);

    let (status, error) = weir.fails(&["identity", "unlink", "ann", "device:d3"]);
    assert_eq!((status, &error["code"]), (2, &json!("unknown_link")));
    assert_eq!(error["help"], json!("ann is linked with anonymous_id:x1, anonymous_id:x2"));
}
