//! What is in the store, compared with what the writers know.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use jiff::{ToSpan, Zoned};

use crate::message::{Names, Number, PER_USER};
use crate::server::Weir;
use crate::writer::Account;

/// The figures of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Messages sent at least once.
    pub sent: u64,
    /// Of them acknowledged.
    pub acknowledged: u64,
    /// Rows in the store.
    pub stored: u64,
    /// Acknowledged, not stored.
    pub missing: u64,
    /// Rows beyond the first of a message.
    pub duplicates: u64,
    /// Rows that nobody has sent.
    pub foreign: u64,
    /// Stored without having been acknowledged: requests whose answer was lost.
    pub unacknowledged: u64,
    /// People, as the identifiers of the stored messages make them.
    pub people_expected: u64,
    /// People, as the store counts them.
    pub people: u64,
    /// One missing, one duplicate and one foreign id, where there are any.
    pub examples: Vec<String>,
}

impl Comparison {
    /// All figures with their names.
    pub fn figures(&self) -> [(&'static str, u64); 9] {
        [
            ("sent", self.sent),
            ("acknowledged", self.acknowledged),
            ("stored", self.stored),
            ("acknowledged, missing", self.missing),
            ("stored twice", self.duplicates),
            ("stored, never sent", self.foreign),
            ("stored, not acknowledged", self.unacknowledged),
            ("people by the stored messages", self.people_expected),
            ("people by the store", self.people),
        ]
    }

    /// What is not as it must be.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (count, what) in [
            (self.missing, "acknowledged messages are missing"),
            (self.duplicates, "rows repeat a message"),
            (self.foreign, "rows were never sent"),
        ] {
            if count > 0 {
                problems.push(format!("{count} {what} ({})", self.examples.join(", ")));
            }
        }
        if self.people != self.people_expected {
            let (found, expected) = (self.people, self.people_expected);
            problems.push(format!("{found} people, where the stored messages make {expected}"));
        }
        problems
    }
}

/// Compares a store with the accounts. `scratch` takes a list of all ids for a moment.
pub fn compare(weir: &Weir, accounts: &[Account], scratch: &Path) -> Result<Comparison, String> {
    let list = scratch.join("message_ids.csv");
    weir.sql(&format!("COPY (SELECT message_id FROM events) TO '{}' STORED AS CSV", list.display()))?;
    let mut tally = Tally::new(accounts);
    let file = File::open(&list).map_err(|error| format!("cannot read {}: {error}", list.display()))?;
    for line in BufReader::new(file).lines().skip(1) {
        tally.count(&line.map_err(|error| error.to_string())?);
    }
    let _ = std::fs::remove_file(&list);
    let mut comparison = tally.finish();
    comparison.people = people(weir, scratch)?;
    Ok(comparison)
}

/// How many are known. Tomorrow, because the workspace's zone may be ahead.
fn people(weir: &Weir, scratch: &Path) -> Result<u64, String> {
    let expression = scratch.join("everyone.json");
    std::fs::write(&expression, "{\"everyone\":true}").map_err(|error| error.to_string())?;
    let tomorrow = Zoned::now().date().saturating_add(1.day()).to_string();
    let answer = weir.json(&["eval", &expression.display().to_string(), "--as-of", &tomorrow])?;
    answer["count"].as_u64().ok_or_else(|| format!("eval answered {answer}"))
}

struct Tally<'a> {
    accounts: &'a [Account],
    /// By writer and sequence: whether it is stored.
    seen: Vec<Vec<bool>>,
    comparison: Comparison,
}

impl Tally<'_> {
    fn new(accounts: &[Account]) -> Tally<'_> {
        let seen = accounts.iter().map(|account| vec![false; account.sent as usize]).collect();
        Tally { accounts, seen, comparison: Comparison::default() }
    }

    fn count(&mut self, id: &str) {
        self.comparison.stored += 1;
        let place = Number::parse(id);
        let seen = place.and_then(|n| self.seen.get_mut(n.writer)?.get_mut(n.sequence as usize));
        match seen {
            None => self.comparison.foreign += note(&mut self.comparison.examples, "never sent", id),
            Some(true) => self.comparison.duplicates += note(&mut self.comparison.examples, "twice", id),
            Some(seen) => *seen = true,
        }
    }

    fn finish(mut self) -> Comparison {
        for (writer, (account, seen)) in self.accounts.iter().zip(&self.seen).enumerate() {
            self.comparison.sent += account.sent;
            for (sequence, &stored) in seen.iter().enumerate() {
                let acknowledged = account.acknowledged.get(sequence) == Some(&true);
                self.comparison.acknowledged += u64::from(acknowledged);
                self.comparison.unacknowledged += u64::from(stored && !acknowledged);
                if acknowledged && !stored {
                    let id = Number { writer, sequence: sequence as u64 }.id();
                    self.comparison.missing += note(&mut self.comparison.examples, "missing", &id);
                }
            }
            self.comparison.people_expected += people_of(writer, seen);
        }
        self.comparison
    }
}

/// Keeps the first example of a kind. Answers 1, the one that is counted.
fn note(examples: &mut Vec<String>, kind: &str, id: &str) -> u64 {
    if !examples.iter().any(|example| example.starts_with(kind)) {
        examples.push(format!("{kind}: {id}"));
    }
    1
}

/// The people that a writer's stored messages make.
fn people_of(writer: usize, seen: &[bool]) -> u64 {
    let groups = seen.chunks(PER_USER as usize).enumerate();
    groups.map(|(group, seen)| people_of_user(writer, group as u64 * PER_USER, seen)).sum()
}

fn people_of_user(writer: usize, first: u64, seen: &[bool]) -> u64 {
    let (mut both, mut user, mut anonymous) = (false, false, false);
    for (sequence, _) in (first..).zip(seen).filter(|(_, stored)| **stored) {
        match (Number { writer, sequence }).names() {
            Names::Both => both = true,
            Names::User => user = true,
            Names::Anonymous => anonymous = true,
        }
    }
    if both { 1 } else { u64::from(user) + u64::from(anonymous) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(sent: u64, acknowledged: &[u64]) -> Account {
        let is = |sequence| acknowledged.contains(&sequence);
        Account { sent, acknowledged: (0..sent).map(is).collect() }
    }

    #[track_caller]
    fn check(ids: &[&str], expected: [u64; 5], people: u64, examples: &[&str]) {
        let accounts = [account(4, &[0, 1]), account(60, &[40])];
        let mut tally = Tally::new(&accounts);
        ids.iter().for_each(|id| tally.count(id));
        let found = tally.finish();
        let figures = [found.stored, found.missing, found.duplicates, found.foreign, found.unacknowledged];
        assert_eq!((figures, found.people_expected), (expected, people), "{ids:?}");
        assert_eq!(found.examples, examples, "{ids:?}");
    }

    #[test]
    fn what_is_missing_twice_or_foreign_is_found() {
        check(&["w0-0", "w0-1", "w1-40"], [3, 0, 0, 0, 0], 2, &[]);
        check(&["w0-0", "w0-1", "w1-40", "w1-41", "w1-2"], [5, 0, 0, 0, 2], 3, &[]);
        check(&["w0-0", "w0-1"], [2, 1, 0, 0, 0], 1, &["missing: w1-40"]);
        check(&["w0-0", "w0-1", "w1-40", "w0-1"], [4, 0, 1, 0, 0], 2, &["twice: w0-1"]);
        check(&["w0-0", "w0-1", "w1-40", "w0-4", "x"], [5, 0, 0, 2, 0], 2, &["never sent: w0-4"]);
    }

    #[test]
    fn two_names_are_one_person_only_by_the_message_that_says_so() {
        check(&["w0-0", "w0-1", "w1-40", "w1-21", "w1-22"], [5, 0, 0, 0, 2], 4, &[]);
        check(&["w0-0", "w0-1", "w1-40", "w1-21", "w1-22", "w1-20"], [6, 0, 0, 0, 3], 3, &[]);
    }

    #[test]
    fn problems_are_told_and_a_match_is_none() {
        let good = Comparison { people: 3, people_expected: 3, ..Comparison::default() };
        assert_eq!(good.problems(), Vec::<String>::new());
        let bad = Comparison { missing: 2, people: 4, examples: vec!["missing: w0-1".to_owned()], ..good };
        assert_eq!(bad.problems().len(), 2, "{:?}", bad.problems());
    }
}
