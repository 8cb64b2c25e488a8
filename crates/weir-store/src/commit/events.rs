//! The door for events: refuse what names nobody, drop what is there already, attribute the rest.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{SchemaRef, TimestampMicrosecondType};
use weir_core::Result;
use weir_core::ledger::Ledger;

use super::dedupe::Dedupe;
use super::event_buffer::EventBuffer;
use super::fileset::FileSet;
use super::identities::Identities;
use super::row_key::RowKeys;
use crate::column;
use crate::event::{STAMPS, table_schema, time_type};
use crate::fault::Fault;
use crate::fingerprint::Keys;
use crate::import::NO_IDENTIFIER;
use crate::view::View;

pub(crate) struct EventDoor {
    keys: Keys,
    source: String,
    schema: SchemaRef,
    identities: Identities,
    dedupe: Dedupe,
    buffer: EventBuffer,
}

/// The rows of a batch that stay, and whose they are.
#[derive(Default)]
struct Accepted {
    rows: Vec<u32>,
    consumers: Vec<u32>,
}

impl EventDoor {
    pub(crate) fn open(
        keys: &Keys,
        identities: Identities,
        before: &View,
        source: &str,
    ) -> Result<EventDoor> {
        let dedupe = Dedupe::open(keys, source, before)?;
        let (keys, source, schema) = (keys.clone(), source.to_owned(), table_schema());
        Ok(EventDoor { keys, source, schema, identities, dedupe, buffer: EventBuffer::new() })
    }

    pub(crate) fn set_budget(&mut self, bytes: usize) {
        self.buffer.set_budget(bytes);
    }

    pub(crate) fn push(
        &mut self,
        batch: &RecordBatch,
        files: &mut FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let accepted = self.accept(batch, files, ledger)?;
        self.dedupe.flush_if_full(files)?;
        if accepted.rows.is_empty() {
            return Ok(());
        }
        let rows = self.table_rows(batch, accepted)?;
        self.buffer.push(rows, files)
    }

    fn accept(&mut self, batch: &RecordBatch, files: &FileSet, ledger: &mut Ledger) -> Result<Accepted> {
        let ids = self.identities.columns(batch)?;
        let row_keys = RowKeys::of(&self.keys, batch)?;
        let messages = column::text(batch, "message_id")?;
        let times = column::primitive::<TimestampMicrosecondType>(batch, "time")?.values();
        let mut accepted = Accepted::default();
        for (row, time) in times.iter().enumerate() {
            ledger.read += 1;
            if !ids.any(row) {
                ledger.reject(NO_IDENTIFIER);
            } else if !self.is_new(messages, &row_keys, row) {
                ledger.duplicate += 1;
            } else if let Some(consumer) = self.identities.attribute(&ids, row, *time, files)? {
                ledger.accept(Some(*time));
                accepted.rows.push(row as u32);
                accepted.consumers.push(consumer);
            }
        }
        Ok(accepted)
    }

    fn is_new(&mut self, messages: &StringArray, row_keys: &RowKeys, row: usize) -> bool {
        match column::cell(messages, row) {
            Some(message_id) => self.dedupe.admit_message(message_id),
            None => self.dedupe.admit_row(row_keys.key(row)),
        }
    }

    /// The accepted rows in the shape of the event table.
    fn table_rows(&self, batch: &RecordBatch, accepted: Accepted) -> Result<RecordBatch> {
        let count = accepted.rows.len();
        let taken = take_record_batch(batch, &UInt32Array::from(accepted.rows)).fault()?;
        let mut columns: Vec<ArrayRef> = vec![Arc::new(UInt32Array::from(accepted.consumers))];
        let given = self.schema.fields().len() - STAMPS.len() - 1;
        for field in &self.schema.fields()[1..given] {
            column::any(&taken, field.name())?;
            columns.extend(taken.column_by_name(field.name()).cloned());
        }
        columns.push(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(&self.source, count))));
        columns.extend(STAMPS.map(|_| new_null_array(&time_type(), count)));
        RecordBatch::try_new(self.schema.clone(), columns).fault()
    }

    pub(crate) fn seal(&mut self, files: &mut FileSet) -> Result<&mut Identities> {
        self.buffer.flush(files)?;
        self.dedupe.flush(files)?;
        Ok(&mut self.identities)
    }
}
