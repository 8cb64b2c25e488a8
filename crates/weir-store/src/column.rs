//! Typed access to the columns of Arrow batches. A column of another type than agreed is our own mistake.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, UInt32Type};
use weir_core::{Error, Result};

/// A text column.
pub(crate) fn text<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a StringArray> {
    any(batch, name)?.as_string_opt::<i32>().ok_or_else(|| wrong_type(batch, name, &DataType::Utf8))
}

/// The values of a node column.
pub(crate) fn nodes<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a [u32]> {
    let column = any(batch, name)?.as_primitive_opt::<UInt32Type>();
    Ok(column.ok_or_else(|| wrong_type(batch, name, &DataType::UInt32))?.values())
}

/// A column of numbers, dates or instants.
pub(crate) fn primitive<'a, T: arrow::datatypes::ArrowPrimitiveType>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a arrow::array::PrimitiveArray<T>> {
    any(batch, name)?.as_primitive_opt::<T>().ok_or_else(|| wrong_type(batch, name, &T::DATA_TYPE))
}

/// A column of whatever type.
pub(crate) fn any<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array> {
    let column = batch.column_by_name(name);
    column.map(AsRef::as_ref).ok_or_else(|| Error::internal(format!("a batch has no column \"{name}\"")))
}

fn wrong_type(batch: &RecordBatch, name: &str, wanted: &DataType) -> Error {
    let found = batch.column_by_name(name).map(|column| column.data_type().to_string()).unwrap_or_default();
    Error::internal(format!("column \"{name}\" is {found}, not {wanted}"))
}

/// The text in a cell, if it is not null.
pub(crate) fn cell(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}
