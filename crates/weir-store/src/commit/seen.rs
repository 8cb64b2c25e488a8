//! Fingerprints that have been seen, in memory.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use weir_core::Result;

use super::cut::{TABLES, table_of};
use super::dedupe::read_run;
use crate::fingerprint::Fingerprint;
use crate::manifest::StoredFile;

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

    /// Whether a fingerprint was seen.
    pub(crate) fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.tables[table(fingerprint)].find(fingerprint[0], |known| *known == fingerprint).is_some()
    }

    /// Whether a fingerprint is new; from now on it is not.
    pub(crate) fn insert(&mut self, fingerprint: Fingerprint) -> bool {
        let table = &mut self.tables[table(fingerprint)];
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

/// The table of a fingerprint, by the half that the tables themselves do not hash by.
fn table(fingerprint: Fingerprint) -> usize {
    table_of((fingerprint[1] >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What splitmix64 makes of a number: as uniform as a fingerprint.
    fn mixed(number: u64) -> u64 {
        let mut bits = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    #[test]
    fn memory_follows_the_number_of_fingerprints() {
        let mut seen = Seen::new();
        for number in 1..=600_000_u64 {
            assert!(seen.insert([mixed(2 * number), mixed(2 * number + 1)]));
            if number >= 150_000 && number % 10_000 == 0 {
                let bytes: usize = seen.tables.iter().map(HashTable::allocation_size).sum();
                let each = bytes as f64 / number as f64;
                assert!((26.0..31.0).contains(&each), "{each} bytes each of {number}");
            }
        }
        assert!(!seen.insert([mixed(2), mixed(3)]));
    }
}
