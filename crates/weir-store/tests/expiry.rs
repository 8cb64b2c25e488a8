//! Retention: what expires, what stays, and that the books balance.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Answers, answers, batch, copy_dir, files_in, import, spec, texts, users, workspace};
use tempfile::tempdir;
use weir_core::arrival::{Arrival, Arrivals, Content, Occurrence, Stamps, Verdict};
use weir_core::identity::Identifier;
use weir_core::time::{Day, Zone};
use weir_store::{Expiry, FileKind, ImportKind, Page, Workspace};

const OLD: [&str; 4] = [
    "2024-11-01T08:00:00Z view tea - m1 user_id:ann anonymous_id:x",
    "2024-11-01T09:00:00Z purchase tea 9 m2 user_id:ben",
    "2024-11-02T09:00:00Z view tea - - user_id:cat",
    "2024-11-02T09:00:00Z view tea - - user_id:cat",
];
const YOUNG: [&str; 3] = [
    "2024-11-03T00:00:00Z view tea - m3 user_id:ann anonymous_id:x",
    "2024-11-04T08:00:00Z purchase tea 5 m4 user_id:dan",
    "2024-11-05T08:00:00Z view tea - - user_id:eve",
];

/// With two days kept, the third is the first to stay.
const TODAY: &str = "2024-11-05";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn days(expiry: &Expiry) -> Vec<(String, u64)> {
    expiry.days.iter().map(|(day, gone)| (day.to_string(), gone.events)).collect()
}

fn expired(workspace: &Workspace) -> BTreeMap<u32, u64> {
    let imports = workspace.imports(&Page::all()).unwrap().items;
    imports.into_iter().map(|record| (record.id, record.expired)).collect()
}

#[track_caller]
fn assert_sound(workspace: &Workspace) {
    let verification = workspace.verify().unwrap();
    assert_eq!((verification.findings, verification.orphans), (Vec::new(), Vec::new()));
}

fn known(workspace: &Workspace) -> usize {
    workspace.view().unwrap().index().unwrap().consumers.present().count()
}

#[test]
fn whole_days_go_and_the_books_balance() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &OLD);
    import(&workspace, &[&OLD[..1], &YOUNG[..]].concat());
    assert_eq!(known(&workspace), 5);
    workspace.set("retention_days", "2").unwrap();

    let foreseen = workspace.expiring(day(TODAY)).unwrap();
    assert_eq!(days(&foreseen), [("2024-11-01".to_owned(), 2), ("2024-11-02".to_owned(), 2)]);
    assert_eq!((foreseen.first_kept, foreseen.events()), (Some(day("2024-11-03")), 4));
    let on_disk: u64 = workspace.view().unwrap().files(FileKind::Events).map(|file| file.bytes).sum();
    assert!(foreseen.bytes() > 0 && foreseen.bytes() < on_disk);
    let generation = workspace.generation().unwrap();

    assert_eq!(workspace.expire(day(TODAY)).unwrap(), foreseen);
    assert!(workspace.generation().unwrap() > generation);
    assert_eq!(expired(&workspace), BTreeMap::from([(1, 4), (2, 0)]));
    assert_eq!(workspace.import(1).unwrap().ledger.accepted, 4, "the ledger is history");
    assert!(!dir.path().join("workspaces/default/events/day=2024-11-01").exists());
    assert_sound(&workspace);
    let index = workspace.view().unwrap().index().unwrap();
    assert_eq!(index.rows().unwrap(), 3);
    assert_eq!(known(&workspace), 3, "ben and cat have nothing left");

    let again = workspace.expire(day(TODAY)).unwrap();
    assert_eq!((again.events(), again.retention_days), (0, Some(2)));
    assert_eq!(workspace.expire(day("2024-11-06")).unwrap().events(), 1);
    assert_eq!(expired(&workspace), BTreeMap::from([(1, 4), (2, 1)]));
    assert_sound(&workspace);
}

#[test]
fn without_retention_nothing_expires() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &OLD);
    let generation = workspace.generation().unwrap();
    assert_eq!(workspace.expire(day("2030-01-01")).unwrap(), Expiry::default());
    workspace.set("retention_days", "30").unwrap();
    workspace.set("retention_days", "none").unwrap();
    assert_eq!(workspace.expiring(day("2030-01-01")).unwrap(), Expiry::default());
    assert_eq!(workspace.generation().unwrap(), generation, "no answer moves by the setting");
}

/// The events and the people of the index, in a form that does not depend on numbers.
fn seen(workspace: &Workspace) -> (Vec<String>, Vec<String>) {
    let view = workspace.view().unwrap();
    let (index, names) = (view.index().unwrap(), view.identifiers().unwrap());
    let name = |dense| {
        let (kind, value) = weir_core::identity::Identifiers::get(&names, index.consumers.canonical(dense));
        format!("{kind}:{value} since {}", index.consumers.known_since(dense))
    };
    let mut people: Vec<String> = index.consumers.present().map(name).collect();
    people.sort();
    let Answers { events, .. } = answers(workspace);
    (events, people)
}

#[test]
fn what_is_left_is_what_a_store_without_the_old_events_has() {
    let (aged, fresh) = (tempdir().unwrap(), tempdir().unwrap());
    let aged = workspace(aged.path());
    import(&aged, &[&OLD[..], &YOUNG[..]].concat());
    aged.set("retention_days", "2").unwrap();
    aged.expire(day(TODAY)).unwrap();
    let fresh = workspace(fresh.path());
    import(&fresh, &YOUNG);
    assert_eq!(seen(&aged), seen(&fresh));
    assert_eq!(aged.last_time().unwrap(), fresh.last_time().unwrap());
}

#[test]
fn an_expired_event_that_comes_again_is_a_duplicate() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &OLD);
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    assert_eq!(workspace.last_time().unwrap(), None);
    let ledger = import(&workspace, &OLD).ledger;
    assert_eq!((ledger.accepted, ledger.duplicate), (0, 4));
    let _held = workspace.ingest().unwrap();
    assert_eq!(take(&workspace, &OLD[..2]), [Verdict::Duplicate, Verdict::Duplicate]);
    assert!(answers(&workspace).events.is_empty());
    assert_sound(&workspace);
}

#[test]
fn what_arrives_too_late_is_taken_and_goes_with_the_next_run() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    let _held = workspace.ingest().unwrap();
    assert_eq!(take(&workspace, &[OLD[0], YOUNG[0]]), [Verdict::Accepted, Verdict::Accepted]);
    // It is in the log only; the run writes it to files first.
    assert_eq!(workspace.expiring(day(TODAY)).unwrap().events(), 0);
    assert_eq!(days(&workspace.expire(day(TODAY)).unwrap()), [("2024-11-01".to_owned(), 1)]);
    assert_eq!(answers(&workspace).events.len(), 1);
    assert_eq!(take(&workspace, &[OLD[0], YOUNG[1]]), [Verdict::Duplicate, Verdict::Accepted]);
    workspace.settle().unwrap();
    assert_eq!(answers(&workspace).events.len(), 2);
    assert_sound(&workspace);
}

#[test]
fn tags_lists_names_and_links_stay() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &OLD);
    let mut tags = workspace.begin(spec(ImportKind::Tags)).unwrap();
    tags.tags(&batch(vec![("id_user_id", texts(&[Some("ben")])), ("city", texts(&[Some("Bath")]))])).unwrap();
    tags.finish().unwrap();
    let mut list = workspace.begin(spec(ImportKind::List)).unwrap();
    list.list("vip", &users(&["cat"])).unwrap();
    list.finish().unwrap();
    let before = answers(&workspace);
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    let after = answers(&workspace);
    assert_eq!((after.events.len(), &after.tags, &after.lists), (0, &before.tags, &before.lists));
    assert_eq!(known(&workspace), 2, "ben by his tag, cat by her list; ann by nothing");
    // The anonymous visitor of today is the person who logged in then.
    import(&workspace, &["2024-11-05T08:00:00Z view tea - m9 anonymous_id:x"]);
    let (_, people) = seen(&workspace);
    assert!(people.contains(&"user_id:ann since 2024-11-05".to_owned()), "{people:?}");
}

#[test]
fn an_import_that_is_taken_back_forgets_what_expired_of_it() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &[&OLD[..], &YOUNG[..]].concat());
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    assert_eq!(workspace.undo(1).unwrap().expired, 4);
    assert_sound(&workspace);
    assert_eq!(import(&workspace, &OLD).ledger.accepted, 4);
    assert_eq!(workspace.expire(day(TODAY)).unwrap().events(), 4);
    assert_sound(&workspace);
}

#[test]
fn days_are_those_of_the_workspace() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    workspace.set("timezone", "Asia/Shanghai").unwrap();
    workspace.set("retention_days", "1").unwrap();
    // Half past midnight of the fourth, and a minute before it.
    import(
        &workspace,
        &["2024-11-03T16:30:00Z view tea - a user_id:ann", "2024-11-03T15:59:00Z view tea - b user_id:ann"],
    );
    assert_eq!(days(&workspace.expire(day(TODAY)).unwrap()), [("2024-11-03".to_owned(), 1)]);
    assert_sound(&workspace);
}

#[test]
fn another_workspace_keeps_its_own() {
    let dir = tempdir().unwrap();
    let one = workspace(dir.path());
    let other = one.store().create_workspace("other").unwrap();
    import(&one, &OLD);
    import(&other, &OLD);
    one.set("retention_days", "2").unwrap();
    one.expire(day(TODAY)).unwrap();
    assert_eq!((answers(&one).events.len(), answers(&other).events.len()), (0, 4));
    assert_eq!((expired(&one), expired(&other)), (BTreeMap::from([(1, 4)]), BTreeMap::from([(1, 0)])));
    assert_sound(&other);
}

#[test]
fn killed_before_the_files_are_removed_they_are_harmless() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &[&OLD[..], &YOUNG[..]].concat());
    let kept = tempdir().unwrap();
    copy_dir(&dir.path().join("workspaces"), kept.path());
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    // Asking builds the index, which are files, too.
    let whole = seen(&workspace);
    let gone = files_in(dir.path());
    // The manifest says expired, the files are still there.
    for name in ["day=2024-11-01", "day=2024-11-02"] {
        let place = format!("default/events/{name}");
        copy_dir(&kept.path().join(&place), &dir.path().join("workspaces").join(&place));
    }
    assert_ne!(files_in(dir.path()), gone);
    let verification = workspace.verify().unwrap();
    assert_eq!((verification.findings, verification.orphans.len()), (Vec::new(), 2));
    assert_eq!(seen(&workspace), whole);
    assert_eq!(workspace.expire(day(TODAY)).unwrap().events(), 0);
    assert_eq!(files_in(dir.path()), gone);
    assert_sound(&workspace);
}

#[test]
fn files_missing_without_having_expired_are_found() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &[&OLD[..], &YOUNG[..]].concat());
    workspace.set("retention_days", "2").unwrap();
    workspace.expire(day(TODAY)).unwrap();
    let db = rusqlite::Connection::open(dir.path().join("weir.db")).unwrap();
    db.execute("UPDATE import SET expired = expired - 1", []).unwrap();
    let findings = workspace.verify().unwrap().findings;
    let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["import 1: it accepted 7 rows, 3 are there and 3 have expired"]);
    db.execute("UPDATE import SET expired = 0", []).unwrap();
    assert_eq!(workspace.verify().unwrap().findings[0].message, "import 1: it accepted 7 rows, 3 are there");
}

#[test]
fn requests_go_on_while_it_runs() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    workspace.set("retention_days", "2").unwrap();
    let ingest = workspace.ingest().unwrap();
    let lines: Vec<String> = (0..600)
        .map(|n| format!("2024-11-0{}T08:00:00Z view tea - m{n} user_id:u{}", 1 + n % 5, n % 50))
        .collect();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for some in lines.chunks(20) {
                let some: Vec<&str> = some.iter().map(String::as_str).collect();
                assert!(take(&workspace, &some).iter().all(|verdict| *verdict == Verdict::Accepted));
            }
        });
        while !writer.is_finished() {
            workspace.expire(day(TODAY)).unwrap();
        }
    });
    workspace.expire(day(TODAY)).unwrap();
    ingest.flush().unwrap();
    assert_eq!(answers(&workspace).events.len(), 360);
    assert_eq!(known(&workspace), 30, "the others came on the first two days only");
    assert_sound(&workspace);
}

fn take(workspace: &Workspace, lines: &[&str]) -> Vec<Verdict> {
    let items = lines.iter().map(|line| arrival(line)).collect();
    workspace.ingest().unwrap().take("shop", Arrivals { items, ..Arrivals::default() }).unwrap()
}

/// One arrival as `common::events` has it, without its amount.
fn arrival(line: &str) -> Arrival<'_> {
    let words: Vec<&str> = line.split(' ').collect();
    let zone = Zone::utc();
    let time = zone.parse_time(words[0]).unwrap();
    let occurrence =
        Occurrence { behavior: words[1].into(), shop: Some(words[2].into()), ..Occurrence::default() };
    Arrival {
        message_id: words[4].into(),
        identifiers: words[5..].iter().map(|text| Identifier::parse(text).unwrap().into()).collect(),
        joins_known: false,
        time,
        day: zone.day_of(time).unwrap(),
        stamps: Stamps { original: Some(time), sent: None, received: time },
        content: Content::Event(Box::new(occurrence)),
    }
}

#[test]
fn what_was_expired_is_gone_from_the_disk() {
    let dir = tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &OLD);
    let live = || workspace.view().unwrap().files(FileKind::Events).map(|file| file.bytes).sum::<u64>();
    let before = live();
    workspace.set("retention_days", "2").unwrap();
    let expiry = workspace.expire(day(TODAY)).unwrap();
    assert_eq!((expiry.bytes(), live()), (before, 0));
    assert_eq!(fs::read_dir(dir.path().join("workspaces/default/events")).unwrap().count(), 0);
}
