//! The two hashes that outsiders can recompute.

use sha2::{Digest, Sha256};

/// SHA-256, in hexadecimal, over the members' canonical identifiers in canonical order: for each its kind, a zero
/// byte, its value, a zero byte. The same people give the same hash in any store.
pub fn content_hash<'a>(sorted: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = Vec::new();
    for (kind, value) in sorted {
        text.extend_from_slice(kind.as_bytes());
        text.push(0);
        text.extend_from_slice(value.as_bytes());
        text.push(0);
    }
    Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first eight bytes, big-endian, of SHA-256 over salt, zero byte, kind, zero byte, value.
pub(super) fn sample_hash(salt: &str, kind: &str, value: &str) -> u64 {
    let text = [salt, kind, value].join("\0");
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_hash_is_plain_sha_256() {
        // printf '' | sha256sum; printf 'user_id\0a\0email\0b@c.cn\0' | sha256sum
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let two = "4212b86b0499710e0741d222881e80671ca3737a2fad6dd3c0c16c731d33747a";
        assert_eq!(content_hash(std::iter::empty()), empty);
        assert_eq!(content_hash([("user_id", "a"), ("email", "b@c.cn")].into_iter()), two);
    }

    #[test]
    fn the_sample_hash_is_the_head_of_sha_256() {
        // printf 'spring\0user_id\0a' | sha256sum
        assert_eq!(sample_hash("spring", "user_id", "a"), 0x9f631c9eb34f111e);
    }
}
