//! `sample`: a stable share of a set, by a salted hash of the canonical identifier.
//!
//! The hash is [`weir_core::holdout`]'s, which pushes use as well.

use weir_core::holdout::{self, hash};

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::plan::SamplePlan;
use crate::shard::dense_of;

/// Hashes below the threshold are in; `None` when everybody is.
pub(crate) fn threshold(percent: f64) -> Option<u64> {
    holdout::threshold(percent / 100.0)
}

/// The sampled members of a shard.
pub(crate) fn select(sample: &SamplePlan, of: &Bits, shard: usize, consumers: &Consumers) -> Bits {
    let Some(threshold) = sample.threshold else { return of.clone() };
    let mut bits = Bits::empty();
    for local in of.iter() {
        let (kind, value) = sample.identifiers.get(consumers.canonical(dense_of(shard, local)));
        if hash(&sample.salt, kind, value) < threshold {
            bits.insert(local);
        }
    }
    bits
}
