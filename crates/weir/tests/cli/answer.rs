//! What every command answers, as JSON and as people read it.

use serde_json::{Value, json};

use crate::weir::Weir;

/// Tables change with the clock only where this takes it out.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| word.ends_with("µs") || word.ends_with("ms");
    text.lines().filter(|line| !line.split_whitespace().any(is_time)).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_import_prints_a_ledger_that_balances() {
    let weir = Weir::shop();
    let again = weir.run(&["import", "events", "events.csv", "--sql", "events.sql", "--source", "shop"]);
    insta::assert_snapshot!(again.ok(), @r"
    import 2: events from shop

     rows
    ───────────────────────────
       accepted    0     0.0 %
     + duplicate   6    85.7 %
     + rejected    1    14.3 %
         no_time   1    14.3 %
     = read        7   100.0 %

    0 new consumers
    kept under an unknown channel: pigeon, 2 rows
    ");
    let other = weir.json(&["import", "events", "events.csv", "--sql", "events.sql", "--source", "other"]);
    let ledger =
        ["import", "read", "accepted", "duplicate", "rejected", "new_consumers"].map(|field| &other[field]);
    assert_eq!(ledger.map(Value::as_u64), [3, 7, 6, 0, 1, 0].map(Some));
    assert_eq!(
        (&other["reasons"], &other["unmapped"]),
        (&json!({"no_time": 1}), &json!({"channel": {"pigeon": 2}}))
    );
    assert_eq!((&other["first_time"], &other["source"]), (&json!("2024-11-01T02:00:00Z"), &json!("other")));
}

#[test]
fn an_import_taken_back_leaves_no_trace_in_answers() {
    let weir = Weir::shop();
    let before = weir.eval("{\"everyone\":true}", "2024-11-30")["count"].clone();
    weir.file(
        "more.csv",
        "time,user,behavior,channel,shop,amount\n2024-11-04 10:00:00,fay,view,shop,flagship,\n",
    );
    let import = weir.json(&["import", "events", "more.csv", "--sql", "events.sql"]);
    assert_eq!(weir.eval("{\"everyone\":true}", "2024-11-30")["count"], json!(5));
    let undone = weir.json(&["import", "undo", &import["import"].to_string()]);
    assert_eq!(undone["state"], "undone");
    assert_eq!(weir.eval("{\"everyone\":true}", "2024-11-30")["count"], before);
    let log = weir.json(&["import", "log"]);
    assert_eq!((&log["items"][0]["state"], &log["items"][1]["state"]), (&json!("undone"), &json!("done")));
    let page = weir.json(&["import", "log", "--limit", "1"]);
    assert_eq!((&page["items"][0]["import"], &page["next"]), (&json!(2), &json!("2")));
}

#[test]
fn an_expression_is_counted_hashed_and_listed() {
    let weir = Weir::shop();
    let expression = "{\"minus\":[{\"everyone\":true},{\"did\":{\"behavior\":[\"purchase\"]}}]}";
    let args = ["eval", "-", "--as-of", "2024-11-30", "--nodes", "--hash", "--ids", "out.csv"];
    let text = weir.pipe(expression, &args);
    insta::assert_snapshot!(without_times(text.ok()), @r"
    content hash 8bbf288ccf90203ee7ef1ef561e5885b5c23dd6c8ccce1be0b160b7a5616464b
    identifiers written to out.csv

     node          consumers     share
    ───────────────────────────────────
     (all of it)           3    75.0 %
     /minus/0              4   100.0 %
     /minus/1              1    25.0 %
    ");
    let ids = std::fs::read_to_string(weir.path().join("out.csv")).unwrap();
    assert_eq!(ids, "kind,value\nuser_id,bob\nuser_id,\"c,d\"\nuser_id,dan\n");
    let answer = weir.pipe(expression, &[&["--json"], &args[..]].concat()).json();
    assert_eq!((&answer["count"], &answer["universe"]), (&json!(3), &json!(4)));
    assert_eq!(answer["nodes"][0], json!({"at": "", "count": 3}));
}

#[test]
fn values_nobody_mentioned_are_warned_about() {
    let weir = Weir::shop();
    let text = weir.pipe("{\"did\":{\"shop\":[\"flagshop\"]}}", &["eval", "-", "--as-of", "2024-11-30"]);
    insta::assert_snapshot!(without_times(text.ok()), @r#"warning: no data and no catalogue mentions the shop "flagshop" (at /did/shop/0)"#);
}

#[test]
fn without_a_date_the_answer_is_as_of_today() {
    let weir = Weir::shop();
    let answer = weir.pipe("{\"everyone\":true}", &["eval", "-", "--json"]).json();
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).date();
    let yesterday = today.yesterday().unwrap();
    let as_of = answer["as_of"].as_str().unwrap();
    assert!([today.to_string(), yesterday.to_string()].contains(&as_of.to_owned()), "{as_of}");
}

#[test]
fn why_paints_the_expression() {
    let weir = Weir::shop();
    let expression = "{\"all\":[{\"did\":{\"behavior\":[\"purchase\"]}},\
        {\"state\":{\"model\":\"pno\",\"scope\":{\"shop\":\"flagship\"},\"in\":[\"new\"]}}]}";
    let text = weir.pipe(expression, &["why", "ada", "--expr", "-", "--as-of", "2024-11-30"]);
    insta::assert_snapshot!(text.ok(), @r#"
    user_id:ada is out as of 2024-11-30

    ✗ out  all of
    ├─ ✓ in   did {"behavior":["purchase"]}
    │      2024-11-02 10:00:00  purchase  channel shop  shop flagship  amount 1234.5
    └─ ✗ out  state new of pno, shop=flagship
       │   is in old
       └─ ✓ in   rule old: did {"behavior":["purchase"],"within":{"days":365}}
              2024-11-02 10:00:00  purchase  channel shop  shop flagship  amount 1234.5
    "#);
    let answer =
        weir.pipe(expression, &["why", "dan", "--expr", "-", "--as-of", "2024-11-30", "--json"]).json();
    assert_eq!((&answer["member"], &answer["consumer"]["value"]), (&json!(false), &json!("dan")));
}

#[test]
fn definitions_go_in_and_out_as_files() {
    let weir = Weir::shop();
    weir.file(
        "defs/buyers.yaml",
        "kind: audience\nname: buyers\nexpression:\n  did: {behavior: [purchase]}\n",
    );
    let applied = weir.run(&["apply", "defs"]);
    insta::assert_snapshot!(applied.ok(), @r"
     kind       name     change
    ─────────────────────────────
     audience   buyers   created
    ");
    let exported = weir.json(&["export", "out"]);
    assert_eq!(exported["files"].as_array().unwrap().len(), 1);
    let again = weir.json(&["apply", "out"]);
    assert_eq!(again, json!({"applied": [{"kind": "audience", "name": "buyers", "change": "unchanged"}]}));
    assert_eq!(weir.eval("{\"audience\":\"buyers\"}", "2024-11-30")["count"], json!(1));
}

#[test]
fn a_snapshot_stays_as_it_was() {
    let weir = Weir::shop();
    weir.file("all.json", "{\"everyone\":true}");
    let taken = weir.json(&["snapshot", "--expr", "all.json", "--as-of", "2024-11-02", "--name", "early"]);
    assert_eq!(
        (&taken["size"], &taken["name"], &taken["as_of"]),
        (&json!(2), &json!("early"), &json!("2024-11-02"))
    );
    let id = taken["snapshot"].as_str().unwrap();
    assert_eq!(weir.json(&["snapshots", "list"]), json!({"items": [taken]}));
    assert_eq!(weir.json(&["snapshots", "show", "early"]), taken);
    let args = ["states", "--model", "pno", "--scope", "shop=flagship", "--at", "2024-11-30", "--snapshot"];
    for name in [id, "early"] {
        let states = weir.json(&[&args[..], &[name]].concat());
        assert_eq!(states["at"][0]["total"], json!(2));
    }
    let flow = weir.json(&[
        "flow",
        "--model",
        "pno",
        "--from",
        "2024-11-01",
        "--to",
        "2024-11-30",
        "--snapshot",
        "early",
    ]);
    assert_eq!((&flow["total"], &flow["merged"], &flow["erased"]), (&json!(2), &json!(0), &json!(0)));
    weir.file("steps.json", "[{}, {\"behavior\": \"purchase\"}]");
    let funnel =
        weir.json(&["funnel", "--steps", "steps.json", "--as-of", "2024-11-30", "--snapshot", "early"]);
    assert_eq!((&funnel["total"], &funnel["steps"][1]["count"]), (&json!(2), &json!(1)));
    assert_eq!(funnel["steps"][1]["expression"]["all"][0], json!({"snapshot": id}));
}

#[test]
fn a_funnel_is_a_table_of_steps() {
    let weir = Weir::shop();
    weir.file("steps.json", "[{\"behavior\": [\"impression\", \"view\"]}, {\"behavior\": \"purchase\"}]");
    let args = ["funnel", "--steps", "steps.json", "--within", "24h", "--as-of", "2024-11-30"];
    insta::assert_snapshot!(weir.run(&args).ok(), @r#"
    4 consumers as of 2024-11-30

     step   events                               consumers   of first   of previous
    ────────────────────────────────────────────────────────────────────────────────
     1      {"behavior":["impression","view"]}           3    100.0 %        75.0 %
     2      {"behavior":["purchase"]}                    1     33.3 %        33.3 %
    "#);
    let json = weir.json(&[&args[..], &["--window", "2024-11-02..2024-11-30"]].concat());
    assert_eq!((&json["steps"][0]["count"], &json["steps"][1]["count"]), (&json!(2), &json!(0)));
    let piped = "[{\"behavior\": \"view\"}, {\"behaviour\": \"purchase\"}]";
    let failed = weir.pipe(piped, &["funnel", "--steps", "-", "--as-of", "2024-11-30"]);
    insta::assert_snapshot!(failed.error(), @r#"
    2
    error: a did has no "behaviour"
      at: /steps/1/behaviour
      help: did you mean "behavior"?
    "#);
    insta::assert_snapshot!(weir.run(&[&args[..3], &["--within", "1w"]].concat()).error(), @r#"
    2
    error: "1w" is not a length of time
      at: --within
      help: write 7d, 12h or 30m; a day is 24 hours
    "#);
}

#[test]
fn retention_is_a_table_of_cohorts() {
    let weir = Weir::shop();
    weir.file("any.json", "{}");
    weir.file("bought.json", "{\"behavior\": \"purchase\"}");
    let args = [
        "retention",
        "--start",
        "any.json",
        "--return",
        "bought.json",
        "--window",
        "3d",
        "--as-of",
        "2024-11-03",
    ];
    insta::assert_snapshot!(weir.run(&args).ok(), @r#"
    4 of 4 consumers as of 2024-11-03

     day          consumers      +0       +1      +2
    ─────────────────────────────────────────────────
     2024-11-01           1       0        1       0
     2024-11-02           1       0        0
     2024-11-03           2       0
     came back            4   0.0 %   50.0 %   0.0 %
    "#);
    let weeks = weir.json(&[&args[..], &["--period", "week"]].concat());
    assert_eq!(weeks["cohorts"], json!([{"date": "2024-10-28", "size": 4, "returned": [1]}]));
    insta::assert_snapshot!(weir.run(&[&args[..], &["--period", "weak"]].concat()).error(), @r#"
    2
    error: "weak" is not a period
      at: --period
      help: did you mean "week"?
    "#);
}

#[test]
fn sql_reads_and_copies() {
    let weir = Weir::shop();
    let query = "SELECT behavior, count(*) AS events, sum(amount) AS amount FROM events GROUP BY behavior ORDER BY behavior";
    insta::assert_snapshot!(weir.run(&["sql", query]).ok(), @r"
     behavior      events   amount
    ───────────────────────────────
     add_to_cart        1
     impression         1
     purchase           1   1234.5
     view               3

    4 rows
    ");
    weir.run(&["sql", "COPY (SELECT consumer FROM events) TO 'out.parquet'"]).ok();
    assert!(weir.path().join("out.parquet").is_file());
}

#[test]
fn settings_are_shown_and_changed() {
    let weir = Weir::shop();
    weir.run(&["workspace", "rate", "EUR", "2024-11-01", "7.7312"]).ok();
    let set = weir.run(&["workspace", "set", "identity={\"joining\":[\"phone\"]}"]);
    // What follows is about the disk, which is another on each machine.
    let (settings, _) = set.ok().split_once(" events are kept").unwrap();
    insta::assert_snapshot!(settings, @r"
     workspace                      default
    ─────────────────────────────────────────────────────────────────────────────────────────────
     timezone                       Asia/Shanghai
     currency                       CNY
     identifiers, by precedence     user_id, unionid, openid, phone, email, device, anonymous_id
     one value each person          user_id
     may join two known people      phone
     most identifiers each person   1,000
     1 EUR from 2024-11-01          7.7312 CNY
    ");
    let other = weir.json(&["--workspace", "overseas", "workspace", "set", "timezone=Europe/London"]);
    assert_eq!((&other["workspace"], &other["timezone"]), (&json!("overseas"), &json!("Europe/London")));
}

#[test]
fn verify_reads_every_file_and_the_index_can_be_built_anew() {
    let weir = Weir::shop();
    assert!(weir.run(&["verify"]).ok().ends_with("read, all sound\n"));
    assert_eq!(weir.json(&["verify", "--rebuild"])["sound"], json!(true));
    assert_eq!(weir.eval("{\"everyone\":true}", "2024-11-30")["count"], json!(4));
}

#[test]
fn a_password_is_read_from_standard_input_and_kept_as_a_hash() {
    let weir = Weir::shop();
    assert!(weir.run(&["password", "show"]).ok().starts_with("none; "));
    let short = weir.pipe("tea\n", &["password", "set"]);
    assert_eq!((short.status, short.stdout.as_str()), (2, ""));
    assert!(
        short.stderr.contains("at least 8 characters") && !short.stderr.contains("tea\n"),
        "{}",
        short.stderr
    );
    assert_eq!(weir.run(&["password", "set", "tea at noon"]).status, 2, "never as an argument");
    assert_eq!(weir.pipe("tea at noon\n", &["password", "set"]).ok(), "set; browsers have to log in again\n");
    assert_eq!(weir.json(&["password", "show"])["set"], json!(true));
    for name in ["weir.db", "weir.db-wal"] {
        let path = weir.path().join("weir-data").join(name);
        let bytes = std::fs::read(path).unwrap_or_default();
        assert!(!bytes.windows(11).any(|window| window == b"tea at noon"), "{name}");
    }
}

#[test]
fn a_token_is_shown_once() {
    let weir = Weir::shop();
    let run = weir.run(&["token", "add", "console"]);
    assert!(run.stdout.starts_with("weir_") && run.stdout.lines().count() == 1, "{}", run.stdout);
    assert!(run.stderr.starts_with("keep it"), "{}", run.stderr);
    let token = weir.json(&["token", "add", "other"]);
    assert_eq!((&token["name"], &token["workspace"]), (&json!("other"), &json!("default")));
    assert!(token["token"].as_str().unwrap().starts_with("weir_"));
}
