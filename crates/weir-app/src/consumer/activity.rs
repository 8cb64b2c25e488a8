//! How much a person did, where, and under which identifiers.

use std::collections::{BTreeMap, HashMap};

use weir_core::identity::{Identifier, Node};
use weir_core::time::{Day, Micros};
use weir_engine::consumer::Alone;
use weir_engine::row::Row;
use weir_engine::symbols::Column;

use super::{Found, SeenIdentifier};
use crate::identity::{LinkRecord, key};

/// What a person did up to a date, counted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Activity {
    /// Events up to the date.
    pub events: u64,
    /// Events after it, which are in no other figure.
    pub later: u64,
    /// The first of those up to the date.
    pub first: Option<Micros>,
    /// The last of them.
    pub last: Option<Micros>,
    /// By behavior.
    pub behaviors: BTreeMap<String, u64>,
    /// By channel, the busiest first; events without a channel are under none.
    pub channels: Vec<ChannelActivity>,
}

/// What a person did in a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelActivity {
    /// Its path; none: the events named no channel.
    pub channel: Option<String>,
    /// Events.
    pub events: u64,
    /// The first.
    pub first: Micros,
    /// The last.
    pub last: Micros,
}

impl Activity {
    pub(super) fn of(found: &Found, alone: &Alone<'_>, as_of: Day) -> Activity {
        let (after, rows): (Vec<&Row>, Vec<&Row>) = alone.rows().iter().partition(|row| row.day > as_of);
        let mut activity = Activity {
            events: rows.len() as u64,
            later: after.len() as u64,
            first: rows.last().map(|row| row.time),
            last: rows.first().map(|row| row.time),
            ..Activity::default()
        };
        let text = |column, number| found.view.world().symbols.text(column, number).map(str::to_owned);
        let mut channels: BTreeMap<Option<String>, ChannelActivity> = BTreeMap::new();
        for row in rows {
            let behavior = text(Column::Behavior, row.behavior).unwrap_or_default();
            *activity.behaviors.entry(behavior).or_default() += 1;
            let channel = text(Column::Channel, row.channel);
            let none =
                ChannelActivity { channel: channel.clone(), events: 0, first: row.time, last: row.time };
            let of_channel = channels.entry(channel).or_insert(none);
            of_channel.events += 1;
            of_channel.first = of_channel.first.min(row.time);
            of_channel.last = of_channel.last.max(row.time);
        }
        activity.channels = channels.into_values().collect();
        activity.channels.sort_by_key(|channel| std::cmp::Reverse(channel.events));
        activity
    }
}

/// When each identifier was seen: with events, and in links.
pub(super) fn seen(
    identifiers: Vec<(Node, Identifier)>,
    alone: &Alone<'_>,
    links: &[LinkRecord],
) -> Vec<SeenIdentifier> {
    let mut times: HashMap<Node, (Micros, Micros, u64)> = HashMap::new();
    let mut see = |node: Node, time: Micros, events: u64| {
        let (first, last, count) = times.entry(node).or_insert((time, time, 0));
        (*first, *last, *count) = ((*first).min(time), (*last).max(time), *count + events);
    };
    alone.rows().iter().for_each(|row| see(row.node, row.time, 1));
    for link in links {
        let (a, b) = link.nodes;
        link.time.into_iter().for_each(|time| [a, b].into_iter().for_each(|node| see(node, time, 0)));
    }
    let one = |(node, identifier): (Node, Identifier)| {
        let seen = times.get(&node);
        SeenIdentifier {
            key: key(node),
            identifier,
            first: seen.map(|(first, _, _)| *first),
            last: seen.map(|(_, last, _)| *last),
            events: seen.map_or(0, |(_, _, events)| *events),
        }
    };
    identifiers.into_iter().map(one).collect()
}
