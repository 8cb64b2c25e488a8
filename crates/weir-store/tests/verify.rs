//! Verification finds one changed byte in any file, a missing one, a strange one, and what a later version wrote.

#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::Date32Array;
use common::{batch, events, files_in, import, spec, texts, users, workspace};
use roaring::RoaringBitmap;
use serde_json::json;
use weir_core::Code;
use weir_core::about::About;
use weir_core::list::{Hashing, Upload};
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::{Day, Zone};
use weir_store::{
    DefinitionKind, FileKind, ImportKind, KeptMembers, NewSnapshot, SegmentSet, StoredFile, Workspace, files,
};

/// A workspace with at least one file of every kind.
fn furnished(dir: &Path) -> Workspace {
    let workspace = workspace(dir);
    import(
        &workspace,
        &[
            "2024-11-10T08:00:00Z view tea - m1 user_id:ann anonymous_id:x",
            "2024-11-11T08:00:00Z view tea 3 - user_id:ben",
        ],
    );
    let mut tags = workspace.begin(spec(ImportKind::Tags)).unwrap();
    tags.tags(&batch(vec![("id_user_id", texts(&[Some("ann")])), ("city", texts(&[Some("Bath")]))])).unwrap();
    tags.finish().unwrap();
    let mut list = workspace.begin(spec(ImportKind::List)).unwrap();
    let upload = Upload { hashing: Some(Hashing::Sha256), ..Upload::plain("vip", "user_id") };
    list.describe_list(upload).unwrap();
    list.list("vip", &users(&[&"0".repeat(64)])).unwrap();
    list.finish().unwrap();
    let mut list = workspace.begin(spec(ImportKind::List)).unwrap();
    list.list("vip", &users(&["ann", "cat"])).unwrap();
    list.finish().unwrap();
    let mut computed = workspace.begin(spec(ImportKind::Tags)).unwrap();
    computed.computed(("orders", TagKind::Number, Day(0)), [(0, TagValue::Number(1.0))]).unwrap();
    computed.finish().unwrap();
    let audience =
        workspace.create_definition(DefinitionKind::Audience, "all", &json!({}), &About::default());
    let kept = KeptMembers { as_of: Day(0), nodes: [0].into_iter().collect() };
    workspace.add_audience_runs(audience.unwrap().id, &[], &kept).unwrap();
    let members: RoaringBitmap = [0, 1].into_iter().collect();
    let source = json!({"everyone": true});
    let new = NewSnapshot { name: "n", as_of: Day(0), source: &source, content_hash: "", members: &members };
    workspace.create_snapshot(new).unwrap();
    let lock = workspace.lock_segments().unwrap();
    let written = files::write_durable(&workspace.segment_dir(), "1.seg", |out| {
        std::io::Write::write_all(out, b"cells")
    });
    let file = StoredFile::new(FileKind::Segment, written.unwrap(), 1);
    workspace.replace_segments(&lock, &SegmentSet { generation: 1, files: vec![file] }).unwrap();
    workspace
}

fn found(workspace: &Workspace) -> Vec<(String, Code)> {
    let findings = workspace.verify().unwrap().findings;
    findings.into_iter().map(|finding| (finding.file, finding.code)).collect()
}

#[test]
fn a_sound_store_has_no_findings() {
    let dir = tempfile::tempdir().unwrap();
    let verification = furnished(dir.path()).verify().unwrap();
    assert_eq!(verification.findings, []);
    assert!(verification.orphans.is_empty());
    assert_eq!(verification.files, files_in(dir.path()).len() - 1);
}

#[test]
fn one_changed_byte_is_found_in_every_file() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = furnished(dir.path());
    let names = files_in(&dir.path().join("workspaces"));
    for (_, kind) in FileKind::ALL {
        assert!(names.iter().any(|name| name.contains(&format!("/{}/", kind.dir()))), "{kind:?}");
    }
    for name in names {
        let name = format!("workspaces/{name}");
        let path = dir.path().join(&name);
        let sound = fs::read(&path).unwrap();
        for place in [0, sound.len() / 2, sound.len() - 1] {
            let mut damaged = sound.clone();
            damaged[place] ^= 4;
            fs::write(&path, &damaged).unwrap();
            assert!(found(&workspace).contains(&(name.clone(), Code::CorruptFile)), "{name} {place}");
        }
        fs::write(&path, &sound[..sound.len() - 1]).unwrap();
        assert!(found(&workspace).contains(&(name.clone(), Code::CorruptFile)), "{name} cut");
        fs::remove_file(&path).unwrap();
        assert!(found(&workspace).contains(&(name.clone(), Code::CorruptFile)), "{name} missing");
        fs::write(&path, &sound).unwrap();
    }
    assert_eq!(found(&workspace), []);
}

#[test]
fn damage_is_an_error_when_it_is_read_and_never_a_wrong_answer() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = furnished(dir.path());
    let view = workspace.view().unwrap();
    for (_, kind) in FileKind::ALL {
        for file in view.files(kind) {
            let mut bytes = fs::read(&file.path).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(&file.path, bytes).unwrap();
        }
    }
    let names = file_name_of_error(view.identifiers().map(drop));
    assert_eq!(names, "1.parquet");
    for outcome in [
        view.links().map(drop),
        view.live_nodes().map(drop),
        view.tag_facts().map(drop),
        view.lists().map(drop),
        view.scan_events(view.files(FileKind::Events), |_| Ok(())),
        workspace.snapshot_members("s1").map(drop),
        workspace.begin(spec(ImportKind::Events)).map(drop),
    ] {
        assert_eq!(outcome.unwrap_err().code, Code::CorruptFile);
    }
}

fn file_name_of_error(outcome: weir_core::Result<()>) -> String {
    let message = outcome.unwrap_err().message;
    let path = message.split(": ").next().unwrap().to_owned();
    Path::new(&path).file_name().unwrap().to_string_lossy().into_owned()
}

#[test]
fn newer_files_are_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = furnished(dir.path());
    let db = rusqlite::Connection::open(dir.path().join("weir.db")).unwrap();
    db.execute("UPDATE file SET format = 2", []).unwrap();
    let verification = workspace.verify().unwrap();
    let newer = verification.findings.iter().filter(|finding| finding.code == Code::NewerFormat).count();
    assert!(newer >= verification.files, "{:?}", verification.findings);
    db.execute("UPDATE file SET kind = 'hologram' WHERE kind = 'tags'", []).unwrap();
    assert_eq!(workspace.view().map(drop).unwrap_err().code, Code::NewerFormat);
}

#[test]
fn orphans_are_listed_unless_an_import_is_under_way() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = furnished(dir.path());
    fs::write(workspace.dir().join("tags/77-0.parquet"), "half").unwrap();
    let verification = workspace.verify().unwrap();
    assert_eq!(verification.orphans, ["workspaces/default/tags/77-0.parquet"]);
    assert!(verification.findings.is_empty());
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.set_memory_budget(1);
    commit.events(&events(&Zone::utc(), &["2024-11-12T08:00:00Z view tea - m9 user_id:dan"])).unwrap();
    assert!(workspace.verify().unwrap().orphans.is_empty());
}

#[test]
fn rows_that_do_not_fit_their_day_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let given = events(&Zone::utc(), &["2024-11-12T08:00:00Z view tea - m9 user_id:dan"]);
    let mut columns = given.columns().to_vec();
    columns[1] = Arc::new(Date32Array::from(vec![20_000]));
    let wrong_day = arrow::array::RecordBatch::try_new(given.schema(), columns).unwrap();
    let mut commit = workspace.begin(spec(ImportKind::Events)).unwrap();
    commit.events(&wrong_day).unwrap();
    commit.finish().unwrap();
    let findings = workspace.verify().unwrap().findings;
    assert!(findings[0].message.contains("times that are not on 2024-10-04 in UTC"), "{findings:?}");
}

#[test]
fn a_ledger_that_says_something_else_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = furnished(dir.path());
    let db = rusqlite::Connection::open(dir.path().join("weir.db")).unwrap();
    let change =
        "UPDATE import SET ledger = replace(ledger, '\"accepted\":2', '\"accepted\":3') WHERE id = 1";
    db.execute(change, []).unwrap();
    assert!(workspace.verify().unwrap().findings[0].message.contains("does not balance"));
    let change = "UPDATE import SET ledger = replace(ledger, '\"read\":2', '\"read\":3') WHERE id = 1";
    db.execute(change, []).unwrap();
    let findings = workspace.verify().unwrap().findings;
    assert_eq!(findings[0].message, "import 1: it accepted 3 rows, 2 are there");
}
