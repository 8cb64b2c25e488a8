//! Signatures of webhooks after Standard Webhooks 1.0.
//!
//! `webhook-signature` holds, separated by spaces, one `v1,<base64>` for each active secret: HMAC-SHA256 over
//! `id.timestamp.body`. A secret is written `whsec_<base64>`; the key is what the base64 stands for, 24 to 64 bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use weir_core::{Code, Error, Result};

/// What every secret begins with, so that scanners find leaked ones.
pub const SECRET_PREFIX: &str = "whsec_";

/// Length of the secrets made here, and what others may bring, in bytes.
const OWN_LENGTH: usize = 32;
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Bytes that SHA-256 takes at a time.
const BLOCK: usize = 64;

/// The header for a message: one signature for each secret.
pub fn sign(secrets: &[String], id: &str, timestamp: i64, body: &[u8]) -> Result<String> {
    let mut signatures = Vec::new();
    for secret in secrets {
        signatures.push(format!("v1,{}", STANDARD.encode(signature(&key(secret)?, id, timestamp, body))));
    }
    Ok(signatures.join(" "))
}

/// A fresh secret.
pub fn new_secret() -> Result<String> {
    let mut key = [0; OWN_LENGTH];
    getrandom::fill(&mut key).map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
    Ok(format!("{SECRET_PREFIX}{}", STANDARD.encode(key)))
}

/// Refuses what is not a secret.
pub fn check_secret(secret: &str) -> Result<()> {
    key(secret).map(|_| ())
}

fn key(secret: &str) -> Result<Vec<u8>> {
    let encoded = secret.strip_prefix(SECRET_PREFIX);
    let key = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
    // The secret itself is not repeated: errors are logged.
    let wrong = || {
        Error::new(Code::InvalidArgument, "this is not a signing secret")
            .at("secret")
            .help("write whsec_ and 24 to 64 random bytes in base64, or leave it out to have one made")
    };
    key.filter(|key| LENGTHS.contains(&key.len())).ok_or_else(wrong)
}

fn signature(key: &[u8], id: &str, timestamp: i64, body: &[u8]) -> [u8; 32] {
    hmac(key, &[format!("{id}.{timestamp}.").as_bytes(), body])
}

/// HMAC-SHA256 (RFC 2104): H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text)). Keys are no longer than a block, so none is hashed first.
fn hmac(key: &[u8], text: &[&[u8]]) -> [u8; 32] {
    debug_assert!(key.len() <= BLOCK);
    let padded = |pad: u8| {
        let mut block = [pad; BLOCK];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block
    };
    let mut inner = Sha256::new_with_prefix(padded(0x36));
    text.iter().for_each(|part| inner.update(part));
    Sha256::new_with_prefix(padded(0x5c)).chain_update(inner.finalize()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vector_of_the_standard_holds() {
        // Published with the reference implementations of Standard Webhooks.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let body = br#"{"test": 2432232314}"#;
        let signature = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).unwrap();
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn the_vectors_of_rfc_4231_hold() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(
            hex(hmac(&[0x0b; 20], &[b"Hi There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            hex(hmac(b"Jefe", &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(hmac(&[0xaa; 20], &[&[0xdd; 50]])),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        );
    }

    #[test]
    fn every_active_secret_signs() {
        let secrets = [new_secret().unwrap(), new_secret().unwrap()];
        let both = sign(&secrets, "msg_1", 1, b"{}").unwrap();
        let each: Vec<String> = secrets
            .iter()
            .map(|secret| sign(std::slice::from_ref(secret), "msg_1", 1, b"{}").unwrap())
            .collect();
        assert_eq!(both, each.join(" "));
        assert_ne!(each[0], each[1]);
    }

    #[test]
    fn id_time_and_body_are_all_signed() {
        let secret = [new_secret().unwrap()];
        let of = |id: &str, time: i64, body: &[u8]| sign(&secret, id, time, body).unwrap();
        let first = of("a", 1, b"x");
        for other in [of("b", 1, b"x"), of("a", 2, b"x"), of("a", 1, b"y")] {
            assert_ne!(other, first);
        }
    }

    #[test]
    fn what_is_no_secret_is_refused_and_not_repeated() {
        let short = format!("whsec_{}", STANDARD.encode([1; 23]));
        let long = format!("whsec_{}", STANDARD.encode([1; 65]));
        for wrong in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***", &short, &long] {
            let error = check_secret(wrong).unwrap_err();
            assert_eq!((error.code, error.at.as_deref()), (Code::InvalidArgument, Some("secret")));
            assert!(wrong.len() < 7 || !error.to_string().contains(wrong));
        }
        check_secret(&new_secret().unwrap()).unwrap();
    }
}
