//! Rows of retired consumers, under their new ids.
//!
//! When people are merged or split, their old ids are retired (see [`crate::consumers`]); the rows that carry them are
//! written once more, in small segments. Rows keep the identifier they arrived with, which names the new owner.

use std::collections::BTreeMap;

use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::Result;

use crate::bits::Bits;
use crate::consumers::Consumers;
use crate::packed::Rows;
use crate::row::{NO_AMOUNT, NO_ORDER, Row};
use crate::segment::{Amounts, Cell, Numbers, Segment};
use crate::shard::{dense_of, shard_of};
use crate::symbols::ABSENT;

/// The rows of retired ids under their new owners, by shard.
pub fn moved_rows(
    segments: &[Vec<Segment>],
    retired: &[u32],
    consumers: &Consumers,
) -> Result<BTreeMap<usize, Rows>> {
    let retired: RoaringBitmap = retired.iter().copied().collect();
    let found: Vec<Vec<Row>> = segments
        .par_iter()
        .flatten()
        .map(|segment| rows_of(segment, &Consumers::in_shard(&retired, segment.shard())))
        .collect::<Result<_>>()?;
    let mut by_shard: BTreeMap<usize, Rows> = BTreeMap::new();
    for row in found.into_iter().flatten() {
        if let Some(dense) = consumers.dense(row.node) {
            by_shard.entry(shard_of(dense)).or_default().push(&Row { dense, ..row });
        }
    }
    Ok(by_shard)
}

/// The rows of some consumers of a segment's shard.
pub fn rows_of(segment: &Segment, whose: &Bits) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if segment.holders()?.count_and(whose) > 0 {
        for cell in segment.cells() {
            let local = cell.local()?;
            rows.append(&mut rows_where(&cell, segment.shard(), |row| whose.contains(local[row]))?);
        }
    }
    Ok(rows)
}

/// The rows of a cell that satisfy a predicate, whole.
pub(crate) fn rows_where(cell: &Cell<'_>, shard: usize, wanted: impl Fn(usize) -> bool) -> Result<Vec<Row>> {
    let wanted: Vec<usize> = (0..cell.len()).filter(|row| wanted(*row)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let properties = properties_of(cell, &wanted)?;
    wanted.iter().zip(properties).map(|(row, properties)| row_of(cell, shard, *row, properties)).collect()
}

fn row_of(cell: &Cell<'_>, shard: usize, row: usize, properties: Vec<(u32, String)>) -> Result<Row> {
    let number = |column: Option<Numbers<'_>>| column.map_or(ABSENT, |column| column.at(row));
    let amount = |column: Option<Amounts<'_>>| column.map_or(NO_AMOUNT, |column| column.at(row));
    Ok(Row {
        dense: dense_of(shard, cell.local()?[row]),
        node: cell.node()?[row],
        time: cell.times()?.at(row),
        day: cell.days()?.of(row),
        behavior: cell.head.behavior,
        channel: cell.head.channel,
        shop: cell.head.shop,
        brand: number(cell.brand()?),
        category: number(cell.category()?),
        campaign: number(cell.campaign()?),
        item: number(cell.item()?),
        order: cell.order()?.map_or(NO_ORDER, |column| column[row]),
        amount: amount(cell.amount()?),
        quantity: amount(cell.quantity()?),
        properties,
    })
}

/// The properties of some rows of a cell, which are given in ascending order.
fn properties_of(cell: &Cell<'_>, rows: &[usize]) -> Result<Vec<Vec<(u32, String)>>> {
    let mut of_rows = vec![Vec::new(); rows.len()];
    for property in cell.properties()? {
        let mut at = 0;
        for (row, own) in rows.iter().zip(&mut of_rows) {
            at += ahead(&property.rows[at..], *row as u32);
            if property.rows.get(at) == Some(&(*row as u32)) {
                own.push((property.key, property.value(property.codes[at]).to_owned()));
            }
        }
    }
    Ok(of_rows)
}

/// Where the first entry that is not less stands in an ascending list; quick when it is near the beginning.
fn ahead(sorted: &[u32], wanted: u32) -> usize {
    let mut reach = 1;
    while sorted.get(reach).is_some_and(|entry| *entry < wanted) {
        reach *= 2;
    }
    let (from, to) = (reach / 2, (reach + 1).min(sorted.len()));
    from.min(to) + sorted[from.min(to)..to].partition_point(|entry| *entry < wanted)
}
