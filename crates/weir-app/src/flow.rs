//! Flow between two dates.

use std::time::Instant;

use weir_core::expr::{Warning, check_model};
use weir_core::scope::Scope;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::flow::{Flow, flow};
use weir_engine::states::Lens;

use crate::app::Workspace;
use crate::states::{check_scope, check_whom, find_model, subject};
use crate::whom::Whom;

/// A flow and what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowAnswer {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one.
    pub model_version: u32,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// Rows are states at this date.
    pub from: Day,
    /// Columns are states at this date.
    pub to: Day,
    /// The matrix.
    pub flow: Flow,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// Where people of a subject were at one date, and where they are at another.
    pub fn flow(&self, model: &str, scope: &Scope, from: Day, to: Day, whom: &Whom) -> Result<FlowAnswer> {
        check_order(from, to)?;
        let view = self.view()?;
        let started = Instant::now();
        let subject = subject(&view, whom)?;
        let rules = find_model(&view, model)?;
        let mut warnings = check_model(&rules, &view.names)?;
        warnings.extend(check_scope(&view, scope));
        warnings.extend(check_whom(&view, whom)?);
        let lens = Lens { model: &rules, scope, names: &view.names };
        let flow = flow(view.world(), lens, &subject, from, to)?;
        Ok(FlowAnswer {
            model: model.to_owned(),
            model_version: self.model_version(model),
            scope: scope.clone(),
            from,
            to,
            flow,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }
}

pub(crate) fn check_order(from: Day, to: Day) -> Result<()> {
    if from <= to {
        return Ok(());
    }
    let error = Error::new(Code::InvalidDate, format!("the flow runs backwards, from {from} to {to}"));
    Err(error.at("from").help("put the earlier date first"))
}
