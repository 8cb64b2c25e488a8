//! Importing events: duplicates, attribution, undo, reopening, memory budget, a process that dies.

#![allow(clippy::unwrap_used)]

mod common;

use common::{answers, copy_dir, events, files_in, import, spec, workspace};
use weir_core::Code;
use weir_core::time::Zone;
use weir_store::{FileKind, ImportKind, ImportSpec, ImportState, Page, Store};

const MORNING: [&str; 4] = [
    "2024-11-10T08:00:00Z view tea - m1 user_id:ann anonymous_id:x",
    "2024-11-10T09:00:00Z purchase tea 12.5 m2 user_id:ann",
    "2024-11-11T08:00:00Z view tea - m3 anonymous_id:x",
    "2024-11-11T08:00:00Z view pots - m4 user_id:ben",
];

const EVENING: [&str; 3] = [
    "2024-11-11T20:00:00Z view tea - m5 anonymous_id:y",
    "2024-11-11T21:00:00Z click tea - m6 user_id:cat anonymous_id:y",
    "2024-11-11T08:00:00Z view pots - m4 user_id:ben",
];

#[test]
fn an_import_is_counted_and_answers() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let record = import(&workspace, &MORNING);
    assert_eq!((record.id, record.state), (1, ImportState::Done));
    assert_eq!((record.ledger.read, record.ledger.accepted, record.ledger.duplicate), (4, 4, 0));
    assert_eq!(record.ledger.new_consumers, 2);
    assert_eq!(record.ledger.first_time, Zone::utc().parse_time("2024-11-10T08:00:00Z"));
    let answers = answers(&workspace);
    let people: Vec<&String> = answers.people.keys().collect();
    assert_eq!(people, ["user_id:ann", "user_id:ben"]);
    assert_eq!(answers.people["user_id:ann"].len(), 2);
    assert_eq!(answers.events.len(), 4);
    assert!(answers.events[0].ends_with("view tea None m1 shop user_id:ann"), "{}", answers.events[0]);
}

#[test]
fn a_file_imported_twice_adds_nothing_and_repetitions_stay() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let same = "2024-11-10T08:00:00Z view tea - - user_id:ann";
    let lines = [same, same, "2024-11-10T08:00:00Z view tea - - user_id:ben", MORNING[0], MORNING[0]];
    let first = import(&workspace, &lines).ledger;
    assert_eq!((first.accepted, first.duplicate), (4, 1));
    let before = answers(&workspace);
    let second = import(&workspace, &lines).ledger;
    assert_eq!((second.accepted, second.duplicate, second.new_consumers), (0, 5, 0));
    let third = import(&workspace, &[same, same, same]).ledger;
    assert_eq!((third.accepted, third.duplicate), (1, 2));
    assert_eq!(answers(&workspace).events.len(), before.events.len() + 1);
}

#[test]
fn the_same_event_from_another_source_is_another_event() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &MORNING);
    let mut commit =
        workspace.begin(ImportSpec { source: "app".into(), ..spec(ImportKind::Events) }).unwrap();
    commit.events(&events(&Zone::utc(), &MORNING)).unwrap();
    assert_eq!(commit.finish().unwrap().ledger.accepted, 4);
}

#[test]
fn a_row_without_identifier_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let ledger = import(&workspace, &["2024-11-10T08:00:00Z view tea - m1", MORNING[1]]).ledger;
    assert_eq!((ledger.read, ledger.accepted, ledger.reasons["no_identifier"]), (2, 1, 1));
}

#[test]
fn undo_takes_back_all_but_the_names() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &MORNING);
    let (before, names) = (answers(&workspace), files_in(dir.path()));
    let generation = workspace.generation().unwrap();
    let second = import(&workspace, &EVENING);
    assert_eq!((second.ledger.accepted, second.ledger.duplicate, second.ledger.new_consumers), (2, 1, 1));
    assert_ne!(answers(&workspace), before);

    let undone = workspace.undo(second.id).unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    assert_eq!(answers(&workspace), before);
    assert!(workspace.generation().unwrap() > generation + 1);
    let left: Vec<String> = files_in(dir.path()).difference(&names).cloned().collect();
    assert_eq!(left, ["workspaces/default/identity/2.parquet"]);

    assert_eq!(workspace.undo(second.id).unwrap_err().code, Code::UnknownImport);
    assert_eq!(workspace.undo(99).unwrap_err().code, Code::UnknownImport);
    let again = import(&workspace, &EVENING);
    assert_eq!((again.id, &again.ledger), (3, &second.ledger));
    let listed = workspace.imports(&Page { after: None, limit: 2 }).unwrap();
    let ids: Vec<u32> = listed.items.iter().map(|record| record.id).collect();
    assert_eq!((ids, listed.next.as_deref()), (vec![3, 2], Some("2")));
    let rest = workspace.imports(&Page { after: listed.next, limit: 2 }).unwrap();
    assert_eq!((rest.items.len(), rest.next), (1, None));
}

#[test]
fn a_store_reopened_gives_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let first = workspace(dir.path());
    import(&first, &MORNING);
    let before = answers(&first);
    drop(first);
    let again = workspace(dir.path());
    assert_eq!(answers(&again), before);
    assert_eq!(import(&again, &MORNING).ledger.duplicate, 4);
}

#[test]
fn people_do_not_depend_on_the_order_of_imports() {
    let orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2]];
    let parts = [&MORNING[..2], &EVENING[..], &MORNING[2..]];
    let answer = |order: [usize; 3]| {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        order.iter().for_each(|part| drop(import(&workspace, parts[*part])));
        answers(&workspace)
    };
    let first = answer(orders[0]);
    assert!(orders.iter().all(|order| answer(*order) == first));
}

#[test]
fn one_writer_at_a_time_and_readers_are_not_blocked() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &MORNING);
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.events(&events(&Zone::utc(), &EVENING)).unwrap();
    let other = Store::open(dir.path()).unwrap().workspace("default").unwrap();
    let busy = other.begin(spec(ImportKind::Events)).map(drop).unwrap_err();
    assert_eq!(busy.code, Code::StoreBusy);
    assert!(busy.help.is_some());
    assert_eq!(other.undo(1).unwrap_err().code, Code::StoreBusy);
    assert_eq!(answers(&other).events.len(), 4);
    commit.finish().unwrap();
    assert_eq!(answers(&other).events.len(), 6);
    other.begin(spec(ImportKind::Events)).map(drop).unwrap();
}

#[test]
fn an_import_dropped_half_way_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &MORNING);
    let (before, files) = (answers(&workspace), files_in(dir.path()));
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.set_memory_budget(1);
    commit.events(&events(&Zone::utc(), &EVENING)).unwrap();
    assert_ne!(files_in(dir.path()), files);
    drop(commit);
    assert_eq!(files_in(dir.path()), files);
    assert_eq!(answers(&workspace), before);
}

#[test]
fn a_process_that_dies_half_way_leaves_what_was() {
    let dir = tempfile::tempdir().unwrap();
    let clean = workspace(dir.path());
    import(&clean, &MORNING);
    let mut commit = clean.begin(spec(ImportKind::Events)).unwrap();
    commit.set_memory_budget(1);
    commit.events(&events(&Zone::utc(), &EVENING)).unwrap();
    let crashed = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), crashed.path());
    commit.finish().unwrap();

    let after = workspace(crashed.path());
    assert_eq!(answers(&after).events.len(), 4);
    import(&after, &EVENING);
    assert_eq!(answers(&after), answers(&clean));
    let days = |workspace| -> Vec<String> {
        files_in(workspace).into_iter().filter(|f| !f.contains("events")).collect()
    };
    assert_eq!(days(crashed.path()), days(dir.path()));
}

#[test]
fn orphans_go_when_the_next_writer_opens() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &MORNING);
    let files = files_in(dir.path());
    for orphan in
        ["events/day=2024-11-10/9-0.parquet", "events/day=2024-11-10/9-1.parquet.tmp", "links/9.parquet"]
    {
        std::fs::write(workspace.dir().join(orphan), "half").unwrap();
    }
    assert_eq!(answers(&workspace).events.len(), 4);
    drop(workspace.begin(spec(ImportKind::Events)).unwrap());
    assert_eq!(files_in(dir.path()), files);
}

#[test]
fn a_small_budget_gives_more_files_and_the_same_rows() {
    let lines: Vec<String> = (0..400)
        .map(|i| {
            format!("2024-11-{:02}T08:00:{:02}Z view s{} {i} - user_id:u{}", 1 + i % 7, i % 60, i % 5, i % 90)
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let load = |budget: Option<usize>| {
        let dir = tempfile::tempdir().unwrap();
        let workspace = workspace(dir.path());
        let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
        budget.into_iter().for_each(|bytes| commit.set_memory_budget(bytes));
        lines.chunks(20).for_each(|chunk| commit.events(&events(&Zone::utc(), chunk)).unwrap());
        let record = commit.finish().unwrap();
        let view = workspace.view().unwrap();
        assert!(view.files(FileKind::Events).all(|file| file.days.is_some()));
        (record.ledger, answers(&workspace), workspace.event_files().unwrap().len())
    };
    let (ledger, whole, files) = load(None);
    let (small_ledger, parts, more_files) = load(Some(20_000));
    assert_eq!((ledger.accepted, files), (400, 7));
    assert!(more_files > 14, "{more_files}");
    assert_eq!(small_ledger, ledger);
    assert_eq!(parts, whole);
}

#[test]
fn rows_lie_in_the_order_of_cells_and_time() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let lines = [
        "2024-11-10T09:00:00Z view tea - - user_id:a",
        "2024-11-10T08:00:00Z view tea - - user_id:b",
        "2024-11-10T10:00:00Z view pots - - user_id:c",
        "2024-11-10T11:00:00Z click tea - - user_id:d",
    ];
    import(&workspace, &lines);
    let view = workspace.view().unwrap();
    let mut order = Vec::new();
    view.scan_events(view.files(FileKind::Events), |batch| {
        let nodes = arrow::array::AsArray::as_primitive::<arrow::datatypes::UInt32Type>(batch.column(0));
        order.extend(nodes.values().to_vec());
        Ok(())
    })
    .unwrap();
    assert_eq!(order, [3, 2, 1, 0]);
}

#[test]
fn what_the_mapping_gave_decides_when_it_is_handed_on() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let with_given = |amount: &str| {
        let line = format!("2024-11-10T08:00:00Z purchase tea {amount} - user_id:ann");
        let batch = events(&Zone::utc(), &[&line]);
        let mut columns: Vec<(String, arrow::array::ArrayRef)> = batch
            .schema()
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(f, c)| (f.name().clone(), c.clone()))
            .collect();
        columns.push(("given".into(), common::texts(&[Some("10 EUR")])));
        common::batch(columns.iter().map(|(name, column)| (name.as_str(), column.clone())).collect())
    };
    let mut accepted = Vec::new();
    for amount in ["-", "11"] {
        let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
        commit.events(&with_given(amount)).unwrap();
        accepted.push(commit.finish().unwrap().ledger.accepted);
    }
    assert_eq!(accepted, [1, 0]);
}
