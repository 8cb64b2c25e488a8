//! A stable share of people by a salted hash: samples, and who is held out of a push.
//!
//! h = the first 8 bytes, big-endian, of SHA-256(salt ‖ 0 ‖ kind ‖ 0 ‖ value); in when h < ⌊share × 2⁶⁴⌋. Any
//! engine with SHA-256 can do the same. The oracle keeps a copy of its own, on purpose.
//!
//! Deliberately absent: whose identifier is hashed. It is the canonical one, and only the caller knows it.

use sha2::{Digest, Sha256};

/// Hashes below the threshold are in; `None` when everybody is. `share` lies in 0..=1.
pub fn threshold(share: f64) -> Option<u64> {
    const TWO_POW_64: f64 = 18_446_744_073_709_551_616.0;
    (share < 1.0).then_some((share * TWO_POW_64) as u64)
}

/// Where an identifier falls under a salt, uniform over all `u64`.
pub fn hash(salt: &str, kind: &str, value: &str) -> u64 {
    let mut hasher = Sha256::new();
    for part in [salt.as_bytes(), &[0], kind.as_bytes(), &[0], value.as_bytes()] {
        hasher.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize()[..8]);
    u64::from_be_bytes(first)
}

/// Whether an identifier is among the `share` that a salt picks.
pub fn picks(salt: &str, kind: &str, value: &str, share: f64) -> bool {
    threshold(share).is_none_or(|threshold| hash(salt, kind, value) < threshold)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another SHA-256: `printf 'autumn\0user_id\0u1' | sha256sum`.
    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(hash("autumn", "user_id", "u1"), 0x4906_97b5_a7f7_c971);
    }

    #[test]
    fn shares_are_nested_and_close_to_what_was_asked() {
        let values: Vec<String> = (0..10_000).map(|n| format!("u{n}")).collect();
        let picked = |share: f64| values.iter().filter(|v| picks("s", "user_id", v, share)).count();
        let nested =
            values.iter().filter(|v| picks("s", "user_id", v, 0.2)).all(|v| picks("s", "user_id", v, 0.5));
        assert!(nested);
        assert_eq!((picked(0.0), picked(1.0)), (0, 10_000));
        assert!((1_800..2_200).contains(&picked(0.2)), "five standard deviations around 2,000");
    }
}
