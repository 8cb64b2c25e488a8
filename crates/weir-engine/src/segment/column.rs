//! Columns of numbers in the least width that holds them.

use std::ops::Range;

use crate::row::NO_AMOUNT;

/// Amount of a row that has none, where amounts take four bytes.
pub(super) const NO_SMALL_AMOUNT: i32 = i32::MIN;

/// Numbers of texts, one for each row of a cell.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "each is the width of its name")]
pub enum Numbers<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
}

impl Numbers<'_> {
    /// The number of a row.
    pub fn at(&self, row: usize) -> u32 {
        match self {
            Numbers::U8(column) => column[row].into(),
            Numbers::U16(column) => column[row].into(),
            Numbers::U32(column) => column[row],
        }
    }

    /// Appends the rows of a run whose numbers are selected.
    pub(crate) fn select(&self, run: Range<usize>, selected: &[bool], rows: &mut Vec<u32>) {
        match self {
            Numbers::U8(column) => select(column, run, |number| selected[usize::from(number)], rows),
            Numbers::U16(column) => select(column, run, |number| selected[usize::from(number)], rows),
            Numbers::U32(column) => select(column, run, |number| selected[number as usize], rows),
        }
    }
}

fn select<T: Copy>(column: &[T], run: Range<usize>, is_selected: impl Fn(T) -> bool, rows: &mut Vec<u32>) {
    let (start, old) = (run.start as u32, rows.len());
    let column = &column[run];
    rows.resize(old + column.len(), 0);
    let mut end = old;
    // Without a branch: whether a row is selected cannot be guessed.
    for (row, number) in (start..).zip(column) {
        rows[end] = row;
        end += usize::from(is_selected(*number));
    }
    rows.truncate(end);
}

/// Amounts in 1/10000, one for each row of a cell.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "each is the width of its name")]
pub enum Amounts<'a> {
    I32(&'a [i32]),
    I64(&'a [i64]),
}

impl Amounts<'_> {
    /// The amount of a row, or [`NO_AMOUNT`].
    pub fn at(&self, row: usize) -> i64 {
        match self {
            Amounts::I32(column) if column[row] == NO_SMALL_AMOUNT => NO_AMOUNT,
            Amounts::I32(column) => column[row].into(),
            Amounts::I64(column) => column[row],
        }
    }
}
