//! Comma-separated files: which columns they have, and their rows.
//!
//! Reading is sequential from the first byte. A file is never split by byte ranges, because a quoted field may hold
//! line breaks and only the rows before it tell where a row begins.
//!
//! Deliberately absent: quotes other than `"`, comments, files without header (lists excepted, see `list`).

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use arrow::csv::ReaderBuilder;
use arrow::datatypes::{Field, Schema, SchemaRef};
use weir_core::Result;

use super::kind::Kind;
use super::shape::Shape;
use super::source::{Bytes, Packing, open, read_failed, unreadable};
use super::{BatchIter, Column, ColumnKind};
use crate::runtime::BATCH_ROWS;

/// Delimiters a header line may use, the usual one first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How a particular file is written.
#[derive(Debug, Clone)]
pub(super) struct Dialect {
    pub delimiter: u8,
    /// Whether the first line names the columns.
    pub header: bool,
}

impl Dialect {
    /// Tabs where the file says so, else whichever delimiter the first line has most of.
    pub fn of(path: &Path, packing: Packing, tabs: bool) -> Result<Dialect> {
        let delimiter = if tabs { b'\t' } else { sniff_delimiter(path, packing)? };
        Ok(Dialect { delimiter, header: true })
    }
}

fn sniff_delimiter(path: &Path, packing: Packing) -> Result<u8> {
    let mut bytes = open(path, packing)?;
    let head = bytes.fill_buf().map_err(|error| read_failed(path, packing, &error))?;
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let found = count_unquoted(line, delimiter);
        if found > best.0 {
            best = (found, delimiter);
        }
    }
    Ok(best.1)
}

fn count_unquoted(line: &[u8], delimiter: u8) -> usize {
    let mut quoted = false;
    let mut found = 0;
    for &byte in line {
        quoted ^= byte == b'"';
        found += usize::from(byte == delimiter && !quoted);
    }
    found
}

/// The columns of a file, typed by all of its rows. Finds every broken row on the way.
pub(super) fn columns(path: &Path, packing: Packing, dialect: &Dialect) -> Result<Vec<Column>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .has_headers(dialect.header)
        .buffer_capacity(1 << 16)
        .from_reader(open(path, packing)?);
    let header = reader.byte_headers().map_err(|error| broken(path, packing, &error))?.clone();
    let names = if dialect.header { names(path, &header)? } else { numbered(header.len()) };
    let mut kinds = vec![Kind::Empty; names.len()];
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| broken(path, packing, &error))? {
        widen(&mut kinds, &record).map_err(|column| not_utf8(path, &record, &names[column]))?;
    }
    let kinds = kinds.into_iter().map(|kind| ColumnKind::Inferred(Shape::Scalar(kind)));
    Ok(names.into_iter().zip(kinds).map(|(name, kind)| Column { name, kind }).collect())
}

/// The first two values of a file that has a single column.
pub(super) fn only_column(
    path: &Path,
    packing: Packing,
    dialect: &Dialect,
) -> Result<Option<(String, Option<String>)>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .has_headers(false)
        .from_reader(open(path, packing)?);
    let mut values = Vec::with_capacity(2);
    for record in reader.byte_records().take(2) {
        let record = record.map_err(|error| broken(path, packing, &error))?;
        if record.len() != 1 {
            return Ok(None);
        }
        values.push(String::from_utf8_lossy(&record[0]).into_owned());
    }
    let mut values = values.into_iter();
    Ok(values.next().map(|first| (first, values.next())))
}

/// Widens the kinds so that they hold this row. The error is the column that is not UTF-8.
fn widen(kinds: &mut [Kind], record: &csv::ByteRecord) -> std::result::Result<(), usize> {
    for (column, (kind, field)) in kinds.iter_mut().zip(record).enumerate() {
        let field = std::str::from_utf8(field).map_err(|_| column)?;
        if !kind.surely_holds(field) {
            *kind = kind.join(Kind::of_text(field));
        }
    }
    Ok(())
}

/// The header's names; a column without one is called by its number.
fn names(path: &Path, header: &csv::ByteRecord) -> Result<Vec<String>> {
    let mut seen = HashSet::new();
    let mut names = Vec::with_capacity(header.len());
    for (column, field) in header.iter().enumerate() {
        let name =
            std::str::from_utf8(field).map_err(|_| unreadable(path, "the header is not UTF-8 text"))?;
        let name = if name.is_empty() { format!("column_{}", column + 1) } else { name.to_owned() };
        if !seen.insert(name.clone()) {
            return Err(unreadable(path, format!("two columns are called \"{name}\""))
                .help("give each column its own name in the first line"));
        }
        names.push(name);
    }
    match names.is_empty() {
        true => Err(unreadable(path, "the file is empty").help("the first line names the columns")),
        false => Ok(names),
    }
}

fn numbered(columns: usize) -> Vec<String> {
    (1..=columns).map(|n| format!("column_{n}")).collect()
}

fn not_utf8(path: &Path, record: &csv::ByteRecord, column: &str) -> weir_core::Error {
    let line = record.position().map_or(0, csv::Position::line);
    unreadable(path, format!("line {line}, column \"{column}\" is not UTF-8 text"))
        .help("convert the file, for example with: iconv -f GB18030 -t UTF-8")
}

fn broken(path: &Path, packing: Packing, error: &csv::Error) -> weir_core::Error {
    match error.kind() {
        csv::ErrorKind::Io(error) => read_failed(path, packing, error),
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            unreadable(path, format!("line {line} has {len} instead of {expected_len} fields"))
                .help("quote fields that contain the delimiter or a line break")
        }
        _ => unreadable(path, error),
    }
}

/// The rows of a file: the fields at `wanted` positions, typed as `fields` says.
pub(super) fn read(
    path: &Path,
    packing: Packing,
    dialect: &Dialect,
    fields: Vec<Field>,
    wanted: Vec<usize>,
) -> Result<BatchIter> {
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let bytes: Bytes = open(path, packing)?;
    let reader = ReaderBuilder::new(schema)
        .with_delimiter(dialect.delimiter)
        .with_header(dialect.header)
        .with_batch_size(BATCH_ROWS)
        .with_projection(wanted)
        .build_buffered(bytes)
        .map_err(|error| unreadable(path, error))?;
    let path = path.to_owned();
    Ok(Box::new(reader.map(move |batch| batch.map_err(|error| unreadable(&path, error)))))
}
