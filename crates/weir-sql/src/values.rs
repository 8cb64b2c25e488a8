//! Columns of any Arrow type as the few kinds of values that events, tags and the catalogue have.
//!
//! One module a kind. Each can say beforehand whether it takes a type, so that a mapping fails before it has begun.

use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use weir_core::{Error, Result};

pub(crate) mod json;
pub(crate) mod moment;
pub(crate) mod number;
pub(crate) mod text;

/// A cast that cannot fail for the types it is used on.
fn cast(array: &dyn Array, to: &DataType) -> Result<ArrayRef> {
    arrow::compute::cast(array, to)
        .map_err(|error| Error::internal(format!("{} could not be read as {to}: {error}", array.data_type())))
}

/// The name of a type in words a mapping's author knows.
pub(crate) fn type_name(data_type: &DataType) -> String {
    match data_type {
        t if t.is_integer() => "an integer".to_owned(),
        t if t.is_floating() => "a floating-point number".to_owned(),
        t if t.is_decimal() => "a decimal".to_owned(),
        t if t.is_string() => "text".to_owned(),
        DataType::Boolean => "a boolean".to_owned(),
        DataType::Date32 | DataType::Date64 => "a date".to_owned(),
        DataType::Timestamp(..) => "a timestamp".to_owned(),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => "a list".to_owned(),
        DataType::Struct(_) | DataType::Map(..) => "an object".to_owned(),
        other => format!("of type {other}"),
    }
}
