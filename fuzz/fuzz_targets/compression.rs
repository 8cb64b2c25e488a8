//! Compressed bodies: inflated within bounds, or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_core::Code;
use weir_ingest::{Limits, inflate};

const ENCODINGS: [Option<&str>; 3] = [None, Some("gzip"), Some("deflate")];

fuzz_target!(|body: &[u8]| {
    let limits = Limits { body: 20_000, inflated: 30_000, ..Limits::default() };
    for encoding in ENCODINGS {
        match inflate(body, encoding, &limits) {
            Ok(bytes) => assert!(bytes.len() <= limits.inflated),
            Err(error) => assert!(matches!(error.code, Code::InvalidBody | Code::BodyTooLarge), "{error}"),
        }
    }
});
