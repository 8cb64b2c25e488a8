//! Fingerprints that have been seen, in memory. Cut into many small tables, so that growing one moves little at a time
//! and memory follows the number of fingerprints closely.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use weir_core::Result;

use super::dedupe::read_run;
use crate::fingerprint::Fingerprint;
use crate::manifest::StoredFile;

const TABLES: usize = 256;

pub(crate) struct Seen {
    tables: Vec<HashTable<Fingerprint>>,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { tables: (0..TABLES).map(|_| HashTable::new()).collect() }
    }

    /// Adds a run of fingerprints.
    pub(crate) fn load(&mut self, file: &StoredFile) -> Result<()> {
        for fingerprint in read_run(file)? {
            self.insert(fingerprint);
        }
        Ok(())
    }

    /// Whether a fingerprint is new; from now on it is not.
    pub(crate) fn insert(&mut self, fingerprint: Fingerprint) -> bool {
        let table = &mut self.tables[table_of(fingerprint)];
        match table.entry(fingerprint[0], |known| *known == fingerprint, |known| known[0]) {
            Entry::Occupied(_) => false,
            Entry::Vacant(place) => {
                place.insert(fingerprint);
                true
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.tables.iter().map(HashTable::len).sum()
    }
}

/// The half that the tables themselves do not hash by.
fn table_of(fingerprint: Fingerprint) -> usize {
    fingerprint[1] as usize % TABLES
}
