//! The world as a whole: it is the same everywhere, has its figures, and its causes are what they say.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use weir_demo::aggregate::Aggregate;
use weir_demo::aggregate::clv;
use weir_demo::aggregate::lift::{self, Lift, Subject};
use weir_demo::aggregate::table::{self, Figure};
use weir_demo::channel::CHANNELS;
use weir_demo::life::event::Behavior;
use weir_demo::life::order::Cause;
use weir_demo::push::PUSHES;
use weir_demo::{Life, Params, World};

/// The world of the table: nothing but lives.
fn plain(consumers: u64) -> Params {
    Params { consumers, pushes: false, targeting: false, defects: false, ..Params::default() }
}

fn world(params: Params) -> World {
    World::new(params).unwrap()
}

/// FNV-1a over everything a life has; the same on every machine.
struct Hash(u64);

impl Hash {
    fn add(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn hash(life: &Life) -> u64 {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    for event in &life.events {
        let place = u64::from(event.place.0) << 8 | event.behavior as u64;
        let subject = u64::from(event.shop) << 40 | u64::from(event.leaf) << 32 | u64::from(event.item);
        for number in [event.time as u64, event.message, event.order, event.amount as u64, place, subject] {
            hash.add(number);
        }
        hash.add(u64::from(event.who.0) << 32 | event.arrival as u32 as u64);
    }
    for outcome in &life.pushes {
        hash.add(u64::from(outcome.push) << 2 | u64::from(outcome.treated) << 1 | u64::from(outcome.y1));
        hash.add(outcome.p1.to_bits());
    }
    hash.0
}

/// Hash of the first 1,000 lives of a world, on so many threads.
fn golden(consumers: u64, threads: usize) -> u64 {
    let world = world(Params { consumers, ..Params::default() });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let add = |hashes: &mut Vec<u64>, life: &Life| {
        if life.k < 1_000 {
            hashes.push(hash(life));
        }
    };
    let blocks = pool.install(|| world.walk(Vec::new, add));
    let mut all = Hash(0);
    blocks.iter().flatten().for_each(|hash| all.add(*hash));
    all.0
}

/// A change of this number is a change of every demo world: say so in docs/demo-world.md.
const GOLDEN: u64 = 0x4230_658c_317b_7b38;

#[test]
fn a_thousand_lives_are_what_they_were() {
    assert_eq!(golden(1_000, 1), GOLDEN, "{:#x}", golden(1_000, 1));
}

#[test]
fn lives_depend_neither_on_their_number_nor_on_threads() {
    assert_eq!(golden(100_000, 1), GOLDEN);
    assert_eq!(golden(100_000, 4), GOLDEN);
}

#[test]
fn another_seed_is_another_world_and_another_end_another_life() {
    let of = |params| hash(&world(params).life(5));
    let usual = of(Params::default());
    assert_ne!(of(Params { seed: 2, ..Params::default() }), usual);
    assert_ne!(of(Params { end: "2025-12-18".parse().unwrap(), ..Params::default() }), usual);
    assert_eq!(of(Params { consumers: 6, ..Params::default() }), usual);
}

/// Every figure lies within its tolerance, and four standard errors of this smaller world.
#[track_caller]
fn check(aggregate: &Aggregate, figures: &[Figure]) {
    let mut off = Vec::new();
    for figure in figures {
        let found = aggregate.estimate(&figure.of);
        let distance = (found.value - figure.expected).abs();
        if distance > figure.tolerance + 4.0 * found.error {
            off.push(format!(
                "{}: {:.3} ± {:.3}, not {}",
                figure.name, found.value, found.error, figure.expected
            ));
        }
    }
    assert!(off.is_empty(), "{} of {} figures are off:\n{}", off.len(), figures.len(), off.join("\n"));
}

#[test]
fn a_small_world_has_the_figures_of_the_table() {
    check(&Aggregate::of(&world(plain(20_000))), &table::usual());
}

#[test]
fn a_calm_world_has_its_figures() {
    check(&Aggregate::of(&world(Params { calm: true, ..plain(20_000) })), &table::calm());
}

#[test]
fn nothing_but_the_chain_causes_orders_in_a_calm_world() {
    let world = world(Params { calm: true, ..Params { consumers: 5_000, ..Params::default() } });
    let causes = world.walk(BTreeSet::new, |causes, life| causes.extend(life.orders.iter().map(|o| o.cause)));
    let causes: BTreeSet<Cause> = causes.into_iter().flatten().collect();
    assert_eq!(causes, BTreeSet::from([Cause::Baseline]));
}

/// Orders by number, with their causes.
fn orders(params: Params) -> BTreeMap<u64, Cause> {
    let add = |orders: &mut Vec<(u64, Cause)>, life: &Life| {
        orders.extend(life.orders.iter().map(|order| (order.id, order.cause)));
    };
    let blocks = world(params).walk(Vec::new, add);
    let count: usize = blocks.iter().map(Vec::len).sum();
    let orders: BTreeMap<u64, Cause> = blocks.into_iter().flatten().collect();
    assert_eq!(orders.len(), count, "order numbers are unique");
    orders
}

#[test]
fn removing_a_channel_removes_exactly_its_orders() {
    let params = || Params { consumers: 20_000, pushes: false, ..Params::default() };
    let all = orders(params());
    for channel in [0_u8, 3, 10] {
        let gone: BTreeMap<u64, Cause> = all
            .iter()
            .filter(|(_, cause)| **cause == Cause::Channel(channel))
            .map(|(id, c)| (*id, *c))
            .collect();
        let mut expected = all.clone();
        expected.retain(|id, _| !gone.contains_key(id));
        assert!(!gone.is_empty(), "{}", CHANNELS[usize::from(channel)].path);
        assert_eq!(orders(Params { without: Some(channel), ..params() }), expected);
    }
}

#[test]
fn targeting_moves_exposures_and_adds_none() {
    let exposures = |targeting| {
        let world = world(Params { consumers: 40_000, targeting, ..Params::default() });
        let blocks = world.walk(|| 0, |sum, life| *sum += life.exposures.len());
        blocks.into_iter().sum::<usize>() as f64
    };
    let ratio = exposures(true) / exposures(false);
    assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
}

#[test]
fn orders_and_their_rows_agree() {
    let world = world(Params { consumers: 3_000, defects: false, ..Params::default() });
    for block in world.walk(Vec::new, |lives, life| lives.push(life.clone())) {
        block.iter().for_each(check_orders);
    }
}

fn check_orders(life: &Life) {
    let mut paid: BTreeMap<u64, i64> = BTreeMap::new();
    for event in life.events.iter().filter(|event| event.behavior == Behavior::Purchase) {
        *paid.entry(event.order).or_default() += event.amount;
    }
    let expected: BTreeMap<u64, i64> = life
        .orders
        .iter()
        .filter(|order| order.paid.is_some())
        .map(|order| (order.id, order.total))
        .collect();
    assert_eq!(paid, expected, "consumer {}", life.k);
    let prevented = life.orders.iter().filter(|order| !order.stands());
    assert!(prevented.clone().all(|order| order.paid.is_none() && order.cancelled_by.is_some()));
}

fn lift_of(subjects: &[Subject], sensitive: Option<bool>) -> Lift {
    let in_band =
        |s: &&Subject| sensitive.is_none_or(|wanted| (s.price_sensitivity > lift::SENSITIVE) == wanted);
    Lift::of(subjects.iter().filter(in_band))
}

/// The light form of the gate: intervals hold the truth, and the truth has the right signs.
#[test]
fn pushes_measure_what_they_do() {
    let all = lift::subjects(&world(Params { consumers: 40_000, ..Params::default() }));
    for (push, subjects) in PUSHES.iter().zip(&all) {
        let lift = lift_of(subjects, None);
        assert!(lift.covers(), "{}: {lift:?}", push.name);
    }
    let [newsletter, winback, loyal, promo, coupon] = &all;
    assert!(lift_of(newsletter, None).z().abs() < 3.0 && lift_of(newsletter, None).truth == 0.0);
    assert!(lift_of(winback, None).truth > 0.02 && lift_of(promo, None).truth > 0.008);
    assert!(lift_of(loyal, Some(true)).truth > 0.03 && lift_of(loyal, Some(false)).truth < -0.015);
    assert!(lift::qini(coupon, |subject| subject.uplift) > 0.0);
}

/// p0 and p1 are the chances they claim to be: over everybody, outcomes are as frequent as promised.
#[test]
fn chances_are_calibrated() {
    let all = lift::subjects(&world(Params { consumers: 40_000, ..Params::default() }));
    for (push, subjects) in PUSHES.iter().zip(&all) {
        let n = subjects.len() as f64;
        let outcomes: f64 = subjects.iter().map(|s| f64::from(u8::from(s.y0))).sum();
        let promised: f64 = subjects.iter().map(|s| s.p0).sum();
        let error = 4.0 * (n * (promised / n) * (1.0 - promised / n)).sqrt();
        // Dying within the 14 days is left out of Λ, hence the margin of 3 %.
        assert!(
            (outcomes - promised).abs() < error + 0.03 * promised,
            "{}: {outcomes} {promised}",
            push.name
        );
    }
}

/// The gate holds fits of 200,000 consumers to these percentages; a fifth of them is √5 times as uncertain.
#[track_caller]
fn check_fit(fitted: &[f64], truth: &[f64], percent: &[f64]) {
    for ((fitted, truth), percent) in fitted.iter().zip(truth).zip(percent) {
        let off = (fitted / truth - 1.0).abs();
        assert!(off < percent / 100.0 * 5_f64.sqrt(), "{fitted} is {off} away from {truth}");
    }
}

#[test]
fn lifetime_models_recover_what_the_world_was_drawn_from() {
    let world = world(plain(40_000));
    let buyers = clv::buyers(&world, clv::View::Baseline);
    check_fit(&clv::bg_nbd(&buyers), &[0.50, 20.0, 0.90, 2.10], &[6.0, 7.0, 12.0, 12.0]);
    let [p, q, gamma] = clv::gamma_gamma(&buyers);
    check_fit(&[p * gamma / (q - 1.0), q], &[6.25 * 79.0 / 2.74, 3.74], &[2.2, 12.0]);
}
