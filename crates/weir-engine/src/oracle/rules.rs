//! What the rules of a model do, person by person.

use weir_core::Result;
use weir_core::scope::Scope;
use weir_core::time::Day;

use super::flow::FlowSet;
use super::{Context, Oracle};

/// For each rule whom it matches, whom it decides, and whom each rule before it takes from it.
pub type RuleCounts = Vec<(u64, u64, Vec<u64>)>;

impl Oracle<'_> {
    /// What each rule of a model does, and how many it leaves.
    pub fn rules(&self, set: FlowSet<'_>, model: &str, scope: &Scope, at: Day) -> Result<(RuleCounts, u64)> {
        let inside = Context::new(at).enter(&format!("state model {model}"), scope.clone())?;
        let mut rules = Vec::new();
        for state in &self.model(model)?.states {
            rules.push(self.eval(&state.when, &inside)?);
        }
        let mut counts: RuleCounts = (0..rules.len()).map(|i| (0, 0, vec![0; i])).collect();
        let mut none = 0;
        for person in &self.counted(set, at)?.people {
            let Some(first) = rules.iter().position(|rule| rule.contains(person)) else {
                none += 1;
                continue;
            };
            for (i, _) in rules.iter().enumerate().filter(|(_, rule)| rule.contains(person)) {
                counts[i].0 += 1;
                if i == first {
                    counts[i].1 += 1;
                } else {
                    counts[i].2[first] += 1;
                }
            }
        }
        Ok((counts, none))
    }
}
