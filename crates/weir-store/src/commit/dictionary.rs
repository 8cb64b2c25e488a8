//! Which node an identifier is: an in-memory table of fingerprints, rebuilt from the names when a writer opens.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use weir_core::identity::Node;
use weir_core::{Error, Result};

use super::cut::{TABLES, table_of};
use crate::fingerprint::{Fingerprint, Keys};
use crate::manifest::StoredFile;
use crate::names;

/// A fingerprint in 32-bit pieces and its node: 20 bytes without padding.
type Slot = [u32; 5];

pub(crate) struct Dictionary {
    tables: Vec<HashTable<Slot>>,
    next: Node,
}

impl Dictionary {
    pub(crate) fn new() -> Dictionary {
        Dictionary { tables: (0..TABLES).map(|_| HashTable::new()).collect(), next: 0 }
    }

    /// Reads all names there are.
    pub(crate) fn load<'a>(
        keys: &Keys,
        files: impl IntoIterator<Item = &'a StoredFile>,
    ) -> Result<Dictionary> {
        let mut dictionary = Dictionary::new();
        dictionary.extend(keys, files)?;
        Ok(dictionary)
    }

    /// Reads the names that follow the ones known.
    pub(crate) fn extend<'a>(
        &mut self,
        keys: &Keys,
        files: impl IntoIterator<Item = &'a StoredFile>,
    ) -> Result<()> {
        names::scan(self.next, files, |kind, value| {
            self.get_or_create(keys.of_kind(kind).with(value.as_bytes())).map(drop)
        })
    }

    /// The node that a new identifier would get.
    pub(crate) fn next(&self) -> Node {
        self.next
    }

    /// Takes over what was decided before: a fingerprint's node.
    pub(crate) fn insert(&mut self, fingerprint: Fingerprint, node: Node) -> Result<()> {
        let (known, _) = self.get_or_create(fingerprint)?;
        if known == node {
            return Ok(());
        }
        Err(Error::internal(format!("the log names an identifier {node} that is {known} by now")))
    }

    /// Whether a fingerprint has a node.
    pub(crate) fn contains(&self, fingerprint: Fingerprint) -> bool {
        let key = pieces(fingerprint);
        self.tables[table_of(key[3])].find(hash(&key), |slot| slot[..4] == key).is_some()
    }

    /// The node of a fingerprint, and whether it is new.
    pub(crate) fn get_or_create(&mut self, fingerprint: Fingerprint) -> Result<(Node, bool)> {
        let key = pieces(fingerprint);
        let same = |slot: &Slot| slot[..4] == key;
        match self.tables[table_of(key[3])].entry(hash(&key), same, |slot| hash(slot)) {
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
