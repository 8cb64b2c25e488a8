//! Rows → the bytes of a segment.

use std::collections::BTreeMap;

use hashbrown::HashMap;

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
        let plain: Vec<Plain> = cell.iter().map(Plain::of).collect();
        columns.push_cell(cell_key(&cell[0]), &plain, &coded(cell));
    }
    columns.finish(shard)
}

/// Behavior, shop, channel.
pub(super) type Key = (u32, u32, u32);

fn cell_key(row: &Row) -> Key {
    (row.behavior, row.shop, row.channel)
}

/// A row without its cell's key and its properties.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    pub local: u16,
    pub node: u32,
    pub day: i32,
    pub time: i64,
    pub brand: u32,
    pub category: u32,
    pub campaign: u32,
    pub item: u32,
    pub order: u64,
    pub amount: i64,
    pub quantity: i64,
}

impl Plain {
    fn of(row: &Row) -> Plain {
        Plain {
            local: local_of(row.dense),
            node: row.node,
            day: row.day.0,
            time: row.time,
            brand: row.brand,
            category: row.category,
            campaign: row.campaign,
            item: row.item,
            order: row.order,
            amount: row.amount,
            quantity: row.quantity,
        }
    }
}

/// The values of one property key in a cell, each distinct one numbered.
#[derive(Default)]
pub(super) struct Coded<'a> {
    codes: HashMap<&'a str, u32>,
    texts: Vec<&'a str>,
    /// Row and code, by row.
    pub rows: Vec<(u32, u32)>,
}

impl<'a> Coded<'a> {
    pub fn code(&mut self, text: &'a str) -> u32 {
        let next = self.texts.len() as u32;
        let code = *self.codes.entry(text).or_insert(next);
        if code == next {
            self.texts.push(text);
        }
        code
    }
}

/// The properties of a cell's rows.
fn coded(rows: &[Row]) -> BTreeMap<u32, Coded<'_>> {
    let mut by_key: BTreeMap<u32, Coded> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        for (key, value) in &row.properties {
            let coded = by_key.entry(*key).or_default();
            let code = coded.code(value);
            coded.rows.push((i as u32, code));
        }
    }
    by_key
}

#[derive(Default)]
pub(super) struct Columns {
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
    /// Adds a cell; its rows are in order.
    pub fn push_cell(
        &mut self,
        (behavior, shop, channel): Key,
        rows: &[Plain],
        properties: &BTreeMap<u32, Coded<'_>>,
    ) {
        let start = self.local.len() as u32;
        self.local.extend(rows.iter().map(|row| row.local));
        self.node.extend(rows.iter().map(|row| row.node));
        self.day.extend(rows.iter().map(|row| row.day));
        self.time.extend(rows.iter().map(|row| row.time));
        let (properties, property_count) = self.properties.push_cell(properties);
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

    pub fn finish(self, shard: usize) -> Vec<u8> {
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
    rows: &[Plain],
    absent: T,
    value: impl Fn(&Plain) -> T,
) -> u32 {
    if rows.iter().all(|row| value(row) == absent) {
        return UNUSED;
    }
    let start = column.len() as u32;
    column.extend(rows.iter().map(value));
    start
}

impl Properties {
    fn push_cell(&mut self, by_key: &BTreeMap<u32, Coded<'_>>) -> (u32, u32) {
        let start = self.heads.len() as u32;
        for (key, coded) in by_key {
            self.push_key(*key, coded);
        }
        (start, by_key.len() as u32)
    }

    fn push_key(&mut self, key: u32, coded: &Coded<'_>) {
        let (rows, values) = (self.rows.len() as u32, self.ends.len() as u32);
        for text in &coded.texts {
            self.text.extend_from_slice(text.as_bytes());
            self.ends.push(self.text.len() as u64);
        }
        self.rows.extend(coded.rows.iter().map(|(row, _)| *row));
        self.codes.extend(coded.rows.iter().map(|(_, code)| *code));
        let (row_count, value_count) = (coded.rows.len() as u32, coded.texts.len() as u32);
        self.heads.push(PropertyHead { key, rows, row_count, values, value_count });
    }

    fn write(self, writer: &mut Writer) {
        writer.column("properties", &self.heads);
        writer.column("property_rows", &self.rows);
        writer.column("property_codes", &self.codes);
        writer.column("property_ends", &self.ends);
        writer.column("property_text", &self.text);
    }
}
