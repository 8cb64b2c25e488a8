//! Overlap: everybody in any of the sets is looked up in each of them.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::overlap::{Mask, Regions};
use weir_core::time::Day;

use super::{Members, Oracle};

impl Oracle<'_> {
    /// How many people are in each combination of some sets.
    pub fn overlap(&self, sets: &[Expr], as_of: Day) -> Result<Regions> {
        let mut members: Vec<Members> = Vec::new();
        for set in sets {
            members.push(self.members(set, as_of)?);
        }
        let everybody: Members = members.iter().flatten().copied().collect();
        let mut counts: BTreeMap<Mask, u64> = BTreeMap::new();
        for person in everybody {
            let mut mask = 0;
            for (place, set) in members.iter().enumerate() {
                mask |= Mask::from(set.contains(&person)) << place;
            }
            *counts.entry(mask).or_default() += 1;
        }
        Ok(Regions::new(counts))
    }
}
