//! Flow between two dates.

use weir_core::expr::Warning;
use weir_core::scope::Scope;
use weir_core::state_model::ModelRef;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::flow::{Flow, flow};

use crate::app::Workspace;
use crate::lens::Question;
use crate::whom::Whom;

/// A flow and what was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowAnswer {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one and for rules without a name.
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
    pub fn flow(
        &self,
        model: &ModelRef,
        scope: &Scope,
        from: Day,
        to: Day,
        whom: &Whom,
    ) -> Result<FlowAnswer> {
        self.question(model, scope, whom)?.flow(from, to)
    }
}

impl Question {
    pub(crate) fn flow(&self, from: Day, to: Day) -> Result<FlowAnswer> {
        check_order(from, to)?;
        let flow = flow(self.view.world(), self.lens(), &self.subject, from, to)?;
        Ok(FlowAnswer {
            model: self.asked.to_string(),
            model_version: self.version,
            scope: self.scope.clone(),
            from,
            to,
            flow,
            elapsed_us: self.elapsed_us(),
            warnings: self.warnings.clone(),
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
