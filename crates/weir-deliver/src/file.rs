//! Files: all recipients of a push in one, written under a temporary name, synced, renamed.
//!
//! | format | columns |
//! |---|---|
//! | csv | `recipient`, `consumer_kind`, `consumer_value`, then one per kind wanted; several values joined by `;` |
//! | jsonl | the recipient as webhooks get it: `id`, `consumer` {`kind`, `value`}, `identifiers` {kind: [values]} |
//! | parquet | as csv, the kinds as lists of text |
//!
//! CSV is RFC 4180 with a header. Spreadsheets take cells that begin with `= + - @`, a tab or a carriage return for
//! formulas, so these get a `'` in front; whoever must have the bytes takes another format.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, ListBuilder, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use weir_core::destination::{FileDestination, Format};
use weir_core::push::{Call, Outbox, Recipient};
use weir_core::{Error, Result};

use crate::webhook::recipient_json;

/// Recipients held at a time.
const BLOCK: u32 = 10_000;

const FIXED: [&str; 3] = ["recipient", "consumer_kind", "consumer_value"];

/// What the file of a push is called.
pub fn name(push: &str, format: Format) -> String {
    format!("{push}.{}", format.name())
}

/// Writes the message of `call` to `path`: whole, or not at all.
pub(crate) fn write(path: &Path, file: &FileDestination, outbox: &dyn Outbox, call: &Call) -> Result<()> {
    let temporary = temporary(path);
    let out = create(&temporary).map_err(|error| Error::io(temporary.display(), &error))?;
    let sink = Sink::new(file, BufWriter::new(out))?;
    let filled = fill(sink, outbox, call).and_then(|out| settle(out, &temporary, path));
    if filled.is_err() {
        // Best effort; the next attempt writes over it.
        let _ = fs::remove_file(&temporary);
    }
    filled
}

fn fill(mut sink: Sink, outbox: &dyn Outbox, call: &Call) -> Result<BufWriter<File>> {
    let mut written = 0;
    loop {
        let block = outbox.recipients(call, written, BLOCK)?;
        if block.is_empty() {
            return sink.end();
        }
        written += block.len() as u64;
        sink.write(&block)?;
    }
}

fn settle(out: BufWriter<File>, temporary: &Path, path: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::io(path.display(), &error);
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    fs::rename(temporary, path).map_err(failed)?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    path.with_file_name(name)
}

/// People's identifiers are nobody else's to read.
#[cfg(unix)]
fn create(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().create(true).truncate(true).write(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> std::io::Result<File> {
    File::create(path)
}

/// A file in the making.
enum Sink {
    Csv(Box<csv::Writer<BufWriter<File>>>, Vec<String>),
    Jsonl(BufWriter<File>),
    Parquet(Box<ArrowWriter<BufWriter<File>>>, Vec<String>),
}

impl Sink {
    fn new(file: &FileDestination, out: BufWriter<File>) -> Result<Sink> {
        let kinds = file.identifiers.clone();
        match file.format {
            Format::Jsonl => Ok(Sink::Jsonl(out)),
            Format::Csv => {
                let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                let header = FIXED.into_iter().chain(kinds.iter().map(String::as_str));
                csv.write_record(header.map(|name| cell(name).into_owned())).map_err(of_csv)?;
                Ok(Sink::Csv(Box::new(csv), kinds))
            }
            Format::Parquet => {
                let level = parquet::basic::ZstdLevel::default();
                let properties =
                    WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
                let writer = ArrowWriter::try_new(out, schema(&kinds), Some(properties));
                Ok(Sink::Parquet(Box::new(writer.map_err(of_parquet)?), kinds))
            }
        }
    }

    fn write(&mut self, block: &[Recipient]) -> Result<()> {
        match self {
            Sink::Csv(csv, kinds) => {
                block.iter().try_for_each(|recipient| csv.write_record(row(recipient, kinds)).map_err(of_csv))
            }
            Sink::Jsonl(out) => block.iter().try_for_each(|recipient| {
                writeln!(out, "{}", recipient_json(recipient)).map_err(|error| Error::io("writing", &error))
            }),
            Sink::Parquet(writer, kinds) => {
                let batch = batch(block, kinds)?;
                writer.write(&batch).map_err(of_parquet)
            }
        }
    }

    fn end(self) -> Result<BufWriter<File>> {
        match self {
            Sink::Jsonl(out) => Ok(out),
            Sink::Csv(csv, _) => csv.into_inner().map_err(|error| Error::io("writing", &error.into_error())),
            Sink::Parquet(writer, _) => writer.into_inner().map_err(of_parquet),
        }
    }
}

fn row(recipient: &Recipient, kinds: &[String]) -> Vec<String> {
    let Recipient { id, consumer, identifiers } = recipient;
    let mut row = vec![id.clone(), consumer.kind.clone(), cell(&consumer.value).into_owned()];
    for kind in kinds {
        let values = identifiers.get(kind).map(|values| values.join(";")).unwrap_or_default();
        row.push(cell(&values).into_owned());
    }
    row
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn schema(kinds: &[String]) -> Arc<Schema> {
    let mut fields: Vec<Field> = FIXED.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect();
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    fields.extend(kinds.iter().map(|kind| Field::new(kind, DataType::List(item.clone()), true)));
    Arc::new(Schema::new(fields))
}

fn batch(block: &[Recipient], kinds: &[String]) -> Result<RecordBatch> {
    let text = |of: fn(&Recipient) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(block.iter().map(of)))
    };
    let mut columns = vec![text(|r| &r.id), text(|r| &r.consumer.kind), text(|r| &r.consumer.value)];
    columns.extend(kinds.iter().map(|kind| lists(block, kind)));
    RecordBatch::try_new(schema(kinds), columns).map_err(|error| Error::internal(format!("arrow: {error}")))
}

fn lists(block: &[Recipient], kind: &str) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for recipient in block {
        for value in recipient.identifiers.get(kind).into_iter().flatten() {
            builder.values().append_value(value);
        }
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn of_csv(error: csv::Error) -> Error {
    Error::new(weir_core::Code::Io, format!("writing CSV: {error}"))
}

fn of_parquet(error: parquet::errors::ParquetError) -> Error {
    Error::new(weir_core::Code::Io, format!("writing Parquet: {error}"))
}

#[cfg(test)]
mod tests;
