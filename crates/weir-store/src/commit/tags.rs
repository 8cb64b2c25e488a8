//! The door for tags: one column per tag comes in, one row per statement goes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Date32Builder, Float64Array, Float64Builder, ListArray,
    ListBuilder, RecordBatch, StringArray, StringBuilder, UInt32Builder, UInt64Builder,
};
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use jiff::civil::Time;
use rusqlite::Connection;
use weir_core::identity::Node;
use weir_core::ledger::Ledger;
use weir_core::tag::{TagKind, TagValue, kind_conflict};
use weir_core::time::{Day, Micros, Zone};
use weir_core::{Code, Error, Result};

use super::fileset::FileSet;
use super::identities::Identities;
use crate::column;
use crate::event::ID_PREFIX;
use crate::fault::Fault;
use crate::import::NO_IDENTIFIER;
use crate::manifest::{FileKind, ImportId};
use crate::table::TableWriter;
use crate::tag::{self, DAY, texts};
use crate::view::View;

/// Remark on a row without any tag.
const NO_TAG: &str = "no_tag";

/// Statements of one file, at most about.
const STATEMENTS: usize = 1 << 20;

/// Bytes of text in one file, at most about: far below what a column of text can hold.
const TEXT: usize = 256 << 20;

pub(crate) struct TagDoor {
    identities: Identities,
    zone: Zone,
    known: BTreeMap<String, TagKind>,
    stated: BTreeMap<String, TagKind>,
    statements: Statements,
    computed: Statements,
    rows: u64,
}

/// A column of an incoming batch that states a tag.
struct TagColumn<'a> {
    key: &'a str,
    cells: Cells<'a>,
}

enum Cells<'a> {
    Text(&'a StringArray),
    Number(&'a Float64Array),
    Date(&'a Date32Array),
    Multi(&'a ListArray),
}

/// What a statement says beside its value.
pub(crate) struct Statement<'a> {
    pub node: u32,
    pub key: &'a str,
    pub day: Option<i32>,
    pub seq: u64,
}

/// Statements that wait to become a file.
#[derive(Default)]
pub(crate) struct Statements {
    node: UInt32Builder,
    key: StringBuilder,
    day: Date32Builder,
    seq: UInt64Builder,
    kind: StringBuilder,
    text: StringBuilder,
    number: Float64Builder,
    date: Date32Builder,
    multi: ListBuilder<StringBuilder>,
    count: usize,
    text_bytes: usize,
    /// Whether they follow from other data.
    computed: bool,
}

impl TagDoor {
    pub(crate) fn open(identities: Identities, before: &View) -> TagDoor {
        TagDoor {
            identities,
            zone: before.settings().zone.clone(),
            known: before.tags().clone(),
            stated: BTreeMap::new(),
            statements: Statements::default(),
            computed: Statements { computed: true, ..Statements::default() },
            rows: 0,
        }
    }

    pub(crate) fn push(
        &mut self,
        batch: &RecordBatch,
        files: &mut FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        let ids = self.identities.columns(batch)?;
        let tags = self.columns(batch)?;
        let days =
            batch.column_by_name(DAY).map(|_| column::primitive::<Date32Type>(batch, DAY)).transpose()?;
        for row in 0..batch.num_rows() {
            ledger.read += 1;
            let day = days.filter(|days| days.is_valid(row)).map(|days| days.value(row));
            let seq = u64::from(files.import()) << 32 | self.rows;
            self.rows += 1;
            if ids.any(row) && tags.iter().all(|tag| tag.cells.is_null(row)) {
                // Nobody becomes known by a row that states nothing.
                ledger.accept(None);
                ledger.remark(NO_TAG);
                continue;
            }
            let time = day.and_then(|day| self.begin_of(Day(day))).unwrap_or(Micros::MIN);
            match self.identities.attribute(&ids, row, time, files)? {
                None => ledger.reject(NO_IDENTIFIER),
                Some(node) => {
                    ledger.accept(None);
                    for tag in &tags {
                        if let Some(value) = tag.cells.value(row) {
                            self.statements.push(&Statement { node, key: tag.key, day, seq }, value);
                        }
                    }
                }
            }
        }
        self.statements.flush_if_full(files)
    }

    /// Takes in statements of a computed tag as of a day, each about a node that is there already.
    pub(crate) fn compute(
        &mut self,
        (key, kind, day): (&str, TagKind, Day),
        values: impl IntoIterator<Item = (Node, TagValue)>,
        files: &mut FileSet,
        ledger: &mut Ledger,
    ) -> Result<()> {
        self.state(key, kind)?;
        for (node, value) in values {
            let seq = u64::from(files.import()) << 32 | self.rows;
            self.rows += 1;
            ledger.read += 1;
            ledger.accept(None);
            self.computed.push(&Statement { node, key, day: Some(day.0), seq }, value);
            self.computed.flush_if_full(files)?;
        }
        Ok(())
    }

    /// The tag columns of a batch that state anything, their kinds checked against what is known.
    fn columns<'a>(&mut self, batch: &'a RecordBatch) -> Result<Vec<TagColumn<'a>>> {
        let mut columns = Vec::new();
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let key = field.name().as_str();
            let is_tag = key != DAY && !key.starts_with(ID_PREFIX);
            if is_tag && column.null_count() < column.len() {
                let cells = Cells::of(key, column)?;
                self.state(key, cells.kind())?;
                columns.push(TagColumn { key, cells });
            }
        }
        Ok(columns)
    }

    fn state(&mut self, key: &str, given: TagKind) -> Result<()> {
        let is = *self.known.entry(key.to_owned()).or_insert(given);
        if is != given {
            return Err(kind_conflict(key, is, given));
        }
        self.stated.insert(key.to_owned(), given);
        Ok(())
    }

    /// Links on a dated row count from the beginning of its day.
    fn begin_of(&self, day: Day) -> Option<Micros> {
        self.zone.instant_of(day.to_date()?.to_datetime(Time::midnight()))
    }

    pub(crate) fn seal(&mut self, files: &mut FileSet) -> Result<&mut Identities> {
        self.statements.flush(files)?;
        self.computed.flush(files)?;
        Ok(&mut self.identities)
    }

    pub(crate) fn insert_keys(&self, db: &Connection, workspace: i64, import: ImportId) -> Result<()> {
        tag::insert_keys(db, workspace, import, &self.stated)
    }
}

impl<'a> Cells<'a> {
    fn of(key: &str, column: &'a ArrayRef) -> Result<Cells<'a>> {
        match column.data_type() {
            DataType::Utf8 => Ok(Cells::Text(column.as_string())),
            DataType::Float64 => Ok(Cells::Number(column.as_primitive::<Float64Type>())),
            DataType::Date32 => Ok(Cells::Date(column.as_primitive::<Date32Type>())),
            DataType::List(item) if item.data_type() == &DataType::Utf8 => Ok(Cells::Multi(column.as_list())),
            other => {
                Err(Error::new(Code::InvalidMapping, format!("tag \"{key}\" cannot hold {other} values"))
                    .at(key)
                    .help("give text, a number, a date or a list of texts"))
            }
        }
    }

    fn kind(&self) -> TagKind {
        match self {
            Cells::Text(_) => TagKind::Text,
            Cells::Number(_) => TagKind::Number,
            Cells::Date(_) => TagKind::Date,
            Cells::Multi(_) => TagKind::Multi,
        }
    }

    fn value(&self, row: usize) -> Option<TagValue> {
        if self.is_null(row) {
            return None;
        }
        Some(match self {
            Cells::Text(texts) => TagValue::Text(texts.value(row).to_owned()),
            Cells::Number(numbers) => TagValue::Number(numbers.value(row)),
            Cells::Date(dates) => TagValue::Date(Day(dates.value(row))),
            Cells::Multi(lists) => TagValue::Multi(texts(lists, row)),
        })
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Cells::Text(texts) => texts.is_null(row),
            Cells::Number(numbers) => numbers.is_null(row),
            Cells::Date(dates) => dates.is_null(row),
            Cells::Multi(lists) => lists.is_null(row),
        }
    }
}

impl Statements {
    /// Writes a file when enough has gathered.
    pub(crate) fn flush_if_full(&mut self, files: &mut FileSet) -> Result<()> {
        let is_full = self.count >= STATEMENTS || self.text_bytes >= TEXT;
        if is_full { self.flush(files) } else { Ok(()) }
    }

    /// Writes what is not on disk yet.
    pub(crate) fn flush(&mut self, files: &mut FileSet) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let batch = self.take()?;
        let kind = if self.computed { FileKind::Computed } else { FileKind::Tags };
        let name = format!("{}-{}.parquet", files.import(), files.count(kind));
        let mut writer = TableWriter::create(kind, &files.dir(kind), &name, tag::schema())?;
        writer.write(&batch)?;
        files.add(writer.finish()?);
        Ok(())
    }

    /// One of the four value columns holds the value, the others are null; all of them where there is no value.
    pub(crate) fn push(&mut self, statement: &Statement, value: TagValue) {
        self.count += 1;
        self.node.append_value(statement.node);
        self.key.append_value(statement.key);
        self.day.append_option(statement.day);
        self.seq.append_value(statement.seq);
        self.kind.append_value(value.kind().map_or(tag::NONE, TagKind::name));
        let (mut text, mut number, mut date, mut multi) = (None, None, None, None);
        match value {
            TagValue::Text(value) => text = Some(value),
            TagValue::Number(value) => number = Some(value),
            TagValue::Date(day) => date = Some(day.0),
            TagValue::Multi(texts) => multi = Some(texts),
            TagValue::Absent => {}
        }
        self.text_bytes += text.as_ref().map_or(0, String::len);
        self.text.append_option(text);
        self.number.append_option(number);
        self.date.append_option(date);
        self.text_bytes += multi.iter().flatten().map(String::len).sum::<usize>();
        self.multi.append_option(multi.map(|texts| texts.into_iter().map(Some)));
    }

    fn take(&mut self) -> Result<RecordBatch> {
        (self.count, self.text_bytes) = (0, 0);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.node.finish()),
            Arc::new(self.key.finish()),
            Arc::new(self.day.finish()),
            Arc::new(self.seq.finish()),
            Arc::new(self.kind.finish()),
            Arc::new(self.text.finish()),
            Arc::new(self.number.finish()),
            Arc::new(self.date.finish()),
            Arc::new(self.multi.finish()),
        ];
        RecordBatch::try_new(tag::schema(), columns).fault()
    }
}
