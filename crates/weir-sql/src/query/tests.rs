//! Statements over a small workspace: SQL in, JSON rows or error out.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
    new_null_array,
};
use parquet::arrow::ArrowWriter;
use serde_json::Value;
use tempfile::TempDir;
use weir_core::Result;
use weir_store::event::{table_schema, time_type};

use super::{Tables, Writes, run, to_json_rows};
use crate::runtime::Limits;

/// Four events of three nodes, in two files; node 2 belongs to the person of node 0.
struct Workspace {
    dir: TempDir,
    tables: Tables,
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(values.iter().map(|text| (!text.is_empty()).then_some(*text)).collect::<StringArray>())
}

fn small(name: &str, values: &[&str]) -> RecordBatch {
    let ids = Arc::new(UInt32Array::from_iter_values(0..values.len() as u32)) as ArrayRef;
    RecordBatch::try_from_iter([("consumer", ids), (name, texts(values))]).unwrap()
}

fn events(consumers: &[u32], days: &[i32], behaviors: &[&str], amounts: &[Option<i128>]) -> RecordBatch {
    let rows = consumers.len();
    let schema = table_schema();
    let column = |name: &str| -> ArrayRef {
        match name {
            "consumer" => Arc::new(UInt32Array::from(consumers.to_vec())),
            "time" => {
                let noon = days.iter().map(|day| i64::from(*day) * 86_400_000_000 + 43_200_000_000);
                Arc::new(TimestampMicrosecondArray::from_iter_values(noon).with_timezone("UTC"))
            }
            "day" => Arc::new(Date32Array::from(days.to_vec())),
            "behavior" => texts(behaviors),
            "amount" | "quantity" => {
                let units = Decimal128Array::from(amounts.to_vec());
                Arc::new(units.with_precision_and_scale(18, 4).unwrap())
            }
            "properties" => texts(&vec![r#"{"country":"China","n":7,"o":{"a":[1]}}"#; rows]),
            "source" => texts(&vec!["file"; rows]),
            "original_time" | "sent_at" | "received_at" => new_null_array(&time_type(), rows),
            _ => texts(&vec![""; rows]),
        }
    };
    let columns = schema.fields().iter().map(|field| column(field.name())).collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

fn workspace() -> Workspace {
    let dir = tempfile::tempdir().unwrap();
    let batches = [
        events(&[0, 1], &[15_000, 15_000], &["purchase", "view"], &[Some(125_000), None]),
        events(&[2, 2], &[15_001, 15_002], &["purchase", "refund"], &[Some(30_000), Some(-5_000)]),
    ];
    let mut event_files = Vec::new();
    for (n, batch) in batches.iter().enumerate() {
        let path = dir.path().join(format!("day={n} [x]")).join("1-0.parquet");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, batch);
        event_files.push(path);
    }
    let tables = Tables {
        event_files,
        canonical: Arc::new(vec![0, 1, 0]),
        consumers: small("first_channel", &["shop", "ads"]),
        identifiers: small("value", &["u1", "u2", "d1"]),
        tags: small("key", &["gender"]),
        catalog: small("id", &["item-1"]),
    };
    Workspace { dir, tables }
}

fn write(path: &PathBuf, batch: &RecordBatch) {
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn answer(sql: &str, tables: &Tables, writes: Writes) -> Result<String> {
    let batches = run(sql, tables, writes, &Limits::default())?.collect::<Result<Vec<_>>>()?;
    let rows = to_json_rows(&batches)?;
    Ok(rows.into_iter().map(|row| Value::from(row).to_string()).collect::<Vec<_>>().join("\n"))
}

fn ask(sql: &str) -> String {
    answer(sql, &workspace().tables, Writes::Refused).unwrap()
}

fn error(sql: &str) -> String {
    let error = answer(sql, &workspace().tables, Writes::Refused).unwrap_err();
    format!("{}: {error}", error.code.as_str())
}

#[test]
fn events_have_the_contracts_columns() {
    let workspace = workspace();
    let batches =
        run("SELECT * FROM events", &workspace.tables, Writes::Refused, &Limits::default()).unwrap();
    let schema = batches.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, super::EVENT_COLUMNS);
    insta::assert_snapshot!(ask("SELECT * FROM events ORDER BY time, consumer LIMIT 1"), @r#"{"consumer":0,"time":"2011-01-26T12:00:00Z","day":"2011-01-26","behavior":"purchase","channel":null,"shop":null,"brand":null,"category":null,"campaign":null,"item":null,"order_id":null,"amount":12.5,"quantity":12.5,"source":"file","message_id":null,"properties":"{\"country\":\"China\",\"n\":7,\"o\":{\"a\":[1]}}","original_time":null,"sent_at":null,"received_at":null}"#);
}

#[test]
fn consumers_are_people() {
    let sql = "SELECT consumer, count(*) AS n, sum(amount) AS spent FROM events GROUP BY consumer ORDER BY consumer";
    insta::assert_snapshot!(ask(sql), @r#"
    {"consumer":0,"n":3,"spent":15}
    {"consumer":1,"n":1,"spent":null}
    "#);
    insta::assert_snapshot!(ask("SELECT count(*) AS n FROM events WHERE consumer = 0"), @r#"{"n":3}"#);
    let joined = "SELECT first_channel, count(*) AS n FROM events JOIN consumers USING (consumer) GROUP BY 1 ORDER BY 1";
    insta::assert_snapshot!(ask(joined), @r#"
    {"first_channel":"ads","n":1}
    {"first_channel":"shop","n":3}
    "#);
}

#[test]
fn names_are_found_in_any_case() {
    insta::assert_snapshot!(ask("SELECT COUNT(DISTINCT Consumer) AS people FROM Events WHERE BEHAVIOR = 'purchase'"), @r#"{"people":1}"#);
}

#[test]
fn properties_are_json() {
    let sql = "SELECT properties->>'country' AS country, json_get_int(properties, 'n') AS n, properties->'o' AS o,
               json_get_str(properties, 'none') AS none FROM events WHERE properties->>'country' = 'China' LIMIT 1";
    insta::assert_snapshot!(ask(sql), @r#"{"country":"China","n":7,"o":{"a":[1]},"none":null}"#);
}

#[test]
fn predicates_and_columns_reach_the_files() {
    let plan = ask(
        "EXPLAIN SELECT consumer, amount FROM events WHERE day >= DATE '2011-01-27' AND behavior = 'refund'",
    );
    assert!(plan.contains("projection=[") && !plan.contains("properties"), "{plan}");
    assert!(plan.contains("predicate=") && plan.contains("day_max"), "{plan}");
}

#[test]
fn every_table_can_be_read() {
    for table in ["consumers", "identifiers", "tags", "catalog"] {
        assert!(ask(&format!("SELECT count(*) AS n FROM {table}")).contains("\"n\":"), "{table}");
    }
    assert!(ask("SHOW TABLES").contains("identifiers"));
    assert!(ask("DESCRIBE events").contains("behavior"));
}

#[test]
fn without_files_events_is_empty() {
    let tables = Tables { event_files: Vec::new(), ..workspace().tables };
    let sql = "SELECT count(*) AS n, sum(amount) AS amount FROM events WHERE behavior = 'x'";
    insta::assert_snapshot!(answer(sql, &tables, Writes::Refused).unwrap(), @r#"{"n":0,"amount":null}"#);
}

#[test]
fn a_copy_writes_where_it_may() {
    let workspace = workspace();
    for name in ["out.parquet", "out.csv", "out.json"] {
        let path = workspace.dir.path().join(name);
        let sql = format!("COPY (SELECT day, amount FROM events) TO '{}'", path.display());
        assert_eq!(answer(&sql, &workspace.tables, Writes::Allowed).unwrap(), r#"{"count":4}"#, "{name}");
        assert!(path.is_file(), "{name}");
        let refused = answer(&sql, &workspace.tables, Writes::Refused).unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused, @r#"
            COPY is not allowed here
              help: run it on the command line: weir sql "COPY (SELECT …) TO 'file.parquet'"
            "#);
        }
    }
    let csv = std::fs::read_to_string(workspace.dir.path().join("out.csv")).unwrap();
    assert!(csv.starts_with("day,amount\n"), "{csv}");
    let path = workspace.dir.path().join("out");
    let sql = format!("COPY (SELECT day FROM events) TO '{}'", path.display());
    insta::assert_snapshot!(answer(&sql, &workspace.tables, Writes::Allowed).unwrap_err(), @r#"
    the file's name does not say its format
      help: end it with .parquet, .csv or .json
    "#);
    let sql = "COPY (SELECT day FROM events) TO 's3://bucket/out.csv'";
    insta::assert_snapshot!(answer(sql, &workspace.tables, Writes::Allowed).unwrap_err(), @"no suitable object store found for s3://bucket/. See `RuntimeEnv::register_object_store`");
}

#[test]
fn nothing_else_is_allowed() {
    insta::assert_snapshot!(error("DELETE FROM events"), @r#"
    invalid_sql: the data cannot be changed by SQL
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
    insta::assert_snapshot!(error("CREATE TABLE x AS SELECT 1"), @r#"
    invalid_sql: the data cannot be changed by SQL
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
    insta::assert_snapshot!(error("SELECT * INTO x FROM events"), @"invalid_sql: the data cannot be changed by SQL");
    insta::assert_snapshot!(error("SET datafusion.execution.batch_size = 1"), @r#"
    invalid_sql: the data cannot be changed by SQL
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
    insta::assert_snapshot!(error("CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'"), @r#"
    invalid_sql: the data cannot be changed by SQL
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
    insta::assert_snapshot!(error("SELECT * FROM '/etc/passwd'"), @r#"
    invalid_sql: there is no table "/etc/passwd" (at /etc/passwd)
      help: tables are events, consumers, identifiers, tags, catalog
    "#);
    insta::assert_snapshot!(error("EXPLAIN ANALYZE COPY events TO 'x.csv'"), @r#"
    invalid_sql: COPY is not allowed here
      help: run it on the command line: weir sql "COPY (SELECT …) TO 'file.parquet'"
    "#);
    insta::assert_snapshot!(error("SELECT 1; SELECT 2"), @r#"
    invalid_sql: there are several SQL statements
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
    insta::assert_snapshot!(error(""), @r#"
    invalid_sql: there is no SQL statement
      help: write one SELECT, or COPY (SELECT …) TO 'file.parquet'
    "#);
}

#[test]
fn errors_are_readable() {
    insta::assert_snapshot!(error("SELECT behaviour FROM events"), @r#"
    invalid_sql: there is no column "behaviour" (at behaviour)
      help: did you mean "behavior"?
    "#);
    insta::assert_snapshot!(error("SELECT * FROM event"), @r#"
    invalid_sql: there is no table "event" (at event)
      help: did you mean "events"?
    "#);
    insta::assert_snapshot!(error("SELECT consumer, count(*) FROM events"), @r#"invalid_sql: column "events.consumer" must appear in the GROUP BY clause or must be part of an aggregate function"#);
    insta::assert_snapshot!(error("SELECT 1 / 0"), @r#"
    invalid_sql: division by zero
      help: NULLIF(x, 0) makes the result NULL instead
    "#);
    insta::assert_snapshot!(error("SELECT sum(behavior) FROM events"), @r#"
    invalid_sql: the function "sum" does not take String
      help: cast its argument, for example CAST(x AS VARCHAR) or CAST(x AS DOUBLE)
    "#);
    insta::assert_snapshot!(error("SELEC 1"), @"invalid_sql: the SQL does not parse: expected: an SQL statement, found: SELEC (at line 1, column 1)");
}

#[test]
fn a_file_that_is_gone_is_an_error() {
    let workspace = workspace();
    std::fs::remove_file(&workspace.tables.event_files[0]).unwrap();
    let error = answer(
        "SELECT count(consumer) AS n FROM events WHERE amount > 1",
        &workspace.tables,
        Writes::Refused,
    );
    assert_eq!(error.unwrap_err().code.as_str(), "io_error");
}

#[test]
fn a_sort_larger_than_its_memory_spills() {
    let workspace = workspace();
    let limits = Limits { memory: 32 << 20, spill_dir: Some(workspace.dir.path().to_owned()), threads: 2 };
    let sql = "SELECT max(v) AS m FROM (SELECT v, row_number() OVER (ORDER BY v) AS r FROM \
               (SELECT value * 7919 % 1000003 || 'some text to fill the memory' AS v FROM generate_series(1, 2000000)))";
    let batches: Vec<_> = run(sql, &workspace.tables, Writes::Refused, &limits).unwrap().collect();
    assert!(batches.iter().all(std::result::Result::is_ok), "{batches:?}");
}
