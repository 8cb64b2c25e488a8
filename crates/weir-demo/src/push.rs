//! Five pushes with a holdout, and what they truly do.
//!
//! Both outcomes of everybody are drawn with the same numbers, so truth is known for each person. A treated consumer
//! buys once more with probability τ, after Exp(4 days), and each other order of the 14 days is prevented with probability c.
//! Effects are not fed back: neither the chain nor another push's eligibility sees them.

use crate::channel::Place;
use crate::draw::stream;
use crate::identity::{self, Id, Who};
use crate::life::chain;
use crate::life::event::{Behavior, Campaign, Event};
use crate::life::message::{self, Medium};
use crate::life::order::{Cause, Order};
use crate::life::{Life, Scene};
use crate::traits::Traits;

/// Days in which a push is judged.
pub const OUTCOME_DAYS: f64 = 14.0;
/// Mean days until the purchase that a push causes.
const EFFECT_DAYS: f64 = 4.0;
/// Pushes go out at ten in the morning: so much of the day has passed.
const OF_DAY: f64 = 17.0 / 99.0;

/// One push.
#[derive(Debug, Clone, Copy)]
pub struct Push {
    /// Its name, which is also the salt of its holdout.
    pub name: &'static str,
    /// Its day, counted back from the last.
    pub before_end: i32,
    /// Share of the eligible who are held out.
    pub holdout: f64,
    /// Share of those who qualify that it is meant for.
    share: f64,
    /// How it is delivered; none: as an impression of an audience.
    medium: Option<Medium>,
    qualifies: fn(&Life, f64) -> bool,
    causes: fn(&Traits) -> f64,
    prevents: fn(&Traits) -> f64,
}

/// All pushes, in order of time.
pub const PUSHES: [Push; 5] = [
    Push {
        name: "newsletter",
        before_end: 149,
        holdout: 0.2,
        share: 0.30,
        medium: Some(Medium::Email),
        qualifies: |_, _| true,
        causes: |_| 0.0,
        prevents: |_| 0.0,
    },
    Push {
        name: "winback_sms",
        before_end: 119,
        holdout: 0.2,
        share: 0.70,
        medium: Some(Medium::Sms),
        qualifies: |life, time| {
            days_since_order(life, time).is_some_and(|days| (30.0..=365.0).contains(&days))
        },
        causes: |traits| 0.03 * (0.4 + 1.2 * traits.price_sensitivity),
        prevents: |_| 0.0,
    },
    Push {
        name: "loyal_app_push",
        before_end: 79,
        holdout: 0.5,
        share: 0.80,
        medium: Some(Medium::AppPush),
        qualifies: |life, time| orders_between(life, time - 365.0, time) >= 2,
        causes: |traits| if traits.price_sensitivity > 0.6 { 0.045 } else { 0.0 },
        prevents: |traits| if traits.price_sensitivity <= 0.6 { 0.45 } else { 0.0 },
    },
    Push {
        name: "promo_audience",
        before_end: 48,
        holdout: 0.15,
        share: 1.0,
        medium: None,
        qualifies: |life, time| orders_between(life, time - 365.0, time) == 0 && awake_within(life, time, 15),
        causes: |traits| 0.012 * traits.receptivity * (0.4 + 1.2 * traits.price_sensitivity),
        prevents: |_| 0.0,
    },
    Push {
        name: "coupon_all_buyers",
        before_end: 29,
        holdout: 0.2,
        share: 1.0,
        medium: Some(Medium::AppPush),
        qualifies: |life, time| orders_between(life, time - 365.0, time) > 0,
        causes: |traits| if traits.price_sensitivity > 0.4 { 0.035 * traits.price_sensitivity } else { 0.0 },
        prevents: |traits| if traits.price_sensitivity < 0.3 { 0.30 } else { 0.0 },
    },
];

/// How a push concerned one consumer. Only the eligible have one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Number of the push.
    pub push: u8,
    /// Whether it reached them; the others were held out.
    pub treated: bool,
    /// The canonical identifier they had then.
    pub id: Id,
    /// Whether they order in the 14 days without it.
    pub y0: bool,
    /// Whether they do with it.
    pub y1: bool,
    /// Chance of that without it, given all that is settled by then.
    pub p0: f64,
    /// Chance of that with it.
    pub p1: f64,
}

/// The time of a push, in days; negative if it precedes the window.
pub fn time(scene: &Scene, push: usize) -> f64 {
    f64::from(scene.calendar.before_end(PUSHES[push].before_end)) + OF_DAY
}

/// Runs all pushes that lie in the window: decides who is concerned, and adds and prevents orders.
pub(crate) fn run(scene: &Scene, life: &mut Life) {
    if !scene.params.pushes || scene.params.calm {
        return;
    }
    for number in 0..PUSHES.len() {
        let time = time(scene, number);
        if time >= f64::from(life.start) && is_eligible(scene, life, number, time) {
            concern(scene, life, number, time);
        }
    }
    life.sort_orders();
}

fn is_eligible(scene: &Scene, life: &Life, number: usize, time: f64) -> bool {
    let push = &PUSHES[number];
    scene.draw(stream::part(stream::PUSHES, number as u32)).chance(push.share) && (push.qualifies)(life, time)
}

fn concern(scene: &Scene, life: &mut Life, number: usize, time: f64) {
    let push = &PUSHES[number];
    let (id, value) = canonical(scene, life, time);
    let treated = !weir_core::sample::picks(push.name, identity::kind(id), &value, 100.0 * push.holdout);
    let draw = &mut scene.draw(stream::part(stream::PUSHES, 8 + number as u32));
    let (causes, prevents) = ((push.causes)(&life.traits), (push.prevents)(&life.traits));
    let extra = draw.chance(causes);
    let delay = EFFECT_DAYS * draw.exp();
    let (mut y0, mut y1) = (false, extra && delay <= OUTCOME_DAYS);
    for order in life.orders.iter_mut().filter(|order| is_own(order)) {
        if order.time > time && order.time <= time + OUTCOME_DAYS {
            let prevented = draw.chance(prevents);
            (y0, y1) = (true, y1 || !prevented);
            if treated && prevented {
                order.cancelled_by = Some(number as u8);
            }
        }
    }
    if treated && extra && time + delay < f64::from(scene.calendar.days()) {
        life.orders.push(Order::new(time + delay, Cause::Push(number as u8), 0));
    }
    let (p0, p1) = chances(intensity(scene, life, time), causes, prevents);
    life.pushes.push(Outcome { push: number as u8, treated, id, y0, y1, p0, p1 });
}

/// p0 = 1 − e^−Λ and p1 = 1 − e^−Λ(1 − c) · (1 − τ(1 − e^−14/4)).
fn chances(intensity: f64, causes: f64, prevents: f64) -> (f64, f64) {
    let in_time = 1.0 - libm::exp(-OUTCOME_DAYS / EFFECT_DAYS);
    let p0 = 1.0 - libm::exp(-intensity);
    let p1 = 1.0 - libm::exp(-intensity * (1.0 - prevents)) * (1.0 - causes * in_time);
    (p0, p1)
}

/// Λ: orders to be expected in the 14 days, given the chain's state, the spells, and the exposures.
fn intensity(scene: &Scene, life: &Life, time: f64) -> f64 {
    let until = time + OUTCOME_DAYS;
    let caused: f64 = life.exposures.iter().map(|exposure| exposure.intensity(time, until)).sum();
    let bought = life.chain.purchases.first().is_some_and(|first| *first <= time);
    let own = match bought {
        true if life.chain.is_alive(time) => {
            life.traits.lambda / 7.0 * (scene.calendar.operational(until) - scene.calendar.operational(time))
        }
        true => 0.0,
        false => chain::hazard(&life.traits) * awake_sales(scene, life, time, until),
    };
    own + caused
}

/// Operational days in which the spells are awake.
fn awake_sales(scene: &Scene, life: &Life, from: f64, until: f64) -> f64 {
    let mut sum = 0.0;
    for day in from as i32..=until as i32 {
        if life.spells.get(day as usize).copied().unwrap_or(false) {
            let share = (f64::from(day + 1).min(until) - f64::from(day).max(from)).max(0.0);
            sum += share * scene.calendar.sales(day);
        }
    }
    sum
}

/// The canonical identifier at a time: as Weir's default priority has it.
fn canonical(scene: &Scene, life: &Life, time: f64) -> (Id, String) {
    let value = |id: Id| (id, identity::value(scene.params.seed, scene.k, id));
    if life.becomes_known() > time { value(Id::Anonymous) } else { value(Id::User) }
}

/// Whether an order would be there without any push.
fn is_own(order: &Order) -> bool {
    !matches!(order.cause, Cause::Push(_))
}

fn days_since_order(life: &Life, time: f64) -> Option<f64> {
    let earlier = life.orders.iter().filter(|order| is_own(order) && order.time <= time);
    earlier.map(|order| time - order.time).min_by(f64::total_cmp)
}

fn orders_between(life: &Life, from: f64, to: f64) -> usize {
    life.orders.iter().filter(|order| is_own(order) && order.time > from && order.time <= to).count()
}

fn awake_within(life: &Life, time: f64, days: usize) -> bool {
    let day = time as usize;
    life.awake[day.saturating_sub(days)..day].contains(&true)
}

/// The traces of the pushes in the data: a message, or an impression.
pub(crate) fn tell(scene: &Scene, life: &mut Life) {
    for at in 0..life.pushes.len() {
        let outcome = life.pushes[at];
        if !outcome.treated {
            continue;
        }
        let time = time(scene, usize::from(outcome.push));
        let moment = scene.calendar.instant(time);
        match PUSHES[usize::from(outcome.push)].medium {
            Some(medium) => message::send_push(scene, life, medium, moment, outcome.push),
            None => {
                let who = Who::only(outcome.id);
                let event = Event::new(moment, Behavior::Impression, AUDIENCE, who);
                life.events.push(event.campaign(Campaign::Push(outcome.push)));
            }
        }
    }
}

/// `audience.merchant`.
const AUDIENCE: Place = Place(17);
