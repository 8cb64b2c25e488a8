//! The rows of one shard's consumers, cut into cells.
//!
//! A cell is (behavior, shop, channel); its rows are sorted by day, so any window is one run of each cell. Columns
//! that a cell does not use (no order, no amount …) take no space for it, and numbers take the least width that holds all
//! of a segment's. Property values are numbered per cell and key, so a property condition is decided once per distinct
//! value.
//!
//! | section | of each | holds |
//! |---|---|---|
//! | cells | cell | [`CellHead`] |
//! | days | cell and day | date, end of its rows |
//! | local | row | u16: whose |
//! | node | row | u32: the identifier it arrived with |
//! | seconds, micros | row | u32: time since `base`; micros only where a cell's rows need them |
//! | time | row | i64 micros, instead of those two, where a segment's rows lie more than 136 years apart |
//! | brand, category, campaign, item | row | u8, u16 or u32 |
//! | order | row | u64: hash |
//! | amount, quantity | row | i32 or i64, in 1/10000 |
//! | property … | cell and key | rows, codes, texts |
//!
//! Several segments may hold rows of one shard: the base, and smaller ones for later events and for people whose rows
//! moved when they were merged or un-merged.

mod build;
mod cell;
mod column;
mod merge;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use bytemuck::{Pod, Zeroable};
use weir_core::{Code, Error, Result};

use crate::bits::Bits;
use crate::container::{Bytes, Container};

pub use build::{build, build_all, build_into};
pub use cell::{Cell, Days, Property, Times};
pub use column::{Amounts, Numbers};
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
    days: u32,
    day_count: u32,
    micros: u32,
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

/// The rows of a cell that lie on one day.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct DayRun {
    day: i32,
    /// Where they end in the cell; they begin where those of the day before end.
    end: u32,
}

/// Directory entry of one property key in a cell.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct PropertyHead {
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
    directory: Arc<Directory>,
    holders: Arc<OnceLock<Bits>>,
}

/// What is known of a segment once it is open: its cells, and where its columns are.
#[derive(Debug)]
struct Directory {
    cells: Vec<CellHead>,
    /// For each behavior its cells, ascending.
    behaviors: Vec<(u32, Range<usize>)>,
    places: Places,
    base: i64,
}

/// Where each column stands in the container's table.
#[derive(Debug)]
struct Places {
    days: usize,
    local: usize,
    node: usize,
    seconds: usize,
    micros: usize,
    time: usize,
    brand: usize,
    category: usize,
    campaign: usize,
    item: usize,
    order: usize,
    amount: usize,
    quantity: usize,
    properties: usize,
    property_rows: usize,
    property_codes: usize,
    property_ends: usize,
    property_text: usize,
    /// Bytes of a value, by place.
    widths: Vec<u8>,
}

impl Segment {
    /// Opens a segment; `label` names its file in errors.
    pub fn open(label: &str, bytes: Bytes) -> Result<Segment> {
        let container = Container::open(label, bytes)?;
        let shard = container.column::<u32>("shard")?.first().copied();
        let base = container.column::<i64>("base")?.first().copied();
        let (Some(shard), Some(base)) = (shard, base) else {
            return Err(Error::new(Code::CorruptFile, format!("{label} names no shard")));
        };
        let cells = container.column::<CellHead>("cells")?.to_vec();
        let (behaviors, places) = (behaviors(&cells), Places::of(&container)?);
        let directory = Arc::new(Directory { cells, behaviors, places, base });
        Ok(Segment {
            shard: shard as usize,
            container: Arc::new(container),
            directory,
            holders: Arc::default(),
        })
    }

    /// The shard whose consumers it holds.
    pub fn shard(&self) -> usize {
        self.shard
    }

    /// How many rows it holds.
    pub fn rows(&self) -> usize {
        self.directory.cells.iter().map(|cell| cell.len as usize).sum()
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
        let local: &[u16] = self.container.at(self.directory.places.local)?;
        local.iter().for_each(|local| holders.insert(*local));
        Ok(self.holders.get_or_init(|| holders))
    }

    /// Verifies every checksum.
    pub fn verify(&self) -> Result<()> {
        self.container.verify()
    }

    /// Its cells.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.directory.cells.iter().map(|head| Cell::new(head, self))
    }

    /// Its cells whose behavior and whole key are wanted.
    pub fn cells_where<'a>(
        &'a self,
        behavior: impl Fn(u32) -> bool + 'a,
        wanted: impl Fn(&CellHead) -> bool + 'a,
    ) -> impl Iterator<Item = Cell<'a>> + 'a {
        let runs = self.directory.behaviors.iter().filter(move |(number, _)| behavior(*number));
        let heads = runs.flat_map(|(_, run)| &self.directory.cells[run.clone()]);
        heads.filter(move |head| wanted(head)).map(|head| Cell::new(head, self))
    }

    /// Bytes of each section that a row's value takes part in, by name: for reports on size.
    pub fn section_bytes(&self) -> Vec<(String, usize)> {
        self.container.section_bytes()
    }
}

fn behaviors(cells: &[CellHead]) -> Vec<(u32, Range<usize>)> {
    let mut start = 0;
    let runs = cells.chunk_by(|a, b| a.behavior == b.behavior);
    runs.map(|run| {
        let range = start..start + run.len();
        start = range.end;
        (run[0].behavior, range)
    })
    .collect()
}

impl Places {
    fn of(container: &Container) -> Result<Places> {
        let place = |name: &str| container.place(name);
        Ok(Places {
            days: place("days")?,
            local: place("local")?,
            node: place("node")?,
            seconds: place("seconds")?,
            micros: place("micros")?,
            time: place("time")?,
            brand: place("brand")?,
            category: place("category")?,
            campaign: place("campaign")?,
            item: place("item")?,
            order: place("order")?,
            amount: place("amount")?,
            quantity: place("quantity")?,
            properties: place("properties")?,
            property_rows: place("property_rows")?,
            property_codes: place("property_codes")?,
            property_ends: place("property_ends")?,
            property_text: place("property_text")?,
            widths: container.column::<u8>("widths")?.to_vec(),
        })
    }

    fn width(&self, place: usize) -> u8 {
        self.widths.get(place).copied().unwrap_or(0)
    }
}
