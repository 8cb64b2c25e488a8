//! `sample`: a stable share of a set, by a salted hash of the canonical identifier.
//!
//! h = the first 8 bytes, big-endian, of SHA-256(salt ‖ 0 ‖ kind ‖ 0 ‖ value); in when h < ⌊percent ÷ 100 × 2⁶⁴⌋. Any
//! engine with SHA-256 can do the same.

use sha2::{Digest, Sha256};

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::plan::SamplePlan;
use crate::shard::dense_of;

/// Hashes below the threshold are in; `None` when everybody is.
pub(crate) fn threshold(percent: f64) -> Option<u64> {
    const TWO_POW_64: f64 = 18_446_744_073_709_551_616.0;
    (percent < 100.0).then(|| (percent / 100.0 * TWO_POW_64) as u64)
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

fn hash(salt: &str, kind: &str, value: &str) -> u64 {
    let mut hasher = Sha256::new();
    for part in [salt.as_bytes(), &[0], kind.as_bytes(), &[0], value.as_bytes()] {
        hasher.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize()[..8]);
    u64::from_be_bytes(first)
}
