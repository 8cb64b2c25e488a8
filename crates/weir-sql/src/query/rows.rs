//! Result rows as JSON, for the command line and HTTP.
//!
//! Timestamps are RFC 3339 in UTC, dates ISO. A decimal is a number if a reader with 64-bit floats gets exactly this
//! number from it, and text otherwise: money is never rounded on the way out.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Decimal256Type};
use arrow::record_batch::RecordBatch;
use serde_json::{Map, Number, Value};
use weir_core::{Error, Result};

use crate::values::json;
use crate::values::text::without_zeros;

/// The largest whole number that every JSON reader keeps exactly.
const SAFE_INTEGER: i64 = 1 << 53;

/// Every row as an object, keys in order of columns; NULLs stay in, as null.
pub fn to_json_rows(batches: &[RecordBatch]) -> Result<Vec<Map<String, Value>>> {
    let mut rows = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        for row in 0..batch.num_rows() {
            rows.push(object(batch, row)?);
        }
    }
    Ok(rows)
}

fn object(batch: &RecordBatch, row: usize) -> Result<Map<String, Value>> {
    let mut object = Map::new();
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        object.insert(field.name().clone(), value(column.as_ref(), row)?);
    }
    Ok(object)
}

fn value(array: &dyn Array, row: usize) -> Result<Value> {
    if array.is_valid(row) {
        match array.data_type() {
            DataType::Decimal128(..) => {
                return Ok(decimal(&array.as_primitive::<Decimal128Type>().value_as_string(row)));
            }
            DataType::Decimal256(..) => {
                return Ok(decimal(&array.as_primitive::<Decimal256Type>().value_as_string(row)));
            }
            _ => {}
        }
    }
    let mut text = String::new();
    json::write(&mut text, array, row);
    serde_json::from_str(&text).map_err(|error| Error::internal(format!("a result is no JSON: {error}")))
}

fn decimal(text: &str) -> Value {
    let text = without_zeros(text);
    if let Ok(whole) = text.parse::<i64>() {
        let is_safe = whole.abs() <= SAFE_INTEGER;
        return if is_safe { Value::from(whole) } else { Value::from(text) };
    }
    let float = text.parse::<f64>().ok().filter(|float| float.to_string() == text);
    float.and_then(Number::from_f64).map_or_else(|| Value::from(text), Value::Number)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Decimal128Array, Int64Array, StringArray, TimestampMicrosecondArray};

    use super::*;

    #[test]
    fn rows_are_objects() {
        let amounts = Decimal128Array::from(vec![Some(89_114_079_040), None]);
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("amount", Arc::new(amounts.with_precision_and_scale(18, 4).unwrap())),
            ("time", Arc::new(TimestampMicrosecondArray::from(vec![0, 1]).with_timezone("UTC"))),
            ("n", Arc::new(Int64Array::from(vec![Some(i64::MAX), None]))),
            ("name", Arc::new(StringArray::from(vec![Some("堰"), None]))),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, column)| (name, column, true)),
        );
        let rows = to_json_rows(&[batch.unwrap()]).unwrap();
        insta::assert_snapshot!(Value::from(rows[0].clone()), @r#"{"amount":8911407.904,"time":"1970-01-01T00:00:00Z","n":9223372036854775807,"name":"堰"}"#);
        insta::assert_snapshot!(Value::from(rows[1].clone()), @r#"{"amount":null,"time":"1970-01-01T00:00:00.000001Z","n":null,"name":null}"#);
    }

    #[test]
    fn decimals_are_numbers_only_if_exact() {
        let shown = |text: &str| decimal(text).to_string();
        assert_eq!(shown("8911407.9040"), "8911407.904");
        assert_eq!(shown("12.0000"), "12");
        assert_eq!(shown("-0.0001"), "-0.0001");
        assert_eq!(shown("0.1"), "0.1");
        assert_eq!(shown("123456789012345678.1234"), "\"123456789012345678.1234\"");
        assert_eq!(shown("9007199254740993"), "\"9007199254740993\"");
    }
}
