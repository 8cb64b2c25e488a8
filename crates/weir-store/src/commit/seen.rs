//! Fingerprints that have been seen, in memory.

use weir_core::Result;

use super::dedupe::read_run;
use super::prints::Prints;
use crate::fingerprint::Fingerprint;
use crate::manifest::StoredFile;

pub(crate) struct Seen {
    prints: Prints<Fingerprint>,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { prints: Prints::new() }
    }

    /// Adds a run of fingerprints.
    pub(crate) fn load(&mut self, file: &StoredFile) -> Result<()> {
        for fingerprint in read_run(file)? {
            self.insert(fingerprint);
        }
        Ok(())
    }

    /// Something from where a fingerprint would be: reading it brings that near.
    pub(crate) fn touch(&self, fingerprint: Fingerprint) -> u64 {
        self.prints.touch(fingerprint)
    }

    /// Whether a fingerprint is new; from now on it is not.
    pub(crate) fn insert(&mut self, fingerprint: Fingerprint) -> bool {
        let is_new = self.prints.get(fingerprint).is_none();
        if is_new {
            self.prints.insert(fingerprint);
        }
        is_new
    }

    pub(crate) fn len(&self) -> usize {
        self.prints.len()
    }
}
