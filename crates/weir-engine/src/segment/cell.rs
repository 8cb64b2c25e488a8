//! One cell of a segment: its columns as slices of equal length, each looked up when it is asked for, so that what a question
//! does not need is not even verified.

use std::ops::Range;

use bytemuck::Pod;
use weir_core::time::{Day, DayRange, Micros};
use weir_core::{Code, Error, Result};

use super::{Amounts, CellHead, DayRun, Numbers, PropertyHead, Segment, UNUSED};

const SECOND: i64 = 1_000_000;

/// One cell of a segment.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// Its key.
    pub head: &'a CellHead,
    segment: &'a Segment,
}

/// The days of a cell, ascending, with their rows.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a>(&'a [DayRun]);

/// Instants of a cell's rows; ascending within a day.
#[derive(Debug, Clone, Copy)]
pub struct Times<'a> {
    base: i64,
    seconds: &'a [u32],
    micros: Option<&'a [u32]>,
    wide: &'a [i64],
}

impl<'a> Cell<'a> {
    pub(super) fn new(head: &'a CellHead, segment: &'a Segment) -> Cell<'a> {
        Cell { head, segment }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.head.len as usize
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.head.len == 0
    }

    /// Consumers, by local id.
    pub fn local(&self) -> Result<&'a [u16]> {
        self.part(self.places().local, self.head.start, self.head.len)
    }

    /// Identifiers the rows arrived with.
    pub fn node(&self) -> Result<&'a [u32]> {
        self.part(self.places().node, self.head.start, self.head.len)
    }

    /// Local dates.
    pub fn days(&self) -> Result<Days<'a>> {
        self.part(self.places().days, self.head.days, self.head.day_count).map(Days)
    }

    /// Instants.
    pub fn times(&self) -> Result<Times<'a>> {
        let (base, places) = (self.segment.directory.base, self.places());
        let wide: &[i64] = self.segment.container.at(places.time)?;
        if !wide.is_empty() {
            let wide = self.part(places.time, self.head.start, self.head.len)?;
            return Ok(Times { base, seconds: &[], micros: None, wide });
        }
        let seconds = self.part(places.seconds, self.head.start, self.head.len)?;
        Ok(Times { base, seconds, micros: self.optional(places.micros, self.head.micros)?, wide })
    }

    /// Own brands.
    pub fn brand(&self) -> Result<Option<Numbers<'a>>> {
        self.numbers(self.places().brand, self.head.brand)
    }

    /// Categories.
    pub fn category(&self) -> Result<Option<Numbers<'a>>> {
        self.numbers(self.places().category, self.head.category)
    }

    /// Campaigns.
    pub fn campaign(&self) -> Result<Option<Numbers<'a>>> {
        self.numbers(self.places().campaign, self.head.campaign)
    }

    /// Items.
    pub fn item(&self) -> Result<Option<Numbers<'a>>> {
        self.numbers(self.places().item, self.head.item)
    }

    /// Hashes of order ids.
    pub fn order(&self) -> Result<Option<&'a [u64]>> {
        self.optional(self.places().order, self.head.order)
    }

    /// Money.
    pub fn amount(&self) -> Result<Option<Amounts<'a>>> {
        self.amounts(self.places().amount, self.head.amount)
    }

    /// Quantities.
    pub fn quantity(&self) -> Result<Option<Amounts<'a>>> {
        self.amounts(self.places().quantity, self.head.quantity)
    }

    fn places(&self) -> &'a super::Places {
        &self.segment.directory.places
    }

    fn numbers(&self, place: usize, start: u32) -> Result<Option<Numbers<'a>>> {
        Ok(match self.places().width(place) {
            1 => self.optional(place, start)?.map(Numbers::U8),
            2 => self.optional(place, start)?.map(Numbers::U16),
            _ => self.optional(place, start)?.map(Numbers::U32),
        })
    }

    fn amounts(&self, place: usize, start: u32) -> Result<Option<Amounts<'a>>> {
        Ok(match self.places().width(place) {
            4 => self.optional(place, start)?.map(Amounts::I32),
            _ => self.optional(place, start)?.map(Amounts::I64),
        })
    }

    fn optional<T: Pod>(&self, place: usize, start: u32) -> Result<Option<&'a [T]>> {
        if start == UNUSED { Ok(None) } else { self.part(place, start, self.head.len).map(Some) }
    }

    fn part<T: Pod>(&self, place: usize, start: u32, len: u32) -> Result<&'a [T]> {
        let column = self.segment.container.at::<T>(place)?;
        let (start, len) = (start as usize, len as usize);
        let part = column.get(start..start + len);
        part.ok_or_else(|| Error::new(Code::CorruptFile, "a segment has a column that is too short"))
    }

    /// Whether any of its rows has a property.
    pub fn has_properties(&self) -> bool {
        self.head.property_count > 0
    }

    /// Every property key of the cell.
    pub fn properties(&self) -> Result<Vec<Property<'a>>> {
        let (container, places) = (&self.segment.container, self.places());
        if !self.has_properties() {
            return Ok(Vec::new());
        }
        let heads: &[PropertyHead] =
            self.part(places.properties, self.head.properties, self.head.property_count)?;
        let rows = container.at::<u32>(places.property_rows)?;
        let codes = container.at::<u32>(places.property_codes)?;
        let ends = container.at::<u64>(places.property_ends)?;
        let text = container.at::<u8>(places.property_text)?;
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
        Ok(heads.iter().map(property).collect())
    }
}

impl Days<'_> {
    /// The rows whose day lies in a range.
    pub fn run(&self, range: DayRange) -> Range<usize> {
        let first = self.0.partition_point(|run| run.day < range.first.0);
        let last = self.0.partition_point(|run| run.day <= range.last.0);
        if first >= last { 0..0 } else { self.start(first)..self.0[last - 1].end as usize }
    }

    /// The day of a row.
    pub fn of(&self, row: usize) -> Day {
        Day(self.0[self.0.partition_point(|run| run.end as usize <= row)].day)
    }

    /// Each day of a range with its rows.
    pub fn within(&self, range: DayRange) -> impl Iterator<Item = (Day, Range<usize>)> + '_ {
        let first = self.0.partition_point(|run| run.day < range.first.0);
        let runs = self.0[first..].iter().take_while(move |run| run.day <= range.last.0);
        runs.zip(first..).map(|(run, at)| (Day(run.day), self.start(at)..run.end as usize))
    }

    /// Each day with its rows.
    pub fn iter(&self) -> impl Iterator<Item = (Day, Range<usize>)> + '_ {
        self.within(DayRange { first: Day(i32::MIN), last: Day(i32::MAX) })
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).map_or(0, |before| self.0[before].end as usize)
    }
}

impl Times<'_> {
    /// The instant of a row.
    pub fn at(&self, row: usize) -> Micros {
        match self.seconds.get(row) {
            Some(seconds) => {
                let micros = self.micros.map_or(0, |micros| i64::from(micros[row]));
                self.base + i64::from(*seconds) * SECOND + micros
            }
            None => self.wide[row],
        }
    }
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
