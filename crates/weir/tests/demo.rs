//! The demo world: loaded like anybody's data, with answers that another engine gives as well.

// A test stops at what it did not expect.
#![allow(clippy::unwrap_used)]

mod real;

use std::path::Path;
use std::process::Command;

use real::Weir;
use serde_json::{Value, json};

const CONSUMERS: &str = "4000";
const DAYS: &str = "150";
/// The last day of the world, days before it, and the promotion in between.
const END: &str = "2025-12-19";
const DATES: [&str; 4] = ["2025-09-20", "2025-11-10", "2025-11-12", END];

fn demo() -> Weir {
    let weir = Weir::new();
    let loaded = weir.json(&["demo", "--consumers", CONSUMERS, "--days", DAYS, "--load-only"]);
    let events = &loaded["events"];
    let parts = ["accepted", "duplicate", "rejected"].map(|part| events[part].as_u64().unwrap());
    assert_eq!(events["read"].as_u64().unwrap(), parts.iter().sum::<u64>(), "{loaded}");
    assert!(parts.iter().all(|part| *part > 0), "defects are part of the world: {loaded}");
    weir
}

/// What both engines are asked: ours through its command line, DuckDB over the Parquet files.
struct Question {
    ours: Box<dyn Fn(&Weir) -> Value>,
    theirs: Value,
}

fn states(scope: &'static str) -> Question {
    let at = DATES.join(",");
    let ours = move |weir: &Weir| {
        let answer = weir.json(&["states", "--model", "pno", "--scope", scope, "--at", &at]);
        let counts =
            |date: &Value| ["old", "new", "potential", "none"].map(|state| date["states"][state].clone());
        answer["at"].as_array().unwrap().iter().map(|date| json!(counts(date))).collect()
    };
    Question { ours: Box::new(ours), theirs: json!({ "states": { "scope": as_json(scope), "at": DATES } }) }
}

fn flow(scope: &'static str, from: &'static str, to: &'static str) -> Question {
    let ours = move |weir: &Weir| {
        let flow = weir.json(&["flow", "--model", "pno", "--scope", scope, "--from", from, "--to", to]);
        assert_eq!(flow["states"], json!(["old", "new", "potential", "none"]));
        flow["matrix"].clone()
    };
    let theirs = json!({ "flow": { "scope": as_json(scope), "from": from, "to": to } });
    Question { ours: Box::new(ours), theirs }
}

/// Steps as ours and as SQL conditions.
fn funnel(steps: &[(Value, &str)], hours: u32) -> Question {
    let (steps, conditions): (Vec<Value>, Vec<&str>) = steps.iter().cloned().unzip();
    let ours = move |weir: &Weir| {
        let file = weir.write("steps.json", &json!(steps).to_string());
        let within = format!("{hours}h");
        let answer = weir.json(&["funnel", "--steps", &file, "--within", &within, "--as-of", END]);
        let steps = answer["steps"].as_array().unwrap();
        for step in steps {
            assert_eq!(weir.eval(&step["expression"], END)["count"], step["count"], "{step}");
        }
        steps.iter().map(|step| step["count"].clone()).collect()
    };
    let theirs = json!({ "funnel": { "steps": conditions, "hours": hours, "at": END } });
    Question { ours: Box::new(ours), theirs }
}

fn retention(start: (Value, &str), returns: (Value, &str), period: &'static str) -> Question {
    let (first, last) = ("2025-09-10", END);
    let theirs = json!({ "retention": {
        "start": start.1, "returns": returns.1, "period": period, "first": first, "last": last,
    } });
    let ours = move |weir: &Weir| {
        let start = weir.write("start.json", &start.0.to_string());
        let returns = weir.write("return.json", &returns.0.to_string());
        let window = format!("{first}..{last}");
        let args = ["--start", &start, "--return", &returns, "--window", &window, "--period", period];
        let answer = weir.json(&[&["retention", "--as-of", END], &args[..]].concat());
        let row = |cohort: &Value| json!([cohort["date"], cohort["size"], cohort["returned"]]);
        answer["cohorts"].as_array().unwrap().iter().map(row).collect()
    };
    Question { ours: Box::new(ours), theirs }
}

fn funnels_and_cohorts() -> Vec<Question> {
    let behavior = |name: &str| json!({ "behavior": [name] });
    let exposed = (
        json!({ "behavior": ["impression"], "channel": ["feed_ads"] }),
        "behavior = 'impression' AND channel = 'ads.onsite.feed_ads'",
    );
    let viewed = (behavior("view"), "behavior = 'view'");
    let in_cart = (behavior("add_to_cart"), "behavior = 'add_to_cart'");
    let bought = (behavior("purchase"), "behavior = 'purchase'");
    let anything = (json!({}), "true");
    vec![
        funnel(&[viewed.clone(), in_cart.clone(), bought.clone()], 7 * 24),
        funnel(&[exposed, viewed.clone(), bought.clone()], 36),
        funnel(&[in_cart, bought.clone(), viewed.clone(), bought.clone()], 60 * 24),
        retention(anything.clone(), anything, "day"),
        retention(bought.clone(), bought.clone(), "month"),
        retention(viewed, bought, "week"),
    ]
}

fn count(expression: Value, sql: &str) -> Question {
    let ours = move |weir: &Weir| weir.eval(&expression, END)["count"].clone();
    Question { ours: Box::new(ours), theirs: json!({ "count": { "sql": sql, "at": END } }) }
}

fn as_json(scope: &str) -> Value {
    let (kind, id) = scope.split_once('=').unwrap_or((scope, ""));
    if id.is_empty() { json!({ kind: true }) } else { json!({ kind: id }) }
}

fn questions() -> Vec<Question> {
    let exposed = json!({ "did": { "behavior": ["impression"], "channel": ["feed_ads"], "within": { "days": 30 }, "count": { "gte": 2 } } });
    let bought =
        json!({ "did": { "behavior": ["purchase"], "shop": ["lanhe-flagship"], "within": { "days": 365 } } });
    let spent = json!({ "did": { "behavior": ["purchase", "refund"], "within": { "days": 90 }, "amount": { "gte": 300 } } });
    let feed = "SELECT person FROM ev WHERE behavior = 'impression' AND channel = 'ads.onsite.feed_ads'
                AND day > DATE '2025-12-19' - 30 GROUP BY person HAVING count(*) >= 2";
    vec![
        states("workspace"),
        states("brand=lanhe"),
        states("shop=wanshu-flagship"),
        states("category=home"),
        flow("workspace", "2025-09-20", END),
        flow("brand=lanhe", "2025-11-10", "2025-11-12"),
        flow("shop=qielu-flagship", "2025-11-10", END),
        count(exposed.clone(), feed),
        count(
            json!({ "minus": [exposed, bought] }),
            &format!(
                "SELECT person FROM ({feed}) EXCEPT SELECT person FROM ev WHERE behavior = 'purchase'
                 AND shop = 'lanhe-flagship' AND day > DATE '2025-12-19' - 365"
            ),
        ),
        count(
            spent,
            "SELECT person FROM ev WHERE behavior IN ('purchase', 'refund') AND day > DATE '2025-12-19' - 90
             GROUP BY person HAVING sum(amount) >= 300",
        ),
    ]
}

#[test]
fn every_count_equals_sql_over_the_same_parquet() {
    let Some(python) = real::python() else { return };
    let weir = demo();
    let questions: Vec<Question> = questions().into_iter().chain(funnels_and_cohorts()).collect();
    let theirs = figures(&python, &weir, &questions);
    for (question, theirs) in questions.iter().zip(theirs.as_array().unwrap()) {
        let ours = (question.ours)(&weir);
        assert_eq!(&ours, theirs, "{}", question.theirs);
        assert!(!figures_are_all_zero(&ours), "{} says nothing", question.theirs);
    }
    assert_eq!(weir.json(&["verify"])["findings"], json!([]));
}

fn figures_are_all_zero(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(figures_are_all_zero),
        Value::String(_) => true,
        number => number.as_u64() == Some(0),
    }
}

fn figures(python: &str, weir: &Weir, questions: &[Question]) -> Value {
    let identifiers = export(weir, "identifiers", "SELECT consumer, kind, value FROM identifiers");
    let catalog = export(weir, "catalog", "SELECT kind, id, parent, brand FROM catalog");
    let asked: Value = questions.iter().map(|question| question.theirs.clone()).collect();
    let asked = weir.write("questions.json", &asked.to_string());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/demo/figures.py");
    let workspace = weir.dir().join("workspaces/default");
    let output = Command::new(python)
        .arg(script)
        .arg(workspace)
        .args([&identifiers, &catalog, &asked])
        .output()
        .expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn export(weir: &Weir, name: &str, query: &str) -> String {
    let path = weir.write(&format!("{name}.csv"), "");
    std::fs::remove_file(&path).unwrap();
    weir.ok(&[
        "sql",
        &format!("COPY ({query}) TO '{path}' STORED AS CSV OPTIONS ('format.has_header' 'true')"),
    ]);
    path
}

#[test]
fn loading_the_same_world_again_adds_nothing_and_another_one_is_refused() {
    let weir = demo();
    let before = weir.hash(&json!({ "everyone": true }), END);
    let again = weir.json(&["demo", "--consumers", CONSUMERS, "--days", DAYS, "--load-only"]);
    assert_eq!(again["loaded"], json!(false));
    assert_eq!(weir.hash(&json!({ "everyone": true }), END), before);
    let (status, error) = weir.fails(&["demo", "--consumers", "9", "--load-only"]);
    assert_eq!((status, &error["code"]), (2, &json!("workspace_not_empty")), "{error}");
}
