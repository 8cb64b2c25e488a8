//! E-mail, SMS and app pushes: a regular one to all who consented, and reminders. None has an effect on purchases.

use weir_core::time::{DAY_MICROS, HOUR_MICROS, Micros};

use super::event::{Behavior, Campaign, Event};
use super::{Life, Scene};
use crate::channel::Place;
use crate::draw::{Draw, stream};
use crate::identity::{Id, Who};

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// E-mail.
    Email,
    /// SMS.
    Sms,
    /// App push.
    AppPush,
}

/// How a medium fares. Shares are of the messages sent.
struct Fate {
    place: Place,
    identifier: Option<Id>,
    every_days: f64,
    delivered: f64,
    opened: Option<f64>,
    clicked: f64,
    unsubscribed: f64,
}

const COMPLAINED: f64 = 0.0002;
const OPENED_HOURS: f64 = 4.0;
const DELIVERED_SECONDS: f64 = 20.0;

impl Medium {
    const ALL: [Medium; 3] = [Medium::Email, Medium::Sms, Medium::AppPush];

    fn fate(self) -> Fate {
        match self {
            Medium::Email => Fate {
                place: Place::EMAIL,
                identifier: Some(Id::Email),
                every_days: 36.0,
                delivered: 0.985,
                opened: Some(0.20),
                clicked: 0.022,
                unsubscribed: 0.0026,
            },
            Medium::Sms => Fate {
                place: Place::SMS,
                identifier: Some(Id::Phone),
                every_days: 60.0,
                delivered: 0.97,
                opened: None,
                clicked: 0.03,
                unsubscribed: 0.004,
            },
            Medium::AppPush => Fate {
                place: Place::APP_PUSH,
                identifier: None,
                every_days: 40.0,
                delivered: 0.92,
                opened: Some(0.046),
                clicked: 0.03,
                unsubscribed: 0.002,
            },
        }
    }
}

/// A message that something on a trip brings about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reminder {
    pub(super) moment: Micros,
    pub(super) medium: Medium,
    pub(super) tag: u32,
}

/// Draws all messages.
pub(super) fn send_all(scene: &Scene, life: &mut Life) {
    let mut until = [Micros::MAX; Medium::ALL.len()];
    for medium in Medium::ALL {
        if life.traits.consent[medium as usize] {
            until[medium as usize] = regular(scene, life, medium);
        }
    }
    welcome(scene, life, until[Medium::Email as usize]);
    for at in 0..life.reminders.len() {
        let Reminder { moment, medium, tag } = life.reminders[at];
        if life.traits.consent[medium as usize] && moment < until[medium as usize] {
            let draw = &mut scene.draw(stream::part(stream::MESSAGES, tag));
            send(scene, life, medium, moment, Campaign::None, draw);
        }
    }
}

/// The regular message, until somebody unsubscribes; returns when.
fn regular(scene: &Scene, life: &mut Life, medium: Medium) -> Micros {
    let draw = &mut scene.draw(stream::part(stream::MESSAGES, 1 << 23 | medium as u32));
    let every = medium.fate().every_days;
    let mut time = f64::from(life.start) + every * draw.unit();
    while time < f64::from(scene.calendar.days()) {
        let moment = scene.calendar.instant(time);
        if let Some(unsubscribed) = send(scene, life, medium, moment, Campaign::Monthly, draw) {
            return unsubscribed;
        }
        time += every;
    }
    Micros::MAX
}

/// A welcome to those who become known inside the window.
fn welcome(scene: &Scene, life: &mut Life, until: Micros) {
    let Some((known, _)) = life.signed_up else { return };
    let moment = known + HOUR_MICROS;
    if life.traits.consent[Medium::Email as usize] && known >= scene.calendar.midnight(0) && moment < until {
        let draw = &mut scene.draw(stream::part(stream::MESSAGES, 1 << 23 | 8));
        send(scene, life, Medium::Email, moment, Campaign::None, draw);
    }
}

/// A message of a push.
pub(crate) fn send_push(scene: &Scene, life: &mut Life, medium: Medium, moment: Micros, push: u8) {
    let draw = &mut scene.draw(stream::part(stream::MESSAGES, 1 << 23 | 16 | u32::from(push)));
    send(scene, life, medium, moment, Campaign::Push(push), draw);
}

/// One message and what becomes of it; returns when it made somebody unsubscribe.
fn send(
    scene: &Scene,
    life: &mut Life,
    medium: Medium,
    moment: Micros,
    campaign: Campaign,
    draw: &mut Draw,
) -> Option<Micros> {
    let fate = medium.fate();
    let who = recipient(life, scene, moment, fate.identifier);
    let mut note = |moment: Micros, behavior| {
        life.events.push(Event::new(moment, behavior, fate.place, who).campaign(campaign));
    };
    note(moment, Behavior::MessageSent);
    let arrived = moment + (draw.exp() * DELIVERED_SECONDS * 1e6) as Micros;
    if !draw.chance(fate.delivered) {
        note(arrived, Behavior::MessageBounced);
        return None;
    }
    note(arrived, Behavior::MessageDelivered);
    let read = arrived + (draw.exp() * OPENED_HOURS * HOUR_MICROS as f64) as Micros;
    let opened = fate.opened.is_none_or(|share| draw.chance(share / fate.delivered));
    if opened && fate.opened.is_some() {
        note(read, Behavior::MessageOpened);
    }
    let clicked = fate.clicked / fate.opened.unwrap_or(fate.delivered);
    if opened && draw.chance(clicked) {
        note(read + DAY_MICROS / 2_880, Behavior::MessageClicked);
    }
    if draw.chance(COMPLAINED / fate.delivered) {
        note(read, Behavior::MessageComplained);
    }
    let unsubscribes = draw.chance(fate.unsubscribed / fate.delivered);
    unsubscribes.then(|| {
        note(read, Behavior::MessageUnsubscribed);
        read
    })
}

/// Known people are named by the address the message went to; visitors only by their device.
fn recipient(life: &Life, scene: &Scene, moment: Micros, identifier: Option<Id>) -> Who {
    let who = life.at_moment(scene, moment);
    match identifier.filter(|id| who.has(Id::User) && life.identity.told.has(*id)) {
        Some(id) => who.and(id),
        None => who,
    }
}
