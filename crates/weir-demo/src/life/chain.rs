//! The purchases a consumer makes with no channel at all: the baseline, shared by every counterfactual.
//!
//! After the first purchase it is exactly the BG/NBD process (Fader, Hardie, Lee, Marketing Science 24, 2005) in
//! operational time: gaps Exp(λ), and after each repeat the consumer is gone for good with probability p.

use super::Scene;
use crate::draw::{Draw, stream};
use crate::traits::Traits;

/// Share of those who precede the window that have bought before it.
const BOUGHT_BEFORE: f64 = 0.36;
/// Chance of a first purchase on an awake operational day, at most average activity.
const HAZARD: f64 = 0.00165;

/// The chain of one consumer.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    /// Times of all baseline purchases, in days.
    pub purchases: Vec<f64>,
    /// Whether they had bought before the window.
    pub bought_before: bool,
    /// The purchase after which they were gone, if they were.
    pub gone: Option<usize>,
}

impl Chain {
    /// Whether the consumer may buy again after `time`; nobody does before the first purchase.
    pub fn is_alive(&self, time: f64) -> bool {
        let gone = self.gone.is_some_and(|last| self.purchases[last] <= time);
        !gone && self.purchases.first().is_some_and(|first| *first <= time)
    }
}

/// Hazard of a first purchase on an operational day awake.
pub(crate) fn hazard(traits: &Traits) -> f64 {
    HAZARD * (0.25 + 0.75 * traits.activity)
}

/// Draws the chain. `awake` are the spells, before any purchase keeps awake.
pub(super) fn draw(
    scene: &Scene,
    traits: &Traits,
    stock: bool,
    start: i32,
    awake: &[bool],
    chain: &mut Chain,
) {
    chain.purchases.clear();
    chain.gone = None;
    let draw = &mut scene.draw(stream::HAZARD);
    chain.bought_before = stock && draw.chance(BOUGHT_BEFORE);
    let first = match chain.bought_before {
        true => Some(scene.calendar.when(draw.unit() * scene.calendar.operational(0.0))),
        false => first_in_window(scene, hazard(traits), start, awake, draw),
    };
    if let Some(first) = first {
        repeat(scene, traits, first, chain);
    }
}

/// The time at which the hazard, summed over awake days, has struck.
fn first_in_window(scene: &Scene, hazard: f64, start: i32, awake: &[bool], draw: &mut Draw) -> Option<f64> {
    let mut left = draw.exp() / hazard;
    for day in start..scene.calendar.days() {
        if !awake[day as usize] {
            continue;
        }
        let sales = scene.calendar.sales(day);
        if left < sales {
            return Some(f64::from(day) + left / sales);
        }
        left -= sales;
    }
    None
}

fn repeat(scene: &Scene, traits: &Traits, first: f64, chain: &mut Chain) {
    let draw = &mut scene.draw(stream::CHAIN);
    chain.purchases.push(first);
    let days_between = 7.0 / traits.lambda;
    let mut operational = scene.calendar.operational(first);
    loop {
        operational += days_between * draw.exp();
        let time = scene.calendar.when(operational);
        if time >= f64::from(scene.calendar.days()) {
            return;
        }
        chain.purchases.push(time);
        if draw.chance(traits.dropout) {
            chain.gone = Some(chain.purchases.len() - 1);
            return;
        }
    }
}
