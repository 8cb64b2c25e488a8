//! What the targets that read bodies share: the checks of the ingest tests, and their mutations of JSON.

#[path = "../../crates/weir-ingest/tests/common/mod.rs"]
mod common;

use std::path::Path;
use std::sync::LazyLock;

pub use common::Shop;
use common::fuzz::{Corpus, Random};
pub use common::sound::check;
use libfuzzer_sys::fuzzer_mutate;

static CORPUS: LazyLock<Corpus> = LazyLock::new(|| {
    Corpus::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/weir-ingest/corpus"))
});

pub static SHOPS: LazyLock<[Shop; 2]> = LazyLock::new(|| [Shop::default(), Shop::narrow()]);

/// Half of the mutations are the fuzzer's, which know what it has seen compared; half know JSON.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut random = Random::new(u64::from(seed));
    if random.chance(2) {
        return fuzzer_mutate(data, size, most);
    }
    let mutated = CORPUS.mutate(&mut random, &data[..size]);
    let length = mutated.len().min(most);
    data[..length].copy_from_slice(&mutated[..length]);
    length
}
