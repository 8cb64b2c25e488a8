use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};
use weir_core::destination::Destination;
use weir_core::identity::Identifier;
use weir_core::push::{Lane, Shift, Verdict};
use weir_core::time::{Day, Micros};

use super::*;

/// Recipients from memory.
struct Fixed(Vec<Recipient>);

impl Outbox for Fixed {
    fn lanes(&self, _: Shift, _: Micros) -> Result<Vec<Lane>> {
        Ok(Vec::new())
    }

    fn begin(&self, _: &str, _: Shift, _: Micros) -> Result<Option<Call>> {
        Ok(None)
    }

    fn recipients(&self, _: &Call, skip: u64, limit: u32) -> Result<Vec<Recipient>> {
        Ok(self.0.iter().skip(skip as usize).take(limit as usize).cloned().collect())
    }

    fn finish(&self, _: &Call, _: &Verdict, _: Micros) -> Result<()> {
        Ok(())
    }
}

const VALUES: [&str; 8] =
    ["plain", "a,b", "quote \" here", "line\r\nbreak", "=1+1", "+8613800000000", "@SUM(A1)", "王小明"];

fn people(n: usize) -> Fixed {
    let of = |i: usize| Recipient {
        id: format!("rcp_k_{i}"),
        consumer: Identifier { kind: "user_id".into(), value: VALUES[i % VALUES.len()].into() },
        identifiers: match i % 3 {
            0 => BTreeMap::new(),
            1 => BTreeMap::from([("email".to_owned(), vec![format!("{i}@example.com")])]),
            _ => BTreeMap::from([("email".to_owned(), vec!["-a@b.c".to_owned(), "d@e.f".to_owned()])]),
        },
    };
    Fixed((0..n).map(of).collect())
}

fn call(destination: &FileDestination) -> Call {
    Call {
        push: 1,
        push_id: "p1".into(),
        push_name: None,
        as_of: Day(0),
        destination_name: "out".into(),
        destination: Destination::File(destination.clone()),
        secrets: Vec::new(),
        path: None,
        message: 0,
        message_id: "msg_k_0".into(),
        attempt: 1,
        failures: 0,
    }
}

fn written(format: Format, people: &Fixed) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name("p1", format));
    let file = FileDestination { format, identifiers: vec!["email".into()] };
    write(&path, &file, people, &call(&file)).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    (folder, path)
}

#[test]
fn csv_is_read_back_and_no_cell_is_a_formula() {
    let people = people(25_001);
    let (_folder, path) = written(Format::Csv, &people);
    let mut reader = csv::Reader::from_path(&path).unwrap();
    assert_eq!(reader.headers().unwrap(), vec!["recipient", "consumer_kind", "consumer_value", "email"]);
    let mut rows = 0;
    for (record, person) in reader.records().zip(&people.0) {
        let record = record.unwrap();
        assert!(record.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{record:?}");
        let bare = |cell: &str| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
        assert_eq!((&record[0], bare(&record[2])), (person.id.as_str(), person.consumer.value.clone()));
        let emails = person.identifiers.get("email").map(|values| values.join(";")).unwrap_or_default();
        assert_eq!(bare(&record[3]), emails);
        rows += 1;
    }
    assert_eq!(rows, people.0.len());
}

#[test]
fn csv_is_rfc_4180() {
    let (_folder, path) = written(Format::Csv, &people(6));
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(
        text,
        "recipient,consumer_kind,consumer_value,email\r\nrcp_k_0,user_id,plain,\r\n\
         rcp_k_1,user_id,\"a,b\",1@example.com\r\nrcp_k_2,user_id,\"quote \"\" here\",'-a@b.c;d@e.f\r\n\
         rcp_k_3,user_id,\"line\r\nbreak\",\r\nrcp_k_4,user_id,'=1+1,4@example.com\r\n\
         rcp_k_5,user_id,'+8613800000000,'-a@b.c;d@e.f\r\n"
    );
}

#[test]
fn json_lines_are_read_back() {
    let people = people(10_003);
    let (_folder, path) = written(Format::Jsonl, &people);
    let text = fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count(), people.0.len());
    for (line, person) in text.lines().zip(&people.0) {
        let value: Value = serde_json::from_str(line).unwrap();
        let expected = json!({"id": person.id, "consumer": {"kind": "user_id", "value": person.consumer.value},
            "identifiers": person.identifiers});
        assert_eq!(value, expected);
    }
}

#[test]
fn parquet_is_read_back() {
    let people = people(20_002);
    let (_folder, path) = written(Format::Parquet, &people);
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    let mut expected = people.0.iter();
    for batch in reader {
        let batch = batch.unwrap();
        let (ids, values) = (batch.column(0).as_string::<i32>(), batch.column(2).as_string::<i32>());
        let emails = batch.column_by_name("email").unwrap().as_list::<i32>();
        for row in 0..batch.num_rows() {
            let person = expected.next().unwrap();
            assert_eq!(
                (ids.value(row), values.value(row)),
                (person.id.as_str(), person.consumer.value.as_str())
            );
            let found = emails.value(row);
            let found: Vec<&str> = found.as_string::<i32>().iter().flatten().collect();
            assert_eq!(found, person.identifiers.get("email").cloned().unwrap_or_default());
            assert!(!emails.is_null(row));
        }
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn a_file_is_written_over_whole_and_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p1.csv");
    fs::write(folder.path().join("p1.csv.tmp"), "half of an earlier attempt, longer than what comes")
        .unwrap();
    let file = FileDestination { format: Format::Csv, identifiers: Vec::new() };
    for n in [5, 2] {
        write(&path, &file, &people(n), &call(&file)).unwrap();
        assert_eq!(csv::Reader::from_path(&path).unwrap().records().count(), n);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error_and_leaves_nothing() {
    let file = FileDestination { format: Format::Csv, identifiers: Vec::new() };
    let error = write(Path::new("no/such/folder/p1.csv"), &file, &people(1), &call(&file)).unwrap_err();
    assert!(error.message.starts_with("no/such/folder/p1.csv.tmp: "), "{error}");
}
