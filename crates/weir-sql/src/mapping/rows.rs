//! A running mapping: normalised batches, and the ledger of the rows behind them.

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use futures::{Stream, StreamExt};
use weir_core::Result;
use weir_core::ledger::Ledger;

use super::counts;
use super::select::Select;
use crate::runtime::{Pump, block_on, compute};

/// A normalised batch with the counts of the rows it was made from.
pub(super) type Counted = (RecordBatch, Ledger);

/// The rows of a mapping, batch by batch, in the order in which the SELECT gives them.
#[derive(Debug)]
pub struct MappedRows {
    schema: SchemaRef,
    pump: Pump<Counted>,
}

impl MappedRows {
    /// Starts a mapping. Up to `threads` batches are normalised at the same time; they still come out in order.
    pub(super) fn start(
        select: Select,
        schema: SchemaRef,
        threads: usize,
        normalise: impl Fn(&RecordBatch) -> Result<Counted> + Clone + Send + 'static,
    ) -> Result<MappedRows> {
        let normalised = batches(select)?
            .map(move |batch| {
                let normalise = normalise.clone();
                async move {
                    let batch = batch?;
                    compute(move || normalise(&batch)).await?
                }
            })
            .buffered(threads);
        Ok(MappedRows { schema, pump: Pump::start(normalised)? })
    }

    /// The columns of every batch.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// The next rows that were not refused; `None` at the end. Counts what was read, refused and remarked on.
    ///
    /// Remarks and unknown names are counted when a row is mapped: also for one that turns out to be a duplicate.
    pub fn next_batch(&mut self, ledger: &mut Ledger) -> Result<Option<RecordBatch>> {
        while let Some((batch, counts)) = self.pump.next()? {
            counts::add(ledger, counts);
            if batch.num_rows() > 0 {
                return Ok(Some(batch));
            }
        }
        Ok(None)
    }
}

/// The SELECT's own rows.
pub(super) fn batches(select: Select) -> Result<impl Stream<Item = Result<RecordBatch>> + Send + 'static> {
    let Select { frame, translator, .. } = select;
    let stream = block_on(async { frame.execute_stream().await.map_err(|error| translator.error(&error)) })?;
    Ok(stream.map(move |batch| batch.map_err(|error| translator.error(&error))))
}
