//! State models: their versions, what changed between two, two side by side, and rules tried out before they are saved.

use weir_core::expr::{Expr, Warning};
use weir_core::scope::Scope;
use weir_core::state_model::{Change, Follow, ModelRef, band, diff, versioned};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::compare::{Comparison, compare};
use weir_engine::rules::{RuleCounts, rules};
use weir_engine::states::Lens;
use weir_store::{DefinitionKind, Page, Paged};

use crate::app::Workspace;
use crate::cell::People;
use crate::definition::{Applied, Definition};
use crate::lens::{check_rules, find_model};
use crate::whom::Whom;

/// Two models over one subject at one date.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonAnswer {
    /// The first model, as it was named.
    pub a: String,
    /// The second.
    pub b: String,
    /// What the conditions of both were limited to.
    pub scope: Scope,
    /// The date.
    pub date: Day,
    /// Who is where.
    pub comparison: Comparison,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

/// What each rule of a model does.
#[derive(Debug, Clone, PartialEq)]
pub struct RulesAnswer {
    /// The model, as it was named.
    pub model: String,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// The date.
    pub date: Day,
    /// Names of its states, in order.
    pub states: Vec<String>,
    /// What their rules do.
    pub counts: RuleCounts,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// A page of the state models: the workspace's own by name, then the shipped ones. There are few.
    pub fn state_models_page(&self, page: &Page) -> Result<Paged<Definition>> {
        let mut models = self.state_models()?;
        if let Some(after) = &page.after {
            let at = models.iter().position(|model| model.name == *after);
            let at = at.ok_or_else(|| {
                let message = format!("\"{after}\" is not a cursor of this listing");
                Error::new(Code::InvalidArgument, message).at("after")
            })?;
            models.drain(..=at);
        }
        models.truncate(page.limit as usize + 1);
        Ok(Paged::of(models, page, |model| model.name.clone()))
    }

    /// Versions of a state model, latest first. A shipped one has no other.
    pub fn state_model_versions(&self, name: &str, page: &Page) -> Result<Paged<Definition>> {
        let stored = self.store().definition_versions(DefinitionKind::StateModel, name, page);
        match stored {
            Ok(stored) => Ok(Paged {
                items: stored.items.into_iter().map(Definition::from).collect(),
                next: stored.next,
            }),
            Err(error) if error.code == Code::UnknownModel => {
                Ok(Paged { items: vec![self.state_model(name)?], next: None })
            }
            Err(error) => Err(error),
        }
    }

    /// A version of a state model; 0 is the shipped one.
    pub fn state_model_version(&self, name: &str, version: u32) -> Result<Definition> {
        if version == 0 {
            return self.shipped_state_model(name);
        }
        self.store().definition_version(DefinitionKind::StateModel, name, version).map(Definition::from)
    }

    /// Makes an earlier version the latest again, as a new version; what it says now is kept before it.
    pub fn restore_state_model(&self, name: &str, version: u32) -> Result<Applied> {
        let old = self.state_model_version(name, version)?;
        self.put_state_model(name, &old.body, old.about)
    }

    /// What changed from one model to another.
    pub fn compare_rules(&self, before: &ModelRef, after: &ModelRef) -> Result<Vec<Change>> {
        let view = self.view()?;
        let find = |model, field: &str| find_model(&view, model).map_err(|error| error.at(field.to_owned()));
        Ok(diff(&*find(before, "before")?, &*find(after, "after")?))
    }

    /// Who is where under one model, and where under another.
    pub fn compare_state_models(
        &self,
        (a, b): (&ModelRef, &ModelRef),
        scope: &Scope,
        date: Day,
        whom: &Whom,
    ) -> Result<ComparisonAnswer> {
        let question = self.question(a, scope, whom).map_err(|error| in_field(error, "a"))?;
        let view = &question.view;
        let rules = find_model(view, b).map_err(|error| in_field(error, "b"))?;
        let mut warnings = check_rules(view, b, &rules, "b")?;
        warnings.extend(question.warnings.iter().cloned().map(|mut warning| {
            warning.at = warning.at.replacen("/model", "/a", 1);
            warning
        }));
        let other = Lens { model: &rules, scope, names: &view.names };
        let comparison = compare(view.world(), question.lens(), other, &question.subject, date)?;
        Ok(ComparisonAnswer {
            a: a.to_string(),
            b: b.to_string(),
            scope: scope.clone(),
            date,
            comparison,
            elapsed_us: question.elapsed_us(),
            warnings,
        })
    }

    /// Who is in one state under one model and in another under the other.
    pub fn people_in_both(
        &self,
        (a, b): (&ModelRef, &ModelRef),
        scope: &Scope,
        date: Day,
        whom: &Whom,
        cells: &[(String, String)],
    ) -> Result<People> {
        let view = self.view()?;
        let rules_b = find_model(&view, b).map_err(|error| in_field(error, "b"))?;
        check_rules(&view, b, &rules_b, "b")?;
        let within = |follow: Follow<'_>| -> Result<(Expr, Day)> {
            let other = Follow { name: b, model: &rules_b, ..follow };
            let mut wanted = Vec::new();
            let mut as_of = date;
            for (i, (in_a, in_b)) in cells.iter().enumerate() {
                let side = |follow, state: &String, field: &str| {
                    band(follow, date, std::slice::from_ref(state))
                        .map_err(|error| error.at(format!("cells/{i}/{field}")))
                };
                let (first, known) = side(follow, in_a, "a")?;
                let (second, _) = side(other, in_b, "b")?;
                as_of = known;
                wanted.push(Expr::All(vec![first, second]));
            }
            if wanted.is_empty() {
                return Err(Error::new(Code::InvalidArgument, "name at least one cell").at("cells"));
            }
            Ok((if wanted.len() == 1 { wanted.remove(0) } else { Expr::Any(wanted) }, as_of))
        };
        self.people(a, scope, whom, within).map_err(|error| in_field(error, "a"))
    }

    /// What each rule of a model does: whom it matches, whom it decides, whom earlier rules take from it.
    pub fn check_state_model(
        &self,
        model: &ModelRef,
        scope: &Scope,
        date: Day,
        whom: &Whom,
    ) -> Result<RulesAnswer> {
        let question = self.question(model, scope, whom)?;
        let counts = rules(question.view.world(), question.lens(), &question.subject, date)?;
        Ok(RulesAnswer {
            model: model.to_string(),
            scope: scope.clone(),
            date,
            states: question.model.names().into_iter().map(str::to_owned).collect(),
            counts,
            elapsed_us: question.elapsed_us(),
            warnings: question.warnings,
        })
    }
}

/// An error about the model of a question that has two of them.
fn in_field(error: Error, field: &str) -> Error {
    match error.at.as_deref() {
        Some("model") => error.at(field.to_owned()),
        Some(at) if at.starts_with("/model/") => {
            let at = at.replacen("/model", &format!("/{field}"), 1);
            error.at(at)
        }
        _ => error,
    }
}

/// What the server answers below `/state-models` besides models.
const RESERVED: [&str; 3] = ["diff", "compare", "check"];

/// A name that a version could be taken for would mean two things.
pub(crate) fn check_name(name: &str) -> Result<()> {
    if RESERVED.contains(&name) {
        let message = format!("no state model can be called \"{name}\"");
        return Err(Error::new(Code::InvalidDefinition, message).at("/name").help("choose another name"));
    }
    match versioned(name) {
        None => Ok(()),
        Some((base, version)) => {
            let message = format!("\"{name}\" means version {version} of \"{base}\"");
            Err(Error::new(Code::InvalidDefinition, message)
                .at("/name")
                .help("choose a name that does not end in @ and a number"))
        }
    }
}
