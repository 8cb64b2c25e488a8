//! RFM: everybody's recency, frequency and money, and what thresholds make of them.
//!
//! Measured shard by shard; thresholds need everybody, so they come after. See [`weir_core::rfm`].

use weir_core::Result;
use weir_core::expr::Measure;
use weir_core::rfm::score::mean_split;
use weir_core::rfm::{Class, Person, Rfm, Thresholds};
use weir_core::time::{Day, Window};
use weir_core::vocabulary::Vocabulary;

use crate::eval::did::Total;
use crate::eval::segments_of;
use crate::measure::totals;
use crate::members::Members;
use crate::plan::compile_events;
use crate::plan::filter::EventFilter;
use crate::shard::{Dense, dense_of};
use crate::states::{Subject, members_at, size};
use crate::world::World;

/// Everybody who is scored, and the thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Whoever of the set has a purchase within the window of R, in ascending order of ids.
    pub people: Vec<(Dense, Person)>,
    /// Thresholds of the method.
    pub thresholds: Thresholds,
    /// Thresholds of the mean split.
    pub mean: Thresholds,
    /// Size of the set looked at; for a frozen one the size it was frozen with.
    pub total: u64,
}

impl Scored {
    /// The scores of one of the people.
    pub fn scores(&self, person: &Person) -> [u32; 3] {
        self.thresholds.scores(person)
    }

    /// The class of one of the people.
    pub fn class(&self, person: &Person) -> Class {
        Class::of_scores(self.mean.scores(person))
    }
}

/// Scores a subject by an analysis whose names have been checked.
pub fn score_people(
    world: &World,
    names: &dyn Vocabulary,
    rfm: &Rfm,
    subject: &Subject,
    as_of: Day,
) -> Result<Scored> {
    let among = members_at(world, names, subject, as_of)?;
    let plan = Plan::new(world, names, rfm, as_of)?;
    let people: Vec<(Dense, Person)> =
        world.each_shard(|number| plan.measure(world, number, &among))?.into_iter().flatten().collect();
    let values: Vec<Person> = people.iter().map(|(_, person)| *person).collect();
    let thresholds = Thresholds::of(&rfm.method, &values, as_of);
    let mean = mean_split(&values, as_of);
    Ok(Scored { people, thresholds, mean, total: size(subject, &among) })
}

/// The purchases of R, F and M. What is within the same window is read once.
struct Plan {
    scans: Vec<(EventFilter, Vec<Measure>)>,
}

impl Plan {
    fn new(world: &World, names: &dyn Vocabulary, rfm: &Rfm, as_of: Day) -> Result<Plan> {
        let windows = rfm.windows;
        let asked = [(windows.r, Measure::Last), (windows.f, Measure::Orders), (windows.m, Measure::Amount)];
        let mut grouped: Vec<(Option<Window>, Vec<Measure>)> = Vec::new();
        for (window, measure) in asked {
            match grouped.iter_mut().find(|(other, _)| *other == window) {
                Some((_, measures)) => measures.push(measure),
                None => grouped.push((window, vec![measure])),
            }
        }
        let mut scans = Vec::new();
        for (window, measures) in grouped {
            let ever = Window::UntilDaysAgo { days: 0 };
            let events = compile_events(world, names, &rfm.purchases(window), ever, as_of)?;
            scans.push((events, measures));
        }
        Ok(Plan { scans })
    }

    fn measure(&self, world: &World, number: usize, among: &Members) -> Result<Vec<(Dense, Person)>> {
        let mut measured = Vec::with_capacity(self.scans.len());
        for (events, measures) in &self.scans {
            let (totals, seen) = totals(measures, events, segments_of(world, number), &among.shards[number])?;
            measured.push((totals, seen, measures));
        }
        let value = |measure: Measure, local: u16| {
            let (totals, seen, _) = measured.iter().find(|(_, _, measures)| measures.contains(&measure))?;
            seen.contains(local).then(|| totals.total(measure, local))
        };
        let units = |total: Option<Total>| match total {
            Some(Total::Ratio { units, .. }) => units,
            Some(Total::Date(_) | Total::Absent) | None => 0,
        };
        let mut people = Vec::new();
        for local in measured.first().map(|(_, seen, _)| seen.iter()).into_iter().flatten() {
            let Some(Total::Date(last)) = value(Measure::Last, local) else { continue };
            let orders = units(value(Measure::Orders, local)) / i128::from(weir_core::amount::UNITS);
            let units = units(value(Measure::Amount, local));
            people.push((dense_of(number, local), Person { last, orders: orders as u64, units }));
        }
        Ok(people)
    }
}
