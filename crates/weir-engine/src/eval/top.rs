//! `top`: the n with the greatest measure. The only node that looks across shards, so it runs while compiling.

use std::cmp::Ordering;

use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::expr::Top;

use crate::eval::did::{Total, Totals};
use crate::members::Members;
use crate::plan::filter::EventFilter;
use crate::shard::{Dense, dense_of};
use crate::world::World;

/// The greatest of a set by a measure over some events. Those without a matching event, or without the measure, are
/// not ranked; ties go to the lesser canonical identifier.
pub(crate) fn select(world: &World, of: &Members, top: &Top, events: &EventFilter) -> Result<RoaringBitmap> {
    let shards = of.shards.par_iter().enumerate();
    let ranked: Vec<Vec<(Dense, Total)>> = shards
        .map(|(shard, bits)| {
            let mut totals = Totals::for_measures(std::iter::once(top.measure));
            totals.scan(events, world.shards.get(shard).map_or(&[], Vec::as_slice))?;
            totals.settle();
            let mut seen = totals.seen.clone();
            seen.and(bits);
            Ok(seen.iter().map(|local| (dense_of(shard, local), totals.total(top.measure, local))).collect())
        })
        .collect::<Result<_>>()?;
    let mut all: Vec<(Dense, Total)> =
        ranked.into_iter().flatten().filter(|(_, t)| *t != Total::Absent).collect();
    let identifiers = world.facts.identifiers()?;
    let name = |dense: Dense| identifiers.get(world.consumers.canonical(dense));
    all.sort_unstable_by(|a, b| {
        greatest_first(a.1, b.1).then_with(|| world.policy.order(name(a.0), name(b.0)))
    });
    let n = usize::try_from(top.n).unwrap_or(usize::MAX);
    Ok(all.into_iter().take(n).map(|(dense, _)| dense).collect())
}

fn greatest_first(a: Total, b: Total) -> Ordering {
    match (a, b) {
        (Total::Ratio { units: x, divisor: p }, Total::Ratio { units: y, divisor: q }) => {
            (y * p).cmp(&(x * q))
        }
        (Total::Date(x), Total::Date(y)) => y.cmp(&x),
        _ => Ordering::Equal,
    }
}
