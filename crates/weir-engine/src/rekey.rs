//! Rows of retired consumers, under their new ids.
//!
//! When people are merged or split, their old ids are retired (see [`crate::consumers`]); the rows that carry them are
//! written once more as small segments. Rows keep the identifier they arrived with, which names the new owner.

use std::collections::{BTreeMap, HashMap};

use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::time::Day;

use crate::consumers::Consumers;
use crate::row::{NO_AMOUNT, NO_ORDER, Row};
use crate::segment::{Cell, Segment, build};
use crate::shard::{dense_of, shard_of};
use crate::symbols::ABSENT;

/// Segments, by shard, that carry the rows of retired ids under their new owners.
pub fn overlay(
    segments: &[Vec<Segment>],
    retired: &[u32],
    consumers: &Consumers,
) -> Result<Vec<(usize, Vec<u8>)>> {
    let retired: RoaringBitmap = retired.iter().copied().collect();
    let mut by_shard: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for segment in segments.iter().flatten() {
        let here = Consumers::in_shard(&retired, segment.shard());
        if here.count() == 0 {
            continue;
        }
        for cell in segment.cells(|_| true)? {
            for row in rows_where(&cell, segment.shard(), |cell, row| here.contains(cell.local[row]))? {
                if let Some(dense) = consumers.dense(row.node) {
                    by_shard.entry(shard_of(dense)).or_default().push(Row { dense, ..row });
                }
            }
        }
    }
    Ok(by_shard.into_iter().map(|(shard, rows)| (shard, build(shard, rows))).collect())
}

/// The rows of a cell that satisfy a predicate, whole.
pub(crate) fn rows_where(
    cell: &Cell<'_>,
    shard: usize,
    wanted: impl Fn(&Cell<'_>, usize) -> bool,
) -> Result<Vec<Row>> {
    let wanted_rows: Vec<usize> = (0..cell.local.len()).filter(|row| wanted(cell, *row)).collect();
    if wanted_rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut properties = properties_of(cell, &wanted_rows)?;
    let rows = wanted_rows.iter().map(|row| {
        let own = properties.remove(&(*row as u32)).unwrap_or_default();
        row_of(cell, shard, *row, own)
    });
    Ok(rows.collect())
}

fn row_of(cell: &Cell<'_>, shard: usize, row: usize, properties: Vec<(u32, String)>) -> Row {
    let number = |column: Option<&[u32]>| column.map_or(ABSENT, |column| column[row]);
    Row {
        dense: dense_of(shard, cell.local[row]),
        node: cell.node[row],
        time: cell.time[row],
        day: Day(cell.day[row]),
        behavior: cell.head.behavior,
        channel: cell.head.channel,
        shop: cell.head.shop,
        brand: number(cell.brand),
        category: number(cell.category),
        campaign: number(cell.campaign),
        item: number(cell.item),
        order: cell.order.map_or(NO_ORDER, |column| column[row]),
        amount: cell.amount.map_or(NO_AMOUNT, |column| column[row]),
        quantity: cell.quantity.map_or(NO_AMOUNT, |column| column[row]),
        properties,
    }
}

fn properties_of(cell: &Cell<'_>, rows: &[usize]) -> Result<HashMap<u32, Vec<(u32, String)>>> {
    let wanted: std::collections::HashSet<u32> = rows.iter().map(|row| *row as u32).collect();
    let mut by_row: HashMap<u32, Vec<(u32, String)>> = HashMap::new();
    for property in cell.properties()? {
        let values: Vec<&str> = property.values().collect();
        for (row, code) in property.rows.iter().zip(property.codes) {
            if wanted.contains(row) {
                by_row.entry(*row).or_default().push((property.key, values[*code as usize].to_owned()));
            }
        }
    }
    Ok(by_row)
}
