//! Numbers and numeric text as exact amounts of 1/10000, rounded half away from zero.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, UInt64Type};
use weir_core::Result;
use weir_core::amount::Amount;

use super::{cast, text};

/// A column of amounts.
#[derive(Debug, PartialEq)]
pub(crate) struct Numbers {
    /// One a row; `None` where there is none, or none that can be kept.
    pub values: Vec<Option<Amount>>,
    /// Rows that hold something which is no amount: other text, not finite, too large.
    pub bad: Vec<usize>,
}

/// Whether a type can be a number.
pub(crate) fn takes(data_type: &DataType) -> bool {
    match data_type {
        DataType::Null => true,
        DataType::Dictionary(_, values) => takes(values),
        other => other.is_numeric() || other.is_string(),
    }
}

/// Arrow keeps amounts as decimals of 18 digits; larger ones are none we can keep.
pub(crate) fn fits(amount: Amount) -> bool {
    amount.0.unsigned_abs() < 10_u64.pow(18)
}

/// The amounts of a column.
pub(crate) fn numbers(array: &dyn Array) -> Result<Numbers> {
    Ok(match array.data_type() {
        DataType::Null => Numbers { values: vec![None; array.len()], bad: Vec::new() },
        DataType::UInt64 => {
            collect(array.as_primitive::<UInt64Type>(), |value| Amount::from_scaled(value.into(), 0))
        }
        t if t.is_integer() => {
            let integers = cast(array, &DataType::Int64)?;
            collect(integers.as_primitive::<Int64Type>(), |value| Amount::from_scaled(value.into(), 0))
        }
        t if t.is_floating() => {
            collect(cast(array, &DataType::Float64)?.as_primitive::<Float64Type>(), Amount::from_f64)
        }
        DataType::Decimal128(_, scale) => {
            let scale = i32::from(*scale);
            collect(array.as_primitive::<Decimal128Type>(), |value| Amount::from_scaled(value, scale))
        }
        _ => collect(&text::texts(array)?, Amount::parse),
    })
}

/// The column as floating-point numbers.
pub(crate) fn floats(array: &dyn Array) -> Result<ArrayRef> {
    cast(array, &DataType::Float64)
}

fn collect<T>(values: impl IntoIterator<Item = Option<T>>, amount: impl Fn(T) -> Option<Amount>) -> Numbers {
    let mut numbers = Numbers { values: Vec::new(), bad: Vec::new() };
    for (row, value) in values.into_iter().enumerate() {
        let is_given = value.is_some();
        let amount = value.and_then(&amount).filter(|amount| fits(*amount));
        if is_given && amount.is_none() {
            numbers.bad.push(row);
        }
        numbers.values.push(amount);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        Decimal128Array, Decimal256Array, Float32Array, Float64Array, Int32Array, NullArray, StringArray,
        UInt64Array,
    };
    use arrow::datatypes::i256;

    use super::*;

    #[track_caller]
    fn check(array: &dyn Array, expected: &[Option<i64>], bad: &[usize]) {
        assert!(takes(array.data_type()), "{}", array.data_type());
        let found = numbers(array).unwrap();
        assert_eq!(found.values.iter().map(|v| v.map(|v| v.0)).collect::<Vec<_>>(), expected);
        assert_eq!(found.bad, bad);
    }

    #[test]
    fn every_number_is_an_amount() {
        check(&Int32Array::from(vec![Some(6), Some(-1), None]), &[Some(60_000), Some(-10_000), None], &[]);
        check(&UInt64Array::from(vec![3, u64::MAX]), &[Some(30_000), None], &[1]);
        let floats = Float64Array::from(vec![2.55 * 6.0, 0.00005, -0.00005, f64::NAN, 1e300]);
        check(&floats, &[Some(153_000), Some(1), Some(-1), None, None], &[3, 4]);
        check(&Float32Array::from(vec![0.5]), &[Some(5_000)], &[]);
        let decimals =
            Decimal128Array::from(vec![123_455, -123_455]).with_precision_and_scale(20, 5).unwrap();
        check(&decimals, &[Some(12_346), Some(-12_346)], &[]);
        let wide = Decimal256Array::from(vec![i256::from(1250)]).with_precision_and_scale(50, 2).unwrap();
        check(&wide, &[Some(125_000)], &[]);
        check(&NullArray::new(1), &[None], &[]);
    }

    #[test]
    fn text_is_parsed_and_what_is_no_number_is_reported() {
        let texts =
            StringArray::from(vec![Some(" 12.5 "), Some(""), None, Some("1,234"), Some("99999999999999999")]);
        check(&texts, &[Some(125_000), None, None, None, None], &[3, 4]);
    }

    #[test]
    fn dates_and_booleans_are_no_numbers() {
        assert!(!takes(&DataType::Date32) && !takes(&DataType::Boolean));
    }
}
