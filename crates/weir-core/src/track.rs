//! Tracks: people followed under a state model from a date on, with bands that their states should stay within.
//!
//! ```text
//! T := {"audience":"name" | "expression":E | "snapshot":"id" | "list":"name",     one of them; without any: everybody
//!       "model":M, "scope":S?, "from":date, "step":"daily"|"weekly"|"monthly" | "dates":[date…],
//!       "alerts":[A…]?, "report":["html","csv"]?}
//! A := {"name":"…", "state":"old", "share"|"count":BAND}
//!    | {"name":"…", "flow":{"from":"potential","to":"old","days":7}, "share"|"count":BAND}
//! BAND := {"below":x}? {"above":y}?         breached by a value below x or above y; shares are parts of one
//! ```
//!
//! A list is an own or a partner's upload. Steps count from the first date: monthly keeps its day of the month, in shorter
//! months the last. Deliberately absent: what the dates hold (weir-engine), and when it is looked at (a schedule).

mod alert;
mod parse;

use serde_json::{Map, Value as Json, json};

use crate::error::{Code, Error, Result};
use crate::expr::{Expr, StateTest};
use crate::scope::Scope;
use crate::state_model::{ModelRef, NONE};
use crate::time::Day;

pub use alert::{Alert, Band, Measured, Watched};

/// Most dates of one answer; ten years of days.
pub const MOST_DATES: usize = 3_660;

/// Whom a track follows.
#[derive(Debug, Clone, PartialEq)]
pub enum Tracked {
    /// Everybody known.
    Everyone,
    /// A named audience, evaluated at each date.
    Audience(String),
    /// An expression, evaluated at each date.
    Expression(Expr),
    /// A frozen audience, by id or name.
    Snapshot(String),
    /// An uploaded list.
    List(String),
}

/// Which dates a track looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum Dates {
    /// One after the other, as far as they have come.
    Step(Step),
    /// These.
    Listed(Vec<Day>),
}

/// How far the dates of a track are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Every day.
    Daily,
    /// Every seven days.
    Weekly,
    /// The same day of every month.
    Monthly,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// One page that needs nothing else.
    Html,
    /// One row for each number.
    Csv,
}

impl ReportFormat {
    /// Every format with its name, which is also the ending of its files.
    pub const ALL: [(&'static str, ReportFormat); 2] =
        [("html", ReportFormat::Html), ("csv", ReportFormat::Csv)];

    /// Its name.
    pub fn name(self) -> &'static str {
        ReportFormat::ALL.iter().find(|(_, format)| *format == self).map_or("html", |(name, _)| name)
    }
}

impl Step {
    const ALL: [(&'static str, Step); 3] =
        [("daily", Step::Daily), ("weekly", Step::Weekly), ("monthly", Step::Monthly)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Step::ALL.iter().find(|(_, step)| *step == self).map_or("daily", |(name, _)| name)
    }

    /// The n-th date from the first.
    fn nth(self, first: Day, n: i64) -> Day {
        match self {
            Step::Daily => first.plus(n),
            Step::Weekly => first.plus(7 * n),
            Step::Monthly => {
                let months = jiff::Span::new().try_months(n).ok();
                let date =
                    first.to_date().zip(months).and_then(|(date, months)| date.checked_add(months).ok());
                date.map_or(Day::END, Day::from_date)
            }
        }
    }
}

/// People followed under a state model.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Whom.
    pub whom: Tracked,
    /// By which rules.
    pub model: ModelRef,
    /// What those are limited to.
    pub scope: Scope,
    /// The first date: rows of the flow.
    pub from: Day,
    /// Which dates after it.
    pub dates: Dates,
    /// What should be noticed.
    pub alerts: Vec<Alert>,
    /// What is written when the track is refreshed.
    pub report: Vec<ReportFormat>,
}

impl Track {
    /// Reads the JSON form.
    pub fn from_json(value: &Json) -> Result<Track> {
        parse::track(value)
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        match &self.whom {
            Tracked::Everyone => {}
            Tracked::Audience(name) => drop(object.insert("audience".to_owned(), json!(name))),
            Tracked::Expression(expr) => drop(object.insert("expression".to_owned(), expr.to_json())),
            Tracked::Snapshot(id) => drop(object.insert("snapshot".to_owned(), json!(id))),
            Tracked::List(name) => drop(object.insert("list".to_owned(), json!(name))),
        }
        object.insert("model".to_owned(), self.model.to_json());
        object.insert("scope".to_owned(), self.scope.to_json());
        object.insert("from".to_owned(), json!(self.from.to_string()));
        match &self.dates {
            Dates::Step(step) => object.insert("step".to_owned(), json!(step.name())),
            Dates::Listed(days) => {
                object.insert("dates".to_owned(), days.iter().map(|day| json!(day.to_string())).collect())
            }
        };
        if !self.alerts.is_empty() {
            object.insert("alerts".to_owned(), self.alerts.iter().map(Alert::to_json).collect());
        }
        if !self.report.is_empty() {
            let formats = self.report.iter().map(|format| json!(format.name()));
            object.insert("report".to_owned(), formats.collect());
        }
        Json::Object(object)
    }

    /// Its dates up to one, which is always among them.
    pub fn dates_until(&self, to: Day) -> Result<Vec<Day>> {
        if to < self.from {
            let message = format!("the track begins on {}, after {to}", self.from);
            return Err(Error::new(Code::InvalidDate, message).at("to").help("ask for a later date"));
        }
        let mut dates = vec![self.from];
        match &self.dates {
            Dates::Listed(days) => dates.extend(days.iter().filter(|day| (self.from..to).contains(day))),
            Dates::Step(step) => {
                let steps = (1..).map(|n| step.nth(self.from, n)).take_while(|day| *day < to);
                dates.extend(steps.take(MOST_DATES));
            }
        }
        dates.push(to);
        dates.dedup();
        if dates.len() > MOST_DATES {
            let message = format!("there are more than {MOST_DATES} dates from {} to {to}", self.from);
            let error = Error::new(Code::InvalidArgument, message).at("to");
            return Err(error.help("ask for an earlier date, or give the track a longer step"));
        }
        Ok(dates)
    }

    /// What it names, as expressions: whom it follows, and its model.
    pub fn names(&self) -> Vec<Expr> {
        let whom = match &self.whom {
            Tracked::Everyone => Expr::Everyone,
            Tracked::Audience(name) => Expr::Audience(name.clone()),
            Tracked::Expression(expr) => expr.clone(),
            Tracked::Snapshot(id) => Expr::Snapshot(id.clone()),
            Tracked::List(name) => Expr::List(name.clone()),
        };
        let states = vec![NONE.to_owned()];
        let model = StateTest { model: self.model.clone(), scope: self.scope.clone(), states };
        vec![whom, Expr::State(model)]
    }
}

fn invalid(message: impl Into<String>, at: &str) -> Error {
    Error::new(Code::InvalidTrack, message).at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: Json, expected: &str) {
        let text = match Track::from_json(&value) {
            Ok(track) => {
                assert_eq!(Track::from_json(&track.to_json()), Ok(track.clone()));
                track.to_json().to_string()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    fn with(key: &str, value: Json) -> Json {
        let mut track = json!({"model": "pno", "from": "2024-01-31", "step": "monthly"});
        track[key] = value;
        track
    }

    #[test]
    fn a_track_is_read_and_written() {
        check(
            json!({"snapshot": "spring", "model": "pno@2", "scope": {"shop": "flagship"}, "from": "2024-10-01",
            "step": "weekly", "report": ["html", "csv"], "alerts": [
                {"name": "lost", "state": "none", "share": {"above": 0.25}},
                {"name": "slow", "flow": {"from": "potential", "to": "old", "days": 7}, "share": {"below": 0.01}},
            ]}),
            r#"{"snapshot":"spring","model":"pno@2","scope":{"shop":"flagship"},"from":"2024-10-01","step":"weekly","alerts":[{"name":"lost","state":"none","share":{"above":0.25}},{"name":"slow","flow":{"from":"potential","to":"old","days":7},"share":{"below":0.01}}],"report":["html","csv"]}"#,
        );
        check(
            json!({"model": "pno", "from": "2024-10-01", "dates": ["2024-11-01", "2024-10-15"]}),
            r#"{"model":"pno","scope":{"workspace":true},"from":"2024-10-01","dates":["2024-10-15","2024-11-01"]}"#,
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        check(
            with("modle", json!("x")),
            "a track has no \"modle\" (at /modle)\n  help: did you mean \"model\"?",
        );
        check(
            with("step", json!("weakly")),
            "a track steps daily, weekly or monthly, not \"weakly\" (at /step)\n  help: did you mean \"weekly\"?",
        );
        check(with("dates", json!(["2024-10-15"])), "a track has a step or dates, not both (at /dates)");
        check(
            json!({"model": "pno", "from": "2024-10-01"}),
            "a track needs a step or dates (at /step)\n  help: write \"step\": \"daily\", \"weekly\" or \"monthly\", or \"dates\": [\"2024-10-31\", …]",
        );
        check(with("report", json!(["pdf"])), "a report is html or csv, not \"pdf\" (at /report/0)");
        check(
            with("alerts", json!([{"name": "a", "state": "old"}])),
            "an alert needs a share or a count (at /alerts/0)",
        );
        check(
            with("alerts", json!([{"name": "a", "state": "old", "share": {"below": 1.5}}])),
            "a share lies between 0 and 1, with at most four decimals (at /alerts/0/share/below)",
        );
        check(
            with("alerts", json!([{"name": "a", "state": "old", "count": {}}])),
            "a band has a least or a greatest value (at /alerts/0/count)\n  help: write {\"below\": x}, {\"above\": y} or both",
        );
        check(
            with("alerts", json!([{"name": "a", "state": "old", "count": {"below": 3, "above": 2}}])),
            "nothing lies within a band below 3 and above 2 (at /alerts/0/count)",
        );
        let twice = json!({"name": "a", "state": "old", "count": {"below": 3}});
        check(with("alerts", json!([twice, twice])), "the alert \"a\" stands twice (at /alerts/1/name)");
        check(
            with("snapshot", json!("7")),
            r#"{"snapshot":"7","model":"pno","scope":{"workspace":true},"from":"2024-01-31","step":"monthly"}"#,
        );
        let mut both = with("snapshot", json!("7"));
        both["list"] = json!("vip");
        check(both, "a track follows one of audience, expression, snapshot and list (at /list)");
    }

    #[test]
    fn dates_step_from_the_first() {
        let dates = |value: Json, to: &str| {
            let track = Track::from_json(&value).unwrap();
            let dates = track.dates_until(to.parse().unwrap());
            dates.map(|days| {
                days.iter().map(|day| day.to_string()[5..].to_owned()).collect::<Vec<_>>().join(" ")
            })
        };
        let monthly = || with("step", json!("monthly"));
        assert_eq!(dates(monthly(), "2024-05-10").unwrap(), "01-31 02-29 03-31 04-30 05-10");
        assert_eq!(dates(monthly(), "2024-03-31").unwrap(), "01-31 02-29 03-31");
        assert_eq!(dates(monthly(), "2024-01-31").unwrap(), "01-31");
        assert_eq!(dates(with("step", json!("weekly")), "2024-02-15").unwrap(), "01-31 02-07 02-14 02-15");
        let listed = json!({"model": "pno", "from": "2024-01-31", "dates": ["2024-03-01", "2024-02-01", "2024-01-01"]});
        assert_eq!(dates(listed, "2024-02-10").unwrap(), "01-31 02-01 02-10");
        assert_eq!(dates(monthly(), "2024-01-30").unwrap_err().code, Code::InvalidDate);
        assert_eq!(
            dates(with("step", json!("daily")), "2044-01-30").unwrap_err().code,
            Code::InvalidArgument
        );
    }
}
