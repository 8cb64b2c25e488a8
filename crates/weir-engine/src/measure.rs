//! What everybody's events amount to: the exact measure, or the value with the most of it, for each person of a set.
//!
//! Shard by shard, with the counters of `did` ([`crate::eval`]). People without a matching event have no measure.

use weir_core::Result;
use weir_core::expr::{Did, Measure};
use weir_core::tag::rule::{Dimension, Most};
use weir_core::time::{Day, Window};
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::eval::did::Totals;
use crate::eval::segments_of;
use crate::members::Members;
use crate::plan::compile_events;
use crate::plan::filter::{EventFilter, Picked};
use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::segment::{Amounts, Cell, Numbers, Segment};
use crate::shard::{Dense, dense_of};
use crate::symbols::{ABSENT, Column};
use crate::world::World;

pub use crate::eval::did::Total;

/// All that a condition's own window leaves.
pub(crate) const EVER: Window = Window::UntilDaysAgo { days: 0 };

/// The measure of each of a set who has matching events, and for whom it is defined, in ascending order of ids.
pub fn measure(
    world: &World,
    names: &dyn Vocabulary,
    (measure, events): (Measure, &Did),
    among: &Members,
    as_of: Day,
) -> Result<Vec<(Dense, Total)>> {
    let events = compile_events(world, names, events, EVER, as_of)?;
    let shards = world.each_shard(|number| {
        let (totals, seen) = totals(&[measure], &events, segments_of(world, number), &among.shards[number])?;
        let of_each = seen.iter().map(|local| (dense_of(number, local), totals.total(measure, local)));
        Ok(of_each.filter(|(_, total)| *total != Total::Absent).collect::<Vec<_>>())
    })?;
    Ok(shards.into_iter().flatten().collect())
}

/// Settled totals of a shard, and who of a set has any.
pub(crate) fn totals(
    measures: &[Measure],
    events: &EventFilter,
    segments: &[Segment],
    among: &Bits,
) -> Result<(Totals, Bits)> {
    let mut totals = Totals::for_measures(measures.iter().copied());
    totals.scan(events, segments)?;
    totals.settle();
    let mut seen = totals.seen.clone();
    seen.and(among);
    Ok((totals, seen))
}

/// For each of a set the value with the greatest measure, in ascending order of ids.
pub fn most(
    world: &World,
    names: &dyn Vocabulary,
    most: &Most,
    among: &Members,
    as_of: Day,
) -> Result<Vec<(Dense, String)>> {
    let values = Values::of(world, names, most.of);
    let events = compile_events(world, names, &most.events, EVER, as_of)?;
    let shards = world.each_shard(|number| {
        let mut rows = Rows { by: most.by, rows: Vec::new() };
        for segment in segments_of(world, number) {
            events.scan(segment, events.range(), |cell, picked| rows.add(cell, picked, &values))?;
        }
        let winners = rows.winners(&values);
        let inside = winners.into_iter().filter(|(local, _)| among.shards[number].contains(*local));
        Ok(inside.map(|(local, text)| (dense_of(number, local), text.to_owned())).collect::<Vec<_>>())
    })?;
    Ok(shards.into_iter().flatten().collect())
}

/// The values of a dimension.
pub(crate) struct Values<'a> {
    of: Dimension,
    /// By number; none has the number 0.
    texts: Vec<&'a str>,
    /// By number of a shop the number of its brand, where brands are asked for.
    brand_of_shop: Vec<u32>,
}

impl<'a> Values<'a> {
    pub fn of(world: &'a World, names: &'a dyn Vocabulary, of: Dimension) -> Values<'a> {
        let column = match of {
            Dimension::Category => Column::Category,
            Dimension::Channel => Column::Channel,
            Dimension::Brand => Column::Brand,
            Dimension::Shop => Column::Shop,
            Dimension::Item => Column::Item,
            Dimension::Campaign => Column::Campaign,
        };
        let texts = std::iter::once("").chain(world.symbols.texts(column)).collect();
        let mut values = Values { of, texts, brand_of_shop: vec![ABSENT] };
        if of == Dimension::Brand {
            for shop in world.symbols.texts(Column::Shop) {
                let brand = names.catalog().brand_of_shop(shop);
                let number = brand.map_or(ABSENT, |brand| values.brand(world, brand));
                values.brand_of_shop.push(number);
            }
        }
        values
    }

    /// The number of a brand; one that no event has follows after all that any has.
    fn brand(&mut self, world: &World, brand: &'a str) -> u32 {
        let known = world.symbols.number(Column::Brand, brand);
        known.unwrap_or_else(|| {
            self.texts.push(brand);
            self.texts.len() as u32 - 1
        })
    }

    /// Their texts, from number 1.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.texts.iter().skip(1).copied()
    }

    fn text(&self, number: u32) -> &'a str {
        self.texts[number as usize]
    }

    /// The values of a cell's rows: one for all of them, or a column and what stands in for the absent.
    pub fn column<'c>(&self, cell: &Cell<'c>) -> Result<(Option<Numbers<'c>>, u32)> {
        Ok(match self.of {
            Dimension::Category => (cell.category()?, ABSENT),
            Dimension::Item => (cell.item()?, ABSENT),
            Dimension::Campaign => (cell.campaign()?, ABSENT),
            Dimension::Channel => (None, cell.head.channel),
            Dimension::Shop => (None, cell.head.shop),
            Dimension::Brand => {
                let by_shop = self.brand_of_shop.get(cell.head.shop as usize).copied();
                (cell.brand()?, by_shop.unwrap_or(ABSENT))
            }
        })
    }
}

/// A row as far as it is compared: whose, which value, and what it counts for.
type Counted = (u16, u32, Option<i64>);

/// The rows of a shard that have a value.
struct Rows {
    by: Measure,
    rows: Vec<Counted>,
}

impl Rows {
    fn add(&mut self, cell: &Cell<'_>, picked: Picked<'_>, values: &Values<'_>) -> Result<()> {
        let (column, instead) = values.column(cell)?;
        let local = cell.local()?;
        let counts = self.counts(cell)?;
        picked.each(|row| {
            let value = match column.map_or(ABSENT, |column| column.at(row)) {
                ABSENT => instead,
                value => value,
            };
            if value != ABSENT {
                self.rows.push((local[row], value, counts.at(row)));
            }
        });
        Ok(())
    }

    fn counts<'c>(&self, cell: &Cell<'c>) -> Result<Counts<'c>> {
        Ok(match self.by {
            Measure::Count => Counts::One,
            Measure::ActiveDays => {
                Counts::Days(cell.days()?.iter().map(|(day, run)| (run.end, day)).collect())
            }
            Measure::Orders => Counts::Orders(cell.order()?),
            Measure::Amount => Counts::Sums(cell.amount()?),
            Measure::Quantity => Counts::Sums(cell.quantity()?),
            Measure::Aov | Measure::First | Measure::Last => Counts::One,
        })
    }

    /// For each person the winning value's text.
    fn winners<'v>(mut self, values: &Values<'v>) -> Vec<(u16, &'v str)> {
        self.rows.sort_unstable();
        if matches!(self.by, Measure::ActiveDays | Measure::Orders) {
            self.rows.dedup();
        }
        let mut winners = Vec::new();
        for of_person in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let groups = of_person.chunk_by(|a, b| a.1 == b.1);
            let best = groups.map(|group| (self.size(group), group[0].1)).reduce(|best, other| {
                let wins =
                    other.0 > best.0 || (other.0 == best.0 && values.text(other.1) < values.text(best.1));
                if wins { other } else { best }
            });
            winners.extend(best.map(|(_, value)| (of_person[0].0, values.text(value))));
        }
        winners
    }

    fn size(&self, group: &[Counted]) -> i128 {
        let present = group.iter().filter_map(|(_, _, counted)| *counted);
        match self.by {
            Measure::Amount | Measure::Quantity => present.map(i128::from).sum(),
            _ => present.count() as i128,
        }
    }
}

/// What rows of a cell count for.
enum Counts<'a> {
    One,
    /// Ends of the days' rows.
    Days(Vec<(usize, Day)>),
    Orders(Option<&'a [u64]>),
    Sums(Option<Amounts<'a>>),
}

impl Counts<'_> {
    fn at(&self, row: usize) -> Option<i64> {
        match self {
            Counts::One => Some(1),
            Counts::Days(ends) => {
                let place = ends.partition_point(|(end, _)| *end <= row);
                ends.get(place).map(|(_, day)| i64::from(day.0))
            }
            Counts::Orders(column) => {
                column.map(|column| column[row]).filter(|order| *order != NO_ORDER).map(u64::cast_signed)
            }
            Counts::Sums(column) => column.map(|column| column.at(row)).filter(|units| *units != NO_AMOUNT),
        }
    }
}
