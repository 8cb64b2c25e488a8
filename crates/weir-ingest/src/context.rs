//! What must be known to understand a request, and what comes of it.

use weir_core::arrival::Arrivals;
use weir_core::channel::ChannelTree;
use weir_core::rate::Rates;
use weir_core::time::{Micros, Zone};

use crate::limits::Limits;
use crate::mappings::Mappings;

/// What a request is read with.
pub struct Context<'a> {
    /// The workspace's zone, for times without one and for days.
    pub zone: &'a Zone,
    /// When the request was received.
    pub received: Micros,
    /// The workspace's currency.
    pub currency: &'a str,
    /// Rates of other currencies.
    pub rates: &'a Rates,
    /// The channels the workspace knows.
    pub channels: &'a ChannelTree,
    /// What names mean.
    pub mappings: &'a Mappings,
    /// How large things may be.
    pub limits: &'a Limits,
    /// A message id for a message without one, different on each call.
    pub assign: &'a mut dyn FnMut() -> String,
}

impl Context<'_> {
    /// The same for a while that ends with texts of this request.
    pub(crate) fn lent(&mut self) -> Context<'_> {
        Context { assign: &mut *self.assign, ..*self }
    }
}

/// A request, understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed<'a> {
    /// What arrived, and what was refused.
    pub arrivals: Arrivals<'a>,
    /// Messages there were: each gave arrivals or was refused.
    pub messages: usize,
    /// The write key in the body, where there is one.
    pub write_key: Option<String>,
    /// When the client says that it sent the request.
    pub sent_at: Option<Micros>,
}

impl Parsed<'_> {
    /// With texts of its own.
    pub fn into_owned(self) -> Parsed<'static> {
        let Parsed { arrivals, messages, write_key, sent_at } = self;
        Parsed { arrivals: arrivals.into_owned(), messages, write_key, sent_at }
    }
}
