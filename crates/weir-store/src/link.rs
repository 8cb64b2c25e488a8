//! Files of links between identifiers. An undated link has a null time.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, TimestampMicrosecondArray, UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimestampMicrosecondType};
use weir_core::identity::Link;
use weir_core::time::Micros;
use weir_core::{Error, Result};

use crate::column;
use crate::commit::FileSet;
use crate::event::time_type;
use crate::fault::Fault;
use crate::manifest::{FileKind, StoredFile};
use crate::table::{TableWriter, read_table};

/// Links of a batch when writing.
const BATCH: usize = 64 * 1024;

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("a", DataType::UInt32, false),
        Field::new("b", DataType::UInt32, false),
        Field::new("time", time_type(), true),
        Field::new("joins_known", DataType::Boolean, false),
    ]))
}

fn batch(links: &[Link]) -> Result<RecordBatch> {
    let times = links.iter().map(|link| (link.time != Micros::MIN).then_some(link.time));
    let times: TimestampMicrosecondArray = times.collect();
    let joins: BooleanArray = links.iter().map(|link| Some(link.joins_known)).collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(UInt32Array::from_iter_values(links.iter().map(|link| link.a))),
        Arc::new(UInt32Array::from_iter_values(links.iter().map(|link| link.b))),
        Arc::new(times.with_timezone("UTC")),
        Arc::new(joins),
    ];
    RecordBatch::try_new(schema(), columns).fault()
}

/// Writes links, unless there are none, in an order that does not depend on how they came.
pub(crate) fn write(mut links: Vec<Link>, files: &mut FileSet) -> Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    links.sort_by_key(|link| (link.a, link.b, link.joins_known));
    let (kind, name) = (FileKind::Links, format!("{}.parquet", files.import()));
    let mut writer = TableWriter::create(kind, &files.dir(kind), &name, schema())?;
    for chunk in links.chunks(BATCH) {
        writer.write(&batch(chunk)?)?;
    }
    files.add(writer.finish()?);
    Ok(())
}

pub(crate) fn load<'a>(files: impl IntoIterator<Item = &'a StoredFile>) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    for file in files {
        for batch in read_table(file)? {
            append(&batch?, &mut links)?;
        }
    }
    Ok(links)
}

fn append(batch: &RecordBatch, links: &mut Vec<Link>) -> Result<()> {
    let (a, b) = (column::nodes(batch, "a")?, column::nodes(batch, "b")?);
    let times = column::primitive::<TimestampMicrosecondType>(batch, "time")?;
    let joins = column::any(batch, "joins_known")?.as_boolean_opt();
    let joins = joins.ok_or_else(|| Error::internal("joins_known is not a boolean column"))?;
    for row in 0..batch.num_rows() {
        let time = if times.is_null(row) { Micros::MIN } else { times.value(row) };
        links.push(Link { a: a[row], b: b[row], time, joins_known: joins.value(row) });
    }
    Ok(())
}
