//! The columns of the event table that the index is made of.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Date32Array, Decimal128Array, DictionaryArray, Int32Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt32Array,
};
use arrow::datatypes::Int32Type;
use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::time::Day;
use weir_core::{Error, Result};
use weir_engine::packed::NumberedEvent;
use weir_engine::symbols::{ABSENT, Column};

use super::texts::Texts;

/// The columns that rows are made of.
pub(super) const INDEXED: [&str; 14] = [
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

/// Those of them whose texts the index numbers.
pub(super) const CODED: [&str; 7] = ["behavior", "channel", "shop", "brand", "category", "campaign", "item"];

/// The columns of a batch of the event table.
pub(super) struct Events<'a> {
    node: &'a UInt32Array,
    time: &'a TimestampMicrosecondArray,
    day: &'a Date32Array,
    behavior: Coded<'a>,
    channel: Coded<'a>,
    shop: Coded<'a>,
    /// Brand, category, campaign, item.
    numbers: [Coded<'a>; 4],
    order_id: &'a StringArray,
    amount: &'a Decimal128Array,
    quantity: &'a Decimal128Array,
    properties: &'a StringArray,
}

impl<'a> Events<'a> {
    /// The columns of a batch, its texts numbered.
    pub fn of(batch: &'a RecordBatch, texts: &mut Texts<'_>) -> Result<Events<'a>> {
        let mut coded = |name, column| Coded::of(batch, name, column, texts);
        Ok(Events {
            node: column_of(batch, "consumer")?,
            time: column_of(batch, "time")?,
            day: column_of(batch, "day")?,
            behavior: coded("behavior", Column::Behavior)?,
            channel: coded("channel", Column::Channel)?,
            shop: coded("shop", Column::Shop)?,
            numbers: [
                coded("brand", Column::Brand)?,
                coded("category", Column::Category)?,
                coded("campaign", Column::Campaign)?,
                coded("item", Column::Item)?,
            ],
            order_id: column_of(batch, "order_id")?,
            amount: column_of(batch, "amount")?,
            quantity: column_of(batch, "quantity")?,
            properties: column_of(batch, "properties")?,
        })
    }

    /// The identifier that a row arrived with.
    pub fn node(&self, row: usize) -> Node {
        self.node.value(row)
    }

    /// The identifiers that the rows arrived with.
    pub fn nodes(&self) -> &[Node] {
        self.node.values()
    }

    /// The event of a row.
    pub fn get(&self, row: usize, local: u16) -> NumberedEvent<'a> {
        NumberedEvent {
            local,
            node: self.node(row),
            time: self.time.value(row),
            day: Day(self.day.value(row)),
            behavior: self.behavior.number(row),
            channel: self.channel.number(row),
            shop: self.shop.number(row),
            numbers: self.numbers.each_ref().map(|column| column.number(row)),
            order_id: text(self.order_id, row),
            amount: amount(self.amount, row),
            quantity: amount(self.quantity, row),
            properties: text(self.properties, row),
        }
    }
}

/// A text column as a dictionary whose texts have the index's numbers, or a file's own.
struct Coded<'a> {
    keys: &'a Int32Array,
    numbers: Arc<[u32]>,
}

impl<'a> Coded<'a> {
    fn of(batch: &'a RecordBatch, name: &str, column: Column, texts: &mut Texts<'_>) -> Result<Coded<'a>> {
        let coded: &DictionaryArray<Int32Type> = column_of(batch, name)?;
        let values = coded.values().as_any().downcast_ref();
        let numbers = texts.numbers(column, coded.values(), values.ok_or_else(|| wrong_type(name))?);
        Ok(Coded { keys: coded.keys(), numbers })
    }

    /// The key below an absent value means nothing.
    fn number(&self, row: usize) -> u32 {
        if self.keys.is_null(row) { ABSENT } else { self.numbers[self.keys.value(row) as usize] }
    }
}

fn text(array: &StringArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}

/// Decimals of the table have four places, as [`Amount`] has.
fn amount(array: &Decimal128Array, row: usize) -> Option<Amount> {
    let units = array.is_valid(row).then(|| array.value(row))?;
    i64::try_from(units).ok().map(Amount)
}

fn column_of<'a, T: Array + 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T> {
    let column: Option<&ArrayRef> = batch.column_by_name(name);
    let typed = column.and_then(|column| column.as_any().downcast_ref::<T>());
    typed.ok_or_else(|| wrong_type(name))
}

fn wrong_type(name: &str) -> Error {
    Error::internal(format!("an event file has no column {name} of the type of the event table"))
}
