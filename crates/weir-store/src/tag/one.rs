//! The statements about one tag, out of files that hold all of them: only the column of its kind of value is read, and keys
//! and texts as the dictionaries that they are in the file.

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, ListArray, PrimitiveArray, RecordBatch, StringArray,
};
use arrow::datatypes::{Date32Type, Float64Type, Int32Type, UInt64Type};
use weir_core::identity::Node;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Day;
use weir_core::{Error, Result};

use super::{NONE, texts, without_value};
use crate::column;
use crate::manifest::StoredFile;
use crate::table::read_coded;

/// A statement about a tag as it is read, nothing owned but several texts.
pub(crate) struct Statement<'a> {
    pub day: Day,
    pub seq: u64,
    pub value: Value<'a>,
}

/// What a statement says.
pub(crate) enum Value<'a> {
    Text(&'a str),
    Other(TagValue),
}

/// Calls `each` with every statement of a file about one tag, which is of this kind.
pub(crate) fn scan_one(
    file: &StoredFile,
    key: &str,
    kind: TagKind,
    mut each: impl FnMut(Node, Statement<'_>),
) -> Result<()> {
    let columns = ["node", "key", "day", "seq", "kind", column_of(kind)];
    for batch in read_coded(file, &columns, &["key", "kind", "text"])? {
        let batch = batch?;
        let keys = Texts::of(&batch, "key")?;
        let wanted: Vec<bool> = keys.texts.iter().map(|text| text == Some(key)).collect();
        if !wanted.contains(&true) {
            continue;
        }
        let nodes = column::nodes(&batch, "node")?;
        let days = column::primitive::<Date32Type>(&batch, "day")?;
        let seqs: &PrimitiveArray<UInt64Type> = column::primitive(&batch, "seq")?;
        let (kinds, values) = (Texts::of(&batch, "kind")?, Values::of(&batch, kind)?);
        for row in (0..batch.num_rows()).filter(|row| wanted[keys.codes.value(*row) as usize]) {
            let day = if days.is_null(row) { Day::BEGINNING } else { Day(days.value(row)) };
            let value = match kinds.text(row) {
                Some(NONE) => Some(Value::Other(TagValue::Absent)),
                _ => values.value(row),
            };
            let value = value.ok_or_else(|| without_value(file))?;
            each(nodes[row], Statement { day, seq: seqs.value(row), value });
        }
    }
    Ok(())
}

fn column_of(kind: TagKind) -> &'static str {
    match kind {
        TagKind::Text => "text",
        TagKind::Number => "number",
        TagKind::Date => "date",
        TagKind::Multi => "multi",
    }
}

/// A text column as a dictionary.
struct Texts<'a> {
    codes: &'a Int32Array,
    texts: &'a StringArray,
}

impl<'a> Texts<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> Result<Texts<'a>> {
        let coded = column::any(batch, name)?.as_dictionary_opt::<Int32Type>();
        let typed = coded.and_then(|coded| {
            let values: &ArrayRef = coded.values();
            Some(Texts { codes: coded.keys(), texts: values.as_string_opt::<i32>()? })
        });
        typed.ok_or_else(|| Error::internal(format!("{name} is not a dictionary of texts")))
    }

    fn text(&self, row: usize) -> Option<&'a str> {
        self.codes.is_valid(row).then(|| self.texts.value(self.codes.value(row) as usize))
    }
}

enum Values<'a> {
    Text(Texts<'a>),
    Number(&'a PrimitiveArray<Float64Type>),
    Date(&'a PrimitiveArray<Date32Type>),
    Multi(&'a ListArray),
}

impl<'a> Values<'a> {
    fn of(batch: &'a RecordBatch, kind: TagKind) -> Result<Values<'a>> {
        let name = column_of(kind);
        Ok(match kind {
            TagKind::Text => Values::Text(Texts::of(batch, name)?),
            TagKind::Number => Values::Number(column::primitive(batch, name)?),
            TagKind::Date => Values::Date(column::primitive(batch, name)?),
            TagKind::Multi => {
                let lists = column::any(batch, name)?.as_list_opt();
                Values::Multi(lists.ok_or_else(|| Error::internal("multi is not a list column"))?)
            }
        })
    }

    fn value(&self, row: usize) -> Option<Value<'a>> {
        let other = match self {
            Values::Text(texts) => return texts.text(row).map(Value::Text),
            Values::Number(numbers) => numbers.is_valid(row).then(|| TagValue::Number(numbers.value(row))),
            Values::Date(dates) => dates.is_valid(row).then(|| TagValue::Date(Day(dates.value(row)))),
            Values::Multi(lists) => lists.is_valid(row).then(|| TagValue::Multi(texts(lists, row))),
        };
        other.map(Value::Other)
    }
}
