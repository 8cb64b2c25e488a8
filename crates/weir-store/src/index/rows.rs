//! Event files → rows.

use std::collections::BTreeMap;

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray, TimestampMicrosecondArray,
    UInt32Array,
};
use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::amount::Amount;
use weir_core::time::Day;
use weir_core::{Error, Result};
use weir_engine::consumers::Consumers;
use weir_engine::row::{RawEvent, Row};
use weir_engine::symbols::Symbols;

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
        let (nodes, days): (&UInt32Array, &Date32Array) = (column(batch, "consumer")?, column(batch, "day")?);
        for (node, day) in nodes.values().iter().zip(days.values()) {
            attendance.entry(Day(*day)).or_default().insert(*node);
        }
        Ok(())
    })?;
    Ok(attendance)
}

/// Puts the events of some files, as rows, to their shards. Files are read by all threads; texts get their numbers from
/// one, file by file in order, so that the same files give the same index.
pub(super) fn spill_events(
    view: &View,
    files: &[&StoredFile],
    consumers: &Consumers,
    symbols: &mut Symbols,
    spill: &mut Spill,
) -> Result<()> {
    for some in files.chunks(FILES_AT_ONCE * rayon::current_num_threads()) {
        let read: Vec<Vec<RecordBatch>> =
            some.par_iter().map(|file| batches(view, file)).collect::<Result<_>>()?;
        for batch in read.iter().flatten() {
            spill_batch(batch, consumers, symbols, spill)?;
        }
    }
    Ok(())
}

fn batches(view: &View, file: &StoredFile) -> Result<Vec<RecordBatch>> {
    let mut batches = Vec::new();
    view.scan_event_columns(file, &INDEXED, |batch| {
        batches.push(batch.clone());
        Ok(())
    })?;
    Ok(batches)
}

fn spill_batch(
    batch: &RecordBatch,
    consumers: &Consumers,
    symbols: &mut Symbols,
    spill: &mut Spill,
) -> Result<()> {
    let events = Events::of(batch)?;
    for i in 0..batch.num_rows() {
        let node = events.node.value(i);
        let dense =
            consumers.dense(node).ok_or_else(|| Error::internal(format!("identifier {node} is nobody")))?;
        spill.push(&Row::of(&events.get(i), dense, node, symbols))?;
    }
    Ok(())
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
            node: column(batch, "consumer")?,
            time: column(batch, "time")?,
            day: column(batch, "day")?,
            behavior: column(batch, "behavior")?,
            channel: column(batch, "channel")?,
            shop: column(batch, "shop")?,
            brand: column(batch, "brand")?,
            category: column(batch, "category")?,
            campaign: column(batch, "campaign")?,
            item: column(batch, "item")?,
            order_id: column(batch, "order_id")?,
            amount: column(batch, "amount")?,
            quantity: column(batch, "quantity")?,
            properties: column(batch, "properties")?,
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

fn column<'a, T: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T> {
    let column: Option<&ArrayRef> = batch.column_by_name(name);
    let typed = column.and_then(|column| column.as_any().downcast_ref::<T>());
    typed.ok_or_else(|| {
        Error::internal(format!("an event file has no column {name} of the type of the event table"))
    })
}
