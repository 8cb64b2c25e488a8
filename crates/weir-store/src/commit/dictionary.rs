//! Which node an identifier is: an in-memory table of fingerprints, rebuilt from the names when a writer opens.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use weir_core::identity::Node;
use weir_core::{Error, Result};

use crate::fingerprint::{Fingerprint, Keys};
use crate::manifest::StoredFile;
use crate::names;

/// A fingerprint in 32-bit pieces and its node: 20 bytes without padding.
type Slot = [u32; 5];

#[derive(Default)]
pub(crate) struct Dictionary {
    slots: HashTable<Slot>,
    next: Node,
}

impl Dictionary {
    /// Reads all names there are.
    pub(crate) fn load<'a>(
        keys: &Keys,
        files: impl IntoIterator<Item = &'a StoredFile>,
    ) -> Result<Dictionary> {
        let mut dictionary = Dictionary::default();
        names::scan(files, |kind, value| {
            dictionary.get_or_create(keys.of_kind(kind).with(value.as_bytes())).map(drop)
        })?;
        Ok(dictionary)
    }

    /// The node that a new identifier would get.
    pub(crate) fn next(&self) -> Node {
        self.next
    }

    /// The node of a fingerprint, and whether it is new.
    pub(crate) fn get_or_create(&mut self, fingerprint: Fingerprint) -> Result<(Node, bool)> {
        let key = pieces(fingerprint);
        let same = |slot: &Slot| slot[..4] == key;
        match self.slots.entry(hash(&key), same, |slot| hash(slot)) {
            Entry::Occupied(slot) => Ok((slot.get()[4], false)),
            Entry::Vacant(place) => {
                let node = self.next;
                self.next =
                    node.checked_add(1).ok_or_else(|| Error::internal("no more than 2^32 identifiers"))?;
                place.insert([key[0], key[1], key[2], key[3], node]);
                Ok((node, true))
            }
        }
    }
}

fn pieces(fingerprint: Fingerprint) -> [u32; 4] {
    let halves = |whole: u64| [whole as u32, (whole >> 32) as u32];
    let ([a, b], [c, d]) = (halves(fingerprint[0]), halves(fingerprint[1]));
    [a, b, c, d]
}

/// Fingerprints are uniform already.
fn hash(pieces: &[u32]) -> u64 {
    u64::from(pieces[0]) | u64::from(pieces[1]) << 32
}
