//! Channels: whom each of them reached in some days, and what there is to choose from on one of them.
//!
//! The whole tree is counted in one pass: each event sets one bit in the set of its own channel, and a node above is the
//! union of what lies below it, so that whoever was reached twice counts once.

use std::collections::BTreeMap;

use weir_core::Result;
use weir_core::channel::is_below;
use weir_core::expr::Filter;
use weir_core::scope::Scope;
use weir_core::time::{Day, DayRange, Window};
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::eval::segments_of;
use crate::plan::filter::{EventFilter, Picked};
use crate::segment::{Cell, Numbers};
use crate::symbols::{ABSENT, Column};
use crate::world::World;

/// Whom channels reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReach {
    /// For each node of the tree, in order of path, how many people it and those below it reached.
    pub nodes: Vec<(String, u64)>,
    /// People with an event on any channel.
    pub any: u64,
    /// How many are known as of the date.
    pub universe: u64,
}

/// Values that events have brought, and how many events have each.
pub type Seen = BTreeMap<(usize, String), u64>;

/// Columns whose values can be chosen from; [`Seen`] names them by place.
pub const CHOICES: [Column; 7] = [
    Column::Behavior,
    Column::Shop,
    Column::Brand,
    Column::Category,
    Column::Campaign,
    Column::Item,
    Column::Property,
];

/// Counts the people of every channel whose events lie in a window; `behavior`s are those that count, all if there are none.
pub fn reach(
    world: &World,
    names: &dyn Vocabulary,
    behavior: &[String],
    window: Option<Window>,
    as_of: Day,
) -> Result<ChannelReach> {
    let filter = Filter { behavior: behavior.to_vec(), ..Filter::default() };
    let events = EventFilter::new(world, names, &filter, &Scope::Workspace, Window::range_of(window, as_of))?;
    let tree = Tree::new(world, names);
    let shards = world.each_shard(|number| {
        let universe = world.consumers.universe(number, as_of);
        let reached = reached(&events, world, number, &universe)?;
        Ok((tree.count(&reached), universe.count()))
    })?;
    let (mut counts, mut universe) = (vec![0; tree.below.len() + 1], 0);
    for (shard, known) in shards {
        counts.iter_mut().zip(shard).for_each(|(sum, n)| *sum += n);
        universe += known;
    }
    let any = counts.pop().unwrap_or_default();
    let nodes = names.channels().nodes().map(|(path, _)| path.to_owned()).zip(counts).collect();
    Ok(ChannelReach { nodes, any, universe })
}

/// By number of a channel whom it reached itself.
pub(crate) fn reached(
    events: &EventFilter,
    world: &World,
    shard: usize,
    universe: &Bits,
) -> Result<BTreeMap<u32, Bits>> {
    let mut reached: BTreeMap<u32, Bits> = BTreeMap::new();
    for segment in segments_of(world, shard) {
        events.scan(segment, events.range(), |cell, picked| {
            if cell.head.channel == ABSENT {
                return Ok(());
            }
            let (local, people) =
                (cell.local()?, reached.entry(cell.head.channel).or_insert_with(Bits::empty));
            picked.each(|row| people.insert(local[row]));
            Ok(())
        })?;
    }
    reached.values_mut().for_each(|people| people.and(universe));
    Ok(reached)
}

/// For each node of the tree the channels at it or below it.
struct Tree {
    below: Vec<Vec<u32>>,
}

impl Tree {
    fn new(world: &World, names: &dyn Vocabulary) -> Tree {
        let texts: Vec<&str> = world.texts(Column::Channel).collect();
        let below =
            |node: &str| (1..).zip(&texts).filter(|(_, path)| is_below(path, node)).map(|(n, _)| n).collect();
        Tree { below: names.channels().nodes().map(|(path, _)| below(path)).collect() }
    }

    /// How many each node reached, and any channel last.
    fn count(&self, reached: &BTreeMap<u32, Bits>) -> Vec<u64> {
        let node = |channels: &Vec<u32>| union(channels.iter().filter_map(|channel| reached.get(channel)));
        self.below.iter().map(node).chain([union(reached.values())]).collect()
    }
}

fn union<'a>(sets: impl Iterator<Item = &'a Bits>) -> u64 {
    let mut all = Bits::empty();
    let mut some = false;
    for set in sets {
        some = true;
        all.or(set);
    }
    if some { all.count() } else { 0 }
}

/// What events on a channel or below it have brought up to a date, of people who are known then.
pub fn seen(world: &World, names: &dyn Vocabulary, channel: &str, as_of: Day) -> Result<Seen> {
    let filter = Filter { channel: vec![channel.to_owned()], ..Filter::default() };
    let range = DayRange { first: Day::BEGINNING, last: as_of };
    let events = EventFilter::new(world, names, &filter, &Scope::Workspace, range)?;
    let shards = world.each_shard(|number| {
        let (universe, mut choices) = (world.consumers.universe(number, as_of), Choices::default());
        for segment in segments_of(world, number) {
            events.scan(segment, range, |cell, picked| choices.add(cell, &picked, &universe))?;
        }
        Ok(choices.0)
    })?;
    let mut seen = Seen::new();
    for ((place, number), events) in shards.into_iter().flatten() {
        if let Some(text) = world.symbols.text(CHOICES[place], number) {
            *seen.entry((place, text.to_owned())).or_default() += events;
        }
    }
    Ok(seen)
}

/// Events of a shard by place of the column and number of the text.
#[derive(Default)]
struct Choices(BTreeMap<(usize, u32), u64>);

impl Choices {
    fn add(&mut self, cell: &Cell<'_>, picked: &Picked<'_>, universe: &Bits) -> Result<()> {
        let (local, mut rows) = (cell.local()?, Vec::new());
        picked.clone().each(|row| {
            if universe.contains(local[row]) {
                rows.push(row as u32);
            }
        });
        if rows.is_empty() {
            return Ok(());
        }
        for (place, number) in [(0, cell.head.behavior), (1, cell.head.shop)] {
            self.count(place, number, rows.len() as u64);
        }
        let columns = [(2, cell.brand()?), (3, cell.category()?), (4, cell.campaign()?), (5, cell.item()?)];
        for (place, column) in columns {
            self.rows(place, column, &rows);
        }
        for property in cell.properties()? {
            let with = rows.iter().filter(|row| property.rows.binary_search(row).is_ok()).count();
            self.count(6, property.key, with as u64);
        }
        Ok(())
    }

    fn rows(&mut self, place: usize, column: Option<Numbers<'_>>, rows: &[u32]) {
        let Some(column) = column else { return };
        rows.iter().for_each(|row| self.count(place, column.at(*row as usize), 1));
    }

    fn count(&mut self, place: usize, number: u32, events: u64) {
        if number != ABSENT && events > 0 {
            *self.0.entry((place, number)).or_default() += events;
        }
    }
}
