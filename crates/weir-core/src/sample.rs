//! A stable share of people by salted hash: the same people every time, an independent share under another salt.
//!
//! h = the first 8 bytes, big-endian, of SHA-256(salt ‖ 0 ‖ kind ‖ 0 ‖ value); in when h < ⌊percent ÷ 100 × 2⁶⁴⌋. Any
//! engine with SHA-256 can do the same. `sample` expressions and the holdouts of pushes share it.

use sha2::{Digest, Sha256};

/// Hashes below the threshold are in; `None` when everybody is.
pub fn threshold(percent: f64) -> Option<u64> {
    const TWO_POW_64: f64 = 18_446_744_073_709_551_616.0;
    (percent < 100.0).then(|| (percent / 100.0 * TWO_POW_64) as u64)
}

/// The hash of one canonical identifier.
pub fn sample_hash(salt: &str, kind: &str, value: &str) -> u64 {
    let mut hasher = Sha256::new();
    for part in [salt.as_bytes(), &[0], kind.as_bytes(), &[0], value.as_bytes()] {
        hasher.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize()[..8]);
    u64::from_be_bytes(first)
}

/// Whether an identifier is among those that a salt picks.
pub fn picks(salt: &str, kind: &str, value: &str, percent: f64) -> bool {
    // Nobody has a hash below 0; then none is computed.
    threshold(percent).is_none_or(|threshold| threshold > 0 && sample_hash(salt, kind, value) < threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_nested_and_close_to_what_was_asked() {
        let values: Vec<String> = (0..10_000).map(|n| format!("u{n}")).collect();
        let picked = |percent: f64| -> Vec<&String> {
            values.iter().filter(|value| picks("s", "user_id", value, percent)).collect()
        };
        let (fifth, half) = (picked(20.0), picked(50.0));
        assert!(fifth.iter().all(|value| half.contains(value)));
        assert_eq!((picked(0.0).len(), picked(100.0).len()), (0, 10_000));
        assert!((1_800..2_200).contains(&fifth.len()), "five standard deviations around 2,000");
    }

    #[test]
    fn the_hash_is_the_head_of_sha_256() {
        // printf 'spring\0user_id\0a' | sha256sum
        assert_eq!(sample_hash("spring", "user_id", "a"), 0x9f63_1c9e_b34f_111e);
    }

    #[test]
    fn thresholds_are_shares_of_all_hashes() {
        assert_eq!((threshold(0.0), threshold(50.0), threshold(100.0)), (Some(0), Some(1 << 63), None));
    }
}
