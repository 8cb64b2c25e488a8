//! One row of a life: what happened, where, to what.
//!
//! Everything is a number here; names come in when rows are written. `NONE` of a field's type stands for nothing.

use weir_core::time::Micros;

use crate::channel::Place;
use crate::identity::Who;
use crate::merchant::Venue;

/// No shop, brand, category, campaign.
pub const NONE: u8 = u8::MAX;
/// No item.
pub const NO_ITEM: u16 = u16::MAX;
/// No amount.
pub const NO_AMOUNT: i64 = i64::MIN;

macro_rules! behaviors {
    ($($variant:ident $name:literal),* $(,)?) => {
        /// What a consumer did, or what was done to them: Weir's core behaviors, in its order.
        #[allow(missing_docs, reason = "the names are those of weir_core::event")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Behavior { $($variant),* }

        impl Behavior {
            /// All of them.
            pub const ALL: &[Behavior] = &[$(Behavior::$variant),*];

            /// Its name in Weir.
            pub const fn name(self) -> &'static str {
                match self { $(Behavior::$variant => $name),* }
            }
        }
    };
}

behaviors! {
    Impression "impression",
    Click "click",
    View "view",
    Search "search",
    Favorite "favorite",
    AddToCart "add_to_cart",
    Order "order",
    Purchase "purchase",
    Refund "refund",
    Review "review",
    Share "share",
    Follow "follow",
    JoinMember "join_member",
    SignUp "sign_up",
    WatchLive "watch_live",
    Comment "comment",
    Bid "bid",
    ComparePrice "compare_price",
    CouponClaim "coupon_claim",
    CouponRedeem "coupon_redeem",
    MessageSent "message_sent",
    MessageDelivered "message_delivered",
    MessageOpened "message_opened",
    MessageClicked "message_clicked",
    MessageBounced "message_bounced",
    MessageComplained "message_complained",
    MessageUnsubscribed "message_unsubscribed",
}

/// Whose plan an event belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Campaign {
    /// Nobody's.
    None,
    /// The place's campaign of the month.
    Monthly,
    /// A push, by number.
    Push(u8),
}

/// An event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// When it happened, as its sender says.
    pub time: Micros,
    /// Place in the order in which the life made its events; breaks ties of time.
    pub seq: u32,
    /// The day on which the merchant received it; negative for history.
    pub arrival: i32,
    /// Its sender's id; duplicates share it.
    pub message: u64,
    /// Number of the order, or 0.
    pub order: u64,
    /// Money in 1/10000 CNY, or [`NO_AMOUNT`].
    pub amount: i64,
    /// The identifiers on the row.
    pub who: Who,
    /// Number of the item, or [`NO_ITEM`].
    pub item: u16,
    /// How many, or 0.
    pub quantity: i16,
    /// What happened.
    pub behavior: Behavior,
    /// Where.
    pub place: Place,
    /// Number of the shop, or [`NONE`].
    pub shop: u8,
    /// Number of the brand, or [`NONE`]; left out where the shop tells it.
    pub brand: u8,
    /// Number of the leaf category, or [`NONE`].
    pub leaf: u8,
    /// Whose plan it belongs to.
    pub campaign: Campaign,
    /// Stars of a review, or 0.
    pub rating: u8,
}

impl Event {
    /// An event about nothing in particular.
    pub fn new(time: Micros, behavior: Behavior, place: Place, who: Who) -> Event {
        Event {
            time,
            seq: 0,
            arrival: 0,
            message: 0,
            order: 0,
            amount: NO_AMOUNT,
            who,
            item: NO_ITEM,
            quantity: 0,
            behavior,
            place,
            shop: NONE,
            brand: NONE,
            leaf: NONE,
            campaign: Campaign::None,
            rating: 0,
        }
    }

    /// At a venue. The brand is written only where the shop does not imply it.
    #[must_use]
    pub fn at(mut self, venue: Venue) -> Event {
        let implied = venue.shop.is_some_and(|shop| shop != crate::merchant::GROUP_SHOP);
        self.shop = venue.shop.unwrap_or(NONE);
        self.brand = if implied { NONE } else { venue.brand };
        self
    }

    /// In a leaf category.
    #[must_use]
    pub fn leaf(mut self, leaf: usize) -> Event {
        self.leaf = leaf as u8;
        self
    }

    /// About an item, and so in its category.
    #[must_use]
    pub fn item(mut self, item: u16) -> Event {
        self.item = item;
        self.leaf(crate::merchant::leaf_of(item))
    }

    /// In a campaign.
    #[must_use]
    pub fn campaign(mut self, campaign: Campaign) -> Event {
        self.campaign = campaign;
        self
    }

    /// Belonging to an order.
    #[must_use]
    pub fn order(mut self, order: u64) -> Event {
        self.order = order;
        self
    }

    /// Of so much money.
    #[must_use]
    pub fn amount(mut self, amount: i64) -> Event {
        self.amount = amount;
        self
    }

    /// Of so many.
    #[must_use]
    pub fn quantity(mut self, quantity: i16) -> Event {
        self.quantity = quantity;
        self
    }
}

#[cfg(test)]
mod tests {
    use weir_core::event::CORE_BEHAVIORS;

    use super::*;

    #[test]
    fn behaviors_are_weirs() {
        let names: Vec<&str> = Behavior::ALL.iter().map(|behavior| behavior.name()).collect();
        assert_eq!(names, CORE_BEHAVIORS);
    }

    #[test]
    fn an_event_stays_small() {
        assert!(size_of::<Event>() <= 64);
    }
}
