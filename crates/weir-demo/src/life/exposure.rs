//! What the channels showed, what was clicked, and which purchases that caused.
//!
//! Each channel has streams of its own and looks at no other: without a channel the others show the same and cause
//! the same. Exposures come as a Poisson process whose intensity follows the calendar, activity, and being awake.

use super::order::{Cause, Order};
use super::{Life, Scene};
use crate::calendar::Rhythm;
use crate::channel::{self, Advertiser, CHANNELS, Channel, SATURATION_DAYS, Targeting};
use crate::draw::{Draw, stream};
use crate::merchant::{self, FLAGSHIP, Venue};

/// Mean-keeping factor of clicks for what saturation takes away.
const CLICK_LEVEL: f64 = 1.08;

/// One exposure.
#[derive(Debug, Clone, Copy)]
pub struct Exposure {
    /// When, in days.
    pub time: f64,
    /// Number of the channel.
    pub channel: u8,
    /// Number among the exposures of its channel.
    pub index: u16,
    /// Whether it was clicked.
    pub clicked: bool,
    /// On whose behalf.
    pub venue: Venue,
    /// The chance that it causes a purchase.
    pub causes: f64,
}

/// Sums of pressure over days since arrival, by rhythm: on awake days, and on all.
#[derive(Debug, Clone, Default)]
pub(super) struct Pressure {
    awake: Vec<[f64; Rhythm::COUNT]>,
    all: Vec<[f64; Rhythm::COUNT]>,
}

impl Pressure {
    pub(super) fn measure(&mut self, scene: &Scene, start: i32, awake: &[bool]) {
        self.awake.clear();
        self.all.clear();
        let (mut of_awake, mut of_all) = ([0.0; Rhythm::COUNT], [0.0; Rhythm::COUNT]);
        self.awake.push(of_awake);
        self.all.push(of_all);
        for day in start..scene.calendar.days() {
            let pressure = scene.calendar.pressure(day);
            let is_awake = if awake[day as usize] { 1.0 } else { 0.0 };
            for rhythm in 0..Rhythm::COUNT {
                of_all[rhythm] += pressure[rhythm];
                of_awake[rhythm] += pressure[rhythm] * is_awake;
            }
            self.awake.push(of_awake);
            self.all.push(of_all);
        }
    }

    /// Pressure of a channel over the first `days` days.
    fn up_to(&self, days: usize, channel: &Channel) -> f64 {
        let rhythm = channel.rhythm as usize;
        let awake = self.awake[days][rhythm];
        awake + channel.asleep * (self.all[days][rhythm] - awake)
    }

    /// Days from arrival until the pressure of a channel has summed to `value`.
    fn when(&self, value: f64, channel: &Channel) -> Option<f64> {
        let days = self.awake.len() - 1;
        if value >= self.up_to(days, channel) {
            return None;
        }
        let (mut low, mut high) = (0, days);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if self.up_to(middle, channel) <= value { low = middle } else { high = middle }
        }
        let before = self.up_to(low, channel);
        Some(low as f64 + (value - before) / (self.up_to(high, channel) - before))
    }
}

/// Draws all channels.
pub(super) fn draw(scene: &Scene, life: &mut Life) {
    life.exposures.clear();
    for number in 0..CHANNELS.len() {
        if scene.params.without != Some(number as u8) {
            draw_channel(scene, number, life);
        }
    }
}

fn draw_channel(scene: &Scene, number: usize, life: &mut Life) {
    let channel = &CHANNELS[number];
    let draw = &mut scene.draw(stream::EXPOSURE + number as u32);
    let caused = &mut scene.draw(stream::CAUSED + number as u32);
    let targeting = if scene.params.targeting { channel.targeting } else { Targeting::Everyone };
    let (preference, mean) = targeting.preference();
    let rate = channel.rate * (0.3 + 0.7 * life.traits.activity) * preference / mean;
    let first = life.exposures.len();
    let mut sum = draw.exp() / rate;
    while let Some(days) = life.pressure.when(sum, channel) {
        let time = f64::from(life.start) + days;
        sum += draw.exp() / rate;
        if preference == 1.0 || is_sought(life, targeting, time) || draw.chance(1.0 / preference) {
            expose(scene, number, time, first, draw, caused, life);
        }
    }
}

/// Whether a channel seeks this consumer out at this time. Visits that no channel brought about count.
fn is_sought(life: &Life, targeting: Targeting, time: f64) -> bool {
    match targeting {
        Targeting::Everyone => true,
        Targeting::Visitors => life.last_visit(time).is_some_and(|visit| time - visit <= 7.0),
        Targeting::Strangers => life.last_visit(time).is_none(),
    }
}

fn expose(
    scene: &Scene,
    number: usize,
    time: f64,
    first: usize,
    draw: &mut Draw,
    caused: &mut Draw,
    life: &mut Life,
) {
    let channel = &CHANNELS[number];
    let recent = life.exposures[first..].iter().rev().take_while(|e| time - e.time < SATURATION_DAYS).count();
    let saturation = channel::saturation(recent);
    let receptivity = life.traits.receptivity;
    let clicked = draw.chance(channel.ctr * CLICK_LEVEL * saturation * (0.5 + 0.5 * receptivity));
    let effect = channel.impression * 1e-4 + if clicked { channel.click } else { 0.0 };
    let causes = if scene.params.calm { 0.0 } else { receptivity * saturation * effect };
    let index = (life.exposures.len() - first) as u16;
    let venue = venue(channel.advertiser, life.traits.brand, draw);
    life.exposures.push(Exposure { time, channel: number as u8, index, clicked, venue, causes });
    let happens = caused.chance(causes);
    let delay = caused.exp() * channel.half_life / std::f64::consts::LN_2;
    if happens && time + delay < f64::from(scene.calendar.days()) {
        life.orders.push(Order::new(time + delay, Cause::Channel(number as u8), u32::from(index)));
    }
}

fn venue(advertiser: Advertiser, preferred: u8, draw: &mut Draw) -> Venue {
    let brand = merchant::brand(preferred, draw);
    match advertiser {
        Advertiser::Brand => Venue { brand, shop: None },
        Advertiser::Shop => Venue { brand, shop: Some(merchant::shop_of(brand, draw)) },
        Advertiser::BrandDay => Venue { brand: 0, shop: Some(FLAGSHIP) },
    }
}

impl Exposure {
    /// Expected purchases that it causes between two times.
    pub(crate) fn intensity(&self, from: f64, to: f64) -> f64 {
        let rate = std::f64::consts::LN_2 / CHANNELS[usize::from(self.channel)].half_life;
        let survives = |time: f64| libm::exp(-rate * (time - self.time).max(0.0));
        self.causes * (survives(from) - survives(to))
    }
}
