//! How a set of people is distributed over states at a date, and how it moved between two dates.

use weir_core::Result;
use weir_core::expr::Expr;
use weir_core::identity::Node;
use weir_core::scope::Scope;
use weir_core::state_model::NONE;
use weir_core::time::Day;

use super::states::States;
use super::{Members, Oracle};

/// Whose states are counted.
#[derive(Debug, Clone, Copy)]
pub enum FlowSet<'a> {
    /// Everyone known: as of the date, for a flow as of its end.
    Universe,
    /// A snapshot.
    Fixed {
        /// Nodes frozen, as far as the dictionary still has them.
        frozen: &'a [Node],
        /// How many more were frozen and have been erased since.
        erased: u64,
    },
    /// An expression, evaluated at each date.
    Moving(&'a Expr),
}

/// How many people are in each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distribution {
    /// By position, `none` last.
    pub states: Vec<u64>,
    /// Size of the set: the sum of `states`, `merged` and `erased`.
    pub total: u64,
    /// Frozen members that are one person with another frozen member by now.
    pub merged: u64,
    /// Frozen members that have been erased.
    pub erased: u64,
}

/// How many people went from each state to each state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Names of rows and columns: the model's states and `none`; for a moving set also `entered` and `left`.
    pub states: Vec<String>,
    /// Row = state at `from`, column = state at `to`.
    pub matrix: Vec<Vec<u64>>,
    /// Size of the set: the sum of the matrix, `merged` and `erased`. Of a moving set: members at either date.
    pub total: u64,
    /// Frozen members that are one person with another frozen member by now.
    pub merged: u64,
    /// Frozen members that have been erased.
    pub erased: u64,
}

/// A set at one date: its people, and frozen members that are no people of their own any more.
pub(super) struct Counted {
    pub(super) people: Members,
    pub(super) merged: u64,
    pub(super) erased: u64,
}

impl Counted {
    fn all(people: Members) -> Counted {
        Counted { people, merged: 0, erased: 0 }
    }

    pub(super) fn total(&self) -> u64 {
        self.people.len() as u64 + self.merged + self.erased
    }
}

impl Oracle<'_> {
    /// The distribution of a set over a model's states as of a date.
    pub fn distribution(
        &self,
        set: FlowSet<'_>,
        model: &str,
        scope: &Scope,
        at: Day,
    ) -> Result<Distribution> {
        let states = self.states(model, scope, at)?;
        let none = self.model(model)?.states.len();
        let set = self.counted(set, at)?;
        let mut counts = vec![0; none + 1];
        for person in &set.people {
            counts[state_of(&states, *person, none)] += 1;
        }
        Ok(Distribution { states: counts, total: set.total(), merged: set.merged, erased: set.erased })
    }

    /// The flow of a set between the states at two dates.
    pub fn flow(&self, set: FlowSet<'_>, model: &str, scope: &Scope, from: Day, to: Day) -> Result<Flow> {
        let (before, after) = (self.states(model, scope, from)?, self.states(model, scope, to)?);
        if let FlowSet::Moving(expr) = set {
            return self.moving_flow(expr, model, (from, &before), (to, &after));
        }
        let none = self.model(model)?.states.len();
        let set = self.counted(set, to)?;
        let mut matrix = square(none + 1);
        for person in &set.people {
            matrix[state_of(&before, *person, none)][state_of(&after, *person, none)] += 1;
        }
        let states = self.labels(model, &[NONE])?;
        Ok(Flow { states, matrix, total: set.total(), merged: set.merged, erased: set.erased })
    }

    fn moving_flow(
        &self,
        expr: &Expr,
        model: &str,
        (from, before): (Day, &States),
        (to, after): (Day, &States),
    ) -> Result<Flow> {
        let (start, end) = (self.members(expr, from)?, self.members(expr, to)?);
        let none = self.model(model)?.states.len();
        let (entered, left) = (none + 1, none + 2);
        let mut matrix = square(none + 3);
        for person in &start | &end {
            let row = if start.contains(&person) { state_of(before, person, none) } else { entered };
            let column = if end.contains(&person) { state_of(after, person, none) } else { left };
            matrix[row][column] += 1;
        }
        let states = self.labels(model, &[NONE, "entered", "left"])?;
        let total = (&start | &end).len() as u64;
        Ok(Flow { states, matrix, total, merged: 0, erased: 0 })
    }

    pub(super) fn counted(&self, set: FlowSet<'_>, at: Day) -> Result<Counted> {
        match set {
            FlowSet::Universe => Ok(Counted::all(self.universe(at))),
            FlowSet::Moving(expr) => Ok(Counted::all(self.members(expr, at)?)),
            FlowSet::Fixed { frozen, erased } => {
                let people: Members = frozen.iter().map(|node| self.person(*node)).collect();
                let merged = (frozen.len() - people.len()) as u64;
                Ok(Counted { people, merged, erased })
            }
        }
    }

    pub(super) fn labels(&self, model: &str, others: &[&str]) -> Result<Vec<String>> {
        let names = self.model(model)?.names();
        Ok(names.iter().chain(others).map(|name| (*name).to_owned()).collect())
    }
}

/// Someone unknown at the date is in `none`.
pub(super) fn state_of(states: &States, person: Node, none: usize) -> usize {
    states.get(&person).copied().unwrap_or(none)
}

fn square(side: usize) -> Vec<Vec<u64>> {
    vec![vec![0; side]; side]
}
