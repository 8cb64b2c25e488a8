//! Files of tag statements, in long form, and the names of tags.
//!
//! A tag's kind is settled by the first import that states it, as long as a live import does.

mod one;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, AsArray, ListArray, PrimitiveArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Schema, SchemaRef, UInt64Type};
use roaring::RoaringBitmap;
use rusqlite::{Connection, params};
use weir_core::identity::Node;
use weir_core::tag::{TagFact, TagKind, TagValue};
use weir_core::time::Day;
use weir_core::{Error, Result};

use crate::column;
use crate::fault::{Fault, corrupt};
use crate::manifest::{ImportId, StoredFile};
use crate::table::{read_columns, read_rows_of, read_table};

pub(crate) use one::{Statement, Value, scan_one};

/// Column of an incoming batch with the day of its statements.
pub const DAY: &str = "day";

/// In place of a kind: the statement is that there is no value.
pub(crate) const NONE: &str = "none";

/// What import sources of computed tags begin with; the tag's name follows.
pub const COMPUTED: &str = "tag:";

/// The type of a multi-value column.
pub fn multi_type() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
}

pub(crate) fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("node", DataType::UInt32, false),
        Field::new("key", DataType::Utf8, false),
        Field::new("day", DataType::Date32, true),
        Field::new("seq", DataType::UInt64, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("text", DataType::Utf8, true),
        Field::new("number", DataType::Float64, true),
        Field::new("date", DataType::Date32, true),
        Field::new("multi", multi_type(), true),
    ]))
}

/// Calls `each` with every statement of the files.
pub(crate) fn scan<'a>(
    files: impl IntoIterator<Item = &'a StoredFile>,
    mut each: impl FnMut(Node, TagFact) -> Result<()>,
) -> Result<()> {
    for file in files {
        for batch in read_table(file)? {
            let batch = batch?;
            let statements = Statements::of(&batch)?;
            for (row, node) in column::nodes(&batch, "node")?.iter().enumerate() {
                let fact = statements.fact(row).ok_or_else(|| without_value(file))?;
                each(*node, fact)?;
            }
        }
    }
    Ok(())
}

/// Calls `each` with every statement of a file about some nodes.
pub(crate) fn scan_of(
    file: &StoredFile,
    nodes: &RoaringBitmap,
    mut each: impl FnMut(Node, TagFact),
) -> Result<()> {
    let columns: Vec<String> = schema().fields().iter().map(|field| field.name().clone()).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    for batch in read_rows_of(file, &columns, ("node", nodes))? {
        let batch = batch?;
        let statements = Statements::of(&batch)?;
        for (row, node) in column::nodes(&batch, "node")?.iter().enumerate() {
            each(*node, statements.fact(row).ok_or_else(|| without_value(file))?);
        }
    }
    Ok(())
}

pub(crate) fn without_value(file: &StoredFile) -> Error {
    corrupt(&file.path, "a statement has no value")
}

/// Calls `each` with the node and the day of every statement of a file; undated ones have the beginning.
pub(crate) fn scan_days(file: &StoredFile, mut each: impl FnMut(Node, Day)) -> Result<()> {
    for batch in read_columns(file, &["node", "day"])? {
        let batch = batch?;
        let days = column::primitive::<Date32Type>(&batch, "day")?;
        for (node, day) in column::nodes(&batch, "node")?.iter().zip(days) {
            each(*node, day.map_or(Day::BEGINNING, Day));
        }
    }
    Ok(())
}

struct Statements<'a> {
    key: &'a StringArray,
    day: &'a PrimitiveArray<Date32Type>,
    seq: &'a PrimitiveArray<UInt64Type>,
    kind: &'a StringArray,
    text: &'a StringArray,
    number: &'a PrimitiveArray<Float64Type>,
    date: &'a PrimitiveArray<Date32Type>,
    multi: &'a ListArray,
}

impl<'a> Statements<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Statements<'a>> {
        let multi = column::any(batch, "multi")?.as_list_opt();
        Ok(Statements {
            key: column::text(batch, "key")?,
            day: column::primitive(batch, "day")?,
            seq: column::primitive(batch, "seq")?,
            kind: column::text(batch, "kind")?,
            text: column::text(batch, "text")?,
            number: column::primitive(batch, "number")?,
            date: column::primitive(batch, "date")?,
            multi: multi.ok_or_else(|| Error::internal("multi is not a list column"))?,
        })
    }

    fn fact(&self, row: usize) -> Option<TagFact> {
        let day = if self.day.is_null(row) { Day::BEGINNING } else { Day(self.day.value(row)) };
        let (key, seq) = (self.key.value(row).to_owned(), self.seq.value(row));
        Some(TagFact { key, day, seq, value: self.value(row)? })
    }

    fn value(&self, row: usize) -> Option<TagValue> {
        let kind = self.kind.value(row);
        if kind == NONE {
            return Some(TagValue::Absent);
        }
        match TagKind::named(kind)? {
            TagKind::Text => column::cell(self.text, row).map(|text| TagValue::Text(text.to_owned())),
            TagKind::Number => self.number.is_valid(row).then(|| TagValue::Number(self.number.value(row))),
            TagKind::Date => self.date.is_valid(row).then(|| TagValue::Date(Day(self.date.value(row)))),
            TagKind::Multi => self.multi.is_valid(row).then(|| TagValue::Multi(texts(self.multi, row))),
        }
    }
}

/// The texts of a multi-value cell; nulls among them say nothing.
pub(crate) fn texts(column: &ListArray, row: usize) -> Vec<String> {
    let values = column.value(row);
    let Some(values) = values.as_string_opt::<i32>() else { return Vec::new() };
    values.iter().flatten().map(str::to_owned).collect()
}

/// Names and kinds of the tags that live imports state.
pub(crate) fn read_keys(db: &Connection, workspace: i64) -> Result<BTreeMap<String, TagKind>> {
    let sql = "SELECT key, kind FROM tag WHERE workspace = ? ORDER BY import DESC";
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query([workspace]).fault()?;
    let mut keys = BTreeMap::new();
    while let Some(row) = rows.next().fault()? {
        let kind: String = row.get(1).fault()?;
        let known = TagKind::named(&kind);
        let kind =
            known.ok_or_else(|| Error::internal(format!("weir.db: \"{kind}\" is not a kind of tag")))?;
        keys.insert(row.get(0).fault()?, kind);
    }
    Ok(keys)
}

pub(crate) fn insert_keys(
    db: &Connection,
    workspace: i64,
    import: ImportId,
    keys: &BTreeMap<String, TagKind>,
) -> Result<()> {
    for (key, kind) in keys {
        let sql = "INSERT INTO tag (workspace, import, key, kind) VALUES (?, ?, ?, ?)";
        db.execute(sql, params![workspace, import, key, kind.name()]).fault()?;
    }
    Ok(())
}
