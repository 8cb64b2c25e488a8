//! An event as the index keeps it: numbers for texts, a dense consumer, a hash for the order.

use std::hash::Hasher;

use twox_hash::XxHash3_64;
use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::time::{Day, Micros};

use crate::shard::Dense;

/// Amount or quantity of a row that has none.
pub const NO_AMOUNT: i64 = i64::MIN;
/// Order of a row that has none.
pub const NO_ORDER: u64 = 0;

/// One event of one consumer, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whose.
    pub dense: Dense,
    /// The identifier it arrived with; needed when people are merged or un-merged.
    pub node: Node,
    /// When.
    pub time: Micros,
    /// Its local date.
    pub day: Day,
    /// Number of the behavior.
    pub behavior: u32,
    /// Number of the channel's path.
    pub channel: u32,
    /// Number of the shop.
    pub shop: u32,
    /// Number of the event's own brand.
    pub brand: u32,
    /// Number of the category.
    pub category: u32,
    /// Number of the campaign.
    pub campaign: u32,
    /// Number of the item.
    pub item: u32,
    /// Hash of the order id. 64 bits: orders are only ever compared within one consumer.
    pub order: u64,
    /// Money in 1/10000.
    pub amount: i64,
    /// Quantity in 1/10000.
    pub quantity: i64,
    /// (number of the key, value as JSON text).
    pub properties: Vec<(u32, String)>,
}

/// An event as it is read from the event table, nothing owned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawEvent<'a> {
    /// When.
    pub time: Micros,
    /// Its local date.
    pub day: Day,
    /// The behavior.
    pub behavior: &'a str,
    /// Path of the channel.
    pub channel: Option<&'a str>,
    /// The shop.
    pub shop: Option<&'a str>,
    /// The event's own brand.
    pub brand: Option<&'a str>,
    /// The category.
    pub category: Option<&'a str>,
    /// The campaign.
    pub campaign: Option<&'a str>,
    /// The item.
    pub item: Option<&'a str>,
    /// The order.
    pub order_id: Option<&'a str>,
    /// Money.
    pub amount: Option<Amount>,
    /// Quantity.
    pub quantity: Option<Amount>,
    /// A JSON object.
    pub properties: Option<&'a str>,
}

/// The hash an order id is kept as.
pub fn order_hash(order_id: &str) -> u64 {
    let mut hasher = XxHash3_64::new();
    hasher.write(order_id.as_bytes());
    hasher.finish().max(1)
}
