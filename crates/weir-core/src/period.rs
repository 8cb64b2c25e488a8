//! Periods of the calendar, in local dates: days, ISO weeks (from Monday), months.
//!
//! Periods are numbered so that one follows the other; the number of a day's period and the first day of a numbered
//! period are all there is to them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::error::{Code, Error, Result, suggestion};
use crate::time::Day;

/// Days from 1970-01-01, a Thursday, back to the Monday before.
const TO_MONDAY: i32 = 3;

/// A kind of period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A local date.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Period {
    /// Every kind with its name.
    pub const ALL: [(&'static str, Period); 3] =
        [("day", Period::Day), ("week", Period::Week), ("month", Period::Month)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Period::ALL.iter().find(|(_, period)| *period == self).map_or("day", |(name, _)| name)
    }

    /// The number of the period that a day lies in.
    pub fn number(self, day: Day) -> i32 {
        match self {
            Period::Day => day.0,
            Period::Week => day.0.saturating_add(TO_MONDAY).div_euclid(7),
            Period::Month => {
                let outside = if day.0 < 0 { Date::MIN } else { Date::MAX };
                let date = day.to_date().unwrap_or(outside);
                i32::from(date.year()) * 12 + i32::from(date.month()) - 1
            }
        }
    }

    /// The first day of a numbered period.
    pub fn first_day(self, number: i32) -> Day {
        match self {
            Period::Day => Day(number),
            Period::Week => Day(number.saturating_mul(7).saturating_sub(TO_MONDAY)),
            Period::Month => {
                let (year, month) = (number.div_euclid(12) as i16, number.rem_euclid(12) as i8 + 1);
                Date::new(year, month, 1).map_or(Day::END, Day::from_date)
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Period {
    type Err = Error;

    fn from_str(text: &str) -> Result<Period> {
        let known = || Period::ALL.iter().map(|(name, _)| *name);
        let found = Period::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, period)| *period).ok_or_else(|| {
            let help = suggestion(text, known());
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a period"))
                .help(help.unwrap_or_else(|| "there is day, week, month".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(period: Period, day: &str, first: &str) {
        let number = period.number(day.parse().unwrap());
        assert_eq!(period.first_day(number).to_string(), first, "{period} of {day}");
    }

    #[test]
    fn a_period_begins_where_the_calendar_says() {
        check(Period::Day, "2024-02-29", "2024-02-29");
        check(Period::Week, "2024-11-11", "2024-11-11");
        check(Period::Week, "2024-11-17", "2024-11-11");
        check(Period::Week, "2024-11-10", "2024-11-04");
        check(Period::Week, "2025-01-01", "2024-12-30");
        check(Period::Week, "1969-12-28", "1969-12-22");
        check(Period::Month, "2024-02-29", "2024-02-01");
        check(Period::Month, "1969-12-31", "1969-12-01");
    }

    #[test]
    fn one_follows_the_other() {
        for (_, period) in Period::ALL {
            for day in (-800..40_000).map(Day) {
                let (today, tomorrow) = (period.number(day), period.number(day.plus(1)));
                let begins = period.first_day(tomorrow) == day.plus(1);
                assert_eq!(tomorrow - today, i32::from(begins), "{period} of {day}");
            }
        }
    }

    #[test]
    fn names_are_read_back() {
        for (name, period) in Period::ALL {
            assert_eq!(name.parse(), Ok(period));
        }
        let error = "weak".parse::<Period>().unwrap_err();
        assert_eq!(error.to_string(), "\"weak\" is not a period\n  help: did you mean \"week\"?");
    }
}
