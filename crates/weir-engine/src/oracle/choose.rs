//! Nodes that choose some of a set: a share by salted hash, the greatest by a measure.

use std::cmp::Ordering;

use weir_core::Result;
use weir_core::expr::{Sample, Top};
use weir_core::identity::Node;

use super::hash::sample_hash;
use super::matching::Matcher;
use super::measure::{self, Measured};
use super::{Context, Members, Oracle};

/// How many values a sample's hash may take.
const HASHES: f64 = 18_446_744_073_709_551_616.0;

impl Oracle<'_> {
    /// A person is in a sample when its hash lies below so many percent of all hashes.
    pub(super) fn sample(&self, sample: &Sample, at: &Context) -> Result<Members> {
        let bound = (sample.percent / 100.0 * HASHES).floor() as u128;
        let chosen = |person: &Node| {
            let (kind, value) = self.identifier(*person);
            u128::from(sample_hash(&sample.salt, kind, value)) < bound
        };
        Ok(self.eval(&sample.of, at)?.into_iter().filter(chosen).collect())
    }

    /// The first `n`, greatest measure first, equals by canonical identifier.
    pub(super) fn top(&self, top: &Top, at: &Context) -> Result<Members> {
        let matcher = Matcher::new(self.world, &top.by, at)?;
        let mut ranked: Vec<(Measured, Node)> = Vec::new();
        for person in self.eval(&top.of, at)? {
            let matching = self.matching(person, &matcher);
            let value = measure::of(top.measure, &matching).filter(|_| !matching.is_empty());
            ranked.extend(value.map(|value| (value, person)));
        }
        ranked.sort_by(|a, b| self.rank_order(*a, *b));
        let n = usize::try_from(top.n).unwrap_or(usize::MAX);
        Ok(ranked.into_iter().take(n).map(|(_, person)| person).collect())
    }

    fn rank_order(&self, a: (Measured, Node), b: (Measured, Node)) -> Ordering {
        let identifiers = || self.world.policy.order(self.identifier(a.1), self.identifier(b.1));
        b.0.order(a.0).then_with(identifiers)
    }
}
