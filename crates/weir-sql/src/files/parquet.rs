//! Parquet files: their columns as their footer says, and their rows.
//!
//! Deliberately absent: pruning by statistics. An import reads everything, once.

use std::path::Path;

use arrow::datatypes::{DataType, Field, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;
use weir_core::{Error, Result};

use super::source::{open_raw, unreadable};
use super::{BatchIter, Column, ColumnKind};
use crate::runtime::BATCH_ROWS;

type Builder = ParquetRecordBatchReaderBuilder<std::fs::File>;

fn builder(path: &Path) -> Result<Builder> {
    Builder::try_new(open_raw(path)?).map_err(|error| damaged(path, &error))
}

fn damaged(path: &Path, error: &ParquetError) -> Error {
    let text = error.to_string();
    let fact = text.split_once(": ").map_or(text.as_str(), |(_, fact)| fact);
    unreadable(path, format!("the Parquet data is damaged or incomplete ({fact})"))
}

/// The columns of a file.
pub(super) fn columns(path: &Path) -> Result<Vec<Column>> {
    let schema: SchemaRef = builder(path)?.schema().clone();
    Ok(schema.fields().iter().map(|field| column(field)).collect())
}

fn column(field: &Field) -> Column {
    // Views and dictionaries are an encoding, not a type; expressions are simpler without.
    let data_type = match field.data_type() {
        DataType::Utf8View | DataType::LargeUtf8 => DataType::Utf8,
        DataType::Dictionary(_, values) => values.as_ref().clone(),
        other => other.clone(),
    };
    Column { name: field.name().clone(), kind: ColumnKind::Typed(data_type) }
}

/// The rows of a file: the columns at `wanted` positions.
pub(super) fn read(path: &Path, wanted: &[usize]) -> Result<BatchIter> {
    let builder = builder(path)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build();
    let reader = reader.map_err(|error| damaged(path, &error))?;
    let path = path.to_owned();
    Ok(Box::new(reader.map(move |batch| {
        batch.map_err(|error| unreadable(&path, format!("the Parquet data is damaged ({error})")))
    })))
}
