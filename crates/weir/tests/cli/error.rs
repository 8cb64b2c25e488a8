//! What goes wrong, word by word: text on stderr, JSON on demand, the exit status.

use crate::weir::Weir;

#[test]
fn a_wrong_command_line_is_told_by_clap() {
    let weir = Weir::empty();
    insta::assert_snapshot!(weir.run(&["evaluate"]).error(), @r"
    2
    error: unrecognized subcommand 'evaluate'

      tip: a similar subcommand exists: 'eval'

    Usage: weir [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(weir.run(&["--json", "eval"]).error(), @r#"
    2
    {"code":"invalid_argument","message":"the following required arguments were not provided: <EXPR.json>","help":"Usage: weir eval <EXPR.json>"}
    "#);
    insta::assert_snapshot!(weir.run(&["snapshot", "--name", "x", "--json"]).error(), @r#"
    2
    {"code":"invalid_argument","message":"the following required arguments were not provided: <AUDIENCE|--expr <FILE>>","help":"Usage: weir snapshot --name <NAME> --json <AUDIENCE|--expr <FILE>>"}
    "#);
    let both = ["why", "ada", "--expr", "a", "--audience", "b", "--json"];
    insta::assert_snapshot!(weir.run(&both).error(), @r#"
    2
    {"code":"invalid_argument","message":"the argument '--expr <FILE>' cannot be used with '--audience <NAME>'","help":"Usage: weir why --json <--expr <FILE>|--audience <NAME>> <USER>"}
    "#);
    insta::assert_snapshot!(weir.run(&["import", "--json"]).error(), @r#"
    2
    {"code":"invalid_argument","message":"'weir import' requires a subcommand but one was not provided [subcommands: events, tags, catalog, list, preview, log, undo]","help":"Usage: weir import [OPTIONS] <COMMAND>"}
    "#);
    insta::assert_snapshot!(weir.run(&["serve", "--listen", "7717", "--json"]).error(), @r#"
    2
    {"code":"invalid_argument","message":"invalid value '7717' for '--listen <ADDRESS>': write HOST:PORT, for example 127.0.0.1:7717"}
    "#);
    assert_eq!(weir.run(&[]).status, 2);
}

#[test]
fn a_question_to_no_data_is_not_answered_with_zero() {
    let weir = Weir::empty();
    insta::assert_snapshot!(weir.pipe("{\"everyone\":true}", &["eval", "-"]).error(), @r"
    2
    error: there is no data directory weir-data
      at: --data
      help: import something first, or name another with --data or WEIR_DATA
    ");
    assert!(!weir.path().join("weir-data").exists());
}

#[test]
fn other_peoples_directories_are_left_alone() {
    let weir = Weir::empty();
    weir.file("photos/cat.jpg", "");
    let run = weir.run(&["workspace", "set", "currency=CNY", "--data", "photos"]);
    insta::assert_snapshot!(run.error(), @r"
    2
    error: photos holds other files and is not a Weir data directory
      help: name an empty or a new directory
    ");
}

#[test]
fn expressions_are_checked() {
    let weir = Weir::shop();
    let eval = |text: &str| weir.pipe(text, &["eval", "-", "--as-of", "2024-11-30"]).error();
    insta::assert_snapshot!(eval("{\"did\":"), @r"
    2
    error: this is not JSON: EOF while parsing a value at line 1 column 7
    ");
    insta::assert_snapshot!(eval("{\"dit\":{}}"), @r#"
    2
    error: an expression has no "dit"
      at: /dit
      help: did you mean "did"?
    "#);
    insta::assert_snapshot!(eval("{\"did\":{\"channel\":[\"smss\"]}}"), @r#"
    2
    error: there is no channel "smss"
      at: /did/channel/0
      help: did you mean "sms"?
    "#);
    insta::assert_snapshot!(eval("{\"audience\":\"buyers\"}"), @r#"
    2
    error: there is no audience "buyers"
      at: /audience
      help: there is no audience yet
    "#);
    let json =
        weir.pipe("{\"tag\":{\"gendr\":{\"eq\":1}}}", &["--json", "eval", "-", "--as-of", "2024-11-30"]);
    insta::assert_snapshot!(json.error(), @r#"
    2
    {"code":"unknown_tag","message":"there is no tag \"gendr\"","help":"there is no tag yet","at":"/tag/gendr"}
    "#);
}

#[test]
fn arguments_are_checked() {
    let weir = Weir::shop();
    let error = |args: &[&str]| weir.run(args).error();
    insta::assert_snapshot!(error(&["eval", "missing.json"]), @r"
    2
    error: there is no file missing.json
      at: EXPR.json
    ");
    let everyone = weir.pipe("{\"everyone\":true}", &["eval", "-", "--as-of", "30.11.2024"]);
    insta::assert_snapshot!(everyone.error(), @r#"
    2
    error: "30.11.2024" is not a date
      at: --as-of
      help: write it as YYYY-MM-DD, for example 2024-11-11
    "#);
    insta::assert_snapshot!(error(&["states", "--model", "pno", "--scope", "store=x", "--at", "2024-11-30"]), @r#"
    2
    error: "store=x" is not a scope
      at: --scope
      help: write shop=ID, brand=ID, category=ID or workspace
    "#);
    insta::assert_snapshot!(error(&["states", "--model", "pnp", "--at", "2024-11-30"]), @r#"
    2
    error: there is no state model "pnp"
      at: --model
      help: did you mean "pno"?
    "#);
    insta::assert_snapshot!(error(&["flow", "--model", "pno", "--from", "2024-11-30", "--to", "2024-11-01"]), @r"
    2
    error: the flow runs backwards, from 2024-11-30 to 2024-11-01
      at: --from
      help: put the earlier date first
    ");
    insta::assert_snapshot!(error(&["why", "zoe", "--audience", "x", "--as-of", "2024-11-30"]), @r#"
    2
    error: there is no audience "x"
      at: /audience
      help: there is no audience yet
    "#);
    insta::assert_snapshot!(error(&["snapshot", "nobody", "--name", "x"]), @r#"
    2
    error: there is no audience "nobody"
    "#);
    insta::assert_snapshot!(error(&["sql", "SELECT chanel FROM events"]), @r#"
    2
    error: there is no column "chanel"
      at: chanel
      help: did you mean "channel"?
    "#);
    insta::assert_snapshot!(error(&["workspace", "set", "zone=UTC"]), @r#"
    2
    error: there is no setting "zone"
      at: zone
      help: settings: timezone, currency, identity, retention_days, disk_limit, disk_reserve
    "#);
    insta::assert_snapshot!(error(&["workspace", "set", "timezone"]), @r#"
    2
    error: "timezone" is not KEY=VALUE
      help: for example timezone=Asia/Shanghai currency=CNY
    "#);
    insta::assert_snapshot!(error(&["workspace", "rate", "EUR", "2024-11-01", "free"]), @r#"
    2
    error: "free" is not an exchange rate
      help: write a positive decimal of at most 18 digits, such as 7.1882
    "#);
    insta::assert_snapshot!(error(&["--workspace", "other", "workspace"]), @r#"
    2
    error: there is no workspace "other"
      help: create it with: weir --workspace other workspace set timezone=…
    "#);
}

#[test]
fn imports_are_checked_and_change_nothing() {
    let weir = Weir::shop();
    let error = |args: &[&str]| weir.run(args).error();
    let events = ["import", "events", "events.csv", "--sql"];
    insta::assert_snapshot!(error(&["import", "events", "missing.csv", "--sql", "events.sql"]), @r"
    2
    error: there is no file missing.csv
      at: missing.csv
    ");
    insta::assert_snapshot!(error(&[&events[..], &["missing.sql"]].concat()), @r"
    2
    error: there is no file missing.sql
      at: --sql
    ");
    weir.file("bad.sql", "SELECT \"user\" AS id_user_id FROM input");
    insta::assert_snapshot!(error(&[&events[..], &["bad.sql"]].concat()), @r#"
    2
    error: the mapping gives no column "time"
      at: time
      help: there is only id_user_id
    "#);
    let with = [&events[..], &["events.sql", "--with", "catalog.csv"]].concat();
    insta::assert_snapshot!(error(&with), @r#"
    2
    error: "catalog.csv" is not NAME=FILE
      at: --with
      help: for example --with items=catalog.csv, joined as "items"
    "#);
    insta::assert_snapshot!(error(&["import", "undo", "99"]), @r"
    2
    error: there is no import 99
    ");
    assert_eq!(weir.json(&["import", "log"])["items"].as_array().unwrap().len(), 1);
}

#[test]
fn identifiers_are_not_written_into_the_void() {
    let weir = Weir::shop();
    let args = ["eval", "-", "--as-of", "2024-11-30", "--ids", "no/such/folder/out.csv"];
    insta::assert_snapshot!(weir.pipe("{\"everyone\":true}", &args).error(), @r#"
    2
    error: cannot write no/such/folder/out.csv: entity not found
      at: --ids
    "#);
}

#[test]
fn a_damaged_file_is_our_fault_and_verify_finds_it() {
    let weir = Weir::shop();
    let events = weir.path().join("weir-data/workspaces/default/events/day=2024-11-01");
    let file = std::fs::read_dir(events).unwrap().next().unwrap().unwrap().path();
    std::fs::write(&file, "not Parquet").unwrap();
    let run = weir.run(&["verify", "--json"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    let verification: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&verification["sound"], &verification["findings"][0]["code"]),
        (&false.into(), &"corrupt_file".into())
    );
    assert!(run.stderr.starts_with("{\"code\":\"corrupt_file\""), "{}", run.stderr);
    assert_eq!(weir.run(&["sql", "SELECT amount FROM events"]).status, 1);
}
