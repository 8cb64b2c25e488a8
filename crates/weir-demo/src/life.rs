//! A life: everything one consumer does and is shown, as a pure function of (seed, consumer, days, end).
//!
//! It is drawn in this order: chain of purchases, spells awake and asleep, organic trips, exposures with the purchases they
//! cause, pushes, all other trips, what follows orders, messages, history, and at last the defects of the files.
//! Nothing looks at another consumer, at a clock, or at how many consumers there are.

pub(crate) mod after;
pub mod chain;
pub(crate) mod defect;
pub mod event;
pub mod exposure;
pub(crate) mod history;
pub(crate) mod message;
pub mod order;
pub(crate) mod regime;
pub mod trip;

use weir_core::time::Micros;

use crate::calendar::{Calendar, HISTORY};
use crate::channel::Place;
use crate::draw::{Draw, name, stream};
use crate::identity::{Id, Identity, Merge, Who};
use crate::merchant::Merchant;
use crate::push::{self, Outcome};
use crate::traits::Traits;
use crate::world::Params;

use chain::Chain;
use event::{Behavior, Campaign, Event};
use exposure::{Exposure, Pressure};
use order::{Cause, Order};
use trip::Trip;

/// Share of consumers who precede the window.
const STOCK: f64 = 0.70;
/// Share of the others who arrive in the burst.
const IN_BURST: f64 = 0.08;

/// What a life is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The world's parameters.
    pub params: &'a Params,
    /// Its calendar.
    pub calendar: &'a Calendar,
    /// Its merchant.
    pub merchant: &'a Merchant,
    /// The consumer.
    pub k: u64,
}

impl Scene<'_> {
    /// A stream of this consumer.
    pub fn draw(&self, stream: u32) -> Draw {
        Draw::new(self.params.seed, self.k, stream)
    }
}

/// A life. One value is used for many consumers in turn, so that its memory is.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// The consumer.
    pub k: u64,
    /// Who they are.
    pub traits: Traits,
    /// What names them.
    pub identity: Identity,
    /// Whether they precede the window.
    pub stock: bool,
    /// The day on which they arrive; 0 for those who precede the window.
    pub start: i32,
    /// Their baseline purchases.
    pub chain: Chain,
    /// Awake spells by day of the window, before purchases keep awake.
    pub spells: Vec<bool>,
    /// Awake days.
    pub awake: Vec<bool>,
    /// Exposures, by channel and time.
    pub exposures: Vec<Exposure>,
    /// Orders by time, prevented ones included.
    pub orders: Vec<Order>,
    /// Trips; of landings also those that do not come about.
    pub trips: Vec<Trip>,
    /// Trips that came about.
    pub visits_made: u32,
    /// Trips on which a cart was filled: and left behind, and bought.
    pub carts: [u32; 2],
    /// How each push concerned them.
    pub pushes: Vec<Outcome>,
    /// When they became known, in days; infinite if they did not.
    pub known: f64,
    /// When rows begin to name visitor and user together, in days.
    pub merges: f64,
    /// When they signed up, and who stands on that row.
    pub signed_up: Option<(Micros, Who)>,
    /// All events in order of time; duplicates and rows without identifier at the end.
    pub events: Vec<Event>,
    organic: Vec<f64>,
    visits: Vec<f64>,
    pressure: Pressure,
    payments: Vec<after::Paid>,
    reminders: Vec<message::Reminder>,
    wishes_to_sign_up: Option<f64>,
}

impl Life {
    /// Lives the life of the scene's consumer.
    pub fn live(&mut self, scene: &Scene) {
        self.begin(scene);
        self.buy_by_chain(scene);
        self.meet_channels(scene);
        push::run(scene, self);
        self.settle_identity(scene);
        self.tell(scene);
        self.finish(scene);
    }

    fn begin(&mut self, scene: &Scene) {
        self.k = scene.k;
        self.traits = Traits::draw(scene.params.seed, scene.k);
        let [email, sms, _] = self.traits.consent;
        self.identity = Identity::draw(scene.params.seed, scene.k, email, sms);
        (self.stock, self.start) = arrival(scene);
        self.wishes_to_sign_up = self.identity.signs_up.map(|place| self.sign_up_time(scene, place));
        self.events.clear();
        self.orders.clear();
        self.payments.clear();
        self.reminders.clear();
        self.pushes.clear();
        self.signed_up = None;
        self.visits_made = 0;
        self.carts = [0; 2];
    }

    /// Those who precede the window may have signed up any time in the history; the others between arrival and end.
    fn sign_up_time(&self, scene: &Scene, place: f64) -> f64 {
        let start = f64::from(self.start);
        match self.stock {
            true => -f64::from(HISTORY) * place,
            false => start + (f64::from(scene.calendar.days()) - start) * place,
        }
    }

    fn buy_by_chain(&mut self, scene: &Scene) {
        regime::spells(scene, self.start, !self.stock, &mut self.spells);
        chain::draw(scene, &self.traits, self.stock, self.start, &self.spells, &mut self.chain);
        self.awake.clone_from(&self.spells);
        let draw = &mut scene.draw(stream::part(stream::REGIME, 1));
        for (index, time) in self.chain.purchases.iter().enumerate() {
            regime::keep_awake(&mut self.awake, self.start, *time, draw);
            self.orders.push(Order::new(*time, Cause::Baseline, index as u32));
        }
    }

    fn meet_channels(&mut self, scene: &Scene) {
        trip::organic(scene, self);
        self.visits.clear();
        self.visits.extend(self.organic.iter().chain(&self.chain.purchases));
        self.visits.sort_unstable_by(f64::total_cmp);
        self.pressure.measure(scene, self.start, &self.awake);
        exposure::draw(scene, self);
        self.sort_orders();
    }

    /// By time; equal times by cause and index.
    pub(crate) fn sort_orders(&mut self) {
        self.orders.sort_unstable_by(|a, b| a.time.total_cmp(&b.time).then_with(|| a.tag().cmp(&b.tag())));
    }

    /// The latest visit, up to a time, that no channel brought about.
    fn last_visit(&self, time: f64) -> Option<f64> {
        let visits = self.visits.partition_point(|visit| *visit <= time);
        visits.checked_sub(1).map(|at| self.visits[at])
    }

    /// When they become known, as the world stands so far.
    pub(crate) fn becomes_known(&self) -> f64 {
        let first = self.orders.iter().find(|order| order.stands()).map_or(f64::INFINITY, |order| order.time);
        self.wishes_to_sign_up.map_or(first, |wish| wish.min(first))
    }

    fn settle_identity(&mut self, scene: &Scene) {
        for order in &mut self.orders {
            order.id = order::order_number(scene, order.tag());
        }
        self.known = self.becomes_known();
        let known_here = self.known.max(f64::from(self.start));
        self.merges = match self.identity.merge {
            Merge::AtOnce => known_here,
            Merge::After(days) => known_here + days,
            Merge::Never => f64::INFINITY,
        };
    }

    fn tell(&mut self, scene: &Scene) {
        self.tell_sign_up(scene);
        history::orders(scene, self);
        self.tell_exposures(scene);
        trip::gather(scene, self);
        trip::play(scene, self);
        after::happen(scene, self);
        history::sign_up(self);
        history::join_club(scene, self);
        message::send_all(scene, self);
        push::tell(scene, self);
    }

    /// Signing up before any order; with one, the order's trip tells it.
    fn tell_sign_up(&mut self, scene: &Scene) {
        if let Some(wish) = self.wishes_to_sign_up.filter(|wish| *wish <= self.known) {
            let who = self.on_trip(wish, 0, false);
            self.signed_up =
                (wish < f64::from(scene.calendar.days())).then(|| (scene.calendar.instant(wish), who));
        }
    }

    fn tell_exposures(&mut self, scene: &Scene) {
        for at in 0..self.exposures.len() {
            let exposure = self.exposures[at];
            let moment = scene.calendar.instant(exposure.time);
            let who = self.at_time(exposure.time);
            let mut note = |moment, behavior| {
                let event = Event::new(moment, behavior, Place(exposure.channel), who).at(exposure.venue);
                self.events.push(event.campaign(Campaign::Monthly));
            };
            note(moment, Behavior::Impression);
            if exposure.clicked {
                note(moment + CLICK_AFTER, Behavior::Click);
            }
        }
    }

    fn is_first_order(&self, number: usize) -> bool {
        let first = self.orders.iter().position(Order::stands);
        self.signed_up.is_none() && first == Some(number)
    }

    fn sign_up_at(&mut self, moment: Micros, who: Who) {
        self.signed_up = Some((moment, who));
    }

    /// Who stands on a row that no trip wrote.
    fn at_time(&self, time: f64) -> Who {
        if time < self.known { Who::only(Id::Anonymous) } else { Who::only(Id::User) }
    }

    /// Whether an identifier of theirs can be met with: a user id and what is told with it only once they are known.
    pub fn has_identifier(&self, id: Id) -> bool {
        let known = self.known.is_finite();
        match id {
            Id::User | Id::Device => known,
            Id::SecondUser => known && self.identity.second.is_some(),
            Id::Phone | Id::Email | Id::Openid | Id::Unionid => known && self.identity.told.has(id),
            Id::SecondDevice => known && self.identity.two_devices,
            Id::Anonymous => true,
            Id::SecondAnonymous => self.identity.two_devices,
            Id::JunkPhone | Id::JunkEmail | Id::JunkDevice => false,
        }
    }

    fn at_moment(&self, scene: &Scene, moment: Micros) -> Who {
        let known = self.signed_up.is_some_and(|(signed_up, _)| signed_up <= moment);
        let before = self.known < f64::from(self.start) && moment >= scene.calendar.midnight(self.start);
        if known || before { Who::only(Id::User) } else { Who::only(Id::Anonymous) }
    }

    /// Who stands on the rows of a known consumer.
    fn known_as(&self) -> Who {
        Who::only(Id::User)
    }

    /// Who stands on the rows of a trip: see [`crate::identity`].
    fn on_trip(&self, time: f64, device: u8, other_account: bool) -> Who {
        let [device, anonymous] =
            if device == 0 { [Id::Device, Id::Anonymous] } else { [Id::SecondDevice, Id::SecondAnonymous] };
        if time < self.known {
            return Who::only(anonymous);
        }
        if let Some(second) =
            self.identity.second.filter(|second| other_account && time >= self.known + second.opened)
        {
            let who = Who::only(Id::SecondUser);
            let verified = second.verified.is_some_and(|days| time >= self.known + days);
            return if verified { who.and(Id::Phone) } else { who };
        }
        let who = Who::only(Id::User);
        if time < 0.0 {
            return who;
        }
        if time >= self.merges { who.and(device).and(anonymous) } else { who.and(device) }
    }

    pub(crate) fn message(&self, scene: &Scene, seq: u32) -> u64 {
        name(scene.params.seed, self.k, stream::NAMES, seq)[0]
    }

    /// Cuts what lies beyond the data, sorts, numbers, and spoils.
    fn finish(&mut self, scene: &Scene) {
        let [first, end] = [-HISTORY, scene.calendar.days()].map(|day| scene.calendar.midnight(day));
        self.events.retain(|event| (first..end).contains(&event.time));
        for order in &mut self.orders {
            order.paid = order.paid.filter(|paid| *paid < end);
        }
        for (seq, event) in self.events.iter_mut().enumerate() {
            event.seq = seq as u32;
        }
        self.events.sort_unstable_by_key(|event| (event.time, event.seq));
        for at in 0..self.events.len() {
            let message = self.message(scene, at as u32);
            let event = &mut self.events[at];
            event.seq = at as u32;
            event.message = message;
            event.arrival = scene.calendar.day_of(event.time);
        }
        if scene.params.defects {
            defect::spoil(scene, self);
        }
    }
}

const CLICK_AFTER: Micros = 20_000_000;

/// Whether a consumer precedes the window, and the day they arrive.
fn arrival(scene: &Scene) -> (bool, i32) {
    let draw = &mut scene.draw(stream::ARRIVAL);
    let days = scene.calendar.days();
    if draw.chance(STOCK) {
        return (true, 0);
    }
    let burst = scene.calendar.burst();
    let range = if draw.chance(IN_BURST) && !burst.is_empty() { burst } else { 0..days };
    (false, range.start + draw.below((range.end - range.start) as u32) as i32)
}
