//! Two models side by side, person by person.

use weir_core::Result;
use weir_core::scope::Scope;
use weir_core::time::Day;

use super::Oracle;
use super::flow::{FlowSet, state_of};

impl Oracle<'_> {
    /// How many are in each state of one model and in each of another.
    pub fn comparison(
        &self,
        set: FlowSet<'_>,
        (a, b): (&str, &str),
        scope: &Scope,
        at: Day,
    ) -> Result<Vec<Vec<u64>>> {
        let (first, second) = (self.states(a, scope, at)?, self.states(b, scope, at)?);
        let (rows, columns) = (self.model(a)?.states.len(), self.model(b)?.states.len());
        let mut matrix = vec![vec![0; columns + 1]; rows + 1];
        for person in &self.counted(set, at)?.people {
            matrix[state_of(&first, *person, rows)][state_of(&second, *person, columns)] += 1;
        }
        Ok(matrix)
    }
}
