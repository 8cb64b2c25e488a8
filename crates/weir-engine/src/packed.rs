//! Rows as bytes, on their way to a segment: what a row lacks takes no space, what it shares with the row before stands
//! once, and texts are not owned one by one.
//!
//! ```text
//! row = head · shared? · brand? category? campaign? item? u32 · order? u64 · amount? quantity? i64 · properties?
//! shared = behavior shop channel u32 · day i32
//! properties = count u32 · { key u32 · length u32 · JSON text }…
//! ```
//! Which of them are there stands in the head's flags. Nothing is aligned. Event files are sorted by what rows share, so a
//! file's rows of a shard are a few long runs, and a segment is built by putting runs in order, not rows. The form lives
//! as long as an index is built: in memory, or in temporary files; it is no file format.

mod properties;
mod row;

use weir_core::amount::Amount;
use weir_core::identity::Node;
use weir_core::time::{Day, Micros};
use weir_core::{Error, Result};

use crate::row::{NO_AMOUNT, NO_ORDER, RawEvent, Row, order_hash};
use crate::shard::local_of;
use crate::symbols::{ABSENT, Column, Symbols};
use properties::properties;
use row::{AMOUNT, Fixed, Head, NUMBERS, ORDER, PROPERTIES, QUANTITY, SHARED, read};

pub(crate) use row::{Packed, PackedProperties, Shared};

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

/// An event of a consumer whose texts have their numbers, but for the properties.
#[derive(Debug, Clone, Copy)]
pub struct NumberedEvent<'a> {
    /// Whose, within the shard.
    pub local: u16,
    /// The identifier it arrived with.
    pub node: Node,
    /// When.
    pub time: Micros,
    /// Its local date.
    pub day: Day,
    /// Number of the behavior.
    pub behavior: u32,
    /// Number of the channel.
    pub channel: u32,
    /// Number of the shop.
    pub shop: u32,
    /// Numbers of brand, category, campaign, item.
    pub numbers: [u32; 4],
    /// The order.
    pub order_id: Option<&'a str>,
    /// Money.
    pub amount: Option<Amount>,
    /// Quantity.
    pub quantity: Option<Amount>,
    /// A JSON object.
    pub properties: Option<&'a str>,
}

/// Rows of one shard, one after the other.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    bytes: Vec<u8>,
    count: usize,
    /// What the next row need not repeat.
    last: Option<Shared>,
}

/// Rows that follow each other and share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub shared: Shared,
    /// Where the first begins.
    start: usize,
    pub len: usize,
}

impl Rows {
    /// So many rows that were packed before.
    pub fn of(bytes: Vec<u8>, count: usize) -> Rows {
        Rows { bytes, count, last: None }
    }

    /// None yet, with room for about so many.
    pub fn with_room_for(count: usize) -> Rows {
        Rows::of(Vec::with_capacity(count * (size_of::<Head>() + 3 * size_of::<u32>())), 0)
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
        self.last = None;
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
        let numbered = NumberedEvent {
            local,
            node,
            time: event.time,
            day: event.day,
            behavior: number(Column::Behavior, Some(event.behavior)),
            channel: number(Column::Channel, event.channel),
            shop: number(Column::Shop, event.shop),
            numbers: [
                number(Column::Brand, event.brand),
                number(Column::Category, event.category),
                number(Column::Campaign, event.campaign),
                number(Column::Item, event.item),
            ],
            order_id: event.order_id,
            amount: event.amount,
            quantity: event.quantity,
            properties: event.properties,
        };
        self.push_numbered(&numbered, numbering);
    }

    /// Adds an event whose texts have their numbers; keys of properties get theirs.
    pub fn push_numbered(&mut self, event: &NumberedEvent<'_>, numbering: &mut impl Numbering) {
        let NumberedEvent { local, node, time, day, behavior, channel, shop, numbers, .. } = *event;
        let shared = Shared { behavior, shop, channel, day: day.0 };
        let order = event.order_id.map_or(NO_ORDER, order_hash);
        let amounts =
            [event.amount, event.quantity].map(|some| some.map_or(NO_AMOUNT, |Amount(units)| units));
        let properties = event.properties.map(|json| properties(json, numbering)).unwrap_or_default();
        let flags = if properties.is_empty() { 0 } else { PROPERTIES };
        self.push_fixed(Head { time, node, local, flags }, shared, numbers, order, amounts);
        self.push_properties(properties.iter().map(|(key, value)| (*key, *value)));
    }

    /// Adds a row.
    pub fn push(&mut self, row: &Row) {
        let flags = if row.properties.is_empty() { 0 } else { PROPERTIES };
        let head = Head { time: row.time, node: row.node, local: local_of(row.dense), flags };
        let Row { behavior, shop, channel, day, .. } = *row;
        let shared = Shared { behavior, shop, channel, day: day.0 };
        let numbers = [row.brand, row.category, row.campaign, row.item];
        self.push_fixed(head, shared, numbers, row.order, [row.amount, row.quantity]);
        self.push_properties(row.properties.iter().map(|(key, value)| (*key, value.as_str())));
    }

    /// Everything but the properties.
    fn push_fixed(
        &mut self,
        mut head: Head,
        shared: Shared,
        numbers: [u32; 4],
        order: u64,
        amounts: [i64; 2],
    ) {
        self.count += 1;
        let is_first = self.last != Some(shared);
        for (place, _) in numbers.iter().enumerate().filter(|(_, number)| **number != ABSENT) {
            head.flags |= 1 << place;
        }
        let [amount, quantity] = amounts;
        let there = [
            (SHARED, is_first),
            (ORDER, order != NO_ORDER),
            (AMOUNT, amount != NO_AMOUNT),
            (QUANTITY, quantity != NO_AMOUNT),
        ];
        head.flags |= there.iter().filter(|(_, is_there)| *is_there).map(|(flag, _)| flag).sum::<u16>();
        let mut fixed = Fixed::after(head);
        if is_first {
            fixed.put(shared);
            self.last = Some(shared);
        }
        numbers.iter().filter(|number| **number != ABSENT).for_each(|number| fixed.put(*number));
        if order != NO_ORDER {
            fixed.put(order);
        }
        amounts.iter().filter(|amount| **amount != NO_AMOUNT).for_each(|amount| fixed.put(*amount));
        self.bytes.extend_from_slice(fixed.bytes());
    }

    fn push_properties<'a>(&mut self, properties: impl ExactSizeIterator<Item = (u32, &'a str)>) {
        if properties.len() == 0 {
            return;
        }
        self.bytes.extend_from_slice(&(properties.len() as u32).to_le_bytes());
        for (key, value) in properties {
            self.bytes.extend_from_slice(&key.to_le_bytes());
            self.bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
            self.bytes.extend_from_slice(value.as_bytes());
        }
    }

    /// Gives every text another number.
    pub fn renumber(&mut self, number: impl Fn(Column, u32) -> u32) -> Result<()> {
        let (mut at, mut shared) = (0, None);
        while at < self.bytes.len() {
            let size = read(&self.bytes[at..], &mut shared).ok_or_else(torn)?.1;
            self.renumber_row(at, &number);
            at += size;
        }
        self.last = None;
        Ok(())
    }

    fn renumber_row(&mut self, start: usize, number: &impl Fn(Column, u32) -> u32) {
        let head: Head = bytemuck::pod_read_unaligned(&self.bytes[start..start + size_of::<Head>()]);
        let mut at = start + size_of::<Head>();
        if head.flags & SHARED != 0 {
            for (place, column) in (0..).zip([Column::Behavior, Column::Shop, Column::Channel]) {
                self.change(at + 4 * place, |old| number(column, old));
            }
            at += size_of::<Shared>();
        }
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

    /// Every row with what it shares and where it begins.
    fn iter(&self) -> impl Iterator<Item = Result<(usize, Shared, Packed<'_>)>> {
        let (mut at, mut shared) = (0, None);
        std::iter::from_fn(move || {
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let (Some((row, size)), Some(shared)) = (read(rest, &mut shared), shared) else {
                at = self.bytes.len();
                return Some(Err(torn()));
            };
            at += size;
            Some(Ok((at - size, shared, row)))
        })
    }

    /// The runs, in order.
    pub(crate) fn runs(&self) -> Result<Vec<Run>> {
        let mut runs: Vec<Run> = Vec::new();
        for row in self.iter() {
            let (start, shared, _) = row?;
            match runs.last_mut().filter(|run| run.shared == shared) {
                Some(run) => run.len += 1,
                None => runs.push(Run { shared, start, len: 1 }),
            }
        }
        Ok(runs)
    }

    /// The rows of a run.
    pub(crate) fn run(&self, run: &Run) -> impl Iterator<Item = Result<Packed<'_>>> {
        let (mut at, mut shared) = (run.start, None);
        (0..run.len).map(move |_| {
            let (row, size) =
                self.bytes.get(at..).and_then(|rest| read(rest, &mut shared)).ok_or_else(torn)?;
            at += size;
            Ok(row)
        })
    }
}

fn torn() -> Error {
    Error::internal("rows on their way to a segment are not whole")
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

    fn same(((shared, packed), row): (&(Shared, Packed<'_>), &Row)) {
        let properties: Vec<(u32, String)> =
            packed.properties.iter().map(|(key, value)| (key, value.to_owned())).collect();
        let again = Row {
            dense: 65_536 + u32::from(packed.local),
            node: packed.node,
            time: packed.time,
            day: Day(shared.day),
            behavior: shared.behavior,
            channel: shared.channel,
            shop: shared.shop,
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

    fn all(packed: &Rows) -> Vec<(Shared, Packed<'_>)> {
        packed.iter().map(|row| row.map(|(_, shared, row)| (shared, row)).unwrap()).collect()
    }

    #[test]
    fn rows_come_back_and_torn_ones_are_noticed() {
        let rows = rows();
        let mut packed = Rows::default();
        rows.iter().for_each(|row| packed.push(row));
        let mut more = Rows::default();
        rows.iter().for_each(|row| more.push(row));
        packed.append(&more);
        packed.push(&rows[0]);
        let expected: Vec<Row> = [&rows[..], &rows, &rows[..1]].concat();
        let found = all(&packed);
        assert_eq!(found.len(), expected.len());
        found.iter().zip(&expected).for_each(same);
        let torn = Rows::of(packed.bytes()[..packed.bytes().len() - 1].to_vec(), rows.len());
        assert!(torn.iter().last().unwrap().is_err());
        let headless = Rows::of(packed.bytes()[1..].to_vec(), rows.len());
        assert!(headless.iter().any(|row| row.is_err()), "a row that shares nothing with a row before it");
    }

    #[test]
    fn a_run_is_read_from_where_it_begins() {
        let mut packed = Rows::default();
        let rows = rows();
        rows.iter().for_each(|row| packed.push(row));
        rows.iter().for_each(|row| packed.push(row));
        let runs = packed.runs().unwrap();
        assert_eq!(runs.iter().map(|run| run.len).sum::<usize>(), 60);
        let mut again = Vec::new();
        for run in &runs {
            again.extend(packed.run(run).map(|row| (run.shared, row.unwrap())));
        }
        again.iter().zip(rows.iter().chain(&rows)).for_each(same);
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
        all(&packed).iter().zip(&rows).for_each(same);
    }
}
