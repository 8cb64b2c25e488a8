//! What a world looks like from above, counted with plain loops over lives.
//!
//! Consumers are counted by their true number, before identity has a chance to split or join them. A [`Tally`] is a list
//! of sums, so tallies add and subtract: that gives every figure a standard error by leaving out one group of consumers after
//! the other (the jackknife).

pub mod clv;
pub mod lift;
pub mod simplex;
pub mod states;
pub mod table;

use crate::channel::CHANNELS;
use crate::life::Life;
use crate::life::event::{Behavior, Event};
use crate::life::order::Cause;
use crate::world::World;
use states::{AIPL_DATES, FLOW_DATES, PNO_DATES};

/// Consumers of a group that is left out at a time.
const GROUP: u64 = 512;
/// Bins of events per consumer; the last takes all above.
const BINS: usize = 2_048;

/// Where each group of sums begins.
mod at {
    use super::{AIPL_DATES, BINS, CHANNELS, PNO_DATES};

    pub const CONSUMERS: usize = 0;
    pub const TRIPS: usize = 1;
    pub const CARTS_LEFT: usize = 2;
    pub const CARTS_BOUGHT: usize = 3;
    pub const ORDERS: usize = 4;
    pub const FIRST_ORDERS: usize = 5;
    pub const BUYERS: usize = 6;
    pub const REPEATERS: usize = 7;
    pub const BUYERS_ORDERS: usize = 8;
    pub const CLICKED: usize = 9;
    pub const FIRST_BASELINE: usize = 10;
    pub const UNIVERSE: usize = 11;
    pub const KNOWN: usize = UNIVERSE + 3;
    pub const NEVER_MERGED: usize = KNOWN + 1;
    pub const SHOPS: usize = NEVER_MERGED + 1;
    pub const BEHAVIORS: usize = SHOPS + 6;
    pub const CAUSED: usize = BEHAVIORS + 27;
    pub const LAST_CLICK: usize = CAUSED + CHANNELS.len();
    pub const HISTOGRAM: usize = LAST_CLICK + CHANNELS.len();
    pub const PNO: usize = HISTOGRAM + BINS;
    pub const AIPL: usize = PNO + 4 * PNO_DATES.len();
    pub const FLOW: usize = AIPL + 5 * AIPL_DATES.len();
    pub const ORDERS_BY_DAY: usize = FLOW + 16;
    pub const CARTS_BY_DAY: usize = ORDERS_BY_DAY + 180;
    pub const LENGTH: usize = CARTS_BY_DAY + 180;
}

/// Days of the window that the table is about.
pub const DAYS: u32 = 180;

/// Sums over some consumers of a window of 180 days.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally(Vec<f64>);

/// A figure and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Its standard error over consumers.
    pub error: f64,
}

/// Tallies of all groups of a world, and their sum.
#[derive(Debug, Clone)]
pub struct Aggregate {
    groups: Vec<Tally>,
    total: Tally,
}

impl Aggregate {
    /// Counts a world, which has to have [`DAYS`] days.
    pub fn of(world: &World) -> Aggregate {
        assert_eq!(world.params().days, DAYS, "the table is about {DAYS} days");
        let add = |groups: &mut Vec<Tally>, life: &Life| {
            if life.k.is_multiple_of(GROUP) || groups.is_empty() {
                groups.push(Tally::default());
            }
            if let Some(group) = groups.last_mut() {
                group.add_life(world, life);
            }
        };
        let groups: Vec<Tally> = world.walk(Vec::new, add).into_iter().flatten().collect();
        let mut total = Tally::default();
        groups.iter().for_each(|group| total.add(group, 1.0));
        Aggregate { groups, total }
    }

    /// All consumers.
    pub fn total(&self) -> &Tally {
        &self.total
    }

    /// A figure with its jackknife standard error.
    pub fn estimate(&self, figure: impl Fn(&Tally) -> f64) -> Estimate {
        let without = |group: &Tally| {
            let mut rest = self.total.clone();
            rest.add(group, -1.0);
            figure(&rest)
        };
        let rests: Vec<f64> = self.groups.iter().map(without).collect();
        let n = rests.len() as f64;
        let mean = rests.iter().sum::<f64>() / n;
        let squares: f64 = rests.iter().map(|rest| (rest - mean) * (rest - mean)).sum();
        Estimate { value: figure(&self.total), error: libm::sqrt(squares * (n - 1.0) / n) }
    }
}

impl Default for Tally {
    fn default() -> Tally {
        Tally(vec![0.0; at::LENGTH])
    }
}

impl Tally {
    fn add(&mut self, other: &Tally, factor: f64) {
        for (sum, value) in self.0.iter_mut().zip(&other.0) {
            *sum += factor * value;
        }
    }

    fn count(&mut self, at: usize) {
        self.0[at] += 1.0;
    }

    fn add_life(&mut self, world: &World, life: &Life) {
        self.count(at::CONSUMERS);
        self.0[at::TRIPS] += f64::from(life.visits_made);
        self.0[at::CARTS_LEFT] += f64::from(life.carts[0]);
        self.0[at::CARTS_BOUGHT] += f64::from(life.carts[1]);
        self.add_events(world, life);
        self.add_orders(world, life);
        self.add_buyer(life);
        self.add_identity(life);
        self.add_states(world, life);
    }

    fn add_events(&mut self, world: &World, life: &Life) {
        let start = world.calendar().midnight(0);
        let mut events = 0;
        for event in life.events.iter().filter(|event| event.time >= start) {
            events += 1;
            self.count(at::BEHAVIORS + event.behavior as usize);
            if event.behavior == Behavior::Order && life.orders.iter().any(|order| order.id == event.order) {
                self.count(at::SHOPS + usize::from(event.shop));
            }
            if event.behavior == Behavior::AddToCart {
                self.count(at::CARTS_BY_DAY + world.calendar().day_of(event.time) as usize);
            }
        }
        self.count(at::HISTOGRAM + events.min(BINS - 1));
    }

    fn add_orders(&mut self, world: &World, life: &Life) {
        let first = life.chain.purchases.first().is_some_and(|first| *first >= 0.0);
        self.0[at::FIRST_BASELINE] += if first { 1.0 } else { 0.0 };
        let paid = life.orders.iter().filter_map(|order| Some((order, order.paid?)));
        for (nth, (order, moment)) in paid.enumerate() {
            if order.time < 0.0 {
                continue;
            }
            self.count(at::ORDERS);
            self.0[at::FIRST_ORDERS] += if nth == 0 { 1.0 } else { 0.0 };
            self.count(at::ORDERS_BY_DAY + world.calendar().day_of(moment) as usize);
            if let Cause::Channel(channel) = order.cause {
                self.count(at::CAUSED + usize::from(channel));
            }
            if let Some(click) = last_click(life, moment) {
                self.count(at::CLICKED);
                if usize::from(click) < CHANNELS.len() {
                    self.count(at::LAST_CLICK + usize::from(click));
                }
            }
        }
    }

    fn add_buyer(&mut self, life: &Life) {
        let year = f64::from(DAYS) - 365.0;
        let orders = life.orders.iter().filter(|order| order.paid.is_some() && order.time >= year).count();
        if orders > 0 {
            self.count(at::BUYERS);
            self.0[at::REPEATERS] += if orders > 1 { 1.0 } else { 0.0 };
            self.0[at::BUYERS_ORDERS] += orders as f64;
        }
    }

    fn add_identity(&mut self, life: &Life) {
        if life.known < f64::from(DAYS) {
            self.count(at::KNOWN);
            self.0[at::NEVER_MERGED] += if life.merges.is_finite() { 0.0 } else { 1.0 };
        }
    }

    fn add_states(&mut self, world: &World, life: &Life) {
        let history = states::History::of(world.calendar(), life);
        for (nth, date) in [29, 89, 179].into_iter().enumerate() {
            self.0[at::UNIVERSE + nth] += if life.start <= date { 1.0 } else { 0.0 };
        }
        for (nth, date) in PNO_DATES.into_iter().enumerate().filter(|(_, date)| life.start <= *date) {
            self.count(at::PNO + 4 * nth + history.pno(date));
        }
        for (nth, date) in AIPL_DATES.into_iter().enumerate().filter(|(_, date)| life.start <= *date) {
            self.count(at::AIPL + 5 * nth + history.aipl(date));
        }
        let [from, to] = FLOW_DATES;
        if life.start <= from {
            self.count(at::FLOW + 4 * history.pno(from) + history.pno(to));
        }
    }

    fn ratio(&self, above: usize, below: usize) -> f64 {
        self.0[above] / self.0[below]
    }

    /// Something per consumer.
    fn each(&self, at: usize) -> f64 {
        self.ratio(at, at::CONSUMERS)
    }

    fn events(&self) -> f64 {
        self.0[at::BEHAVIORS..at::CAUSED].iter().sum()
    }

    fn behavior(&self, behavior: Behavior) -> f64 {
        self.0[at::BEHAVIORS + behavior as usize]
    }

    /// Events of the consumer below whom a share of consumers lies, with linear interpolation within bins.
    fn percentile(&self, share: f64) -> f64 {
        let mut left = share * self.0[at::CONSUMERS];
        for (bin, count) in self.0[at::HISTOGRAM..at::PNO].iter().enumerate() {
            if left < *count {
                return bin as f64 + left / count;
            }
            left -= count;
        }
        BINS as f64
    }

    /// Share of all events that the most active tenth of consumers has.
    fn top_tenth(&self) -> f64 {
        let mut left = 0.1 * self.0[at::CONSUMERS];
        let mut events = 0.0;
        for (bin, count) in self.0[at::HISTOGRAM..at::PNO].iter().enumerate().rev() {
            let taken = count.min(left);
            events += taken * bin as f64;
            left -= taken;
        }
        events / self.events()
    }

    /// Mean of some days ÷ the median day.
    fn days_to_median(&self, first: usize, days: std::ops::RangeInclusive<usize>) -> f64 {
        let mut all = self.0[first..first + DAYS as usize].to_vec();
        let of_days = &all[days];
        let mean = of_days.iter().sum::<f64>() / of_days.len() as f64;
        all.sort_unstable_by(f64::total_cmp);
        mean / all[all.len() / 2]
    }

    fn share_of_state(&self, first: usize, states: usize, date: usize, state: usize) -> f64 {
        let of_date = &self.0[first + states * date..first + states * (date + 1)];
        of_date[state] / of_date.iter().sum::<f64>()
    }
}

/// The place of the last click in the 7 days before a moment.
fn last_click(life: &Life, moment: i64) -> Option<u8> {
    let week = moment - 7 * weir_core::time::DAY_MICROS;
    let is_click =
        |event: &&Event| event.behavior == Behavior::Click && (week..=moment).contains(&event.time);
    life.events.iter().filter(is_click).max_by_key(|event| event.time).map(|event| event.place.0)
}
