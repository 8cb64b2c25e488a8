//! What every question about states begins with: a model over a scope, whom it is applied to, and their names checked.

use std::sync::Arc;
use std::time::Instant;

use weir_core::expr::{Expr, StateTest, Warning, check, check_model};
use weir_core::scope::Scope;
use weir_core::state_model::{Follow, Followed, ModelRef, NONE, StateModel, versioned};
use weir_core::time::Day;
use weir_core::{Error, Result};
use weir_engine::states::{Lens, Subject};

use crate::app::{View, Workspace};
use crate::states::{check_whom, subject};
use crate::whom::Whom;

/// A question whose names have been checked. Several answers may come of one: they are about the same people.
pub(crate) struct Question {
    pub view: Arc<View>,
    /// When it was asked.
    pub started: Instant,
    pub asked: ModelRef,
    pub model: Arc<StateModel>,
    /// Of the model; 0 for a shipped one and for rules without a name.
    pub version: u32,
    pub scope: Scope,
    pub subject: Subject,
    pub warnings: Vec<Warning>,
}

impl Question {
    pub fn lens(&self) -> Lens<'_> {
        Lens { model: &self.model, scope: &self.scope, names: &self.view.names }
    }

    pub fn elapsed_us(&self) -> u64 {
        self.started.elapsed().as_micros() as u64
    }
}

impl Workspace {
    pub(crate) fn question(&self, model: &ModelRef, scope: &Scope, whom: &Whom) -> Result<Question> {
        self.question_about(Arc::new(self.view()?), model, scope, whom)
    }

    /// A question about the same data as another.
    pub(crate) fn question_about(
        &self,
        view: Arc<View>,
        model: &ModelRef,
        scope: &Scope,
        whom: &Whom,
    ) -> Result<Question> {
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let rules = find_model(&view, model)?;
        let mut warnings = check_rules(&view, model, &rules, "model")?;
        warnings.extend(check_scope(&view, scope));
        warnings.extend(check_whom(&view, whom)?);
        let (version, asked, scope) = (self.model_version(model), model.clone(), scope.clone());
        Ok(Question { view, started, asked, model: rules, version, scope, subject, warnings })
    }

    /// The version that a question looks through.
    pub(crate) fn model_version(&self, model: &ModelRef) -> u32 {
        let ModelRef::Named(name) = model else { return 0 };
        let stored = self.store().definition(weir_store::DefinitionKind::StateModel, name);
        match (stored, versioned(name)) {
            (Ok(definition), _) => definition.version,
            (Err(_), Some((_, version))) => version,
            (Err(_), None) => 0,
        }
    }

    /// Whom an expression of the people behind a number is about.
    pub(crate) fn followed(&self, view: &View, whom: &Whom) -> Result<Followed> {
        Ok(match whom {
            Whom::Universe => Followed::Universe,
            Whom::Expression(expr) => Followed::Moving(expr.clone()),
            Whom::Audience(name) => Followed::Moving(Expr::Audience(name.clone())),
            Whom::Snapshot(id) => {
                let snapshot = self.snapshot(id)?;
                // Whoever is frozen counts, even if known only since later than that.
                let all_known = view.world().consumers.all_known().unwrap_or(snapshot.as_of);
                Followed::Frozen(snapshot.id, snapshot.as_of.max(all_known))
            }
        })
    }

    /// The people that `find` finds, and how many they are.
    pub(crate) fn people(
        &self,
        model: &ModelRef,
        scope: &Scope,
        whom: &Whom,
        find: impl FnOnce(Follow<'_>) -> Result<(Expr, Day)>,
    ) -> Result<crate::cell::People> {
        let view = self.view()?;
        let rules = find_model(&view, model)?;
        check_rules(&view, model, &rules, "model")?;
        check_whom(&view, whom)?;
        let followed = self.followed(&view, whom)?;
        let (expr, as_of) = find(Follow { name: model, model: &rules, scope, followed: &followed })?;
        let count = weir_engine::eval::evaluate(view.world(), &view.names, &expr, as_of)?.count;
        Ok(crate::cell::People { expr, as_of, count })
    }
}

/// The rules that a name stands for.
pub(crate) fn find_model(view: &View, model: &ModelRef) -> Result<Arc<StateModel>> {
    if let ModelRef::Named(_) = model {
        check(&in_none(model.clone(), Scope::Workspace), &view.names)
            .map_err(|error| Error { at: Some("model".to_owned()), ..error })?;
    }
    model.rules(&view.names).ok_or_else(|| Error::internal("a checked state model is not there"))
}

/// Checks the names in rules; what is wrong in rules without a name is placed below the field they stand in.
pub(crate) fn check_rules(
    view: &View,
    model: &ModelRef,
    rules: &StateModel,
    field: &str,
) -> Result<Vec<Warning>> {
    let checked = check_model(rules, &view.names);
    match model {
        ModelRef::Named(_) => checked,
        ModelRef::Inline(_) => {
            let prefix = format!("/{field}");
            let mut warnings = checked.map_err(|error| error.under(&prefix))?;
            warnings.iter_mut().for_each(|warning| warning.at.insert_str(0, &prefix));
            Ok(warnings)
        }
    }
}

/// A scope that no data and no catalogue mentions is worth a word: everybody would be in `none`.
pub(crate) fn check_scope(view: &View, scope: &Scope) -> Vec<Warning> {
    let warnings = check(&in_none(ModelRef::from("pno"), scope.clone()), &view.names).unwrap_or_default();
    warnings.into_iter().filter(|warning| warning.at.contains("/scope")).collect()
}

fn in_none(model: ModelRef, scope: Scope) -> Expr {
    Expr::State(StateTest { model, scope, states: vec![NONE.to_owned()] })
}
