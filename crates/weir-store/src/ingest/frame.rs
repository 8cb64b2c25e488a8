//! A frame of the log: one request, with everything that was decided about it.

use weir_core::arrival::Arrival;
use weir_core::identity::Node;
use weir_core::time::Micros;

/// One request, as the log keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Name of the source it came by.
    pub source: String,
    /// When it was received.
    pub received: Micros,
    /// The arrivals that were new, in order.
    pub items: Vec<Item>,
}

/// One arrival, attributed.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The nodes of `arrival.identifiers`, which are in order of the workspace's policy: the first is the node that
    /// the row belongs to; each of the others is linked to it as of `arrival.time`.
    pub nodes: Vec<Node>,
    /// What arrived.
    pub arrival: Arrival,
}
