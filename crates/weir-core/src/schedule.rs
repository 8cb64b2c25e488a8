//! When something is done again: a short text such as `daily 05:00`, meant in the workspace's zone.
//!
//! A local time that a change of the clocks leaves out comes an hour later, one that comes twice counts the first time: each
//! date has it once.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time, Weekday};

use crate::error::{Code, Error, Result};
use crate::time::{Day, HOUR_MICROS, Micros, Zone};

/// Dates to look ahead: a month and some, as the 31st is not in every month.
const DATES: i64 = 70;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// When something is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Whenever the data has changed.
    Continuous,
    /// At every full hour of UTC.
    Hourly,
    /// At a local time, every date that fits.
    At(Dates, Time),
}

/// On which dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dates {
    /// Every one.
    Daily,
    /// Of one weekday.
    Weekly(Weekday),
    /// Of one day of the month, or the month's last where it has no such day.
    Monthly(i8),
}

impl Schedule {
    /// The first time after an instant; none for a continuous one, and beyond the end of time.
    pub fn next_after(self, zone: &Zone, after: Micros) -> Option<Micros> {
        match self {
            Schedule::Continuous => None,
            Schedule::Hourly => (after.div_euclid(HOUR_MICROS) + 1).checked_mul(HOUR_MICROS),
            Schedule::At(dates, time) => {
                let today = zone.day_of(after)?;
                // A clock put back at midnight makes yesterday's time come today.
                let days = (-1..DATES).filter_map(|n| today.plus(n).to_date());
                let fitting = days.filter(|date| dates.has(*date));
                let mut times = fitting.filter_map(|date| zone.instant_of(date.to_datetime(time)));
                times.find(|at| *at > after)
            }
        }
    }

    /// Whether it came between two instants, the later one included.
    pub fn is_due(self, zone: &Zone, last: Micros, now: Micros) -> bool {
        self.next_after(zone, last).is_some_and(|next| next <= now)
    }
}

impl Dates {
    fn has(self, date: Date) -> bool {
        match self {
            Dates::Daily => true,
            Dates::Weekly(weekday) => date.weekday() == weekday,
            Dates::Monthly(day) => date.day() == day.min(date.days_in_month()),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Schedule::At(dates, time) = self else {
            return f.write_str(if *self == Schedule::Hourly { "hourly" } else { "continuous" });
        };
        match dates {
            Dates::Daily => f.write_str("daily")?,
            Dates::Weekly(weekday) => {
                let name = WEEKDAYS.iter().find(|(_, day)| day == weekday).map_or("", |(name, _)| name);
                write!(f, "weekly {name}")?;
            }
            Dates::Monthly(day) => write!(f, "monthly {day}")?,
        }
        write!(f, " {:02}:{:02}", time.hour(), time.minute())
    }
}

impl FromStr for Schedule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Schedule> {
        read(&text.split_whitespace().collect::<Vec<_>>()).ok_or_else(|| {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a schedule")).help(
                "write continuous, hourly, daily 05:00, weekly mon 05:00 or monthly 1 05:00; \
                 times are the workspace's",
            )
        })
    }
}

fn read(words: &[&str]) -> Option<Schedule> {
    match words {
        ["continuous"] => Some(Schedule::Continuous),
        ["hourly"] => Some(Schedule::Hourly),
        ["daily", at] => Some(Schedule::At(Dates::Daily, time(at)?)),
        ["weekly", weekday, at] => {
            let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| name == weekday)?;
            Some(Schedule::At(Dates::Weekly(*weekday), time(at)?))
        }
        ["monthly", day, at] => {
            let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
            Some(Schedule::At(Dates::Monthly(day), time(at)?))
        }
        _ => None,
    }
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) =
        text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The date that something done at an instant is as of: the last that has ended, so that a day is whole when it is counted.
pub fn whole_day(zone: &Zone, now: Micros) -> Option<Day> {
    Some(zone.day_of(now)?.plus(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[track_caller]
    fn check(schedule: &str, zone: &str, after: &str, expected: &str) {
        let schedule: Schedule = schedule.parse().unwrap();
        let next = schedule.next_after(&Zone::named(zone).unwrap(), instant(after)).unwrap();
        assert_eq!(jiff::Timestamp::from_microsecond(next).unwrap().to_string(), expected);
    }

    #[test]
    fn the_next_time_is_local() {
        check("hourly", "Asia/Kolkata", "2024-11-11T01:00:00Z", "2024-11-11T02:00:00Z");
        check("daily 05:00", "Asia/Shanghai", "2024-11-10T20:59:59Z", "2024-11-10T21:00:00Z");
        check("daily 05:00", "Asia/Shanghai", "2024-11-10T21:00:00Z", "2024-11-11T21:00:00Z");
        check("weekly mon 00:00", "UTC", "2024-11-11T00:00:00Z", "2024-11-18T00:00:00Z");
        check("monthly 31 12:00", "UTC", "2024-01-31T12:00:00Z", "2024-02-29T12:00:00Z");
        check("monthly 1 00:00", "America/New_York", "2024-11-02T00:00:00Z", "2024-12-01T05:00:00Z");
    }

    #[test]
    fn clocks_that_change_neither_lose_a_date_nor_double_it() {
        // Spring: 02:30 is left out on 10 March. Autumn: 01:30 comes twice on 3 November.
        check("daily 02:30", "America/New_York", "2024-03-09T08:00:00Z", "2024-03-10T07:30:00Z");
        check("daily 02:30", "America/New_York", "2024-03-10T07:30:00Z", "2024-03-11T06:30:00Z");
        check("daily 01:30", "America/New_York", "2024-11-03T05:00:00Z", "2024-11-03T05:30:00Z");
        check("daily 01:30", "America/New_York", "2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z");
    }

    #[test]
    fn every_date_of_twenty_years_comes_once_in_every_zone() {
        for name in
            ["Europe/London", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran", "Africa/Cairo"]
        {
            let zone = Zone::named(name).unwrap();
            for text in ["daily 00:00", "daily 02:30", "daily 23:59"] {
                let schedule: Schedule = text.parse().unwrap();
                let (mut at, mut dates) = (instant("2015-01-01T12:00:00Z"), 0);
                let mut day = zone.day_of(at).unwrap();
                while dates < 20 * 365 {
                    at = schedule.next_after(&zone, at).unwrap();
                    let next = zone.day_of(at).unwrap();
                    // 02:30 on a date that begins at 01:00 or that ends early is still that date's.
                    assert!(next == day.plus(1) || (dates == 0 && next == day), "{name} {text} {day} {next}");
                    (day, dates) = (next, dates + 1);
                }
            }
        }
    }

    #[test]
    fn whatever_is_written_is_read_again() {
        for text in ["continuous", "hourly", "daily 05:00", "weekly sun 23:59", "monthly 31 00:00"] {
            assert_eq!(text.parse::<Schedule>().unwrap().to_string(), text);
        }
        for text in
            ["", "daily", "daily 5:00", "daily 24:00", "weekly 05:00", "monthly 0 05:00", "monthly 32 05:00"]
        {
            let error = text.parse::<Schedule>().unwrap_err();
            assert!(error.code == Code::InvalidArgument && error.help.is_some(), "{text}");
        }
    }

    #[test]
    fn due_once_its_time_has_come() {
        let daily: Schedule = "daily 05:00".parse().unwrap();
        let is_due = |last, now| daily.is_due(&Zone::utc(), instant(last), instant(now));
        assert!(!is_due("2024-11-11T05:00:00Z", "2024-11-12T04:59:59Z"));
        assert!(is_due("2024-11-11T05:00:00Z", "2024-11-12T05:00:00Z"));
        assert!(!Schedule::Continuous.is_due(&Zone::utc(), 0, Micros::MAX / 2));
    }
}
