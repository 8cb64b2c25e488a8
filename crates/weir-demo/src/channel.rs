//! The channels: how often each is met, how often it is clicked, and what it causes.
//!
//! An exposure causes a purchase with p = ρ · sat · (`impression` · 10⁻⁴ + clicked · `click`), at a delay Exp(half-life ÷
//! ln 2): an additive adstock. sat = 1 ÷ (1 + f ÷ 4), where f is how often the same channel was met in the last 7 days.

use crate::calendar::Rhythm;

/// Whom a channel seeks out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targeting {
    /// Nobody in particular.
    Everyone,
    /// More often those who visited in the last 7 days.
    Visitors,
    /// More often those who never visited.
    Strangers,
}

impl Targeting {
    /// How much more often, and the mean over all exposures without targeting, by which it is divided so that
    /// targeting moves exposures and does not add any. Measured on 200,000 lives by `examples/targeting.rs`.
    pub fn preference(self) -> (f64, f64) {
        match self {
            Targeting::Everyone => (1.0, 1.0),
            Targeting::Visitors => (2.5, VISITORS_MEAN),
            Targeting::Strangers => (1.3, STRANGERS_MEAN),
        }
    }
}

const VISITORS_MEAN: f64 = 1.7734;
const STRANGERS_MEAN: f64 = 1.0586;

/// What an exposure is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advertiser {
    /// A shop of a brand.
    Shop,
    /// A brand, wherever it is sold.
    Brand,
    /// lanhe-flagship, always.
    BrandDay,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// Its path in the shipped tree.
    pub path: &'static str,
    /// Exposures per awake day of an average consumer.
    pub rate: f64,
    /// Share of exposures that are clicked.
    pub ctr: f64,
    /// Purchases per 10,000 exposures, clicked or not.
    pub impression: f64,
    /// Purchases per click.
    pub click: f64,
    /// Days after which half of the caused purchases have happened.
    pub half_life: f64,
    /// Exposure of sleepers, relative to the awake.
    pub asleep: f64,
    /// How its pressure follows the calendar.
    pub rhythm: Rhythm,
    /// Whom it seeks out.
    pub targeting: Targeting,
    /// On whose behalf.
    pub advertiser: Advertiser,
}

impl Channel {
    /// The last word of the path.
    pub fn leaf(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    const fn seeking(mut self, targeting: Targeting) -> Channel {
        self.targeting = targeting;
        self
    }

    const fn at(mut self, rhythm: Rhythm) -> Channel {
        self.rhythm = rhythm;
        self
    }

    const fn by(mut self, advertiser: Advertiser) -> Channel {
        self.advertiser = advertiser;
        self
    }
}

const fn row(
    path: &'static str,
    rate: f64,
    ctr: f64,
    cause: [f64; 2],
    half_life: f64,
    asleep: f64,
) -> Channel {
    let [impression, click] = cause;
    let (rhythm, targeting, advertiser) = (Rhythm::Usual, Targeting::Everyone, Advertiser::Shop);
    Channel { path, rate, ctr, impression, click, half_life, asleep, rhythm, targeting, advertiser }
}

/// All channels that cause purchases.
pub const CHANNELS: [Channel; 25] = {
    use Advertiser::{Brand, BrandDay};
    use Targeting::{Strangers, Visitors};
    [
        row("ads.onsite.search_ads", 0.0150, 0.032, [6.0, 0.05], 2.0, 0.0).seeking(Visitors),
        row("ads.onsite.brand_zone", 0.0054, 0.09, [6.0, 0.06], 2.0, 0.0).seeking(Visitors),
        row("ads.onsite.star_shop", 0.0041, 0.06, [6.0, 0.04], 2.0, 0.0),
        row("ads.onsite.display_ads", 0.0510, 0.0055, [7.2, 0.03], 7.0, 0.10).seeking(Strangers),
        row("ads.onsite.feed_ads", 0.0476, 0.016, [6.0, 0.03], 5.0, 0.05),
        row("ads.onsite.brand_push", 0.0122, 0.012, [6.0, 0.03], 7.0, 0.1).by(Brand),
        row("ads.onsite.brand_spotlight", 0.0054, 0.008, [6.0, 0.03], 7.0, 0.0).by(Brand),
        row("ads.onsite.brand_exclusive", 0.0041, 0.008, [6.0, 0.03], 7.0, 0.0).by(Brand),
        row("ads.offsite.youku", 0.0122, 0.0035, [9.0, 0.02], 14.0, 0.15).by(Brand).seeking(Strangers),
        row("ads.cross.unidesk", 0.0068, 0.005, [7.2, 0.02], 14.0, 0.15).by(Brand),
        row("external.douyin", 0.0150, 0.012, [7.2, 0.02], 10.0, 0.2)
            .by(Brand)
            .at(Rhythm::Burst)
            .seeking(Strangers),
        row("external.youku_tudou", 0.0054, 0.0035, [7.2, 0.02], 14.0, 0.15).by(Brand),
        row("external.toutiao", 0.0068, 0.008, [4.8, 0.02], 7.0, 0.2).by(Brand),
        row("activity.juhuasuan", 0.0034, 0.04, [6.0, 0.06], 1.0, 0.0).at(Rhythm::Activity),
        row("activity.super_brand_day", 0.0027, 0.05, [6.0, 0.06], 1.0, 0.0)
            .at(Rhythm::BrandDay)
            .by(BrandDay),
        row("activity.super_category_day", 0.0020, 0.04, [6.0, 0.05], 1.0, 0.0).at(Rhythm::Activity),
        row("audience.operator", 0.0041, 0.015, [6.0, 0.03], 5.0, 0.2),
        row("audience.merchant", 0.0054, 0.018, [7.2, 0.04], 5.0, 0.2),
        row("audience.partner", 0.0034, 0.012, [6.0, 0.03], 5.0, 0.2).by(Brand),
        row("content.weitao", 0.0095, 0.03, [4.8, 0.03], 4.0, 0.0),
        row("content.youhaohuo", 0.0068, 0.04, [6.0, 0.04], 5.0, 0.0),
        row("content.must_buy", 0.0041, 0.035, [6.0, 0.04], 4.0, 0.0),
        row("web.search_engine", 0.0041, 0.032, [3.6, 0.05], 2.0, 0.0).by(Brand),
        row("web.social_feed", 0.0082, 0.009, [4.8, 0.02], 5.0, 0.1).by(Brand),
        row("web.placement", 0.0068, 0.0045, [4.8, 0.02], 5.0, 0.1).by(Brand),
    ]
};

/// Days over which exposures to one channel wear off.
pub const SATURATION_DAYS: f64 = 7.0;

/// How much an exposure still does after `earlier` ones of the same channel in the last 7 days.
pub fn saturation(earlier: usize) -> f64 {
    1.0 / (1.0 + earlier as f64 / 4.0)
}

/// Where an event happened. Numbers below 25 are [`CHANNELS`]; the rest are the merchant's own places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub u8);

impl Place {
    /// Trips to a shop.
    pub const VISIT: Place = Place(25);
    /// Orders and what follows them.
    pub const TRADE: Place = Place(26);
    /// E-mail.
    pub const EMAIL: Place = Place(27);
    /// SMS.
    pub const SMS: Place = Place(28);
    /// App push.
    pub const APP_PUSH: Place = Place(29);
    /// A leaflet in the parcel.
    pub const PACKAGE_INSERT: Place = Place(30);
    /// The service desk.
    pub const SERVICE_DESK: Place = Place(31);
    /// Every place.
    pub const ALL: std::ops::Range<u8> = 0..32;

    /// The place of a channel of the table.
    pub fn of(channel: usize) -> Place {
        Place(channel as u8)
    }

    /// Its path in the shipped tree.
    pub fn path(self) -> &'static str {
        const OWN: [&str; 7] = [
            "shop.visit",
            "shop.trade",
            "crm.email",
            "crm.sms",
            "crm.app_push",
            "crm.package_insert",
            "crm.service_desk",
        ];
        let at = usize::from(self.0);
        CHANNELS.get(at).map_or_else(|| OWN[at - CHANNELS.len()], |channel| channel.path)
    }
}

/// The number of a channel, by the last word of its path.
pub fn channel(leaf: &str) -> Option<usize> {
    CHANNELS.iter().position(|channel| channel.leaf() == leaf)
}

#[cfg(test)]
mod tests {
    use weir_core::channel::ChannelTree;

    use super::*;

    #[test]
    fn every_place_is_in_the_shipped_tree() {
        let tree = ChannelTree::default();
        for place in Place::ALL.map(Place) {
            assert!(tree.contains(place.path()), "{}", place.path());
        }
    }

    #[test]
    fn leaves_name_channels() {
        assert_eq!(channel("search_ads"), Some(0));
        assert_eq!(channel("placement"), Some(24));
        assert_eq!(channel("pigeon"), None);
    }
}
