//! Rows on their way to segments: kept by shard, in memory up to a budget, beyond it in temporary files.
//!
//! So building takes memory for the rows of one shard, however many there are in all.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use weir_core::{Error, Result};
use weir_engine::packed::Rows;

/// Bytes kept in memory before rows go to disk.
const BUDGET: usize = 128 << 20;

/// Rows by shard.
pub(super) struct Spill {
    /// Where unnamed temporary files go; nothing of them outlives the process.
    directory: PathBuf,
    shards: BTreeMap<usize, Pile>,
    in_memory: usize,
}

#[derive(Default)]
struct Pile {
    /// In the order in which they came.
    rows: Vec<Rows>,
    file: Option<File>,
    /// Rows in the file.
    written: usize,
}

impl Spill {
    /// An empty spill whose files, if it needs any, lie in `directory`.
    pub fn new(directory: &Path) -> Spill {
        Spill { directory: directory.to_owned(), shards: BTreeMap::new(), in_memory: 0 }
    }

    /// Adds rows of a shard.
    pub fn push(&mut self, shard: usize, rows: Rows) -> Result<()> {
        self.in_memory += rows.bytes().len();
        self.shards.entry(shard).or_default().rows.push(rows);
        if self.in_memory > BUDGET { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        let piles: Vec<&mut Pile> = self.shards.values_mut().collect();
        let directory = &self.directory;
        piles.into_par_iter().try_for_each(|pile| pile.flush(directory)).map_err(|error| failed(&error))?;
        self.in_memory = 0;
        Ok(())
    }

    /// How many rows of a shard there are.
    pub fn rows_of(&self, shard: usize) -> usize {
        self.shards
            .get(&shard)
            .map_or(0, |pile| pile.written + pile.rows.iter().map(Rows::len).sum::<usize>())
    }

    /// Makes something of each shard's rows, in the order in which they came; several shards at a time, in the order of
    /// shards.
    pub fn drain<T: Send>(self, each: impl Fn(usize, Vec<Rows>) -> Result<T> + Sync) -> Result<Vec<T>> {
        self.shards.into_par_iter().map(|(shard, pile)| each(shard, pile.rows()?)).collect()
    }
}

impl Pile {
    fn flush(&mut self, directory: &Path) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(directory)?),
        };
        for rows in self.rows.drain(..) {
            file.write_all(rows.bytes())?;
            self.written += rows.len();
        }
        Ok(())
    }

    fn rows(mut self) -> Result<Vec<Rows>> {
        let Some(file) = &mut self.file else { return Ok(self.rows) };
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(|error| failed(&error))?;
        self.rows.insert(0, Rows::of(bytes, self.written));
        Ok(self.rows)
    }
}

fn failed(error: &std::io::Error) -> Error {
    Error::io("cannot keep rows in a temporary file", error)
}
