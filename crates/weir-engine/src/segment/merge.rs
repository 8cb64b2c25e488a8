//! Several segments of a shard → the bytes of one, column by column: no row is taken apart into texts and put together
//! again.

use std::collections::BTreeMap;

use weir_core::Result;

use crate::bits::Bits;
use crate::container::Aligned;
use crate::packed::PackedProperties;
use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::segment::build::{Coded, Columns, Key, Plain};
use crate::segment::{Amounts, Cell, Days, Numbers, Property, Segment, Times};
use crate::symbols::ABSENT;

/// "Not in the merged cell."
const GONE: u32 = u32::MAX;

/// One segment with the rows that `present` consumers have in several of a shard; the others' are left out.
pub fn merge(shard: usize, segments: &[Segment], present: &Bits) -> Result<Aligned> {
    let mut cells: Vec<Cell<'_>> = segments.iter().flat_map(Segment::cells).collect();
    cells.sort_by_key(key);
    let mut columns = Columns::with_room_for(segments.iter().map(Segment::rows).sum());
    for of_key in cells.chunk_by(|a, b| key(a) == key(b)) {
        push(&mut columns, of_key, present)?;
    }
    Ok(columns.finish(shard))
}

fn key(cell: &Cell<'_>) -> Key {
    (cell.head.behavior, cell.head.shop, cell.head.channel)
}

/// A row, and where it comes from: the place of its cell, and its place in that.
type Placed = (Plain<'static>, u32, u32);

fn push(columns: &mut Columns, cells: &[Cell<'_>], present: &Bits) -> Result<()> {
    let mut rows: Vec<Placed> = Vec::with_capacity(cells.iter().map(Cell::len).sum());
    for (at, cell) in (0..).zip(cells) {
        let source = Source::of(cell)?;
        for (day, run) in source.days.iter() {
            let kept = run.filter(|row| present.contains(source.local[*row]));
            rows.extend(kept.map(|row| (source.plain(row, day.0), at, row as u32)));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    // Each cell is sorted already, so this is a merging of runs.
    rows.sort_by_key(|(row, ..)| (row.day, row.time, row.local, row.node));
    let properties = properties(cells, &rows)?;
    let rows: Vec<Plain<'_>> = rows.into_iter().map(|(row, ..)| row).collect();
    columns.push_cell(key(&cells[0]), &rows, &properties);
    Ok(())
}

/// The columns of a cell.
struct Source<'a> {
    local: &'a [u16],
    node: &'a [u32],
    days: Days<'a>,
    times: Times<'a>,
    numbers: [Option<Numbers<'a>>; 4],
    order: Option<&'a [u64]>,
    amounts: [Option<Amounts<'a>>; 2],
}

impl<'a> Source<'a> {
    fn of(cell: &Cell<'a>) -> Result<Source<'a>> {
        Ok(Source {
            local: cell.local()?,
            node: cell.node()?,
            days: cell.days()?,
            times: cell.times()?,
            numbers: [cell.brand()?, cell.category()?, cell.campaign()?, cell.item()?],
            order: cell.order()?,
            amounts: [cell.amount()?, cell.quantity()?],
        })
    }

    fn plain(&self, row: usize, day: i32) -> Plain<'static> {
        let [brand, category, campaign, item] =
            self.numbers.map(|column| column.map_or(ABSENT, |column| column.at(row)));
        let [amount, quantity] = self.amounts.map(|column| column.map_or(NO_AMOUNT, |column| column.at(row)));
        Plain {
            local: self.local[row],
            node: self.node[row],
            day,
            time: self.times.at(row),
            brand,
            category,
            campaign,
            item,
            order: self.order.map_or(NO_ORDER, |column| column[row]),
            amount,
            quantity,
            properties: PackedProperties::default(),
        }
    }
}

/// The properties of the merged rows. Each distinct value of a cell is numbered once, however many rows have it.
fn properties<'a>(cells: &[Cell<'a>], rows: &[Placed]) -> Result<BTreeMap<u32, Coded<'a>>> {
    if cells.iter().all(|cell| !cell.has_properties()) {
        return Ok(BTreeMap::new());
    }
    let mut new_place: Vec<Vec<u32>> = cells.iter().map(|cell| vec![GONE; cell.len()]).collect();
    for (place, (_, cell, row)) in rows.iter().enumerate() {
        new_place[*cell as usize][*row as usize] = place as u32;
    }
    let mut by_key: BTreeMap<u32, Coded<'a>> = BTreeMap::new();
    for (cell, new_place) in cells.iter().zip(&new_place) {
        for property in cell.properties()? {
            add(&property, new_place, &mut by_key);
        }
    }
    // In order within each cell, so this is a merging of runs, too.
    by_key.values_mut().for_each(|coded| coded.rows.sort());
    Ok(by_key)
}

fn add<'a>(property: &Property<'a>, new_place: &[u32], by_key: &mut BTreeMap<u32, Coded<'a>>) {
    let mut new_codes: Vec<u32> = vec![GONE; property.values().count()];
    let places = property.rows.iter().map(|row| new_place[*row as usize]);
    for (place, code) in places.zip(property.codes).filter(|(place, _)| *place != GONE) {
        let coded = by_key.entry(property.key).or_default();
        let new_code = &mut new_codes[*code as usize];
        if *new_code == GONE {
            *new_code = coded.code(property.value(*code));
        }
        coded.rows.push((place, *new_code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::packed::Rows;
    use crate::rekey::rows_of;
    use crate::row::Row;
    use crate::segment::build;
    use weir_core::time::Day;

    fn row(i: u32) -> Row {
        let property = |key: u32, n: u32| (key, format!("\"{n}\""));
        let some = |n: u32, of: u32| if i.is_multiple_of(of) { n } else { 0 };
        Row {
            dense: i * 7 % 50,
            node: i % 60,
            time: i64::from(i * 31 % 97),
            day: Day((i * 31 % 97 / 10) as i32),
            behavior: 1 + i % 3,
            channel: i % 2,
            shop: 0,
            brand: some(3, 4),
            category: some(i % 5, 2),
            campaign: 0,
            item: i % 11,
            order: if i.is_multiple_of(3) { u64::from(i) + 1 } else { NO_ORDER },
            amount: if i.is_multiple_of(3) { i64::from(i) } else { NO_AMOUNT },
            quantity: NO_AMOUNT,
            properties: (0..i % 4).map(|key| property(1 + key, i % (3 + key))).collect(),
        }
    }

    fn built(rows: &[Row]) -> Segment {
        let mut packed = Rows::default();
        rows.iter().for_each(|row| packed.push(row));
        open(build(0, &packed).unwrap())
    }

    fn open(bytes: Aligned) -> Segment {
        Segment::open("a segment", Arc::new(bytes)).unwrap()
    }

    #[test]
    fn merged_segments_hold_the_rows_that_one_built_at_once_holds() {
        let rows: Vec<Row> = (0..900).map(row).collect();
        let mut present = Bits::empty();
        (0..50).filter(|local| local % 9 != 0).for_each(|local| present.insert(local));
        let kept: Vec<Row> = rows.iter().filter(|row| present.contains(row.dense as u16)).cloned().collect();
        let parts: Vec<Segment> = rows.chunks(211).map(built).collect();
        let merged = open(merge(0, &parts, &present).unwrap());
        let whole = built(&kept);
        assert_eq!(merged.rows(), kept.len());
        assert_eq!(rows_of(&merged, &present).unwrap(), rows_of(&whole, &present).unwrap());
    }

    #[test]
    fn a_segment_of_nobody_present_is_empty() {
        let part = built(&[row(1), row(2)]);
        assert_eq!(open(merge(0, &[part], &Bits::empty()).unwrap()).rows(), 0);
    }
}
