//! One value of a column as JSON text.
//!
//! Numbers stay numbers, decimals with all their digits; dates and times become ISO text (with zone: UTC); lists become
//! arrays; structs and maps become objects, without their NULL members. What JSON has no word for becomes text.
//!
//! Deliberately absent: pretty printing, and reading JSON.

use std::fmt::Write;

use arrow::array::{Array, AsArray, StructArray};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use weir_core::time::Day;

use super::text::{nothing, texts, without_zeros};

/// Milliseconds of a day.
const DAY_MILLIS: i64 = 86_400_000;

/// Appends the value at `row`.
pub(crate) fn write(out: &mut String, array: &dyn Array, row: usize) {
    macro_rules! plain {
        ($type:ty) => {
            write_display(out, array.as_primitive::<$type>().value(row))
        };
    }
    macro_rules! decimal {
        ($type:ty) => {
            out.push_str(without_zeros(&array.as_primitive::<$type>().value_as_string(row)))
        };
    }
    if is_absent(array, row) {
        out.push_str("null");
        return;
    }
    match array.data_type() {
        DataType::Boolean => write_display(out, array.as_boolean().value(row)),
        DataType::Int8 => plain!(Int8Type),
        DataType::Int16 => plain!(Int16Type),
        DataType::Int32 => plain!(Int32Type),
        DataType::Int64 => plain!(Int64Type),
        DataType::UInt8 => plain!(UInt8Type),
        DataType::UInt16 => plain!(UInt16Type),
        DataType::UInt32 => plain!(UInt32Type),
        DataType::UInt64 => plain!(UInt64Type),
        DataType::Float32 => {
            let value = array.as_primitive::<Float32Type>().value(row);
            write_finite(out, value, value.is_finite());
        }
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            write_finite(out, value, value.is_finite());
        }
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Utf8 => write_text(out, array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => write_text(out, array.as_string::<i64>().value(row)),
        DataType::Utf8View => write_text(out, array.as_string_view().value(row)),
        DataType::Date32 => write_date(out, i64::from(array.as_primitive::<Date32Type>().value(row))),
        DataType::Date64 => {
            write_date(out, array.as_primitive::<Date64Type>().value(row).div_euclid(DAY_MILLIS));
        }
        DataType::Timestamp(unit, zone) => write_time(out, array, row, *unit, zone.is_some()),
        _ => write_nested(out, array, row),
    }
}

/// Whether there is no value. A column of type NULL has no marks for its NULLs.
fn is_absent(array: &dyn Array, row: usize) -> bool {
    array.is_null(row) || matches!(array.data_type(), DataType::Null)
}

fn write_nested(out: &mut String, array: &dyn Array, row: usize) {
    match array.data_type() {
        DataType::List(_) => write_list(out, array.as_list::<i32>().value(row).as_ref()),
        DataType::LargeList(_) => write_list(out, array.as_list::<i64>().value(row).as_ref()),
        DataType::FixedSizeList(..) => write_list(out, array.as_fixed_size_list().value(row).as_ref()),
        DataType::Struct(_) => write_struct(out, array.as_struct(), row),
        DataType::Map(..) => write_map(out, &array.as_map().value(row)),
        DataType::Dictionary(..) => write_dictionary(out, array, row),
        DataType::Union(..) => write_union(out, array, row),
        _ => write_other(out, array, row),
    }
}

fn write_display(out: &mut String, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

fn write_finite(out: &mut String, value: impl std::fmt::Display, is_finite: bool) {
    match is_finite {
        true => write_display(out, value),
        false => out.push_str("null"),
    }
}

/// Appends a JSON string.
pub(crate) fn write_text(out: &mut String, text: &str) {
    out.push('"');
    // Almost every text is clean, and then copied as a whole.
    match text.bytes().any(needs_escape) {
        true => write_escaped(out, text),
        false => out.push_str(text),
    }
    out.push('"');
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => write_display(out, format_args!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
}

fn write_date(out: &mut String, days: i64) {
    let day = i32::try_from(days).map_or(Day::END, Day);
    write_display(out, format_args!("\"{day}\""));
}

fn write_time(out: &mut String, array: &dyn Array, row: usize, unit: TimeUnit, has_zone: bool) {
    let instant = match unit {
        TimeUnit::Second => Timestamp::from_second(array.as_primitive::<TimestampSecondType>().value(row)),
        TimeUnit::Millisecond => {
            Timestamp::from_millisecond(array.as_primitive::<TimestampMillisecondType>().value(row))
        }
        TimeUnit::Microsecond => {
            Timestamp::from_microsecond(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        TimeUnit::Nanosecond => {
            let nanos = i128::from(array.as_primitive::<TimestampNanosecondType>().value(row));
            Timestamp::from_nanosecond(nanos)
        }
    };
    match instant {
        Ok(instant) if has_zone => write_display(out, format_args!("\"{instant}\"")),
        Ok(local) => write_display(out, format_args!("\"{}\"", TimeZone::UTC.to_datetime(local))),
        Err(_) => out.push_str("null"),
    }
}

fn write_list(out: &mut String, values: &dyn Array) {
    out.push('[');
    for row in 0..values.len() {
        if row > 0 {
            out.push(',');
        }
        write(out, values, row);
    }
    out.push(']');
}

fn write_struct(out: &mut String, array: &StructArray, row: usize) {
    let mut object = Object::open(out);
    for (name, column) in array.column_names().into_iter().zip(array.columns()) {
        object.member(name, column.as_ref(), row);
    }
    object.close();
}

fn write_map(out: &mut String, entries: &StructArray) {
    let keys = texts(entries.column(0)).unwrap_or_else(|_| nothing(entries.len()));
    let mut object = Object::open(out);
    for (row, key) in keys.iter().enumerate() {
        object.member(key.unwrap_or_default(), entries.column(1), row);
    }
    object.close();
}

fn write_dictionary(out: &mut String, array: &dyn Array, row: usize) {
    let dictionary = array.as_any_dictionary();
    write(out, dictionary.values().as_ref(), dictionary.normalized_keys()[row]);
}

/// A value whose type differs from row to row, as `json_get` gives. Its objects and arrays are JSON text already.
fn write_union(out: &mut String, array: &dyn Array, row: usize) {
    let union = array.as_union();
    let (type_id, at) = (union.type_id(row), union.value_offset(row));
    let child = union.child(type_id);
    let name = match array.data_type() {
        DataType::Union(fields, _) => {
            fields.iter().find(|(id, _)| *id == type_id).map(|(_, field)| field.name().as_str())
        }
        _ => None,
    };
    match (name, child.as_string_opt::<i32>()) {
        (Some("object" | "array"), Some(texts)) if !texts.is_null(at) => out.push_str(texts.value(at)),
        _ => write(out, child.as_ref(), at),
    }
}

fn write_other(out: &mut String, array: &dyn Array, row: usize) {
    let options = FormatOptions::default();
    match ArrayFormatter::try_new(array, &options) {
        Ok(formatter) => write_text(out, &formatter.value(row).to_string()),
        Err(_) => out.push_str("null"),
    }
}

/// A JSON object that is being written.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    out: &'a mut String,
    start: usize,
}

impl<'a> Object<'a> {
    /// Begins an object.
    pub fn open(out: &'a mut String) -> Object<'a> {
        let start = out.len();
        Object { out, start }
    }

    /// Whether nothing has been written yet.
    pub fn is_empty(&self) -> bool {
        self.out.len() == self.start
    }

    /// Adds a member, unless its value is NULL or has no JSON form.
    pub fn member(&mut self, name: &str, values: &dyn Array, row: usize) {
        if is_absent(values, row) {
            return;
        }
        let before = self.out.len();
        self.key(name);
        let value_at = self.out.len();
        write(self.out, values, row);
        if &self.out[value_at..] == "null" {
            self.out.truncate(before);
        }
    }

    /// Adds a member whose value is JSON text.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.key(name);
        self.out.push_str(json);
    }

    fn key(&mut self, name: &str) {
        self.out.push(if self.is_empty() { '{' } else { ',' });
        write_text(self.out, name);
        self.out.push(':');
    }

    /// Ends the object; one without members is `{}`.
    pub fn close(self) {
        self.out.push_str(if self.is_empty() { "{}" } else { "}" });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int32Array,
        Int64Array, ListArray, StringArray, StringViewArray, TimestampMicrosecondArray,
        TimestampNanosecondArray, UInt64Array,
    };

    use super::*;

    #[track_caller]
    fn check(array: &dyn Array, expected: &[&str]) {
        let mut found = Vec::new();
        for row in 0..array.len() {
            let mut out = String::new();
            write(&mut out, array, row);
            found.push(out);
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn scalars_keep_their_type() {
        check(&Int64Array::from(vec![Some(-1), None]), &["-1", "null"]);
        check(&UInt64Array::from(vec![u64::MAX]), &["18446744073709551615"]);
        check(&Float64Array::from(vec![2.5, 5.0, f64::NAN, f64::INFINITY]), &["2.5", "5", "null", "null"]);
        let decimals = Decimal128Array::from(vec![1250, -5]).with_precision_and_scale(38, 2).unwrap();
        check(&decimals, &["12.5", "-0.05"]);
        check(&BooleanArray::from(vec![true]), &["true"]);
        check(&StringArray::from(vec!["a\"b\\c\n\u{1}é"]), &[r#""a\"b\\c\n\u0001é""#]);
        check(&StringViewArray::from(vec!["x"]), &[r#""x""#]);
        check(&Date32Array::from(vec![14_976]), &[r#""2011-01-02""#]);
        check(&TimestampMicrosecondArray::from(vec![500_000]), &[r#""1970-01-01T00:00:00.5""#]);
        let instants = TimestampNanosecondArray::from(vec![0]).with_timezone("Europe/London");
        check(&instants, &[r#""1970-01-01T00:00:00Z""#]);
        let dictionary: DictionaryArray<Int8Type> = vec![Some("a"), None, Some("b")].into_iter().collect();
        check(&dictionary, &[r#""a""#, "null", r#""b""#]);
    }

    #[test]
    fn lists_and_structs_nest() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([
            Some(vec![Some(1), None]),
            Some(vec![]),
            None,
        ]);
        check(&lists, &["[1,null]", "[]", "null"]);
        let a = Arc::new(Int32Array::from(vec![Some(1), None])) as ArrayRef;
        let b = Arc::new(StringArray::from(vec![Some("x"), None])) as ArrayRef;
        let objects = StructArray::try_from(vec![("a", a), ("b", b)]).unwrap();
        check(&objects, &[r#"{"a":1,"b":"x"}"#, "{}"]);
    }

    #[test]
    fn every_text_is_valid_json() {
        for text in ["", "\"", "\\", "\u{0}\u{1f}", "line\r\n\ttab", "堰 🌊", "</script>"] {
            let mut out = String::new();
            write_text(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
