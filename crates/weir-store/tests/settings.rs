//! Workspaces, settings, rates, the data directory itself.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs;

use common::{answers, import, workspace};
use weir_core::Code;
use weir_core::amount::Amount;
use weir_core::rate::Rate;
use weir_core::time::Day;
use weir_store::Store;

const EVENT: [&str; 1] = ["2024-11-10T18:00:00Z view tea - m1 user_id:ann anonymous_id:x"];

#[test]
fn the_default_workspace_is_there_and_others_are_made() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path().join("new/data")).unwrap();
    assert!(store.workspaces().unwrap().is_empty());
    assert_eq!(store.workspace("default").unwrap().name(), "default");
    let error = store.workspace("defualt").map(drop).unwrap_err();
    assert_eq!(error.code, Code::UnknownWorkspace);
    assert_eq!(error.help.as_deref(), Some("did you mean \"default\"?"));
    store.create_workspace("london").unwrap();
    store.create_workspace("london").unwrap();
    assert_eq!(store.workspaces().unwrap(), ["default", "london"]);
    for name in ["", "../up", "Big", "a b", &"x".repeat(65)] {
        assert_eq!(store.create_workspace(name).map(drop).unwrap_err().code, Code::InvalidArgument, "{name}");
    }
}

#[test]
fn workspaces_are_separate() {
    let dir = tempfile::tempdir().unwrap();
    let one = workspace(dir.path());
    let other = one.store().create_workspace("other").unwrap();
    import(&one, &EVENT);
    assert!(answers(&other).events.is_empty());
    let record = import(&other, &EVENT);
    assert_eq!((record.id, record.ledger.accepted), (1, 1));
    one.undo(1).unwrap();
    assert_eq!(answers(&other).events.len(), 1);
}

#[test]
fn zone_and_currency_are_fixed_once_there_are_events() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let settings = workspace.settings().unwrap();
    assert_eq!((settings.zone.name(), settings.currency.as_str()), ("UTC", "USD"));
    workspace.set("timezone", "Asia/Shanghai").unwrap();
    workspace.set("currency", "CNY").unwrap();
    let generation = workspace.generation().unwrap();
    import(&workspace, &EVENT);
    for (key, value) in [("timezone", "UTC"), ("currency", "USD")] {
        let error = workspace.set(key, value).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::WorkspaceNotEmpty, Some(key)));
    }
    workspace.set("timezone", "Asia/Shanghai").unwrap();
    assert!(workspace.verify().unwrap().findings.is_empty());
    workspace.undo(1).unwrap();
    workspace.set("timezone", "Europe/London").unwrap();
    let settings = workspace.settings().unwrap();
    assert_eq!((settings.zone.name(), settings.currency.as_str()), ("Europe/London", "CNY"));
    assert!(workspace.generation().unwrap() > generation);
}

#[test]
fn settings_are_checked() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    for (key, value) in [
        ("timezone", "Mars/Olympus"),
        ("currency", "yuan"),
        ("identity", "{\"cap\": 0}"),
        ("identity", "{\"caps\": 5}"),
        ("identity", "[]"),
        ("colour", "red"),
    ] {
        assert_eq!(workspace.set(key, value).unwrap_err().code, Code::InvalidArgument, "{key}={value}");
    }
    let typo = workspace.set("timezon", "UTC").unwrap_err();
    assert_eq!(typo.help.as_deref(), Some("did you mean \"timezone\"?"));
}

#[test]
fn the_identity_policy_may_change_with_data_there() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &EVENT);
    assert_eq!(answers(&workspace).people.len(), 1);
    workspace.set("identity", "{\"cap\": 1}").unwrap();
    assert_eq!(workspace.settings().unwrap().policy.cap, 1);
    assert_eq!(answers(&workspace).people.len(), 2);
}

#[test]
fn rates_are_kept_exactly() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    workspace.set_rate("JPY", Day(10), Rate::parse("0.006").unwrap()).unwrap();
    workspace.set_rate("JPY", Day(10), Rate::parse("0.006712").unwrap()).unwrap();
    let rates = workspace.settings().unwrap().rates;
    let rate = rates.on("JPY", Day(11)).unwrap();
    assert_eq!(
        (rate.to_string().as_str(), rate.convert(Amount(10_000_000))),
        ("0.006712", Some(Amount(67_120)))
    );
    assert_eq!(rates.iter().count(), 1);
    assert_eq!(workspace.set_rate("yen", Day(1), rate).unwrap_err().code, Code::InvalidArgument);
}

#[test]
fn what_a_later_version_wrote_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    import(&workspace(dir.path()), &EVENT);
    let open = || Store::open(dir.path()).map(drop);
    fs::write(dir.path().join("format"), "weir 2\n").unwrap();
    assert_eq!(open().unwrap_err().code, Code::NewerFormat);
    fs::write(dir.path().join("format"), "gibberish").unwrap();
    assert_eq!(open().unwrap_err().code, Code::CorruptFile);
    fs::write(dir.path().join("format"), "weir 1\n").unwrap();
    open().unwrap();
    let db = rusqlite::Connection::open(dir.path().join("weir.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    assert_eq!(open().unwrap_err().code, Code::NewerFormat);
}

#[test]
fn some_other_directory_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.doc"), "mine").unwrap();
    assert_eq!(Store::open(dir.path()).map(drop).unwrap_err().code, Code::InvalidArgument);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_database_that_is_none_is_corrupt() {
    let dir = tempfile::tempdir().unwrap();
    Store::open(dir.path()).unwrap();
    fs::write(dir.path().join("weir.db"), "this is not a database, not at all, not even nearly one").unwrap();
    assert_eq!(Store::open(dir.path()).map(drop).unwrap_err().code, Code::CorruptFile);
}
