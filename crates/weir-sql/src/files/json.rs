//! JSON lines: one object a line. Its keys are the columns; objects and arrays become structs and lists.
//!
//! Deliberately absent: one array around all objects, and objects spread over several lines.

use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use arrow::json::ReaderBuilder;
use arrow::json::reader::Decoder;
use arrow::record_batch::RecordBatch;
use serde_json::{Map, Value};
use weir_core::{Error, Result};

use super::shape::{Shape, join_keys};
use super::source::{Bytes, Packing, open, read_failed, unreadable};
use super::{BatchIter, Column, ColumnKind};
use crate::runtime::BATCH_ROWS;

/// Lines of a file, with their numbers.
struct Lines {
    path: PathBuf,
    packing: Packing,
    bytes: Bytes,
    line: Vec<u8>,
    number: u64,
}

impl Lines {
    fn open(path: &Path, packing: Packing) -> Result<Lines> {
        let bytes = open(path, packing)?;
        Ok(Lines { path: path.to_owned(), packing, bytes, line: Vec::new(), number: 0 })
    }

    /// The next line that is not blank.
    fn next(&mut self) -> Result<Option<&[u8]>> {
        loop {
            self.line.clear();
            self.number += 1;
            let read = self.bytes.read_until(b'\n', &mut self.line);
            if read.map_err(|error| read_failed(&self.path, self.packing, &error))? == 0 {
                return Ok(None);
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some(&self.line))
    }

    fn next_object(&mut self) -> Result<Option<Map<String, Value>>> {
        let Some(line) = self.next()? else { return Ok(None) };
        let parsed = serde_json::from_slice(line);
        parsed.map(Some).map_err(|error| self.not_an_object(&error))
    }

    fn not_an_object(&self, error: &serde_json::Error) -> Error {
        let number = self.number;
        let trimmed = self.line.trim_ascii_start();
        if trimmed.starts_with(b"[") {
            return unreadable(&self.path, format!("line {number} begins a JSON array"))
                .help("write one object a line, for example with: jq -c '.[]'");
        }
        let is_start = trimmed.starts_with(b"{") && error.is_eof();
        let help = if is_start {
            "an object must not be spread over several lines"
        } else {
            "write one object a line"
        };
        unreadable(&self.path, format!("line {number} is not a JSON object ({})", without_place(error)))
            .help(help)
    }
}

/// serde's message without its "at line 1 column 5": the line is always 1 here, and misleads.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(fact, _)| fact.to_owned())
}

/// The columns of a file, typed by all of its lines.
pub(super) fn columns(path: &Path, packing: Packing) -> Result<Vec<Column>> {
    let mut lines = Lines::open(path, packing)?;
    let mut keys = Vec::new();
    while let Some(object) = lines.next_object()? {
        if let Shape::Object(found) = Shape::object(&object) {
            keys = join_keys(keys, found);
        }
    }
    Ok(keys.into_iter().map(|(name, shape)| Column { name, kind: ColumnKind::Inferred(shape) }).collect())
}

/// The rows of a file: the keys in `fields`; those in `as_json` as JSON text.
pub(super) fn read(
    path: &Path,
    packing: Packing,
    fields: Vec<Field>,
    as_json: Vec<String>,
) -> Result<BatchIter> {
    let decoder = ReaderBuilder::new(Arc::new(Schema::new(fields)))
        .with_batch_size(BATCH_ROWS)
        // A text column may hold numbers in some lines; they are kept as they are written.
        .with_coerce_primitive(true)
        .build_decoder()
        .map_err(|error| unreadable(path, error))?;
    let lines = Lines::open(path, packing)?;
    Ok(Box::new(Rows { lines, decoder, as_json, done: false }))
}

struct Rows {
    lines: Lines,
    decoder: Decoder,
    as_json: Vec<String>,
    done: bool,
}

impl Rows {
    fn fill(&mut self) -> Result<Option<RecordBatch>> {
        for _ in 0..BATCH_ROWS {
            let more = if self.as_json.is_empty() { self.decode_line()? } else { self.decode_object()? };
            if !more {
                self.done = true;
                break;
            }
        }
        self.decoder.flush().map_err(|error| unreadable(&self.lines.path, error))
    }

    fn decode_line(&mut self) -> Result<bool> {
        let Some(line) = self.lines.next()? else { return Ok(false) };
        let decoded = self.decoder.decode(line);
        decoded.map(|_| true).map_err(|error| self.failed(&error))
    }

    fn decode_object(&mut self) -> Result<bool> {
        let Some(mut object) = self.lines.next_object()? else { return Ok(false) };
        for key in &self.as_json {
            if let Some(value) = object.get_mut(key).filter(|value| !value.is_null()) {
                *value = Value::String(value.to_string());
            }
        }
        let decoded = self.decoder.serialize(&[object]);
        decoded.map(|()| true).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &arrow::error::ArrowError) -> Error {
        unreadable(&self.lines.path, format!("line {}: {error}", self.lines.number))
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Result<RecordBatch>> {
        if self.done {
            return None;
        }
        let batch = self.fill();
        self.done |= batch.is_err();
        batch.transpose()
    }
}
