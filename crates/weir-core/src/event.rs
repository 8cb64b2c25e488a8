//! Events and the closed core list of behaviors.

use serde_json::{Map, Value};

use crate::amount::Amount;
use crate::time::{Day, Micros};

/// The behaviors every workspace knows; data may add custom ones.
pub const CORE_BEHAVIORS: &[&str] = &[
    "impression",
    "click",
    "view",
    "search",
    "favorite",
    "add_to_cart",
    "order",
    "purchase",
    "refund",
    "review",
    "share",
    "follow",
    "join_member",
    "sign_up",
    "watch_live",
    "comment",
    "bid",
    "compare_price",
    "coupon_claim",
    "coupon_redeem",
    "message_sent",
    "message_delivered",
    "message_opened",
    "message_clicked",
    "message_bounced",
    "message_complained",
    "message_unsubscribed",
];

/// Behaviors done *to* a consumer rather than by one: impressions and message receipts.
pub const PASSIVE_BEHAVIORS: &[&str] = &[
    "impression",
    "message_sent",
    "message_delivered",
    "message_opened",
    "message_clicked",
    "message_bounced",
    "message_complained",
    "message_unsubscribed",
];

/// Whether `name` is on the core list.
pub fn is_core_behavior(name: &str) -> bool {
    CORE_BEHAVIORS.contains(&name)
}

/// Something a consumer did or was shown. Who it was is kept beside it, as identifiers or a consumer id.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, UTC.
    pub time: Micros,
    /// The local date of `time` in the workspace's zone.
    pub day: Day,
    /// Core or custom behavior.
    pub behavior: String,
    /// Path in the channel tree, `unmapped.<name>` when unknown there.
    pub channel: Option<String>,
    /// Shop id.
    pub shop: Option<String>,
    /// The event's own brand; without one its shop's counts.
    pub brand: Option<String>,
    /// Category id or path.
    pub category: Option<String>,
    /// Campaign id.
    pub campaign: Option<String>,
    /// Item id.
    pub item: Option<String>,
    /// Order id; events without one count as 0 in `orders`.
    pub order_id: Option<String>,
    /// Money in the workspace's currency; `None` when there is none or it is unknown.
    pub amount: Option<Amount>,
    /// How many.
    pub quantity: Option<Amount>,
    /// Name of the source it came from.
    pub source: String,
    /// The sender's id of this event, if it gave one.
    pub message_id: Option<String>,
    /// Everything else.
    pub properties: Map<String, Value>,
}
