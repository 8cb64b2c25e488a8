//! What kind of value a text is, and the kind of a column that holds several.
//!
//! A file's columns are typed by *all* of its values, not by a sample: a column that is a number for a million rows and
//! then "A563185" would otherwise stop an import half way, or lose the row. The price is one more pass over the file,
//! in constant memory and cheap beside the import itself; it also finds every broken row before anything is written.
//!
//! Numbers that are really names stay text: a leading zero (phone and postal codes), more digits than an `i64`, or
//! "12E4" without sign or point (article codes) would not survive a conversion.
//!
//! Deliberately absent: guesses at local formats ("1.234,50", "12/1/2010"). They stay text for the mapping's SQL.

use arrow::array::timezone::Tz;
use arrow::compute::kernels::cast_utils::{Parser, string_to_datetime};
use arrow::datatypes::{DataType, Date32Type, Float64Type, TimeUnit};

/// Length of `YYYY-MM-DD` and of `YYYY-MM-DDTHH:MM:SS`.
const DATE_LENGTH: usize = 10;
const TIME_LENGTH: usize = 19;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing yet: no value, or only empty ones.
    Empty,
    Boolean,
    Integer,
    Float,
    Date,
    /// A wall-clock time without zone.
    LocalTime,
    /// A time with zone or offset.
    Instant,
    Text,
}

impl Kind {
    /// The kind that holds both.
    pub fn join(self, other: Kind) -> Kind {
        match (self, other) {
            (a, b) if a == b => a,
            (Kind::Empty, kind) | (kind, Kind::Empty) => kind,
            (Kind::Integer, Kind::Float) | (Kind::Float, Kind::Integer) => Kind::Float,
            (Kind::Date, Kind::LocalTime) | (Kind::LocalTime, Kind::Date) => Kind::LocalTime,
            _ => Kind::Text,
        }
    }

    /// The Arrow type of a column of this kind.
    pub fn data_type(self) -> DataType {
        match self {
            Kind::Boolean => DataType::Boolean,
            Kind::Integer => DataType::Int64,
            Kind::Float => DataType::Float64,
            Kind::Date => DataType::Date32,
            Kind::LocalTime => DataType::Timestamp(TimeUnit::Microsecond, None),
            Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Empty | Kind::Text => DataType::Utf8,
        }
    }

    /// The kind of one CSV field. Whatever this says, Arrow's CSV reader can parse.
    pub fn of_text(field: &str) -> Kind {
        match field.as_bytes() {
            [] => Kind::Empty,
            [b'0'..=b'9' | b'-' | b'.', ..] => of_numeric(field),
            [b't' | b'T' | b'f' | b'F', ..] if is_boolean(field) => Kind::Boolean,
            _ => Kind::Text,
        }
    }

    /// Whether this field leaves a column of this kind as it is, by the cheapest test that can tell.
    pub fn surely_holds(self, field: &str) -> bool {
        match self {
            Kind::Text => true,
            Kind::Integer => field.is_empty() || is_integer(field.as_bytes()),
            _ => false,
        }
    }
}

fn is_boolean(field: &str) -> bool {
    field.eq_ignore_ascii_case("true") || field.eq_ignore_ascii_case("false")
}

fn of_numeric(field: &str) -> Kind {
    let bytes = field.as_bytes();
    if is_integer(bytes) {
        return Kind::Integer;
    }
    if is_float(field) {
        return Kind::Float;
    }
    of_time(field)
}

/// At most 18 digits, so that it always fits an `i64`, and no leading zero.
fn is_integer(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let padded = digits.len() > 1 && digits[0] == b'0';
    !digits.is_empty() && digits.len() <= 18 && !padded && digits.iter().all(u8::is_ascii_digit)
}

fn is_float(field: &str) -> bool {
    let unsigned = field.strip_prefix('-').unwrap_or(field);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let has_point = mantissa.contains('.');
    let marked = has_point || exponent.is_some_and(|e| e.starts_with(['+', '-']));
    let is_padded = mantissa.len() > 1 && mantissa.starts_with('0') && !mantissa.starts_with("0.");
    let plain = mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    marked && plain && !is_padded && Float64Type::parse(field).is_some_and(f64::is_finite)
}

fn of_time(field: &str) -> Kind {
    if field.len() == DATE_LENGTH && Date32Type::parse(field).is_some() {
        return Kind::Date;
    }
    // A bare offset is read by Arrow, but a zone's name ("… PST") may not be, so text after the time must be numeric.
    let rest = field.get(TIME_LENGTH..).unwrap_or_default();
    let readable = rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b':' | b'+' | b'-' | b'Z' | b'z'));
    let has_colon = field.as_bytes().get(13) == Some(&b':');
    if !readable || !has_colon || !is_time(field) {
        return Kind::Text;
    }
    let has_zone = rest.contains(['Z', 'z', '+', '-']);
    if has_zone { Kind::Instant } else { Kind::LocalTime }
}

fn is_time(field: &str) -> bool {
    // Arrow reads a time without zone in the zone given; any fixed one shows whether it can be read.
    "+00:00".parse::<Tz>().is_ok_and(|utc| string_to_datetime(&utc, field).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, fields: &[&str]) {
        for field in fields {
            assert_eq!(Kind::of_text(field), kind, "{field:?}");
        }
    }

    #[test]
    fn fields_have_kinds() {
        check(Kind::Empty, &[""]);
        check(Kind::Boolean, &["true", "FALSE"]);
        check(Kind::Integer, &["0", "-1", "17850", "123456789012345678"]);
        check(Kind::Float, &["2.55", "-0.5", ".5", "5.", "9e+05", "1e-05", "1.5E3"]);
        check(Kind::Date, &["2011-12-09"]);
        check(Kind::LocalTime, &["2010-12-01 08:26:00", "2010-12-01T08:26:00.123456", "9999-12-31 23:59:59"]);
        check(
            Kind::Instant,
            &["2010-12-01T08:26:00Z", "2010-12-01 08:26:00.5+08:00", "2010-12-01 08:26:00-0500"],
        );
    }

    #[test]
    fn names_that_look_like_numbers_stay_text() {
        check(
            Kind::Text,
            &["007", "013800138000", "+8613800138000", "1234567890123456789", "12E4", "00.5", "-"],
        );
        check(Kind::Text, &["85123A", "A563185", "1,234.50", " 12", "NaN", "inf", "1.2.3", "0x10", "--1"]);
        check(
            Kind::Text,
            &["12/1/2010 8:26", "2023-02-30", "2010-12-01 08:26", "2010-12-01 25:00:00", "08:26:00"],
        );
        check(Kind::Text, &["2023-01-01 04:05:06 PST", "2010-12-01 082600", "truth", "f"]);
    }

    #[test]
    fn kinds_join_to_what_holds_both() {
        assert_eq!(Kind::Integer.join(Kind::Float), Kind::Float);
        assert_eq!(Kind::Empty.join(Kind::Date), Kind::Date);
        assert_eq!(Kind::Date.join(Kind::LocalTime), Kind::LocalTime);
        assert_eq!(Kind::LocalTime.join(Kind::Instant), Kind::Text);
        assert_eq!(Kind::Integer.join(Kind::Text), Kind::Text);
    }
}
