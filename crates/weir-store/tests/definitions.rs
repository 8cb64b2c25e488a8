//! Definitions with versions, snapshots, tokens, segment sets.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;

use common::{answers, files_in, import, workspace};
use roaring::RoaringBitmap;
use serde_json::{Value, json};
use weir_core::Code;
use weir_core::about::About;
use weir_core::time::Day;
use weir_store::DefinitionKind::{Audience, StateModel};
use weir_store::{
    Definition, DefinitionKind, FileKind, NewSnapshot, Page, PutDefinition, SegmentSet, StoredFile,
    Workspace, files,
};

fn about(description: Option<&str>) -> About {
    description.map(About::described).unwrap_or_default()
}

fn put(
    workspace: &Workspace,
    kind: DefinitionKind,
    name: &str,
    body: &Value,
    description: Option<&str>,
) -> weir_core::Result<Definition> {
    let about = about(description);
    let mut stored = workspace.put_definitions(&[PutDefinition {
        kind,
        name: name.to_owned(),
        body: body.clone(),
        about,
    }])?;
    Ok(stored.remove(0))
}

#[test]
fn several_are_defined_together_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let named = |name: &str| PutDefinition {
        kind: Audience,
        name: name.to_owned(),
        body: json!(1),
        about: About::default(),
    };
    assert_eq!(
        workspace.put_definitions(&[named("good"), named("")]).unwrap_err().code,
        Code::InvalidDefinition
    );
    assert!(workspace.definitions(Audience, &Page::all()).unwrap().items.is_empty());
    let stored = workspace.put_definitions(&[named("one"), named("two"), named("one")]).unwrap();
    assert_eq!(stored.iter().map(|d| d.version).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn each_change_is_a_version() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let body = |days: u32| json!({"did": {"behavior": ["view"], "within": {"days": days}}});
    let first =
        workspace.create_definition(Audience, "看过的人", &body(30), &about(Some("who looked"))).unwrap();
    assert_eq!((first.version, first.name.as_str(), &first.body), (1, "看过的人", &body(30)));
    let same = put(&workspace, Audience, "看过的人", &body(30), Some("who looked")).unwrap();
    assert_eq!(same, first);
    let second = put(&workspace, Audience, "看过的人", &body(15), None).unwrap();
    assert_eq!((second.version, second.id, second.about.description), (2, first.id, None));
    assert_eq!(workspace.definition(Audience, "看过的人").unwrap().body, body(15));
    let versions = workspace.definition_versions(Audience, "看过的人").unwrap();
    assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[1], first);

    let taken = workspace.create_definition(Audience, "看过的人", &body(1), &about(None)).unwrap_err();
    assert_eq!(taken.code, Code::NameTaken);
    workspace.create_definition(StateModel, "看过的人", &json!([]), &about(None)).unwrap();
    workspace.remove_definition(Audience, "看过的人").unwrap();
    assert_eq!(workspace.definition(Audience, "看过的人").unwrap_err().code, Code::UnknownAudience);
    assert_eq!(workspace.definition(StateModel, "看过的人").unwrap().version, 1);
}

#[test]
fn unknown_names_are_answered_with_a_suggestion() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    put(&workspace, StateModel, "recency", &json!([]), None).unwrap();
    let error = workspace.definition(StateModel, "recensy").unwrap_err();
    assert_eq!((error.code, error.help.as_deref()), (Code::UnknownModel, Some("did you mean \"recency\"?")));
    assert_eq!(workspace.remove_definition(Audience, "x").unwrap_err().code, Code::UnknownAudience);
    assert_eq!(workspace.definition_versions(Audience, "x").unwrap_err().code, Code::UnknownAudience);
    for name in ["", " x", "a\nb"] {
        let error = put(&workspace, Audience, name, &Value::Null, None).unwrap_err();
        assert_eq!(error.code, Code::InvalidDefinition, "{name:?}");
    }
}

#[test]
fn listings_come_in_pages() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    for name in ["d", "b", "a", "e", "c"] {
        put(&workspace, Audience, name, &json!(1), None).unwrap();
        put(&workspace, Audience, name, &json!(2), None).unwrap();
    }
    let mut page = Page { after: None, limit: 2 };
    let mut names = Vec::new();
    loop {
        let listed = workspace.definitions(Audience, &page).unwrap();
        names.push(listed.items.iter().map(|d| format!("{}{}", d.name, d.version)).collect::<String>());
        match listed.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(names, ["a2b2", "c2d2", "e2"]);
    let nonsense = Page { after: Some("x".into()), limit: 2 };
    assert_eq!(workspace.imports(&nonsense).unwrap_err().code, Code::InvalidArgument);
}

#[test]
fn snapshots_are_frozen_and_outlive_an_undo() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    import(&workspace, &["2024-11-10T08:00:00Z view tea - m1 user_id:ann anonymous_id:x"]);
    let members: RoaringBitmap = [0].into_iter().collect();
    let source = json!({"everyone": true});
    let new = NewSnapshot {
        name: "Double 11",
        as_of: Day(20_000),
        source: &source,
        content_hash: "abc",
        members: &members,
    };
    let snapshot = workspace.create_snapshot(new).unwrap();
    assert_eq!((snapshot.id.as_str(), snapshot.size, snapshot.as_of), ("s1", 1, Day(20_000)));
    assert_eq!(workspace.create_snapshot(new).unwrap_err().code, Code::NameTaken);
    assert_eq!(workspace.snapshot("Double 11").unwrap(), snapshot);
    assert_eq!(workspace.snapshot("s1").unwrap(), snapshot);
    workspace.undo(1).unwrap();
    assert!(answers(&workspace).people.is_empty());
    assert_eq!(workspace.snapshot_members("s1").unwrap(), members);
    assert!(workspace.verify().unwrap().findings.is_empty());

    let second = workspace.create_snapshot(NewSnapshot { name: "other", ..new }).unwrap();
    let listed = workspace.snapshots(&Page { after: None, limit: 1 }).unwrap();
    assert_eq!((listed.items[0].id.as_str(), listed.next.as_deref()), ("s2", Some("s2")));
    assert_eq!(workspace.snapshots(&Page { after: listed.next, limit: 1 }).unwrap().items, [snapshot]);
    workspace.remove_snapshot(&second.id).unwrap();
    assert_eq!(workspace.snapshot_members("other").unwrap_err().code, Code::UnknownSnapshot);
    assert_eq!(workspace.create_snapshot(NewSnapshot { name: "third", ..new }).unwrap().id, "s3");
    for name in ["", "s12", "a\tb"] {
        let error = workspace.create_snapshot(NewSnapshot { name, ..new }).unwrap_err();
        assert_eq!(error.code, Code::InvalidArgument, "{name:?}");
    }
    let near = workspace.snapshot("Double 12").unwrap_err();
    assert_eq!(near.help.as_deref(), Some("did you mean \"Double 11\"?"));
}

#[test]
fn a_token_opens_its_workspace_until_it_is_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (token, secret) = workspace.create_token("console").unwrap();
    assert!(secret.starts_with("weir_") && secret.len() == 69, "{secret}");
    assert_eq!(workspace.create_token("console").unwrap_err().code, Code::NameTaken);
    let store = workspace.store();
    let (opened, same) = store.authenticate(&secret).unwrap();
    assert_eq!((opened.name(), same.id, same.last_used), ("default", token.id, None));
    assert!(workspace.tokens(&Page::default()).unwrap().items[0].last_used.is_some());
    for wrong in ["", "weir_", "weir_0000", &secret.to_uppercase()] {
        assert_eq!(store.authenticate(wrong).map(drop).unwrap_err().code, Code::Unauthorized);
    }
    let revoked = workspace.revoke_token(token.id).unwrap();
    assert!(revoked.revoked.is_some());
    assert_eq!(workspace.revoke_token(token.id).unwrap(), revoked);
    assert_eq!(store.authenticate(&secret).map(drop).unwrap_err().code, Code::Unauthorized);
    assert_eq!(workspace.revoke_token(77).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_secret_is_nowhere_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (_, secret) = workspace.create_token("console").unwrap();
    for name in ["weir.db", "weir.db-wal"] {
        let bytes = std::fs::read(dir.path().join(name)).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{name}");
    }
}

#[test]
fn segments_are_replaced_as_a_set() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    assert_eq!(workspace.segments().unwrap(), None);
    let lock = workspace.lock_segments().unwrap();
    let build = |generation: u64| {
        let name = format!("{generation}.seg");
        let written =
            files::write_durable(&workspace.segment_dir(), &name, |out| out.write_all(b"cells")).unwrap();
        SegmentSet { generation, files: vec![StoredFile::new(FileKind::Segment, written, 1)] }
    };
    let (first, second) = (build(1), build(2));
    workspace.replace_segments(&lock, &first).unwrap();
    assert_eq!(workspace.segments().unwrap(), Some(first.clone()));
    assert!(!second.files[0].path.exists());
    let second = build(2);
    workspace.replace_segments(&lock, &second).unwrap();
    assert_eq!(workspace.segments().unwrap(), Some(second));
    assert!(!first.files[0].path.exists());
    drop(lock);
    import(&workspace, &["2024-11-10T08:00:00Z view tea - m1 user_id:ann"]);
    assert!(files_in(dir.path()).contains("workspaces/default/segments/2.seg"));
    assert!(workspace.verify().unwrap().findings.is_empty());
}
