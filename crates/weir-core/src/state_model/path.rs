//! The people behind a path: where they were at several dates, as an expression.
//!
//! A path names a state for each of its dates, or leaves some open: then it is a node, a link or any other part of a
//! picture with several dates. A moving audience has two names more, so that whoever is ever in it stands somewhere at
//! every date: `entered` as long as they have not been in it, `left` when they were and are not. Between two dates
//! that is what a flow calls its row and its column.

use crate::error::{Code, Error, Result};
use crate::expr::Expr;
use crate::state_model::cell::{all, any};
use crate::state_model::{ENTERED, Follow, Followed, LEFT};
use crate::time::Day;

/// Fewest and most dates.
pub const DATES: std::ops::RangeInclusive<usize> = 2..=12;

/// A state for each date; `None` where any will do.
pub type Path = Vec<Option<String>>;

/// Who takes one of these paths over some dates: the expression, and the date to evaluate it as of.
pub fn path(follow: Follow<'_>, dates: &[Day], paths: &[Path]) -> Result<(Expr, Day)> {
    check_dates(dates)?;
    let as_of = follow.as_of(dates[dates.len() - 1]);
    let mut wanted = Vec::new();
    for (i, path) in paths.iter().enumerate() {
        let way = Way { follow, dates, as_of };
        wanted.push(way.along(path).map_err(|error| error.under(&format!("paths/{i}")))?);
    }
    if wanted.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "name at least one path").at("paths"));
    }
    Ok((any(wanted), as_of))
}

/// Dates of a path are some, and one after the other.
pub fn check_dates(dates: &[Day]) -> Result<()> {
    let (least, most) = DATES.into_inner();
    if !(least..=most).contains(&dates.len()) {
        let message = format!("a path has {least} to {most} dates, not {}", dates.len());
        return Err(Error::new(Code::InvalidArgument, message).at("dates"));
    }
    let Some(at) = dates.windows(2).position(|pair| pair[0] >= pair[1]) else { return Ok(()) };
    let message = format!("{} does not come after {}", dates[at + 1], dates[at]);
    Err(Error::new(Code::InvalidDate, message)
        .at(format!("dates/{}", at + 1))
        .help("put the dates in order, each of them once"))
}

/// Somebody followed over some dates.
struct Way<'a> {
    follow: Follow<'a>,
    dates: &'a [Day],
    as_of: Day,
}

impl Way<'_> {
    fn along(&self, path: &Path) -> Result<Expr> {
        if path.len() != self.dates.len() {
            let message = format!("this path names {} states for {} dates", path.len(), self.dates.len());
            return Err(Error::new(Code::InvalidArgument, message).help("write null where any state will do"));
        }
        let mut parts = Vec::new();
        let mut is_in_somewhere = false;
        for (i, name) in path.iter().enumerate() {
            let Some(name) = name else { continue };
            let (part, is_in) = self.step(i, name).map_err(|error| error.at(format!("/{i}")))?;
            parts.extend(part);
            is_in_somewhere |= is_in;
        }
        if !is_in_somewhere {
            parts.push(any(self.subject_at(0..self.dates.len())));
        }
        Ok(all(parts))
    }

    /// What a name at a date asks for, and whether that is to be in the subject.
    fn step(&self, i: usize, name: &str) -> Result<(Vec<Expr>, bool)> {
        let moves = matches!(self.follow.followed, Followed::Moving(_));
        let not = |expr: &Expr| Expr::Not(Box::new(expr.clone()));
        if moves && name == ENTERED {
            return Ok((self.subject_at(0..i + 1).iter().map(not).collect(), false));
        }
        if moves && name == LEFT {
            let before = any(self.subject_at(0..i));
            let now = self.subject_at(i..i + 1).iter().map(not).collect::<Vec<_>>();
            return Ok(([vec![before], now].concat(), true));
        }
        let date = self.dates[i];
        let state = self.follow.in_state(name, date, self.as_of)?;
        Ok((vec![self.follow.subject_at(date, self.as_of), state], true))
    }

    /// Who is followed at each of these dates; the same for all of them unless they move.
    fn subject_at(&self, range: std::ops::Range<usize>) -> Vec<Expr> {
        let mut subjects: Vec<Expr> = Vec::new();
        for date in &self.dates[range] {
            let subject = self.follow.subject_at(*date, self.as_of);
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        subjects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;
    use crate::state_model::{ModelRef, preset};

    const DAYS: [Day; 3] = [Day(20_000), Day(20_031), Day(20_061)];

    #[track_caller]
    fn check(followed: &Followed, states: &[Option<&str>], expected: &str) {
        let name = ModelRef::from("pno");
        let model = &preset("pno").unwrap().model;
        let follow = Follow { name: &name, model, scope: &Scope::Workspace, followed };
        let wanted = states.iter().map(|state| state.map(str::to_owned)).collect();
        let text = match path(follow, &DAYS, &[wanted]) {
            Ok((expr, as_of)) => format!("as of {as_of}: {}", expr.to_json()),
            Err(error) => error.to_string(),
        };
        let test = |state: &str| {
            format!(r#"{{"state":{{"model":"pno","scope":{{"workspace":true}},"in":["{state}"]}}}}"#)
        };
        let text = ["old", "new"].iter().fold(text, |text, state| text.replace(&test(state), state));
        assert_eq!(text, expected);
    }

    #[test]
    fn a_path_is_a_state_for_each_date() {
        check(
            &Followed::Universe,
            &[Some("new"), Some("old"), Some("old")],
            r#"as of 2024-12-04: {"all":[{"at":{"date":"2024-10-04"},"of":new},{"at":{"date":"2024-11-04"},"of":old},old]}"#,
        );
        check(
            &Followed::Universe,
            &[None, Some("old"), None],
            r#"as of 2024-12-04: {"at":{"date":"2024-11-04"},"of":old}"#,
        );
        check(&Followed::Universe, &[None, None, None], r#"as of 2024-12-04: {"everyone":true}"#);
        let frozen = Followed::Frozen("7".to_owned(), Day(20_070));
        check(&frozen, &[None, None, None], r#"as of 2024-12-13: {"snapshot":"7"}"#);
    }

    #[test]
    fn a_moving_audience_is_entered_and_left() {
        let moving = Followed::Moving(Expr::Audience("seen".to_owned()));
        check(
            &moving,
            &[Some("entered"), Some("new"), Some("left")],
            r#"as of 2024-12-04: {"all":[{"not":{"at":{"date":"2024-10-04"},"of":{"audience":"seen"}}},{"at":{"date":"2024-11-04"},"of":{"audience":"seen"}},{"at":{"date":"2024-11-04"},"of":new},{"any":[{"at":{"date":"2024-10-04"},"of":{"audience":"seen"}},{"at":{"date":"2024-11-04"},"of":{"audience":"seen"}}]},{"not":{"audience":"seen"}}]}"#,
        );
        check(
            &moving,
            &[Some("entered"), None, None],
            r#"as of 2024-12-04: {"all":[{"not":{"at":{"date":"2024-10-04"},"of":{"audience":"seen"}}},{"any":[{"at":{"date":"2024-10-04"},"of":{"audience":"seen"}},{"at":{"date":"2024-11-04"},"of":{"audience":"seen"}},{"audience":"seen"}]}]}"#,
        );
    }

    #[test]
    fn mistakes_have_a_place() {
        check(
            &Followed::Universe,
            &[None, Some("odl"), None],
            "the model \"pno\" has no state \"odl\" (at paths/0/1)\n  help: did you mean \"old\"?",
        );
        check(
            &Followed::Universe,
            &[None, None],
            "this path names 2 states for 3 dates (at paths/0)\n  help: write null where any state will do",
        );
        check(
            &Followed::Universe,
            &[Some("entered"), None, None],
            "only an audience that moves has people who entered (at paths/0/0)\n  help: name a state of the model, or none",
        );
        let dates = |days: &[i32]| check_dates(&days.iter().map(|day| Day(*day)).collect::<Vec<_>>());
        assert_eq!(dates(&[1]).unwrap_err().to_string(), "a path has 2 to 12 dates, not 1 (at dates)");
        assert_eq!(
            dates(&[1, 3, 3]).unwrap_err().to_string(),
            "1970-01-04 does not come after 1970-01-04 (at dates/2)\n  help: put the dates in order, each of them once"
        );
        assert_eq!(dates(&[1, 3, 4]), Ok(()));
    }
}
