//! Values to scores: every method comes down to thresholds, and a score is one more than the thresholds that a value
//! reaches.
//!
//! Values are such that more is better: of R the date of the last event, so that thresholds need no as-of.
//!
//! - `quantile` with n bins over N people: a value's score is 1 + ⌊n × W ÷ N⌋, W being the people with a lesser value.
//!   So equal values have equal scores, whatever the order of people, and bins are as even as that allows.
//! - `fixed`: R within the first bound of days has the greatest score, beyond the last has 1; F and M of the last bound
//!   or more have the greatest, of less than the first have 1.
//! - `mean`: 2 where R is not above the mean, F is above it, M is above it; else 1. Compared without dividing.
//!
//! The eight classes are the mean split, whatever the method of the scores.

use crate::time::Day;

use super::{Bounds, Method};

/// What somebody's purchases amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Local date of the last one.
    pub last: Day,
    /// Distinct orders.
    pub orders: u64,
    /// Sum of amounts in 1/10000.
    pub units: i128,
}

/// The least values of the scores from 2 upwards, ascending. A score that nobody can have is left out at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Thresholds {
    /// Dates of the last event.
    pub r: Vec<Day>,
    /// Orders.
    pub f: Vec<u64>,
    /// Sums in 1/10000.
    pub m: Vec<i128>,
}

/// A sum over so many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean {
    /// The sum.
    pub sum: i128,
    /// People.
    pub people: u64,
}

impl Mean {
    /// The mean of some values.
    pub fn of(values: impl Iterator<Item = i128>) -> Mean {
        let start = Mean { sum: 0, people: 0 };
        values.fold(start, |mean, value| Mean { sum: mean.sum + value, people: mean.people + 1 })
    }

    /// The greatest whole number not above the mean.
    pub fn floor(self) -> i128 {
        if self.people == 0 { 0 } else { self.sum.div_euclid(i128::from(self.people)) }
    }

    /// The closest floating-point number; 0 of nobody.
    pub fn to_f64(self) -> f64 {
        if self.people == 0 { 0.0 } else { self.sum as f64 / self.people as f64 }
    }
}

/// One of the eight classes: whether R, F and M are on the better side of the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// Bought lately.
    pub recent: bool,
    /// Buys often.
    pub frequent: bool,
    /// Spends much.
    pub rich: bool,
}

/// R, F, M, name, Chinese name.
const CLASSES: [(bool, bool, bool, &str, &str); 8] = [
    (true, true, true, "important_value", "重要价值"),
    (true, false, true, "important_develop", "重要发展"),
    (false, true, true, "important_keep", "重要保持"),
    (false, false, true, "important_retain", "重要挽留"),
    (true, true, false, "general_value", "一般价值"),
    (true, false, false, "general_develop", "一般发展"),
    (false, true, false, "general_keep", "一般保持"),
    (false, false, false, "general_retain", "一般挽留"),
];

impl Class {
    /// All eight, in the order of listings.
    pub fn all() -> [Class; 8] {
        CLASSES.map(|(recent, frequent, rich, ..)| Class { recent, frequent, rich })
    }

    /// The class of the scores of a mean split.
    pub fn of_scores([r, f, m]: [u32; 3]) -> Class {
        Class { recent: r == 2, frequent: f == 2, rich: m == 2 }
    }

    fn row(self) -> (&'static str, &'static str) {
        let is_it = |(r, f, m, ..): &&(bool, bool, bool, &str, &str)| {
            (*r, *f, *m) == (self.recent, self.frequent, self.rich)
        };
        CLASSES.iter().find(is_it).map_or(("", ""), |(.., name, zh)| (name, zh))
    }

    /// The name.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// The Chinese name.
    pub fn name_zh(self) -> &'static str {
        self.row().1
    }
}

impl Thresholds {
    /// Those of a method over some people as of a date.
    pub fn of(method: &Method, people: &[Person], as_of: Day) -> Thresholds {
        match method {
            Method::Quantile(bins) => Thresholds {
                r: quantiles(people.iter().map(|person| person.last).collect(), *bins),
                f: quantiles(people.iter().map(|person| person.orders).collect(), *bins),
                m: quantiles(people.iter().map(|person| person.units).collect(), *bins),
            },
            Method::Fixed(Bounds { r, f, m }) => Thresholds {
                r: r.iter().rev().map(|days| as_of.plus(-i64::from(*days))).collect(),
                f: f.iter().map(|orders| u64::from(*orders)).collect(),
                m: m.iter().map(|amount| i128::from(amount.0)).collect(),
            },
            Method::Mean => mean_split(people, as_of),
        }
    }

    /// The scores of R, F and M.
    pub fn scores(&self, person: &Person) -> [u32; 3] {
        [score(&self.r, &person.last), score(&self.f, &person.orders), score(&self.m, &person.units)]
    }
}

/// The thresholds of the mean split: whole numbers, because dates, orders and units are.
pub fn mean_split(people: &[Person], as_of: Day) -> Thresholds {
    if people.is_empty() {
        return Thresholds::default();
    }
    let days = Mean::of(people.iter().map(|person| days_since(person.last, as_of)));
    let orders = Mean::of(people.iter().map(|person| i128::from(person.orders)));
    let units = Mean::of(people.iter().map(|person| person.units));
    Thresholds {
        r: vec![as_of.plus(-(days.floor() as i64))],
        f: vec![orders.floor() as u64 + 1],
        m: vec![units.floor() + 1],
    }
}

/// Days from a date to as-of.
pub fn days_since(day: Day, as_of: Day) -> i128 {
    i128::from(as_of.0) - i128::from(day.0)
}

fn score<T: PartialOrd>(thresholds: &[T], value: &T) -> u32 {
    1 + thresholds.partition_point(|threshold| threshold <= value) as u32
}

/// For each score from 2 the least value whose lessers are so many that they fill the bins below.
fn quantiles<T: Ord + Copy>(mut values: Vec<T>, bins: u32) -> Vec<T> {
    values.sort_unstable();
    let (people, bins) = (values.len() as u64, u64::from(bins));
    let least = |below: u64| {
        let lesser = (below * people).div_ceil(bins) as usize;
        let greater_than = *values.get(lesser.checked_sub(1)?)?;
        values[lesser..].iter().copied().find(|value| *value > greater_than)
    };
    (1..bins).map_while(least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, person by person.
    fn by_definition(values: &[u64], bins: u64) -> Vec<u64> {
        let lesser = |value: &u64| values.iter().filter(|other| *other < value).count() as u64;
        values.iter().map(|value| 1 + bins * lesser(value) / values.len() as u64).collect()
    }

    #[test]
    fn quantiles_are_what_they_are_defined_as() {
        let cases: [&[u64]; 6] = [
            &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
            &[1, 1, 1, 1, 1, 2, 3, 9, 9, 9, 9],
            &[7],
            &[4, 4, 4, 4],
            &[1, 2],
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
        ];
        for values in cases {
            for bins in 2..=7 {
                let thresholds = quantiles(values.to_vec(), bins);
                let scores: Vec<u64> = values.iter().map(|v| score(&thresholds, v).into()).collect();
                assert_eq!(scores, by_definition(values, bins.into()), "{values:?} in {bins}");
            }
        }
    }

    #[test]
    fn the_mean_is_split_without_dividing() {
        let person = |last, orders, units| Person { last: Day(last), orders, units };
        // Means: 5 days, 2.33 orders, 0 units.
        let people = [person(95, 1, -3), person(90, 2, 1), person(100, 4, 2)];
        let split = mean_split(&people, Day(100));
        let scores: Vec<[u32; 3]> = people.iter().map(|person| split.scores(person)).collect();
        assert_eq!(scores, [[2, 1, 1], [1, 1, 2], [2, 2, 2]]);
        let names: Vec<&str> = scores.iter().map(|scores| Class::of_scores(*scores).name()).collect();
        assert_eq!(names, ["general_develop", "important_retain", "important_value"]);
    }

    #[test]
    fn bounds_of_days_count_backwards() {
        let method = Method::Fixed(Bounds { r: vec![30, 90], f: vec![2], m: Vec::new() });
        let thresholds = Thresholds::of(&method, &[], Day(1000));
        let score = |days: i32| {
            let person = Person { last: Day(1000 - days), orders: 2, units: 0 };
            thresholds.scores(&person)
        };
        assert_eq!([0, 30, 31, 90, 91].map(|days| score(days)[0]), [3, 3, 2, 2, 1]);
        assert_eq!(score(0)[1..], [2, 1]);
    }
}
