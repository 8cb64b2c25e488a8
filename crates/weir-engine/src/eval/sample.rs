//! `sample`: a stable share of a set, by a salted hash of the canonical identifier (see [`weir_core::sample`]).

use weir_core::sample::sample_hash;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::plan::SamplePlan;
use crate::shard::dense_of;

/// The sampled members of a shard.
pub(crate) fn select(sample: &SamplePlan, of: &Bits, shard: usize, consumers: &Consumers) -> Bits {
    let Some(threshold) = sample.threshold else { return of.clone() };
    let mut bits = Bits::empty();
    for local in of.iter() {
        let (kind, value) = sample.identifiers.get(consumers.canonical(dense_of(shard, local)));
        if sample_hash(&sample.salt, kind, value) < threshold {
            bits.insert(local);
        }
    }
    bits
}
