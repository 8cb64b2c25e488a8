//! Adding the ledger of one batch to the ledger of an import.
//!
//! Deliberately absent: accepted and duplicate rows. Whether a row was there already only the store knows.

use std::collections::BTreeMap;

use weir_core::ledger::Ledger;

/// Most unknown names a ledger lists a kind. A mapping that takes a row number for a behavior must not fill the memory.
const MOST_NAMES: usize = 1_000;

/// Where names beyond that are counted.
const OTHERS: &str = "(others)";

/// Adds what was read, refused, unmapped and remarked on.
pub(super) fn add(to: &mut Ledger, from: Ledger) {
    to.read += from.read;
    merge(&mut to.reasons, from.reasons, usize::MAX);
    merge(&mut to.remarks, from.remarks, usize::MAX);
    for (kind, names) in from.unmapped {
        merge(to.unmapped.entry(kind).or_default(), names, MOST_NAMES);
    }
}

fn merge(to: &mut BTreeMap<String, u64>, from: BTreeMap<String, u64>, most: usize) {
    for (name, n) in from {
        let has_room = to.contains_key(&name) || to.len() < most;
        let name = if has_room { name } else { OTHERS.to_owned() };
        *to.entry(name).or_default() += n;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_add_up() {
        let mut total = Ledger::default();
        for _ in 0..2 {
            let mut batch = Ledger { read: 3, ..Ledger::default() };
            batch.reject("no_time");
            batch.remark("no_rate");
            batch.unmapped("behavior", "adjustment");
            add(&mut total, batch);
        }
        assert_eq!((total.read, total.reasons["no_time"], total.remarks["no_rate"]), (6, 2, 2));
        assert_eq!(total.unmapped["behavior"]["adjustment"], 2);
    }

    #[test]
    fn unknown_names_are_listed_up_to_a_limit() {
        let mut batch = Ledger::default();
        for n in 0..2 * MOST_NAMES {
            batch.unmapped("behavior", &format!("{n:05}"));
        }
        let mut total = Ledger::default();
        add(&mut total, batch);
        assert_eq!(total.unmapped["behavior"].len(), MOST_NAMES + 1);
        assert_eq!(total.unmapped["behavior"][OTHERS], MOST_NAMES as u64);
    }
}
