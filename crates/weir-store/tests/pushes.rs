//! Pushes in the store: the ledger balances after whatever happens, and nobody is taken twice at a time.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::workspace;
use proptest::prelude::*;
use serde_json::json;
use weir_core::Code;
use weir_core::about::About;
use weir_core::destination::Destination;
use weir_core::identity::Identifier;
use weir_core::push::{Call, Outbox, Outcome, PushState, Shift, Verdict};
use weir_core::time::{Day, Micros};
use weir_store::{DefinitionKind, NewPush, NewRecipient, Page, Push, Workspace};

/// Long after anything that the tests record.
const LATER: Micros = 4_000_000_000_000_000;

const DAY: Shift = Shift { id: 1, push: None };
const NIGHT: Shift = Shift { id: 2, push: None };

fn hook() -> serde_json::Value {
    json!({"kind": "webhook", "url": "https://example.com/", "batch": 3, "identifiers": ["email"]})
}

fn new_push(batch: Option<u32>) -> NewPush {
    NewPush {
        name: Some("spring".into()),
        audience: Some("buyers".into()),
        expression: json!({"everyone": true}),
        as_of: Day(20_000),
        destination: "crm".into(),
        definition: Some(hook()),
        path: None,
        holdout_percent: 10.0,
        salt: "spring".into(),
        batch,
        created: None,
    }
}

fn recipient(i: usize, outcome: Outcome) -> NewRecipient {
    NewRecipient {
        consumer: Identifier { kind: "user_id".into(), value: format!("u{i}") },
        identifiers: BTreeMap::from([("email".into(), vec![format!("u{i}@example.com")])]),
        outcome,
    }
}

fn verdict(outcome: Outcome, next: Option<Micros>) -> Verdict {
    Verdict { outcome, next, status: None, detail: "test".into(), gone: false }
}

fn everyone(n: usize) -> Vec<NewRecipient> {
    (0..n).map(|i| recipient(i, Outcome::Pending)).collect()
}

fn begin(workspace: &Workspace, shift: Shift) -> Option<Call> {
    Outbox::begin(workspace, "crm", shift, LATER).unwrap()
}

/// The ledger balances, and counting the recipients one by one gives the same.
#[track_caller]
fn check(workspace: &Workspace, id: &str) -> Push {
    let push = workspace.push(id).unwrap();
    assert!(push.ledger.balances(), "{:?}", push.ledger);
    let recipients = workspace.push_recipients(id, None, &Page::all()).unwrap().items;
    assert_eq!(recipients.len() as u64, push.ledger.audience);
    let mut counted = weir_core::push::PushLedger::default();
    for recipient in &recipients {
        counted.count(&recipient.outcome, 1);
    }
    assert_eq!(counted, push.ledger);
    let ids: BTreeSet<&str> = recipients.iter().map(|recipient| recipient.id.as_str()).collect();
    assert_eq!(ids.len(), recipients.len(), "ids are unique");
    push
}

#[test]
fn what_is_recorded_is_cut_into_messages_with_stable_ids() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let mut people = everyone(8);
    people[2].outcome = Outcome::Holdout;
    people[5].outcome = Outcome::Suppressed("no_identifier".into());
    let push = workspace.create_push(&new_push(Some(3)), people).unwrap();
    assert_eq!((push.id.as_str(), push.state), ("p1", PushState::Sending));
    let ledger = check(&workspace, "p1").ledger;
    assert_eq!((ledger.audience, ledger.planned, ledger.pending, ledger.holdout), (8, 6, 6, 1));
    let call = begin(&workspace, DAY).unwrap();
    let values = |call: &Call, skip, limit| -> Vec<String> {
        let recipients = workspace.recipients(call, skip, limit).unwrap();
        recipients.into_iter().map(|recipient| recipient.consumer.value).collect()
    };
    assert_eq!(values(&call, 0, 100), ["u0", "u1", "u3"]);
    assert_eq!(values(&call, 1, 1), ["u1"]);
    let other = begin(&workspace, DAY).unwrap();
    assert_eq!(values(&other, 0, 100), ["u4", "u6", "u7"]);
    assert_ne!(call.message_id, other.message_id);
    // The process is gone; the next repeats the same message under the same id.
    let again = begin(&workspace, NIGHT).unwrap();
    assert_eq!((again.message_id, again.attempt, again.failures), (call.message_id, 2, 0));
    assert_eq!(workspace.recipients(&other, 0, 1).unwrap()[0].identifiers["email"], ["u4@example.com"]);
}

#[test]
fn a_message_is_with_one_worker_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    workspace.create_push(&new_push(Some(2)), everyone(4)).unwrap();
    let lanes = || workspace.lanes(DAY, LATER).unwrap();
    assert_eq!((lanes()[0].due, lanes()[0].in_flight), (2, 4));
    let (first, second) = (begin(&workspace, DAY).unwrap(), begin(&workspace, DAY).unwrap());
    assert_ne!(first.message, second.message);
    assert_eq!((begin(&workspace, DAY), lanes()), (None, Vec::new()));
    assert_eq!(check(&workspace, "p1").ledger.unknown, 4);
    workspace.finish(&first, &verdict(Outcome::Sent, None), LATER).unwrap();
    assert_eq!(check(&workspace, "p1").state, PushState::Sending);
    workspace.finish(&second, &verdict(Outcome::Unknown, Some(LATER + 5)), LATER).unwrap();
    assert_eq!((begin(&workspace, DAY), lanes()[0].due, lanes()[0].next), (None, 0, Some(LATER + 5)));
    let again = Outbox::begin(&workspace, "crm", DAY, LATER + 5).unwrap().unwrap();
    assert_eq!((again.message_id.as_str(), again.failures), (second.message_id.as_str(), 1));
    workspace.finish(&again, &verdict(Outcome::Sent, None), LATER).unwrap();
    assert_eq!(check(&workspace, "p1").state, PushState::Done);
    let messages = workspace.push_messages("p1", &Page::all()).unwrap().items;
    assert_eq!(messages.iter().map(|m| m.attempts.len()).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn the_delivery_lock_is_held_once() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let held = workspace.delivery_lock().unwrap();
    assert!(held.is_some() && workspace.delivery_lock().unwrap().is_none());
    drop(held);
    assert!(workspace.delivery_lock().unwrap().is_some());
}

#[test]
fn a_stopped_push_is_not_taken_from_until_it_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    workspace.create_push(&new_push(Some(1)), everyone(3)).unwrap();
    let under_way = begin(&workspace, DAY).unwrap();
    assert_eq!(workspace.stop_push("p1").unwrap().state, PushState::Stopped);
    assert_eq!(begin(&workspace, DAY), None);
    workspace.finish(&under_way, &verdict(Outcome::Sent, None), LATER).unwrap();
    let stopped = check(&workspace, "spring");
    assert_eq!((stopped.state, stopped.ledger.sent, stopped.ledger.pending), (PushState::Stopped, 1, 2));
    assert_eq!(workspace.resume_push("p1").unwrap().state, PushState::Sending);
    while let Some(call) = begin(&workspace, DAY) {
        workspace.finish(&call, &verdict(Outcome::Sent, None), LATER).unwrap();
    }
    assert_eq!(check(&workspace, "p1").state, PushState::Done);
    assert_eq!(workspace.resume_push("p1").unwrap().state, PushState::Done);
}

#[test]
fn what_was_given_up_unknown_can_be_tried_again_and_what_failed_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    workspace.create_push(&new_push(Some(1)), everyone(2)).unwrap();
    for outcome in [Outcome::Unknown, Outcome::Failed("http_400".into())] {
        let call = begin(&workspace, DAY).unwrap();
        workspace.finish(&call, &verdict(outcome, None), LATER).unwrap();
    }
    let push = check(&workspace, "p1");
    assert_eq!((push.state, push.ledger.unknown, push.ledger.failed["http_400"]), (PushState::Done, 1, 1));
    assert_eq!(workspace.resume_push("p1").unwrap().state, PushState::Sending);
    let again = begin(&workspace, DAY).unwrap();
    assert_eq!((again.message, again.attempt, again.failures), (0, 2, 0));
    assert_eq!(begin(&workspace, DAY), None);
}

#[test]
fn a_destination_that_is_gone_stops_its_pushes_only() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    workspace.create_push(&new_push(Some(1)), everyone(2)).unwrap();
    workspace.create_push(&NewPush { destination: "ads".into(), ..new_push(None) }, everyone(2)).unwrap();
    let call = begin(&workspace, DAY).unwrap();
    let gone = Verdict { gone: true, ..verdict(Outcome::Failed("http_410".into()), None) };
    workspace.finish(&call, &gone, LATER).unwrap();
    assert_eq!(check(&workspace, "p1").state, PushState::Stopped);
    assert_eq!(check(&workspace, "p2").state, PushState::Sending);
    assert_eq!(workspace.destination_disabled("crm").unwrap().unwrap().reason, "test");
    assert_eq!(workspace.unfinished_pushes("crm").unwrap(), ["p1"]);
    workspace.enable_destination("crm").unwrap();
    assert_eq!(workspace.destination_disabled("crm").unwrap(), None);
}

#[test]
fn two_secrets_are_active_at_most_and_none_is_in_the_definition() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    assert_eq!(workspace.add_destination_secret("crm", "a").unwrap_err().code, Code::UnknownDestination);
    workspace.create_definition(DefinitionKind::Destination, "crm", &hook(), &About::default()).unwrap();
    for (secret, active) in [("a", vec!["a"]), ("b", vec!["b", "a"]), ("c", vec!["c", "b"])] {
        workspace.add_destination_secret("crm", secret).unwrap();
        assert_eq!(workspace.destination_secrets("crm").unwrap(), active);
    }
    let definition = workspace.definition(DefinitionKind::Destination, "crm").unwrap();
    assert_eq!(definition.body, hook());
    workspace.remove_destination("crm").unwrap();
    assert_eq!(workspace.destination_secrets("crm").unwrap(), Vec::<String>::new());
}

#[test]
fn the_destination_of_a_call_is_the_present_one() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    workspace.create_push(&new_push(Some(1)), everyone(2)).unwrap();
    assert_eq!(begin(&workspace, DAY).unwrap().destination, Destination::from_json(&hook()).unwrap());
    let mended = json!({"kind": "webhook", "url": "https://mended.example/"});
    workspace.create_definition(DefinitionKind::Destination, "crm", &mended, &About::default()).unwrap();
    assert_eq!(begin(&workspace, DAY).unwrap().destination, Destination::from_json(&mended).unwrap());
}

#[test]
fn a_push_that_happened_elsewhere_is_done_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let past = NewPush { definition: None, created: Some(1_000), batch: None, ..new_push(None) };
    let people =
        vec![recipient(0, Outcome::Sent), recipient(1, Outcome::Holdout), recipient(2, Outcome::Sent)];
    let push = workspace.create_push(&past, people).unwrap();
    assert_eq!(
        (push.state, push.created, push.ledger.sent, push.ledger.holdout),
        (PushState::Done, 1_000, 2, 1)
    );
    check(&workspace, "p1");
    assert_eq!((begin(&workspace, DAY), workspace.resume_push("p1").unwrap().state), (None, PushState::Done));
}

#[test]
fn a_push_that_breaks_off_while_it_is_written_was_never_there() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let people = everyone(50_000).into_iter().chain([recipient(50_000, Outcome::Unknown)]);
    assert_eq!(workspace.create_push(&new_push(Some(10)), people).unwrap_err().code, Code::Internal);
    assert_eq!(workspace.pushes(&Page::all()).unwrap().items, Vec::new());
    assert_eq!(workspace.push("p1").unwrap_err().code, Code::UnknownPush);
    assert_eq!(workspace.lanes(DAY, LATER).unwrap(), Vec::new());
    // Ids are not used again.
    assert_eq!(workspace.create_push(&new_push(Some(10)), everyone(1)).unwrap().id, "p2");
}

#[test]
fn nobody_to_send_is_done_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    assert_eq!(workspace.create_push(&new_push(None), Vec::new()).unwrap().state, PushState::Done);
    let held = vec![recipient(0, Outcome::Holdout)];
    assert_eq!(workspace.create_push(&new_push(None), held).unwrap().state, PushState::Done);
}

#[test]
fn recipients_are_listed_by_outcome_in_pages() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let mut people = everyone(7);
    people[3].outcome = Outcome::Holdout;
    people[4].outcome = Outcome::Suppressed("no_identifier".into());
    workspace.create_push(&new_push(Some(2)), people).unwrap();
    let call = begin(&workspace, DAY).unwrap();
    workspace.finish(&call, &verdict(Outcome::Sent, None), LATER).unwrap();
    let of = |outcome: &str| -> Vec<String> {
        let mut page = Page { after: None, limit: 2 };
        let mut values = Vec::new();
        loop {
            let found = workspace.push_recipients("p1", Some(outcome), &page).unwrap();
            values.extend(found.items.into_iter().map(|recipient| recipient.consumer.value));
            page.after = found.next;
            if page.after.is_none() {
                return values;
            }
        }
    };
    assert_eq!(
        (of("sent"), of("pending")),
        (vec!["u0".into(), "u1".into()], vec!["u2".into(), "u5".into(), "u6".into()])
    );
    assert_eq!((of("holdout"), of("suppressed")), (vec!["u3".into()], vec!["u4".into()]));
    assert_eq!((of("failed").len(), of("unknown").len()), (0, 0));
    let error = workspace.push_recipients("p1", Some("lost"), &Page::all()).unwrap_err();
    assert_eq!(error.message, "there is no outcome \"lost\"");
}

/// One thing that happens to an outbox.
#[derive(Debug, Clone)]
enum Step {
    Begin,
    Finish(usize, u8),
    Killed,
    Stop,
    Resume,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Begin),
        5 => (any::<usize>(), 0..6u8).prop_map(|(which, how)| Step::Finish(which, how)),
        1 => Just(Step::Killed),
        1 => Just(Step::Stop),
        2 => Just(Step::Resume),
    ];
    prop::collection::vec(step, 1..40)
}

fn outcomes() -> impl Strategy<Value = Vec<Outcome>> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Pending),
        1 => Just(Outcome::Holdout),
        1 => Just(Outcome::Suppressed("no_identifier".into())),
        1 => Just(Outcome::Suppressed("other".into())),
    ];
    prop::collection::vec(outcome, 0..30)
}

fn ending(how: u8) -> Verdict {
    match how {
        0 | 1 => verdict(Outcome::Sent, None),
        2 => verdict(Outcome::Pending, Some(LATER)),
        3 => verdict(Outcome::Unknown, Some(LATER)),
        4 => verdict(Outcome::Unknown, None),
        _ => verdict(Outcome::Failed("http_400".into()), None),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_ledger_balances_whatever_happens(outcomes in outcomes(), batch in 1..5u32, steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let workspace = workspace(folder.path());
        let people = outcomes.into_iter().enumerate().map(|(i, outcome)| recipient(i, outcome));
        workspace.create_push(&new_push(Some(batch)), people).unwrap();
        let planned = check(&workspace, "p1").ledger.planned;
        let (mut under_way, mut shift): (Vec<Call>, Shift) = (Vec::new(), DAY);
        for step in steps {
            match step {
                Step::Begin => under_way.extend(begin(&workspace, shift)),
                Step::Finish(which, how) if !under_way.is_empty() => {
                    let call = under_way.swap_remove(which % under_way.len());
                    workspace.finish(&call, &ending(how), LATER).unwrap();
                }
                Step::Finish(..) => {}
                Step::Killed => {
                    under_way.clear();
                    shift.id += 1;
                }
                Step::Stop => drop(workspace.stop_push("p1").unwrap()),
                Step::Resume => drop(workspace.resume_push("p1").unwrap()),
            }
            prop_assert_eq!(check(&workspace, "p1").ledger.planned, planned);
        }
    }
}
