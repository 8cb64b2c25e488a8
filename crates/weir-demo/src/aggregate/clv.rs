//! Fits of the lifetime-value models whose parameters the world was drawn from: they have to come back.
//!
//! BG/NBD: Fader, Hardie, Lee, "Counting your customers the easy way", Marketing Science 24 (2005), equation 6.
//! Gamma-Gamma: Fader, Hardie, "The Gamma-Gamma model of monetary value" (2013), equation 1a.

use libm::{exp, lgamma, log};

use super::simplex::minimum;
use crate::life::Life;
use crate::life::order::{Cause, Order};
use crate::world::World;

/// What the models know of one buyer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Buyer {
    /// Repeat purchases.
    pub repeats: f64,
    /// Weeks from the first purchase to the last.
    pub last: f64,
    /// Weeks from the first purchase to the end.
    pub age: f64,
    /// Mean of all order totals, in CNY.
    pub spend: f64,
}

/// How purchases are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The baseline alone, in operational weeks: exactly the model.
    Baseline,
    /// All orders, in calendar weeks: what a merchant sees.
    Calendar,
}

/// Everybody who has bought.
pub fn buyers(world: &World, view: View) -> Vec<Buyer> {
    let blocks = world.walk(Vec::new, |buyers, life| buyers.extend(buyer(world, life, view)));
    blocks.into_iter().flatten().collect()
}

fn buyer(world: &World, life: &Life, view: View) -> Option<Buyer> {
    let calendar = world.calendar();
    let end = f64::from(calendar.days());
    let counts = |order: &&Order| match view {
        View::Baseline => order.cause == Cause::Baseline,
        View::Calendar => order.stands(),
    };
    let weeks = |time: f64| match view {
        View::Baseline => calendar.operational(time) / 7.0,
        View::Calendar => time / 7.0,
    };
    let orders: Vec<&Order> = life.orders.iter().filter(counts).collect();
    let (first, last) = (orders.first()?.time, orders.last()?.time);
    let paid: Vec<f64> =
        orders.iter().filter(|order| order.paid.is_some()).map(|order| order.total as f64 / 1e4).collect();
    Some(Buyer {
        repeats: (orders.len() - 1) as f64,
        last: weeks(last) - weeks(first),
        age: weeks(end) - weeks(first),
        spend: paid.iter().sum::<f64>() / paid.len().max(1) as f64,
    })
}

/// r, α (weeks), a, b of BG/NBD by maximum likelihood.
pub fn bg_nbd(buyers: &[Buyer]) -> [f64; 4] {
    let cost =
        |logs: &[f64]| -buyers.iter().map(|buyer| likelihood(buyer, logs)).sum::<f64>() / buyers.len() as f64;
    let start = [log(1.0), log(10.0), log(1.0), log(1.0)];
    let found = minimum(&start, cost);
    [exp(found[0]), exp(found[1]), exp(found[2]), exp(found[3])]
}

fn likelihood(buyer: &Buyer, logs: &[f64]) -> f64 {
    let [r, alpha, a, b] = [exp(logs[0]), exp(logs[1]), exp(logs[2]), exp(logs[3])];
    let Buyer { repeats: x, last, age, .. } = *buyer;
    let chain = lgamma(r + x) - lgamma(r) + r * logs[1];
    let beta = lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x);
    let alive = -(r + x) * log(alpha + age);
    if x == 0.0 {
        return chain + beta + alive;
    }
    let gone = log(a) - log(b + x - 1.0) - (r + x) * log(alpha + last);
    let most = alive.max(gone);
    chain + beta + most + log(exp(alive - most) + exp(gone - most))
}

/// p, q, γ (CNY) of Gamma-Gamma by maximum likelihood.
pub fn gamma_gamma(buyers: &[Buyer]) -> [f64; 3] {
    let buyers: Vec<&Buyer> = buyers.iter().filter(|buyer| buyer.spend > 0.0).collect();
    let cost = |logs: &[f64]| {
        let [p, q, gamma] = [exp(logs[0]), exp(logs[1]), exp(logs[2])];
        let one = |buyer: &&Buyer| {
            let (n, mean) = (buyer.repeats + 1.0, buyer.spend);
            lgamma(p * n + q) - lgamma(p * n) - lgamma(q)
                + q * logs[2]
                + (p * n - 1.0) * log(mean)
                + p * n * log(n)
                - (p * n + q) * log(gamma + mean * n)
        };
        -buyers.iter().map(one).sum::<f64>() / buyers.len() as f64
    };
    let found = minimum(&[log(2.0), log(2.0), log(50.0)], cost);
    [exp(found[0]), exp(found[1]), exp(found[2])]
}
