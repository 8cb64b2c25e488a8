//! What tracks have found and written.

use serde_json::json;
use weir_core::Code;
use weir_core::about::About;
use weir_core::time::Day;
use weir_store::DefinitionKind::Track;
use weir_store::{AlertFinding, Page, Store};

fn finding(rule: &str, part: u64, is_breached: bool) -> AlertFinding {
    AlertFinding { rule: rule.to_owned(), watched: json!({"name": rule}), part, whole: 10, is_breached }
}

#[test]
fn an_alert_is_open_until_it_is_found_within() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Store::open(dir.path()).unwrap().create_workspace("shop").unwrap();
    let list = |only_open: bool| {
        let found = workspace.alerts(Some("t"), only_open, &Page::all()).unwrap().items;
        found
            .iter()
            .map(|a| (a.rule.clone(), a.first.0, a.last.0, a.part, a.closed.is_some()))
            .collect::<Vec<_>>()
    };
    let row = |rule: &str, first, last, part, closed| (rule.to_owned(), first, last, part, closed);
    workspace.note_track("t", Day(1), &[finding("a", 3, true), finding("b", 5, false)], &[]).unwrap();
    workspace.note_track("t", Day(2), &[finding("a", 4, true), finding("b", 6, true)], &[]).unwrap();
    assert_eq!(list(true), [row("b", 2, 2, 6, false), row("a", 1, 2, 4, false)]);
    // One is within again, the other one no longer belongs to the track.
    workspace.note_track("t", Day(3), &[finding("a", 9, false)], &[]).unwrap();
    assert_eq!(list(true), []);
    workspace.note_track("t", Day(4), &[finding("a", 2, true)], &[]).unwrap();
    assert_eq!(list(false), [row("a", 4, 4, 2, false), row("b", 2, 2, 6, true), row("a", 1, 2, 4, true)]);
    let page = workspace.alerts(None, false, &Page { after: None, limit: 2 }).unwrap();
    let rest = workspace.alerts(None, false, &Page { after: page.next, limit: 2 }).unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (2, 1, None));
}

#[test]
fn reports_are_files_that_go_with_their_track() {
    let dir = tempfile::tempdir().unwrap();
    let workspace = Store::open(dir.path()).unwrap().create_workspace("shop").unwrap();
    workspace.create_definition(Track, "t", &json!({}), &About::default()).unwrap();
    let first = workspace.note_track("t", Day(1), &[], &[("html", "<p>".to_owned())]).unwrap().remove(0);
    let second = workspace.note_track("t", Day(2), &[], &[("csv", "a,b".to_owned())]).unwrap().remove(0);
    let listed = workspace.reports("t", &Page::all()).unwrap().items;
    assert_eq!(listed, [second.clone(), first.clone()]);
    let (found, path) = workspace.report("t", second.id).unwrap();
    assert_eq!((found, std::fs::read_to_string(&path).unwrap()), (second, "a,b".to_owned()));
    assert_eq!(workspace.report("u", first.id).unwrap_err().code, Code::NotFound);
    workspace.note_track("t", Day(2), &[finding("a", 3, true)], &[]).unwrap();
    workspace.remove_track("t").unwrap();
    assert!(!path.exists());
    assert_eq!(workspace.reports("t", &Page::all()).unwrap().items, []);
    assert!(workspace.alerts(None, false, &Page::all()).unwrap().items[0].closed.is_some());
}
