//! Any scalar as text: identifiers, names, ids.
//!
//! White space around a text never counts, and an empty text is no text. Whole numbers are written without ".0", so
//! that customer 17850 is the same person in a file that lists it as 17850.0.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, PrimitiveArray, StringArray, StringBuilder};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Float32Type, Float64Type};
use weir_core::Result;

use super::cast;

/// Whether a type can be written as one text.
pub(crate) fn takes(data_type: &DataType) -> bool {
    let is_plain =
        data_type.is_primitive() && !matches!(data_type, DataType::Interval(_) | DataType::Duration(_));
    let is_other = matches!(data_type, DataType::Null | DataType::Boolean) || data_type.is_string();
    match data_type {
        DataType::Dictionary(_, values) => takes(values),
        _ => is_plain || is_other,
    }
}

/// The texts of a column, trimmed; NULL where there is none.
pub(crate) fn texts(array: &dyn Array) -> Result<StringArray> {
    Ok(match array.data_type() {
        DataType::Utf8 => trimmed(array.as_string::<i32>()),
        DataType::Float64 => floats(array.as_primitive::<Float64Type>(), f64::is_nan),
        DataType::Float32 => floats(array.as_primitive::<Float32Type>(), f32::is_nan),
        DataType::Float16 => return texts(&cast(array, &DataType::Float32)?),
        t if t.is_decimal() => decimals(cast(array, &DataType::Utf8)?.as_string::<i32>()),
        _ => trimmed(cast(array, &DataType::Utf8)?.as_string::<i32>()),
    })
}

/// The same texts without white space around them, and NULL instead of empty ones.
fn trimmed(array: &StringArray) -> StringArray {
    let is_clean = |text: &str| !text.is_empty() && text.trim().len() == text.len();
    if array.iter().flatten().all(is_clean) {
        return array.clone();
    }
    let mut builder = StringBuilder::with_capacity(array.len(), array.value_data().len());
    for text in array {
        builder.append_option(text.map(str::trim).filter(|text| !text.is_empty()));
    }
    builder.finish()
}

fn floats<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, is_nan: fn(T::Native) -> bool) -> StringArray
where
    T::Native: std::fmt::Display,
{
    array.iter().map(|value| value.filter(|value| !is_nan(*value)).map(|value| value.to_string())).collect()
}

fn decimals(array: &StringArray) -> StringArray {
    array.iter().map(|text| text.map(without_zeros)).collect()
}

/// A decimal without the zeros that end its fraction: 12.50 → 12.5, 12.00 → 12.
pub(crate) fn without_zeros(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

/// A column of texts that are all NULL.
pub(crate) fn nothing(rows: usize) -> StringArray {
    StringArray::new_null(rows)
}

/// As a column of a batch.
pub(crate) fn column(texts: StringArray) -> ArrayRef {
    Arc::new(texts)
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        BooleanArray, Date32Array, Decimal128Array, Float32Array, Float64Array, Int64Array, LargeStringArray,
        NullArray, StringViewArray, TimestampMicrosecondArray, UInt8Array,
    };

    use super::*;

    #[track_caller]
    fn check(array: &dyn Array, expected: &[Option<&str>]) {
        assert!(takes(array.data_type()), "{}", array.data_type());
        let texts = texts(array).unwrap();
        assert_eq!(texts.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_scalar_is_a_text() {
        check(
            &StringArray::from(vec![Some(" a "), Some(""), Some("  "), None]),
            &[Some("a"), None, None, None],
        );
        check(&StringArray::from(vec!["a", "张三"]), &[Some("a"), Some("张三")]);
        check(&StringViewArray::from(vec![Some("x "), None]), &[Some("x"), None]);
        check(&LargeStringArray::from(vec!["x"]), &[Some("x")]);
        check(&Int64Array::from(vec![Some(17_850), Some(-1), None]), &[Some("17850"), Some("-1"), None]);
        check(&UInt8Array::from(vec![7]), &[Some("7")]);
        let floats = Float64Array::from(vec![Some(17_850.0), Some(2.55), Some(1e20), Some(f64::NAN), None]);
        check(&floats, &[Some("17850"), Some("2.55"), Some("100000000000000000000"), None, None]);
        check(&Float32Array::from(vec![0.1]), &[Some("0.1")]);
        let decimals = Decimal128Array::from(vec![1250, 1200, -5]).with_precision_and_scale(10, 2).unwrap();
        check(&decimals, &[Some("12.5"), Some("12"), Some("-0.05")]);
        let tens = Decimal128Array::from(vec![120]).with_precision_and_scale(10, 0).unwrap();
        check(&tens, &[Some("120")]);
        check(&BooleanArray::from(vec![true, false]), &[Some("true"), Some("false")]);
        check(&Date32Array::from(vec![0]), &[Some("1970-01-01")]);
        check(&TimestampMicrosecondArray::from(vec![1_500_000]), &[Some("1970-01-01T00:00:01.500")]);
        check(
            &TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC"),
            &[Some("1970-01-01T00:00:00Z")],
        );
        check(&NullArray::new(2), &[None, None]);
    }

    #[test]
    fn lists_are_not_texts() {
        assert!(!takes(&DataType::new_list(DataType::Utf8, true)));
        assert!(!takes(&DataType::Binary));
    }
}
