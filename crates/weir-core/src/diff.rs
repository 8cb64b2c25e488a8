//! What changed between two JSON documents, such as two versions of a definition: place by place.
//!
//! Objects are compared key by key. Lists are compared from both ends, and what is left in the middle place by place; so a
//! part put in or taken out anywhere is one difference, not a difference of all that follow it.

use serde_json::Value as Json;

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// JSON pointer: into the second document, of what was removed into the first.
    pub at: String,
    /// What was there; none: it was added.
    pub before: Option<Json>,
    /// What is there; none: it was removed.
    pub after: Option<Json>,
}

impl Difference {
    /// `added`, `removed` or `changed`.
    pub fn change(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, _) => "added",
            (_, None) => "removed",
            (Some(_), Some(_)) => "changed",
        }
    }
}

/// The differences from one document to another, in the order of the documents.
pub fn diff(before: &Json, after: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(before, after, "", &mut found);
    found
}

fn compare(before: &Json, after: &Json, at: &str, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Json::Object(before), Json::Object(after)) => objects(before, after, at, found),
        (Json::Array(before), Json::Array(after)) => lists(before, after, at, found),
        _ => found.push(Difference {
            at: at.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn objects(
    before: &serde_json::Map<String, Json>,
    after: &serde_json::Map<String, Json>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    let place = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    for (key, was) in before {
        match after.get(key) {
            Some(is) => compare(was, is, &place(key), found),
            None => found.push(Difference { at: place(key), before: Some(was.clone()), after: None }),
        }
    }
    for (key, is) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        found.push(Difference { at: place(key), before: None, after: Some(is.clone()) });
    }
}

fn lists(before: &[Json], after: &[Json], at: &str, found: &mut Vec<Difference>) {
    let same = |pairs: &mut dyn Iterator<Item = (&Json, &Json)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut before.iter().zip(after));
    let (was, is) = (&before[start..], &after[start..]);
    let end = same(&mut was.iter().rev().zip(is.iter().rev()));
    let (was, is) = (&was[..was.len() - end], &is[..is.len() - end]);
    let both = was.len().min(is.len());
    for place in 0..both {
        compare(&was[place], &is[place], &format!("{at}/{}", start + place), found);
    }
    for (place, gone) in was.iter().enumerate().skip(both) {
        let at = format!("{at}/{}", start + place);
        found.push(Difference { at, before: Some(gone.clone()), after: None });
    }
    for (place, new) in is.iter().enumerate().skip(both) {
        let at = format!("{at}/{}", start + place);
        found.push(Difference { at, before: None, after: Some(new.clone()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(before: &Json, after: &Json, expected: &[&str]) {
        let text = |value: &Option<Json>| value.as_ref().map_or("–".to_owned(), Json::to_string);
        let line =
            |d: &Difference| format!("{} {}: {} → {}", d.change(), d.at, text(&d.before), text(&d.after));
        assert_eq!(diff(before, after).iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_difference_has_a_place() {
        check(&json!({"a": 1}), &json!({"a": 1}), &[]);
        check(
            &json!({"did": {"behavior": ["view"], "within": {"days": 30}}}),
            &json!({"did": {"behavior": ["view", "click"], "count": {"gte": 2}, "within": {"days": 15}}}),
            &[
                "added /did/behavior/1: – → \"click\"",
                "changed /did/within/days: 30 → 15",
                "added /did/count: – → {\"gte\":2}",
            ],
        );
        check(&json!({"not": 1}), &json!({"all": [1]}), &["removed /not: 1 → –", "added /all: – → [1]"]);
        check(&json!({"a/b": 1}), &json!([1]), &["changed : {\"a/b\":1} → [1]"]);
        check(&json!({"a/b": 1}), &json!({"a/b": 2}), &["changed /a~1b: 1 → 2"]);
    }

    #[test]
    fn a_part_put_in_is_one_difference() {
        check(&json!([1, 2, 3]), &json!([0, 1, 2, 3]), &["added /0: – → 0"]);
        check(&json!([1, 2, 3]), &json!([1, 3]), &["removed /1: 2 → –"]);
        check(&json!([1, 2, 3]), &json!([1, 9, 8, 3]), &["changed /1: 2 → 9", "added /2: – → 8"]);
        check(&json!([1, 1]), &json!([1]), &["removed /1: 1 → –"]);
        check(&json!([[1], 2]), &json!([[1, 5], 2]), &["added /0/1: – → 5"]);
    }
}
