//! An event as the index keeps it: numbers for texts, a dense consumer, a hash for the order.

use std::borrow::Cow;
use std::hash::Hasher;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use twox_hash::XxHash3_64;
use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::time::{Day, Micros};

use crate::shard::Dense;
use crate::symbols::{Column, Symbols};

/// Amount or quantity of a row that has none.
pub const NO_AMOUNT: i64 = i64::MIN;
/// Order of a row that has none.
pub const NO_ORDER: u64 = 0;

/// One event of one consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whose.
    pub dense: Dense,
    /// The identifier it arrived with; needed when people are merged or un-merged.
    pub node: Node,
    /// When.
    pub time: Micros,
    /// Its local date.
    pub day: Day,
    /// Number of the behavior.
    pub behavior: u32,
    /// Number of the channel's path.
    pub channel: u32,
    /// Number of the shop.
    pub shop: u32,
    /// Number of the event's own brand.
    pub brand: u32,
    /// Number of the category.
    pub category: u32,
    /// Number of the campaign.
    pub campaign: u32,
    /// Number of the item.
    pub item: u32,
    /// Hash of the order id. 64 bits: orders are only ever compared within one consumer.
    pub order: u64,
    /// Money in 1/10000.
    pub amount: i64,
    /// Quantity in 1/10000.
    pub quantity: i64,
    /// (number of the key, value as JSON text).
    pub properties: Vec<(u32, String)>,
}

/// An event as it is read from the event table, nothing owned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawEvent<'a> {
    /// When.
    pub time: Micros,
    /// Its local date.
    pub day: Day,
    /// The behavior.
    pub behavior: &'a str,
    /// Path of the channel.
    pub channel: Option<&'a str>,
    /// The shop.
    pub shop: Option<&'a str>,
    /// The event's own brand.
    pub brand: Option<&'a str>,
    /// The category.
    pub category: Option<&'a str>,
    /// The campaign.
    pub campaign: Option<&'a str>,
    /// The item.
    pub item: Option<&'a str>,
    /// The order.
    pub order_id: Option<&'a str>,
    /// Money.
    pub amount: Option<Amount>,
    /// Quantity.
    pub quantity: Option<Amount>,
    /// A JSON object.
    pub properties: Option<&'a str>,
}

impl Row {
    /// The row of an event.
    pub fn of(event: &RawEvent<'_>, dense: Dense, node: Node, symbols: &mut Symbols) -> Row {
        Row {
            dense,
            node,
            time: event.time,
            day: event.day,
            behavior: symbols.intern(Column::Behavior, event.behavior),
            channel: symbols.intern_some(Column::Channel, event.channel),
            shop: symbols.intern_some(Column::Shop, event.shop),
            brand: symbols.intern_some(Column::Brand, event.brand),
            category: symbols.intern_some(Column::Category, event.category),
            campaign: symbols.intern_some(Column::Campaign, event.campaign),
            item: symbols.intern_some(Column::Item, event.item),
            order: event.order_id.map_or(NO_ORDER, order_hash),
            amount: event.amount.map_or(NO_AMOUNT, |Amount(units)| units),
            quantity: event.quantity.map_or(NO_AMOUNT, |Amount(units)| units),
            properties: event.properties.map_or_else(Vec::new, |json| properties(json, symbols)),
        }
    }

    /// Where the row stands in a segment: by cell, then day, then whatever makes the order total. Day before time:
    /// where a zone sets its clock back at midnight, local dates do not ascend with time.
    pub fn sort_key(&self) -> (u32, u32, u32, Day, Micros, Dense, Node) {
        (self.behavior, self.shop, self.channel, self.day, self.time, self.dense, self.node)
    }
}

/// The values of a JSON object by number of key; null is absent, and of two values of a key the later one counts.
fn properties(json: &str, symbols: &mut Symbols) -> Vec<(u32, String)> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let read = reader.deserialize_map(Members { symbols }).and_then(|members| reader.end().map(|()| members));
    read.unwrap_or_default()
}

/// Takes the members of an object as they are written: most are never looked at again.
struct Members<'s> {
    symbols: &'s mut Symbols,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Vec<(u32, String)>;

    fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(u32, String)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            let key = self.symbols.intern(Column::Property, &key);
            members.retain(|(earlier, _)| *earlier != key);
            if value.get() != "null" {
                members.push((key, value.get().to_owned()));
            }
        }
        Ok(members)
    }
}

/// The hash an order id is kept as.
pub fn order_hash(order_id: &str) -> u64 {
    let mut hasher = XxHash3_64::new();
    hasher.write(order_id.as_bytes());
    hasher.finish().max(1)
}

// --- the form rows take on their way to a segment, when they do not fit in memory ---

impl Row {
    /// Appends the row to a buffer.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(bytemuck::bytes_of(&self.fixed()));
        for (key, value) in &self.properties {
            out.extend_from_slice(&key.to_le_bytes());
            out.extend_from_slice(&(value.len() as u32).to_le_bytes());
            out.extend_from_slice(value.as_bytes());
        }
    }

    /// Takes one row off the front of a buffer; `None` at its end or if it is torn.
    pub fn read(input: &mut &[u8]) -> Option<Row> {
        let (head, rest) = input.split_at_checked(size_of::<Fixed>())?;
        *input = rest;
        let fixed: Fixed = bytemuck::pod_read_unaligned(head);
        let mut row = Row::from_fixed(&fixed);
        for _ in 0..fixed.properties {
            row.properties.push(read_property(input)?);
        }
        Some(row)
    }

    fn fixed(&self) -> Fixed {
        Fixed {
            time: self.time,
            order: self.order,
            amount: self.amount,
            quantity: self.quantity,
            dense: self.dense,
            node: self.node,
            day: self.day.0,
            behavior: self.behavior,
            channel: self.channel,
            shop: self.shop,
            brand: self.brand,
            category: self.category,
            campaign: self.campaign,
            item: self.item,
            properties: self.properties.len() as u32,
            padding: 0,
        }
    }

    fn from_fixed(fixed: &Fixed) -> Row {
        Row {
            dense: fixed.dense,
            node: fixed.node,
            time: fixed.time,
            day: Day(fixed.day),
            behavior: fixed.behavior,
            channel: fixed.channel,
            shop: fixed.shop,
            brand: fixed.brand,
            category: fixed.category,
            campaign: fixed.campaign,
            item: fixed.item,
            order: fixed.order,
            amount: fixed.amount,
            quantity: fixed.quantity,
            properties: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Fixed {
    time: i64,
    order: u64,
    amount: i64,
    quantity: i64,
    dense: u32,
    node: u32,
    day: i32,
    behavior: u32,
    channel: u32,
    shop: u32,
    brand: u32,
    category: u32,
    campaign: u32,
    item: u32,
    properties: u32,
    padding: u32,
}

fn read_property(input: &mut &[u8]) -> Option<(u32, String)> {
    let (head, rest) = input.split_at_checked(8)?;
    let key = u32::from_le_bytes(head[..4].try_into().ok()?);
    let len = u32::from_le_bytes(head[4..].try_into().ok()?) as usize;
    let (value, rest) = rest.split_at_checked(len)?;
    *input = rest;
    Some((key, std::str::from_utf8(value).ok()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_a_buffer() {
        let row = Row {
            dense: 70_000,
            node: 3,
            time: -5,
            day: Day(-1),
            behavior: 1,
            channel: 0,
            shop: 2,
            brand: 0,
            category: 4,
            campaign: 0,
            item: 9,
            order: order_hash("536365"),
            amount: -25_500,
            quantity: NO_AMOUNT,
            properties: vec![(1, "\"英国\"".to_owned()), (2, "12.5".to_owned())],
        };
        let mut buffer = Vec::new();
        row.write(&mut buffer);
        row.write(&mut buffer);
        let mut input = buffer.as_slice();
        assert_eq!(Row::read(&mut input), Some(row.clone()));
        assert_eq!(Row::read(&mut input), Some(row));
        assert_eq!(Row::read(&mut input), None);
        let mut torn = &buffer[..buffer.len() - 1];
        Row::read(&mut torn);
        assert_eq!(Row::read(&mut torn), None);
    }
}
