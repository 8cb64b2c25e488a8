//! Everything a mapping gives beyond the event's own columns, as one JSON object a row.

use arrow::array::{ArrayRef, StringArray, StringBuilder};

use super::money::Original;
use crate::values::json::{Object, write_text};

/// What a converted amount leaves behind.
pub(super) const ORIGINAL_AMOUNT: &str = "original_amount";
pub(super) const ORIGINAL_CURRENCY: &str = "original_currency";

/// Guess at the size of one row's properties.
const TYPICAL: usize = 64;

/// One property column.
#[derive(Debug)]
pub(super) struct Property<'a> {
    pub name: &'a str,
    pub values: &'a ArrayRef,
}

/// The properties of `rows` rows in order of columns; NULL where a row has none.
pub(super) fn objects(rows: usize, properties: &[Property], originals: &[Option<Original>]) -> StringArray {
    let mut builder = StringBuilder::with_capacity(rows, rows * TYPICAL);
    let mut text = String::with_capacity(TYPICAL);
    for row in 0..rows {
        text.clear();
        let mut object = Object::open(&mut text);
        for property in properties {
            object.member(property.name, property.values, row);
        }
        if let Some(Some(original)) = originals.get(row) {
            add_original(&mut object, original);
        }
        if object.is_empty() {
            builder.append_null();
            continue;
        }
        object.close();
        builder.append_value(&text);
    }
    builder.finish()
}

fn add_original(object: &mut Object, original: &Original) {
    let mut currency = String::new();
    write_text(&mut currency, &original.currency);
    object.raw(ORIGINAL_AMOUNT, &original.amount.to_string());
    object.raw(ORIGINAL_CURRENCY, &currency);
}
