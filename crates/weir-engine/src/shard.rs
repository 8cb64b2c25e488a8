//! Consumers are cut into shards by dense id; everything about one consumer lies in one shard.

/// Bits of a dense id that are local to a shard.
pub const SHARD_BITS: u32 = 16;

/// Consumers in a shard.
pub const SHARD_SIZE: usize = 1 << SHARD_BITS;

/// Dense id of a consumer: a position in [`crate::consumers::Consumers`], private to one index.
pub type Dense = u32;

/// The shard a consumer lies in.
pub fn shard_of(dense: Dense) -> usize {
    (dense >> SHARD_BITS) as usize
}

/// A consumer's place in its shard.
pub fn local_of(dense: Dense) -> u16 {
    (dense & (SHARD_SIZE as u32 - 1)) as u16
}

/// The dense id of a place in a shard.
pub fn dense_of(shard: usize, local: u16) -> Dense {
    ((shard as u32) << SHARD_BITS) | u32::from(local)
}

/// How many shards hold `consumers`.
pub fn shard_count(consumers: usize) -> usize {
    consumers.div_ceil(SHARD_SIZE)
}
