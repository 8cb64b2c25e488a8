//! Importing tags, lists and the catalogue: what is stated, by whom, since when, and taking it back.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, ListBuilder, RecordBatch, StringBuilder};
use common::{answers, batch, import, spec, texts, users, workspace};
use weir_core::Code;
use weir_core::amount::Amount;
use weir_core::catalog::{Entry, EntryKind};
use weir_core::tag::{TagFact, TagKind, TagValue};
use weir_core::time::Day;
use weir_engine::world::Facts;
use weir_store::{FileKind, ImportKind, ImportRecord, ImportSpec, LiveFacts, NewTagRun, Page, Workspace};

fn tags(workspace: &Workspace, batches: &[RecordBatch]) -> weir_core::Result<ImportRecord> {
    let mut commit = workspace.begin(spec(ImportKind::Tags))?;
    for batch in batches {
        commit.tags(batch)?;
    }
    commit.finish()
}

fn numbers(values: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn days(values: &[Option<i32>]) -> ArrayRef {
    Arc::new(Date32Array::from(values.to_vec()))
}

fn lists(values: &[&[&str]]) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for list in values {
        builder.append_value(list.iter().map(|text| Some(*text)));
    }
    Arc::new(builder.finish())
}

fn facts(workspace: &Workspace) -> Vec<TagFact> {
    workspace.tag_facts().unwrap().into_iter().map(|(_, fact)| fact).collect()
}

#[test]
fn every_kind_of_value_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let given = batch(vec![
        ("id_user_id", texts(&[Some("ann"), Some("ben"), None])),
        ("day", days(&[Some(20_000), None, None])),
        ("city", texts(&[Some("杭州"), None, Some("nobody's")])),
        ("value", numbers(&[Some(1.5), Some(-2.0), None])),
        ("birthday", days(&[None, Some(7_000), None])),
        ("likes", lists(&[&["tea", "pots"], &[], &[]])),
    ]);
    let record = tags(&workspace, &[given]).unwrap();
    assert_eq!((record.ledger.read, record.ledger.accepted, record.ledger.rejected()), (3, 2, 1));
    assert_eq!(record.ledger.new_consumers, 2);
    let names: Vec<(String, TagKind)> = workspace.tags().unwrap().into_iter().collect();
    let expected = [
        ("birthday", TagKind::Date),
        ("city", TagKind::Text),
        ("likes", TagKind::Multi),
        ("value", TagKind::Number),
    ];
    assert_eq!(names, expected.map(|(name, kind)| (name.to_owned(), kind)));
    let seq = 1 << 32;
    let fact = |key: &str, day, seq, value| TagFact { key: key.into(), day, seq, value };
    let (dated, undated) = (Day(20_000), Day::BEGINNING);
    let expected = vec![
        fact("city", dated, seq, TagValue::Text("杭州".into())),
        fact("value", dated, seq, TagValue::Number(1.5)),
        fact("likes", dated, seq, TagValue::Multi(vec!["tea".into(), "pots".into()])),
        fact("value", undated, seq + 1, TagValue::Number(-2.0)),
        fact("birthday", undated, seq + 1, TagValue::Date(Day(7_000))),
        fact("likes", undated, seq + 1, TagValue::Multi(vec![])),
    ];
    assert_eq!(facts(&workspace), expected);
}

#[test]
fn history_is_kept_and_later_imports_come_later() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let level = |day, level| {
        batch(vec![
            ("id_user_id", texts(&[Some("ann")])),
            ("day", days(&[day])),
            ("level", texts(&[Some(level)])),
        ])
    };
    tags(&workspace, &[level(Some(10), "silver"), level(Some(20), "gold")]).unwrap();
    let second = tags(&workspace, &[level(Some(10), "bronze")]).unwrap();
    let of_day = |day: i32| -> Vec<TagFact> {
        let mut facts: Vec<TagFact> = facts(&workspace).into_iter().filter(|f| f.day == Day(day)).collect();
        facts.sort_by_key(|fact| fact.seq);
        facts
    };
    assert_eq!(of_day(10).last().unwrap().value, TagValue::Text("bronze".into()));
    assert_eq!(of_day(20).len(), 1);
    workspace.undo(second.id).unwrap();
    assert_eq!(of_day(10).last().unwrap().value, TagValue::Text("silver".into()));
}

#[test]
fn a_tag_keeps_its_kind_while_anybody_states_it() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let text = batch(vec![("id_user_id", texts(&[Some("ann")])), ("level", texts(&[Some("7")]))]);
    let number = batch(vec![("id_user_id", texts(&[Some("ann")])), ("level", numbers(&[Some(7.0)]))]);
    let silent = batch(vec![("id_user_id", texts(&[Some("ann")])), ("level", numbers(&[None]))]);
    let first = tags(&workspace, std::slice::from_ref(&text)).unwrap();
    let conflict = tags(&workspace, std::slice::from_ref(&number)).unwrap_err();
    assert_eq!((conflict.code, conflict.at.as_deref()), (Code::InvalidMapping, Some("level")));
    assert_eq!(tags(&workspace, &[text, number.clone()]).unwrap_err().code, Code::InvalidMapping);
    tags(&workspace, &[silent]).unwrap();
    workspace.undo(first.id).unwrap();
    assert!(workspace.tags().unwrap().is_empty());
    tags(&workspace, &[number]).unwrap();
    assert_eq!(workspace.tags().unwrap()["level"], TagKind::Number);
}

#[test]
fn a_column_that_cannot_be_a_tag_is_refused_with_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let flags: ArrayRef = Arc::new(arrow::array::BooleanArray::from(vec![true]));
    let error =
        tags(&workspace, &[batch(vec![("id_user_id", texts(&[Some("ann")])), ("vip", flags)])]).unwrap_err();
    assert_eq!((error.code, error.at.as_deref()), (Code::InvalidMapping, Some("vip")));
}

#[test]
fn nobody_becomes_known_by_a_row_that_states_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let given = batch(vec![
        ("id_user_id", texts(&[Some("ann"), Some("ben"), None])),
        ("city", texts(&[Some("Bath"), None, None])),
    ]);
    let ledger = tags(&workspace, &[given]).unwrap().ledger;
    assert_eq!((ledger.accepted, ledger.new_consumers, ledger.remarks["no_tag"]), (2, 1, 1));
    assert_eq!(ledger.reasons["no_identifier"], 1);
    assert_eq!(workspace.live_nodes().unwrap().len(), 1);
}

#[test]
fn what_a_mapping_counted_is_added_once() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let mut mapped = weir_core::ledger::Ledger { read: 3, ..Default::default() };
    mapped.reject("junk_identifier");
    mapped.remark("no_rate");
    mapped.unmapped("channel", "kuaishou");
    let mut commit = workspace.begin(spec(ImportKind::List)).unwrap();
    commit.note(&mapped);
    commit.list("vip", &users(&["ann", "ben"])).unwrap();
    let ledger = commit.finish().unwrap().ledger;
    assert_eq!((ledger.read, ledger.accepted, ledger.rejected()), (3, 2, 1));
    assert_eq!((ledger.remarks["no_rate"], ledger.unmapped["channel"]["kuaishou"]), (1, 1));
}

#[test]
fn identifiers_on_a_row_of_tags_are_one_person() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &["2024-11-10T08:00:00Z view tea - m1 email:a@b.cn"]);
    let given = batch(vec![
        ("id_email", texts(&[Some("a@b.cn")])),
        ("id_user_id", texts(&[Some("ann")])),
        ("city", texts(&[Some("Bath")])),
    ]);
    assert_eq!(tags(&workspace, &[given]).unwrap().ledger.new_consumers, 0);
    let answers = answers(&workspace);
    assert_eq!(answers.people.len(), 1);
    assert_eq!(answers.tags, ["user_id:ann city beginning Text(\"Bath\")"]);
}

#[test]
fn lists_add_up_and_are_taken_back_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &["2024-11-10T08:00:00Z view tea - m1 user_id:ann"]);
    let load = |name: &str, members: &[&str]| {
        let mut commit = workspace.begin(spec(ImportKind::List)).unwrap();
        commit.list(name, &users(members)).unwrap();
        commit.finish().unwrap()
    };
    let members = |name: &str| -> Vec<String> {
        answers(&workspace).lists.get(name).map(|list| list.iter().cloned().collect()).unwrap_or_default()
    };
    let first = load("vip", &["ann", "ben", "ann", "-"]);
    let ledger = &first.ledger;
    assert_eq!((ledger.read, ledger.accepted, ledger.duplicate), (4, 2, 1));
    assert_eq!((ledger.reasons["no_identifier"], ledger.new_consumers), (1, 1));
    let second = load("vip", &["ben", "cat"]);
    assert_eq!((second.ledger.accepted, second.ledger.duplicate), (1, 1));
    load("empty", &[]);
    assert_eq!(members("vip"), ["user_id:ann", "user_id:ben", "user_id:cat"]);
    assert_eq!(workspace.lists().unwrap()["empty"].len(), 0);

    workspace.undo(first.id).unwrap();
    assert_eq!(members("vip"), ["user_id:ben", "user_id:cat"]);
    workspace.undo(second.id).unwrap();
    assert!(!workspace.lists().unwrap().contains_key("vip"));
    assert_eq!(answers(&workspace).people.len(), 1);
    assert!(workspace.verify().unwrap().findings.is_empty());
}

#[test]
fn a_later_catalogue_replaces_an_earlier_one_until_it_is_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let entry = |id: &str, name: &str| Entry {
        kind: EntryKind::Brand,
        id: id.into(),
        name: Some(name.into()),
        name_zh: Some("堰".into()),
        parent: None,
        brand: None,
        price: Some(Amount(12_345)),
    };
    let load = |entries: Vec<Entry>| {
        let mut commit = workspace.begin(spec(ImportKind::Catalog)).unwrap();
        commit.catalog(entries).unwrap();
        commit.finish().unwrap()
    };
    let first = load(vec![entry("a", "twice"), entry("a", "A"), entry("b", "B")]);
    assert_eq!((first.ledger.read, first.ledger.accepted, first.ledger.duplicate), (3, 2, 1));
    let before = workspace.catalog().unwrap();
    assert_eq!(before.get(EntryKind::Brand, "a"), Some(&entry("a", "A")));
    let second = load(vec![entry("a", "new A"), entry("c", "C")]);
    let names: Vec<String> =
        workspace.catalog().unwrap().entries().filter_map(|entry| entry.name.clone()).collect();
    assert_eq!(names, ["new A", "B", "C"]);
    workspace.undo(second.id).unwrap();
    assert_eq!(workspace.catalog().unwrap(), before);
}

#[test]
fn each_kind_of_import_has_its_own_door() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let mut commit = workspace.begin(spec(ImportKind::Catalog)).unwrap();
    assert_eq!(commit.tags(&users(&["ann"])).unwrap_err().code, Code::Internal);
    assert_eq!(commit.list("vip", &users(&["ann"])).unwrap_err().code, Code::Internal);
}

#[test]
fn a_ledger_that_does_not_balance_is_not_stored() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let mut commit = workspace.begin(spec(ImportKind::List)).unwrap();
    commit.list("vip", &users(&["ann"])).unwrap();
    commit.ledger_mut().read += 1;
    assert_eq!(commit.finish().unwrap_err().code, Code::Internal);
    assert_eq!(workspace.view().unwrap().files(FileKind::List).count(), 0);
}

#[test]
fn many_statements_become_several_files() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let ids: Vec<String> = (0..60_000).map(|i| format!("u{i}")).collect();
    let ids = texts(&ids.iter().map(|id| Some(id.as_str())).collect::<Vec<_>>());
    let ones = numbers(&vec![Some(1.0); 60_000]);
    let given = batch(vec![("id_user_id", ids), ("a", ones.clone()), ("b", ones.clone()), ("c", ones)]);
    let record = tags(&workspace, &vec![given; 7]).unwrap();
    assert_eq!((record.ledger.accepted, record.ledger.new_consumers), (420_000, 60_000));
    assert_eq!(workspace.view().unwrap().files(FileKind::Tags).count(), 2);
    let mut count = 0;
    workspace
        .view()
        .unwrap()
        .scan_tags(|_, _| {
            count += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(count, 1_260_000);
}

fn computed(workspace: &Workspace, day: i32, values: Vec<(u32, TagValue)>) -> ImportRecord {
    let source = format!("{}value", weir_store::tag::COMPUTED);
    let mut commit = workspace.begin(ImportSpec { source, ..spec(ImportKind::Tags) }).unwrap();
    let (people, stated) = (values.len() as u64, values.len() as u64);
    commit.computed(("value", TagKind::Number, Day(day)), values).unwrap();
    let (tag, as_of) = ("value".to_owned(), Day(day));
    commit.note_run(NewTagRun { tag, as_of, version: 1, people, stated });
    commit.finish().unwrap()
}

#[test]
fn computed_statements_are_in_force_and_make_nobody_known() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let given = batch(vec![
        ("id_user_id", texts(&[Some("ann")])),
        ("day", days(&[Some(20_000)])),
        ("city", texts(&[Some("杭州")])),
    ]);
    let import = tags(&workspace, &[given]).unwrap();
    let first = computed(&workspace, 20_005, vec![(0, TagValue::Number(1.5))]);
    let second = computed(&workspace, 20_009, vec![(0, TagValue::Absent)]);
    assert_eq!((first.ledger.read, first.ledger.accepted, first.ledger.new_consumers), (1, 1, 0));

    let column = |workspace: &Workspace| {
        let view = workspace.view().unwrap();
        let index = view.index().unwrap();
        let facts = LiveFacts::new(view, index.consumers.clone());
        let value = |day| {
            index.consumers.dense(0).and_then(|ann| facts.tag("value").unwrap().value(ann, Day(day)).cloned())
        };
        [20_004, 20_005, 20_008, 20_009].map(value)
    };
    let one = Some(TagValue::Number(1.5));
    assert_eq!(column(&workspace), [None, one.clone(), one.clone(), None]);
    assert_eq!(workspace.verify().unwrap().findings, []);

    let runs = workspace.tag_runs("value", &Page::all()).unwrap().items;
    let facts: Vec<_> = runs.iter().map(|run| (run.run.as_of, run.import, run.undone)).collect();
    assert_eq!(facts, [(Day(20_009), Some(second.id), false), (Day(20_005), Some(first.id), false)]);
    workspace.undo(second.id).unwrap();
    assert_eq!(column(&workspace), [None, one.clone(), one.clone(), one]);
    assert!(workspace.last_tag_run("value").unwrap().unwrap().undone);

    // What follows from other data does not keep anybody alive.
    workspace.undo(import.id).unwrap();
    assert_eq!(column(&workspace), [None, None, None, None]);
    assert_eq!(workspace.view().unwrap().index().unwrap().consumers.present().count(), 0);
}
