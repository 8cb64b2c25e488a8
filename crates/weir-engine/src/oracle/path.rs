//! Where people were at several dates, person by person.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::scope::Scope;
use weir_core::state_model::{ENTERED, LEFT, NONE};
use weir_core::time::Day;

use super::flow::{FlowSet, state_of};
use super::{Members, Oracle};

/// How many people took each path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// By the names at each date.
    pub counts: BTreeMap<Vec<String>, u64>,
    /// Size of the set: the sum of `counts`, `merged` and `erased`.
    pub total: u64,
    /// Frozen members that are one person with another frozen member by now.
    pub merged: u64,
    /// Frozen members that have been erased.
    pub erased: u64,
}

impl Oracle<'_> {
    /// The paths of a set over some dates, which ascend.
    pub fn paths(&self, set: FlowSet<'_>, model: &str, scope: &Scope, dates: &[Day]) -> Result<Paths> {
        let last = dates[dates.len() - 1];
        let mut states = Vec::new();
        for date in dates {
            states.push(self.states(model, scope, *date)?);
        }
        let (mut inside, mut merged, mut erased) = (Vec::new(), 0, 0);
        for date in dates {
            let moves = matches!(set, FlowSet::Moving(_));
            let counted = self.counted(set, if moves { *date } else { last })?;
            (merged, erased) = (counted.merged, counted.erased);
            inside.push(counted.people);
        }
        let names = self.labels(model, &[NONE])?;
        let mut counts: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        let everybody: Members = inside.iter().flatten().copied().collect();
        for person in everybody {
            let mut path = Vec::new();
            for (i, members) in inside.iter().enumerate() {
                let was_in = inside[..i].iter().any(|before| before.contains(&person));
                path.push(match (members.contains(&person), was_in) {
                    (true, _) => names[state_of(&states[i], person, names.len() - 1)].clone(),
                    (false, true) => LEFT.to_owned(),
                    (false, false) => ENTERED.to_owned(),
                });
            }
            *counts.entry(path).or_default() += 1;
        }
        let total = counts.values().sum::<u64>() + merged + erased;
        Ok(Paths { counts, total, merged, erased })
    }
}
