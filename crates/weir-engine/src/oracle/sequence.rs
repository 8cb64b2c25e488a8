//! Steps one after the other: every start is tried, and every end a next step may have.

use weir_core::event::Event;
use weir_core::expr::Span;
use weir_core::time::Micros;

use super::matching::Matcher;

/// The times at which a step could take place.
pub(super) fn times_of(events: &[&Event], step: &Matcher<'_>) -> Vec<Micros> {
    events.iter().filter(|event| step.accepts(event)).map(|event| event.time).collect()
}

/// Whether one time of each step can be chosen so that they strictly increase within the span. Events at different
/// times are different events.
pub(super) fn in_order(steps: &[Vec<Micros>], within: Option<Span>) -> bool {
    let Some((first, rest)) = steps.split_first() else { return false };
    first.iter().any(|start| ends_in_time(*start, rest, within))
}

fn ends_in_time(start: Micros, rest: &[Vec<Micros>], within: Option<Span>) -> bool {
    let in_time = |time: Micros| within.is_none_or(|span| time - start <= span.micros());
    let mut ends = vec![start];
    for step in rest {
        let follows = |time: &Micros| in_time(*time) && ends.iter().any(|end| end < time);
        ends = step.iter().copied().filter(follows).collect();
    }
    !ends.is_empty()
}
