//! A frame as bytes: a head, which says how long it is and what was durable when it was written, then the payload.
//!
//! ```text
//! sum of the rest of the head u64 │ length of the payload u32 │ durable u64 │ sum of the payload u64 │ payload
//! ```
//!
//! Both sums are XXH3-64 under a seed made of the segment's salt and the frame's position. So a frame is valid at its
//! place only: not when moved, not when left over from another log, and nobody who sends payloads can make up one. The head
//! has a sum of its own so that a length is known to be right before it is followed, and so that looking for frames among
//! any bytes costs one pass.

use twox_hash::XxHash3_64;

use super::Position;

/// Length of a head.
pub(super) const HEAD: usize = 28;

/// A head that passed its checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// Length of the payload; 0 in a seal.
    pub(super) length: u32,
    /// Everything before this was durable when the frame was written.
    pub(super) durable: Position,
    sum: u64,
}

/// Which bytes make a valid frame at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seed(u64);

impl Seed {
    /// Of the frame at a position, in a segment with this salt.
    pub(super) fn new(salt: u64, position: Position) -> Seed {
        Seed(salt.wrapping_add(position))
    }

    pub(super) fn sum(self, bytes: &[u8]) -> u64 {
        XxHash3_64::oneshot_with_seed(self.0, bytes)
    }
}

impl Head {
    /// Length of head and payload.
    pub(super) fn frame_len(&self) -> u64 {
        HEAD as u64 + u64::from(self.length)
    }

    /// Whether the frame has no payload, and only says what is durable.
    pub(super) fn is_seal(&self) -> bool {
        self.length == 0
    }

    /// The head that these bytes are.
    pub(super) fn read(bytes: &[u8; HEAD], seed: Seed) -> Option<Head> {
        let (sum, rest) = bytes.split_first_chunk()?;
        (u64::from_le_bytes(*sum) == seed.sum(rest)).then(|| Head::parse(rest)).flatten()
    }

    fn parse(rest: &[u8]) -> Option<Head> {
        let (length, rest) = rest.split_first_chunk()?;
        let (durable, rest) = rest.split_first_chunk()?;
        Some(Head {
            length: u32::from_le_bytes(*length),
            durable: u64::from_le_bytes(*durable),
            sum: u64::from_le_bytes(*rest.first_chunk()?),
        })
    }

    /// What the bytes at a place say was durable, whether or not they are a head.
    pub(super) fn durable_in(bytes: &[u8; HEAD]) -> Position {
        bytes[12..20].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Whether this is the payload that belongs to the head.
    pub(super) fn fits(&self, payload: &[u8], seed: Seed) -> bool {
        payload.len() == self.length as usize && self.sum == seed.sum(payload)
    }
}

/// Appends a frame to `out`. The caller has seen to it that the payload is shorter than 4 GiB.
pub(super) fn write(out: &mut Vec<u8>, seed: Seed, durable: Position, payload: &[u8]) {
    let head = out.len();
    out.extend([0; 8]);
    out.extend((payload.len() as u32).to_le_bytes());
    out.extend(durable.to_le_bytes());
    out.extend(seed.sum(payload).to_le_bytes());
    let sum = seed.sum(&out[head + 8..]);
    out[head..head + 8].copy_from_slice(&sum.to_le_bytes());
    out.extend(payload);
}
