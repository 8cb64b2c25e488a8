//! What the merchant sells, and where: brands, shops, categories, items, and which items go together.
//!
//! Every name is invented. Items belong to no brand: each brand's shops carry the whole range.

use weir_core::amount::{Amount, UNITS};

use crate::draw::{Draw, stream};

/// A brand: id, names, and the share of consumers who prefer it.
pub const BRANDS: [(&str, &str, &str, f64); 3] =
    [("lanhe", "Lanhe", "岚禾", 0.45), ("wanshu", "Wanshu", "晚树", 0.30), ("qielu", "Qielu", "切鹿", 0.25)];

/// A shop: id, names, its brand (none: sells all), and its share of the brand's trips.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    /// Id in events.
    pub id: &'static str,
    /// Name in English.
    pub name: &'static str,
    /// Name in Chinese.
    pub name_zh: &'static str,
    /// Number of its brand.
    pub brand: Option<usize>,
    /// Share of the brand's trips, or of all trips for a shop without brand.
    pub share: f64,
}

const fn shop(
    id: &'static str,
    name: &'static str,
    zh: &'static str,
    brand: Option<usize>,
    share: f64,
) -> Shop {
    Shop { id, name, name_zh: zh, brand, share }
}

/// All shops.
pub const SHOPS: [Shop; 6] = [
    shop("lanhe-flagship", "Lanhe flagship store", "岚禾旗舰店", Some(0), 0.8),
    shop("lanhe-outlet", "Lanhe outlet", "岚禾奥莱店", Some(0), 0.2),
    shop("wanshu-flagship", "Wanshu flagship store", "晚树旗舰店", Some(1), 1.0),
    shop("qielu-flagship", "Qielu flagship store", "切鹿旗舰店", Some(2), 0.75),
    shop("qielu-outlet", "Qielu outlet", "切鹿奥莱店", Some(2), 0.25),
    shop("group-select", "Group select store", "集合店", None, 0.08),
];

/// The shop that sells all brands.
pub const GROUP_SHOP: u8 = 5;
/// The shop of the super brand day.
pub const FLAGSHIP: u8 = 0;

/// Share of trips that keep the preferred brand.
const KEEPS_BRAND: f64 = 0.75;

/// A root category: id, names, share of purchased lines that are returned.
pub const ROOTS: [(&str, &str, &str, f64); 3] = [
    ("skin_care", "Skin care", "护肤", 0.05),
    ("home", "Home", "家居", 0.09),
    ("outdoor", "Outdoor", "户外", 0.22),
];

/// Categories below a root.
pub const LEAVES_PER_ROOT: usize = 4;

/// A leaf category: id, names, median list price in CNY. Four of each root, in order.
pub const LEAVES: [(&str, &str, &str, f64); 12] = [
    ("cleanser", "Cleanser", "洁面", 79.0),
    ("serum", "Serum", "精华", 269.0),
    ("mask", "Mask", "面膜", 99.0),
    ("sun_care", "Sun care", "防晒", 119.0),
    ("tea", "Tea", "茶叶", 138.0),
    ("tableware", "Tableware", "餐具", 89.0),
    ("bedding", "Bedding", "床品", 329.0),
    ("fragrance", "Fragrance", "香氛", 159.0),
    ("jacket", "Jacket", "冲锋衣", 499.0),
    ("shoes", "Hiking shoes", "徒步鞋", 399.0),
    ("backpack", "Backpack", "背包", 259.0),
    ("camping", "Camping", "露营", 189.0),
];

/// Items of a leaf, the most popular first.
pub const ITEMS_PER_LEAF: usize = 50;

/// Popularity falls with rank to this power.
const ZIPF: f64 = 0.8;
/// Spread of list prices within a leaf, on the log scale.
const PRICE_SPREAD: f64 = 0.45;
/// Planted pairs start at these ranks of each leaf, and end at those of the next leaf of the root.
const PAIRS: [(usize, usize); 2] = [(0, 5), (2, 7)];
/// Chance that the second line of an order is the first one's complement.
pub const COMPLEMENT: f64 = 0.35;

/// Where something is sold or advertised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Venue {
    /// Number of the brand.
    pub brand: u8,
    /// Number of the shop; none when only the brand is named.
    pub shop: Option<u8>,
}

/// Prices and popularity of all items under one seed.
#[derive(Debug, Clone)]
pub struct Merchant {
    prices: Vec<i64>,
    popularity: [f64; ITEMS_PER_LEAF],
}

impl Merchant {
    /// The range of one seed.
    pub fn new(seed: u64) -> Merchant {
        let mut draw = Draw::new(seed, u64::MAX, stream::CATALOG);
        let mut prices = Vec::with_capacity(LEAVES.len() * ITEMS_PER_LEAF);
        for (_, _, _, median) in LEAVES {
            for _ in 0..ITEMS_PER_LEAF {
                let yuan = libm::round(median * libm::exp(PRICE_SPREAD * draw.normal()));
                prices.push(yuan.max(1.0) as i64 * UNITS);
            }
        }
        Merchant { prices, popularity: popularity() }
    }

    /// List price of an item, in 1/10000.
    pub fn price(&self, item: u16) -> i64 {
        self.prices[usize::from(item)]
    }

    /// An item of a leaf, by popularity.
    pub fn item(&self, leaf: usize, draw: &mut Draw) -> u16 {
        let share = draw.unit();
        let rank = self.popularity.partition_point(|before| *before <= share) - 1;
        (leaf * ITEMS_PER_LEAF + rank) as u16
    }

    /// An item of a leaf and how many of it, so that the list price is just above `amount`.
    ///
    /// Of a handful of popular items the one that fits best: discounts are then small, and popularity shows through.
    pub fn fitting(&self, leaf: usize, amount: i64, draw: &mut Draw) -> (u16, i16) {
        let mut best = (0, 0);
        let mut least = i64::MAX;
        for _ in 0..FITTINGS {
            let item = self.item(leaf, draw);
            let quantity = quantity(self.price(item), amount);
            let list = self.price(item) * i64::from(quantity);
            if list < least {
                least = list;
                best = (item, quantity);
            }
        }
        best
    }
}

const FITTINGS: usize = 6;

/// Least quantity whose list price reaches an amount.
pub fn quantity(price: i64, amount: i64) -> i16 {
    let needed = (amount + price - 1) / price;
    needed.clamp(1, 999) as i16
}

/// Running sums of Zipf weights, as the share before each rank.
fn popularity() -> [f64; ITEMS_PER_LEAF] {
    let weight = |rank: usize| libm::pow((rank + 1) as f64, -ZIPF);
    let total: f64 = (0..ITEMS_PER_LEAF).map(weight).sum();
    let mut before = [0.0; ITEMS_PER_LEAF];
    for rank in 1..ITEMS_PER_LEAF {
        before[rank] = before[rank - 1] + weight(rank - 1) / total;
    }
    before
}

/// The leaf category of an item.
pub fn leaf_of(item: u16) -> usize {
    usize::from(item) / ITEMS_PER_LEAF
}

/// The item planted as the complement of another.
pub fn complement(item: u16) -> Option<u16> {
    let (leaf, rank) = (leaf_of(item), usize::from(item) % ITEMS_PER_LEAF);
    let (_, partner) = PAIRS.iter().find(|(first, _)| *first == rank)?;
    let root = leaf / LEAVES_PER_ROOT;
    let next = root * LEAVES_PER_ROOT + (leaf + 1) % LEAVES_PER_ROOT;
    Some((next * ITEMS_PER_LEAF + partner) as u16)
}

/// The id of an item.
pub fn item_id(item: u16) -> String {
    format!("{}-{:02}", LEAVES[leaf_of(item)].0, usize::from(item) % ITEMS_PER_LEAF + 1)
}

/// The number of all items.
pub const ITEMS: u16 = (LEAVES.len() * ITEMS_PER_LEAF) as u16;

/// A brand by preference, kept or not.
pub fn brand(preferred: u8, draw: &mut Draw) -> u8 {
    if draw.chance(KEEPS_BRAND) {
        return preferred;
    }
    let mut shares = BRANDS.map(|(_, _, _, share)| share);
    shares[usize::from(preferred)] = 0.0;
    draw.weighted(&shares) as u8
}

/// A shop of a brand.
pub fn shop_of(brand: u8, draw: &mut Draw) -> u8 {
    let shares = SHOPS.map(|shop| if shop.brand == Some(usize::from(brand)) { shop.share } else { 0.0 });
    draw.weighted(&shares) as u8
}

/// Where a trip goes.
pub fn destination(preferred: u8, draw: &mut Draw) -> Venue {
    let brand = brand(preferred, draw);
    let to_group = draw.chance(SHOPS[usize::from(GROUP_SHOP)].share);
    let shop = if to_group { GROUP_SHOP } else { shop_of(brand, draw) };
    Venue { brand, shop: Some(shop) }
}

/// An amount of CNY as exact units.
pub fn yuan(value: f64) -> i64 {
    Amount::from_f64(libm::round(value * 100.0) / 100.0).map_or(0, |amount| amount.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_items_make_up_more_than_half_of_a_leaf() {
        let share = popularity()[10];
        assert!((share - 0.55).abs() < 0.01, "{share}");
    }

    #[test]
    fn there_are_24_pairs_within_the_top_ten_of_a_root() {
        let pairs: Vec<(u16, u16)> = (0..ITEMS).filter_map(|item| Some((item, complement(item)?))).collect();
        assert_eq!(pairs.len(), 24);
        for (item, partner) in pairs {
            assert_eq!(leaf_of(item) / LEAVES_PER_ROOT, leaf_of(partner) / LEAVES_PER_ROOT);
            assert!(leaf_of(item) != leaf_of(partner) && usize::from(partner) % ITEMS_PER_LEAF < 10);
        }
    }

    #[test]
    fn shares_sum_to_one() {
        let preferred: f64 = BRANDS.iter().map(|brand| brand.3).sum();
        assert!((preferred - 1.0).abs() < 1e-12);
        for brand in 0..BRANDS.len() {
            let of_brand: f64 = SHOPS.iter().filter(|s| s.brand == Some(brand)).map(|s| s.share).sum();
            assert!((of_brand - 1.0).abs() < 1e-12, "brand {brand}");
        }
    }

    #[test]
    fn list_prices_are_just_above_the_line() {
        let merchant = Merchant::new(1);
        let mut draw = Draw::new(1, 0, 0);
        for line in [yuan(3.5), yuan(180.0), yuan(2_000.0)] {
            for leaf in 0..LEAVES.len() {
                let (item, quantity) = merchant.fitting(leaf, line, &mut draw);
                let list = merchant.price(item) * i64::from(quantity);
                assert!(list >= line && leaf_of(item) == leaf, "{line} {list}");
            }
        }
    }
}
