//! Rows → the bytes of a segment.

use std::collections::{BTreeMap, HashMap};

use crate::container::Writer;
use crate::row::{NO_AMOUNT, NO_ORDER, Row};
use crate::segment::{CellHead, PropertyHead, UNUSED};
use crate::shard::{local_of, shard_of};
use crate::symbols::ABSENT;

/// Builds the segment of a shard from its rows, in any order.
pub fn build(shard: usize, mut rows: Vec<Row>) -> Vec<u8> {
    debug_assert!(rows.iter().all(|row| shard_of(row.dense) == shard), "a row of another shard");
    rows.sort_by_key(Row::sort_key);
    let mut columns = Columns::default();
    for cell in rows.chunk_by(|a, b| cell_key(a) == cell_key(b)) {
        columns.push_cell(cell);
    }
    columns.finish(shard)
}

fn cell_key(row: &Row) -> (u32, u32, u32) {
    (row.behavior, row.shop, row.channel)
}

#[derive(Default)]
struct Columns {
    cells: Vec<CellHead>,
    local: Vec<u16>,
    node: Vec<u32>,
    day: Vec<i32>,
    time: Vec<i64>,
    brand: Vec<u32>,
    category: Vec<u32>,
    campaign: Vec<u32>,
    item: Vec<u32>,
    order: Vec<u64>,
    amount: Vec<i64>,
    quantity: Vec<i64>,
    properties: Properties,
}

#[derive(Default)]
struct Properties {
    heads: Vec<PropertyHead>,
    rows: Vec<u32>,
    codes: Vec<u32>,
    ends: Vec<u64>,
    text: Vec<u8>,
}

impl Columns {
    fn push_cell(&mut self, rows: &[Row]) {
        let start = self.local.len() as u32;
        let (behavior, shop, channel) = cell_key(&rows[0]);
        self.local.extend(rows.iter().map(|row| local_of(row.dense)));
        self.node.extend(rows.iter().map(|row| row.node));
        self.day.extend(rows.iter().map(|row| row.day.0));
        self.time.extend(rows.iter().map(|row| row.time));
        let (properties, property_count) = self.properties.push_cell(rows);
        self.cells.push(CellHead {
            behavior,
            shop,
            channel,
            start,
            len: rows.len() as u32,
            brand: push_used(&mut self.brand, rows, ABSENT, |row| row.brand),
            category: push_used(&mut self.category, rows, ABSENT, |row| row.category),
            campaign: push_used(&mut self.campaign, rows, ABSENT, |row| row.campaign),
            item: push_used(&mut self.item, rows, ABSENT, |row| row.item),
            order: push_used(&mut self.order, rows, NO_ORDER, |row| row.order),
            amount: push_used(&mut self.amount, rows, NO_AMOUNT, |row| row.amount),
            quantity: push_used(&mut self.quantity, rows, NO_AMOUNT, |row| row.quantity),
            properties,
            property_count,
        });
    }

    fn finish(self, shard: usize) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.column("shard", &[shard as u32]);
        writer.column("cells", &self.cells);
        writer.column("local", &self.local);
        writer.column("node", &self.node);
        writer.column("day", &self.day);
        writer.column("time", &self.time);
        writer.column("brand", &self.brand);
        writer.column("category", &self.category);
        writer.column("campaign", &self.campaign);
        writer.column("item", &self.item);
        writer.column("order", &self.order);
        writer.column("amount", &self.amount);
        writer.column("quantity", &self.quantity);
        self.properties.write(&mut writer);
        writer.finish()
    }
}

/// Appends a column of a cell, unless every row lacks it; returns where it begins.
fn push_used<T: Copy + PartialEq>(
    column: &mut Vec<T>,
    rows: &[Row],
    absent: T,
    value: impl Fn(&Row) -> T,
) -> u32 {
    if rows.iter().all(|row| value(row) == absent) {
        return UNUSED;
    }
    let start = column.len() as u32;
    column.extend(rows.iter().map(value));
    start
}

impl Properties {
    fn push_cell(&mut self, rows: &[Row]) -> (u32, u32) {
        let mut by_key: BTreeMap<u32, Vec<(u32, &str)>> = BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            for (key, value) in &row.properties {
                by_key.entry(*key).or_default().push((i as u32, value));
            }
        }
        let start = self.heads.len() as u32;
        for (key, values) in &by_key {
            self.push_key(*key, values);
        }
        (start, by_key.len() as u32)
    }

    fn push_key(&mut self, key: u32, values: &[(u32, &str)]) {
        let (rows, first_value) = (self.rows.len() as u32, self.ends.len() as u32);
        let mut codes: HashMap<&str, u32> = HashMap::new();
        for (row, value) in values {
            let next = codes.len() as u32;
            let code = *codes.entry(value).or_insert(next);
            if code == next {
                self.text.extend_from_slice(value.as_bytes());
                self.ends.push(self.text.len() as u64);
            }
            self.rows.push(*row);
            self.codes.push(code);
        }
        let (row_count, value_count) = (values.len() as u32, codes.len() as u32);
        self.heads.push(PropertyHead { key, rows, row_count, values: first_value, value_count });
    }

    fn write(self, writer: &mut Writer) {
        writer.column("properties", &self.heads);
        writer.column("property_rows", &self.rows);
        writer.column("property_codes", &self.codes);
        writer.column("property_ends", &self.ends);
        writer.column("property_text", &self.text);
    }
}
