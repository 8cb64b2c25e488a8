//! Limits of the disk: refused before it is full, whoever brings something, and over by itself.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::{Duration, Instant};

use common::{answers, events, files_in, import, spec, workspace};
use tempfile::tempdir;
use weir_core::arrival::{Arrival, Arrivals, Content, Occurrence, Stamps, Verdict};
use weir_core::error::Kind;
use weir_core::identity::Identifier;
use weir_core::time::Zone;
use weir_core::{Code, Error, Result};
use weir_store::{ImportKind, Shortage, Workspace};

const LINES: [&str; 2] = [
    "2024-11-10T08:00:00Z view tea - m1 user_id:ann anonymous_id:x",
    "2024-11-11T08:00:00Z view tea 3 - user_id:ben",
];

/// More than any disk has free.
const IMPOSSIBLE: &str = "1000000TB";

/// A request of about a kilobyte.
fn send(workspace: &Workspace, message: &str) -> Result<Vec<Verdict>> {
    let time = Zone::utc().parse_time("2024-11-12T08:00:00Z").unwrap();
    let properties = format!(r#"{{"note": "{}"}}"#, "x".repeat(1_000));
    let occurrence =
        Occurrence { behavior: "view".into(), properties: Some(properties.into()), ..Occurrence::default() };
    let arrival = Arrival {
        message_id: message.into(),
        identifiers: vec![Identifier::parse("user_id:cat").unwrap().into()],
        joins_known: false,
        time,
        day: Zone::utc().day_of(time).unwrap(),
        stamps: Stamps { original: None, sent: None, received: time },
        content: Content::Event(Box::new(occurrence)),
    };
    workspace.ingest()?.take("shop", Arrivals { items: vec![arrival], ..Arrivals::default() })
}

#[track_caller]
fn assert_full(error: &Error, setting: &str) {
    assert_eq!((error.code, error.code.kind()), (Code::DiskFull, Kind::Unavailable), "{error}");
    assert!(error.help.as_deref().unwrap().contains(setting), "{error}");
}

#[test]
fn what_is_used_is_measured() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    let empty = workspace.space().unwrap();
    assert!(empty.used > 0, "the database is there");
    assert_eq!((empty.limit, empty.shortage(0)), (None, None));
    assert!(empty.free.is_some_and(|free| free > 0) && empty.reserve > 0);
    import(&workspace, &LINES);
    let files: u64 = {
        let view = workspace.view().unwrap();
        weir_store::FileKind::ALL.iter().flat_map(|(_, kind)| view.files(*kind)).map(|file| file.bytes).sum()
    };
    assert!(workspace.space().unwrap().used >= empty.used + files);
    let before = workspace.space().unwrap().used;
    send(&workspace, "m5").unwrap();
    assert!(workspace.space().unwrap().used >= before + 1_000, "the log counts");
}

#[test]
fn a_fast_writer_does_not_run_past_the_limit() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    let ingest = workspace.ingest().unwrap();
    send(&workspace, "first").unwrap();
    let limit = workspace.space().unwrap().used + 50_000;
    workspace.set("disk_limit", &limit.to_string()).unwrap();
    let begun = Instant::now();
    let (taken, error) =
        (0..10_000).find_map(|n| send(&workspace, &format!("m{n}")).err().map(|error| (n, error))).unwrap();
    assert!((30..=60).contains(&taken), "{taken} kilobytes in {:?}", begun.elapsed());
    assert_full(&error, "weir workspace set disk_limit=…");
    let status = ingest.status();
    assert_eq!((status.is_ready, status.shortage), (false, Some(Shortage::Limit)));
    assert_eq!(status.space.unwrap().limit, Some(limit));

    // A flush still runs, and so does a setting.
    ingest.flush().unwrap();
    workspace.set("disk_limit", "1GB").unwrap();
    assert_eq!((ingest.status().is_ready, ingest.status().shortage), (true, None));
    assert_eq!(send(&workspace, "again").unwrap(), [Verdict::Accepted]);
    workspace.settle().unwrap();
    assert_eq!(answers(&workspace).events.len(), taken + 2, "what was refused left nothing");
    assert!(workspace.verify().unwrap().findings.is_empty());
}

#[test]
fn the_reserve_is_heeded_and_over_by_itself() {
    let dir = tempdir().unwrap();
    let serving = workspace(dir.path());
    let ingest = serving.ingest().unwrap();
    send(&serving, "m1").unwrap();
    // Set by another process, so that nobody tells this one.
    let other = workspace(dir.path());
    other.set("disk_reserve", IMPOSSIBLE).unwrap();
    wait_until("the reserve is in the way", || send(&serving, "m1").is_err());
    assert_full(&send(&serving, "m2").unwrap_err(), "weir workspace set disk_reserve=…");
    assert_eq!(ingest.status().shortage, Some(Shortage::Reserve));
    other.set("disk_reserve", "default").unwrap();
    wait_until("there is space again", || ingest.status().is_ready);
    assert_eq!(send(&serving, "m2").unwrap(), [Verdict::Accepted]);
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_import_does_not_begin_without_space() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &LINES[..1]);
    let before = files_in(dir.path());
    for (key, value, back) in [("disk_reserve", IMPOSSIBLE, "0"), ("disk_limit", "1KB", "none")] {
        workspace.set(key, value).unwrap();
        for kind in [ImportKind::Events, ImportKind::Tags, ImportKind::List, ImportKind::Catalog] {
            assert_full(&workspace.begin(spec(kind)).map(drop).unwrap_err(), key);
        }
        workspace.set(key, back).unwrap();
    }
    assert_eq!(files_in(dir.path()), before);
    // Taking back frees space, so it needs none; neither does retention.
    workspace.set("disk_limit", "1KB").unwrap();
    workspace.set("retention_days", "1").unwrap();
    assert_eq!(workspace.expire("2024-11-12".parse().unwrap()).unwrap().events(), 1);
    workspace.undo(1).unwrap();
    workspace.set("disk_limit", "none").unwrap();
    assert_eq!(import(&workspace, &LINES).ledger.accepted, 2);
}

#[test]
fn an_import_ends_where_the_limit_is_and_leaves_nothing() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &LINES);
    let (before, seen) = (files_in(dir.path()), answers(&workspace));
    let limit = workspace.space().unwrap().used + 100_000;
    workspace.set("disk_limit", &limit.to_string()).unwrap();
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.set_memory_budget(50_000);
    let mut batches = 0;
    let error = loop {
        let lines: Vec<String> = (0..500)
            .map(|n| {
                format!("2024-11-0{}T08:00:00Z view s{n} - x{batches}-{n} user_id:u{batches}-{n}", 1 + n % 9)
            })
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        match commit.events(&events(&Zone::utc(), &lines)) {
            Ok(()) => batches += 1,
            Err(error) => break error,
        }
        assert!(batches < 1_000, "nobody ended it");
    };
    assert_full(&error, "disk_limit");
    drop(commit);
    assert_eq!((files_in(dir.path()), answers(&workspace)), (before.clone(), seen));

    // What only the end of an import writes is looked at, too.
    workspace.set("disk_limit", "none").unwrap();
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.events(&events(&Zone::utc(), &["2024-11-12T08:00:00Z view tea - m9 user_id:zoe"])).unwrap();
    commit.finish().unwrap();
    let limit = workspace.space().unwrap().used + 50_000;
    workspace.set("disk_limit", &limit.to_string()).unwrap();
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    let lines: Vec<String> =
        (0..5_000).map(|n| format!("2024-11-13T08:00:00Z view tea - y{n} user_id:y{n}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    commit.events(&events(&Zone::utc(), &lines)).unwrap();
    assert_full(&commit.finish().unwrap_err(), "disk_limit");
    assert_eq!(workspace.verify().unwrap().orphans, Vec::<String>::new());
}

#[test]
fn settings_are_kept_and_told() {
    let dir = tempdir().unwrap();
    let first = workspace(dir.path());
    assert_eq!(first.quota().unwrap(), weir_store::Quota::default());
    for (key, value) in [("retention_days", "400"), ("disk_limit", "50GB"), ("disk_reserve", "1GiB")] {
        first.set(key, value).unwrap();
    }
    let quota = workspace(dir.path()).quota().unwrap();
    assert_eq!(
        (quota.retention_days, quota.disk_limit, quota.disk_reserve),
        (Some(400), Some(50_000_000_000), Some(1 << 30))
    );
    let error = first.set("disk_limits", "1GB").unwrap_err();
    assert_eq!(error.help.as_deref(), Some("did you mean \"disk_limit\"?"));
    let error = first.set("colour", "red").unwrap_err();
    let settings = "settings: timezone, currency, identity, retention_days, disk_limit, disk_reserve";
    assert_eq!(error.help.as_deref(), Some(settings));
}
