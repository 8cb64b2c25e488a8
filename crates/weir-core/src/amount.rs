//! Exact decimals: money and quantities in units of 1/10000.

use std::fmt;

/// Units in one.
pub const UNITS: i64 = 10_000;

/// Digits after the point.
pub const SCALE: u32 = 4;

/// A decimal with four places, kept as a whole number of 1/10000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(pub i64);

impl Amount {
    /// The nearest amount to a floating-point number; `None` if it is not finite or too large.
    pub fn from_f64(value: f64) -> Option<Amount> {
        let units = (value * UNITS as f64).round();
        let fits = units.is_finite() && units.abs() < i64::MAX as f64;
        fits.then_some(Amount(units as i64))
    }

    /// The amount of `value` × 10^-`scale`, rounded half away from zero beyond four places.
    pub fn from_scaled(value: i128, scale: i32) -> Option<Amount> {
        let shift = SCALE as i32 - scale;
        let factor = 10_i128.checked_pow(shift.unsigned_abs())?;
        let units = if shift >= 0 { value.checked_mul(factor)? } else { divide_half_away(value, factor) };
        i64::try_from(units).ok().map(Amount)
    }

    /// Parses plain decimal text such as `-12.5`.
    pub fn parse(text: &str) -> Option<Amount> {
        let text = text.trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        let bare = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
        if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Amount::from_scaled(digits.parse().ok()?, i32::try_from(fraction.len()).ok()?)
    }

    /// The closest floating-point number.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / UNITS as f64
    }
}

fn divide_half_away(value: i128, by: i128) -> i128 {
    let half = if value < 0 { -by / 2 } else { by / 2 };
    (value + half) / by
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let (whole, fraction) = (units / UNITS as u64, units % UNITS as u64);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let places = format!("{fraction:04}");
        write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["0", "12.5", "-0.0001", "8911407.904", "922337203685477.5807"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Amount::parse("1e5"), None);
        assert_eq!(Amount::parse(""), None);
        assert_eq!(Amount::parse("-"), None);
        assert_eq!(Amount::parse("922337203685477.5808"), None);
    }

    #[test]
    fn floats_round_to_the_nearest_unit() {
        assert_eq!(Amount::from_f64(2.55 * 6.0), Some(Amount(153_000)));
        assert_eq!(Amount::from_f64(f64::NAN), None);
        assert_eq!(Amount::from_f64(1e30), None);
    }

    #[test]
    fn scaled_values_round_half_away_from_zero() {
        assert_eq!(Amount::from_scaled(123_455, 5), Some(Amount(12_346)));
        assert_eq!(Amount::from_scaled(-123_455, 5), Some(Amount(-12_346)));
        assert_eq!(Amount::from_scaled(5, -2), Some(Amount(5_000_000)));
    }
}
