//! Which events are there already. Fingerprints of accepted ones are remembered for ever: in memory while a writer is
//! open, as sorted runs on disk.
//!
//! An event with a message id is that id under its source. Without one it is its own contents, and how often the same
//! contents have come up in this import: so a file imported twice adds nothing, and true repetitions stay.

use std::collections::HashMap;
use std::io::Write;

use weir_core::Result;

use super::fileset::FileSet;
use super::seen::Seen;
use crate::fault::{self, corrupt};
use crate::files::{self, DurableFile};
use crate::fingerprint::{Fingerprint, Fingerprinter, Keys, Sort};
use crate::manifest::{FileKind, StoredFile};
use crate::view::View;

/// Fingerprints of one run: 64 MiB.
const RUN: usize = 4 << 20;

/// Label of runs of events that were recognised by their message id. Runs without label may hold both sorts.
pub(crate) const MESSAGES: &str = "messages";
/// Label of runs of events that were recognised by their contents; only imports bring such.
pub(crate) const ROWS: &str = "rows";

pub(crate) struct Dedupe {
    message: Fingerprinter,
    occurrence: Fingerprinter,
    seen: Seen,
    /// Accepted in this import by message id, and not on disk yet.
    fresh_messages: Vec<Fingerprint>,
    /// The same, by contents.
    fresh_rows: Vec<Fingerprint>,
    /// Rows without message id that have come up in this import.
    once: Seen,
    /// How often those have that came up again; almost always few.
    again: HashMap<Fingerprint, u32>,
}

impl Dedupe {
    pub(crate) fn open(keys: &Keys, source: &str, before: &View) -> Result<Dedupe> {
        let mut seen = Seen::new();
        seen.load(&before.files(FileKind::Dedupe).collect::<Vec<_>>())?;
        let message = message_of(keys, source);
        let mut occurrence = keys.start(Sort::Occurrence);
        occurrence.piece(source.as_bytes());
        Ok(Dedupe {
            message,
            occurrence,
            seen,
            fresh_messages: Vec::new(),
            fresh_rows: Vec::new(),
            once: Seen::new(),
            again: HashMap::new(),
        })
    }

    /// Whether an event with this message id is new; from now on it is not.
    pub(crate) fn admit_message(&mut self, message_id: &str) -> bool {
        let message = self.message.with(message_id.as_bytes());
        let is_new = self.seen.insert(message);
        if is_new {
            self.fresh_messages.push(message);
        }
        is_new
    }

    /// Whether an event with these contents is new.
    pub(crate) fn admit_row(&mut self, row: Fingerprint) -> bool {
        let count = self.count(row);
        let mut key = self.occurrence.clone();
        key.bytes(&row[0].to_le_bytes());
        key.bytes(&row[1].to_le_bytes());
        let occurrence = key.with(&count.to_le_bytes());
        let is_new = self.seen.insert(occurrence);
        if is_new {
            self.fresh_rows.push(occurrence);
        }
        is_new
    }

    /// How often a row has come up in this import, this time included.
    fn count(&mut self, row: Fingerprint) -> u32 {
        if self.once.insert(row) {
            return 1;
        }
        let count = self.again.entry(row).or_insert(1);
        *count += 1;
        *count
    }

    /// Writes a run when enough has gathered.
    pub(crate) fn flush_if_full(&mut self, files: &mut FileSet) -> Result<()> {
        if self.fresh_messages.len() + self.fresh_rows.len() < RUN { Ok(()) } else { self.flush(files) }
    }

    /// Writes what is not on disk yet.
    pub(crate) fn flush(&mut self, files: &mut FileSet) -> Result<()> {
        write_run(MESSAGES, std::mem::take(&mut self.fresh_messages), files)?;
        write_run(ROWS, std::mem::take(&mut self.fresh_rows), files)
    }
}

/// The fingerprint by which a message of a source is recognised.
pub(crate) fn message_of(keys: &Keys, source: &str) -> Fingerprinter {
    let mut start = keys.start(Sort::Message);
    start.piece(source.as_bytes());
    start
}

/// Writes a run, unless it is empty.
pub(crate) fn write_run(label: &str, mut run: Vec<Fingerprint>, files: &mut FileSet) -> Result<()> {
    if run.is_empty() {
        return Ok(());
    }
    run.sort_unstable();
    let (kind, name) =
        (FileKind::Dedupe, format!("{}-{}.run", files.import(), files.count(FileKind::Dedupe)));
    let path = files.dir(kind).join(&name);
    let mut file = DurableFile::create(&files.dir(kind), &name)?;
    write_pieces(&mut file, &run).map_err(fault::io(&path))?;
    let mut stored = StoredFile::new(kind, file.commit()?, run.len() as u64);
    stored.label = Some(label.to_owned());
    files.add(stored);
    Ok(())
}

fn write_pieces(file: &mut DurableFile, run: &[Fingerprint]) -> std::io::Result<()> {
    file.write_all(&files::header(FileKind::Dedupe.name_in_header(), FileKind::Dedupe.format()))?;
    for [high, low] in run {
        file.write_all(&high.to_le_bytes())?;
        file.write_all(&low.to_le_bytes())?;
    }
    Ok(())
}

/// The fingerprints of a run.
pub(crate) fn read_run(file: &StoredFile) -> Result<Vec<Fingerprint>> {
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
