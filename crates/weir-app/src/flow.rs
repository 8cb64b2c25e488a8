//! Flow between two dates.

use weir_core::expr::{Warning, check_model};
use weir_core::scope::Scope;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::flow::{Flow, flow};
use weir_engine::states::Lens;

use crate::app::Workspace;
use crate::source::Source;
use crate::states::{check_scope, check_source, find_model, subject};

/// A flow and what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowAnswer {
    /// Name of the model.
    pub model: String,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// Rows are states at this date.
    pub from: Day,
    /// Columns are states at this date.
    pub to: Day,
    /// The matrix.
    pub flow: Flow,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// Where people of a subject were at one date, and where they are at another.
    pub fn flow(
        &self,
        model: &str,
        scope: &Scope,
        from: Day,
        to: Day,
        source: &Source,
    ) -> Result<FlowAnswer> {
        if from > to {
            let error =
                Error::new(Code::InvalidDate, format!("the flow runs backwards, from {from} to {to}"));
            return Err(error.at("from").help("put the earlier date first"));
        }
        let view = self.view()?;
        let subject = subject(&view, source)?;
        let rules = find_model(&view, model)?;
        let mut warnings = check_model(&rules, &view.names)?;
        warnings.extend(check_scope(&view, scope));
        warnings.extend(check_source(&view, source)?);
        let lens = Lens { model: &rules, scope, names: &view.names };
        let flow = flow(view.world(), lens, &subject, from, to)?;
        Ok(FlowAnswer { model: model.to_owned(), scope: scope.clone(), from, to, flow, warnings })
    }
}
