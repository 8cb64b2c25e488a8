//! Paths over several dates.

use weir_core::expr::Warning;
use weir_core::scope::Scope;
use weir_core::state_model::{ModelRef, Path, check_dates, path};
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::path::{Paths, paths};

use crate::app::Workspace;
use crate::cell::People;
use crate::lens::Question;
use crate::whom::Whom;

/// Paths listed unless asked otherwise, and most.
pub const TOP: u32 = 50;
const LARGEST_TOP: u32 = 1_000;

/// The greatest paths of a subject, and what the others sum to.
#[derive(Debug, Clone, PartialEq)]
pub struct PathsAnswer {
    /// Name of the model.
    pub model: String,
    /// Its version; 0 for a shipped one and for rules without a name.
    pub model_version: u32,
    /// What its conditions were limited to.
    pub scope: Scope,
    /// The dates, in order.
    pub dates: Vec<Day>,
    /// All paths, greatest first.
    pub paths: Paths,
    /// How many of them to list.
    pub top: usize,
    /// How many went from each name at a date to each at the next; one matrix for each date but the last.
    pub flows: Vec<Vec<Vec<u64>>>,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl PathsAnswer {
    /// The names along each listed path, and how many took it.
    pub fn listed(&self) -> impl Iterator<Item = (Vec<&str>, u64)> {
        let name = |step: &u16| self.paths.states[usize::from(*step)].as_str();
        self.paths.paths.iter().take(self.top).map(move |(steps, n)| (steps.iter().map(name).collect(), *n))
    }

    /// How many paths are not listed, and how many took them.
    pub fn others(&self) -> (u64, u64) {
        let others = self.paths.paths.get(self.top..).unwrap_or_default();
        (others.len() as u64, others.iter().map(|(_, count)| count).sum())
    }
}

impl Workspace {
    /// Where people of a subject were at each of some dates.
    pub fn paths(
        &self,
        model: &ModelRef,
        scope: &Scope,
        dates: &[Day],
        whom: &Whom,
        top: Option<u32>,
    ) -> Result<PathsAnswer> {
        self.question(model, scope, whom)?.paths(dates, top)
    }

    /// Who of a subject takes one of these paths, or one with these parts.
    pub fn people_on_paths(
        &self,
        model: &ModelRef,
        scope: &Scope,
        whom: &Whom,
        dates: &[Day],
        wanted: &[Path],
    ) -> Result<People> {
        self.people(model, scope, whom, |follow| path(follow, dates, wanted))
    }
}

impl Question {
    pub(crate) fn paths(&self, dates: &[Day], top: Option<u32>) -> Result<PathsAnswer> {
        let top = top.unwrap_or(TOP);
        if !(1..=LARGEST_TOP).contains(&top) {
            let message = format!("1 to {LARGEST_TOP} paths are listed, not {top}");
            return Err(Error::new(Code::InvalidArgument, message).at("top"));
        }
        check_dates(dates)?;
        let paths = paths(self.view.world(), self.lens(), &self.subject, dates)?;
        Ok(PathsAnswer {
            model: self.asked.to_string(),
            model_version: self.version,
            scope: self.scope.clone(),
            dates: dates.to_vec(),
            top: top as usize,
            flows: paths.flows(dates.len()),
            paths,
            elapsed_us: self.elapsed_us(),
            warnings: self.warnings.clone(),
        })
    }
}
