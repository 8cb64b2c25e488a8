//! Awake and asleep: on asleep days a consumer does nothing of their own accord.
//!
//! Spells are exponential, 22 days awake and 62 asleep; announcements wake sooner. A day counts as awake when its noon is.
//! Baseline purchases keep a consumer awake around them, whatever the spell says.

use super::Scene;
use crate::draw::{Draw, stream};

const AWAKE_DAYS: f64 = 22.0;
const ASLEEP_DAYS: f64 = 62.0;
/// Days a purchase casts its shadow ahead, and mean days it lasts.
const BEFORE_PURCHASE: f64 = 2.0;
const AFTER_PURCHASE: f64 = 12.0;

/// Spells from `start` on. Whoever arrives is awake; whoever was there is as likely awake as not in the long run.
pub(super) fn spells(scene: &Scene, start: i32, arrived: bool, awake: &mut Vec<bool>) {
    let days = scene.calendar.days();
    awake.clear();
    awake.resize(days as usize, false);
    let draw = &mut scene.draw(stream::REGIME);
    let mut time = f64::from(start);
    let mut is_awake = arrived || draw.chance(AWAKE_DAYS / (AWAKE_DAYS + ASLEEP_DAYS));
    while time < f64::from(days) {
        if is_awake {
            let until = time + AWAKE_DAYS * draw.exp();
            wake(awake, start, time, until);
            time = until;
        } else {
            time = scene.calendar.wakes(time, ASLEEP_DAYS * draw.exp());
        }
        is_awake = !is_awake;
    }
    if arrived {
        awake[start as usize] = true;
    }
}

/// Days around a purchase.
pub(super) fn keep_awake(awake: &mut [bool], start: i32, purchase: f64, draw: &mut Draw) {
    let until = purchase + AFTER_PURCHASE * draw.exp();
    wake(awake, start, purchase - BEFORE_PURCHASE, until);
    let day = purchase as i32;
    if purchase >= 0.0 && day < awake.len() as i32 {
        awake[day as usize] = true;
    }
}

/// Marks the days whose noon lies in `from..until`, none before `start`.
fn wake(awake: &mut [bool], start: i32, from: f64, until: f64) {
    let first = (libm::ceil(from - 0.5).max(f64::from(start))) as usize;
    let last = libm::ceil(until - 0.5).clamp(0.0, awake.len() as f64) as usize;
    if first < last {
        awake[first..last].fill(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_awake_when_its_noon_is() {
        let check = |start: i32, from: f64, until: f64, expected: &str| {
            let mut awake = vec![false; 6];
            wake(&mut awake, start, from, until);
            let text: String = awake.iter().map(|day| if *day { 'x' } else { '.' }).collect();
            assert_eq!(text, expected, "{from}..{until}");
        };
        check(0, 0.0, 1.0, "x.....");
        check(0, 0.6, 1.4, "......");
        check(0, 0.5, 2.51, "xxx...");
        check(0, -9.0, 99.0, "xxxxxx");
        check(3, -9.0, 99.0, "...xxx");
        check(0, -9.0, -2.0, "......");
        check(0, 7.0, 9.0, "......");
    }
}
