//! Tags: identifiers, an optional `time`, and one column a tag.
//!
//! | column | tag |
//! |---|---|
//! | text, boolean | text |
//! | number | number |
//! | date, timestamp | date, local |
//! | list | several texts |
//!
//! A NULL states nothing. Rows come out in the order of the SELECT: of two statements of one day the later row counts.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, ListArray, ListBuilder, StringBuilder, UInt32Array,
};
use arrow::compute::{take, take_record_batch};
use arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use weir_core::ledger::Ledger;
use weir_core::tag::TagKind;
use weir_core::time::{Day, is_plausible};
use weir_core::{Code, Error, Result};
use weir_store::event::ID_PREFIX;

use super::events::{BAD_TIME, OUT_OF_RANGE, unfit};
use super::identifiers::{IdColumns, kind_of};
use super::rows::{Counted, MappedRows};
use super::select::Select;
use super::session::ImportSession;
use crate::clock::Clock;
use crate::values::moment::{self, Moment};
use crate::values::{number, text, type_name};

/// Column of a normalised batch with the day of its statements.
const DAY: &str = "day";

/// A mapping of tags, checked and ready to run.
pub struct TagPlan {
    select: Select,
    mapper: Mapper,
    threads: usize,
}

/// One tag among the output columns.
#[derive(Debug, Clone)]
struct Tag {
    name: String,
    kind: TagKind,
    position: usize,
}

/// Normalises batches; shared by the threads that do.
#[derive(Clone)]
pub(super) struct Mapper {
    ids: IdColumns,
    time: Option<usize>,
    tags: Vec<Tag>,
    clock: Arc<Clock>,
    schema: SchemaRef,
}

/// Checks a mapping of tags.
pub fn plan_tags(session: &ImportSession, sql: &str) -> Result<TagPlan> {
    let select = Select::plan(session, sql)?;
    let ids = IdColumns::find(&select)?;
    let time = select.position("time");
    if let Some(at) = time {
        moment::check("time", select.fields[at].data_type())?;
    }
    let tags = tags(&select)?;
    let schema = schema(&ids, &tags);
    let mapper = Mapper { ids, time, tags, clock: session.clock.clone(), schema };
    Ok(TagPlan { select, mapper, threads: session.threads })
}

impl TagPlan {
    /// The kinds of identifiers the mapping gives.
    pub fn kinds(&self) -> &[String] {
        &self.mapper.ids.kinds
    }

    /// The tags the mapping gives, with their kinds.
    pub fn tags(&self) -> impl Iterator<Item = (&str, TagKind)> {
        self.mapper.tags.iter().map(|tag| (tag.name.as_str(), tag.kind))
    }

    /// Starts the mapping. Its batches have the identifiers, `day`, and the tags.
    pub fn run(self) -> Result<MappedRows> {
        let TagPlan { select, mapper, threads } = self;
        let schema = mapper.schema.clone();
        MappedRows::start(select, schema, threads, move |batch| mapper.map(batch))
    }

    /// The SELECT, and what is made of its rows.
    pub(super) fn into_mapper(self) -> (Select, Mapper) {
        (self.select, self.mapper)
    }
}

fn tags(select: &Select) -> Result<Vec<Tag>> {
    let mut tags = Vec::new();
    for (position, field) in select.fields.iter().enumerate() {
        let name = field.name();
        if name != "time" && kind_of(name).is_none() {
            tags.push(Tag { name: name.clone(), kind: tag_kind(name, field.data_type())?, position });
        }
    }
    match tags.is_empty() {
        true => Err(Error::new(Code::InvalidMapping, "the mapping gives no tag")
            .help("each column beside id_<kind> and time is a tag of that name")),
        false => Ok(tags),
    }
}

fn tag_kind(name: &str, data_type: &DataType) -> Result<TagKind> {
    let refused = |message: String, help: &str| {
        Err(Error::new(Code::InvalidMapping, message).at(name).help(help.to_owned()))
    };
    if name == DAY {
        return refused("a tag cannot be called \"day\"".to_owned(), "give the column another name");
    }
    match data_type {
        t if t.is_numeric() => Ok(TagKind::Number),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Ok(TagKind::Date),
        DataType::List(items) | DataType::LargeList(items) | DataType::FixedSizeList(items, _)
            if text::takes(items.data_type()) =>
        {
            Ok(TagKind::Multi)
        }
        t if text::takes(t) => Ok(TagKind::Text),
        other => {
            let message = format!("\"{name}\" cannot be a tag: it is {}", type_name(other));
            refused(message, "a tag is a text, a number, a date or a list of texts")
        }
    }
}

fn schema(ids: &IdColumns, tags: &[Tag]) -> SchemaRef {
    let mut fields: Vec<Field> = Vec::new();
    for kind in &ids.kinds {
        fields.push(Field::new(format!("{ID_PREFIX}{kind}"), DataType::Utf8, true));
    }
    fields.push(Field::new(DAY, DataType::Date32, true));
    for tag in tags {
        fields.push(Field::new(&tag.name, tag_type(tag.kind), true));
    }
    Arc::new(Schema::new(fields))
}

fn tag_type(kind: TagKind) -> DataType {
    match kind {
        TagKind::Text => DataType::Utf8,
        TagKind::Number => DataType::Float64,
        TagKind::Date => DataType::Date32,
        TagKind::Multi => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
    }
}

impl Mapper {
    pub(super) fn map(&self, batch: &RecordBatch) -> Result<Counted> {
        let mut ledger = Ledger { read: batch.num_rows() as u64, ..Ledger::default() };
        let identified = self.ids.read(batch)?;
        let moments = self.moments(batch)?;
        let (mut rows, mut days) = (Vec::new(), Vec::new());
        for (row, moment) in moments.into_iter().enumerate() {
            match identified.refusal(row).map_or_else(|| self.day(moment), Err) {
                Err(reason) => ledger.reject(reason),
                Ok(day) => {
                    identified.remark(row, &mut ledger);
                    rows.push(row as u32);
                    days.push(day.map(|day| day.0));
                }
            }
        }
        let rows = UInt32Array::from(rows);
        let batch = take_record_batch(batch, &rows).map_err(unfit)?;
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for ids in &identified.columns {
            columns.push(take(ids, &rows, None).map_err(unfit)?);
        }
        columns.push(Arc::new(Date32Array::from(days)));
        for tag in &self.tags {
            columns.push(self.values(tag.kind, batch.column(tag.position))?);
        }
        let mapped = RecordBatch::try_new(self.schema.clone(), columns).map_err(unfit)?;
        Ok((mapped, ledger))
    }

    fn moments(&self, batch: &RecordBatch) -> Result<Vec<Moment>> {
        match self.time {
            Some(at) => moment::moments(batch.column(at), &self.clock),
            None => Ok(vec![Moment::Missing; batch.num_rows()]),
        }
    }

    /// The day of a row's statements; none is "since the beginning".
    fn day(&self, moment: Moment) -> std::result::Result<Option<Day>, &'static str> {
        match moment {
            Moment::Missing => Ok(None),
            Moment::Bad => Err(BAD_TIME),
            Moment::At(time) if !is_plausible(time) => Err(OUT_OF_RANGE),
            Moment::At(time) => Ok(Some(self.clock.day(time))),
        }
    }

    fn values(&self, kind: TagKind, array: &ArrayRef) -> Result<ArrayRef> {
        Ok(match kind {
            TagKind::Text => text::column(text::texts(array)?),
            TagKind::Number => Arc::new(finite(array)?),
            TagKind::Date => Arc::new(self.dates(array)?),
            TagKind::Multi => Arc::new(lists(array)?),
        })
    }

    fn dates(&self, array: &ArrayRef) -> Result<Date32Array> {
        let moments = moment::moments(array, &self.clock)?;
        let day = |moment| match moment {
            Moment::At(time) => Some(self.clock.day(time).0),
            Moment::Missing | Moment::Bad => None,
        };
        Ok(moments.into_iter().map(day).collect())
    }
}

/// Numbers; those that are not finite state nothing.
fn finite(array: &ArrayRef) -> Result<Float64Array> {
    let floats = number::floats(array)?;
    Ok(floats.as_primitive::<Float64Type>().iter().map(|value| value.filter(|v| v.is_finite())).collect())
}

/// Lists of texts, without their NULL and empty members.
fn lists(array: &ArrayRef) -> Result<ListArray> {
    let lists = arrow::compute::cast(array, &list_of(array)).map_err(unfit)?;
    let lists = lists.as_list::<i32>();
    let mut builder = ListBuilder::new(StringBuilder::new());
    for values in lists.iter() {
        let Some(values) = values else {
            builder.append_null();
            continue;
        };
        for text in text::texts(&values)?.iter().flatten() {
            builder.values().append_value(text);
        }
        builder.append(true);
    }
    Ok(builder.finish())
}

/// The plain list type of any kind of list.
fn list_of(array: &ArrayRef) -> DataType {
    match array.data_type() {
        DataType::LargeList(items) | DataType::FixedSizeList(items, _) => DataType::List(items.clone()),
        other => other.clone(),
    }
}
