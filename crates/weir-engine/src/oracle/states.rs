//! State models: every consumer in exactly one state.

use std::collections::BTreeMap;

use weir_core::expr::StateTest;
use weir_core::identity::Node;
use weir_core::scope::Scope;
use weir_core::state_model::{ModelRef, StateModel};
use weir_core::time::Day;
use weir_core::{Code, Result};

use super::sets::unknown;
use super::{Context, Members, Oracle};

/// Each person's state: its position in the model, or one past the last for `none`.
pub type States = BTreeMap<Node, usize>;

impl Oracle<'_> {
    /// The state of everyone known as of a date.
    pub fn states(&self, model: &str, scope: &Scope, as_of: Day) -> Result<States> {
        self.states_at(model, scope, &Context::new(as_of))
    }

    /// A model of this world.
    pub fn model(&self, name: &str) -> Result<&StateModel> {
        self.world.models.get(name).ok_or_else(|| unknown(Code::UnknownModel, name))
    }

    fn states_at(&self, name: &str, scope: &Scope, at: &Context) -> Result<States> {
        let inside = at.enter(&format!("state model {name}"), scope.clone())?;
        self.states_under(self.model(name)?, &inside)
    }

    /// By the rules of a model, from inside it.
    fn states_under(&self, model: &StateModel, at: &Context) -> Result<States> {
        let mut rules = Vec::new();
        for state in &model.states {
            rules.push(self.eval(&state.when, at)?);
        }
        let first_that_holds = |person| rules.iter().position(|rule| rule.contains(&person));
        let state = |person| (person, first_that_holds(person).unwrap_or(rules.len()));
        Ok(self.universe(at.as_of).into_iter().map(state).collect())
    }

    pub(super) fn state(&self, test: &StateTest, at: &Context) -> Result<Members> {
        let model = match &test.model {
            ModelRef::Named(name) => self.model(name)?,
            ModelRef::Inline(model) => model,
        };
        let mut wanted = Vec::new();
        for name in &test.states {
            wanted.push(model.position(name).ok_or_else(|| unknown(Code::UnknownState, name))?);
        }
        let states = match &test.model {
            ModelRef::Named(name) => self.states_at(name, &test.scope, at)?,
            ModelRef::Inline(model) => {
                self.states_under(model, &Context { scope: test.scope.clone(), ..at.clone() })?
            }
        };
        Ok(states.into_iter().filter(|(_, state)| wanted.contains(state)).map(|(person, _)| person).collect())
    }
}
