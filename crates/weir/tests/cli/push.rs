//! Destinations and pushes from the command line: files, a receiver on this machine, and what goes wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use crate::weir::{Run, Weir};

const EVERYONE: &str = "{\"everyone\":true}";

fn shop() -> Weir {
    let weir = Weir::shop();
    weir.file("audiences/all.yaml", "kind: audience\nname: all\nexpression: {everyone: true}\n");
    weir.run(&["apply", "audiences"]).ok();
    weir
}

/// Runs with loopback allowed.
fn run(weir: &Weir, args: &[&str]) -> Run {
    let output = weir.command(args).env("WEIR_ALLOW_NETWORKS", "127.0.0.0/8").output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Run { status: output.status.code().unwrap(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

#[test]
fn an_audience_goes_to_a_file_destination() {
    let weir = shop();
    weir.run(&["destination", "add", "ads", "--format", "csv", "--identifiers", "user_id"]).ok();
    let push = weir.json(&["push", "all", "--to", "ads", "--as-of", "2024-11-30"]);
    let file = push["file"].as_str().unwrap().to_owned();
    let mut rest = push.clone();
    rest.as_object_mut().unwrap().remove("file");
    assert_eq!(
        rest,
        json!({"push": "p1", "destination": "ads", "audience_name": "all", "as_of": "2024-11-30", "state": "done",
            "audience": 4, "planned": 4, "sent": 4, "suppressed": {}, "failed": {}, "unknown": 0, "pending": 0,
            "holdout": 0})
    );
    let text = std::fs::read_to_string(weir.path().join(file)).unwrap();
    let people: Vec<&str> = text.lines().map(|line| line.split_once(',').unwrap().1).collect();
    assert_eq!(
        people,
        [
            "consumer_kind,consumer_value,user_id",
            "user_id,ada,ada",
            "user_id,bob,bob",
            "user_id,\"c,d\",\"c,d\"",
            "user_id,dan,dan"
        ]
    );
}

#[test]
fn a_path_is_a_destination_of_its_own() {
    let weir = shop();
    let run =
        weir.pipe(EVERYONE, &["push", "--expr", "-", "--to", "out.jsonl", "--as-of", "2024-11-30", "--json"]);
    assert_eq!(run.json()["sent"], 4);
    let text = std::fs::read_to_string(weir.path().join("out.jsonl")).unwrap();
    let values: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(values[0]["consumer"], json!({"kind": "user_id", "value": "ada"}));
    assert_eq!(values.len(), 4);
    weir.run(&["snapshot", "all", "--as-of", "2024-11-30", "--name", "frozen"]).ok();
    let push = weir.json(&["push", "--snapshot", "frozen", "--to", "out.parquet", "--as-of", "2024-11-30"]);
    assert_eq!(push["sent"], 4);
    let sql = "SELECT consumer_value AS id_user_id, 'view' AS behavior, TIMESTAMP '2024-12-01 10:00:00' AS time FROM input";
    weir.file("again.sql", sql);
    let read = weir.json(&["import", "events", "out.parquet", "--sql", "again.sql"]);
    assert_eq!((&read["accepted"], &read["new_consumers"]), (&json!(4), &json!(0)), "the same four people");
}

#[test]
fn a_ledger_is_drawn_as_it_adds_up() {
    let weir = shop();
    weir.run(&["destination", "add", "mail", "--format", "csv", "--identifiers", "email"]).ok();
    let push = weir.run(&["push", "all", "--to", "mail", "--as-of", "2024-11-30", "--name", "spring"]);
    insta::assert_snapshot!(push.ok(), @r#"
    push p1 "spring" to mail, as of 2024-11-30: done

                                   consumers
    ─────────────────────────────────────────
     audience                              4
       holdout                             0
       suppressed: no_identifier           4
       planned                             0
         sent                              0
    "#);
    insta::assert_snapshot!(weir.run(&["pushes", "list"]).ok(), @r"
     push   name     to     as of        state   audience   planned   sent   holdout
    ─────────────────────────────────────────────────────────────────────────────────
     p1     spring   mail   2024-11-30   done           4         0      0         0
    ");
    assert_eq!(weir.json(&["pushes", "show", "spring"])["push"], "p1");
    insta::assert_snapshot!(weir.run(&["destination", "list"]).ok(), @r"
     name   where      identifiers   state
    ───────────────────────────────────────
     mail   csv file   email         on
    ");
}

/// Answers so many requests with these statuses, one connection each; gives back their heads.
fn receiver(statuses: Vec<u16>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let served = thread::spawn(move || statuses.into_iter().map(|status| serve(&listener, status)).collect());
    (url, served)
}

fn serve(listener: &TcpListener, status: u16) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    reader.read_exact(&mut vec![0; length]).unwrap();
    write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").unwrap();
    head
}

#[test]
fn a_webhook_is_made_tested_and_pushed_to() {
    let weir = shop();
    let (url, served) = receiver(vec![204, 200]);
    let made = run(&weir, &["destination", "add", "crm", "--url", &url, "--json"]).json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
    assert_eq!(run(&weir, &["destination", "test", "crm", "--json"]).json()["ok"], true);
    let push = run(&weir, &["push", "all", "--to", "crm", "--as-of", "2024-11-30", "--json"]).json();
    assert_eq!((&push["state"], &push["sent"]), (&json!("done"), &json!(4)));
    for head in served.join().unwrap() {
        for header in ["webhook-id: msg_", "webhook-timestamp: ", "webhook-signature: v1,"] {
            assert!(head.contains(header), "{head}");
        }
    }
}

#[test]
fn a_destination_that_is_busy_leaves_the_push_pending() {
    let weir = shop();
    let (url, served) = receiver(vec![503, 200]);
    run(&weir, &["destination", "add", "crm", "--url", &url, "--json"]).json();
    let push = ["push", "all", "--to", "crm", "--as-of", "2024-11-30", "--wait", "2", "--json"];
    let ledger = run(&weir, &push).json();
    assert_eq!(
        (&ledger["state"], &ledger["pending"], &ledger["sent"]),
        (&json!("sending"), &json!(4), &json!(0))
    );
    let ledger = run(&weir, &["pushes", "resume", "p1", "--json"]).json();
    assert_eq!((&ledger["state"], &ledger["sent"]), (&json!("done"), &json!(4)));
    served.join().unwrap();
    let messages = weir.json(&["pushes", "messages", "p1"]);
    let message = &messages["items"][0];
    assert_eq!((&message["repeated"], &message["attempts"][0]["status"]), (&json!(true), &json!(503)));
}

#[test]
fn a_destination_that_is_gone_is_disabled() {
    let weir = shop();
    let (url, served) = receiver(vec![410]);
    run(&weir, &["destination", "add", "crm", "--url", &url, "--batch", "2", "--in-flight", "1", "--json"])
        .json();
    let push = ["push", "all", "--to", "crm", "--as-of", "2024-11-30", "--json"];
    let ledger = run(&weir, &push).json();
    assert_eq!((&ledger["state"], &ledger["failed"]), (&json!("stopped"), &json!({"http_410": 2})));
    assert_eq!(ledger["pending"], 2);
    served.join().unwrap();
    insta::assert_snapshot!(run(&weir, &["push", "all", "--to", "crm"]).error(), @r"
    2
    error: destination crm is disabled: http_410
      help: mend it at the other end, then enable it or save it again
    ");
    insta::assert_snapshot!(run(&weir, &["destination", "enable", "crm"]).ok(), @"destination crm is enabled");
}

#[test]
fn the_inside_is_closed_unless_the_operator_opens_it() {
    let weir = shop();
    let add = ["destination", "add", "crm", "--url", "http://127.0.0.1:9/"];
    insta::assert_snapshot!(weir.run(&add).error(), @r"
    2
    error: nothing is sent to 127.0.0.1: 127.0.0.1 is not a public address
      at: --url
      help: whoever operates Weir can allow its network with WEIR_ALLOW_NETWORKS or --allow-networks
    ");
    weir.file(
        "in/crm.yaml",
        "kind: destination\nname: crm\ndestination: {kind: webhook, url: \"http://10.0.0.1/\"}\n",
    );
    insta::assert_snapshot!(weir.run(&["apply", "in"]).error(), @r#"
    2
    error: in/crm.yaml: destination "crm": nothing is sent to 10.0.0.1: 10.0.0.1 is not a public address
      at: /destination/url
      help: whoever operates Weir can allow its network with WEIR_ALLOW_NETWORKS or --allow-networks
    "#);
    run(&weir, &[&add[..], &["--json"]].concat()).json();
    // Saved while it was allowed; what counts is what is allowed now.
    insta::assert_snapshot!(weir.run(&["push", "all", "--to", "crm"]).error(), @r"
    2
    error: nothing is sent to 127.0.0.1: 127.0.0.1 is not a public address
      at: /url
      help: whoever operates Weir can allow its network with WEIR_ALLOW_NETWORKS or --allow-networks
    ");
    insta::assert_snapshot!(weir.run(&["destination", "list", "--allow-networks", "here"]).error(), @r#"
    2
    error: "here" is not a network
      at: --allow-networks
      help: write ADDRESS/PREFIX, for example 127.0.0.0/8 or fd00::/8, separated by commas
    "#);
}

#[test]
fn destinations_are_files_in_git_without_their_secrets() {
    let weir = shop();
    weir.run(&["destination", "add", "crm", "--url", "https://hook.invalid/", "--json"]).json();
    weir.run(&["export", "out"]).ok();
    let text = std::fs::read_to_string(weir.path().join("out/destinations/crm.yaml")).unwrap();
    assert!(text.contains("kind: destination") && !text.contains("whsec_"), "{text}");
    let applied = weir.json(&["apply", "out"]);
    assert!(
        applied["applied"].as_array().unwrap().iter().all(|one| one["change"] == "unchanged"),
        "{applied}"
    );
}

#[test]
fn mistakes_of_a_push_name_their_flag() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["push", "all", "--to", "crm"]).error(), @r#"
    2
    error: there is no destination "crm"
    "#);
    insta::assert_snapshot!(weir.run(&["push", "all", "--to", "no/where.csv"]).error(), @r"
    2
    error: cannot write to no: entity not found
      at: --to
    ");
    let drift = ["push", "all", "--to", "out.csv", "--as-of", "2024-11-30", "--expected", "9"];
    insta::assert_snapshot!(weir.run(&drift).error(), @r"
    2
    error: the audience has 4 members now, not 9
      at: --expected
      help: look at it again; a difference of more than 1 % is not sent unseen
    ");
    assert!(!weir.path().join("out.csv").exists());
    insta::assert_snapshot!(weir.run(&["push", "all", "--to", "crm", "--identifiers", "email"]).error(), @r"
    2
    error: a destination of the workspace has its own list of identifiers
      at: --identifiers
      help: leave the flag out, or write --to a path that ends in .csv, .jsonl or .parquet
    ");
    insta::assert_snapshot!(weir.run(&["pushes", "show", "p1"]).error(), @r#"
    2
    error: there is no push "p1"
    "#);
}
