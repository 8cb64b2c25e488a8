//! Retention: the cohorts of a window, and in which later periods how many of each came back.
//!
//! Per shard and period one set of the people active in it: each row sets one bit, so that a person counts once a
//! period however much they did, and nothing is hashed or sorted. The first set somebody is in is their cohort; what
//! is left is counting the returns of each period by cohort.

use weir_core::Result;
use weir_core::retention::{Periods, Retention};
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::eval::segments_of;
use crate::plan::compile_events;
use crate::plan::filter::EventFilter;
use crate::segment::Segment;
use crate::shard::SHARD_SIZE;
use crate::states::{Subject, members_at, size};
use crate::world::World;

/// The cohorts of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohorts {
    /// One per period of the window, in order.
    pub cohorts: Vec<Cohort>,
    /// Size of the set looked at; for a frozen one the size it was frozen with.
    pub total: u64,
}

/// Those who began in the same period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// The first day of the period.
    pub date: Day,
    /// How many.
    pub size: u64,
    /// For each period from this to the window's last how many of them came back in it.
    pub returned: Vec<u64>,
}

/// Counts the cohorts of a retention whose names have been checked.
pub fn retention(
    world: &World,
    names: &dyn Vocabulary,
    retention: &Retention,
    subject: &Subject,
    as_of: Day,
) -> Result<Cohorts> {
    let periods = retention.periods(as_of)?;
    let members = members_at(world, names, subject, as_of)?;
    let plan = Plan::new(world, names, retention, &periods, as_of)?;
    let shards =
        world.each_shard(|number| plan.count(&members.shards[number], segments_of(world, number)))?;
    let counts = shards.iter().fold(Counts::new(periods.count), Counts::plus);
    Ok(Cohorts { cohorts: counts.cohorts(&periods), total: size(subject, &members) })
}

/// A retention, ready to run.
struct Plan {
    start: EventFilter,
    /// None where the same events are both: then they are read once.
    returns: Option<EventFilter>,
    /// First day of the window.
    first: Day,
    /// For each day of the window the place of its period.
    places: Vec<u16>,
    periods: usize,
}

impl Plan {
    fn new(
        world: &World,
        names: &dyn Vocabulary,
        retention: &Retention,
        periods: &Periods,
        as_of: Day,
    ) -> Result<Plan> {
        let compile = |did| compile_events(world, names, did, retention.window, as_of);
        let differs = retention.returns != retention.start;
        let days = periods.days.first.0..=periods.days.last.0;
        Ok(Plan {
            start: compile(&retention.start)?,
            returns: differs.then(|| compile(&retention.returns)).transpose()?,
            first: periods.days.first,
            places: days.map(|day| periods.place(Day(day)) as u16).collect(),
            periods: periods.count,
        })
    }

    fn count(&self, among: &Bits, segments: &[Segment]) -> Result<Counts> {
        let started = self.active(&self.start, segments)?;
        let mut counts = Counts::new(self.periods);
        let cohort_of = counts.begin(&started, among);
        match &self.returns {
            None => counts.come_back(&started, &cohort_of),
            Some(returns) => counts.come_back(&self.active(returns, segments)?, &cohort_of),
        }
        Ok(counts)
    }

    /// Who has such an event in each period.
    fn active(&self, events: &EventFilter, segments: &[Segment]) -> Result<Vec<Bits>> {
        let mut active = vec![Bits::empty(); self.periods];
        for segment in segments {
            events.scan(segment, events.range(), |cell, picked| {
                let local = cell.local()?;
                for (Day(day), rows) in cell.days()?.within(events.range()) {
                    let period = &mut active[usize::from(self.places[(day - self.first.0) as usize])];
                    picked.part(rows).each(|row| period.insert(local[row]));
                }
                Ok(())
            })?;
        }
        Ok(active)
    }
}

/// Sizes and returns of a shard, or of all.
struct Counts {
    periods: usize,
    sizes: Vec<u64>,
    /// By cohort, one row for those without a cohort at the end; by period. What lies before the cohort is not asked.
    active: Vec<u64>,
}

impl Counts {
    fn new(periods: usize) -> Counts {
        Counts { periods, sizes: vec![0; periods], active: vec![0; (periods + 1) * periods] }
    }

    /// Counts the cohorts, and tells where in `active` each person's row begins.
    fn begin(&mut self, started: &[Bits], among: &Bits) -> Vec<u32> {
        let mut row_of = vec![(self.periods * self.periods) as u32; SHARD_SIZE];
        let mut left = among.clone();
        for (cohort, started) in started.iter().enumerate() {
            let mut new = started.clone();
            new.and(&left);
            left.minus(&new);
            self.sizes[cohort] += new.count();
            new.iter().for_each(|local| row_of[usize::from(local)] = (cohort * self.periods) as u32);
        }
        row_of
    }

    fn come_back(&mut self, active: &[Bits], row_of: &[u32]) {
        for (period, active) in active.iter().enumerate() {
            for local in active.iter() {
                self.active[row_of[usize::from(local)] as usize + period] += 1;
            }
        }
    }

    fn plus(mut self, other: &Counts) -> Counts {
        self.sizes.iter_mut().zip(&other.sizes).for_each(|(a, b)| *a += b);
        self.active.iter_mut().zip(&other.active).for_each(|(a, b)| *a += b);
        self
    }

    fn cohorts(&self, periods: &Periods) -> Vec<Cohort> {
        let cohort = |(place, date)| Cohort {
            date,
            size: self.sizes[place],
            returned: self.active[place * self.periods..][place..self.periods].to_vec(),
        };
        periods.dates().enumerate().map(cohort).collect()
    }
}
