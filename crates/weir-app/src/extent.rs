//! How much a workspace holds, and up to when: what every answer is an answer about.

use weir_core::Result;
use weir_core::time::{Day, Micros};
use weir_store::{FileKind, ImportState, Page};

use crate::app::Workspace;

/// What a workspace holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Events.
    pub events: u64,
    /// People known, whatever the date.
    pub consumers: u64,
    /// Local dates of the first and last event.
    pub days: Option<(Day, Day)>,
    /// Time of the latest event.
    pub last_time: Option<Micros>,
}

impl Workspace {
    /// What the workspace holds now.
    pub fn extent(&self) -> Result<Extent> {
        let data = self.data()?;
        let (mut events, mut days) = (0, None);
        for file in data.stored().files(FileKind::Events) {
            events += file.rows;
            days = spanned(days, file.days);
        }
        let imports = self.imports(&Page::all())?.items;
        let live = imports.iter().filter(|import| import.state == ImportState::Done);
        let last_time = live.filter_map(|import| import.ledger.last_time).max();
        let consumers = data.world().consumers.present().count() as u64;
        Ok(Extent { events, consumers, days, last_time })
    }
}

fn spanned(a: Option<(Day, Day)>, b: Option<(Day, Day)>) -> Option<(Day, Day)> {
    match (a, b) {
        (Some((first, last)), Some((other_first, other_last))) => {
            Some((first.min(other_first), last.max(other_last)))
        }
        (one, other) => one.or(other),
    }
}
