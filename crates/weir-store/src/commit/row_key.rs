//! The fingerprint of a row's contents: names and values of its columns that are not null, in the order of their
//! names, each preceded by its length. `day` follows from `time` and stays out.
//!
//! Where the batch has a [`GIVEN`] column, that alone is the row's contents.

use arrow::array::{Array, AsArray, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Decimal128Type, TimeUnit, TimestampMicrosecondType};
use weir_core::{Error, Result};

use crate::event::GIVEN;
use crate::fingerprint::{Fingerprint, Fingerprinter, Keys, Sort};

pub(crate) struct RowKeys<'a> {
    start: Fingerprinter,
    columns: Vec<(&'a str, Cells<'a>)>,
}

enum Cells<'a> {
    Text(&'a StringArray),
    Instants(&'a TimestampMicrosecondArray),
    Decimals(&'a Decimal128Array),
}

impl<'a> RowKeys<'a> {
    pub(crate) fn of(keys: &Keys, batch: &'a RecordBatch) -> Result<RowKeys<'a>> {
        let has_given = batch.column_by_name(GIVEN).is_some();
        let mut columns = Vec::new();
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let counts = if has_given { field.name() == GIVEN } else { field.name() != "day" };
            if counts {
                columns.push((field.name().as_str(), Cells::of(field.name(), column.as_ref())?));
            }
        }
        columns.sort_by_key(|(name, _)| *name);
        Ok(RowKeys { start: keys.start(Sort::Row), columns })
    }

    pub(crate) fn key(&self, row: usize) -> Fingerprint {
        let mut key = self.start.clone();
        for (name, cells) in &self.columns {
            cells.add(name, row, &mut key);
        }
        key.finish()
    }
}

impl<'a> Cells<'a> {
    fn of(name: &str, column: &'a dyn Array) -> Result<Cells<'a>> {
        match column.data_type() {
            DataType::Utf8 => Ok(Cells::Text(column.as_string())),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Ok(Cells::Instants(column.as_primitive::<TimestampMicrosecondType>()))
            }
            DataType::Decimal128(_, _) => Ok(Cells::Decimals(column.as_primitive::<Decimal128Type>())),
            other => Err(Error::internal(format!("column \"{name}\" of an event is {other}"))),
        }
    }

    fn add(&self, name: &str, row: usize, key: &mut Fingerprinter) {
        let array: &dyn Array = match self {
            Cells::Text(texts) => texts,
            Cells::Instants(times) => times,
            Cells::Decimals(numbers) => numbers,
        };
        if array.is_null(row) {
            return;
        }
        key.piece(name.as_bytes());
        match self {
            Cells::Text(texts) => key.piece(texts.value(row).as_bytes()),
            Cells::Instants(times) => key.piece(&times.value(row).to_le_bytes()),
            Cells::Decimals(numbers) => key.piece(&numbers.value(row).to_le_bytes()),
        }
    }
}
