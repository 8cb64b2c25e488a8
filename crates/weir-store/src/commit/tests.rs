//! A process that dies between the files and the transaction, and one that dies right after it.

use tempfile::tempdir;

use crate::ImportKind;
use common::{answers, copy_dir, events, files_in, import, spec, workspace};

#[path = "../../tests/common/mod.rs"]
mod common;

const BEFORE: [&str; 2] = [
    "2024-11-10T08:00:00Z view tea - m1 user_id:ann anonymous_id:x",
    "2024-11-10T09:00:00Z view tea - - user_id:ben",
];
const AFTER: [&str; 2] = [
    "2024-11-11T08:00:00Z view tea - m2 user_id:cat anonymous_id:x",
    "2024-11-11T09:00:00Z view tea - - user_id:ben",
];

#[test]
fn files_without_their_transaction_do_not_exist() {
    let dir = tempdir().unwrap();
    let clean = workspace(dir.path());
    import(&clean, &BEFORE);
    let zone = clean.settings().unwrap().zone;
    let mut commit = clean.begin(spec(ImportKind::Events)).unwrap();
    commit.events(&events(&zone, &AFTER)).unwrap();
    let sealed = commit.seal().unwrap();
    let crashed = tempdir().unwrap();
    copy_dir(dir.path(), crashed.path());
    commit.publish(&sealed).unwrap();
    assert_eq!(files_in(crashed.path()), files_in(dir.path()));

    let after = workspace(crashed.path());
    assert_eq!(answers(&after).events.len(), 2);
    assert_eq!(after.verify().unwrap().orphans.len(), 6, "messages and rows have runs of their own");
    assert_eq!(import(&after, &AFTER).ledger, clean.import(2).unwrap().ledger);
    assert_eq!(answers(&after), answers(&clean));
    assert_eq!(files_in(crashed.path()), files_in(dir.path()));
    assert_eq!(after.verify().unwrap().orphans, Vec::<String>::new());
}

#[test]
fn after_the_transaction_the_import_is_there() {
    let dir = tempdir().unwrap();
    let clean = workspace(dir.path());
    import(&clean, &BEFORE);
    let crashed = tempdir().unwrap();
    copy_dir(dir.path(), crashed.path());
    let after = workspace(crashed.path());
    assert_eq!(answers(&after), answers(&clean));
    assert_eq!(import(&after, &BEFORE).ledger.duplicate, 2);
}

#[test]
fn files_of_an_undone_import_go_even_when_the_process_dies_before_it_removes_them() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &BEFORE);
    let kept = tempdir().unwrap();
    copy_dir(dir.path(), kept.path());
    workspace.undo(1).unwrap();
    let gone = files_in(dir.path());
    // The manifest says undone, the files are still there.
    copy_dir(&kept.path().join("workspaces"), &dir.path().join("workspaces"));
    assert_ne!(files_in(dir.path()), gone);
    assert!(answers(&workspace).events.is_empty() && answers(&workspace).people.is_empty());
    drop(workspace.begin(spec(ImportKind::Tags)).unwrap());
    assert_eq!(files_in(dir.path()), gone);
}
