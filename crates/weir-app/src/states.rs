//! Distribution of people over the states of a model.

use weir_core::expr::{Warning, check};
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::states::{Distribution, Subject, states};

pub(crate) use weir_engine::states::lost;

use crate::app::{View, Workspace};
use crate::lens::Question;
use crate::whom::Whom;

/// Distributions of one subject under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct StatesAnswer {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one and for rules without a name.
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
    pub fn states(
        &self,
        model: &ModelRef,
        scope: &Scope,
        dates: &[Day],
        whom: &Whom,
    ) -> Result<StatesAnswer> {
        self.question(model, scope, whom)?.states(dates)
    }
}

impl Question {
    pub(crate) fn states(&self, dates: &[Day]) -> Result<StatesAnswer> {
        if dates.is_empty() {
            return Err(Error::new(Code::InvalidArgument, "name at least one date"));
        }
        let at = states(self.view.world(), self.lens(), &self.subject, dates)?;
        let (merged, erased) = lost(&self.subject);
        Ok(StatesAnswer {
            model: self.asked.to_string(),
            model_version: self.version,
            scope: self.scope.clone(),
            states: self.model.names().into_iter().chain(["none"]).map(str::to_owned).collect(),
            at,
            merged,
            erased,
            elapsed_us: self.elapsed_us(),
            warnings: self.warnings.clone(),
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

pub(crate) fn check_whom(view: &View, whom: &Whom) -> Result<Vec<Warning>> {
    whom.expression().map_or(Ok(Vec::new()), |expr| check(&expr, &view.names))
}
