//! What follows a purchase: refunds, reviews, shares, a leaflet in the parcel, a word with the service desk.

use weir_core::time::{DAY_MICROS, Micros};

use super::event::{Behavior, Campaign, Event};
use super::{Life, Scene};
use crate::channel::Place;
use crate::draw::{Draw, stream};
use crate::identity::Who;
use crate::merchant::{LEAVES_PER_ROOT, ROOTS, Venue, leaf_of};

const REFUND_DAYS: f64 = 6.0;
const REVIEW: f64 = 0.12;
const REVIEW_DAYS: f64 = 9.0;
const SHARE: f64 = 0.02;
const INSERT_DAYS: Micros = 3;
const SERVICE: f64 = 0.03;
const SERVICE_DAYS: f64 = 2.0;
/// Chances of 1 to 5 stars.
const STARS: [f64; 5] = [0.03, 0.03, 0.07, 0.20, 0.67];

/// A payment that things will follow from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid {
    order: usize,
    moment: Micros,
    venue: Venue,
}

/// Remembers a payment; [`happen`] looks after it once it is known who the consumer is.
pub(super) fn follow_up(life: &mut Life, order: usize, moment: Micros, venue: Venue) {
    life.payments.push(Paid { order, moment, venue });
}

/// Draws what follows each payment.
pub(super) fn happen(scene: &Scene, life: &mut Life) {
    for at in 0..life.payments.len() {
        let paid = life.payments[at];
        let draw = &mut scene.draw(stream::part(stream::AFTER, life.orders[paid.order].tag()));
        refunds(life, paid, draw);
        opinions(life, paid, draw);
        if paid.moment >= scene.calendar.midnight(0) {
            service(life, paid, draw);
        }
    }
}

fn later(paid: Paid, mean_days: f64, draw: &mut Draw) -> Micros {
    paid.moment + (draw.exp() * mean_days * DAY_MICROS as f64) as Micros
}

fn refunds(life: &mut Life, paid: Paid, draw: &mut Draw) {
    let order = &life.orders[paid.order];
    for line in order.lines() {
        let (_, _, _, share) = ROOTS[leaf_of(line.item) / LEAVES_PER_ROOT];
        if draw.chance(share) {
            let moment = later(paid, REFUND_DAYS, draw);
            let event = Event::new(moment, Behavior::Refund, Place::TRADE, life.known_as()).at(paid.venue);
            let event = event.item(line.item).order(order.id);
            life.events.push(event.amount(-line.amount).quantity(-line.quantity));
        }
    }
}

fn opinions(life: &mut Life, paid: Paid, draw: &mut Draw) {
    let order = &life.orders[paid.order];
    let item = order.lines()[0].item;
    let about = |moment, behavior, who: Who| {
        Event::new(moment, behavior, Place::TRADE, who).at(paid.venue).item(item).order(order.id)
    };
    if draw.chance(REVIEW) {
        let event = about(later(paid, REVIEW_DAYS, draw), Behavior::Review, life.known_as());
        let rating = 1 + draw.weighted(&STARS) as u8;
        life.events.push(Event { rating, ..event });
    }
    // The order system, whose history is imported, knows nothing of shares.
    if draw.chance(SHARE) && order.time >= 0.0 {
        let event = about(later(paid, REVIEW_DAYS, draw), Behavior::Share, life.known_as());
        life.events.push(event);
    }
}

fn service(life: &mut Life, paid: Paid, draw: &mut Draw) {
    let who = life.known_as();
    let inserted = paid.moment + INSERT_DAYS * DAY_MICROS;
    let insert = Event::new(inserted, Behavior::Impression, Place::PACKAGE_INSERT, who).at(paid.venue);
    life.events.push(insert.campaign(Campaign::Monthly));
    if draw.chance(SERVICE) {
        let moment = later(paid, SERVICE_DAYS, draw);
        let comment = Event::new(moment, Behavior::Comment, Place::SERVICE_DESK, who).at(paid.venue);
        life.events.push(comment.order(life.orders[paid.order].id));
    }
}
