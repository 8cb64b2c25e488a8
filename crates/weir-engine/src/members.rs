//! A set of consumers, shard by shard.

use roaring::RoaringBitmap;
use sha2::{Digest, Sha256};
use weir_core::identity::{Identifiers, IdentityPolicy, Node};

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::shard::{Dense, dense_of};

/// A set of consumers of one world.
#[derive(Debug, Clone)]
pub struct Members {
    /// One set per shard.
    pub shards: Vec<Bits>,
}

impl Members {
    /// A stored set, for as many shards as a world has.
    pub fn of(set: &RoaringBitmap, shards: usize) -> Members {
        Members { shards: (0..shards).map(|shard| Consumers::in_shard(set, shard)).collect() }
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.shards.iter().map(Bits::count).sum()
    }

    /// Dense ids in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = Dense> + '_ {
        self.shards
            .iter()
            .enumerate()
            .flat_map(|(shard, bits)| bits.iter().map(move |local| dense_of(shard, local)))
    }

    /// Their canonical nodes, in the order of listings: kinds by priority, then bytes of the value.
    pub fn listing(
        &self,
        consumers: &Consumers,
        ids: &dyn Identifiers,
        policy: &IdentityPolicy,
    ) -> Vec<Node> {
        let mut nodes: Vec<Node> = self.iter().map(|dense| consumers.canonical(dense)).collect();
        nodes.sort_unstable_by(|a, b| policy.order(ids.get(*a), ids.get(*b)));
        nodes
    }
}

/// The hash of a listing: SHA-256 over kind ‖ 0 ‖ value ‖ 0 of each member in order, in hex. The same people give the
/// same hash in any store.
pub fn content_hash(listing: &[Node], ids: &dyn Identifiers) -> String {
    let mut hasher = Sha256::new();
    for node in listing {
        let (kind, value) = ids.get(*node);
        hasher.update(kind.as_bytes());
        hasher.update([0]);
        hasher.update(value.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
