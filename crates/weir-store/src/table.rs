//! Parquet files of the store: zstd, small row groups, the format version in the metadata, checked when read.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::{FileMetaData, KeyValue};
use parquet::file::properties::WriterProperties;
use roaring::RoaringBitmap;
use weir_core::Result;

use crate::column;
use crate::fault::{Fault, corrupt, newer};
use crate::files::{DurableFile, Written};
use crate::manifest::{FileKind, StoredFile};

/// Rows of a row group: enough to compress well, few enough to skip by.
const ROW_GROUP: usize = 128 * 1024;

/// Rows of a batch when reading.
const BATCH: usize = 8 * 1024;

/// Key of the format version in the file's metadata.
const FORMAT_KEY: &str = "weir.format";

/// Writes one table, batch after batch.
pub(crate) struct TableWriter {
    kind: FileKind,
    writer: ArrowWriter<DurableFile>,
    rows: u64,
}

impl TableWriter {
    pub(crate) fn create(kind: FileKind, dir: &Path, name: &str, schema: SchemaRef) -> Result<TableWriter> {
        let file = DurableFile::create(dir, name)?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties(kind)?)).fault()?;
        Ok(TableWriter { kind, writer, rows: 0 })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).fault()
    }

    pub(crate) fn finish(self) -> Result<StoredFile> {
        let written: Written = self.writer.into_inner().fault()?.commit()?;
        Ok(StoredFile::new(self.kind, written, self.rows))
    }
}

fn properties(kind: FileKind) -> Result<WriterProperties> {
    let version = KeyValue::new(FORMAT_KEY.to_owned(), kind.format().to_string());
    Ok(WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).fault()?))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_key_value_metadata(Some(vec![version]))
        .build())
}

/// The batches of a live table, after its bytes were checked.
pub(crate) fn read_table(file: &StoredFile) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    batches(file, open(file)?)
}

/// The same, only some columns of it.
pub(crate) fn read_columns(
    file: &StoredFile,
    columns: &[&str],
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let builder = open(file)?;
    let wanted = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    batches(file, builder.with_projection(wanted))
}

/// The same, and only the rows whose column `of` holds one of some nodes; of the others nothing else is decoded.
pub(crate) fn read_rows_of(
    file: &StoredFile,
    columns: &[&str],
    (of, nodes): (&str, &RoaringBitmap),
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let builder = open(file)?;
    let schema = builder.parquet_schema();
    let wanted = ProjectionMask::columns(schema, columns.iter().copied());
    let (tested, of, nodes) = (ProjectionMask::columns(schema, [of]), of.to_owned(), nodes.clone());
    let is_wanted = move |batch: RecordBatch| {
        let found = column::nodes(&batch, &of).map_err(|error| ArrowError::SchemaError(error.message))?;
        Ok(found.iter().map(|node| Some(nodes.contains(*node))).collect::<BooleanArray>())
    };
    let filter = RowFilter::new(vec![Box::new(ArrowPredicateFn::new(tested, is_wanted))]);
    batches(file, builder.with_projection(wanted).with_row_filter(filter))
}

/// The same, with some text columns as dictionaries, as the file mostly has them: each distinct text once, and its number
/// for each row.
pub(crate) fn read_coded(
    file: &StoredFile,
    columns: &[&str],
    coded: &[&str],
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let corrupt = |error| corrupt(&file.path, error);
    let opened = file.open()?;
    let plain = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new()).map_err(corrupt)?;
    check_format(plain.metadata().file_metadata(), file)?;
    let options = ArrowReaderOptions::new().with_schema(with_dictionaries(plain.schema(), coded));
    let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(corrupt)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, metadata).with_batch_size(BATCH);
    let wanted = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    batches(file, builder.with_projection(wanted))
}

fn with_dictionaries(schema: &SchemaRef, coded: &[&str]) -> SchemaRef {
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let field = |field: &FieldRef| match coded.contains(&field.name().as_str()) {
        true => Arc::new(field.as_ref().clone().with_data_type(dictionary.clone())),
        false => field.clone(),
    };
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

fn batches(
    file: &StoredFile,
    builder: ParquetRecordBatchReaderBuilder<File>,
) -> Result<impl Iterator<Item = Result<RecordBatch>> + use<>> {
    let path = file.path.clone();
    let batches = builder.build().map_err(|error| corrupt(&path, error))?;
    Ok(batches.map(move |batch| batch.map_err(|error| corrupt(&path, error))))
}

fn open(file: &StoredFile) -> Result<ParquetRecordBatchReaderBuilder<File>> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file.open()?)
        .map_err(|error| corrupt(&file.path, error))?
        .with_batch_size(BATCH);
    check_format(builder.metadata().file_metadata(), file)?;
    Ok(builder)
}

fn check_format(metadata: &FileMetaData, file: &StoredFile) -> Result<()> {
    let pairs = metadata.key_value_metadata().map_or(&[][..], Vec::as_slice);
    let version = pairs.iter().find(|pair| pair.key == FORMAT_KEY).and_then(|pair| pair.value.as_deref());
    match version.and_then(|text| text.parse::<u32>().ok()) {
        None => Err(corrupt(&file.path, "the file does not state its format version")),
        Some(version) if version > file.kind.format() => Err(newer(&file.path, version)),
        Some(_) => Ok(()),
    }
}
