//! Retention: when people first did something, and in which periods after that they did something again.
//!
//! A person's cohort is the period of the first local date within the window with a `start` event. By date, not by
//! instant, so that a clock set back over midnight moves nobody to a later cohort. Both events lie within the window,
//! which as always ends with as-of at the latest; the periods are those the window touches.
//!
//! ```text
//! {"start":D,"return":D,"window":W,"period":"day"|"week"|"month"}
//! ```

use serde_json::{Value as Json, json};

use crate::error::{Code, Error, Result};
use crate::expr::{Checked, Did, Expr, check_did, did_in, parse_events, parse_window};
use crate::period::Period;
use crate::time::{Day, DayRange, Window};
use crate::vocabulary::Vocabulary;

/// Most periods of a window: the answer grows with their square.
pub const MOST_PERIODS: u32 = 400;

/// Who comes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Retention {
    /// What puts people into a cohort.
    pub start: Did,
    /// What counts as coming back.
    pub returns: Did,
    /// Where all of it must lie.
    pub window: Window,
    /// What a cohort is.
    pub period: Period,
}

/// The periods of a window as of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// Their kind.
    pub period: Period,
    /// The days of the window; the first and the last period may reach beyond.
    pub days: DayRange,
    /// Number of the first.
    pub first: i32,
    /// How many.
    pub count: usize,
}

impl Retention {
    /// Reads a retention from JSON.
    pub fn from_json(value: &Json) -> Result<Retention> {
        let known = ["start", "return", "window", "period"];
        let object = value.as_object().ok_or_else(|| invalid("a retention is an object"))?;
        if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
            let help = format!("it may have {}", known.join(", "));
            return Err(invalid(&format!("retention has no \"{key}\"")).at(format!("/{key}")).help(help));
        }
        let part = |key: &str| object.get(key).ok_or_else(|| invalid(&format!("retention needs \"{key}\"")));
        let period = part("period")?.as_str().ok_or_else(|| invalid("period is a text").at("/period"))?;
        Ok(Retention {
            start: parse_events(part("start")?).map_err(|error| error.under("/start"))?,
            returns: parse_events(part("return")?).map_err(|error| error.under("/return"))?,
            window: parse_window(part("window")?).map_err(|error| error.under("/window"))?,
            period: period.parse().map_err(|error: Error| error.at("/period"))?,
        })
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        json!({
            "start": self.start.to_json(),
            "return": self.returns.to_json(),
            "window": self.window.to_json(),
            "period": self.period.name(),
        })
    }

    /// Checks the names in it, as [`crate::expr::check`] does for an expression.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = check_did(&self.start, names, "/start")?;
        warnings.extend(check_did(&self.returns, names, "/return")?);
        Ok(warnings)
    }

    /// The periods as of a date. A window that begins with the first event has no first period, and very many are
    /// refused.
    pub fn periods(&self, as_of: Day) -> Result<Periods> {
        let days = self.window.range(as_of);
        if matches!(self.window, Window::UntilDaysAgo { .. }) {
            let error = invalid("the window of a retention has a first day").at("/window");
            return Err(error.help("write {\"days\": n} or {\"from\": date, \"to\": date}"));
        }
        if days.is_empty() {
            return Ok(Periods { period: self.period, days, first: self.period.number(as_of), count: 0 });
        }
        let (first, last) = (self.period.number(days.first), self.period.number(days.last));
        let count = last.abs_diff(first).saturating_add(1);
        if count > MOST_PERIODS {
            let message =
                format!("the window has {count} {}s, at most {MOST_PERIODS} are answered", self.period);
            return Err(invalid(&message).at("/window").help("take a shorter window or a longer period"));
        }
        Ok(Periods { period: self.period, days, first, count: count as usize })
    }

    /// Who belongs to a cohort, and whoever of them came back so many periods later, if that is asked.
    pub fn cell(&self, periods: &Periods, cohort: usize, later: Option<usize>) -> Expr {
        let mut parts = vec![did_in(&self.start, Some(periods.window(cohort)))];
        if cohort > 0 {
            let before =
                DayRange { first: periods.days.first, last: periods.window_of(cohort).first.plus(-1) };
            parts.push(Expr::Not(Box::new(did_in(&self.start, Some(between(before))))));
        }
        if let Some(later) = later {
            parts.push(did_in(&self.returns, Some(periods.window(cohort + later))));
        }
        if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) }
    }
}

impl Periods {
    /// The first day of each.
    pub fn dates(&self) -> impl Iterator<Item = Day> + '_ {
        (0..self.count).map(|place| self.first_day(place))
    }

    /// The place of a day's period, for days of the window.
    pub fn place(&self, day: Day) -> usize {
        self.period.number(day).abs_diff(self.first) as usize
    }

    fn first_day(&self, place: usize) -> Day {
        self.period.first_day(self.first.saturating_add(place as i32))
    }

    /// The days of a period that lie in the window.
    fn window_of(&self, place: usize) -> DayRange {
        let (first, last) = (self.first_day(place), self.first_day(place + 1).plus(-1));
        DayRange { first: first.max(self.days.first), last: last.min(self.days.last) }
    }

    fn window(&self, place: usize) -> Window {
        between(self.window_of(place))
    }
}

fn between(days: DayRange) -> Window {
    Window::Between { from: days.first, to: days.last }
}

fn invalid(message: &str) -> Error {
    Error::new(Code::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retention(period: &str, window: &Json) -> Json {
        json!({"start": {"behavior": ["view"]}, "return": {}, "window": window, "period": period})
    }

    #[track_caller]
    fn check(json: &Json, expected: &str) {
        let as_of: Day = "2024-11-30".parse().unwrap();
        let text = Retention::from_json(json).and_then(|read| {
            assert_eq!(Retention::from_json(&read.to_json()), Ok(read.clone()));
            let periods = read.periods(as_of)?;
            Ok(periods.dates().map(|date| date.to_string()).collect::<Vec<_>>().join(" "))
        });
        assert_eq!(text.unwrap_or_else(|error| error.to_string()), expected);
    }

    #[test]
    fn periods_are_those_the_window_touches() {
        check(&retention("day", &json!({"days": 3})), "2024-11-28 2024-11-29 2024-11-30");
        check(&retention("week", &json!({"days": 10})), "2024-11-18 2024-11-25");
        let autumn = json!({"from": "2024-09-30", "to": "2025-02-28"});
        check(&retention("month", &autumn), "2024-09-01 2024-10-01 2024-11-01");
        check(&retention("month", &json!({"from": "2025-01-01", "to": "2025-02-28"})), "");
    }

    #[test]
    fn mistakes_have_a_place() {
        check(
            &retention("day", &json!({"days": 401})),
            "the window has 401 days, at most 400 are answered (at /window)\n  help: take a shorter window or a longer period",
        );
        check(
            &retention("day", &json!({"until_days_ago": 1})),
            "the window of a retention has a first day (at /window)\n  help: write {\"days\": n} or {\"from\": date, \"to\": date}",
        );
        check(
            &retention("dai", &json!({"days": 1})),
            "\"dai\" is not a period (at /period)\n  help: did you mean \"day\"?",
        );
        check(&json!({"period": "day"}), "retention needs \"start\"");
        check(
            &json!({"begin": {}}),
            "retention has no \"begin\" (at /begin)\n  help: it may have start, return, window, period",
        );
    }

    #[test]
    fn a_cell_is_an_expression() {
        let read = Retention::from_json(&retention("week", &json!({"days": 10}))).unwrap();
        let periods = read.periods("2024-11-30".parse().unwrap()).unwrap();
        assert_eq!(
            read.cell(&periods, 1, Some(0)).to_json().to_string(),
            r#"{"all":[{"did":{"behavior":["view"],"within":{"from":"2024-11-25","to":"2024-11-30"}}},{"not":{"did":{"behavior":["view"],"within":{"from":"2024-11-21","to":"2024-11-24"}}}},{"did":{"within":{"from":"2024-11-25","to":"2024-11-30"}}}]}"#,
        );
        assert_eq!(
            read.cell(&periods, 0, None).to_json().to_string(),
            r#"{"did":{"behavior":["view"],"within":{"from":"2024-11-21","to":"2024-11-24"}}}"#,
        );
    }
}
