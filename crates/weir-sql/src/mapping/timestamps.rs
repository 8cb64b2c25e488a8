//! `to_timestamp…` for imports: always an instant, whatever it is made from.
//!
//! DataFusion's own functions give a timestamp without zone unless a session zone is set. A mapping's timestamp without zone
//! is a wall-clock time, so epoch seconds would be off by the workspace's offset; and with a session zone DataFusion refuses the hour
//! that clocks show twice in autumn. These take their place:
//!
//! | argument | read as |
//! |---|---|
//! | number | seconds (or milli-, micro-, nanoseconds, by name) since 1970-01-01T00:00Z |
//! | text | with offset an instant, without a wall-clock time of the workspace's zone |
//! | text, chrono formats | the same; a format with `%z`, `%Z`, `%s` or `%+` gives an instant |
//! | timestamp, date | as in the column `time` |
//!
//! Deliberately absent: `CAST(… AS TIMESTAMP)`, which stays as SQL has it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{ScalarValue, exec_err};
use datafusion::error::{DataFusionError, Result as SqlResult};
use datafusion::functions::datetime::to_timestamp::ToTimestampMicrosFunc;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::SessionContext;
use weir_core::time::Micros;

use crate::clock::Clock;
use crate::values::moment::{Moment, moments};

/// Function, and how many of its units make a second.
const FUNCTIONS: [(&str, i64); 6] = [
    ("to_timestamp", 1),
    ("to_timestamp_seconds", 1),
    ("to_timestamp_millis", 1_000),
    ("to_timestamp_micros", 1_000_000),
    ("to_timestamp_nanos", 1_000_000_000),
    ("from_unixtime", 1),
];

/// Parts of a chrono format that fix the instant.
const ZONE_PARTS: [&str; 6] = ["%z", "%:z", "%#z", "%Z", "%s", "%+"];

const MICROS: i64 = 1_000_000;

/// Puts these functions in the place of DataFusion's.
pub(super) fn register(context: &SessionContext, clock: &Arc<Clock>) {
    for (name, per_second) in FUNCTIONS {
        let signature = Signature::variadic_any(Volatility::Immutable);
        let function = ToInstant { name, per_second, clock: clock.clone(), signature };
        context.register_udf(ScalarUDF::new_from_impl(function));
    }
}

#[derive(Debug)]
struct ToInstant {
    name: &'static str,
    per_second: i64,
    clock: Arc<Clock>,
    signature: Signature,
}

impl PartialEq for ToInstant {
    fn eq(&self, other: &ToInstant) -> bool {
        self.name == other.name && self.clock.zone() == other.clock.zone()
    }
}

impl Eq for ToInstant {}

impl Hash for ToInstant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.name, self.clock.zone().name()).hash(state);
    }
}

impl ScalarUDFImpl for ToInstant {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> SqlResult<DataType> {
        if arguments.is_empty() {
            return exec_err!("{} needs a number, a text or a time", self.name);
        }
        Ok(DataType::Timestamp(TimeUnit::Microsecond, Some(self.clock.zone().name().into())))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> SqlResult<ColumnarValue> {
        let is_constant = arguments.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { arguments.number_rows };
        let first = arguments.args[0].to_array(rows)?;
        let instants = match first.data_type() {
            t if t.is_numeric() => self.of_numbers(&first)?,
            t if t.is_string() && arguments.args.len() > 1 => self.of_formatted(arguments)?,
            _ => self.of_times(&first)?,
        };
        let array: ArrayRef = Arc::new(instants.with_timezone(self.clock.zone().name()));
        match is_constant {
            true => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?)),
            false => Ok(ColumnarValue::Array(array)),
        }
    }
}

impl ToInstant {
    /// A number that no instant fits becomes one far out of range: its row is then refused for that, and no other.
    fn of_numbers(&self, array: &ArrayRef) -> SqlResult<TimestampMicrosecondArray> {
        if array.data_type().is_integer() {
            let values = arrow::compute::cast(array, &DataType::Int64)?;
            let scale = |value: i64| match MICROS / self.per_second {
                0 => value.div_euclid(self.per_second / MICROS),
                factor => value.saturating_mul(factor),
            };
            return Ok(values.as_primitive::<Int64Type>().unary(scale));
        }
        let values = arrow::compute::cast(array, &DataType::Float64)?;
        let factor = MICROS as f64 / self.per_second as f64;
        Ok(values.as_primitive::<Float64Type>().unary(|value| (value * factor).round() as Micros))
    }

    fn of_times(&self, array: &ArrayRef) -> SqlResult<TimestampMicrosecondArray> {
        let moments =
            moments(array, &self.clock).map_err(|error| DataFusionError::External(Box::new(error)))?;
        let mut instants = Vec::with_capacity(moments.len());
        for (row, moment) in moments.into_iter().enumerate() {
            instants.push(match moment {
                Moment::At(instant) => Some(instant),
                Moment::Missing => None,
                Moment::Bad => return exec_err!("{} cannot read {} as a time", self.name, shown(array, row)),
            });
        }
        Ok(instants.into())
    }

    /// DataFusion parses; a result of formats without zone is then a wall-clock time.
    fn of_formatted(&self, arguments: ScalarFunctionArgs) -> SqlResult<TimestampMicrosecondArray> {
        let has_zone = arguments.args[1..].iter().any(has_zone);
        let rows = arguments.number_rows;
        let parser = ToTimestampMicrosFunc::new_with_config(&ConfigOptions::default());
        let parsed = parser.invoke_with_args(arguments)?.to_array(rows)?;
        let naive = arrow::compute::cast(&parsed, &DataType::Int64)?;
        let instant = |value| if has_zone { value } else { self.clock.instant(value) };
        Ok(naive.as_primitive::<Int64Type>().unary(instant))
    }
}

fn has_zone(format: &ColumnarValue) -> bool {
    match format {
        ColumnarValue::Scalar(value) => {
            let text = value.to_string();
            ZONE_PARTS.iter().any(|part| text.contains(part))
        }
        ColumnarValue::Array(_) => false,
    }
}

fn shown(array: &ArrayRef, row: usize) -> String {
    let mut text = String::new();
    crate::values::json::write(&mut text, array, row);
    text
}
