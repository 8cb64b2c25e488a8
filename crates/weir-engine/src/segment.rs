//! The rows of one shard's consumers, cut into cells.
//!
//! A cell is (behavior, shop, channel); its rows are sorted by day, so any window is one run of each cell. Columns
//! that a cell does not use (no order, no amount …) take no space for it. Property values are numbered per cell and
//! key, so a property condition is decided once per distinct value.
//!
//! Several segments may hold rows of one shard: the base, and smaller ones for later events and for people whose rows
//! moved when they were merged or un-merged.

mod build;
mod merge;

use std::sync::{Arc, OnceLock};

use bytemuck::{Pod, Zeroable};
use weir_core::time::{Day, DayRange};
use weir_core::{Code, Error, Result};

use crate::bits::Bits;
use crate::container::{Bytes, Container};

pub use build::build;
pub use merge::merge;

/// Offset of a column that a cell does not use.
const UNUSED: u32 = u32::MAX;

/// Directory entry of a cell: its key, its rows, and where its optional columns begin.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct CellHead {
    /// Number of the behavior.
    pub behavior: u32,
    /// Number of the shop.
    pub shop: u32,
    /// Number of the channel's path.
    pub channel: u32,
    start: u32,
    len: u32,
    brand: u32,
    category: u32,
    campaign: u32,
    item: u32,
    order: u32,
    amount: u32,
    quantity: u32,
    properties: u32,
    property_count: u32,
}

/// Directory entry of one property key in a cell.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct PropertyHead {
    key: u32,
    rows: u32,
    row_count: u32,
    values: u32,
    value_count: u32,
}

/// An opened segment. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Segment {
    shard: usize,
    container: Arc<Container>,
    cells: Arc<[CellHead]>,
    holders: Arc<OnceLock<Bits>>,
}

impl Segment {
    /// Opens a segment; `label` names its file in errors.
    pub fn open(label: &str, bytes: Bytes) -> Result<Segment> {
        let container = Container::open(label, bytes)?;
        let shard = container.column::<u32>("shard")?.first().copied();
        let shard = shard.ok_or_else(|| Error::new(Code::CorruptFile, format!("{label} names no shard")))?;
        let cells = container.column::<CellHead>("cells")?.into();
        Ok(Segment { shard: shard as usize, container: Arc::new(container), cells, holders: Arc::default() })
    }

    /// The shard whose consumers it holds.
    pub fn shard(&self) -> usize {
        self.shard
    }

    /// How many rows it holds.
    pub fn rows(&self) -> usize {
        self.cells.iter().map(|cell| cell.len as usize).sum()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.container.bytes()
    }

    /// Whose rows it holds, found once: most segments need not be read to know that somebody has none there.
    pub fn holders(&self) -> Result<&Bits> {
        if let Some(holders) = self.holders.get() {
            return Ok(holders);
        }
        let mut holders = Bits::empty();
        self.container.column::<u16>("local")?.iter().for_each(|local| holders.insert(*local));
        Ok(self.holders.get_or_init(|| holders))
    }

    /// Verifies every checksum.
    pub fn verify(&self) -> Result<()> {
        self.container.verify()
    }

    /// Its cells whose key satisfies a predicate.
    pub fn cells(&self, wanted: impl Fn(&CellHead) -> bool) -> Result<Vec<Cell<'_>>> {
        self.cells.iter().filter(|head| wanted(head)).map(|head| self.cell(*head)).collect()
    }

    fn cell(&self, head: CellHead) -> Result<Cell<'_>> {
        let len = head.len;
        Ok(Cell {
            head,
            local: self.rows_of("local", head.start, len)?,
            node: self.rows_of("node", head.start, len)?,
            day: self.rows_of("day", head.start, len)?,
            time: self.rows_of("time", head.start, len)?,
            brand: self.optional("brand", head.brand, len)?,
            category: self.optional("category", head.category, len)?,
            campaign: self.optional("campaign", head.campaign, len)?,
            item: self.optional("item", head.item, len)?,
            order: self.optional("order", head.order, len)?,
            amount: self.optional("amount", head.amount, len)?,
            quantity: self.optional("quantity", head.quantity, len)?,
            segment: self,
        })
    }

    fn optional<T: Pod>(&self, name: &str, start: u32, len: u32) -> Result<Option<&[T]>> {
        if start == UNUSED { Ok(None) } else { self.rows_of(name, start, len).map(Some) }
    }

    fn rows_of<T: Pod>(&self, name: &str, start: u32, len: u32) -> Result<&[T]> {
        let column = self.container.column::<T>(name)?;
        let (start, len) = (start as usize, len as usize);
        column
            .get(start..start + len)
            .ok_or_else(|| Error::new(Code::CorruptFile, format!("column {name} is too short")))
    }
}

/// One cell of a segment, its columns as slices of equal length.
#[derive(Debug)]
pub struct Cell<'a> {
    /// Its key.
    pub head: CellHead,
    /// Consumers, by local id.
    pub local: &'a [u16],
    /// Identifiers the rows arrived with.
    pub node: &'a [u32],
    /// Local dates, ascending.
    pub day: &'a [i32],
    /// Instants; ascending within a day.
    pub time: &'a [i64],
    /// Own brands.
    pub brand: Option<&'a [u32]>,
    /// Categories.
    pub category: Option<&'a [u32]>,
    /// Campaigns.
    pub campaign: Option<&'a [u32]>,
    /// Items.
    pub item: Option<&'a [u32]>,
    /// Hashes of order ids.
    pub order: Option<&'a [u64]>,
    /// Money.
    pub amount: Option<&'a [i64]>,
    /// Quantities.
    pub quantity: Option<&'a [i64]>,
    segment: &'a Segment,
}

/// The values of one property key in a cell.
#[derive(Debug)]
pub struct Property<'a> {
    /// Number of the key.
    pub key: u32,
    /// Rows (positions in the cell) that have a value, ascending.
    pub rows: &'a [u32],
    /// For each of those rows the position of its value.
    pub codes: &'a [u32],
    /// Ends of the values in `text`; the first begins at `text_start`.
    ends: &'a [u64],
    text_start: u64,
    text: &'a [u8],
}

impl<'a> Property<'a> {
    /// The value of a code, as JSON text.
    pub fn value(&self, code: u32) -> &'a str {
        let code = code as usize;
        let start = if code == 0 { self.text_start } else { self.ends[code - 1] };
        std::str::from_utf8(&self.text[start as usize..self.ends[code] as usize]).unwrap_or("null")
    }

    /// Distinct values as JSON text, in order of code.
    pub fn values(&self) -> impl Iterator<Item = &'a str> + '_ {
        let mut start = self.text_start;
        self.ends.iter().map(move |end| {
            let bytes = &self.text[start as usize..*end as usize];
            start = *end;
            std::str::from_utf8(bytes).unwrap_or("null")
        })
    }
}

impl<'a> Cell<'a> {
    /// The rows whose day lies in a range.
    pub fn run(&self, range: DayRange) -> std::ops::Range<usize> {
        let start = self.day.partition_point(|day| *day < range.first.0);
        let end = self.day.partition_point(|day| *day <= range.last.0);
        start..end.max(start)
    }

    /// The day of a row.
    pub fn day_of(&self, row: usize) -> Day {
        Day(self.day[row])
    }

    /// Every property key of the cell.
    pub fn properties(&self) -> Result<Vec<Property<'a>>> {
        let container = &self.segment.container;
        let heads = container.column::<PropertyHead>("properties")?;
        let (start, len) = (self.head.properties as usize, self.head.property_count as usize);
        let rows = container.column::<u32>("property_rows")?;
        let codes = container.column::<u32>("property_codes")?;
        let ends = container.column::<u64>("property_ends")?;
        let text = container.column::<u8>("property_text")?;
        let property = |head: &PropertyHead| {
            let (row, rows_len) = (head.rows as usize, head.row_count as usize);
            let (value, value_len) = (head.values as usize, head.value_count as usize);
            let text_start = if value == 0 { 0 } else { ends[value - 1] };
            Property {
                key: head.key,
                rows: &rows[row..row + rows_len],
                codes: &codes[row..row + rows_len],
                ends: &ends[value..value + value_len],
                text_start,
                text,
            }
        };
        Ok(heads[start..start + len].iter().map(property).collect())
    }
}
