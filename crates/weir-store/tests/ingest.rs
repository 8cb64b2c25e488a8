//! Events taken in one request at a time answer like the same events imported; nothing acknowledged is lost or doubled.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::{answers, events, import, spec, workspace};
use weir_core::amount::Amount;
use weir_core::arrival::{Arrival, Arrivals, Content, Occurrence, Stamps, Verdict};
use weir_core::identity::Identifier;
use weir_core::tag::TagValue;
use weir_core::time::Zone;
use weir_store::{ImportKind, Page, Workspace};

/// One arrival as `common::events` has it: `time behavior shop amount message_id kind:value…`.
fn arrival(line: &str) -> Arrival<'static> {
    let words: Vec<&str> = line.split(' ').collect();
    let zone = Zone::utc();
    let time = zone.parse_time(words[0]).unwrap();
    let given = |word: &str| (word != "-").then(|| word.to_owned().into());
    let occurrence = Occurrence {
        behavior: words[1].to_owned().into(),
        shop: given(words[2]),
        amount: Amount::parse(words[3]),
        ..Occurrence::default()
    };
    Arrival {
        message_id: words[4].to_owned().into(),
        identifiers: words[5..].iter().map(|text| Identifier::parse(text).unwrap().into()).collect(),
        joins_known: false,
        time,
        day: zone.day_of(time).unwrap(),
        stamps: Stamps { original: Some(time), sent: None, received: time },
        content: Content::Event(Box::new(occurrence)),
    }
}

fn take(workspace: &Workspace, lines: &[&str]) -> Vec<Verdict> {
    let items = lines.iter().map(|line| arrival(line)).collect();
    workspace.ingest().unwrap().take("shop", Arrivals { items, ..Arrivals::default() }).unwrap()
}

const LINES: [&str; 4] = [
    "2026-01-02T10:00:00 view 1 - m1 anonymous_id:x",
    "2026-01-02T11:00:00 purchase 1 9.50 m2 user_id:a anonymous_id:x",
    "2026-01-03T11:00:00 purchase 2 19.50 m3 user_id:b email:b@shop.cn",
    "2026-01-01T09:00:00 view 2 - m4 email:b@shop.cn",
];

#[test]
fn a_stream_answers_like_an_import() {
    let (imported, streamed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let imported = workspace(imported.path());
    import(&imported, &LINES);
    let streamed = workspace(streamed.path());
    let ingest = streamed.ingest().unwrap();
    for line in LINES {
        assert_eq!(take(&streamed, &[line]), [Verdict::Accepted]);
        ingest.flush().unwrap();
    }
    assert_eq!(answers(&streamed), answers(&imported));
    assert!(streamed.verify().unwrap().findings.is_empty());
}

#[test]
fn a_message_counts_once_whatever_happens_in_between() {
    let dir = tempfile::tempdir().unwrap();
    let first = workspace(dir.path());
    let held = first.ingest().unwrap();
    assert_eq!(
        take(&first, &[LINES[0], LINES[0], LINES[1]]),
        [Verdict::Accepted, Verdict::Duplicate, Verdict::Accepted]
    );
    assert_eq!(take(&first, &LINES[..1]), [Verdict::Duplicate]);
    drop((held, first));
    // Not flushed: the log remembers.
    let second = workspace(dir.path());
    let held = second.ingest().unwrap();
    assert_eq!(take(&second, &LINES[..3]), [Verdict::Duplicate, Verdict::Duplicate, Verdict::Accepted]);
    held.flush().unwrap();
    drop((held, second));
    // Flushed: the files do.
    let third = workspace(dir.path());
    let held = third.ingest().unwrap();
    assert_eq!(take(&third, &LINES[1..]), [Verdict::Duplicate, Verdict::Duplicate, Verdict::Accepted]);
    held.flush().unwrap();
    assert_eq!(answers(&third).events.len(), 4);
    assert!(third.verify().unwrap().findings.is_empty());
}

#[test]
fn the_way_by_which_a_message_came_does_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let _held = workspace.ingest().unwrap();
    take(&workspace, &LINES[..2]);
    let record = import(&workspace, &LINES[..3]);
    assert_eq!((record.ledger.accepted, record.ledger.duplicate), (1, 2));
    assert_eq!(
        take(&workspace, &LINES),
        [Verdict::Duplicate, Verdict::Duplicate, Verdict::Duplicate, Verdict::Accepted]
    );
    // What an import took and gives back can come again.
    workspace.undo(record.id).unwrap();
    assert_eq!(take(&workspace, &LINES[2..3]), [Verdict::Accepted]);
    workspace.settle().unwrap();
    assert_eq!(answers(&workspace).events.len(), 4);
    assert_eq!(workspace.imports(&Page::all()).unwrap().items.len(), 1, "flushes are not listed");
}

#[test]
fn requests_wait_while_an_import_runs() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let _held = workspace.ingest().unwrap();
    take(&workspace, &LINES[..1]);
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    let waiting = {
        let workspace = workspace.clone();
        std::thread::spawn(move || take(&workspace, &LINES[1..2]))
    };
    commit.events(&events(&Zone::utc(), &LINES[2..3])).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!waiting.is_finished());
    commit.finish().unwrap();
    assert_eq!(waiting.join().unwrap(), [Verdict::Accepted]);
    workspace.settle().unwrap();
    assert_eq!(answers(&workspace).events.len(), 3);
    assert!(workspace.verify().unwrap().findings.is_empty());
}

#[test]
fn a_first_request_waits_for_an_import_that_was_there_before() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    let first = {
        let workspace = workspace.clone();
        std::thread::spawn(move || {
            let ingest = workspace.ingest().unwrap();
            let items = LINES[..2].iter().map(|line| arrival(line)).collect();
            ingest.take("shop", Arrivals { items, ..Arrivals::default() }).unwrap();
            ingest.flush().unwrap();
        })
    };
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!first.is_finished());
    commit.events(&events(&Zone::utc(), &LINES[1..])).unwrap();
    commit.finish().unwrap();
    first.join().unwrap();
    assert_eq!(answers(&workspace).events.len(), 4);
    assert!(workspace.verify().unwrap().findings.is_empty());
}

#[test]
fn another_process_is_let_in() {
    let dir = tempfile::tempdir().unwrap();
    let serving = workspace(dir.path());
    let _held = serving.ingest().unwrap();
    take(&serving, &LINES[..2]);
    // Another store over the same directory is as good as another process: the lock is the system's.
    let other = workspace(dir.path());
    let record = import(&other, &LINES[1..3]);
    assert_eq!((record.ledger.accepted, record.ledger.duplicate), (1, 1));
    assert_eq!(take(&serving, &LINES[2..]), [Verdict::Duplicate, Verdict::Accepted]);
    // It may also just want to see everything in files.
    other.settle().unwrap();
    assert_eq!(answers(&other).events.len(), 4);
    assert_eq!(take(&serving, &LINES[3..]), [Verdict::Duplicate]);
}

#[test]
fn many_writers_and_a_flush_agree_with_one_import() {
    let (imported, streamed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lines: Vec<String> = (0..2_000)
        .map(|n| {
            let (minute, day) = (n % 60, 1 + n % 9);
            format!(
                "2026-01-0{day}T10:{minute:02}:00 view {} - m{n} anonymous_id:v{} user_id:u{}",
                n % 5,
                n % 300,
                n % 100
            )
        })
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let imported = workspace(imported.path());
    import(&imported, &lines);
    let streamed = workspace(streamed.path());
    let ingest = streamed.ingest().unwrap();
    let accepted: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let (lines, streamed) = (&lines, &streamed);
                scope.spawn(move || {
                    // Every line is sent by two writers.
                    let mine = lines.iter().enumerate().filter(|(i, _)| i % 4 == writer % 4);
                    let mine: Vec<&str> = mine.map(|(_, line)| *line).collect();
                    mine.chunks(7)
                        .flat_map(|chunk| take(streamed, chunk))
                        .filter(|v| *v == Verdict::Accepted)
                        .count()
                })
            })
            .collect();
        for _ in 0..5 {
            ingest.flush().unwrap();
        }
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert_eq!(accepted, lines.len());
    ingest.flush().unwrap();
    assert_eq!(answers(&streamed), answers(&imported));
    let intake = streamed.intake().unwrap();
    let tally = |of: fn(&weir_store::Tally) -> u64| intake.iter().map(|daily| of(&daily.tally)).sum::<u64>();
    assert_eq!((tally(|t| t.accepted), tally(|t| t.duplicate)), (2_000, 2_000));
    assert!(streamed.verify().unwrap().findings.is_empty());
}

#[test]
fn traits_become_tags_and_an_alias_joins() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let ingest: Arc<_> = workspace.ingest().unwrap();
    take(
        &workspace,
        &["2026-01-02T10:00:00 view 1 - m1 user_id:a", "2026-01-02T10:00:00 view 1 - m2 user_id:b"],
    );
    let stated = |id: &str, value: TagValue| {
        let mut arrival = arrival(&format!("2026-01-03T10:00:00 - - - {id} user_id:a"));
        arrival.content = Content::Traits(vec![("level".to_owned(), value)]);
        arrival
    };
    let items = vec![stated("t1", TagValue::Text("gold".into())), stated("t2", TagValue::Number(3.0))];
    ingest.take("shop", Arrivals { items, ..Arrivals::default() }).unwrap();
    let mut alias = arrival("2026-01-04T10:00:00 - - - m3 user_id:a user_id:b");
    (alias.content, alias.joins_known) = (Content::Link, true);
    ingest.take("shop", Arrivals { items: vec![alias], ..Arrivals::default() }).unwrap();
    ingest.flush().unwrap();
    let answers = answers(&workspace);
    assert_eq!(answers.people.len(), 1, "{:?}", answers.people);
    assert_eq!(answers.tags.len(), 2, "a number is put into words, for the tag is text: {:?}", answers.tags);
    assert!(answers.tags.iter().any(|tag| tag.contains("Text(\"3\")")), "{:?}", answers.tags);
}
