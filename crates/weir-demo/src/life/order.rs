//! An order: why it came about, what is in it, what it costs.

use weir_core::amount::UNITS;
use weir_core::time::Micros;

use super::Scene;
use crate::draw::{Draw, name, stream};
use crate::merchant::{self, COMPLEMENT, LEAVES};
use crate::traits::{SPEND_SHAPE, Traits};

/// Mean lines beyond the first.
const MORE_LINES: f64 = 0.45;
/// Most lines of an order.
pub const MOST_LINES: usize = 8;

/// Why an order came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The consumer's own chain.
    Baseline,
    /// An exposure to a channel, by number.
    Channel(u8),
    /// A push, by number.
    Push(u8),
    /// Nothing: it was placed and never paid.
    Unpaid,
}

impl Cause {
    /// A number below 256 of its own.
    pub fn code(self) -> u32 {
        match self {
            Cause::Baseline => 0,
            Cause::Channel(channel) => 32 + u32::from(channel),
            Cause::Push(push) => 128 + u32::from(push),
            Cause::Unpaid => 255,
        }
    }
}

/// One line: an item, how many, and what was paid for them in 1/10000 CNY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Line {
    /// Number of the item.
    pub item: u16,
    /// How many.
    pub quantity: i16,
    /// Paid.
    pub amount: i64,
}

/// A paid order, or one that a push prevented.
#[derive(Debug, Clone)]
pub struct Order {
    /// When it is placed, in days.
    pub time: f64,
    /// Why it came about.
    pub cause: Cause,
    /// Number among the orders, or exposures, of its cause.
    pub index: u32,
    /// Its number; unique among all orders.
    pub id: u64,
    /// The push that prevented it.
    pub cancelled_by: Option<u8>,
    /// The moment it was paid; `None` before its trip, when prevented, and when that lies beyond the data.
    pub paid: Option<Micros>,
    /// Sum of lines.
    pub total: i64,
    lines: [Line; MOST_LINES],
    count: u8,
}

impl Order {
    /// An order whose content is not drawn yet.
    pub fn new(time: f64, cause: Cause, index: u32) -> Order {
        let lines = [Line::default(); MOST_LINES];
        Order { time, cause, index, id: 0, cancelled_by: None, paid: None, total: 0, lines, count: 0 }
    }

    /// Whether it came about in the world as it is.
    pub fn stands(&self) -> bool {
        self.cancelled_by.is_none()
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines[..usize::from(self.count)]
    }

    /// A number below 2²² of its own within the life: the part of a stream that belongs to it.
    pub fn tag(&self) -> u32 {
        self.cause.code() << 14 | self.index & 0x3FFF
    }

    /// Draws lines and total. The total is Gamma(6.25, rate ν), so spending is exactly Gamma-Gamma.
    pub(super) fn fill(&mut self, scene: &Scene, traits: &Traits, draw: &mut Draw) {
        self.total = merchant::yuan(draw.gamma(SPEND_SHAPE) / traits.spend_rate).max(UNITS);
        self.count = (1 + draw.poisson(MORE_LINES)).min(MOST_LINES as u32) as u8;
        let mut shares = [0.0; MOST_LINES];
        for share in &mut shares[..usize::from(self.count)] {
            *share = 0.5 + draw.unit();
        }
        self.split(&shares);
        for line in 0..usize::from(self.count) {
            self.choose(line, scene, traits, draw);
        }
    }

    /// Splits the total over the lines, to the cent; the first takes what rounding leaves.
    fn split(&mut self, shares: &[f64; MOST_LINES]) {
        const CENT: i64 = UNITS / 100;
        let total: f64 = shares.iter().sum();
        let cents = (self.total / CENT) as f64;
        let mut rest = self.total;
        let others = self.lines.iter_mut().zip(shares).take(usize::from(self.count)).skip(1);
        for (line, share) in others {
            line.amount = ((cents * share / total) as i64).max(1) * CENT;
            rest -= line.amount;
        }
        self.lines[0].amount = rest;
    }

    /// The second line is often the planted complement of the first.
    fn choose(&mut self, line: usize, scene: &Scene, traits: &Traits, draw: &mut Draw) {
        let amount = self.lines[line].amount;
        let partner = if line == 1 { merchant::complement(self.lines[0].item) } else { None };
        let (item, quantity) = match partner.filter(|_| draw.chance(COMPLEMENT)) {
            Some(partner) => (partner, merchant::quantity(scene.merchant.price(partner), amount)),
            None => scene.merchant.fitting(leaf(traits, draw), amount, draw),
        };
        self.lines[line] = Line { item, quantity, amount };
    }
}

/// The number of the order with a tag, 18 or 19 digits.
pub(super) fn order_number(scene: &Scene, tag: u32) -> u64 {
    let [bits, _] = name(scene.params.seed, scene.k, stream::part(stream::NAMES, 2), tag);
    bits >> 1 | 1 << 62
}

/// A leaf category by taste.
pub(super) fn leaf(traits: &Traits, draw: &mut Draw) -> usize {
    let leaf = draw.weighted(&traits.tastes);
    debug_assert!(leaf < LEAVES.len());
    leaf
}

/// What an order that is never paid would have cost.
pub(super) fn unpaid_total(traits: &Traits, draw: &mut Draw) -> i64 {
    merchant::yuan(draw.gamma(SPEND_SHAPE) / traits.spend_rate).max(UNITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_sum_to_the_total_and_none_is_free() {
        for count in 1..=MOST_LINES as u8 {
            for total in [UNITS, 1_234_500, 1_800_000] {
                let mut order = Order::new(0.0, Cause::Baseline, 0);
                (order.total, order.count) = (total, count);
                order.split(&[0.5, 1.0, 1.5, 0.7, 0.9, 1.1, 1.3, 0.6]);
                let amounts: Vec<i64> = order.lines().iter().map(|line| line.amount).collect();
                assert_eq!(amounts.iter().sum::<i64>(), total);
                assert!(amounts.iter().all(|amount| *amount > 0 && amount % 100 == 0), "{amounts:?}");
            }
        }
    }

    #[test]
    fn causes_have_numbers_of_their_own() {
        let mut causes = vec![Cause::Baseline, Cause::Unpaid];
        causes.extend((0..25).map(Cause::Channel));
        causes.extend((0..5).map(Cause::Push));
        let codes: std::collections::BTreeSet<u32> = causes.iter().map(|cause| cause.code()).collect();
        assert_eq!(codes.len(), causes.len());
    }
}
