//! One bit per consumer of a shard.

use crate::shard::SHARD_SIZE;

const WORDS: usize = SHARD_SIZE / 64;

/// A set of consumers of one shard, by local id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Box<[u64; WORDS]>,
}

impl Bits {
    /// Nobody.
    pub fn empty() -> Bits {
        Bits { words: Box::new([0; WORDS]) }
    }

    /// Those whose value, of one for each local id, satisfies a predicate.
    pub fn of_each<T>(values: &[T], holds: impl Fn(&T) -> bool) -> Bits {
        let mut bits = Bits::empty();
        let (whole, rest) = values.as_chunks::<64>();
        for (word, values) in bits.words.iter_mut().zip(whole) {
            *word = packed(&std::array::from_fn(|at| u8::from(holds(&values[at]))));
        }
        for (at, value) in rest.iter().enumerate() {
            bits.set((whole.len() * 64 + at) as u16, holds(value));
        }
        bits
    }

    /// Whether nobody is in.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Adds a consumer.
    pub fn insert(&mut self, local: u16) {
        self.words[usize::from(local) / 64] |= 1 << (local % 64);
    }

    /// Takes a consumer away.
    pub fn remove(&mut self, local: u16) {
        self.words[usize::from(local) / 64] &= !(1 << (local % 64));
    }

    /// Adds or takes away.
    pub fn set(&mut self, local: u16, member: bool) {
        let word = &mut self.words[usize::from(local) / 64];
        *word = *word & !(1 << (local % 64)) | u64::from(member) << (local % 64);
    }

    /// Whether a consumer is in.
    pub fn contains(&self, local: u16) -> bool {
        self.words[usize::from(local) / 64] >> (local % 64) & 1 == 1
    }

    /// How many are in.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many are in both.
    pub fn count_and(&self, other: &Bits) -> u64 {
        self.words.iter().zip(other.words.iter()).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// Keeps those that are also in `other`.
    pub fn and(&mut self, other: &Bits) {
        self.zip(other, |a, b| a & b);
    }

    /// Adds those in `other`.
    pub fn or(&mut self, other: &Bits) {
        self.zip(other, |a, b| a | b);
    }

    /// Takes away those in `other`.
    pub fn minus(&mut self, other: &Bits) {
        self.zip(other, |a, b| a & !b);
    }

    /// Keeps those in exactly one of the two.
    pub fn xor(&mut self, other: &Bits) {
        self.zip(other, |a, b| a ^ b);
    }

    fn zip(&mut self, other: &Bits, combine: impl Fn(u64, u64) -> u64) {
        for (a, b) in self.words.iter_mut().zip(other.words.iter()) {
            *a = combine(*a, *b);
        }
    }

    /// The bits of 64 consumers each, in order.
    pub(crate) fn words(&self) -> &[u64] {
        &*self.words
    }

    /// Local ids in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.words
            .iter()
            .enumerate()
            .flat_map(|(i, word)| ones(*word).map(move |bit| (i as u32 * 64 + bit) as u16))
    }
}

/// 64 zeros and ones as the bits of a word. The predicates before it and this are then done for many at a time.
fn packed(ones: &[u8; 64]) -> u64 {
    // Moves the lowest bit of each byte to the top byte, one beside the other.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = ones.as_chunks::<8>();
    let byte = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
    eights.iter().rev().fold(0, |word, eight| word << 8 | byte(eight))
}

fn ones(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(locals: &[u16]) -> Bits {
        let mut bits = Bits::empty();
        locals.iter().for_each(|local| bits.insert(*local));
        bits
    }

    #[test]
    fn values_become_bits() {
        for len in [0, 1, 63, 64, 65, 200, SHARD_SIZE] {
            let values: Vec<u32> = (0..len as u32).map(|n| n.wrapping_mul(2_654_435_761) >> 7).collect();
            let bits = Bits::of_each(&values, |value| value.is_multiple_of(3));
            let wanted: Vec<u16> =
                (0..len).filter(|at| values[*at].is_multiple_of(3)).map(|at| at as u16).collect();
            assert_eq!(bits.iter().collect::<Vec<_>>(), wanted);
        }
    }

    #[test]
    fn algebra_on_words() {
        let (a, b) = (of(&[0, 63, 64, 65_535]), of(&[63, 100]));
        let combine = |f: fn(&mut Bits, &Bits)| {
            let mut result = a.clone();
            f(&mut result, &b);
            result.iter().collect::<Vec<_>>()
        };
        assert_eq!(combine(Bits::and), [63]);
        assert_eq!(combine(Bits::or), [0, 63, 64, 100, 65_535]);
        assert_eq!(combine(Bits::minus), [0, 64, 65_535]);
        assert_eq!(combine(Bits::xor), [0, 64, 100, 65_535]);
        assert_eq!((a.count(), a.count_and(&b)), (4, 1));
        assert!(a.contains(64) && !a.contains(1));
    }
}
