//! Settings of a workspace.

use weir_core::Result;
use weir_core::channel::ChannelTree;
use weir_core::rate::Rate;
use weir_core::time::Day;
use weir_store::{Quota, Settings};

use crate::app::Workspace;

impl Workspace {
    /// Zone, currency, identity policy, rates.
    pub fn settings(&self) -> Result<Settings> {
        self.store().settings()
    }

    /// How long events are kept, and how much of the disk may be used.
    pub fn quota(&self) -> Result<Quota> {
        self.store().quota()
    }

    /// Changes `timezone`, `currency`, `identity`, `retention_days`, `disk_limit` or `disk_reserve`.
    pub fn set(&self, key: &str, value: &str) -> Result<()> {
        self.store().set(key, value)
    }

    /// States what a currency is worth in the workspace's from a day on.
    pub fn set_rate(&self, currency: &str, day: Day, rate: &str) -> Result<()> {
        self.store().set_rate(currency, day, Rate::parse(rate)?)
    }

    /// The channel tree, with what the catalogue and the data added.
    pub fn channels(&self) -> Result<ChannelTree> {
        Ok(self.data()?.channels().clone())
    }
}
