//! Which media reach the most people for a budget.

use std::time::Instant;

use weir_core::Result;
use weir_core::expr::Warning;
use weir_core::feature::Feature;
use weir_core::overlap::Regions;
use weir_core::reach::{Plan, Reach};
use weir_core::time::Day;
use weir_engine::overlap::overlap;

use crate::app::Workspace;

/// A plan of media as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachAnswer {
    /// The media, snapshots by their id.
    pub media: Reach,
    /// The date.
    pub as_of: Day,
    /// How many are known as of the date.
    pub universe: u64,
    /// People by combination of media.
    pub regions: Regions,
    /// What to buy.
    pub plan: Plan,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
}

impl Workspace {
    /// Plans media for a budget.
    pub fn reach(&self, asked: &Reach, as_of: Day) -> Result<ReachAnswer> {
        self.require(Feature::Reach)?;
        let view = self.view()?;
        let started = Instant::now();
        let warnings = asked.check(&view.names)?;
        let mut media = asked.clone();
        for medium in &mut media.media {
            self.name_by_id(&mut medium.set)?;
        }
        let overlapped = overlap(view.world(), &view.names, &media.exprs(), as_of)?;
        let plan = media.plan(&overlapped.regions)?;
        Ok(ReachAnswer {
            media,
            as_of,
            universe: overlapped.universe,
            regions: overlapped.regions,
            plan,
            elapsed_us: started.elapsed().as_micros() as u64,
            warnings,
        })
    }
}
