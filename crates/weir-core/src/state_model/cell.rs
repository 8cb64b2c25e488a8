//! The people behind a number: a band of a distribution or a cell of a flow, as an expression.
//!
//! What a chart counts and what an audience saved from it holds are the same people, because both follow from the same
//! definitions: whoever is in no named state of a date is in `none`, strangers of that date included, and a moving
//! audience is looked at on both dates (see `weir_engine::flow`). The agreement tests compare every cell with its count.

use crate::error::{Code, Error, Result, suggestion};
use crate::expr::{AtDate, Expr, StateTest};
use crate::scope::Scope;
use crate::state_model::{ENTERED, LEFT, ModelRef, NONE, StateModel};
use crate::time::Day;

/// Whom a distribution or a flow follows.
#[derive(Debug, Clone, PartialEq)]
pub enum Followed {
    /// Everybody known.
    Universe,
    /// An expression, evaluated at each date.
    Moving(Expr),
    /// A frozen audience, and the date it was frozen as of.
    Frozen(String, Day),
}

/// A model over a scope, and whom it is applied to.
#[derive(Debug, Clone, Copy)]
pub struct Follow<'a> {
    /// How the model is named.
    pub name: &'a ModelRef,
    /// The model.
    pub model: &'a StateModel,
    /// What its conditions are limited to.
    pub scope: &'a Scope,
    /// Whom.
    pub followed: &'a Followed,
}

/// A row and a column of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// State at the first date, or `entered`.
    pub from: String,
    /// State at the second date, or `left`.
    pub to: String,
}

/// Who is in one of these states at a date: the expression, and the date to evaluate it as of.
pub fn band(follow: Follow<'_>, date: Day, states: &[String]) -> Result<(Expr, Day)> {
    let as_of = follow.as_of(date);
    let mut wanted = Vec::new();
    for (i, state) in states.iter().enumerate() {
        wanted.push(follow.in_state(state, date, as_of).map_err(|error| error.at(format!("states/{i}")))?);
    }
    if wanted.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "name at least one state").at("states"));
    }
    Ok((all(vec![follow.subject_at(date, as_of), any(wanted)]), as_of))
}

/// Who is in one of these cells of the flow between two dates: the expression, and the date to evaluate it as of.
pub fn cell(follow: Follow<'_>, from: Day, to: Day, cells: &[Cell]) -> Result<(Expr, Day)> {
    let as_of = follow.as_of(to);
    let mut wanted = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        let at = |field: &str| format!("cells/{i}/{field}");
        if cell.from == ENTERED && cell.to == LEFT {
            let error = Error::new(Code::UnknownState, "whoever entered cannot have left already");
            return Err(error.at(at("to")));
        }
        let before = follow.row(&cell.from, from, as_of).map_err(|error| error.at(at("from")))?;
        let after = follow.column(&cell.to, to, as_of).map_err(|error| error.at(at("to")))?;
        wanted.push(all(before.into_iter().chain(after).collect()));
    }
    if wanted.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "name at least one cell").at("cells"));
    }
    Ok((any(wanted), as_of))
}

impl Follow<'_> {
    /// A snapshot's members may have been strangers at `date`; as of the day they were frozen all of them are known.
    pub(super) fn as_of(&self, date: Day) -> Day {
        match self.followed {
            Followed::Frozen(_, frozen) => date.max(*frozen),
            Followed::Universe | Followed::Moving(_) => date,
        }
    }

    pub(super) fn subject_at(&self, date: Day, as_of: Day) -> Expr {
        match self.followed {
            Followed::Universe => Expr::Everyone,
            Followed::Frozen(id, _) => Expr::Snapshot(id.clone()),
            Followed::Moving(expr) => at(date, as_of, expr.clone()),
        }
    }

    fn row(&self, name: &str, date: Day, as_of: Day) -> Result<Vec<Expr>> {
        self.side(name, ENTERED, date, as_of)
    }

    fn column(&self, name: &str, date: Day, as_of: Day) -> Result<Vec<Expr>> {
        self.side(name, LEFT, date, as_of)
    }

    /// In the subject and in a state at a date; or, under the name `outside`, not in the subject.
    fn side(&self, name: &str, outside: &str, date: Day, as_of: Day) -> Result<Vec<Expr>> {
        let subject = self.subject_at(date, as_of);
        if name != outside {
            return Ok(vec![subject, self.in_state(name, date, as_of)?]);
        }
        match self.followed {
            Followed::Moving(_) => Ok(vec![Expr::Not(Box::new(subject))]),
            Followed::Universe | Followed::Frozen(..) => Err(only_moving(name)),
        }
    }

    pub(super) fn in_state(&self, name: &str, date: Day, as_of: Day) -> Result<Expr> {
        if name == NONE {
            let named = self.model.names().into_iter().map(str::to_owned).collect();
            return Ok(Expr::Not(Box::new(at(date, as_of, self.test(named)))));
        }
        if self.model.position(name).is_none() {
            let is_fixed = !matches!(self.followed, Followed::Moving(_));
            let is_outside = [ENTERED, LEFT].contains(&name);
            return Err(if is_fixed && is_outside { only_moving(name) } else { self.unknown(name) });
        }
        Ok(at(date, as_of, self.test(vec![name.to_owned()])))
    }

    fn test(&self, states: Vec<String>) -> Expr {
        Expr::State(StateTest { model: self.name.clone(), scope: self.scope.clone(), states })
    }

    fn unknown(&self, name: &str) -> Error {
        let names: Vec<&str> = self.model.names().into_iter().chain([NONE]).collect();
        let help = suggestion(name, names.iter().copied());
        Error::new(Code::UnknownState, format!("the model \"{}\" has no state \"{name}\"", self.name))
            .help(help.unwrap_or_else(|| format!("its states are {}", names.join(", "))))
    }
}

fn only_moving(name: &str) -> Error {
    let message = format!("only an audience that moves has people who {name}");
    Error::new(Code::UnknownState, message).help("name a state of the model, or none")
}

fn at(date: Day, as_of: Day, of: Expr) -> Expr {
    match of {
        // True of nobody or everybody known by then, whenever it is asked.
        of if date == as_of => of,
        of => Expr::At(AtDate::Date(date), Box::new(of)),
    }
}

/// Both parts of a cell name the universe or the same snapshot: once is enough.
pub(super) fn all(parts: Vec<Expr>) -> Expr {
    let mut distinct: Vec<Expr> = Vec::new();
    for part in parts {
        if part != Expr::Everyone && !distinct.contains(&part) {
            distinct.push(part);
        }
    }
    match distinct.len() {
        0 => Expr::Everyone,
        1 => distinct.remove(0),
        _ => Expr::All(distinct),
    }
}

pub(super) fn any(mut parts: Vec<Expr>) -> Expr {
    if parts.len() == 1 { parts.remove(0) } else { Expr::Any(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state_model::preset;

    const MARCH: Day = Day(20_000);
    const APRIL: Day = Day(20_031);

    #[track_caller]
    fn check(followed: &Followed, from: &str, to: &str, expected: &str) {
        let preset = preset("pno").unwrap();
        let follow =
            Follow { name: &ModelRef::from("pno"), model: &preset.model, scope: &Scope::Workspace, followed };
        let cells = [Cell { from: from.to_owned(), to: to.to_owned() }];
        let text = match cell(follow, MARCH, APRIL, &cells) {
            Ok((expr, as_of)) => format!("as of {as_of}: {}", expr.to_json()),
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_cell_is_two_dates_of_one_model() {
        check(
            &Followed::Universe,
            "potential",
            "old",
            r#"as of 2024-11-04: {"all":[{"at":{"date":"2024-10-04"},"of":{"state":{"model":"pno","scope":{"workspace":true},"in":["potential"]}}},{"state":{"model":"pno","scope":{"workspace":true},"in":["old"]}}]}"#,
        );
    }

    #[test]
    fn strangers_are_in_none() {
        check(
            &Followed::Frozen("7".to_owned(), Day(20_040)),
            "none",
            "none",
            r#"as of 2024-11-13: {"all":[{"snapshot":"7"},{"not":{"at":{"date":"2024-10-04"},"of":{"state":{"model":"pno","scope":{"workspace":true},"in":["old","new","potential"]}}}},{"not":{"at":{"date":"2024-11-04"},"of":{"state":{"model":"pno","scope":{"workspace":true},"in":["old","new","potential"]}}}}]}"#,
        );
    }

    #[test]
    fn a_moving_audience_has_people_who_entered_and_left() {
        check(
            &Followed::Moving(Expr::Audience("seen".to_owned())),
            "entered",
            "new",
            r#"as of 2024-11-04: {"all":[{"not":{"at":{"date":"2024-10-04"},"of":{"audience":"seen"}}},{"audience":"seen"},{"state":{"model":"pno","scope":{"workspace":true},"in":["new"]}}]}"#,
        );
        check(
            &Followed::Moving(Expr::Audience("seen".to_owned())),
            "entered",
            "left",
            "whoever entered cannot have left already (at cells/0/to)",
        );
        check(
            &Followed::Universe,
            "entered",
            "old",
            "only an audience that moves has people who entered (at cells/0/from)\n  help: name a state of the model, or none",
        );
    }

    #[test]
    fn a_state_that_is_not_there_is_an_error() {
        check(
            &Followed::Universe,
            "potental",
            "old",
            "the model \"pno\" has no state \"potental\" (at cells/0/from)\n  help: did you mean \"potential\"?",
        );
    }
}
