//! Ledgers: what came in, and what became of each piece. They balance: `read = accepted + duplicate + rejected`.

use std::collections::BTreeMap;

use crate::time::Micros;

/// What became of the rows of one import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// Rows read from the input.
    pub read: u64,
    /// Rows kept.
    pub accepted: u64,
    /// Rows that were there already.
    pub duplicate: u64,
    /// Rows refused, by reason code.
    pub reasons: BTreeMap<String, u64>,
    /// People nobody had heard of before.
    pub new_consumers: u64,
    /// Kept, but under a name the workspace does not know: kind of name → name → rows.
    pub unmapped: BTreeMap<String, BTreeMap<String, u64>>,
    /// Kept with a remark (an amount that could not be converted, a junk identifier dropped …): code → rows.
    pub remarks: BTreeMap<String, u64>,
    /// Earliest time of an accepted row.
    pub first_time: Option<Micros>,
    /// Latest time of an accepted row.
    pub last_time: Option<Micros>,
}

impl Ledger {
    /// Rows refused, whatever the reason.
    pub fn rejected(&self) -> u64 {
        self.reasons.values().sum()
    }

    /// Whether every row read is accounted for.
    pub fn balances(&self) -> bool {
        self.read == self.accepted + self.duplicate + self.rejected()
    }

    /// Counts a refused row.
    pub fn reject(&mut self, reason: &str) {
        count(&mut self.reasons, reason);
    }

    /// Counts a remark on a kept row.
    pub fn remark(&mut self, remark: &str) {
        count(&mut self.remarks, remark);
    }

    /// Counts a kept row under an unknown name.
    pub fn unmapped(&mut self, kind: &str, name: &str) {
        count(self.unmapped.entry(kind.to_owned()).or_default(), name);
    }

    /// Counts an accepted row and its time.
    pub fn accept(&mut self, time: Option<Micros>) {
        self.accepted += 1;
        if let Some(time) = time {
            self.first_time = Some(self.first_time.map_or(time, |first| first.min(time)));
            self.last_time = Some(self.last_time.map_or(time, |last| last.max(time)));
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    match counts.get_mut(key) {
        Some(n) => *n += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_balances() {
        let mut ledger = Ledger { read: 4, duplicate: 1, ..Ledger::default() };
        ledger.accept(Some(7));
        ledger.accept(Some(3));
        assert!(!ledger.balances());
        ledger.reject("no_identifier");
        assert!(ledger.balances());
        assert_eq!((ledger.first_time, ledger.last_time), (Some(3), Some(7)));
    }
}
