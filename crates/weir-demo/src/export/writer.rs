//! A Parquet file being written.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use weir_core::{Code, Error, Result};

/// Rows of a row group and bytes of a page. Small, because a file for each day is open at once.
const GROUP_ROWS: usize = 32 * 1024;
const PAGE_BYTES: usize = 64 * 1024;
const LEVEL: i32 = 1;

/// A file and its writer; the file is made with the first batch.
pub(super) struct Table {
    path: PathBuf,
    writer: ArrowWriter<File>,
}

impl Table {
    pub(super) fn create(path: PathBuf, schema: SchemaRef) -> Result<Table> {
        let file = File::create(&path).map_err(|error| failed(&path, &error))?;
        let level = ZstdLevel::try_new(LEVEL).map_err(|error| broken(&path, &error))?;
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_data_page_size_limit(PAGE_BYTES)
            .set_max_row_group_row_count(Some(GROUP_ROWS));
        for field in schema.fields().iter().filter(|field| is_name(field.name())) {
            properties = properties.set_column_dictionary_enabled(field.name().as_str().into(), false);
        }
        let options = ArrowWriterOptions::new().with_properties(properties.build());
        let writer = ArrowWriter::try_new_with_options(file, schema, options);
        let writer = writer.map_err(|error| broken(&path, &error))?;
        Ok(Table { path, writer })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.writer.write(batch).map_err(|error| broken(&self.path, &error))
    }

    pub(super) fn finish(self) -> Result<PathBuf> {
        self.writer.close().map_err(|error| broken(&self.path, &error))?;
        Ok(self.path)
    }
}

/// Columns whose values hardly repeat within a file: a dictionary of them costs more than it saves.
fn is_name(column: &str) -> bool {
    column.starts_with("id_") || matches!(column, "message_id" | "time" | "order_id" | "amount")
}

pub(super) fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::new(Code::Io, format!("cannot write {}: {error}", path.display()))
}

pub(super) fn broken(path: &Path, error: &ParquetError) -> Error {
    Error::new(Code::Io, format!("cannot write {}: {error}", path.display()))
}

/// Columns that do not fit their schema are a mistake of ours.
pub(super) fn unfit(error: &ArrowError) -> Error {
    Error::new(Code::Internal, format!("columns of the demo do not fit: {error}"))
}
