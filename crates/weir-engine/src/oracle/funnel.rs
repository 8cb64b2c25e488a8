//! How far people come along steps: every prefix of the steps is asked for by itself.

use weir_core::Result;
use weir_core::funnel::Funnel;
use weir_core::identity::Node;
use weir_core::time::{Day, Window};

use super::flow::FlowSet;
use super::matching::Matcher;
use super::{Context, Members, Oracle, sequence};

/// How many people come at least as far as each step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// One count per step.
    pub counts: Vec<u64>,
    /// Size of the set, as in a distribution.
    pub total: u64,
}

impl Oracle<'_> {
    /// The levels of a funnel for a set of people.
    pub fn funnel(&self, funnel: &Funnel, set: FlowSet<'_>, as_of: Day) -> Result<Levels> {
        let set = self.counted(set, as_of)?;
        let levels = self.funnel_levels(funnel, &set.people, as_of)?;
        Ok(Levels { counts: levels.iter().map(|level| level.len() as u64).collect(), total: set.total() })
    }

    /// Who of some people comes at least as far as each step.
    pub fn funnel_levels(&self, funnel: &Funnel, people: &Members, as_of: Day) -> Result<Vec<Members>> {
        let mut matchers = Vec::new();
        for step in funnel.steps() {
            matchers.push(Matcher::new(self.world, step, &Context::new(as_of))?);
        }
        let mut levels = vec![Members::new(); matchers.len()];
        for person in people {
            for (step, level) in levels.iter_mut().enumerate() {
                if self.comes_to(*person, &matchers[..=step], funnel, as_of) {
                    level.insert(*person);
                }
            }
        }
        Ok(levels)
    }

    fn comes_to(&self, person: Node, steps: &[Matcher<'_>], funnel: &Funnel, as_of: Day) -> bool {
        let window = Window::range_of(funnel.sequence().window, as_of);
        let inside: Vec<_> = self.events_of(person).filter(|event| window.contains(event.day)).collect();
        let times: Vec<_> = steps.iter().map(|step| sequence::times_of(&inside, step)).collect();
        sequence::in_order(&times, funnel.sequence().within)
    }
}
