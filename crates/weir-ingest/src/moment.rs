//! Times as clients write them, and when a thing really happened.
//!
//! The clock of a device may be wrong by years, but the time it took from happening to sending is right on the same
//! clock. So with `sent` known,
//!
//! ```text
//! time = original + (received − sent)        where |received − sent| > TOLERATED_SKEW, else original
//! ```
//!
//! What then still lies more than [`TOLERATED_FUTURE`] ahead of our own clock, or before the year 2000, is absurd: the time
//! of receipt stands for it. Nothing is lost by that, for all stamps are kept.
//!
//! Deliberately absent: telling a replay from a wrong clock. A message sent again by hand with its old `sentAt` moves to
//! now; whoever replays must leave `sentAt` out or renew it.

use weir_core::arrival::Stamps;
use weir_core::time::{DAY_MICROS, Day, Micros, Zone};

use crate::json::Json;

/// Differences up to half a second are the network's, not the clock's.
pub(crate) const TOLERATED_SKEW: Micros = 500_000;

/// How far ahead of our clock a time may lie.
pub(crate) const TOLERATED_FUTURE: Micros = 5 * 60 * 1_000_000;

/// 2000-01-01T00:00:00Z.
const EARLIEST: Micros = 946_684_800_000_000;

/// A time as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Missing,
    Bad,
    At(Micros),
}

impl Moment {
    /// Reads a value: text, or a number since 1970 in seconds, milli-, micro- or nanoseconds, told apart by its size.
    pub fn read(value: Option<&Json>, zone: &Zone) -> Moment {
        let at = match value {
            None | Some(Json::Null) => return Moment::Missing,
            Some(Json::Text(text)) if text.trim().is_empty() => return Moment::Missing,
            Some(Json::Text(text)) => parse(text.trim(), zone),
            Some(Json::Number(number)) => match number.as_i64() {
                Some(whole) => since_epoch(whole),
                None => number.as_f64().and_then(seconds_since_epoch),
            },
            Some(_) => None,
        };
        at.map_or(Moment::Bad, Moment::At)
    }

    /// The instant, if it is one.
    pub fn known(self) -> Option<Micros> {
        match self {
            Moment::At(time) => Some(time),
            Moment::Missing | Moment::Bad => None,
        }
    }
}

fn parse(text: &str, zone: &Zone) -> Option<Micros> {
    if let Some(instant) = plain_instant(text.as_bytes()) {
        return Some(instant);
    }
    // A date without hyphens has eight digits; a number of seconds has had at least nine since 1973.
    let is_number = text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if is_number { since_epoch(text.parse().ok()?) } else { zone.parse_time(text) }
}

fn since_epoch(whole: i64) -> Option<Micros> {
    match whole.unsigned_abs() {
        0..100_000_000_000 => whole.checked_mul(1_000_000),
        100_000_000_000..100_000_000_000_000 => whole.checked_mul(1_000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(whole),
        _ => Some(whole.div_euclid(1_000)),
    }
}

/// Seconds or milliseconds with a fraction.
fn seconds_since_epoch(value: f64) -> Option<Micros> {
    let scale = if value.abs() < 1e11 { 1e6 } else { 1e3 };
    let micros = (value * scale).round();
    (micros.is_finite() && micros.abs() < i64::MAX as f64).then_some(micros as Micros)
}

/// `YYYY-MM-DDTHH:MM:SS[.f…]Z` (or `+00:00`), the form that SDKs write; `None` for any other, which is then parsed in full.
fn plain_instant(text: &[u8]) -> Option<Micros> {
    let (stamp, rest) = text.split_at_checked(19)?;
    let separators = (stamp[4], stamp[7], stamp[10], stamp[13], stamp[16]);
    if separators != (b'-', b'-', b'T', b':', b':') {
        return None;
    }
    let rest = rest.strip_suffix(b"Z").or_else(|| rest.strip_suffix(b"+00:00"))?;
    let fraction = match rest {
        [] => 0,
        [b'.', places @ ..] if (1..=9).contains(&places.len()) => {
            digits(places)? * 10_i64.pow(9 - places.len() as u32) / 1_000
        }
        _ => return None,
    };
    let number = |from: usize, to: usize| digits(&stamp[from..to]);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok()?;
    let seconds = (hour * 60 + minute) * 60 + second;
    Some(i64::from(Day::from_date(date).0) * DAY_MICROS + seconds * 1_000_000 + fraction)
}

fn digits(text: &[u8]) -> Option<i64> {
    let mut value = 0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(value)
}

/// When it happened, and the remark there is on that.
pub(crate) fn settle(
    original: Moment,
    sent: Moment,
    received: Micros,
) -> (Micros, Stamps, Option<&'static str>) {
    let stamps = Stamps { original: original.known(), sent: sent.known(), received };
    let bad = [original, sent].contains(&Moment::Bad).then_some("bad_time");
    let Some(original) = stamps.original else { return (received, stamps, bad) };
    let skew = received.saturating_sub(stamps.sent.unwrap_or(received));
    let is_skewed = skew.unsigned_abs() > TOLERATED_SKEW.unsigned_abs();
    let time = if is_skewed { original.saturating_add(skew) } else { original };
    let is_absurd = time < EARLIEST || time > received.saturating_add(TOLERATED_FUTURE);
    if is_absurd { (received, stamps, Some("time_clamped")) } else { (time, stamps, bad) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Micros = 1_000_000;
    const YEAR: Micros = 365 * DAY_MICROS;
    /// 2026-01-01T00:00:00Z.
    const NOW: Micros = 1_767_225_600 * SECOND;

    fn read(json: &str) -> Moment {
        let limits = crate::limits::Limits::default();
        let value = Json::parse(json.as_bytes(), &limits).unwrap();
        Moment::read(Some(&value), &Zone::named("Asia/Shanghai").unwrap())
    }

    #[test]
    fn every_way_to_write_a_time_is_understood() {
        let same = [
            r#""2025-12-31T16:00:00Z""#,
            r#""2025-12-31T16:00:00.000000+00:00""#,
            r#""2026-01-01T00:00:00+08:00""#,
            r#"" 2026-01-01 00:00:00 ""#,
            r#""2026-01-01T00:00""#,
            r#""2026-01-01""#,
            "1767196800",
            "1767196800000",
            "1767196800000000",
            "1767196800000000000",
            "1767196800.0",
            r#""1767196800000""#,
        ];
        for json in same {
            assert_eq!(read(json), Moment::At(1_767_196_800 * SECOND), "{json}");
        }
        assert_eq!(read(r#""2025-12-31T16:00:00.5Z""#), Moment::At(1_767_196_800 * SECOND + 500_000));
        assert_eq!(read(r#""2025-12-31T16:00:00.1234567Z""#), Moment::At(1_767_196_800 * SECOND + 123_456));
        assert_eq!((read("null"), read(r#""""#)), (Moment::Missing, Moment::Missing));
        for json in [r#""yesterday""#, "true", "[]", r#""2025-02-30T00:00:00Z""#, "1e300"] {
            assert_eq!(read(json), Moment::Bad, "{json}");
        }
    }

    #[test]
    fn the_plain_form_agrees_with_the_full_parser() {
        for text in ["1969-12-31T23:59:59.999999Z", "2024-02-29T12:34:56.7+00:00", "0001-01-01T00:00:00Z"] {
            let full = text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
            assert_eq!(plain_instant(text.as_bytes()), Some(full), "{text}");
        }
    }

    #[test]
    fn without_sent_nothing_is_corrected() {
        let (time, stamps, remark) = settle(Moment::At(NOW - YEAR), Moment::Missing, NOW);
        assert_eq!((time, stamps.sent, remark), (NOW - YEAR, None, None));
        assert_eq!(settle(Moment::Missing, Moment::At(NOW - YEAR), NOW).0, NOW);
    }

    #[test]
    fn absurd_and_unreadable_times_are_the_time_of_receipt() {
        let settled = |original, sent| {
            let (time, _, remark) = settle(original, sent, NOW);
            (time - NOW, remark)
        };
        assert_eq!(settled(Moment::At(0), Moment::Missing), (0, Some("time_clamped")));
        assert_eq!(settled(Moment::At(NOW + YEAR), Moment::Missing), (0, Some("time_clamped")));
        assert_eq!(settled(Moment::At(NOW + 60 * SECOND), Moment::Missing), (60 * SECOND, None));
        assert_eq!(settled(Moment::At(i64::MAX), Moment::At(i64::MIN)), (0, Some("time_clamped")));
        assert_eq!(settled(Moment::Bad, Moment::Missing), (0, Some("bad_time")));
        assert_eq!(settled(Moment::At(NOW - SECOND), Moment::Bad), (-SECOND, Some("bad_time")));
        // A device that believes it is 1970, and says when it sent.
        assert_eq!(settled(Moment::At(100 * SECOND), Moment::At(160 * SECOND)), (-60 * SECOND, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A device whose clock is off by up to ten years and whose `sentAt` is honest, over a network of up to half a second.
        #[test]
        fn a_wrong_clock_is_corrected_to_within_a_second(
            offset in prop_oneof![-10 * YEAR..10 * YEAR, -3 * SECOND..3 * SECOND],
            queued in 0..30 * DAY_MICROS,
            latency in 0..SECOND / 2,
        ) {
            let truth = NOW - latency - queued;
            let (time, ..) = settle(Moment::At(truth + offset), Moment::At(NOW - latency + offset), NOW);
            prop_assert!((time - truth).abs() <= SECOND, "{} µs off", time - truth);
        }

        #[test]
        fn no_time_lies_ahead_of_the_tolerance(original: i64, sent: Option<i64>, received in 0..4 * NOW) {
            let sent = sent.map_or(Moment::Missing, Moment::At);
            let (time, ..) = settle(Moment::At(original), sent, received);
            prop_assert!(time <= received + TOLERATED_FUTURE);
        }
    }
}
