//! Rows as bytes, on their way to a segment: what a row lacks takes no space, and texts are not owned one by one.
//!
//! ```text
//! row = head · brand? category? campaign? item? u32 · order? u64 · amount? quantity? i64 · properties?
//! properties = count u32 · { key u32 · length u32 · JSON text }…
//! ```
//! Which of them are there stands in the head's flags. Nothing is aligned. The form lives as long as an index is built: in
//! memory, or in temporary files; it is no file format.

use std::borrow::Cow;

use bytemuck::{Pod, Zeroable};
use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::row::{NO_AMOUNT, NO_ORDER, RawEvent, Row, order_hash};
use crate::shard::local_of;
use crate::symbols::{ABSENT, Column, Symbols};

/// Gives texts their numbers.
pub trait Numbering {
    /// The number of a text, a new one if need be.
    fn number(&mut self, column: Column, text: &str) -> u32;
}

impl Numbering for Symbols {
    fn number(&mut self, column: Column, text: &str) -> u32 {
        self.intern(column, text)
    }
}

/// Rows of one shard, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    count: usize,
}

#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Head {
    time: i64,
    node: u32,
    day: i32,
    behavior: u32,
    channel: u32,
    shop: u32,
    local: u16,
    flags: u16,
}

/// Columns whose numbers a row may lack, in their order; the flag of each is its place.
const NUMBERS: [Column; 4] = [Column::Brand, Column::Category, Column::Campaign, Column::Item];
const ORDER: u16 = 1 << 4;
const AMOUNT: u16 = 1 << 5;
const QUANTITY: u16 = 1 << 6;
const PROPERTIES: u16 = 1 << 7;

/// One row, as it is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    pub local: u16,
    pub node: Node,
    pub time: Micros,
    pub day: Day,
    pub behavior: u32,
    pub channel: u32,
    pub shop: u32,
    /// Brand, category, campaign, item.
    pub numbers: [u32; 4],
    pub order: u64,
    pub amount: i64,
    pub quantity: i64,
    properties: &'a [u8],
}

impl Rows {
    /// So many rows that were packed before.
    pub fn of(bytes: Vec<u8>, count: usize) -> Rows {
        Rows { bytes, count }
    }

    /// As bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds the rows of others.
    pub fn append(&mut self, other: &Rows) {
        self.bytes.extend_from_slice(&other.bytes);
        self.count += other.count;
    }

    /// Adds an event of a consumer.
    pub fn push_event(
        &mut self,
        event: &RawEvent<'_>,
        local: u16,
        node: Node,
        numbering: &mut impl Numbering,
    ) {
        let mut number =
            |column, text: Option<&str>| text.map_or(ABSENT, |text| numbering.number(column, text));
        let head = Head {
            time: event.time,
            node,
            day: event.day.0,
            behavior: number(Column::Behavior, Some(event.behavior)),
            channel: number(Column::Channel, event.channel),
            shop: number(Column::Shop, event.shop),
            local,
            flags: 0,
        };
        let numbers = [
            number(Column::Brand, event.brand),
            number(Column::Category, event.category),
            number(Column::Campaign, event.campaign),
            number(Column::Item, event.item),
        ];
        let order = event.order_id.map_or(NO_ORDER, order_hash);
        let amounts =
            [event.amount, event.quantity].map(|some| some.map_or(NO_AMOUNT, |Amount(units)| units));
        let start = self.push_fixed(head, numbers, order, amounts);
        if let Some(json) = event.properties {
            let properties = properties(json, numbering);
            self.push_properties(start, properties.iter().map(|(key, value)| (*key, *value)));
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Row) {
        let head = Head {
            time: row.time,
            node: row.node,
            day: row.day.0,
            behavior: row.behavior,
            channel: row.channel,
            shop: row.shop,
            local: local_of(row.dense),
            flags: 0,
        };
        let numbers = [row.brand, row.category, row.campaign, row.item];
        let start = self.push_fixed(head, numbers, row.order, [row.amount, row.quantity]);
        self.push_properties(start, row.properties.iter().map(|(key, value)| (*key, value.as_str())));
    }

    /// Everything but the properties. Returns where the row begins.
    fn push_fixed(&mut self, mut head: Head, numbers: [u32; 4], order: u64, amounts: [i64; 2]) -> usize {
        let start = self.bytes.len();
        self.count += 1;
        self.bytes.extend_from_slice(bytemuck::bytes_of(&head));
        for (place, number) in numbers.iter().enumerate().filter(|(_, number)| **number != ABSENT) {
            head.flags |= 1 << place;
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        if order != NO_ORDER {
            head.flags |= ORDER;
            self.bytes.extend_from_slice(&order.to_le_bytes());
        }
        for (flag, amount) in
            [AMOUNT, QUANTITY].into_iter().zip(amounts).filter(|(_, amount)| *amount != NO_AMOUNT)
        {
            head.flags |= flag;
            self.bytes.extend_from_slice(&amount.to_le_bytes());
        }
        self.set_head(start, head);
        start
    }

    fn push_properties<'a>(
        &mut self,
        start: usize,
        properties: impl ExactSizeIterator<Item = (u32, &'a str)>,
    ) {
        if properties.len() == 0 {
            return;
        }
        let head = Head { flags: self.head(start).flags | PROPERTIES, ..self.head(start) };
        self.set_head(start, head);
        self.bytes.extend_from_slice(&(properties.len() as u32).to_le_bytes());
        for (key, value) in properties {
            self.bytes.extend_from_slice(&key.to_le_bytes());
            self.bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
            self.bytes.extend_from_slice(value.as_bytes());
        }
    }

    fn head(&self, start: usize) -> Head {
        bytemuck::pod_read_unaligned(&self.bytes[start..start + size_of::<Head>()])
    }

    fn set_head(&mut self, start: usize, head: Head) {
        self.bytes[start..start + size_of::<Head>()].copy_from_slice(bytemuck::bytes_of(&head));
    }

    /// Gives every text another number.
    pub fn renumber(&mut self, number: impl Fn(Column, u32) -> u32) -> Result<()> {
        let mut at = 0;
        while at < self.bytes.len() {
            let size = read(&self.bytes[at..]).ok_or_else(torn)?.1;
            self.renumber_row(at, &number);
            at += size;
        }
        Ok(())
    }

    fn renumber_row(&mut self, start: usize, number: &impl Fn(Column, u32) -> u32) {
        let mut head = self.head(start);
        head.behavior = number(Column::Behavior, head.behavior);
        head.channel = number(Column::Channel, head.channel);
        head.shop = number(Column::Shop, head.shop);
        self.set_head(start, head);
        let mut at = start + size_of::<Head>();
        let has = |place: &(usize, Column)| head.flags >> place.0 & 1 == 1;
        for (_, column) in NUMBERS.into_iter().enumerate().filter(has) {
            self.change(at, |old| number(column, old));
            at += 4;
        }
        at += 8 * (head.flags & (ORDER | AMOUNT | QUANTITY)).count_ones() as usize;
        if head.flags & PROPERTIES == 0 {
            return;
        }
        let count = self.u32_at(at);
        at += 4;
        for _ in 0..count {
            self.change(at, |old| number(Column::Property, old));
            at += 8 + self.u32_at(at + 4) as usize;
        }
    }

    fn u32_at(&self, at: usize) -> u32 {
        bytemuck::pod_read_unaligned(&self.bytes[at..at + 4])
    }

    fn change(&mut self, at: usize, new: impl Fn(u32) -> u32) {
        let changed = new(self.u32_at(at));
        self.bytes[at..at + 4].copy_from_slice(&changed.to_le_bytes());
    }

    /// Every row, with where it begins.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Result<(usize, Packed<'_>)>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let Some((row, size)) = read(rest) else {
                at = self.bytes.len();
                return Some(Err(torn()));
            };
            at += size;
            Some(Ok((at - size, row)))
        })
    }

    /// The row that begins somewhere.
    pub(crate) fn at(&self, start: usize) -> Result<Packed<'_>> {
        self.bytes.get(start..).and_then(read).map(|(row, _)| row).ok_or_else(torn)
    }
}

fn torn() -> Error {
    Error::internal("rows on their way to a segment are not whole")
}

/// The first row, and how many bytes it takes; `None` if it is not whole.
fn read(bytes: &[u8]) -> Option<(Packed<'_>, usize)> {
    let mut rest = bytes;
    let head: Head = take(&mut rest)?;
    let has = |flag: u16| head.flags & flag != 0;
    let mut numbers = [ABSENT; 4];
    for (_, number) in numbers.iter_mut().enumerate().filter(|(place, _)| has(1 << place)) {
        *number = take(&mut rest)?;
    }
    let order = if has(ORDER) { take(&mut rest)? } else { NO_ORDER };
    let amount = if has(AMOUNT) { take(&mut rest)? } else { NO_AMOUNT };
    let quantity = if has(QUANTITY) { take(&mut rest)? } else { NO_AMOUNT };
    let properties = rest;
    if has(PROPERTIES) {
        let count: u32 = take(&mut rest)?;
        for _ in 0..count {
            let _key: u32 = take(&mut rest)?;
            let length: u32 = take(&mut rest)?;
            rest = rest.get(length as usize..)?;
        }
    }
    let properties = &properties[..properties.len() - rest.len()];
    let Head { time, node, day, behavior, channel, shop, local, .. } = head;
    let day = Day(day);
    let row = Packed {
        local,
        node,
        time,
        day,
        behavior,
        channel,
        shop,
        numbers,
        order,
        amount,
        quantity,
        properties,
    };
    Some((row, bytes.len() - rest.len()))
}

fn take<T: Pod>(bytes: &mut &[u8]) -> Option<T> {
    let (head, rest) = bytes.split_at_checked(size_of::<T>())?;
    *bytes = rest;
    Some(bytemuck::pod_read_unaligned(head))
}

impl<'a> Packed<'a> {
    /// Numbers of keys, and values as JSON text.
    pub fn properties(&self) -> impl Iterator<Item = (u32, &'a str)> {
        let mut rest = self.properties;
        let count = take::<u32>(&mut rest).unwrap_or(0);
        (0..count).map_while(move |_| {
            let (key, length): (u32, u32) = (take(&mut rest)?, take(&mut rest)?);
            let (value, after) = rest.split_at_checked(length as usize)?;
            rest = after;
            Some((key, std::str::from_utf8(value).unwrap_or("null")))
        })
    }
}

/// The values of a JSON object by number of key; null is absent, and of two values of a key the later one counts.
pub(crate) fn properties<'j>(json: &'j str, numbering: &mut impl Numbering) -> Vec<(u32, &'j str)> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let read = reader.deserialize_map(Members(numbering)).and_then(|members| reader.end().map(|()| members));
    read.unwrap_or_default()
}

/// Takes the members of an object as they are written: most are never looked at again.
struct Members<'n, N>(&'n mut N);

impl<'de, N: Numbering> Visitor<'de> for Members<'_, N> {
    type Value = Vec<(u32, &'de str)>;

    fn expecting(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut members: Vec<(u32, &'de str)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
            let key = self.0.number(Column::Property, &key);
            members.retain(|(earlier, _)| *earlier != key);
            if value.get() != "null" {
                members.push((key, value.get()));
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |n: u32| Row {
            dense: 70_000 + n,
            node: n,
            time: -5 + i64::from(n),
            day: Day(-1),
            behavior: 1,
            channel: n % 2,
            shop: 2,
            brand: n % 2,
            category: n / 2 % 2 * 4,
            campaign: 0,
            item: 9,
            order: if n.is_multiple_of(3) { order_hash("536365") } else { NO_ORDER },
            amount: if n.is_multiple_of(2) { -25_500 } else { NO_AMOUNT },
            quantity: if n.is_multiple_of(5) { 10_000 } else { NO_AMOUNT },
            properties: (0..n % 3).map(|key| (key + 1, format!("\"英国 {n}\""))).collect(),
        };
        (0..30).map(row).collect()
    }

    fn same(packed: &Packed<'_>, row: &Row) {
        let properties: Vec<(u32, String)> =
            packed.properties().map(|(key, value)| (key, value.to_owned())).collect();
        let again = Row {
            dense: 65_536 + u32::from(packed.local),
            node: packed.node,
            time: packed.time,
            day: packed.day,
            behavior: packed.behavior,
            channel: packed.channel,
            shop: packed.shop,
            brand: packed.numbers[0],
            category: packed.numbers[1],
            campaign: packed.numbers[2],
            item: packed.numbers[3],
            order: packed.order,
            amount: packed.amount,
            quantity: packed.quantity,
            properties,
        };
        assert_eq!(&again, row);
    }

    #[test]
    fn rows_come_back_and_torn_ones_are_noticed() {
        let rows = rows();
        let mut packed = Rows::default();
        rows.iter().for_each(|row| packed.push(row));
        let found: Vec<(usize, Packed<'_>)> = packed.iter().map(|row| row.unwrap()).collect();
        assert_eq!(found.len(), rows.len());
        found.iter().zip(&rows).for_each(|((_, packed), row)| same(packed, row));
        found.iter().zip(&rows).for_each(|((start, _), row)| same(&packed.at(*start).unwrap(), row));
        let torn = Rows::of(packed.bytes()[..packed.bytes().len() - 1].to_vec(), rows.len());
        assert!(torn.iter().last().unwrap().is_err());
    }

    #[test]
    fn texts_can_be_given_other_numbers() {
        let mut rows = rows();
        let mut packed = Rows::default();
        rows.iter().for_each(|row| packed.push(row));
        let other =
            |column: Column, number: u32| if number == ABSENT { ABSENT } else { number * 10 + column as u32 };
        packed.renumber(other).unwrap();
        for row in &mut rows {
            row.behavior = other(Column::Behavior, row.behavior);
            row.channel = other(Column::Channel, row.channel);
            row.shop = other(Column::Shop, row.shop);
            row.brand = other(Column::Brand, row.brand);
            row.category = other(Column::Category, row.category);
            row.item = other(Column::Item, row.item);
            row.properties.iter_mut().for_each(|(key, _)| *key = other(Column::Property, *key));
        }
        packed.iter().zip(&rows).for_each(|(packed, row)| same(&packed.unwrap().1, row));
    }

    #[test]
    fn of_two_values_of_a_key_the_later_one_counts_and_null_is_absent() {
        let mut symbols = Symbols::default();
        let found = properties(r#"{"a":1.50,"b":null,"a":[1, 2],"c":"x"}"#, &mut symbols);
        assert_eq!(found, [(1, "[1, 2]"), (3, "\"x\"")]);
        assert_eq!(properties("[]", &mut symbols), []);
    }
}
