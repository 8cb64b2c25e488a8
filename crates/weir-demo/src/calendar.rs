//! The merchant's calendar: which days sell, at which hours, and what the channels do on them.
//!
//! Times inside a life are *days*: 0 is the midnight at which the window starts, the whole part is the local date and
//! the fraction says which share of that date's activity has passed. [`Calendar::instant`] turns that into a moment.
//! *Operational* time runs fast on days that sell well: purchase processes are simple in it.
//!
//! The shop keeps Asia/Shanghai, which has had no daylight saving since 1991, so its offset is a constant.

use weir_core::time::{DAY_MICROS, Day, HOUR_MICROS, Micros};

/// Days before the window for which orders are known.
pub const HISTORY: i32 = 730;

const UTC_OFFSET: Micros = 8 * HOUR_MICROS;

/// Weights of Monday to Sunday.
const WEEKDAYS: [f64; 7] = [1.03, 1.02, 1.01, 1.05, 0.97, 0.94, 0.98];
/// On the 10th and the 25th.
const PAYDAY: f64 = 1.15;
/// Share of activity by hour.
const HOURS: [f64; 24] = [
    2.6, 1.4, 0.8, 0.5, 0.4, 0.5, 1.0, 2.0, 3.2, 4.6, 5.6, 5.2, 5.0, 5.0, 4.9, 4.9, 4.8, 4.6, 4.8, 6.0, 8.4,
    9.2, 8.3, 5.3,
];
/// Share of a promotion's activity that falls into its first hour.
const RUSH: f64 = 0.25;

/// A promotion, in days before the end of the data.
struct Promotion {
    before_end: i32,
    preheat: f64,
    day: f64,
    /// On the first, the second and the third to tenth day after it.
    after: [f64; 3],
    major: bool,
}

const fn major(before_end: i32) -> Promotion {
    Promotion { before_end, preheat: 0.62, day: 12.0, after: [1.22, 0.88, 0.68], major: true }
}

const fn minor(before_end: i32) -> Promotion {
    Promotion { before_end, preheat: 0.8, day: 6.0, after: [0.85, 0.85, 0.85], major: false }
}

const PROMOTIONS: [Promotion; 4] = [major(38), minor(184), major(403), minor(549)];
/// Days a promotion is announced in advance.
const PREHEAT_DAYS: i32 = 20;
/// Days a promotion is felt afterwards.
const AFTER_DAYS: i32 = 10;
/// The super brand day of lanhe-flagship.
const ACTIVITY_DAY: i32 = 80;
const ACTIVITY: f64 = 2.2;
/// The activity platforms warm up.
const ACTIVITY_WARM: std::ops::RangeInclusive<i32> = 38..=41;
/// A burst on douyin, in which new people come.
const BURST: std::ops::RangeInclusive<i32> = 114..=120;

/// How a channel's pressure follows the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Promotions only.
    Usual,
    /// Activity platforms: little, then much before a promotion.
    Activity,
    /// The super brand day.
    BrandDay,
    /// As usual, with the burst.
    Burst,
}

impl Rhythm {
    /// How many there are.
    pub const COUNT: usize = 4;
}

/// What kind of day it is for trips and channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Nothing special.
    Normal,
    /// A major promotion has been announced.
    Preheat,
    /// The day of a major promotion.
    Promotion,
    /// The day after it.
    Aftermath,
    /// The super brand day.
    Activity,
}

/// The calendar of one world, by day from the beginning of history to the end of the window.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: i32,
    first: Day,
    calm: bool,
    operational: Vec<f64>,
    phases: Vec<Phase>,
    pressure: Vec<[f64; Rhythm::COUNT]>,
    waking: Vec<f64>,
    usual_hours: Hours,
    rush_hours: Hours,
}

impl Calendar {
    /// The calendar of `days` days that end with `end`; a calm one has no special days at all.
    pub fn new(days: u32, end: Day, calm: bool) -> Calendar {
        let days = days as i32;
        let first = end.plus(1 - i64::from(days));
        let before_end = |day: i32| days - 1 - day;
        let all = || -HISTORY..days;
        let phases: Vec<Phase> =
            all().map(|day| if calm { Phase::Normal } else { phase(before_end(day)) }).collect();
        let pressure = phases.iter().zip(all()).map(|(phase, day)| pressure(*phase, before_end(day), calm));
        let waking = (0..days).map(|day| waking(phases[(day + HISTORY) as usize]));
        Calendar {
            days,
            first,
            calm,
            operational: cumulated(
                all().map(|day| sales(end, before_end(day), calm)),
                sales_of_a_day(end, calm),
            ),
            pressure: pressure.collect(),
            waking: cumulated(waking, 1.0),
            phases,
            usual_hours: Hours::new(HOURS),
            rush_hours: Hours::new(rush()),
        }
    }

    /// Days in the window.
    pub fn days(&self) -> i32 {
        self.days
    }

    /// The local date of day 0.
    pub fn first(&self) -> Day {
        self.first
    }

    /// The local date of a day.
    pub fn date(&self, day: i32) -> Day {
        self.first.plus(i64::from(day))
    }

    /// The day that lies so many days before the last one.
    pub fn before_end(&self, days: i32) -> i32 {
        self.days - 1 - days
    }

    /// Operational days from the beginning of history to `time`.
    pub fn operational(&self, time: f64) -> f64 {
        along(&self.operational, time + f64::from(HISTORY))
    }

    /// The time at which so many operational days have passed; infinite beyond the window.
    pub fn when(&self, operational: f64) -> f64 {
        inverse(&self.operational, operational) - f64::from(HISTORY)
    }

    /// Operational days of one day of the window or before.
    pub fn sales(&self, day: i32) -> f64 {
        let at = (day + HISTORY) as usize;
        self.operational[at + 1] - self.operational[at]
    }

    /// What kind of day it is.
    pub fn phase(&self, day: i32) -> Phase {
        self.phases[(day + HISTORY) as usize]
    }

    /// Pressure of the channels on a day, by rhythm.
    pub fn pressure(&self, day: i32) -> [f64; Rhythm::COUNT] {
        self.pressure[(day + HISTORY) as usize]
    }

    /// The time at which somebody who fell asleep at `time` has slept `rest` ordinary days; announcements wake sooner.
    pub fn wakes(&self, time: f64, rest: f64) -> f64 {
        inverse(&self.waking, along(&self.waking, time) + rest)
    }

    /// The days of the burst, as far as they lie in the window.
    pub fn burst(&self) -> std::ops::Range<i32> {
        let [first, last] = [*BURST.end(), *BURST.start()].map(|days| self.before_end(days));
        if self.calm { 0..0 } else { first.max(0)..(last + 1).max(0) }
    }

    /// The moment of a time.
    pub fn instant(&self, time: f64) -> Micros {
        let day = libm::floor(time);
        let hours = match self.phase(day as i32) {
            Phase::Promotion => &self.rush_hours,
            _ => &self.usual_hours,
        };
        let of_day = hours.quantile(time - day) * DAY_MICROS as f64;
        self.midnight(day as i32) + (of_day as Micros).min(DAY_MICROS - 1)
    }

    /// The moment at which a day starts.
    pub fn midnight(&self, day: i32) -> Micros {
        i64::from(self.first.plus(i64::from(day)).0) * DAY_MICROS - UTC_OFFSET
    }

    /// The day of a moment.
    pub fn day_of(&self, moment: Micros) -> i32 {
        (moment - self.midnight(0)).div_euclid(DAY_MICROS) as i32
    }
}

fn phase(before_end: i32) -> Phase {
    for promotion in PROMOTIONS.iter().filter(|promotion| promotion.major) {
        match before_end - promotion.before_end {
            0 => return Phase::Promotion,
            -1 => return Phase::Aftermath,
            1..=PREHEAT_DAYS => return Phase::Preheat,
            _ => {}
        }
    }
    if before_end == ACTIVITY_DAY { Phase::Activity } else { Phase::Normal }
}

/// Sales of a day before they are scaled to a mean of 1.
fn sales(end: Day, before_end: i32, calm: bool) -> f64 {
    if calm {
        return 1.0;
    }
    let date = end.plus(-i64::from(before_end));
    let activity = if before_end == ACTIVITY_DAY { ACTIVITY } else { 1.0 };
    WEEKDAYS[weekday(date)] * payday(date) * activity * promotions(before_end)
}

/// 0 is Monday; 1970-01-01 was a Thursday.
fn weekday(date: Day) -> usize {
    (date.0 + 3).rem_euclid(7) as usize
}

fn payday(date: Day) -> f64 {
    let is_payday = date.to_date().is_some_and(|date| matches!(date.day(), 10 | 25));
    if is_payday { PAYDAY } else { 1.0 }
}

fn promotions(before_end: i32) -> f64 {
    PROMOTIONS.iter().map(|promotion| promotion.factor(before_end)).product()
}

impl Promotion {
    fn factor(&self, before_end: i32) -> f64 {
        match self.before_end - before_end {
            0 => self.day,
            1 => self.after[0],
            2 => self.after[1],
            3..=AFTER_DAYS => self.after[2],
            days if (-PREHEAT_DAYS..0).contains(&days) => self.preheat,
            _ => 1.0,
        }
    }
}

/// The mean of [`sales`] over the last 365 days.
fn sales_of_a_day(end: Day, calm: bool) -> f64 {
    (0..365).map(|before_end| sales(end, before_end, calm)).sum::<f64>() / 365.0
}

fn pressure(phase: Phase, before_end: i32, calm: bool) -> [f64; Rhythm::COUNT] {
    if calm {
        return [1.0; Rhythm::COUNT];
    }
    let usual = match phase {
        Phase::Preheat => 1.6,
        Phase::Promotion => 3.0,
        Phase::Normal | Phase::Aftermath | Phase::Activity => 1.0,
    };
    let activity = if ACTIVITY_WARM.contains(&before_end) { 8.0 } else { 0.2 };
    let brand_day = if before_end == ACTIVITY_DAY { 40.0 } else { activity };
    let burst = if BURST.contains(&before_end) { 5.0 } else { usual };
    [usual, activity, brand_day, burst]
}

fn waking(phase: Phase) -> f64 {
    if phase == Phase::Preheat { 1.7 } else { 1.0 }
}

/// Sums of daily values ÷ `unit`, from 0.
fn cumulated(daily: impl Iterator<Item = f64>, unit: f64) -> Vec<f64> {
    let mut sums = vec![0.0];
    let mut sum = 0.0;
    for value in daily {
        sum += value / unit;
        sums.push(sum);
    }
    sums
}

/// The value of a running sum part of the way through a day; beyond its end it goes on at rate 1.
fn along(sums: &[f64], time: f64) -> f64 {
    let last = sums.len() - 1;
    let day = (time as usize).min(last);
    let slope = if day < last { sums[day + 1] - sums[day] } else { 1.0 };
    sums[day] + slope * (time - day as f64)
}

/// The time at which a running sum reaches a value; infinite if it never does.
fn inverse(sums: &[f64], value: f64) -> f64 {
    let after = sums.partition_point(|sum| *sum <= value);
    if after == sums.len() {
        return f64::INFINITY;
    }
    let day = after - 1;
    day as f64 + (value - sums[day]) / (sums[after] - sums[day])
}

/// Which hour has come when a share of the day's activity has passed.
#[derive(Debug, Clone)]
struct Hours {
    /// Share of activity before each hour.
    before: [f64; 25],
}

impl Hours {
    fn new(weights: [f64; 24]) -> Hours {
        let total: f64 = weights.iter().sum();
        let mut before = [0.0; 25];
        for (hour, weight) in weights.iter().enumerate() {
            before[hour + 1] = before[hour] + weight / total;
        }
        before[24] = 1.0;
        Hours { before }
    }

    /// Share of the day that has passed; monotone, from 0 to 1.
    fn quantile(&self, share: f64) -> f64 {
        let mut hour = 0;
        while hour < 23 && share >= self.before[hour + 1] {
            hour += 1;
        }
        let within = (share - self.before[hour]) / (self.before[hour + 1] - self.before[hour]);
        (hour as f64 + within) / 24.0
    }
}

fn rush() -> [f64; 24] {
    let others: f64 = HOURS.iter().skip(1).sum();
    let mut hours = HOURS;
    hours[0] = RUSH / (1.0 - RUSH) * others;
    hours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new(180, "2025-12-19".parse().unwrap(), false)
    }

    #[test]
    fn days_have_their_dates_and_phases() {
        let calendar = calendar();
        let check = |day: i32, date: &str, phase: Phase| {
            assert_eq!((calendar.date(day).to_string().as_str(), calendar.phase(day)), (date, phase));
        };
        check(0, "2025-06-23", Phase::Normal);
        check(141, "2025-11-11", Phase::Promotion);
        check(140, "2025-11-10", Phase::Preheat);
        check(121, "2025-10-22", Phase::Preheat);
        check(120, "2025-10-21", Phase::Normal);
        check(142, "2025-11-12", Phase::Aftermath);
        check(99, "2025-09-30", Phase::Activity);
        check(179, "2025-12-19", Phase::Normal);
        check(141 - 365, "2024-11-11", Phase::Promotion);
        assert_eq!(calendar.burst(), 59..66);
    }

    #[test]
    fn operational_time_has_mean_one_a_year_and_an_inverse() {
        let calendar = calendar();
        let year = calendar.operational(180.0) - calendar.operational(180.0 - 365.0);
        assert!((year - 365.0).abs() < 1e-9, "{year}");
        for time in [-729.5, -3.25, 0.0, 0.75, 141.5, 179.99] {
            let back = calendar.when(calendar.operational(time));
            assert!((back - time).abs() < 1e-9, "{time} came back as {back}");
        }
        assert_eq!(calendar.when(calendar.operational(180.0) + 0.1), f64::INFINITY);
        assert!(calendar.sales(141) / calendar.sales(120) > 10.0);
    }

    #[test]
    fn moments_are_local_and_keep_order() {
        let calendar = calendar();
        assert_eq!(calendar.midnight(0), 1_750_608_000_000_000, "2025-06-22 16:00 UTC");
        let mut before = Micros::MIN;
        for step in 0..18_000 {
            let moment = calendar.instant(f64::from(step) / 100.0);
            assert!(moment > before);
            assert_eq!(calendar.day_of(moment), step / 100);
            before = moment;
        }
    }

    #[test]
    fn a_quarter_of_a_promotion_is_its_first_hour() {
        let calendar = calendar();
        let hour = |time: f64| (calendar.instant(time) - calendar.midnight(time as i32)) / HOUR_MICROS;
        assert_eq!((hour(141.249), hour(141.251)), (0, 1));
        assert_eq!((hour(140.249), hour(140.5)), (11, 16));
    }

    #[test]
    fn a_calm_calendar_is_flat() {
        let calendar = Calendar::new(180, "2025-12-19".parse().unwrap(), true);
        assert!((-HISTORY..180).all(|day| calendar.phase(day) == Phase::Normal));
        assert!((calendar.operational(100.0) - 830.0).abs() < 1e-9);
        assert!(calendar.burst().is_empty());
    }
}
