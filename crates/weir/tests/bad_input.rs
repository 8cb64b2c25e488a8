//! Bad input gets a clear error and changes nothing.

// A test that cannot go on should stop where it stands.
#![allow(clippy::unwrap_used)]

mod real;

use std::fs;
use std::path::{Path, PathBuf};

use real::Weir;
use serde_json::json;

const ORDERS: &str =
    "when,customer,order,total\n2024-01-05 10:00:00,ann,o1,12.50\n2024-02-01 09:30:00,bob,o2,80\n";
const MAPPING: &str = r#"SELECT "when" AS time, 'purchase' AS behavior, customer AS id_user_id, "order" AS order_id, total AS amount FROM input"#;

struct Shop {
    weir: Weir,
    files: tempfile::TempDir,
}

impl Shop {
    fn open() -> Shop {
        let shop = Shop { weir: Weir::new(), files: tempfile::tempdir().unwrap() };
        let (orders, mapping) =
            (shop.write("orders.csv", ORDERS.as_bytes()), shop.write("orders.sql", MAPPING.as_bytes()));
        shop.weir.ok(&["import", "events", &orders, "--sql", &mapping]);
        shop
    }

    fn write(&self, name: &str, contents: &[u8]) -> String {
        let path = self.files.path().join(name);
        fs::write(&path, contents).unwrap();
        path.display().to_string()
    }

    /// Everything that a question could show: members, events, imports, definitions.
    fn state(&self) -> String {
        let hash = self.weir.hash(&json!({ "everyone": true }), "2024-12-31");
        let events = self.weir.sql("SELECT * FROM events ORDER BY time");
        format!("{hash} {events} {}", self.weir.ok(&["import", "log"]))
    }

    /// Runs what must fail: the code and exit status are as expected, and nothing has changed.
    fn refuses(&self, code: &str, status: i32, args: &[&str]) {
        let before = self.state();
        let (actual_status, error) = self.weir.fails(args);
        assert_eq!(error["code"], json!(code), "weir {}: {error}", args.join(" "));
        assert_eq!(actual_status, status, "weir {}: {error}", args.join(" "));
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
        assert_eq!(self.state(), before, "weir {} changed something", args.join(" "));
    }
}

#[test]
fn imports_that_cannot_be_read_change_nothing() {
    let shop = Shop::open();
    let mapping = shop.write("m.sql", MAPPING.as_bytes());
    let torn = shop.write("torn.csv", format!("{ORDERS}2024-03-01 10:00:00,cleo\n").as_bytes());
    let not_utf8 = shop.write("latin.csv", b"when,customer,order,total\n2024-03-01 10:00:00,caf\xe9,o3,1\n");
    let not_gzip = shop.write("orders.csv.gz", ORDERS.as_bytes());
    let not_parquet = shop.write("orders.parquet", ORDERS.as_bytes());
    for file in [torn, not_utf8, not_gzip, not_parquet] {
        shop.refuses("unreadable_file", 2, &["import", "events", &file, "--sql", &mapping]);
    }
    shop.refuses("file_not_found", 2, &["import", "events", "nowhere.csv", "--sql", &mapping]);
    shop.refuses("file_not_found", 2, &["import", "events", &mapping, "--sql", "nowhere.sql"]);
}

#[test]
fn mappings_that_make_no_events_change_nothing() {
    let shop = Shop::open();
    let orders = shop.write("more.csv", b"when,customer,order,total\n2024-03-01 10:00:00,cleo,o3,1\n");
    for (name, sql) in [
        ("syntax", "SELEC 1"),
        ("column", "SELECT whenn AS time, 'purchase' AS behavior, customer AS id_user_id FROM input"),
        ("table", "SELECT \"when\" AS time, 'purchase' AS behavior, customer AS id_user_id FROM inputs"),
        ("no_time", "SELECT 'purchase' AS behavior, customer AS id_user_id FROM input"),
        ("no_id", "SELECT \"when\" AS time, 'purchase' AS behavior FROM input"),
        ("ddl", "DROP TABLE input"),
    ] {
        let mapping = shop.write(&format!("{name}.sql"), sql.as_bytes());
        shop.refuses("invalid_mapping", 2, &["import", "events", &orders, "--sql", &mapping]);
    }
}

#[test]
fn questions_that_make_no_sense_are_refused_with_their_place() {
    let shop = Shop::open();
    let expr = |name: &str, text: &str| shop.write(name, text.as_bytes());
    let ask =
        |file: &str| ["eval".to_owned(), file.to_owned(), "--as-of".to_owned(), "2024-06-30".to_owned()];
    for (code, text) in [
        ("invalid_json", "{\"all\": ["),
        ("invalid_expression", r#"{"did": {"behaviour": ["view"]}}"#),
        ("unknown_channel", r#"{"did": {"channel": ["feed_adds"]}}"#),
        ("unknown_behavior", r#"{"did": {"behavior": ["purchse"]}}"#),
        ("unknown_tag", r#"{"tag": {"gendr": {"eq": "f"}}}"#),
        ("unknown_list", r#"{"list": "staff"}"#),
        ("unknown_audience", r#"{"audience": "nobody"}"#),
        ("unknown_snapshot", r#"{"snapshot": "s9"}"#),
        ("unknown_model", r#"{"state": {"model": "pnox", "scope": {"workspace": true}, "in": ["new"]}}"#),
        ("unknown_state", r#"{"state": {"model": "pno", "scope": {"workspace": true}, "in": ["newer"]}}"#),
        ("invalid_date", r#"{"at": {"date": "2024-07-01"}, "of": {"everyone": true}}"#),
    ] {
        let args = ask(&expr("e.json", text));
        shop.refuses(code, 2, &args.each_ref().map(String::as_str));
    }
    let everyone = expr("everyone.json", r#"{"everyone": true}"#);
    shop.refuses("invalid_date", 2, &["eval", &everyone, "--as-of", "2024-02-30"]);
    shop.refuses(
        "unknown_model",
        2,
        &["states", "--model", "pnx", "--scope", "workspace", "--at", "2024-06-30"],
    );
    shop.refuses(
        "invalid_scope",
        2,
        &["states", "--model", "pno", "--scope", "store=a", "--at", "2024-06-30"],
    );
    shop.refuses("unknown_import", 2, &["import", "undo", "99"]);
    shop.refuses("workspace_not_empty", 2, &["workspace", "set", "timezone=Asia/Shanghai"]);
    shop.refuses("invalid_sql", 2, &["sql", "DELETE FROM events"]);
}

#[test]
fn values_nobody_mentioned_are_empty_and_warned_of() {
    let shop = Shop::open();
    let answer = shop.weir.eval(
        &json!({ "did": { "shop": ["flagship"], "property": { "color": { "eq": "red" } } } }),
        "2024-06-30",
    );
    let at: Vec<&str> =
        answer["warnings"].as_array().unwrap().iter().map(|w| w["at"].as_str().unwrap()).collect();
    assert_eq!((answer["count"].as_u64(), at), (Some(0), vec!["/did/shop/0", "/did/property/color"]));
}

#[test]
fn a_definition_that_is_wrong_stops_the_whole_folder() {
    let shop = Shop::open();
    let folder = shop.files.path().join("weir");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.yaml"), "kind: audience\nname: good\nexpression: {everyone: true}\n").unwrap();
    fs::write(folder.join("b.yaml"), "kind: audience\nname: bad\nexpression: {audience: missing}\n").unwrap();
    shop.refuses("unknown_audience", 2, &["apply", &folder.display().to_string()]);
    let e = shop.write("e.json", br#"{"audience": "good"}"#);
    shop.refuses("unknown_audience", 2, &["eval", &e, "--as-of", "2024-06-30"]);
    fs::write(folder.join("b.yaml"), "kind: audience\nname: bad\nexpression: {not: {audience: bad}}\n")
        .unwrap();
    shop.refuses("cycle", 2, &["apply", &folder.display().to_string()]);
}

fn files_below(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found
}

#[test]
fn damage_is_named_and_a_rebuild_mends_the_index() {
    let shop = Shop::open();
    let before = shop.state();
    let segment = files_below(shop.weir.dir(), ".weir")
        .into_iter()
        .find(|p| p.to_string_lossy().contains("shard"))
        .unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&segment, bytes).unwrap();
    let everyone = shop.write(
        "e.json",
        br#"{"did": {"behavior": ["purchase"], "amount": {"gte": 1}, "active_days": {"gte": 1}}}"#,
    );
    let verified = shop.weir.fails(&["verify"]);
    assert_eq!(verified.0, 1);
    shop.weir.ok(&["verify", "--rebuild"]);
    assert_eq!(
        shop.weir.eval(&serde_json::from_str(&fs::read_to_string(everyone).unwrap()).unwrap(), "2024-12-31")
            ["count"],
        json!(2)
    );
    assert_eq!(shop.state(), before);

    let parquet = files_below(shop.weir.dir(), ".parquet")
        .into_iter()
        .find(|p| p.to_string_lossy().contains("day="))
        .unwrap();
    let mut bytes = fs::read(&parquet).unwrap();
    bytes[20] ^= 1;
    fs::write(&parquet, bytes).unwrap();
    let (status, _) = shop.weir.fails(&["verify"]);
    assert_eq!(status, 1);
}

#[test]
fn a_newer_data_directory_is_refused() {
    let shop = Shop::open();
    fs::write(shop.weir.dir().join("format"), "weir 2\n").unwrap();
    let (status, error) = shop.weir.fails(&["import", "log"]);
    assert_eq!((status, &error["code"]), (1, &json!("newer_format")));
}
