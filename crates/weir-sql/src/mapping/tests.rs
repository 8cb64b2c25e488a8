//! Mappings from files to rows: text in, rows, ledger or error out. Only the functions at the top touch the API.

use std::io::Write;
use std::path::PathBuf;

use tempfile::TempDir;
use weir_core::ledger::Ledger;
use weir_core::rate::{Rate, Rates};
use weir_core::time::Zone;
use weir_core::{Error, Result};

use super::{ImportSession, MappedRows, MappingContext, list_rows, plan_catalog, plan_events, plan_tags};
use crate::query::to_json_rows;
use crate::runtime::Limits;

/// Files in a directory of their own.
struct Files {
    dir: TempDir,
    paths: Vec<PathBuf>,
}

fn files(files: &[(&str, &[u8])]) -> Files {
    let dir = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    Files { dir, paths }
}

fn zone() -> Zone {
    Zone::named("Europe/London").unwrap()
}

impl Files {
    fn session(&self) -> Result<ImportSession> {
        ImportSession::open(&self.paths, &[], &zone(), &Limits::default())
    }

    fn events(&self, sql: &str, context: MappingContext) -> Result<(String, Ledger)> {
        shown(plan_events(&self.session()?, sql)?.run(context)?)
    }

    fn tags(&self, sql: &str) -> Result<(String, Ledger)> {
        shown(plan_tags(&self.session()?, sql)?.run()?)
    }
}

/// Rows without their NULLs, one JSON object a line.
fn shown(mut rows: MappedRows) -> Result<(String, Ledger)> {
    let mut ledger = Ledger::default();
    let mut lines = Vec::new();
    while let Some(batch) = rows.next_batch(&mut ledger)? {
        for mut row in to_json_rows(&[batch])? {
            row.retain(|key, value| !value.is_null() && key != "given");
            lines.push(serde_json::Value::from(row).to_string());
        }
    }
    Ok((lines.join("\n"), ledger))
}

fn context() -> MappingContext {
    let mut rates = Rates::default();
    rates.insert("EUR", "2011-01-01".parse().unwrap(), Rate::parse("0.8561").unwrap());
    MappingContext { currency: "GBP".to_owned(), rates, ..MappingContext::default() }
}

/// The rows of one CSV file under a mapping.
fn rows_of(csv: &str, sql: &str) -> String {
    files(&[("in.csv", csv.as_bytes())]).events(sql, context()).unwrap().0
}

/// The ledger of one CSV file under a mapping, without what is empty.
fn ledger_of(csv: &str, sql: &str) -> String {
    let ledger = files(&[("in.csv", csv.as_bytes())]).events(sql, context()).unwrap().1;
    format!("read {} {:?} {:?} {:?}", ledger.read, ledger.reasons, ledger.unmapped, ledger.remarks)
}

/// The error of one file under a mapping.
fn error_of(name: &str, bytes: &[u8], sql: &str) -> String {
    shown_error(files(&[(name, bytes)]).events(sql, context()).unwrap_err())
}

fn shown_error(error: Error) -> String {
    format!("{}: {error}", error.code.as_str())
}

/// A mapping of columns a, b, c … that takes all of them as properties.
const PROPERTIES: &str = "SELECT 'u1' AS id_user_id, '2011-01-01' AS time, 'view' AS behavior, * FROM input";

/// A mapping that takes every column under its own name.
const ALL: &str = "SELECT * FROM input";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Only the properties of each row.
fn properties(file: (&str, &[u8])) -> String {
    let (rows, _) = files(&[file]).events(PROPERTIES, context()).unwrap();
    let property = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["properties"].as_str().unwrap_or("-").to_owned()
    };
    rows.lines().map(property).collect::<Vec<_>>().join("\n")
}

mod reading {
    use super::*;

    #[test]
    fn a_byte_order_mark_crlf_and_quoted_line_breaks() {
        let csv = b"\xEF\xBB\xBFa,b\r\n1,\"two\r\nlines\"\r\n2,\"say \"\"hi\"\", friend\"\r\n";
        insta::assert_snapshot!(properties(("in.csv", csv)), @r#"
        {"a":1,"b":"two\r\nlines"}
        {"a":2,"b":"say \"hi\", friend"}
        "#);
    }

    #[test]
    fn quoted_line_breaks_in_a_file_of_many_batches() {
        let mut csv = String::from("n,text\n");
        for n in 0..50_000 {
            csv.push_str(&format!("{n},\"first\nsecond, \"\"{n}\"\"\n\n\"\n"));
        }
        let rows = properties(("in.csv", csv.as_bytes()));
        assert_eq!(rows.lines().count(), 50_000);
        for (n, row) in rows.lines().enumerate() {
            assert_eq!(row, format!(r#"{{"n":{n},"text":"first\nsecond, \"{n}\"\n\n"}}"#));
        }
    }

    #[test]
    fn a_type_that_changes_late_loses_nothing() {
        let mut csv = String::from("n,code,price\n");
        for n in 0..20_000 {
            csv.push_str(&format!("{n},{},{}\n", n + 1_000, n));
        }
        csv.push_str("20000,A563185,1.5\n");
        let rows = properties(("in.csv", csv.as_bytes()));
        assert_eq!(rows.lines().count(), 20_001);
        assert_eq!(rows.lines().next(), Some(r#"{"n":0,"code":"1000","price":0}"#));
        assert_eq!(rows.lines().last(), Some(r#"{"n":20000,"code":"A563185","price":1.5}"#));
    }

    #[test]
    fn types_are_those_of_all_values() {
        let csv = "i,f,b,d,t,z,text,zip,none\n\
                   1,2.5,true,2011-01-02,2011-01-02 03:04:05,2011-07-02T03:04:05+01:00,x,00127,\n\
                   ,,,,,,,,\n\
                   3,4,FALSE,2011-01-03,2011-01-03,2011-01-02T03:04:05Z,7,12,\n";
        insta::assert_snapshot!(properties(("in.csv", csv.as_bytes())), @r#"
        {"i":1,"f":2.5,"b":true,"d":"2011-01-02","t":"2011-01-02T03:04:05","z":"2011-07-02T02:04:05Z","text":"x","zip":"00127"}
        -
        {"i":3,"f":4,"b":false,"d":"2011-01-03","t":"2011-01-03T00:00:00","z":"2011-01-02T03:04:05Z","text":"7","zip":"12"}
        "#);
    }

    #[test]
    fn packed_files_read_like_plain_ones() {
        let csv = b"a,b\n1,x\n2,y\n";
        let expected = properties(("in.csv", csv));
        assert_eq!(properties(("in.csv.gz", &gzip(csv))), expected);
        let members = [gzip(b"a,b\n1,x\n"), gzip(b"2,y\n")].concat();
        assert_eq!(properties(("in.csv.gz", &members)), expected);
        let zstd = zstd::encode_all(&csv[..], 1).unwrap();
        assert_eq!(properties(("in.csv.zst", &zstd)), expected);
        assert_eq!(properties(("in.data", &zstd)), expected, "without a telling name");
        assert_eq!(properties(("in.tsv", b"a\tb\n1\tx\n2\ty\n")), expected);
        assert_eq!(properties(("in.csv", b"a;b\n1;x\n2;y\n")), expected);
        let json = b"{\"a\":1,\"b\":\"x\"}\n\n{\"a\":2,\"b\":\"y\"}";
        assert_eq!(properties(("in.jsonl", json)), expected);
        assert_eq!(properties(("in.json.gz", &gzip(json))), expected);
        assert_eq!(properties(("in", json)), expected, "without a telling name");
    }

    #[test]
    fn parquet_reads_like_csv() {
        use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringViewArray};
        use std::sync::Arc;
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("a", Arc::new(Int32Array::from(vec![1, 2]))),
            ("b", Arc::new(StringViewArray::from(vec!["x", "y"]))),
        ];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let mut bytes = Vec::new();
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let expected = properties(("in.csv", b"a,b\n1,x\n2,y\n"));
        assert_eq!(properties(("in.parquet", &bytes)), expected);
        assert_eq!(properties(("in.bin", &bytes)), expected);
        insta::assert_snapshot!(error_of("in.parquet", &bytes[..bytes.len() - 3], ALL), @"unreadable_file: in.parquet: the Parquet data is damaged or incomplete (Invalid Parquet file. Corrupt footer) (at in.parquet)");
        insta::assert_snapshot!(error_of("in.parquet.gz", &gzip(&bytes), ALL), @r#"
        unreadable_file: in.parquet.gz: Parquet files compress inside and are not packed again (at in.parquet.gz)
          help: unpack it first
        "#);
    }

    #[test]
    fn json_keeps_its_types() {
        let json = r#"{"n":1,"f":1,"t":"x","l":[1,2],"o":{"a":1},"m":{"a":1},"e":{}}
{"n":null,"f":2.5,"t":5,"l":[],"o":{"b":true},"m":[1],"z":false}
{"n":3,"t":true,"m":"it's","e":{}}"#;
        insta::assert_snapshot!(properties(("in.jsonl", json.as_bytes())), @r#"
        {"n":1,"f":1,"t":"x","l":[1,2],"o":{"a":1},"m":"{\"a\":1}","e":"{}"}
        {"f":2.5,"t":"5","l":[],"o":{"b":true},"m":"[1]","z":false}
        {"n":3,"t":"true","m":"\"it's\"","e":"{}"}
        "#);
    }

    #[test]
    fn several_files_are_one_table_by_name() {
        let both =
            files(&[("1.csv", b"a,b\n1,x\n"), ("2.csv", b"b,a,c\ny,2.5,7\n"), ("3.jsonl", b"{\"a\":3}\n")]);
        let (rows, ledger) = both.events(PROPERTIES, context()).unwrap();
        assert_eq!(ledger.read, 3);
        insta::assert_snapshot!(rows, @r#"
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","properties":"{\"a\":1,\"b\":\"x\"}","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","properties":"{\"a\":2.5,\"b\":\"y\",\"c\":7}","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","properties":"{\"a\":3}","id_user_id":"u1"}
        "#);
    }

    #[test]
    fn columns_without_name_are_numbered() {
        assert_eq!(properties(("in.csv", b",b\n1,x\n")), r#"{"column_1":1,"b":"x"}"#);
    }

    #[test]
    fn a_side_table_joins() {
        let input = files(&[("in.csv", b"item\n7\n8\n")]);
        let names = files(&[("names.csv", b"id,name\n7,tea\n8,cup\n")]);
        let side = [("names".to_owned(), names.paths.clone())];
        let session = ImportSession::open(&input.paths, &side, &zone(), &Limits::default()).unwrap();
        let sql =
            "SELECT 'u' AS id_user_id, DATE '2011-01-01' AS time, 'view' AS behavior, names.name AS item
                   FROM input JOIN names ON input.item = names.id ORDER BY 4";
        let rows = shown(plan_events(&session, sql).unwrap().run(context()).unwrap()).unwrap().0;
        assert!(rows.contains(r#""item":"cup""#) && rows.contains(r#""item":"tea""#), "{rows}");
    }

    #[test]
    fn the_inputs_order_is_kept() {
        let csv: String = (0..100_000).map(|n| format!("{n}\n")).collect();
        let rows = properties(("in.csv", format!("n\n{csv}").as_bytes()));
        let in_order = rows.lines().enumerate().all(|(n, row)| row == format!(r#"{{"n":{n}}}"#));
        assert!(in_order);
    }

    #[test]
    fn broken_files_say_where() {
        insta::assert_snapshot!(error_of("in.csv", b"a,b\n1,2\n1,2,3\n", ALL), @r#"
        unreadable_file: in.csv: line 3 has 3 instead of 2 fields (at in.csv)
          help: quote fields that contain the delimiter or a line break
        "#);
        insta::assert_snapshot!(error_of("in.csv", b"a,b\n1,\"x\ny\"\n1\n", ALL), @r#"
        unreadable_file: in.csv: line 4 has 1 instead of 2 fields (at in.csv)
          help: quote fields that contain the delimiter or a line break
        "#);
        insta::assert_snapshot!(error_of("in.csv", b"a,b\n1,2\n1,caf\xE9\n", ALL), @r#"
        unreadable_file: in.csv: line 3, column "b" is not UTF-8 text (at in.csv)
          help: convert the file, for example with: iconv -f GB18030 -t UTF-8
        "#);
        insta::assert_snapshot!(error_of("in.csv", b"a,b,a\n1,2,3\n", ALL), @r#"
        unreadable_file: in.csv: two columns are called "a" (at in.csv)
          help: give each column its own name in the first line
        "#);
        insta::assert_snapshot!(error_of("in.csv", b"", ALL), @r#"
        unreadable_file: in.csv: the file is empty (at in.csv)
          help: the first line names the columns
        "#);
        insta::assert_snapshot!(error_of("in.csv", b"\xFF\xFEa\x00", ALL), @r#"
        unreadable_file: in.csv: the text is UTF-16 (at in.csv)
          help: save it as UTF-8
        "#);
        insta::assert_snapshot!(error_of("in.txt", b"MZ\x00\x01\x02", ALL), @"unreadable_file: in.txt: this is neither CSV, JSON lines nor Parquet (at in.txt)");
        let packed = gzip(b"a,b\n1,2\n");
        insta::assert_snapshot!(error_of("in.csv.gz", &packed[..packed.len() - 9], ALL), @"unreadable_file: in.csv.gz: the gzip data is damaged or cut short (incomplete deflate stream) (at in.csv.gz)");
        insta::assert_snapshot!(error_of("in.csv.gz", b"a,b\n1,2\n", ALL), @"unreadable_file: in.csv.gz: its content is not packed as its name says (at in.csv.gz)");
        insta::assert_snapshot!(error_of("in.csv.zst", b"a,b\n1,2\n", ALL), @"unreadable_file: in.csv.zst: its content is not packed as its name says (at in.csv.zst)");
        insta::assert_snapshot!(error_of("in.jsonl", b"{\"a\":1}\n{\"a\":\n", ALL), @r#"
        unreadable_file: in.jsonl: line 2 is not a JSON object (EOF while parsing a value) (at in.jsonl)
          help: an object must not be spread over several lines
        "#);
        insta::assert_snapshot!(error_of("in.jsonl", b"{\"a\":1}\n\n17\n", ALL), @r#"
        unreadable_file: in.jsonl: line 3 is not a JSON object (invalid type: integer `17`, expected a map) (at in.jsonl)
          help: write one object a line
        "#);
        insta::assert_snapshot!(error_of("in.json", b"[{\"a\":1}]\n", ALL), @r#"
        unreadable_file: in.json: line 1 begins a JSON array (at in.json)
          help: write one object a line, for example with: jq -c '.[]'
        "#);
    }

    #[test]
    fn missing_files_and_bad_names_are_refused() {
        let missing =
            ImportSession::open(&[PathBuf::from("nowhere/in.csv")], &[], &zone(), &Limits::default());
        insta::assert_snapshot!(shown_error(missing.err().unwrap()), @"file_not_found: there is no file nowhere/in.csv (at in.csv)");
        let good = files(&[("in.csv", b"a\n1\n")]);
        let with = |names: &[&str]| {
            let side: Vec<_> = names.iter().map(|name| ((*name).to_owned(), good.paths.clone())).collect();
            shown_error(ImportSession::open(&good.paths, &side, &zone(), &Limits::default()).err().unwrap())
        };
        insta::assert_snapshot!(with(&["input"]), @r#"
        invalid_argument: two tables are called "input"
          help: give each --with table a name of its own
        "#);
        insta::assert_snapshot!(with(&["a b"]), @r#"
        invalid_argument: "a b" cannot be a table's name
          help: write --with NAME=FILE with a name of letters, digits and _
        "#);
        let directory = ImportSession::open(&[good.dir.path().to_owned()], &[], &zone(), &Limits::default());
        assert_eq!(directory.err().unwrap().code.as_str(), "unreadable_file");
        let none = ImportSession::open(&[], &[], &zone(), &Limits::default());
        insta::assert_snapshot!(shown_error(none.err().unwrap()), @"invalid_argument: there is no file to import");
    }
}

mod planning {
    use super::*;

    fn error(sql: &str) -> String {
        error_of("in.csv", b"InvoiceNo,Quantity,UnitPrice,when,who\n1,2,2.5,2011-01-01,u1\n", sql)
    }

    #[test]
    fn names_are_as_written_and_functions_in_any_case() {
        let csv = b"InvoiceNo,Quantity,UnitPrice,when,who\n1,2,2.5,2011-01-01,u1\n";
        let sql = r#"SELECT Upper("who") AS id_user_id, "when" AS time, 'purchase' AS behavior, InvoiceNo AS order_id,
                     "Quantity" * "UnitPrice" AS amount, COALESCE(Quantity, 0) AS quantity FROM input"#;
        let (rows, _) = files(&[("in.csv", csv)]).events(sql, context()).unwrap();
        insta::assert_snapshot!(rows, @r#"{"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","order_id":"1","amount":5,"quantity":2,"id_user_id":"U1"}"#);
    }

    #[test]
    fn only_one_select_runs() {
        insta::assert_snapshot!(error(""), @r#"
        invalid_mapping: there is no SQL statement
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("SELECT 1; SELECT 2"), @r#"
        invalid_mapping: there are several SQL statements
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("DROP TABLE input"), @r#"
        invalid_mapping: the mapping is not a SELECT
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("COPY input TO 'out.csv'"), @r#"
        invalid_mapping: the mapping is not a SELECT
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION 'x.csv'"), @r#"
        invalid_mapping: the mapping is not a SELECT
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("INSERT INTO input VALUES (1)"), @r#"
        invalid_mapping: the mapping is not a SELECT
          help: write one SELECT … FROM input
        "#);
        insta::assert_snapshot!(error("SELECT * INTO other FROM input"), @"invalid_mapping: the data cannot be changed by SQL");
        insta::assert_snapshot!(error("SELECT * FROM 'other.csv'"), @r#"
        invalid_mapping: there is no table "other.csv" (at other.csv)
          help: there is only input
        "#);
        insta::assert_snapshot!(error("SELECT * FROM read_csv('other.csv')"), @r#"
        invalid_mapping: there is no table function "read_csv"
          help: there is only input
        "#);
    }

    #[test]
    fn wrong_names_get_a_suggestion() {
        insta::assert_snapshot!(error(r#"SELECT "Quantty" FROM input"#), @r#"
        invalid_mapping: there is no column "Quantty" (at Quantty)
          help: did you mean "Quantity"?
        "#);
        insta::assert_snapshot!(error("SELECT quantity FROM input"), @r#"
        invalid_mapping: there is no column "quantity" (at quantity)
          help: did you mean "Quantity"?
        "#);
        insta::assert_snapshot!(error("SELECT x.Quantity FROM input AS i"), @r#"
        invalid_mapping: there is no column "x.Quantity" (at Quantity)
          help: did you mean "Quantity"?
        "#);
        insta::assert_snapshot!(error("SELECT * FROM inputs"), @r#"
        invalid_mapping: there is no table "inputs" (at inputs)
          help: did you mean "input"?
        "#);
        insta::assert_snapshot!(error("SELECT lowr(who) FROM input"), @r#"
        invalid_mapping: there is no function "lowr"
          help: did you mean "lower"?
        "#);
        insta::assert_snapshot!(error("SELECT FROM WHERE"), @r#"
        invalid_mapping: there is no table "WHERE" (at WHERE)
          help: there is only input
        "#);
        insta::assert_snapshot!(error("SELECT who FROM input WHERE Quantity LIKE 'x' AND"), @"invalid_mapping: the SQL does not parse: expected: an expression, found: EOF");
        insta::assert_snapshot!(error("SELECT who + who AS x FROM input"), @r#"
        invalid_mapping: cannot coerce arithmetic expression Utf8 + Utf8 to valid types
          help: cast text to a number, for example CAST(x AS DOUBLE)
        "#);
        insta::assert_snapshot!(error("SELECT upper(Quantity) AS x FROM input"), @r#"
        invalid_mapping: the function "upper" does not take Int64
          help: cast its argument, for example CAST(x AS VARCHAR) or CAST(x AS DOUBLE)
        "#);
    }

    #[test]
    fn missing_columns_are_named() {
        insta::assert_snapshot!(error("SELECT who AS id_user_id, 'x' AS behavior FROM input"), @r#"
        invalid_mapping: the mapping gives no column "time" (at time)
          help: its columns are id_user_id, behavior
        "#);
        insta::assert_snapshot!(error(r#"SELECT who AS id_user_id, "when" AS tme, 'x' AS behavior FROM input"#), @r#"
        invalid_mapping: the mapping gives no column "time" (at time)
          help: did you mean "tme"?
        "#);
        insta::assert_snapshot!(error(r#"SELECT who AS id_user_id, "when" AS time FROM input"#), @r#"
        invalid_mapping: the mapping gives no column "behavior" (at behavior)
          help: its columns are id_user_id, time
        "#);
        insta::assert_snapshot!(error(r#"SELECT who AS user_id, "when" AS time, 'x' AS behavior FROM input"#), @r#"
        invalid_mapping: the mapping gives no identifier: no column is called id_<kind> (at id_)
          help: name it id_<kind>, for example: "user_id" AS id_user_id
        "#);
        insta::assert_snapshot!(error(r#"SELECT who AS x, "when" AS time, 'x' AS behavior FROM input"#), @r#"
        invalid_mapping: the mapping gives no identifier: no column is called id_<kind> (at id_)
          help: its columns are x, time, behavior
        "#);
        insta::assert_snapshot!(error("SELECT who AS a, InvoiceNo AS a FROM input"), @r#"
        invalid_mapping: two output columns are called "a" (at a)
          help: rename one of them with AS
        "#);
        insta::assert_snapshot!(error("SELECT a.who, b.who FROM input a, input b"), @r#"
        invalid_mapping: two output columns are called "who" (at who)
          help: rename one of them with AS
        "#);
    }

    #[test]
    fn types_that_cannot_be_are_refused() {
        let with = |columns: &str| {
            error(&format!("SELECT who AS id_user_id, 'x' AS behavior, {columns} FROM input"))
        };
        insta::assert_snapshot!(with("Quantity AS time"), @r#"
        invalid_mapping: "time" must be a time, but is an integer (at time)
          help: say what it counts: to_timestamp_seconds(…), to_timestamp_millis(…) or to_timestamp_micros(…)
        "#);
        insta::assert_snapshot!(with("true AS time"), @r#"
        invalid_mapping: "time" must be a time, but is a boolean (at time)
          help: give a timestamp, a date, or text such as 2024-11-11 20:00:00
        "#);
        insta::assert_snapshot!(with(r#""when" AS time, [1, 2] AS item"#), @r#"
        invalid_mapping: "item" must be a text or a number, but is a list (at item)
          help: cast it in the mapping's SQL
        "#);
        insta::assert_snapshot!(with(r#""when" AS time, "when" AS amount"#), @r#"
        invalid_mapping: "amount" must be a number, but is a date (at amount)
          help: cast it in the mapping's SQL
        "#);
        insta::assert_snapshot!(with(r#""when" AS time, 'EUR' AS currency, 1 AS original_amount"#), @r#"
        invalid_mapping: the property "original_amount" is written by the conversion of currencies (at original_amount)
          help: give the column another name
        "#);
    }

    #[test]
    fn errors_while_running_are_one_sentence() {
        let with = |column: &str| {
            error(&format!(
                r#"SELECT who AS id_user_id, "when" AS time, 'x' AS behavior, {column} FROM input"#
            ))
        };
        insta::assert_snapshot!(with("CAST(who AS INT) AS n"), @r#"
        invalid_mapping: cannot cast string 'u1' to value of Int32 type
          help: TRY_CAST gives NULL where a value does not fit
        "#);
        insta::assert_snapshot!(with("Quantity / (Quantity - 2) AS n"), @r#"
        invalid_mapping: division by zero
          help: NULLIF(x, 0) makes the result NULL instead
        "#);
        insta::assert_snapshot!(with("to_timestamp(who) AS t"), @r#"invalid_mapping: to_timestamp cannot read "u1" as a time"#);
        insta::assert_snapshot!(with("to_timestamp(who, '%Y') AS t"), @"invalid_mapping: error parsing timestamp from 'u1' using format '%Y': input contains invalid characters");
    }
}

mod comparing {
    use super::*;

    /// The same conditions over a column that is a number in one file and text in the other.
    #[test]
    fn a_mapping_means_the_same_whether_a_column_is_number_or_text() {
        let conditions = [
            "code LIKE 'C%'",
            "code NOT LIKE '5%'",
            "code ~ '^5'",
            "code <> ''",
            "code = 'C1'",
            "code IN ('', '536365')",
            "code IS DISTINCT FROM ''",
            "NULLIF(code, '') IS NOT NULL",
            "CASE code WHEN 'C1' THEN false ELSE true END",
            "code = name",
            "code > '5'",
            "code || 'x' = '536365x'",
        ];
        let kept = |csv: &str, condition: &str| {
            let sql = format!("{PROPERTIES} WHERE n = 1 AND ({condition})");
            files(&[("in.csv", csv.as_bytes())])
                .events(&sql, context())
                .map_or_else(shown_error, |(_, l)| l.read.to_string())
        };
        for condition in conditions {
            let as_number = kept("n,code,name\n1,536365,x\n2,2,y\n", condition);
            let as_text = kept("n,code,name\n1,536365,x\n2,A,y\n", condition);
            assert_eq!(as_number, as_text, "{condition}");
        }
    }

    #[test]
    fn typed_comparisons_stay_typed() {
        let csv = "n,d\n9,2011-01-01\n10,2011-02-01\n";
        let kept = |condition: &str| ledger_of(csv, &format!("{PROPERTIES} WHERE {condition}"));
        assert!(kept("n > '5'").starts_with("read 2 "));
        assert!(kept("n > 9").starts_with("read 1 "));
        assert!(kept("d >= '2011-01-15'").starts_with("read 1 "));
        assert!(kept("d <> ''").starts_with("read 2 "));
    }

    #[test]
    fn a_number_joins_a_text() {
        let input = files(&[("in.csv", b"item\n7\n8\n")]);
        let items = files(&[("items.csv", b"id,parent\n7,tea\nx9,cup\n")]);
        let side = [("items".to_owned(), items.paths.clone())];
        let session = ImportSession::open(&input.paths, &side, &zone(), &Limits::default()).unwrap();
        let sql = "SELECT 'u' AS id_user_id, '2011-01-01' AS time, 'view' AS behavior, line.item, item.parent AS category
                   FROM input AS line LEFT JOIN items AS item ON item.id = line.item ORDER BY line.item";
        let rows = shown(plan_events(&session, sql).unwrap().run(context()).unwrap()).unwrap().0;
        insta::assert_snapshot!(rows, @r#"
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","category":"tea","item":"7","id_user_id":"u"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","item":"8","id_user_id":"u"}
        "#);
    }
}

mod events {
    use super::*;

    #[test]
    fn reasons_stand_in_order_identifier_time_behavior() {
        let csv = "id_user_id,id_email,time,behavior\n\
                   ,,,\n\
                   null,,,\n\
                   null,0,2011-01-01,view\n\
                   u1,,,\n\
                   u1,,soon,\n\
                   u1,,1492-10-12,\n\
                   u1,,2011-01-01,\n\
                   u1,null,2011-01-01,view\n\
                   \" \",A@B.cn,2011-01-01,view\n";
        insta::assert_snapshot!(ledger_of(csv, ALL), @r#"read 9 {"bad_time": 1, "junk_identifier": 2, "no_behavior": 1, "no_identifier": 1, "no_time": 1, "time_out_of_range": 1} {} {"junk_identifier": 1}"#);
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","id_email":"a@b.cn"}
        "#);
    }

    #[test]
    fn identifiers_are_texts_of_any_type() {
        let sql = "SELECT whole AS id_user_id, CAST(whole AS DOUBLE) AS id_float, CAST(whole AS DECIMAL(12, 2)) AS id_money,
                   padded AS id_phone, 'X@Y.cn ' AS id_email, '2011-01-01' AS time, ' view ' AS behavior FROM input";
        insta::assert_snapshot!(rows_of("whole,padded\n17850,0017\n", sql), @r#"{"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","id_user_id":"17850","id_float":"17850","id_money":"17850","id_phone":"0017","id_email":"x@y.cn"}"#);
    }

    #[test]
    fn unknown_names_are_kept_and_reported() {
        let csv = "id_user_id,time,behavior,channel\n\
                   u1,2011-01-01,adjustment,sms\n\
                   u1,2011-01-01,purchase,pigeon\n\
                   u1,2011-01-01,purchase,pigeon\n\
                   u1,2011-01-01,purchase,\n\
                   ,2011-01-01,nothing,nowhere\n";
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"adjustment","channel":"crm.sms","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","channel":"unmapped.pigeon","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","channel":"unmapped.pigeon","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","id_user_id":"u1"}
        "#);
        insta::assert_snapshot!(ledger_of(csv, ALL), @r#"read 5 {"no_identifier": 1} {"behavior": {"adjustment": 1}, "channel": {"pigeon": 2}} {}"#);
    }

    #[test]
    fn declared_behaviors_need_no_report() {
        let csv = b"id_user_id,time,behavior\nu1,2011-01-01,adjustment\n";
        let known = MappingContext { known_behaviors: vec!["adjustment".to_owned()], ..context() };
        assert!(files(&[("in.csv", csv)]).events(ALL, known).unwrap().1.unmapped.is_empty());
    }

    #[test]
    fn money_is_converted_by_the_days_rate() {
        let csv = "id_user_id,time,behavior,amount,currency\n\
                   u1,2011-06-01,purchase,10,\n\
                   u1,2011-06-01,purchase,10,gbp\n\
                   u1,2011-06-01,purchase,19.99,EUR\n\
                   u1,2010-12-31,purchase,19.99,EUR\n\
                   u1,2011-06-01,purchase,5,JPY\n\
                   u1,2011-06-01,purchase,,JPY\n";
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"
        {"time":"2011-05-31T23:00:00Z","day":"2011-06-01","behavior":"purchase","amount":10,"id_user_id":"u1"}
        {"time":"2011-05-31T23:00:00Z","day":"2011-06-01","behavior":"purchase","amount":10,"id_user_id":"u1"}
        {"time":"2011-05-31T23:00:00Z","day":"2011-06-01","behavior":"purchase","amount":17.1134,"properties":"{\"original_amount\":19.99,\"original_currency\":\"EUR\"}","id_user_id":"u1"}
        {"time":"2010-12-31T00:00:00Z","day":"2010-12-31","behavior":"purchase","properties":"{\"original_amount\":19.99,\"original_currency\":\"EUR\"}","id_user_id":"u1"}
        {"time":"2011-05-31T23:00:00Z","day":"2011-06-01","behavior":"purchase","properties":"{\"original_amount\":5,\"original_currency\":\"JPY\"}","id_user_id":"u1"}
        {"time":"2011-05-31T23:00:00Z","day":"2011-06-01","behavior":"purchase","id_user_id":"u1"}
        "#);
        insta::assert_snapshot!(ledger_of(csv, ALL), @r#"read 6 {} {} {"no_rate": 2}"#);
    }

    #[test]
    fn amounts_that_are_none_are_remarked_on() {
        let csv = "id_user_id,time,behavior,amount,quantity\n\
                   u1,2011-01-01,purchase,\"1,234.50\",many\n\
                   u1,2011-01-01,purchase,99999999999999999999,1\n\
                   ,2011-01-01,purchase,none,none\n";
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","id_user_id":"u1"}
        {"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"purchase","quantity":1,"id_user_id":"u1"}
        "#);
        insta::assert_snapshot!(ledger_of(csv, ALL), @r#"read 3 {"no_identifier": 1} {} {"bad_amount": 2, "bad_quantity": 1}"#);
    }

    #[test]
    fn times_without_zone_are_local() {
        let csv = "id_user_id,behavior,time\n\
                   u1,winter,2011-01-01 00:30:00\n\
                   u1,summer,2011-07-01 00:30:00\n\
                   u1,gap,2011-03-27 01:30:00\n\
                   u1,fold,2011-10-30 01:30:00\n\
                   u1,date,2011-07-01\n";
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"
        {"time":"2011-01-01T00:30:00Z","day":"2011-01-01","behavior":"winter","id_user_id":"u1"}
        {"time":"2011-06-30T23:30:00Z","day":"2011-07-01","behavior":"summer","id_user_id":"u1"}
        {"time":"2011-03-27T01:30:00Z","day":"2011-03-27","behavior":"gap","id_user_id":"u1"}
        {"time":"2011-10-30T00:30:00Z","day":"2011-10-30","behavior":"fold","id_user_id":"u1"}
        {"time":"2011-06-30T23:00:00Z","day":"2011-07-01","behavior":"date","id_user_id":"u1"}
        "#);
    }

    #[test]
    fn epoch_numbers_and_text_become_instants() {
        let times = [
            "to_timestamp_seconds(s)",
            "to_timestamp(s)",
            "to_timestamp_millis(s * 1000)",
            "to_timestamp_micros(s * 1000000)",
            "from_unixtime(s)",
            "to_timestamp(CAST(s AS DOUBLE) + 0.25)",
            "to_timestamp('2011-07-01 00:30:00')",
            "to_timestamp('2011-10-30 01:30:00')",
            "to_timestamp('2011-07-01T00:30:00Z')",
            "to_timestamp(t, '%d/%m/%Y %H:%M')",
            "to_timestamp('2011-07-01 00:30 +0800', '%Y-%m-%d %H:%M %z')",
            "CAST('2011-07-01 00:30:00' AS TIMESTAMP)",
            "date_trunc('day', to_timestamp_seconds(s))",
        ];
        let mut found = Vec::new();
        for time in times {
            let sql = format!("SELECT 'u1' AS id_user_id, 'view' AS behavior, {time} AS time FROM input");
            let row: serde_json::Value =
                serde_json::from_str(&rows_of("s,t\n1309480200,01/07/2011 00:30\n", &sql)).unwrap();
            found.push(format!("{time} {} {}", row["time"], row["day"]));
        }
        insta::assert_snapshot!(found.join("\n"), @r#"
        to_timestamp_seconds(s) "2011-07-01T00:30:00Z" "2011-07-01"
        to_timestamp(s) "2011-07-01T00:30:00Z" "2011-07-01"
        to_timestamp_millis(s * 1000) "2011-07-01T00:30:00Z" "2011-07-01"
        to_timestamp_micros(s * 1000000) "2011-07-01T00:30:00Z" "2011-07-01"
        from_unixtime(s) "2011-07-01T00:30:00Z" "2011-07-01"
        to_timestamp(CAST(s AS DOUBLE) + 0.25) "2011-07-01T00:30:00.25Z" "2011-07-01"
        to_timestamp('2011-07-01 00:30:00') "2011-06-30T23:30:00Z" "2011-07-01"
        to_timestamp('2011-10-30 01:30:00') "2011-10-30T00:30:00Z" "2011-10-30"
        to_timestamp('2011-07-01T00:30:00Z') "2011-07-01T00:30:00Z" "2011-07-01"
        to_timestamp(t, '%d/%m/%Y %H:%M') "2011-06-30T23:30:00Z" "2011-07-01"
        to_timestamp('2011-07-01 00:30 +0800', '%Y-%m-%d %H:%M %z') "2011-06-30T16:30:00Z" "2011-06-30"
        CAST('2011-07-01 00:30:00' AS TIMESTAMP) "2011-06-30T23:30:00Z" "2011-07-01"
        date_trunc('day', to_timestamp_seconds(s)) "2011-06-30T23:00:00Z" "2011-07-01"
        "#);
    }

    #[test]
    fn everything_else_is_a_property() {
        let csv = "id_user_id,time,behavior,shop,zeta,alpha,empty\nu1,2011-01-01,view,1,x,2.50,\n";
        insta::assert_snapshot!(rows_of(csv, ALL), @r#"{"time":"2011-01-01T00:00:00Z","day":"2011-01-01","behavior":"view","shop":"1","properties":"{\"zeta\":\"x\",\"alpha\":2.5}","id_user_id":"u1"}"#);
    }

    #[test]
    fn what_was_given_does_not_depend_on_catalogue_or_rates() {
        let csv =
            b"id_user_id,time,behavior,channel,amount,currency,x\nu1,2011-06-01,purchase,live,10,EUR,1\n";
        let given = |context: MappingContext| {
            let session = files(&[("in.csv", csv)]);
            let mut rows = plan_events(&session.session().unwrap(), ALL).unwrap().run(context).unwrap();
            let batch = rows.next_batch(&mut Ledger::default()).unwrap().unwrap();
            to_json_rows(&[batch]).unwrap()[0]["given"].as_str().unwrap().to_owned()
        };
        let mut later = MappingContext { currency: "CNY".to_owned(), ..MappingContext::default() };
        later.channels.insert("external.live", Default::default());
        assert_eq!(given(context()), given(later));
        insta::assert_snapshot!(given(context()), @r#"{"time":"2011-05-31T23:00:00Z","behavior":"purchase","id_user_id":"u1","channel":"live","currency":"EUR","amount":10,"properties":"{\"x\":1}"}"#);
    }

    #[test]
    fn plans_say_what_they_give() {
        let input = files(&[("in.csv", b"a,b\n1,2\n")]);
        let sql = "SELECT a AS id_user_id, b AS id_email, '2011-01-01' AS time, 'view' AS behavior, a AS x FROM input";
        let plan = plan_events(&input.session().unwrap(), sql).unwrap();
        assert_eq!(plan.kinds(), ["user_id", "email"]);
        assert_eq!(plan.properties().collect::<Vec<_>>(), ["x"]);
    }
}

mod others {
    use super::*;

    #[test]
    fn tags_have_kinds() {
        let json = r#"{"id_user_id":"u1","time":"2011-07-01T00:00:00Z","level":"gold","vip":true,"spent":12.5,"born":"1990-02-01","likes":["tea"," ","cup"]}
{"id_user_id":"u2","time":null,"level":" ","spent":3,"likes":[]}
{"id_user_id":"null","level":"x"}
{"id_user_id":"u3","time":"soon","level":"x"}"#;
        let sql = "SELECT id_user_id, time, level, vip, spent, CAST(born AS DATE) AS born, likes FROM input";
        let input = files(&[("in.jsonl", json.as_bytes())]);
        let (rows, ledger) = input.tags(sql).unwrap();
        insta::assert_snapshot!(rows, @r#"
        {"id_user_id":"u1","day":"2011-07-01","level":"gold","vip":"true","spent":12.5,"born":"1990-02-01","likes":["tea","cup"]}
        {"id_user_id":"u2","spent":3,"likes":[]}
        "#);
        insta::assert_snapshot!(format!("{} {:?}", ledger.read, ledger.reasons), @r#"4 {"bad_time": 1, "junk_identifier": 1}"#);
        let plan = plan_tags(&input.session().unwrap(), sql).unwrap();
        let kinds: Vec<String> = plan.tags().map(|(name, kind)| format!("{name} {}", kind.name())).collect();
        assert_eq!(kinds, ["level text", "vip text", "spent number", "born date", "likes multi"]);
    }

    #[test]
    fn tags_that_cannot_be_are_refused() {
        let input = files(&[("in.csv", b"id_user_id,x\nu1,1\n")]);
        let error = |sql: &str| shown_error(input.tags(sql).unwrap_err());
        insta::assert_snapshot!(error("SELECT id_user_id FROM input"), @r#"
        invalid_mapping: the mapping gives no tag
          help: each column beside id_<kind> and time is a tag of that name
        "#);
        insta::assert_snapshot!(error("SELECT id_user_id, x AS day FROM input"), @r#"
        invalid_mapping: a tag cannot be called "day" (at day)
          help: give the column another name
        "#);
        insta::assert_snapshot!(error("SELECT id_user_id, struct(x) AS s FROM input"), @r#"
        invalid_mapping: "s" cannot be a tag: it is an object (at s)
          help: a tag is a text, a number, a date or a list of texts
        "#);
    }

    #[test]
    fn catalogue_entries_are_collected() {
        let csv = b"kind,id,name_zh,price\nitem,7,\xE8\x8C\xB6,12.50\nshop,s1,,\nplanet,9,,\nitem,,,x\nbrand,b,,x\n";
        let input = files(&[("in.csv", csv)]);
        let plan = plan_catalog(&input.session().unwrap(), ALL).unwrap();
        let mut ledger = Ledger::default();
        let entries = plan.run(&mut ledger).unwrap();
        let lines: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        Entry { kind: Item, id: "7", name: None, name_zh: Some("茶"), parent: None, brand: None, price: Some(Amount(125000)) }
        Entry { kind: Shop, id: "s1", name: None, name_zh: None, parent: None, brand: None, price: None }
        Entry { kind: Brand, id: "b", name: None, name_zh: None, parent: None, brand: None, price: None }
        "#);
        insta::assert_snapshot!(format!("{} {:?} {:?}", ledger.read, ledger.reasons, ledger.remarks), @r#"5 {"bad_kind": 1, "no_id": 1} {"bad_price": 1}"#);
        let error = |sql: &str| shown_error(plan_catalog(&input.session().unwrap(), sql).err().unwrap());
        insta::assert_snapshot!(error("SELECT kind FROM input"), @r#"
        invalid_mapping: the mapping gives no column "id" (at id)
          help: there is only kind
        "#);
        insta::assert_snapshot!(error("SELECT kind, id, price AS prize FROM input"), @r#"
        invalid_mapping: the catalogue has no column "prize" (at prize)
          help: did you mean "price"?
        "#);
    }

    #[test]
    fn lists_need_no_mapping() {
        let list = |name: &str, bytes: &[u8], kind: &str| {
            let file = files(&[(name, bytes)]);
            let (rows, ledger) = shown(list_rows(&file.paths[0], kind, &Limits::default()).unwrap()).unwrap();
            format!("{} {} {:?}", rows.replace('\n', " "), ledger.read, ledger.reasons)
        };
        insta::assert_snapshot!(list("in.txt", b"17850\n13047\nnull\n", "user_id"), @r#"{"id_user_id":"17850"} {"id_user_id":"13047"} 3 {"junk_identifier": 1}"#);
        insta::assert_snapshot!(list("in.csv", b"user_id\n0017\n", "user_id"), @r#"{"id_user_id":"0017"} 1 {}"#);
        insta::assert_snapshot!(list("in.csv", b"name,Email,x\nalice,A@B.cn,1\nbob,,2\n", "email"), @r#"{"id_email":"a@b.cn"} 2 {"no_identifier": 1}"#);
        insta::assert_snapshot!(list("in.csv", b"who,x\nalice,1\n", "email"), @r#"{"id_email":"alice"} 1 {}"#);
        insta::assert_snapshot!(list("in.txt", b"alice\nbob\n", "nick"), @r#"{"id_nick":"alice"} {"id_nick":"bob"} 2 {}"#);
        insta::assert_snapshot!(list("in.jsonl", b"{\"x\":1,\"id_phone\":139}\n", "phone"), @r#"{"id_phone":"139"} 1 {}"#);
    }
}

mod preview;
mod real_data;
