//! Distribution of people over the states of a model.

use std::time::Instant;

use weir_core::expr::{Warning, check, check_model};
use weir_core::scope::Scope;
use weir_core::state_model::StateModel;
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;
use weir_core::{Code, Error, Result};
use weir_engine::states::{Distribution, Lens, Subject, states};

use crate::app::{View, Workspace};
use crate::whom::Whom;

/// Distributions of one subject under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct StatesAnswer {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one.
    pub model_version: u32,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// Names of the states, `none` last.
    pub states: Vec<String>,
    /// One distribution per date.
    pub at: Vec<Distribution>,
    /// Frozen members who have become one with another.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// How many of a subject are in each state at some dates.
    pub fn states(&self, model: &str, scope: &Scope, dates: &[Day], whom: &Whom) -> Result<StatesAnswer> {
        if dates.is_empty() {
            return Err(Error::new(Code::InvalidArgument, "name at least one date"));
        }
        let view = self.view()?;
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let rules = find_model(&view, model)?;
        let mut warnings = check_model(&rules, &view.names)?;
        warnings.extend(check_scope(&view, scope));
        warnings.extend(check_whom(&view, whom)?);
        let lens = Lens { model: &rules, scope, names: &view.names };
        let (merged, erased) = lost(&subject);
        let at = states(view.world(), lens, &subject, dates)?;
        Ok(StatesAnswer {
            model: model.to_owned(),
            model_version: self.model_version(model),
            scope: scope.clone(),
            states: rules.names().into_iter().chain(["none"]).map(str::to_owned).collect(),
            at,
            merged,
            erased,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }
}

pub(crate) fn subject(view: &View, whom: &Whom) -> Result<Subject> {
    match whom {
        Whom::Universe => Ok(Subject::Universe),
        Whom::Snapshot(id) => Ok(Subject::Frozen(view.data.frozen(id)?)),
        Whom::Expression(_) | Whom::Audience(_) => {
            Ok(whom.expression().map_or(Subject::Universe, Subject::Moving))
        }
    }
}

pub(crate) fn lost(subject: &Subject) -> (u64, u64) {
    match subject {
        Subject::Frozen(frozen) => (frozen.merged, frozen.erased),
        Subject::Universe | Subject::Moving(_) => (0, 0),
    }
}

pub(crate) fn find_model(view: &View, name: &str) -> Result<std::sync::Arc<StateModel>> {
    let test = weir_core::expr::StateTest {
        model: name.to_owned(),
        scope: Scope::Workspace,
        states: vec!["none".to_owned()],
    };
    check(&weir_core::expr::Expr::State(test), &view.names)
        .map_err(|error| Error { at: Some("model".to_owned()), ..error })?;
    view.names.state_model(name).ok_or_else(|| Error::internal("a checked state model is not there"))
}

pub(crate) fn check_whom(view: &View, whom: &Whom) -> Result<Vec<Warning>> {
    whom.expression().map_or(Ok(Vec::new()), |expr| check(&expr, &view.names))
}

/// A scope that no data and no catalogue mentions is worth a word: everybody would be in `none`.
pub(crate) fn check_scope(view: &View, scope: &Scope) -> Vec<Warning> {
    let test = weir_core::expr::StateTest {
        model: "pno".to_owned(),
        scope: scope.clone(),
        states: vec!["none".to_owned()],
    };
    let warnings = check(&weir_core::expr::Expr::State(test), &view.names).unwrap_or_default();
    warnings.into_iter().filter(|warning| warning.at.contains("/scope")).collect()
}
