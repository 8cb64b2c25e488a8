//! Who first did something in which period, and who of them did something in which later one.

use weir_core::Result;
use weir_core::identity::Node;
use weir_core::retention::{Periods, Retention};
use weir_core::time::Day;

use super::flow::FlowSet;
use super::matching::Matcher;
use super::{Context, Oracle};

/// The cohorts of a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohorts {
    /// First day, size, and how many came back in the same period and in each later one.
    pub cohorts: Vec<(Day, u64, Vec<u64>)>,
    /// Size of the set, as in a distribution.
    pub total: u64,
}

impl Oracle<'_> {
    /// The cohorts of a set of people.
    pub fn retention(&self, retention: &Retention, set: FlowSet<'_>, as_of: Day) -> Result<Cohorts> {
        let periods = retention.periods(as_of)?;
        let set = self.counted(set, as_of)?;
        let start = Matcher::new(self.world, &retention.start, &Context::new(as_of))?;
        let returns = Matcher::new(self.world, &retention.returns, &Context::new(as_of))?;
        let cohort = |(place, date)| (date, 0, vec![0; periods.count - place]);
        let mut cohorts: Vec<(Day, u64, Vec<u64>)> = periods.dates().enumerate().map(cohort).collect();
        for person in &set.people {
            let Some(first) = self.active_in(*person, &start, &periods).first().copied() else { continue };
            let (_, size, returned) = &mut cohorts[first];
            *size += 1;
            for period in self.active_in(*person, &returns, &periods) {
                if period >= first {
                    returned[period - first] += 1;
                }
            }
        }
        Ok(Cohorts { cohorts, total: set.total() })
    }

    /// The places of the periods in which a person has such an event inside the window, each once, in order.
    fn active_in(&self, person: Node, events: &Matcher<'_>, periods: &Periods) -> Vec<usize> {
        let mut places = Vec::new();
        for event in self.matching(person, events) {
            if periods.days.contains(event.day) {
                places.push(periods.place(event.day));
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}
