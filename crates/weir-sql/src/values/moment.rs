//! Times of any type as instants.
//!
//! A timestamp with zone is an instant; one without is a wall-clock time of the workspace's zone, as are text without
//! offset and dates (their midnight). A bare integer is neither: whether it counts seconds or milliseconds is for the
//! mapping to say.

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit};
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use super::{cast, text, type_name};
use crate::clock::Clock;

/// One row's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// NULL, or empty text.
    Missing,
    /// Text that is no time.
    Bad,
    /// An instant.
    At(Micros),
}

/// Refuses types that are no time, with the way out.
pub(crate) fn check(column: &str, data_type: &DataType) -> Result<()> {
    let error = |help: &str| {
        let message = format!("\"{column}\" must be a time, but is {}", type_name(data_type));
        Err(Error::new(Code::InvalidMapping, message).at(column).help(help.to_owned()))
    };
    match data_type {
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Null => Ok(()),
        DataType::Dictionary(_, values) => check(column, values),
        t if t.is_string() => Ok(()),
        t if t.is_numeric() => error(
            "say what it counts: to_timestamp_seconds(…), to_timestamp_millis(…) or to_timestamp_micros(…)",
        ),
        _ => error("give a timestamp, a date, or text such as 2024-11-11 20:00:00"),
    }
}

/// The times of a column.
pub(crate) fn moments(array: &dyn Array, clock: &Clock) -> Result<Vec<Moment>> {
    match array.data_type() {
        DataType::Timestamp(unit, zone) => {
            let is_local = zone.is_none();
            let values = cast(array, &DataType::Int64)?;
            let micros = |value| to_micros(*unit, value);
            let instant = |value| if is_local { clock.instant(micros(value)) } else { micros(value) };
            Ok(values.as_primitive::<Int64Type>().iter().map(|value| at(value.map(instant))).collect())
        }
        DataType::Date32 | DataType::Date64 => {
            let days = cast(array, &DataType::Date32)?;
            let midnight = |day: i32| clock.midnight(i64::from(day));
            Ok(days.as_primitive::<Date32Type>().iter().map(|day| at(day.map(midnight))).collect())
        }
        _ => Ok(text::texts(array)?.iter().map(|text| parse(text, clock)).collect()),
    }
}

fn at(instant: Option<Micros>) -> Moment {
    instant.map_or(Moment::Missing, Moment::At)
}

fn parse(text: Option<&str>, clock: &Clock) -> Moment {
    match text {
        None => Moment::Missing,
        Some(text) => clock.parse(text).map_or(Moment::Bad, Moment::At),
    }
}

/// Times finer than a microsecond are cut to the microsecond they fall in; what does not fit is far out of any range.
fn to_micros(unit: TimeUnit, value: i64) -> Micros {
    match unit {
        TimeUnit::Second => value.saturating_mul(1_000_000),
        TimeUnit::Millisecond => value.saturating_mul(1_000),
        TimeUnit::Microsecond => value,
        TimeUnit::Nanosecond => value.div_euclid(1_000),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        Date32Array, NullArray, StringArray, TimestampMillisecondArray, TimestampNanosecondArray,
        TimestampSecondArray,
    };
    use weir_core::time::Zone;

    use super::*;

    fn clock() -> Clock {
        Clock::new(&Zone::named("Europe/London").unwrap()).unwrap()
    }

    #[track_caller]
    fn check_times(array: &dyn Array, expected: &[&str]) {
        check("time", array.data_type()).unwrap();
        let shown = |moment| match moment {
            Moment::Missing => "missing".to_owned(),
            Moment::Bad => "bad".to_owned(),
            Moment::At(micros) => jiff::Timestamp::from_microsecond(micros).unwrap().to_string(),
        };
        let found: Vec<String> = moments(array, &clock()).unwrap().into_iter().map(shown).collect();
        assert_eq!(found, expected);
    }

    /// 2011-07-01T00:30:00, in seconds.
    const SUMMER: i64 = 1_309_480_200;

    #[test]
    fn timestamps_without_zone_are_wall_clocks() {
        check_times(
            &TimestampSecondArray::from(vec![Some(SUMMER), None]),
            &["2011-06-30T23:30:00Z", "missing"],
        );
        check_times(&TimestampMillisecondArray::from(vec![SUMMER * 1_000]), &["2011-06-30T23:30:00Z"]);
        check_times(&TimestampNanosecondArray::from(vec![-1]), &["1969-12-31T22:59:59.999999Z"]);
    }

    #[test]
    fn timestamps_with_zone_are_instants() {
        let array = TimestampSecondArray::from(vec![SUMMER]);
        check_times(&array.clone().with_timezone("UTC"), &["2011-07-01T00:30:00Z"]);
        check_times(&array.with_timezone("Asia/Shanghai"), &["2011-07-01T00:30:00Z"]);
    }

    #[test]
    fn dates_begin_at_local_midnight() {
        check_times(&Date32Array::from(vec![15_156]), &["2011-06-30T23:00:00Z"]);
    }

    #[test]
    fn gaps_and_folds_resolve_as_compatible() {
        let gap = StringArray::from(vec!["2011-03-27 01:30:00", "2011-10-30 01:30:00"]);
        check_times(&gap, &["2011-03-27T01:30:00Z", "2011-10-30T00:30:00Z"]);
    }

    #[test]
    fn text_is_parsed() {
        let texts = vec![
            Some("2011-07-01 00:30:00"),
            Some("2011-07-01T00:30:00+08:00"),
            Some("soon"),
            Some(" "),
            None,
        ];
        let expected = ["2011-06-30T23:30:00Z", "2011-06-30T16:30:00Z", "bad", "missing", "missing"];
        check_times(&StringArray::from(texts), &expected);
        check_times(&NullArray::new(1), &["missing"]);
    }

    #[test]
    fn what_cannot_fit_is_far_out_of_range() {
        let array = TimestampSecondArray::from(vec![i64::MAX]).with_timezone("UTC");
        assert_eq!(moments(&array, &clock()).unwrap(), [Moment::At(i64::MAX)]);
    }
}
