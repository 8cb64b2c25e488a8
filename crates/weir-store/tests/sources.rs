//! Sources and their write keys: made, found, changed, ended.

#![allow(clippy::unwrap_used)]

mod common;

use common::workspace;
use weir_core::{Code, Error};
use weir_store::{Page, Source, WRITE_KEY_PREFIX, Workspace};

fn opens(workspace: &Workspace, key: &str) -> Result<Source, Error> {
    workspace.store().source_of_key(key).map(|(_, source)| source)
}

#[test]
fn a_key_leads_to_its_source_and_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let one = workspace(dir.path());
    let other = one.store().create_workspace("other").unwrap();
    let origins = ["https://shop.example".to_owned()];
    let (made, key) = one.create_source("web", &origins).unwrap();
    let (_, foreign) = other.create_source("web", &[]).unwrap();
    assert!(key.starts_with(WRITE_KEY_PREFIX) && key.starts_with(made.key_prefix.as_deref().unwrap()));
    assert_ne!(key, foreign);
    assert_eq!(one.store().source_of_key(&key).unwrap(), ("default".to_owned(), made.clone()));
    assert_eq!(one.store().source_of_key(&foreign).unwrap().0, "other");
    assert_eq!((made.origins.as_slice(), made.last_used, made.revoked), (&origins[..], None, None));
    let error = opens(&one, "wk_wrong").unwrap_err();
    assert_eq!(error.code, Code::Unauthorized);
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        let is_there = bytes.windows(key.len()).any(|window| window == key.as_bytes());
        assert!(!is_there, "{} holds the key", path.display());
    }
}

#[test]
fn a_write_key_is_no_token_and_a_token_no_write_key() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (_, key) = workspace.create_source("web", &[]).unwrap();
    let (_, token) = workspace.create_token("owner").unwrap();
    assert_eq!(workspace.store().authenticate(&key).map(drop).unwrap_err().code, Code::Unauthorized);
    assert_eq!(opens(&workspace, &token).unwrap_err().code, Code::Unauthorized);
}

#[test]
fn the_key_before_stays_good_and_the_one_before_that_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (_, first) = workspace.create_source("web", &[]).unwrap();
    let (_, second) = workspace.change_source_key("web").unwrap();
    assert!(opens(&workspace, &first).is_ok() && opens(&workspace, &second).is_ok());
    let (changed, third) = workspace.change_source_key("web").unwrap();
    assert!(third.starts_with(changed.key_prefix.as_deref().unwrap()));
    let good = [&first, &second, &third].map(|key| opens(&workspace, key).is_ok());
    assert_eq!(good, [false, true, true]);
}

#[test]
fn revoking_ends_all_keys_and_a_new_one_begins_again() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (_, first) = workspace.create_source("web", &[]).unwrap();
    let (_, second) = workspace.change_source_key("web").unwrap();
    let revoked = workspace.revoke_source("web").unwrap();
    assert!(revoked.revoked.is_some() && revoked.key_prefix.is_none());
    assert_eq!(workspace.revoke_source("web").unwrap(), revoked);
    assert!(opens(&workspace, &first).is_err() && opens(&workspace, &second).is_err());
    let (source, third) = workspace.change_source_key("web").unwrap();
    assert_eq!(source.revoked, None);
    assert!(opens(&workspace, &third).is_ok() && opens(&workspace, &second).is_err());
}

#[test]
fn a_disabled_source_is_found_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (_, key) = workspace.create_source("web", &[]).unwrap();
    let disabled = workspace.disable_source("web").unwrap();
    assert!(disabled.disabled.is_some());
    assert_eq!(opens(&workspace, &key).unwrap(), disabled);
    assert_eq!(workspace.enable_source("web").unwrap().disabled, None);
}

#[test]
fn use_is_noted_to_the_minute() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    let (made, _) = workspace.create_source("web", &[]).unwrap();
    workspace.store().note_source_use(&made).unwrap();
    let used = workspace.source("web").unwrap();
    assert!(used.last_used.unwrap() >= made.created);
    workspace.store().note_source_use(&used).unwrap();
    assert_eq!(workspace.source("web").unwrap(), used);
}

#[test]
fn sources_are_listed_by_name_and_page() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    for name in ["web", "app", "crm"] {
        workspace.create_source(name, &[]).unwrap();
    }
    let names = |page: &Page| {
        let found = workspace.sources(page).unwrap();
        (found.items.into_iter().map(|source| source.name).collect::<Vec<_>>(), found.next)
    };
    let first = names(&Page { after: None, limit: 2 });
    assert_eq!(first, (vec!["app".to_owned(), "crm".to_owned()], Some("crm".to_owned())));
    assert_eq!(names(&Page { after: first.1, limit: 2 }), (vec!["web".to_owned()], None));
}

#[test]
fn mistakes_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    workspace.create_source("web", &[]).unwrap();
    assert_eq!(workspace.create_source("web", &[]).unwrap_err().code, Code::NameTaken);
    for name in ["", "a b", "a\"b", "é", &"x".repeat(65)] {
        let error = workspace.create_source(name, &[]).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::InvalidArgument, Some("name")), "{name}");
    }
    for origin in ["shop.example", "https://", "https://shop.example/", "https://Shop.example", "*"] {
        let error = workspace.set_source_origins("web", &[origin.to_owned()]).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::InvalidArgument, Some("origins")), "{origin}");
    }
    let error = workspace.revoke_source("wbe").unwrap_err();
    assert_eq!((error.code, error.help.as_deref()), (Code::UnknownSource, Some("did you mean \"web\"?")));
}

#[test]
fn mappings_are_kept_as_they_were_given() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = workspace(dir.path());
    assert_eq!(workspace.mappings().unwrap(), None);
    workspace.set_mappings(Some("{\"events\":{}}")).unwrap();
    assert_eq!(workspace.mappings().unwrap().as_deref(), Some("{\"events\":{}}"));
    workspace.set_mappings(None).unwrap();
    assert_eq!(workspace.mappings().unwrap(), None);
}
