//! A zone's offsets as two sorted tables, so that a hundred million times convert without asking the zone each time.
//!
//! ```text
//! UTC    ──────┬───────────┬──────      offset i holds from start i on
//!            start 1     start 2
//! local  ────────┬─────────────┬──      … and for wall-clock times from local start i on
//! ```
//!
//! jiff's `compatible` rule decides what a wall clock means where it is skipped (gap) or shown twice (fold): in both cases the offset
//! *before* the transition. So a local start is the transition seen with the larger of its two offsets.
//!
//! Deliberately absent: years before 1900 and after 2199, where the nearest known offset holds. Such times are refused
//! as implausible anyway.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weir_core::time::{DAY_MICROS, Day, Micros, Zone};
use weir_core::{Error, Result};

/// The seconds between which transitions are tabled: the years an event may carry.
const FIRST_SECOND: i64 = -2_208_988_800;
const LAST_SECOND: i64 = 7_258_118_400;

/// Converts between instants, wall clocks and days of one zone.
#[derive(Debug, PartialEq)]
pub(crate) struct Clock {
    zone: Zone,
    starts: Vec<Micros>,
    local_starts: Vec<Micros>,
    /// One more than there are starts: the first holds before all of them.
    offsets: Vec<Micros>,
}

impl Clock {
    /// The clock of a workspace's zone.
    pub fn new(zone: &Zone) -> Result<Clock> {
        let unusable = |error: jiff::Error| Error::internal(format!("zone {}: {error}", zone.name()));
        let table = TimeZone::get(zone.name()).map_err(unusable)?;
        let from = Timestamp::from_second(FIRST_SECOND).map_err(unusable)?;
        let to = Timestamp::from_second(LAST_SECOND).map_err(unusable)?;
        let first = micros(table.to_offset(from));
        let mut clock =
            Clock { zone: zone.clone(), starts: vec![], local_starts: vec![], offsets: vec![first] };
        for transition in table.following(from).take_while(|transition| transition.timestamp() < to) {
            clock.push(transition.timestamp().as_microsecond(), micros(transition.offset()));
        }
        Ok(clock)
    }

    fn push(&mut self, start: Micros, after: Micros) {
        let before = self.offsets.last().copied().unwrap_or(after);
        self.starts.push(start);
        self.local_starts.push(start + before.max(after));
        self.offsets.push(after);
    }

    /// The zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The instant of a wall-clock time, given as microseconds since 1970-01-01T00:00 local.
    pub fn instant(&self, local: Micros) -> Micros {
        let at = self.local_starts.partition_point(|start| *start <= local);
        local.saturating_sub(self.offsets[at])
    }

    /// The local date of an instant.
    pub fn day(&self, instant: Micros) -> Day {
        let at = self.starts.partition_point(|start| *start <= instant);
        let local = instant.saturating_add(self.offsets[at]);
        let days = local.div_euclid(DAY_MICROS);
        Day(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }

    /// The instant at which a date begins.
    pub fn midnight(&self, days: i64) -> Micros {
        self.instant(days.saturating_mul(DAY_MICROS))
    }

    /// Parses a time: with zone or offset an instant, without one a wall-clock time of this zone.
    pub fn parse(&self, text: &str) -> Option<Micros> {
        match plain_local(text.as_bytes()) {
            Some(local) => Some(self.instant(local)),
            None => self.zone.parse_time(text),
        }
    }
}

fn micros(offset: jiff::tz::Offset) -> Micros {
    i64::from(offset.seconds()) * 1_000_000
}

/// `YYYY-MM-DD HH:MM:SS` as microseconds, the form most files use; `None` for any other, which is then parsed in full.
fn plain_local(text: &[u8]) -> Option<Micros> {
    let separators = text.len() == 19
        && text[4] == b'-'
        && text[7] == b'-'
        && matches!(text[10], b' ' | b'T')
        && text[13] == b':'
        && text[16] == b':';
    if !separators {
        return None;
    }
    let number = |from: usize, to: usize| digits(&text[from..to]);
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = jiff::civil::Date::new(year as i16, month as i8, day as i8).ok()?;
    let seconds = i64::from((hour * 60 + minute) * 60 + second);
    Some(i64::from(Day::from_date(date).0) * DAY_MICROS + seconds * 1_000_000)
}

fn digits(text: &[u8]) -> Option<i32> {
    let mut value = 0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i32::from(byte - b'0');
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONES: [&str; 7] = [
        "UTC",
        "Europe/London",
        "Asia/Shanghai",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Casablanca",
    ];

    /// Every 37 minutes and 11 seconds through three years, and every hour around.
    fn sample() -> impl Iterator<Item = Micros> {
        let from = 1_293_840_000_i64;
        (0..40_000).map(move |step| (from + step * 2_231) * 1_000_000)
    }

    #[test]
    fn instants_and_days_are_those_of_the_zone() {
        for name in ZONES {
            let zone = Zone::named(name).unwrap();
            let clock = Clock::new(&zone).unwrap();
            for micros in sample() {
                assert_eq!(
                    Some(clock.instant(micros)),
                    zone.instant_of_local_micros(micros),
                    "{name} {micros}"
                );
                assert_eq!(Some(clock.day(micros)), zone.day_of(micros), "{name} {micros}");
            }
        }
    }

    #[test]
    fn gaps_and_folds_resolve_as_compatible() {
        let clock = Clock::new(&Zone::named("Europe/London").unwrap()).unwrap();
        for minute in 0..240 {
            for date in ["2011-03-27", "2011-10-30"] {
                let text = format!("{date} {:02}:{:02}:00", minute / 60, minute % 60);
                assert_eq!(clock.parse(&text), clock.zone.parse_time(&text), "{text}");
            }
        }
    }

    #[test]
    fn the_short_way_of_parsing_agrees_with_the_long_one() {
        let clock = Clock::new(&Zone::named("Asia/Shanghai").unwrap()).unwrap();
        let texts = [
            "2010-12-01 08:26:00",
            "2010-12-01T08:26:00",
            "2010-12-01 08:26",
            "2010-12-01",
            "2010-12-01T08:26:00Z",
            "2010-12-01 08:26:00.25+02:00",
            " 2010-12-01 08:26:00 ",
            "2010-02-30 00:00:00",
            "2010-12-01 24:00:00",
            "12/1/2010 8:26",
            "",
        ];
        for text in texts {
            assert_eq!(clock.parse(text), clock.zone.parse_time(text), "{text:?}");
        }
    }
}
