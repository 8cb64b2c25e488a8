//! Rows → the bytes of a segment.

use std::collections::BTreeMap;
use std::io::Write;

use hashbrown::HashMap;
use weir_core::{Error, Result};

use crate::container::{Aligned, Writer};
use crate::packed::{Packed, PackedProperties, Rows, Run, Shared};
use crate::row::{NO_AMOUNT, NO_ORDER};
use crate::segment::column::NO_SMALL_AMOUNT;
use crate::segment::{CellHead, DayRun, PropertyHead, UNUSED};
use crate::symbols::ABSENT;

/// Builds the segment of a shard from its rows, in any order. Quick where those that share cell and day follow each
/// other, in order of time.
pub fn build(shard: usize, rows: &Rows) -> Result<Aligned> {
    build_all(shard, std::slice::from_ref(rows))
}

/// The same, from the rows of several sources.
pub fn build_all(shard: usize, sources: &[Rows]) -> Result<Aligned> {
    Ok(columns(sources)?.finish(shard))
}

/// The same, written somewhere.
pub fn build_into(shard: usize, sources: &[Rows], out: &mut impl Write) -> Result<()> {
    let written = columns(sources)?.finish_with(shard, |writer| writer.write_to(out));
    written.map_err(|error| Error::io("cannot write a segment", &error))
}

fn columns(sources: &[Rows]) -> Result<Columns> {
    let mut runs: Vec<Placed<'_>> = Vec::new();
    for rows in sources {
        runs.extend(rows.runs()?.into_iter().map(|run| Placed { rows, run }));
    }
    // Stable, so that the same rows in the same order give the same bytes.
    runs.sort_by_key(|placed| (key(placed), placed.run.shared.day));
    let mut columns = Columns::with_room_for(sources.iter().map(Rows::len).sum());
    let mut cell = Vec::new();
    for of_key in runs.chunk_by(|a, b| key(a) == key(b)) {
        cell.clear();
        for of_day in of_key.chunk_by(|a, b| a.run.shared.day == b.run.shared.day) {
            push_day(&mut cell, of_day)?;
        }
        columns.push_cell(key(&of_key[0]), &cell, &coded(&cell));
    }
    Ok(columns)
}

/// Behavior, shop, channel.
pub(super) type Key = (u32, u32, u32);

/// Where a run is.
struct Placed<'a> {
    rows: &'a Rows,
    run: Run,
}

fn key(placed: &Placed<'_>) -> Key {
    let Shared { behavior, shop, channel, .. } = placed.run.shared;
    (behavior, shop, channel)
}

/// Appends the rows of a cell on one day, in order. Day before time: where a zone sets its clock back at midnight, local
/// dates do not ascend with time.
fn push_day<'a>(cell: &mut Vec<Plain<'a>>, runs: &[Placed<'a>]) -> Result<()> {
    let start = cell.len();
    for Placed { rows, run } in runs {
        for row in rows.run(run) {
            cell.push(Plain::of(&row?, run.shared.day));
        }
    }
    let order = |row: &Plain<'_>| (row.time, row.local, row.node);
    if !cell[start..].is_sorted_by_key(order) {
        cell[start..].sort_by_key(order);
    }
    Ok(())
}

/// The properties of a cell's rows, by key.
fn coded<'a>(cell: &[Plain<'a>]) -> BTreeMap<u32, Coded<'a>> {
    let mut by_key: BTreeMap<u32, Coded<'a>> = BTreeMap::new();
    for (place, row) in (0..).zip(cell).filter(|(_, row)| !row.properties.is_empty()) {
        for (key, value) in row.properties.iter() {
            let coded = by_key.entry(key).or_default();
            let code = coded.code(value);
            coded.rows.push((place, code));
        }
    }
    by_key
}

/// A row without its cell's key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain<'a> {
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
    /// None where rows come from segments: those carry them over by the column.
    pub properties: PackedProperties<'a>,
}

impl<'a> Plain<'a> {
    fn of(row: &Packed<'a>, day: i32) -> Plain<'a> {
        let [brand, category, campaign, item] = row.numbers;
        let Packed { local, node, time, order, amount, quantity, properties, .. } = *row;
        Plain { local, node, day, time, brand, category, campaign, item, order, amount, quantity, properties }
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

#[derive(Default)]
pub(super) struct Columns {
    cells: Vec<CellHead>,
    days: Vec<DayRun>,
    local: Vec<u16>,
    node: Vec<u32>,
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
    /// None yet, with room for so many rows in the columns that every row has.
    pub fn with_room_for(rows: usize) -> Columns {
        Columns {
            local: Vec::with_capacity(rows),
            node: Vec::with_capacity(rows),
            time: Vec::with_capacity(rows),
            ..Columns::default()
        }
    }

    /// Adds a cell; its rows are in order.
    pub fn push_cell(
        &mut self,
        (behavior, shop, channel): Key,
        rows: &[Plain<'_>],
        properties: &BTreeMap<u32, Coded<'_>>,
    ) {
        let start = self.local.len() as u32;
        self.local.extend(rows.iter().map(|row| row.local));
        self.node.extend(rows.iter().map(|row| row.node));
        self.time.extend(rows.iter().map(|row| row.time));
        let (days, day_count) = self.push_days(rows);
        let (properties, property_count) = self.properties.push_cell(properties);
        self.cells.push(CellHead {
            behavior,
            shop,
            channel,
            start,
            len: rows.len() as u32,
            days,
            day_count,
            micros: UNUSED,
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

    fn push_days(&mut self, rows: &[Plain<'_>]) -> (u32, u32) {
        let (start, mut end) = (self.days.len() as u32, 0);
        for run in rows.chunk_by(|a, b| a.day == b.day) {
            end += run.len() as u32;
            self.days.push(DayRun { day: run[0].day, end });
        }
        (start, self.days.len() as u32 - start)
    }

    pub fn finish(self, shard: usize) -> Aligned {
        self.finish_with(shard, whole)
    }

    fn finish_with<T>(mut self, shard: usize, end: impl FnOnce(Writer<'_>) -> T) -> T {
        let times = Instants::of(&self.time, &mut self.cells);
        let numbers =
            [&self.brand, &self.category, &self.campaign, &self.item].map(|column| Narrow::numbers(column));
        let amounts = [&self.amount, &self.quantity].map(|column| Narrow::amounts(column));
        let (shard, base) = ([shard as u32], [times.base]);
        let mut writer = Writer::default();
        let mut widths = Vec::new();
        writer.column("shard", &shard);
        writer.column("base", &base);
        writer.column("cells", &self.cells);
        writer.column("days", &self.days);
        writer.column("local", &self.local);
        writer.column("node", &self.node);
        writer.column("seconds", &times.seconds);
        writer.column("micros", &times.micros);
        writer.column("time", &times.wide);
        writer.column("order", &self.order);
        widths.resize(writer.len(), 0);
        let names = ["brand", "category", "campaign", "item", "amount", "quantity"];
        for (name, column) in names.into_iter().zip(numbers.iter().chain(&amounts)) {
            widths.push(column.width());
            column.write(name, &mut writer);
        }
        self.properties.write(&mut writer);
        writer.column("widths", &widths);
        end(writer)
    }
}

fn whole(writer: Writer<'_>) -> Aligned {
    writer.finish()
}

/// Longest span of seconds that four bytes hold.
const LONGEST: i64 = u32::MAX as i64;

const SECOND: i64 = 1_000_000;

/// The instants of all rows: seconds since the earliest, and micros of the cells that need them.
#[derive(Default)]
struct Instants {
    base: i64,
    seconds: Vec<u32>,
    micros: Vec<u32>,
    wide: Vec<i64>,
}

impl Instants {
    fn of(times: &[i64], cells: &mut [CellHead]) -> Instants {
        let second = |time: i64| time.div_euclid(SECOND);
        let first = times.iter().min().map_or(0, |time| second(*time));
        let last = times.iter().max().map_or(0, |time| second(*time));
        if last - first > LONGEST {
            return Instants { wide: times.to_vec(), ..Instants::default() };
        }
        let seconds = times.iter().map(|time| (second(*time) - first) as u32).collect();
        let mut instants = Instants { base: first * SECOND, seconds, ..Instants::default() };
        for cell in cells {
            let own = &times[cell.start as usize..(cell.start + cell.len) as usize];
            if own.iter().any(|time| time.rem_euclid(SECOND) != 0) {
                cell.micros = instants.micros.len() as u32;
                instants.micros.extend(own.iter().map(|time| time.rem_euclid(SECOND) as u32));
            }
        }
        instants
    }
}

/// A column in the least width that holds it.
enum Narrow<'a> {
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(&'a [u32]),
    I32(Vec<i32>),
    I64(&'a [i64]),
}

impl<'a> Narrow<'a> {
    fn numbers(column: &'a [u32]) -> Narrow<'a> {
        match column.iter().max().copied().unwrap_or(0) {
            0..=0xFF => Narrow::U8(column.iter().map(|number| *number as u8).collect()),
            0x100..=0xFFFF => Narrow::U16(column.iter().map(|number| *number as u16).collect()),
            _ => Narrow::U32(column),
        }
    }

    fn amounts(column: &'a [i64]) -> Narrow<'a> {
        let small = |amount: &i64| match *amount {
            NO_AMOUNT => Some(NO_SMALL_AMOUNT),
            amount => i32::try_from(amount).ok().filter(|small| *small != NO_SMALL_AMOUNT),
        };
        column.iter().map(small).collect::<Option<_>>().map_or(Narrow::I64(column), Narrow::I32)
    }

    fn width(&self) -> u8 {
        match self {
            Narrow::U8(_) => 1,
            Narrow::U16(_) => 2,
            Narrow::U32(_) | Narrow::I32(_) => 4,
            Narrow::I64(_) => 8,
        }
    }

    fn write<'w>(&'w self, name: &'w str, writer: &mut Writer<'w>) {
        match self {
            Narrow::U8(column) => writer.column(name, column),
            Narrow::U16(column) => writer.column(name, column),
            Narrow::U32(column) => writer.column(name, column),
            Narrow::I32(column) => writer.column(name, column),
            Narrow::I64(column) => writer.column(name, column),
        }
    }
}

/// Appends a column of a cell, unless every row lacks it; returns where it begins.
fn push_used<T: Copy + PartialEq>(
    column: &mut Vec<T>,
    rows: &[Plain<'_>],
    absent: T,
    value: impl Fn(&Plain<'_>) -> T,
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

    fn write<'w>(&'w self, writer: &mut Writer<'w>) {
        writer.column("properties", &self.heads);
        writer.column("property_rows", &self.rows);
        writer.column("property_codes", &self.codes);
        writer.column("property_ends", &self.ends);
        writer.column("property_text", &self.text);
    }
}
