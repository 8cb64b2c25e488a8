//! What the merchant knows from before the window: orders and sign-ups of two years, without any visit.

use weir_core::time::{DAY_MICROS, Micros};

use super::event::{Behavior, Event};
use super::{Life, Scene, trip};
use crate::channel::Place;
use crate::draw::stream;
use crate::identity::{Id, Who};
use crate::merchant;

/// Half of the buyers join the club, after some days.
const BUYERS_JOIN: f64 = 0.5;
const JOIN_DAYS: f64 = 20.0;
const PAYMENT_SECONDS: f64 = 240.0;

/// Orders before the window: the content is drawn as for any other, the trip is not.
pub(super) fn orders(scene: &Scene, life: &mut Life) {
    for number in 0..life.orders.len() {
        if life.orders[number].time < 0.0 {
            order(scene, life, number);
        }
    }
}

fn order(scene: &Scene, life: &mut Life, number: usize) {
    let tag = 2 << 22 | life.orders[number].tag();
    let draw = &mut scene.draw(stream::part(stream::CONTENT, tag));
    life.orders[number].fill(scene, &life.traits, draw);
    let venue = merchant::destination(life.traits.brand, draw);
    let moment = scene.calendar.instant(life.orders[number].time);
    let paid = moment + (draw.exp() * PAYMENT_SECONDS * 1e6) as Micros;
    let who = Who::only(Id::User);
    if life.is_first_order(number) {
        life.sign_up_at(moment - 1_000_000, who);
    }
    trip::place_order(life, number, moment, venue, who);
    trip::pay(life, number, paid, venue, who);
}

/// Signing up: at a time of their own, or with the first order. All told identifiers stand on that row.
pub(super) fn sign_up(life: &mut Life) {
    let Some((moment, who)) = life.signed_up else { return };
    let who = Who(who.0 | life.identity.told.0);
    life.events.push(Event::new(moment, Behavior::SignUp, Place::VISIT, who));
}

/// Joining the club: buyers some days after their first order, a few others after signing up.
pub(super) fn join_club(scene: &Scene, life: &mut Life) {
    let draw = &mut scene.draw(stream::part(stream::IDENTITY, 1));
    let (buyer_joins, buyer_waits, other_waits) = (draw.chance(BUYERS_JOIN), draw.exp(), draw.exp());
    let wait = |days: f64| (days * JOIN_DAYS * DAY_MICROS as f64) as Micros;
    let first_paid = life.orders.iter().filter_map(|order| order.paid).min();
    let as_buyer = first_paid.filter(|_| buyer_joins).map(|paid| paid + wait(buyer_waits));
    let signed_up = life.signed_up.filter(|_| life.identity.joins_club);
    let as_other = signed_up.map(|(moment, _)| moment + wait(other_waits));
    if let Some(moment) = as_buyer.into_iter().chain(as_other).min() {
        life.events.push(Event::new(moment, Behavior::JoinMember, Place::VISIT, life.known_as()));
    }
}
