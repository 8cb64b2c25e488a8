//! Fingerprints that have been seen, in memory.

use weir_core::Result;

use super::dedupe::read_run;
use super::prints::Prints;
use crate::fingerprint::Fingerprint;
use crate::manifest::StoredFile;

/// How many of a run are touched, then added: fewer than the processor keeps near.
const TOUCHED: usize = 256;

pub(crate) struct Seen {
    prints: Prints<Fingerprint>,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { prints: Prints::new() }
    }

    /// Adds runs of fingerprints.
    pub(crate) fn load(&mut self, runs: &[&StoredFile]) -> Result<()> {
        self.prints.reserve(runs.iter().map(|run| run.rows as usize).sum());
        for run in runs {
            for some in read_run(run)?.chunks(TOUCHED) {
                self.touch(some.iter().copied());
                for fingerprint in some {
                    self.insert(*fingerprint);
                }
            }
        }
        Ok(())
    }

    /// Makes ready to look these up.
    pub(crate) fn touch(&self, fingerprints: impl Iterator<Item = Fingerprint>) {
        self.prints.touch(fingerprints);
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
