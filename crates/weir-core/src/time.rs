//! Days, windows and zones.
//!
//! A [`Day`] is a local date of the workspace. An as-of date means "all that happened up to the end of that day",
//! so a window or an as-of is never more than a range of days; nothing here reads the clock.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::error::{Code, Error, Result};

/// Microseconds since the Unix epoch, UTC.
pub type Micros = i64;

/// Microseconds in an hour and in 24 hours.
pub const HOUR_MICROS: i64 = 3_600_000_000;
/// Microseconds in 24 hours.
pub const DAY_MICROS: i64 = 24 * HOUR_MICROS;

/// A local date, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// Before every date: facts without a date count from here.
    pub const BEGINNING: Day = Day(i32::MIN);
    /// After every date.
    pub const END: Day = Day(i32::MAX);

    /// The day of a civil date.
    pub fn from_date(date: Date) -> Day {
        let epoch = Date::constant(1970, 1, 1);
        let days = (date - epoch).get_days();
        Day(days)
    }

    /// The civil date, if it lies within jiff's range (years -9999 to 9999).
    pub fn to_date(self) -> Option<Date> {
        let epoch = Date::constant(1970, 1, 1);
        let days = jiff::Span::new().try_days(self.0).ok()?;
        epoch.checked_add(days).ok()
    }

    /// The day `n` days later (earlier if negative), saturating.
    #[must_use]
    pub fn plus(self, n: i64) -> Day {
        let moved = (i64::from(self.0) + n).clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        Day(moved as i32)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_date() {
            Some(date) => write!(f, "{date}"),
            None if self.0 < 0 => write!(f, "beginning"),
            None => write!(f, "end"),
        }
    }
}

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Day> {
        let well_formed = text.len() == 10 && text.is_ascii();
        let date = if well_formed { text.parse::<Date>().ok() } else { None };
        date.map(Day::from_date).ok_or_else(|| {
            Error::new(Code::InvalidDate, format!("\"{text}\" is not a date"))
                .help("write it as YYYY-MM-DD, for example 2024-11-11")
        })
    }
}

/// An inclusive range of days; empty when `first > last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// First day in the range.
    pub first: Day,
    /// Last day in the range.
    pub last: Day,
}

impl DayRange {
    /// Whether `day` lies in the range.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether no day lies in the range.
    pub fn is_empty(self) -> bool {
        self.first > self.last
    }
}

/// The window of a condition, relative to an as-of date or between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// The `days` local dates that end `skip` days before as-of.
    Days {
        /// How many dates.
        days: u32,
        /// How many of the latest dates to leave out.
        skip: u32,
    },
    /// Everything up to `days` days before as-of.
    UntilDaysAgo {
        /// How many of the latest dates to leave out.
        days: u32,
    },
    /// From one date to another, both included.
    Between {
        /// First date.
        from: Day,
        /// Last date.
        to: Day,
    },
}

impl Window {
    /// The days this window covers as of a date; never later than the date.
    pub fn range(self, as_of: Day) -> DayRange {
        match self {
            Window::Days { days, skip } => {
                let last = as_of.plus(-i64::from(skip));
                DayRange { first: last.plus(1 - i64::from(days)), last }
            }
            Window::UntilDaysAgo { days } => {
                DayRange { first: Day::BEGINNING, last: as_of.plus(-i64::from(days)) }
            }
            Window::Between { from, to } => DayRange { first: from, last: to.min(as_of) },
        }
    }

    /// The days of an optional window: without one, ever up to as-of.
    pub fn range_of(window: Option<Window>, as_of: Day) -> DayRange {
        match window {
            Some(window) => window.range(as_of),
            None => DayRange { first: Day::BEGINNING, last: as_of },
        }
    }
}

impl FromStr for Window {
    type Err = Error;

    /// The short form for command lines: `60d`, or two dates with two dots between them.
    fn from_str(text: &str) -> Result<Window> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to): (Day, Day) = (from.parse()?, to.parse()?);
            if from > to {
                let message = format!("the window runs backwards, from {from} to {to}");
                return Err(Error::new(Code::InvalidDate, message).help("put the earlier date first"));
            }
            return Ok(Window::Between { from, to });
        }
        let days =
            text.strip_suffix('d').and_then(|n| n.parse().ok()).filter(|n| (1..=1_000_000).contains(n));
        days.map(|days| Window::Days { days, skip: 0 }).ok_or_else(|| {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a window"))
                .help("write 60d for the 60 dates that end with as-of, or 2024-10-01..2024-11-30")
        })
    }
}

/// A workspace's time zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        Zone { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The zone of an IANA name.
    pub fn named(name: &str) -> Result<Zone> {
        let zone = TimeZone::get(name).map_err(|_| {
            Error::new(Code::InvalidArgument, format!("\"{name}\" is not a time zone"))
                .help("use an IANA name such as Asia/Shanghai or Europe/London")
        })?;
        Ok(Zone { name: name.to_owned(), zone })
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The local date of an instant; `None` outside jiff's range.
    pub fn day_of(&self, time: Micros) -> Option<Day> {
        let instant = jiff::Timestamp::from_microsecond(time).ok()?;
        Some(Day::from_date(self.zone.to_datetime(instant).date()))
    }

    /// An instant as local date and time with its offset, to the second; `None` outside jiff's range.
    pub fn local_text(&self, time: Micros) -> Option<String> {
        let instant = jiff::Timestamp::from_microsecond(time).ok()?;
        Some(instant.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// The instant of a local wall-clock time; gaps and folds resolve as jiff's `compatible`.
    pub fn instant_of(&self, local: DateTime) -> Option<Micros> {
        let zoned = self.zone.to_ambiguous_zoned(local).compatible().ok()?;
        Some(zoned.timestamp().as_microsecond())
    }

    /// The instant of a local wall-clock time given as microseconds since 1970-01-01T00:00 local.
    pub fn instant_of_local_micros(&self, local: Micros) -> Option<Micros> {
        let as_if_utc = jiff::Timestamp::from_microsecond(local).ok()?;
        self.instant_of(TimeZone::UTC.to_datetime(as_if_utc))
    }

    /// Parses a time: an RFC 3339 instant, or a date and optional time read in this zone.
    pub fn parse_time(&self, text: &str) -> Option<Micros> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Some(instant.as_microsecond());
        }
        if let Ok(local) = text.parse::<DateTime>() {
            return self.instant_of(local);
        }
        let date = text.parse::<Date>().ok()?;
        self.instant_of(date.to_datetime(jiff::civil::Time::midnight()))
    }
}

/// The first and last instants an event may carry: years 1900 to 2199.
pub fn is_plausible(time: Micros) -> bool {
    const YEAR_1900: Micros = -2_208_988_800_000_000;
    const YEAR_2200: Micros = 7_258_118_400_000_000;
    (YEAR_1900..YEAR_2200).contains(&time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_prints_as_it_was_written() {
        for text in ["1970-01-01", "2024-02-29", "1969-12-31", "2199-12-31"] {
            assert_eq!(day(text).to_string(), text);
        }
        assert_eq!(day("1970-01-02"), Day(1));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in
            ["2024-02-30", "2023-02-29", "20240101", "2024-1-1", "yesterday", "", "2024-01-01T00:00:00"]
        {
            assert_eq!(text.parse::<Day>().unwrap_err().code, Code::InvalidDate, "{text}");
        }
    }

    #[test]
    fn windows_are_day_ranges() {
        let d = day("2024-11-30");
        let range = Window::Days { days: 30, skip: 0 }.range(d);
        assert_eq!((range.first, range.last), (day("2024-11-01"), d));
        let skipped = Window::Days { days: 1, skip: 1 }.range(d);
        assert_eq!((skipped.first, skipped.last), (day("2024-11-29"), day("2024-11-29")));
        assert_eq!(Window::UntilDaysAgo { days: 7 }.range(d).last, day("2024-11-23"));
        let between = Window::Between { from: day("2024-11-11"), to: day("2025-01-01") }.range(d);
        assert_eq!((between.first, between.last), (day("2024-11-11"), d));
    }

    #[test]
    fn windows_have_a_short_form() {
        assert_eq!("60d".parse(), Ok(Window::Days { days: 60, skip: 0 }));
        let autumn = Window::Between { from: day("2024-09-01"), to: day("2024-11-30") };
        assert_eq!("2024-09-01..2024-11-30".parse(), Ok(autumn));
        for text in ["", "d", "0d", "-1d", "60", "1000001d", "2024-11-30..2024-09-01", "2024-09-01.."] {
            assert!(text.parse::<Window>().is_err_and(|error| error.help.is_some()), "{text}");
        }
    }

    #[test]
    fn a_time_without_zone_is_local() {
        let london = Zone::named("Europe/London").unwrap();
        let summer = london.parse_time("2011-07-01 00:30:00").unwrap();
        assert_eq!(summer, "2011-06-30T23:30:00Z".parse::<jiff::Timestamp>().unwrap().as_microsecond());
        assert_eq!(london.day_of(summer), Some(day("2011-07-01")));
    }

    #[test]
    fn an_instant_is_told_in_local_time() {
        let london = Zone::named("Europe/London").unwrap();
        let summer = london.parse_time("2011-06-30T23:30:00.5Z").unwrap();
        assert_eq!(london.local_text(summer).as_deref(), Some("2011-07-01T00:30:00+01:00"));
    }

    #[test]
    fn gaps_and_folds_resolve_as_compatible() {
        let london = Zone::named("Europe/London").unwrap();
        let gap = london.parse_time("2011-03-27T01:30:00").unwrap();
        assert_eq!(gap, london.parse_time("2011-03-27T01:30:00Z").unwrap());
        let fold = london.parse_time("2011-10-30T01:30:00").unwrap();
        assert_eq!(fold, london.parse_time("2011-10-30T00:30:00Z").unwrap());
    }

    #[test]
    fn unknown_zones_are_refused() {
        assert_eq!(Zone::named("Mars/Olympus").unwrap_err().code, Code::InvalidArgument);
    }
}
