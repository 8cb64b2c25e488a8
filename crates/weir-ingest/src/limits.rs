//! How large things may be.

/// Bounds on one request. They keep what a request costs proportional to its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body as it comes over the wire.
    pub body: usize,
    /// Bytes of a body once inflated.
    pub inflated: usize,
    /// Bytes of one message.
    pub event: usize,
    /// Bytes of one message above which it is remarked on: other receivers of the protocol would refuse it.
    pub usual_event: usize,
    /// Messages of one request.
    pub events: usize,
    /// Nesting of objects and lists in one message.
    pub depth: usize,
    /// Members of one object.
    pub members: usize,
    /// Bytes that the arrivals of one request may take, since every line of an order repeats what belongs to the order.
    pub arrivals: usize,
    /// Characters of a message id; a longer one cannot be kept, and a shortened one would make two messages one.
    pub message_id: usize,
    /// Bytes of one identifier's value.
    pub identifier: usize,
    /// Bytes of a value that becomes a column, such as a shop or an item.
    pub value: usize,
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 5 * MIB,
            inflated: 16 * MIB,
            event: MIB,
            usual_event: 32 * KIB,
            events: 10_000,
            depth: 64,
            members: 1_000,
            arrivals: 64 * MIB,
            message_id: 1_000,
            identifier: 500,
            value: 1_000,
        }
    }
}

impl Limits {
    /// Whether a message id can be kept.
    pub(crate) fn takes_id(&self, id: &str) -> bool {
        id.len() <= self.message_id || id.chars().count() <= self.message_id
    }
}
