//! Bodies of `/v1/events`, the parameters of the pixel, and the key of a header.

#![no_main]

mod bodies;

use bodies::{SHOPS, check, mutate};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use weir_ingest::{basic_key, native};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(data, size, max_size, seed)
});

fuzz_target!(|body: &[u8]| {
    let text = String::from_utf8_lossy(body);
    for shop in SHOPS.iter() {
        check(shop, body, &shop.read(body, native));
        check(shop, body, &shop.pixel(&text));
    }
    let _ = basic_key(&text);
});
