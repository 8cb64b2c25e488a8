//! What the tests share: small batches from plain rows, and everything a store answers as comparable values.

#![allow(dead_code, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Schema, TimestampMicrosecondType, UInt32Type,
};
use weir_core::amount::Amount;
use weir_core::identity::Identifiers;
use weir_core::time::Zone;
use weir_store::event::{amount_type, incoming_schema, time_type};
use weir_store::{FileKind, ImportKind, ImportRecord, ImportSpec, Store, View, Workspace};

/// One event as a test writes it: `time behavior shop amount message_id kind:value…`, `-` for none.
pub fn events(zone: &Zone, lines: &[&str]) -> RecordBatch {
    let rows: Vec<Vec<&str>> = lines.iter().map(|line| line.split(' ').collect()).collect();
    let kinds: BTreeSet<&str> =
        rows.iter().flat_map(|row| &row[5..]).map(|id| id.split_once(':').unwrap().0).collect();
    let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
    let times: Vec<i64> = rows.iter().map(|row| zone.parse_time(row[0]).unwrap()).collect();
    let days = times.iter().map(|time| zone.day_of(*time).unwrap().0);
    let text = |place: usize| -> ArrayRef {
        Arc::new(rows.iter().map(|row| (row[place] != "-").then_some(row[place])).collect::<StringArray>())
    };
    let none: ArrayRef = Arc::new(StringArray::new_null(rows.len()));
    let amount = rows.iter().map(|row| Amount::parse(row[3]).map(|amount| i128::from(amount.0)));
    let decimals = |values: Decimal128Array| -> ArrayRef { Arc::new(values.with_data_type(amount_type())) };
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(TimestampMicrosecondArray::from(times.clone()).with_data_type(time_type())),
        Arc::new(Date32Array::from_iter_values(days)),
        text(1),
        none.clone(),
        text(2),
        none.clone(),
        none.clone(),
        none.clone(),
        none.clone(),
        none.clone(),
        decimals(amount.collect()),
        decimals(vec![None::<i128>; rows.len()].into_iter().collect()),
        text(4),
        none,
    ];
    columns.extend(kinds.iter().map(|kind| ids(kind, rows.iter().map(|row| &row[5..]))));
    RecordBatch::try_new(incoming_schema(&kinds), columns).unwrap()
}

fn ids<'a>(kind: &str, rows: impl Iterator<Item = &'a [&'a str]>) -> ArrayRef {
    let prefix = format!("{kind}:");
    let of = |row: &'a [&'a str]| row.iter().find_map(|id| id.strip_prefix(&prefix));
    Arc::new(rows.map(of).collect::<StringArray>())
}

/// A batch of nullable columns.
pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let field = |(name, column): &(&str, ArrayRef)| Field::new(*name, column.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, column)| column).collect()).unwrap()
}

pub fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub fn users(values: &[&str]) -> RecordBatch {
    let values: Vec<Option<&str>> = values.iter().map(|v| (*v != "-").then_some(*v)).collect();
    batch(vec![("id_user_id", texts(&values))])
}

pub fn spec(kind: ImportKind) -> ImportSpec {
    ImportSpec { kind, source: "shop".into(), files: vec!["input.csv".into()], mapping: None }
}

pub fn workspace(dir: &Path) -> Workspace {
    Store::open(dir).unwrap().workspace("default").unwrap()
}

pub fn import(workspace: &Workspace, lines: &[&str]) -> ImportRecord {
    let zone = workspace.settings().unwrap().zone;
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.events(&events(&zone, lines)).unwrap();
    commit.finish().unwrap()
}

/// Everything a workspace answers, without node numbers and import ids: two stores with the same answers are equal.
#[derive(Debug, PartialEq)]
pub struct Answers {
    /// Each event as text, with the person it belongs to.
    pub events: Vec<String>,
    /// Each person's live identifiers, below the canonical one.
    pub people: BTreeMap<String, BTreeSet<String>>,
    pub tags: Vec<String>,
    pub lists: BTreeMap<String, BTreeSet<String>>,
    pub catalog: Vec<String>,
}

pub fn answers(workspace: &Workspace) -> Answers {
    let view = workspace.view().unwrap();
    let names = view.identifiers().unwrap();
    let people = view.people(&names).unwrap();
    let name = |node: u32| {
        let (kind, value) = names.get(node);
        format!("{kind}:{value}")
    };
    let person = |node: u32| name(people.canonical[node as usize]);
    let mut by_person: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in &view.live_nodes().unwrap() {
        by_person.entry(person(node)).or_default().insert(name(node));
    }
    let facts = view.tag_facts().unwrap().into_iter();
    let mut tags: Vec<String> = facts
        .map(|(node, fact)| format!("{} {} {} {:?}", person(node), fact.key, fact.day, fact.value))
        .collect();
    tags.sort();
    let lists = view.lists().unwrap().into_iter();
    let lists = lists.map(|(list, nodes)| (list, nodes.iter().map(person).collect())).collect();
    let catalog = view.catalog().unwrap().entries().map(|entry| format!("{entry:?}")).collect();
    Answers { events: event_lines(&view, person), people: by_person, tags, lists, catalog }
}

fn event_lines(view: &View, person: impl Fn(u32) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    let files = view.files(FileKind::Events);
    view.scan_events(files, |batch| {
        let consumers = batch.column_by_name("consumer").unwrap().as_primitive::<UInt32Type>();
        let times = batch.column_by_name("time").unwrap().as_primitive::<TimestampMicrosecondType>();
        let days = batch.column_by_name("day").unwrap().as_primitive::<Date32Type>();
        let amounts = batch.column_by_name("amount").unwrap().as_primitive::<Decimal128Type>();
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name).unwrap().as_string::<i32>();
            if column.is_null(row) { "-".to_owned() } else { column.value(row).to_owned() }
        };
        for row in 0..batch.num_rows() {
            let amount = amounts.is_valid(row).then(|| amounts.value(row));
            let (behavior, shop, source) = (text("behavior", row), text("shop", row), text("source", row));
            let (message, consumer) = (text("message_id", row), person(consumers.value(row)));
            let (time, day) = (times.value(row), days.value(row));
            lines.push(format!("{time} {day} {behavior} {shop} {amount:?} {message} {source} {consumer}"));
        }
        Ok(())
    })
    .unwrap();
    lines.sort();
    lines
}

/// A copy of a directory as it is, as after pulling the plug.
pub fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            drop(std::fs::copy(entry.path(), target));
        }
    }
}

/// All files below a directory, relative, without SQLite's and the lock.
pub fn files_in(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(next) = dirs.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(dir).unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                dirs.push(path);
            } else if !name.starts_with("weir.db") && !name.ends_with("lock") {
                found.insert(name);
            }
        }
    }
    found
}

pub fn list_type() -> DataType {
    weir_store::tag::multi_type()
}
