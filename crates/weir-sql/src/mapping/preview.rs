//! What a mapping makes of a file, without anything being taken in: the first rows one by one, each with what becomes
//! of it, some of those refused, wherever they stand, and the counts of all.
//!
//! Deliberately absent: whether a row is there already. Only the store knows, and a preview never asks it.

use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use datafusion::common::TableReference;
use futures::StreamExt;
use serde_json::{Map, Value};
use weir_core::ledger::Ledger;
use weir_core::{Error, Result};

use super::counts;
use super::events::{EventPlan, MappingContext};
use super::rows::{Counted, batches};
use super::select::Select;
use super::session::{INPUT, ImportSession};
use super::tags::TagPlan;
use crate::query::to_json_rows;
use crate::runtime::block_on;
use weir_store::event::GIVEN;

/// A row as an object, keys in order of columns.
pub type Row = Map<String, Value>;

/// The first rows of the input, as they stand in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Names of the columns, and what they hold: `integer`, `number`, `text`, `boolean`, `date`, `time`, `list`, `object`.
    pub columns: Vec<(String, &'static str)>,
    /// Rows, each with a value per column.
    pub rows: Vec<Vec<Value>>,
}

/// What a mapping makes of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preview {
    /// The first rows that the SELECT gives.
    pub rows: Vec<PreviewRow>,
    /// The first of those refused, wherever they stand.
    pub refused: Vec<PreviewRow>,
    /// The counts of all rows; what is not refused is neither accepted nor duplicate yet.
    pub ledger: Ledger,
}

/// A row of the SELECT, and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Its number among the rows of the SELECT, from 1.
    pub number: u64,
    /// What the SELECT gives.
    pub selected: Row,
    /// What the store would be given.
    pub mapped: Option<Row>,
    /// Why it is refused.
    pub reason: Option<String>,
}

impl ImportSession {
    /// The first rows of the table `input`.
    pub fn head(&self, rows: usize) -> Result<Head> {
        let failed = |error| self.translator().error(&error);
        let batches = block_on(async {
            let table = self.context.table(TableReference::bare(INPUT)).await.map_err(failed)?;
            let head = table.limit(0, Some(rows)).map_err(failed)?;
            let schema = head.schema().as_arrow().clone();
            Ok((schema, head.collect().await.map_err(failed)?))
        });
        let (schema, batches) = batches?;
        let columns =
            schema.fields().iter().map(|field| (field.name().clone(), type_code(field.data_type())));
        let rows = to_json_rows(&batches)?.into_iter().map(|row| row.into_values().collect()).collect();
        Ok(Head { columns: columns.collect(), rows })
    }
}

impl EventPlan {
    /// Runs the mapping for its counts, and keeps the first rows.
    pub fn preview(self, context: MappingContext, rows: usize) -> Result<Preview> {
        let (select, mapper) = self.into_mapper(context);
        preview(select, rows, |batch| mapper.map(batch))
    }
}

impl TagPlan {
    /// Runs the mapping for its counts, and keeps the first rows.
    pub fn preview(self, rows: usize) -> Result<Preview> {
        let (select, mapper) = self.into_mapper();
        preview(select, rows, |batch| mapper.map(batch))
    }
}

fn preview(select: Select, most: usize, map: impl Fn(&RecordBatch) -> Result<Counted>) -> Result<Preview> {
    let mut stream = Box::pin(batches(select)?);
    let mut preview = Preview::default();
    while let Some(batch) = block_on(async { Ok(stream.next().await) })? {
        let batch = batch?;
        let before = preview.ledger.read;
        let (_, counts) = map(&batch)?;
        let has_refused = counts.rejected() > 0;
        counts::add(&mut preview.ledger, counts);
        let is_wanted = preview.rows.len() < most || (has_refused && preview.refused.len() < most);
        if is_wanted {
            preview.keep(&batch, before, most, &map)?;
        }
    }
    Ok(preview)
}

impl Preview {
    /// Maps rows one by one: a row alone becomes what it becomes among others.
    fn keep(
        &mut self,
        batch: &RecordBatch,
        before: u64,
        most: usize,
        map: impl Fn(&RecordBatch) -> Result<Counted>,
    ) -> Result<()> {
        for at in 0..batch.num_rows() {
            let is_full = self.rows.len() >= most;
            if is_full && self.refused.len() >= most {
                return Ok(());
            }
            let alone = batch.slice(at, 1);
            let (mapped, counts) = map(&alone)?;
            let reason = counts.reasons.into_keys().next();
            if is_full && reason.is_none() {
                continue;
            }
            let row = PreviewRow {
                number: before + at as u64 + 1,
                selected: only_row(&alone)?,
                mapped: (mapped.num_rows() > 0).then(|| only_row(&mapped)).transpose()?,
                reason,
            };
            if row.reason.is_some() && self.refused.len() < most {
                self.refused.push(row.clone());
            }
            if !is_full {
                self.rows.push(row);
            }
        }
        Ok(())
    }
}

/// The one row of a batch, without what only the store needs.
fn only_row(batch: &RecordBatch) -> Result<Row> {
    let mut rows = to_json_rows(std::slice::from_ref(batch))?;
    let mut row = rows.pop().ok_or_else(|| Error::internal("a row is gone"))?;
    row.shift_remove(GIVEN);
    Ok(row)
}

fn type_code(data_type: &DataType) -> &'static str {
    match data_type {
        t if t.is_integer() => "integer",
        t if t.is_numeric() => "number",
        DataType::Boolean => "boolean",
        DataType::Date32 | DataType::Date64 => "date",
        DataType::Timestamp(..) => "time",
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => "list",
        DataType::Struct(_) | DataType::Map(..) => "object",
        _ => "text",
    }
}
