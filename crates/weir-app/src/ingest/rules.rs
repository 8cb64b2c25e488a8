//! What the requests of a workspace are read with.

use weir_core::channel::ChannelTree;
use weir_core::time::Micros;
use weir_core::{Error, Result};
use weir_ingest::{Context, Limits, Mappings};
use weir_store::Settings;

use crate::mappings;

/// Zone, currency, channels and mappings, as they were within the last second.
pub(crate) struct Rules {
    settings: Settings,
    channels: ChannelTree,
    mappings: Mappings,
    limits: Limits,
}

impl Rules {
    /// Whatever is wrong here, it is not what the client sent.
    pub fn of(workspace: &weir_store::Workspace) -> Result<Rules> {
        Rules::stored(workspace).map_err(|error| match error.is_users_fault() {
            true => Error::internal(error.to_string()),
            false => error,
        })
    }

    fn stored(workspace: &weir_store::Workspace) -> Result<Rules> {
        Ok(Rules {
            settings: workspace.settings()?,
            channels: workspace.channel_tree()?,
            mappings: mappings::stored(workspace)?,
            limits: Limits::default(),
        })
    }

    /// What a request is read with; `assign` gives ids to messages without one.
    pub fn context<'a>(&'a self, received: Micros, assign: &'a mut dyn FnMut() -> String) -> Context<'a> {
        Context {
            zone: &self.settings.zone,
            received,
            currency: &self.settings.currency,
            rates: &self.settings.rates,
            channels: &self.channels,
            mappings: &self.mappings,
            limits: &self.limits,
            assign,
        }
    }
}

/// Message ids for those that came without: nobody else's, so that nothing is taken for a duplicate.
pub(super) struct Ids {
    prefix: String,
    count: u32,
}

impl Ids {
    /// For a request received at some instant.
    pub fn new(received: Micros) -> Result<Ids> {
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random)
            .map_err(|error| Error::internal(format!("no random numbers: {error}")))?;
        let random = u64::from_le_bytes(random);
        Ok(Ids { prefix: format!("weir-{received:x}-{random:016x}"), count: 0 })
    }

    /// Another one.
    pub fn next(&mut self) -> String {
        self.count += 1;
        format!("{}-{}", self.prefix, self.count)
    }
}
