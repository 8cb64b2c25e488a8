//! Bodies of `/v1/*`, as a batch and as a single call.

#![no_main]

mod bodies;

use bodies::{SHOPS, check, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use weir_ingest::{Call, segment, write_key};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

fuzz_target!(|body: &[u8]| {
    let (_, single) = Call::KINDS[body.len() % Call::KINDS.len()];
    for shop in SHOPS.iter() {
        for call in [Call::Batch, single] {
            let outcome = shop.read(body, |body, context| segment(call, body, context));
            check(shop, body, &outcome);
        }
    }
    let _ = write_key(body);
});
