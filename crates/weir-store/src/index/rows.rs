//! Event files → rows.

use std::collections::BTreeMap;

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt32Array,
};
use hashbrown::HashMap;
use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::amount::Amount;
use weir_core::time::Day;
use weir_core::{Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::packed::{Numbering, Rows};
use weir_engine::row::RawEvent;
use weir_engine::shard::{local_of, shard_of};
use weir_engine::symbols::{ABSENT, Column, Symbols};

use crate::index::known::Known;
use crate::index::spill::Spill;
use crate::manifest::StoredFile;
use crate::view::View;

/// Files of which all rows are in memory at once, for each thread.
const FILES_AT_ONCE: usize = 2;

/// Who has events on a day.
type Attendance = BTreeMap<Day, RoaringBitmap>;

/// Notes who is known since when by the events of some files.
pub(super) fn know_events(view: &View, files: &[&StoredFile], known: &mut Known) -> Result<()> {
    let attended: Vec<Attendance> =
        files.par_iter().map(|file| attendance(view, file)).collect::<Result<_>>()?;
    for (day, nodes) in attended.iter().flatten() {
        known.events(*day, nodes);
    }
    Ok(())
}

fn attendance(view: &View, file: &StoredFile) -> Result<Attendance> {
    let mut attendance = Attendance::new();
    view.scan_event_columns(file, &["consumer", "day"], |batch| {
        let (nodes, days): (&UInt32Array, &Date32Array) =
            (column_of(batch, "consumer")?, column_of(batch, "day")?);
        for (node, day) in nodes.values().iter().zip(days.values()) {
            attendance.entry(Day(*day)).or_default().insert(*node);
        }
        Ok(())
    })?;
    Ok(attendance)
}

/// Puts the events of some files, as rows, to their shards. Files are read by all threads, each numbering its texts for
/// itself; then their texts get the index's numbers, file by file in order, so that the same files give the same index.
pub(super) fn spill_events(
    view: &View,
    files: &[&StoredFile],
    consumers: &Consumers,
    symbols: &mut Symbols,
    spill: &mut Spill,
) -> Result<()> {
    for some in files.chunks(FILES_AT_ONCE * rayon::current_num_threads()) {
        let mut read: Vec<Packed> =
            some.par_iter().map(|file| Packed::of(view, file, consumers)).collect::<Result<_>>()?;
        let numbers: Vec<Numbers> = read.iter().map(|packed| packed.texts.numbers(symbols)).collect();
        read.par_iter_mut().zip(&numbers).try_for_each(|(packed, numbers)| packed.renumber(numbers))?;
        for (shard, rows) in read.into_iter().flat_map(|packed| packed.shards) {
            spill.push(shard, rows)?;
        }
    }
    Ok(())
}

/// The rows of a file by shard.
struct Packed {
    texts: Texts,
    shards: BTreeMap<usize, Rows>,
}

impl Packed {
    fn of(view: &View, file: &StoredFile, consumers: &Consumers) -> Result<Packed> {
        let (mut texts, mut shards) = (Texts::default(), Vec::new());
        shards.resize_with(consumers.shards(), Rows::default);
        view.scan_event_columns(file, &INDEXED, |batch| {
            let events = Events::of(batch)?;
            for i in 0..batch.num_rows() {
                let node = events.node.value(i);
                let dense = consumers.dense(node);
                let dense = dense.ok_or_else(|| Error::internal(format!("identifier {node} is nobody")))?;
                shards[shard_of(dense)].push_event(&events.get(i), local_of(dense), node, &mut texts);
            }
            Ok(())
        })?;
        let shards = shards.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()).collect();
        Ok(Packed { texts, shards })
    }

    fn renumber(&mut self, numbers: &Numbers) -> Result<()> {
        let number = |column: Column, own: u32| numbers[column as usize][own as usize];
        self.shards.values_mut().try_for_each(|rows| rows.renumber(number))
    }
}

/// For each column and each number of a file's own the index's.
type Numbers = Vec<Vec<u32>>;

/// The texts of a file, numbered as they come.
struct Texts {
    tables: Vec<Table>,
}

#[derive(Default)]
struct Table {
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// The number given last: rows that lie together mostly have the same texts.
    last: u32,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { tables: Column::ALL.iter().map(|_| Table::default()).collect() }
    }
}

impl Numbering for Texts {
    fn number(&mut self, column: Column, text: &str) -> u32 {
        let table = &mut self.tables[column as usize];
        let last = table.last.checked_sub(1).and_then(|last| table.texts.get(last as usize));
        if last.is_none_or(|last| last != text) {
            table.last = table.number(text);
        }
        table.last
    }
}

impl Texts {
    fn numbers(&self, symbols: &mut Symbols) -> Numbers {
        let mut of_column = |(column, table): (&Column, &Table)| {
            let own = table.texts.iter().map(|text| symbols.intern(*column, text));
            std::iter::once(ABSENT).chain(own).collect()
        };
        Column::ALL.iter().zip(&self.tables).map(&mut of_column).collect()
    }
}

impl Table {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = self.texts.len() as u32;
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// The columns that rows are made of.
const INDEXED: [&str; 14] = [
    "consumer",
    "time",
    "day",
    "behavior",
    "channel",
    "shop",
    "brand",
    "category",
    "campaign",
    "item",
    "order_id",
    "amount",
    "quantity",
    "properties",
];

/// The columns of a batch of the event table.
struct Events<'a> {
    node: &'a UInt32Array,
    time: &'a TimestampMicrosecondArray,
    day: &'a Date32Array,
    behavior: &'a StringArray,
    channel: &'a StringArray,
    shop: &'a StringArray,
    brand: &'a StringArray,
    category: &'a StringArray,
    campaign: &'a StringArray,
    item: &'a StringArray,
    order_id: &'a StringArray,
    amount: &'a Decimal128Array,
    quantity: &'a Decimal128Array,
    properties: &'a StringArray,
}

impl<'a> Events<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Events<'a>> {
        Ok(Events {
            node: column_of(batch, "consumer")?,
            time: column_of(batch, "time")?,
            day: column_of(batch, "day")?,
            behavior: column_of(batch, "behavior")?,
            channel: column_of(batch, "channel")?,
            shop: column_of(batch, "shop")?,
            brand: column_of(batch, "brand")?,
            category: column_of(batch, "category")?,
            campaign: column_of(batch, "campaign")?,
            item: column_of(batch, "item")?,
            order_id: column_of(batch, "order_id")?,
            amount: column_of(batch, "amount")?,
            quantity: column_of(batch, "quantity")?,
            properties: column_of(batch, "properties")?,
        })
    }

    fn get(&self, i: usize) -> RawEvent<'a> {
        RawEvent {
            time: self.time.value(i),
            day: Day(self.day.value(i)),
            behavior: self.behavior.value(i),
            channel: text(self.channel, i),
            shop: text(self.shop, i),
            brand: text(self.brand, i),
            category: text(self.category, i),
            campaign: text(self.campaign, i),
            item: text(self.item, i),
            order_id: text(self.order_id, i),
            amount: amount(self.amount, i),
            quantity: amount(self.quantity, i),
            properties: text(self.properties, i),
        }
    }
}

fn text(array: &StringArray, i: usize) -> Option<&str> {
    array.is_valid(i).then(|| array.value(i))
}

/// Decimals of the table have four places, as [`Amount`] has.
fn amount(array: &Decimal128Array, i: usize) -> Option<Amount> {
    let units = array.is_valid(i).then(|| array.value(i))?;
    i64::try_from(units).ok().map(Amount)
}

fn column_of<'a, T: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T> {
    let column: Option<&ArrayRef> = batch.column_by_name(name);
    let typed = column.and_then(|column| column.as_any().downcast_ref::<T>());
    typed.ok_or_else(|| {
        Error::internal(format!("an event file has no column {name} of the type of the event table"))
    })
}
