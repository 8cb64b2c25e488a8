//! Which events are there already. Fingerprints of accepted ones are remembered for ever: in memory while a writer is
//! open, as sorted runs on disk.
//!
//! An event with a message id is that id under its source. Without one it is its own contents, and how often the same
//! contents have come up in this import: so a file imported twice adds nothing, and true repetitions stay.

use std::collections::HashMap;
use std::io::Write;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use weir_core::Result;

use super::fileset::FileSet;
use crate::fault::{self, corrupt};
use crate::files::{self, DurableFile};
use crate::fingerprint::{Fingerprint, Fingerprinter, Keys, Sort};
use crate::manifest::{FileKind, StoredFile};
use crate::view::View;

/// Fingerprints of one run: 64 MiB.
const RUN: usize = 4 << 20;

pub(crate) struct Dedupe {
    message: Fingerprinter,
    occurrence: Fingerprinter,
    seen: HashTable<Fingerprint>,
    /// Accepted in this import and not on disk yet.
    fresh: Vec<Fingerprint>,
    /// Rows without message id that have come up in this import.
    once: HashTable<Fingerprint>,
    /// How often those have that came up again; almost always few.
    again: HashMap<Fingerprint, u32>,
}

impl Dedupe {
    pub(crate) fn open(keys: &Keys, source: &str, before: &View) -> Result<Dedupe> {
        let of_source = |sort| {
            let mut start = keys.start(sort);
            start.piece(source.as_bytes());
            start
        };
        let mut seen = HashTable::new();
        for file in before.files(FileKind::Dedupe) {
            load(file, &mut seen)?;
        }
        let (message, occurrence) = (of_source(Sort::Message), of_source(Sort::Occurrence));
        Ok(Dedupe {
            message,
            occurrence,
            seen,
            fresh: Vec::new(),
            once: HashTable::new(),
            again: HashMap::new(),
        })
    }

    /// Whether an event with this message id is new; from now on it is not.
    pub(crate) fn admit_message(&mut self, message_id: &str) -> bool {
        self.admit(self.message.with(message_id.as_bytes()))
    }

    /// Whether an event with these contents is new.
    pub(crate) fn admit_row(&mut self, row: Fingerprint) -> bool {
        let count = self.count(row);
        let mut key = self.occurrence.clone();
        key.bytes(&row[0].to_le_bytes());
        key.bytes(&row[1].to_le_bytes());
        self.admit(key.with(&count.to_le_bytes()))
    }

    /// How often a row has come up in this import, this time included.
    fn count(&mut self, row: Fingerprint) -> u32 {
        if remember(&mut self.once, row) {
            return 1;
        }
        let count = self.again.entry(row).or_insert(1);
        *count += 1;
        *count
    }

    fn admit(&mut self, fingerprint: Fingerprint) -> bool {
        let is_new = remember(&mut self.seen, fingerprint);
        if is_new {
            self.fresh.push(fingerprint);
        }
        is_new
    }

    /// Writes a run when enough has gathered.
    pub(crate) fn flush_if_full(&mut self, files: &mut FileSet) -> Result<()> {
        if self.fresh.len() < RUN { Ok(()) } else { self.flush(files) }
    }

    /// Writes what is not on disk yet.
    pub(crate) fn flush(&mut self, files: &mut FileSet) -> Result<()> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        let mut run = std::mem::take(&mut self.fresh);
        run.sort_unstable();
        let name = format!("{}-{}.run", files.import(), files.count(FileKind::Dedupe));
        let path = files.dir(FileKind::Dedupe).join(&name);
        let mut file = DurableFile::create(&files.dir(FileKind::Dedupe), &name)?;
        write_run(&mut file, &run).map_err(fault::io(&path))?;
        files.add(StoredFile::new(FileKind::Dedupe, file.commit()?, run.len() as u64));
        Ok(())
    }
}

fn remember(seen: &mut HashTable<Fingerprint>, fingerprint: Fingerprint) -> bool {
    match seen.entry(fingerprint[0], |known| *known == fingerprint, |known| known[0]) {
        Entry::Occupied(_) => false,
        Entry::Vacant(place) => {
            place.insert(fingerprint);
            true
        }
    }
}

fn write_run(file: &mut DurableFile, run: &[Fingerprint]) -> std::io::Result<()> {
    file.write_all(&files::header(FileKind::Dedupe.name_in_header(), FileKind::Dedupe.format()))?;
    for [high, low] in run {
        file.write_all(&high.to_le_bytes())?;
        file.write_all(&low.to_le_bytes())?;
    }
    Ok(())
}

fn load(file: &StoredFile, seen: &mut HashTable<Fingerprint>) -> Result<()> {
    let run = read_run(file)?;
    seen.reserve(run.len(), |known| known[0]);
    for fingerprint in run {
        remember(seen, fingerprint);
    }
    Ok(())
}

fn read_run(file: &StoredFile) -> Result<Vec<Fingerprint>> {
    let payload = file.read_payload()?;
    let (pieces, rest) = payload.as_chunks::<16>();
    if !rest.is_empty() {
        return Err(corrupt(&file.path, "the last fingerprint is cut off"));
    }
    let halves = |both: u128| [both as u64, (both >> 64) as u64];
    Ok(pieces.iter().map(|piece| halves(u128::from_le_bytes(*piece))).collect())
}

/// How many fingerprints a run holds, after checking their order.
pub(crate) fn check_run(file: &StoredFile) -> Result<u64> {
    let run = read_run(file)?;
    if run.is_sorted_by(|a, b| a < b) {
        return Ok(run.len() as u64);
    }
    Err(corrupt(&file.path, "the fingerprints are out of order"))
}
