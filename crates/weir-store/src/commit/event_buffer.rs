//! Accepted events that wait to become files, up to a budget of memory.
//!
//! When the budget is exceeded the days with the most rows are written, until half of the rows are gone; the rest
//! waits for more of its days. So input in order of time gives whole days, and input in any order stays bounded.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::compute::interleave_record_batch;
use arrow::datatypes::Date32Type;
use arrow::row::{RowConverter, Rows, SortField};
use rayon::prelude::*;
use weir_core::Result;
use weir_core::time::Day;

use super::fileset::FileSet;
use crate::column;
use crate::event::table_schema;
use crate::fault::Fault;
use crate::manifest::{FileKind, ImportId, StoredFile};
use crate::table::TableWriter;

/// Bytes of events to hold before files are written.
const BUDGET: usize = 256 << 20;

/// The order of rows within a file: cells lie together, each in order of time.
const ORDER: [&str; 4] = ["behavior", "channel", "shop", "time"];

/// Where a row is: batch and row.
type Place = (usize, usize);

pub(crate) struct EventBuffer {
    batches: Vec<RecordBatch>,
    bytes: usize,
    budget: usize,
    flushes: u32,
}

impl EventBuffer {
    pub(crate) fn new() -> EventBuffer {
        EventBuffer { batches: Vec::new(), bytes: 0, budget: BUDGET, flushes: 0 }
    }

    pub(crate) fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// Keeps a batch of [`table_schema`]; writes files when there is too much.
    pub(crate) fn push(&mut self, batch: RecordBatch, files: &mut FileSet) -> Result<()> {
        self.bytes += batch.get_array_memory_size();
        self.batches.push(batch);
        if self.bytes <= self.budget { Ok(()) } else { self.flush_largest(files) }
    }

    /// Writes everything.
    pub(crate) fn flush(&mut self, files: &mut FileSet) -> Result<()> {
        let days = self.days()?.into_iter().collect();
        self.write(days, files)?;
        self.keep(&[])
    }

    fn flush_largest(&mut self, files: &mut FileSet) -> Result<()> {
        let mut days: Vec<(Day, Vec<Place>)> = self.days()?.into_iter().collect();
        let half = days.iter().map(|(_, places)| places.len()).sum::<usize>() / 2;
        days.sort_by_key(|(day, places)| (std::cmp::Reverse(places.len()), *day));
        let mut written = 0;
        let enough = days.iter().position(|(_, places)| {
            let is_enough = written > half;
            written += places.len();
            is_enough
        });
        let small = days.split_off(enough.unwrap_or(days.len()));
        self.write(days, files)?;
        let mut rest: Vec<Place> = small.into_iter().flat_map(|(_, places)| places).collect();
        rest.sort_unstable();
        self.keep(&rest)
    }

    /// Rows by day, in order of arrival.
    fn days(&self) -> Result<BTreeMap<Day, Vec<Place>>> {
        let mut days: BTreeMap<Day, Vec<Place>> = BTreeMap::new();
        for (i, batch) in self.batches.iter().enumerate() {
            for (row, day) in column::primitive::<Date32Type>(batch, "day")?.values().iter().enumerate() {
                days.entry(Day(*day)).or_default().push((i, row));
            }
        }
        Ok(days)
    }

    fn write(&mut self, days: Vec<(Day, Vec<Place>)>, files: &mut FileSet) -> Result<()> {
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        let keys = keys(&batches)?;
        let (dir, import, flush) = (files.dir(FileKind::Events), files.import(), self.flushes);
        let write = |(day, mut places): (Day, Vec<Place>)| {
            places.sort_by(|(a, i), (b, j)| keys[*a].row(*i).cmp(&keys[*b].row(*j)));
            let rows = interleave_record_batch(&batches, &places).fault()?;
            write_day(&dir, import, flush, day, &rows)
        };
        let written: Vec<StoredFile> = days.into_par_iter().map(write).collect::<Result<_>>()?;
        written.into_iter().for_each(|file| files.add(file));
        self.flushes += 1;
        Ok(())
    }

    /// Holds on to these rows only, in fresh memory.
    fn keep(&mut self, places: &[Place]) -> Result<()> {
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        let kept = match places {
            [] => Vec::new(),
            places => vec![interleave_record_batch(&batches, places).fault()?],
        };
        self.bytes = kept.iter().map(RecordBatch::get_array_memory_size).sum();
        self.batches = kept;
        Ok(())
    }
}

/// What rows are sorted by, batch by batch: so rows are put in order as they are put together, and copied once.
fn keys(batches: &[&RecordBatch]) -> Result<Vec<Rows>> {
    let Some(first) = batches.first() else { return Ok(Vec::new()) };
    let indices = ORDER.map(|name| first.schema_ref().index_of(name));
    let indices: Vec<usize> = indices.into_iter().collect::<std::result::Result<_, _>>().fault()?;
    let fields = indices.iter().map(|i| SortField::new(first.column(*i).data_type().clone())).collect();
    let converter = RowConverter::new(fields).fault()?;
    let of_batch = |batch: &&RecordBatch| {
        let columns: Vec<_> = indices.iter().map(|i| batch.column(*i).clone()).collect();
        converter.convert_columns(&columns).fault()
    };
    batches.iter().map(of_batch).collect()
}

fn write_day(dir: &Path, import: ImportId, flush: u32, day: Day, sorted: &RecordBatch) -> Result<StoredFile> {
    let name = format!("{import}-{flush}.parquet");
    let dir = dir.join(format!("day={day}"));
    let mut writer = TableWriter::create(FileKind::Events, &dir, &name, table_schema())?;
    writer.write(sorted)?;
    let mut file = writer.finish()?;
    file.days = Some((day, day));
    Ok(file)
}
