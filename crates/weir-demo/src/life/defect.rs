//! What goes wrong between the shop and the file: late rows, duplicates, wrong clocks, rows that name nobody.

use weir_core::time::{DAY_MICROS, HOUR_MICROS, Micros};

use super::event::Event;
use super::{Life, Scene};
use crate::draw::{Draw, stream};
use crate::identity::{Id, Who};

const LATE: f64 = 0.005;
const DUPLICATE: f64 = 0.003;
const SKEW: f64 = 0.002;
const FUTURE: f64 = 0.0001;
const NOBODY: f64 = 0.0005;
const JUNK: f64 = 0.002;

const LATE_SPAN: (Micros, Micros) = (HOUR_MICROS, 7 * DAY_MICROS);
const SKEW_SPAN: (Micros, Micros) = (HOUR_MICROS, 8 * HOUR_MICROS);
const FUTURE_SPAN: (Micros, Micros) = (DAY_MICROS, 30 * DAY_MICROS);

/// Spoils some events of the window; history comes from a system that makes no such mistakes.
pub(super) fn spoil(scene: &Scene, life: &mut Life) {
    let draw = &mut scene.draw(stream::DEFECTS);
    for at in 0..life.events.len() {
        if life.events[at].arrival >= 0 {
            spoil_one(scene, life, at, draw);
        }
    }
}

fn spoil_one(scene: &Scene, life: &mut Life, at: usize, draw: &mut Draw) {
    let mut fate = draw.unit();
    let mut is = |share: f64| {
        fate -= share;
        fate < 0.0 && fate >= -share
    };
    let [late, duplicate, skewed, future, nobody, junk] =
        [LATE, DUPLICATE, SKEW, FUTURE, NOBODY, JUNK].map(&mut is);
    let event = &mut life.events[at];
    if late {
        let day = scene.calendar.day_of(event.time + between(LATE_SPAN, draw));
        // What has not arrived when the data end is delivered with the last day.
        event.arrival = day.min(scene.calendar.days() - 1);
    } else if skewed {
        let shift = between(SKEW_SPAN, draw);
        event.time += if draw.chance(0.5) { shift } else { -shift };
    } else if future {
        event.time += between(FUTURE_SPAN, draw);
    } else if junk {
        event.who = with_junk(event.who, draw);
    } else if duplicate {
        let copy = *event;
        life.events.push(copy);
    } else if nobody {
        let who = Who::NOBODY;
        let seq = life.events.len() as u32;
        let lost = Event { who, seq, message: life.message(scene, seq), ..life.events[at] };
        life.events.push(lost);
    }
}

fn between(span: (Micros, Micros), draw: &mut Draw) -> Micros {
    let (from, to) = span;
    from + (draw.unit() * (to - from) as f64) as Micros
}

/// A placeholder in a column that is empty.
fn with_junk(who: Who, draw: &mut Draw) -> Who {
    let choices = [(Id::JunkPhone, Id::Phone), (Id::JunkEmail, Id::Email), (Id::JunkDevice, Id::Device)];
    let (junk, real) = choices[draw.below(3) as usize];
    let taken = who.has(real) || (junk == Id::JunkDevice && who.has(Id::SecondDevice));
    if taken { who } else { who.and(junk) }
}
