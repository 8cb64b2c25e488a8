//! Trips to a shop: why they are made, and what is done on them.

use weir_core::time::Micros;

use super::event::{Behavior, Campaign, Event};
use super::message::{Medium, Reminder};
use super::order::{Cause, leaf, order_number, unpaid_total};
use super::{Life, Scene};
use crate::calendar::Phase;
use crate::channel::Place;
use crate::draw::{Draw, stream};
use crate::identity::Who;
use crate::merchant::{self, Venue};

/// Organic trips on an ordinary awake day of an average consumer.
const RATE: f64 = 0.086;
const LANDS: f64 = 0.85;
/// Trips before a purchase, and their mean lead in days.
const CONSIDERATIONS: f64 = 0.9;
const CONSIDERATION_DAYS: f64 = 3.0;
const MOST_CONSIDERATIONS: u32 = 15;

const MORE_VIEWS: f64 = 0.95;
const PURCHASE_VIEWS: f64 = 1.5;
const MORE_CART_LINES: f64 = 0.35;
const SAME_LEAF: f64 = 0.8;
const SECOND_DEVICE: f64 = 0.3;
const SECOND_ACCOUNT: f64 = 0.5;
const FOLLOW: f64 = 0.01;
const COUPON_CLAIM: f64 = 0.03;
const WATCH_LIVE: f64 = 0.02;
const COMPARE_PRICE: f64 = 0.004;
const BID: f64 = 0.004;
/// Mean gap between two actions, and between order and payment.
const ACTION_SECONDS: f64 = 40.0;
const PAYMENT_SECONDS: f64 = 240.0;
const SECOND: f64 = 1e6;

/// Channels by which a purchase trip enters, though they did not cause it: number and share.
const ENTRIES: [(u8, f64); 4] = [(0, 0.16), (1, 0.10), (2, 0.03), (22, 0.04)];

/// Why a trip is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Of their own accord.
    Organic,
    /// After a click.
    Landing,
    /// Thinking about a purchase.
    Consideration,
    /// To buy; the number of the order in the life.
    Purchase(u16),
    /// Would have bought, had a push not spoilt it.
    Prevented,
}

/// A trip.
#[derive(Debug, Clone, Copy)]
pub struct Trip {
    /// When it starts, in days.
    pub time: f64,
    /// When it starts.
    pub moment: Micros,
    /// Why.
    pub reason: Reason,
    /// Where it leads, if a click has decided that.
    venue: Option<Venue>,
    /// The part of the content stream that it owns.
    tag: u32,
}

/// How often things happen on a trip.
struct Habits {
    search: f64,
    cart: f64,
    favorite: f64,
    unpaid: f64,
}

impl Habits {
    fn of(reason: Reason, preheat: bool) -> Habits {
        let eager = |factor: f64| if preheat { factor } else { 1.0 };
        let browsing = Habits {
            search: 0.20,
            cart: 0.042 * eager(2.2),
            favorite: 0.05 * eager(2.0),
            unpaid: 0.0065 * eager(2.0),
        };
        match reason {
            Reason::Organic | Reason::Prevented => browsing,
            Reason::Landing => Habits { search: 0.03, ..browsing },
            Reason::Consideration => Habits { cart: 0.28, ..browsing },
            Reason::Purchase(_) => Habits { search: 0.30, cart: 0.72, favorite: 0.15, unpaid: 0.0 },
        }
    }
}

/// Organic trips: a Poisson process over awake days.
pub(super) fn organic(scene: &Scene, life: &mut Life) {
    life.organic.clear();
    let draw = &mut scene.draw(stream::TRIPS);
    let rate = RATE * life.traits.activity;
    let mut left = draw.exp() / rate;
    for day in life.start..scene.calendar.days() {
        if !life.awake[day as usize] {
            continue;
        }
        let weight = weight(scene.calendar.phase(day));
        let mut within = 0.0;
        while left < weight - within {
            within += left;
            life.organic.push(f64::from(day) + within / weight);
            left = draw.exp() / rate;
        }
        left -= weight - within;
    }
}

fn weight(phase: Phase) -> f64 {
    match phase {
        Phase::Normal => 1.0,
        Phase::Preheat | Phase::Activity | Phase::Aftermath => 1.5,
        Phase::Promotion => 4.0,
    }
}

/// Gathers all trips of the window, once it is settled which orders stand.
pub(super) fn gather(scene: &Scene, life: &mut Life) {
    life.trips.clear();
    for (index, time) in life.organic.iter().enumerate() {
        life.trips.push(Trip::new(scene, *time, Reason::Organic, index as u32));
    }
    for exposure in life.exposures.iter().filter(|exposure| exposure.clicked) {
        let tag = 1 << 22 | u32::from(exposure.channel) << 16 | u32::from(exposure.index);
        let trip = Trip::new(scene, exposure.time, Reason::Landing, tag);
        life.trips.push(Trip { venue: Some(exposure.venue), ..trip });
    }
    for number in 0..life.orders.len() {
        around_order(scene, life, number);
    }
}

fn around_order(scene: &Scene, life: &mut Life, number: usize) {
    let order = &life.orders[number];
    if order.time < 0.0 {
        return;
    }
    let reason = if order.stands() { Reason::Purchase(number as u16) } else { Reason::Prevented };
    life.trips.push(Trip::new(scene, order.time, reason, 2 << 22 | order.tag()));
    // A push's purchase is considered from the push on, not before.
    let earliest = match order.cause {
        Cause::Push(push) => crate::push::time(scene, usize::from(push)),
        Cause::Baseline | Cause::Channel(_) | Cause::Unpaid => f64::from(life.start),
    };
    let tag = 3 << 22 | order.cause.code() << 14 | (order.index & 0x3FF) << 4;
    let draw = &mut scene.draw(stream::part(stream::TRIPS, tag));
    for nth in 0..draw.poisson(CONSIDERATIONS).min(MOST_CONSIDERATIONS) {
        let time = order.time - CONSIDERATION_DAYS * draw.exp();
        if time >= earliest {
            life.trips.push(Trip::new(scene, time, Reason::Consideration, tag | nth));
        }
    }
}

impl Trip {
    fn new(scene: &Scene, time: f64, reason: Reason, tag: u32) -> Trip {
        Trip { time, moment: scene.calendar.instant(time), reason, venue: None, tag }
    }
}

/// A trip being played: where it is, when, and who is told.
struct Play<'a> {
    scene: &'a Scene<'a>,
    draw: Draw,
    clock: Micros,
    venue: Venue,
    who: Who,
    leaf: usize,
}

impl Play<'_> {
    fn wait(&mut self, mean_seconds: f64) {
        self.clock += (self.draw.exp() * mean_seconds * SECOND) as Micros;
    }

    /// The next thing done on the trip.
    fn act(&mut self, behavior: Behavior) -> Event {
        self.wait(ACTION_SECONDS);
        Event::new(self.clock, behavior, Place::VISIT, self.who).at(self.venue)
    }

    fn look(&mut self, behavior: Behavior) -> Event {
        let item = self.scene.merchant.item(self.leaf, &mut self.draw);
        self.act(behavior).item(item)
    }
}

/// Plays all trips.
pub(super) fn play(scene: &Scene, life: &mut Life) {
    for at in 0..life.trips.len() {
        let trip = life.trips[at];
        let mut draw = scene.draw(stream::part(stream::CONTENT, trip.tag));
        if trip.reason != Reason::Landing || draw.chance(LANDS) {
            life.visits_made += 1;
            play_one(scene, life, trip, draw);
        }
    }
}

fn play_one(scene: &Scene, life: &mut Life, trip: Trip, mut draw: Draw) {
    if let Reason::Purchase(order) = trip.reason {
        life.orders[usize::from(order)].fill(scene, &life.traits, &mut draw);
    }
    let venue = merchant::destination(life.traits.brand, &mut draw);
    let venue =
        trip.venue.map_or(venue, |advertised| Venue { shop: advertised.shop.or(venue.shop), ..advertised });
    let venue = consistent(venue, &mut draw);
    let device = u8::from(life.identity.two_devices && draw.chance(SECOND_DEVICE));
    let other_account = life.identity.second.is_some() && draw.chance(SECOND_ACCOUNT);
    let who = life.on_trip(trip.time, device, other_account);
    let leaf = leaf(&life.traits, &mut draw);
    let mut play = Play { scene, draw, clock: trip.moment, venue, who, leaf };
    if let Reason::Purchase(_) = trip.reason {
        enter(&mut play, life);
    }
    browse(&mut play, life, trip);
    match trip.reason {
        Reason::Purchase(order) => buy(&mut play, life, usize::from(order)),
        _ => linger(&mut play, life, trip),
    }
}

/// A landing on behalf of a brand goes to a shop that sells it.
fn consistent(venue: Venue, draw: &mut Draw) -> Venue {
    let sells =
        |shop: u8| merchant::SHOPS[usize::from(shop)].brand.is_none_or(|b| b == usize::from(venue.brand));
    match venue.shop {
        Some(shop) if sells(shop) => venue,
        _ => Venue { shop: Some(merchant::shop_of(venue.brand, draw)), ..venue },
    }
}

/// A purchase trip often starts with a click that would have been made anyway.
fn enter(play: &mut Play, life: &mut Life) {
    let mut left = play.draw.unit();
    for (channel, share) in ENTRIES {
        left -= share;
        if left < 0.0 {
            for behavior in [Behavior::Impression, Behavior::Click] {
                play.wait(ACTION_SECONDS / 4.0);
                let event = Event::new(play.clock, behavior, Place(channel), play.who).at(play.venue);
                life.events.push(event.campaign(Campaign::Monthly));
            }
            return;
        }
    }
}

fn browse(play: &mut Play, life: &mut Life, trip: Trip) {
    let preheat = play.scene.calendar.phase(trip.time as i32) == Phase::Preheat;
    let habits = Habits::of(trip.reason, preheat);
    if play.draw.chance(habits.search) {
        let event = play.act(Behavior::Search).leaf(play.leaf);
        life.events.push(event);
    }
    view(play, life, trip.reason);
    if play.draw.chance(habits.favorite) {
        let event = play.look(Behavior::Favorite);
        life.events.push(event);
    }
    if play.draw.chance(habits.cart) {
        fill_cart(play, life, trip);
    }
    for (behavior, share) in [
        (Behavior::Follow, FOLLOW),
        (Behavior::CouponClaim, COUPON_CLAIM),
        (Behavior::WatchLive, WATCH_LIVE),
        (Behavior::ComparePrice, COMPARE_PRICE),
        (Behavior::Bid, BID),
    ] {
        if play.draw.chance(share) {
            let event = play.act(behavior).leaf(play.leaf);
            life.events.push(event);
        }
    }
}

/// Views; those before a purchase begin with what is bought.
fn view(play: &mut Play, life: &mut Life, reason: Reason) {
    let mut views = 1 + play.draw.geometric(MORE_VIEWS);
    if let Reason::Purchase(order) = reason {
        views += play.draw.poisson(PURCHASE_VIEWS);
        play.leaf = merchant::leaf_of(life.orders[usize::from(order)].lines()[0].item);
    }
    for nth in 0..views as usize {
        let bought = match reason {
            Reason::Purchase(order) => life.orders[usize::from(order)].lines().get(nth).map(|line| line.item),
            _ => None,
        };
        let main = play.leaf;
        if !play.draw.chance(SAME_LEAF) {
            play.leaf = leaf(&life.traits, &mut play.draw);
        }
        let event = play.look(Behavior::View);
        life.events.push(bought.map_or(event, |item| event.item(item)));
        play.leaf = main;
    }
}

fn fill_cart(play: &mut Play, life: &mut Life, trip: Trip) {
    let lines = 1 + play.draw.poisson(MORE_CART_LINES) as usize;
    for nth in 0..lines {
        let event = play.look(Behavior::AddToCart).quantity(1);
        let bought = match trip.reason {
            Reason::Purchase(order) => life.orders[usize::from(order)].lines().get(nth).copied(),
            _ => None,
        };
        life.events.push(bought.map_or(event, |line| event.item(line.item).quantity(line.quantity)));
    }
    let bought = matches!(trip.reason, Reason::Purchase(_));
    life.carts[usize::from(bought)] += 1;
    if !bought {
        life.reminders.push(Reminder::cart(play.clock, trip.tag));
    }
}

/// The end of a trip without purchase: now and then an order that is never paid.
fn linger(play: &mut Play, life: &mut Life, trip: Trip) {
    let preheat = play.scene.calendar.phase(trip.time as i32) == Phase::Preheat;
    if !play.draw.chance(Habits::of(trip.reason, preheat).unpaid) {
        return;
    }
    let id = order_number(play.scene, 1 << 24 | trip.tag);
    let total = unpaid_total(&life.traits, &mut play.draw);
    let event = play.act(Behavior::Order).order(id).amount(total);
    life.events.push(Event { place: Place::TRADE, ..event });
    life.reminders.push(Reminder::unpaid(play.clock, trip.tag));
}

fn buy(play: &mut Play, life: &mut Life, number: usize) {
    play.wait(ACTION_SECONDS);
    let venue = play.venue;
    if life.is_first_order(number) {
        life.sign_up_at(play.clock, play.who);
        play.clock += SECOND as Micros;
    }
    let redeems = play.draw.chance(0.2 + 0.5 * life.traits.price_sensitivity);
    place_order(life, number, play.clock, venue, play.who);
    if redeems {
        let order = life.orders[number].id;
        let event = Event::new(play.clock, Behavior::CouponRedeem, Place::TRADE, play.who).at(venue);
        life.events.push(event.order(order));
    }
    play.wait(PAYMENT_SECONDS);
    pay(life, number, play.clock, venue, play.who);
}

/// The order as such: one event.
pub(super) fn place_order(life: &mut Life, number: usize, moment: Micros, venue: Venue, who: Who) {
    let order = &life.orders[number];
    let event = Event::new(moment, Behavior::Order, Place::TRADE, who).at(venue);
    life.events.push(event.order(order.id).amount(order.total));
}

/// Its payment: one event per line.
pub(super) fn pay(life: &mut Life, number: usize, moment: Micros, venue: Venue, who: Who) {
    let order = &mut life.orders[number];
    order.paid = Some(moment);
    for line in order.lines() {
        let event = Event::new(moment, Behavior::Purchase, Place::TRADE, who).at(venue).item(line.item);
        life.events.push(event.order(order.id).amount(line.amount).quantity(line.quantity));
    }
    super::after::follow_up(life, number, moment, venue);
}

/// Which message reminds of what was left behind.
impl Reminder {
    fn cart(moment: Micros, tag: u32) -> Reminder {
        const HOURS_24: Micros = 24 * 3_600_000_000;
        Reminder { moment: moment + HOURS_24, medium: Medium::AppPush, tag }
    }

    fn unpaid(moment: Micros, tag: u32) -> Reminder {
        const MINUTES_30: Micros = 30 * 60_000_000;
        Reminder { moment: moment + MINUTES_30, medium: Medium::Sms, tag }
    }
}
