//! What changed from one state model to another: states added, removed and moved, and inside a state what exactly its
//! rule says now. Each change has a place, as a JSON pointer, and a sentence.

use serde_json::Value;

use crate::state_model::{State, StateModel};

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A state that was not there.
    Added,
    /// A state that is no longer there.
    Removed,
    /// A state that stands elsewhere among those that stay, so that other rules come before it.
    Moved,
    /// A place of a rule.
    Rule,
    /// A title or the place on the way from stranger to loyal; no count depends on it.
    Label,
}

impl ChangeKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Added => "state_added",
            ChangeKind::Removed => "state_removed",
            ChangeKind::Moved => "state_moved",
            ChangeKind::Rule => "rule_changed",
            ChangeKind::Label => "label_changed",
        }
    }
}

/// One difference between two models.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What kind of change.
    pub kind: ChangeKind,
    /// The state concerned.
    pub state: String,
    /// Where: a pointer into the later model, of a state that is gone into the earlier one.
    pub at: String,
    /// One sentence.
    pub sentence: String,
    /// What stood there.
    pub before: Option<Value>,
    /// What stands there.
    pub after: Option<Value>,
}

/// Every difference, in the order of the later model; states that are gone come first.
pub fn diff(before: &StateModel, after: &StateModel) -> Vec<Change> {
    let mut changes: Vec<Change> =
        before.states.iter().enumerate().filter_map(|(i, state)| removed(i, state, after)).collect();
    let moved = moved(before, after);
    for (i, state) in after.states.iter().enumerate() {
        let at = format!("/states/{i}");
        let Some(old) = before.states.iter().position(|old| old.name == state.name) else {
            changes.push(added(&at, i, state, after));
            continue;
        };
        if moved.contains(&i) {
            changes.push(moved_change(&at, (old, i), state, after));
        }
        compare(&before.states[old], state, &at, &mut changes);
    }
    changes
}

fn removed(i: usize, state: &State, after: &StateModel) -> Option<Change> {
    let is_there = after.states.iter().any(|other| other.name == state.name);
    (!is_there).then(|| Change {
        kind: ChangeKind::Removed,
        state: state.name.clone(),
        at: format!("/states/{i}"),
        sentence: format!("the state \"{}\" is gone", state.name),
        before: Some(state.to_json()),
        after: None,
    })
}

fn added(at: &str, i: usize, state: &State, model: &StateModel) -> Change {
    Change {
        kind: ChangeKind::Added,
        state: state.name.clone(),
        at: at.to_owned(),
        sentence: format!("the state \"{}\" is new, {}", state.name, standing(i, model)),
        before: None,
        after: Some(state.to_json()),
    }
}

fn moved_change(at: &str, (old, new): (usize, usize), state: &State, model: &StateModel) -> Change {
    Change {
        kind: ChangeKind::Moved,
        state: state.name.clone(),
        at: at.to_owned(),
        sentence: format!("the state \"{}\" now stands {}", state.name, standing(new, model)),
        before: Some(old.into()),
        after: Some(new.into()),
    }
}

fn standing(i: usize, model: &StateModel) -> String {
    match i.checked_sub(1).map(|before| &model.states[before].name) {
        Some(before) => format!("after \"{before}\""),
        None => "before all others".to_owned(),
    }
}

/// Which states of the later model left their place: all but the most that kept their order.
fn moved(before: &StateModel, after: &StateModel) -> Vec<usize> {
    let place = |state: &State| before.states.iter().position(|old| old.name == state.name);
    let stayed: Vec<(usize, usize)> =
        after.states.iter().enumerate().filter_map(|(i, state)| Some((i, place(state)?))).collect();
    let mut best: Vec<Vec<usize>> = Vec::with_capacity(stayed.len());
    for (at, (i, place)) in stayed.iter().enumerate() {
        let earlier = stayed[..at].iter().zip(&best).filter(|((_, before), _)| before < place);
        let longest = earlier.map(|(_, chain)| chain).max_by_key(|chain| chain.len());
        let mut chain = longest.cloned().unwrap_or_default();
        chain.push(*i);
        best.push(chain);
    }
    let kept = best.into_iter().max_by_key(Vec::len).unwrap_or_default();
    stayed.into_iter().map(|(i, _)| i).filter(|i| !kept.contains(i)).collect()
}

fn compare(before: &State, after: &State, at: &str, changes: &mut Vec<Change>) {
    let (old, new) = (before.to_json(), after.to_json());
    for key in ["title", "title_zh", "slot"] {
        if old.get(key) != new.get(key) {
            let what = if key == "title_zh" { "Chinese title" } else { key };
            let sentence = says(&after.name, what, old.get(key), new.get(key));
            let (before, after_value) = (old.get(key).cloned(), new.get(key).cloned());
            let at = format!("{at}/{key}");
            let (kind, state) = (ChangeKind::Label, after.name.clone());
            changes.push(Change { kind, state, at, sentence, before, after: after_value });
        }
    }
    let mut places = Vec::new();
    differing(&old["when"], &new["when"], &format!("{at}/when"), &mut places);
    for Place { at, before, after: now } in places {
        let sentence = says(&after.name, "rule", before.as_ref(), now.as_ref());
        let (kind, state) = (ChangeKind::Rule, after.name.clone());
        changes.push(Change { kind, state, at, sentence, before, after: now });
    }
}

fn says(state: &str, what: &str, before: Option<&Value>, after: Option<&Value>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("the {what} of \"{state}\" says {after} instead of {before}"),
        (None, Some(after)) => format!("the {what} of \"{state}\" also says {after}"),
        (Some(before), None) => format!("the {what} of \"{state}\" no longer says {before}"),
        (None, None) => format!("the {what} of \"{state}\" is the same"),
    }
}

/// A place where two documents differ.
struct Place {
    at: String,
    before: Option<Value>,
    after: Option<Value>,
}

/// The smallest parts that differ. Lists are compared item by item where they are equally long, else as one.
fn differing(before: &Value, after: &Value, at: &str, places: &mut Vec<Place>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) if old.keys().any(|key| new.contains_key(key)) => {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            for key in new.keys().chain(gone) {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match (old.get(key), new.get(key)) {
                    (Some(old), Some(new)) => differing(old, new, &at, places),
                    (before, after) => {
                        places.push(Place { at, before: before.cloned(), after: after.cloned() });
                    }
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (i, (old, new)) in old.iter().zip(new).enumerate() {
                differing(old, new, &format!("{at}/{i}"), places);
            }
        }
        _ => {
            places.push(Place {
                at: at.to_owned(),
                before: Some(before.clone()),
                after: Some(after.clone()),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn model(states: &[(&str, Value)]) -> StateModel {
        let state = |(name, when): &(&str, Value)| json!({ "name": name, "when": when });
        StateModel::from_json(&states.iter().map(state).collect()).unwrap()
    }

    #[track_caller]
    fn check(before: &StateModel, after: &StateModel, expected: &[&str]) {
        let line = |change: &Change| format!("{} {}: {}", change.kind.name(), change.at, change.sentence);
        assert_eq!(diff(before, after).iter().map(line).collect::<Vec<_>>(), expected);
    }

    fn bought(days: u32) -> Value {
        json!({ "did": { "behavior": ["purchase"], "within": { "days": days } } })
    }

    #[test]
    fn a_changed_rule_is_told_at_its_smallest_place() {
        let before = model(&[("old", bought(365))]);
        check(&before, &before, &[]);
        check(
            &before,
            &model(&[("old", bought(90))]),
            &["rule_changed /states/0/when/did/within/days: the rule of \"old\" says 90 instead of 365"],
        );
        let more = json!({ "did": { "behavior": ["purchase", "refund"], "count": { "gte": 2 } } });
        check(
            &before,
            &model(&[("old", more)]),
            &[
                "rule_changed /states/0/when/did/behavior: the rule of \"old\" says [\"purchase\",\"refund\"] instead of [\"purchase\"]",
                "rule_changed /states/0/when/did/count: the rule of \"old\" also says {\"gte\":2}",
                "rule_changed /states/0/when/did/within: the rule of \"old\" no longer says {\"days\":365}",
            ],
        );
        check(
            &before,
            &model(&[("old", json!({ "not": bought(365) }))]),
            &[
                "rule_changed /states/0/when: the rule of \"old\" says {\"not\":{\"did\":{\"behavior\":[\"purchase\"],\"within\":{\"days\":365}}}} instead of {\"did\":{\"behavior\":[\"purchase\"],\"within\":{\"days\":365}}}",
            ],
        );
    }

    #[test]
    fn states_come_go_and_move() {
        let [a, b, c] = ["a", "b", "c"].map(|name| (name, bought(1)));
        let before = model(&[a.clone(), b.clone(), c.clone()]);
        check(
            &before,
            &model(&[c.clone(), a.clone(), b.clone()]),
            &["state_moved /states/0: the state \"c\" now stands before all others"],
        );
        check(
            &before,
            &model(&[a.clone(), ("d", bought(2)), c.clone()]),
            &[
                "state_removed /states/1: the state \"b\" is gone",
                "state_added /states/1: the state \"d\" is new, after \"a\"",
            ],
        );
    }

    #[test]
    fn labels_are_told_apart() {
        let titled = |title: &str| {
            let state = json!({ "name": "old", "title": title, "when": bought(1) });
            StateModel::from_json(&json!([state])).unwrap()
        };
        check(
            &titled("Old"),
            &titled("Bought"),
            &["label_changed /states/0/title: the title of \"old\" says \"Bought\" instead of \"Old\""],
        );
    }
}
