//! Rows on their way to segments: kept by shard, in memory up to a budget, beyond it in temporary files.
//!
//! So building takes memory for the rows of one shard, however many there are in all.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use weir_core::{Error, Result};
use weir_engine::row::Row;
use weir_engine::shard::shard_of;

/// Bytes kept in memory before rows go to disk.
const BUDGET: usize = 256 << 20;

/// Rows by shard.
pub(super) struct Spill {
    /// Where unnamed temporary files go; nothing of them outlives the process.
    directory: PathBuf,
    shards: BTreeMap<usize, Pile>,
    in_memory: usize,
}

#[derive(Default)]
struct Pile {
    buffer: Vec<u8>,
    file: Option<File>,
}

impl Spill {
    /// An empty spill whose files, if it needs any, lie in `directory`.
    pub fn new(directory: &Path) -> Spill {
        Spill { directory: directory.to_owned(), shards: BTreeMap::new(), in_memory: 0 }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Row) -> Result<()> {
        let pile = self.shards.entry(shard_of(row.dense)).or_default();
        let before = pile.buffer.len();
        row.write(&mut pile.buffer);
        self.in_memory += pile.buffer.len() - before;
        if self.in_memory > BUDGET { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<()> {
        for pile in self.shards.values_mut() {
            if pile.file.is_none() {
                pile.file = Some(tempfile::tempfile_in(&self.directory).map_err(|e| failed(&e))?);
            }
            if let Some(file) = &mut pile.file {
                file.write_all(&pile.buffer).map_err(|e| failed(&e))?;
            }
            pile.buffer = Vec::new();
        }
        self.in_memory = 0;
        Ok(())
    }

    /// Makes something of each shard's rows, several shards at a time; in the order of shards.
    pub fn drain<T: Send>(self, each: impl Fn(usize, Vec<Row>) -> Result<T> + Sync) -> Result<Vec<T>> {
        self.shards.into_par_iter().map(|(shard, pile)| each(shard, pile.rows()?)).collect()
    }
}

impl Pile {
    fn rows(mut self) -> Result<Vec<Row>> {
        let mut bytes = Vec::new();
        if let Some(file) = &mut self.file {
            file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(|e| failed(&e))?;
        }
        bytes.append(&mut self.buffer);
        let (mut rows, mut input) = (Vec::new(), bytes.as_slice());
        while let Some(row) = Row::read(&mut input) {
            rows.push(row);
        }
        if !input.is_empty() {
            return Err(Error::internal("rows written to a temporary file did not come back whole"));
        }
        Ok(rows)
    }
}

fn failed(error: &std::io::Error) -> Error {
    Error::io("cannot keep rows in a temporary file", error)
}
