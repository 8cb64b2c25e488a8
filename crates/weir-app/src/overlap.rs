//! How some sets lie over each other.

use std::time::Instant;

use weir_core::Result;
use weir_core::expr::{Expr, Warning};
use weir_core::overlap::{NamedSet, Overlap, Regions};
use weir_core::time::Day;
use weir_engine::overlap::overlap;

use crate::app::Workspace;

/// The overlap of some sets as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct OverlapAnswer {
    /// The sets, snapshots by their id.
    pub sets: Overlap,
    /// The date.
    pub as_of: Day,
    /// How many are known as of the date.
    pub universe: u64,
    /// People by combination of sets.
    pub regions: Regions,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// How many people are in each combination of some sets.
    pub fn overlap(&self, asked: &Overlap, as_of: Day) -> Result<OverlapAnswer> {
        let view = self.view()?;
        let started = Instant::now();
        let warnings = asked.check(&view.names)?;
        let mut sets = asked.clone();
        for set in sets.sets_mut() {
            self.name_by_id(set)?;
        }
        let overlapped = overlap(view.world(), &view.names, &sets.exprs(), as_of)?;
        Ok(OverlapAnswer {
            sets,
            as_of,
            universe: overlapped.universe,
            regions: overlapped.regions,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }

    /// A snapshot that is named is meant, whatever has its name later.
    pub(crate) fn name_by_id(&self, set: &mut NamedSet) -> Result<()> {
        if let Expr::Snapshot(name) = &set.expr {
            set.expr = Expr::Snapshot(self.snapshot(name)?.id);
        }
        Ok(())
    }
}
