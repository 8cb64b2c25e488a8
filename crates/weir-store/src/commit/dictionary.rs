//! Which node an identifier is: fingerprints in memory, rebuilt from the names when a writer opens.

use weir_core::identity::Node;
use weir_core::{Error, Result};

use super::prints::{Entry, Prints};
use crate::fingerprint::{Fingerprint, Keys};
use crate::manifest::StoredFile;
use crate::names;

/// A fingerprint in 32-bit pieces and its node: 20 bytes without padding.
type Slot = [u32; 5];

impl Entry for Slot {
    fn fingerprint(&self) -> Fingerprint {
        let whole = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        [whole(self[0], self[1]), whole(self[2], self[3])]
    }
}

pub(crate) struct Dictionary {
    slots: Prints<Slot>,
    next: Node,
}

impl Dictionary {
    pub(crate) fn new() -> Dictionary {
        Dictionary { slots: Prints::new(), next: 0 }
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

    /// Makes ready to look these up.
    pub(crate) fn touch(&self, fingerprints: impl Iterator<Item = Fingerprint>) {
        self.slots.touch(fingerprints);
    }

    /// The node of a fingerprint, and whether it is new.
    pub(crate) fn get_or_create(&mut self, fingerprint: Fingerprint) -> Result<(Node, bool)> {
        if let Some([.., node]) = self.slots.get(fingerprint) {
            return Ok((node, false));
        }
        let node = self.next;
        self.next = node.checked_add(1).ok_or_else(|| Error::internal("no more than 2^32 identifiers"))?;
        self.slots.insert(slot(fingerprint, node));
        Ok((node, true))
    }
}

fn slot([first, second]: Fingerprint, node: Node) -> Slot {
    [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32, node]
}
