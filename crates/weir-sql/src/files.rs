//! Input files as tables: CSV, JSON lines and Parquet, packed with gzip or zstd or not at all.
//!
//! Several files are one table: the union of their columns by name, in the order of the files. Files are read one after
//! the other, from the first row to the last, so what a mapping sees is in the order it was written.
//!
//! Our own readers stand here instead of DataFusion's listing tables, for four things those do not do: types inferred
//! from every row (see `kind`), errors that name file and line, quoted line breaks in files of any size, and one order.
//!
//! Deliberately absent: URLs, object stores, globs, directories.

use std::path::{Path, PathBuf};

use arrow::array::{ArrayRef, new_null_array};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::{RecordBatch, RecordBatchOptions};
use weir_core::{Code, Error, Result};

mod csv;
mod json;
mod kind;
mod parquet;
mod shape;
mod source;
mod table;

use shape::Shape;
use source::{Format, Packing, display_name, identify};
pub(crate) use table::FileTable;

/// Rows of a file, in order.
type BatchIter = Box<dyn Iterator<Item = Result<RecordBatch>> + Send>;

/// A column of a file.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    kind: ColumnKind,
}

/// How a column's type is known.
#[derive(Debug, Clone, PartialEq)]
enum ColumnKind {
    /// From all of its values.
    Inferred(Shape),
    /// The file says it.
    Typed(DataType),
}

impl ColumnKind {
    fn data_type(&self) -> DataType {
        match self {
            ColumnKind::Inferred(shape) => shape.data_type().unwrap_or(DataType::Utf8),
            ColumnKind::Typed(data_type) => data_type.clone(),
        }
    }

    /// Whether the column's values are kept as JSON text, for want of a type.
    fn is_json_text(&self) -> bool {
        matches!(self, ColumnKind::Inferred(shape) if shape.data_type().is_none())
    }

    /// The kind that holds both; `None` if two files state types that differ.
    fn join(self, other: ColumnKind) -> Option<ColumnKind> {
        match (self, other) {
            (ColumnKind::Inferred(a), ColumnKind::Inferred(b)) => Some(ColumnKind::Inferred(a.join(b))),
            (a, b) if a.data_type() == b.data_type() => Some(ColumnKind::Typed(a.data_type())),
            _ => None,
        }
    }
}

/// A file whose columns are known.
#[derive(Debug, Clone)]
struct InputFile {
    path: PathBuf,
    format: Format,
    packing: Packing,
    dialect: Option<csv::Dialect>,
    columns: Vec<Column>,
}

impl InputFile {
    /// Looks through a file: what it is, and which columns it has.
    fn open(path: &Path) -> Result<InputFile> {
        let (format, packing) = identify(path)?;
        let dialect = match format {
            Format::Csv | Format::Tsv => Some(csv::Dialect::of(path, packing, format == Format::Tsv)?),
            Format::JsonLines | Format::Parquet => None,
        };
        InputFile::with_dialect(path, format, packing, dialect)
    }

    /// The same for a file of one column, whose first line may be a value already.
    fn open_list(path: &Path, is_header: impl Fn(&str, Option<&str>) -> bool) -> Result<InputFile> {
        let (format, packing) = identify(path)?;
        let mut dialect = match format {
            Format::Csv | Format::Tsv => csv::Dialect::of(path, packing, format == Format::Tsv)?,
            Format::JsonLines | Format::Parquet => return InputFile::open(path),
        };
        if let Some((first, second)) = csv::only_column(path, packing, &dialect)? {
            dialect.header = is_header(&first, second.as_deref());
        }
        InputFile::with_dialect(path, format, packing, Some(dialect))
    }

    fn with_dialect(
        path: &Path,
        format: Format,
        packing: Packing,
        dialect: Option<csv::Dialect>,
    ) -> Result<InputFile> {
        let columns = match (&dialect, format) {
            (Some(dialect), _) => csv::columns(path, packing, dialect)?,
            (None, Format::Parquet) => parquet::columns(path)?,
            (None, _) => json::columns(path, packing)?,
        };
        Ok(InputFile { path: path.to_owned(), format, packing, dialect, columns })
    }

    /// The file's rows, as the columns of `schema`. `table` has the types that fit all files of the table.
    fn rows(&self, table: &[Column], schema: &SchemaRef) -> Result<BatchIter> {
        let wanted = self.wanted(schema);
        let fields: Vec<&Column> = self.columns.iter().map(|column| named(table, column)).collect();
        let field = |column: &&Column| Field::new(&column.name, column.kind.data_type(), true);
        let rows = match (&self.dialect, self.format) {
            (Some(dialect), _) => {
                let all = fields.iter().map(field).collect();
                csv::read(&self.path, self.packing, dialect, all, wanted)?
            }
            (None, Format::Parquet) => parquet::read(&self.path, &wanted)?,
            (None, _) => {
                let picked: Vec<&Column> = wanted.iter().map(|at| fields[*at]).collect();
                let as_json =
                    picked.iter().filter(|c| c.kind.is_json_text()).map(|c| c.name.clone()).collect();
                json::read(&self.path, self.packing, picked.iter().map(field).collect(), as_json)?
            }
        };
        let schema = schema.clone();
        Ok(Box::new(rows.map(move |batch| arrange(&batch?, &schema))))
    }

    /// Positions of the columns to read. At least one, so that rows can be counted.
    fn wanted(&self, schema: &Schema) -> Vec<usize> {
        let is_wanted = |at: &usize| schema.field_with_name(&self.columns[*at].name).is_ok();
        let wanted: Vec<usize> = (0..self.columns.len()).filter(is_wanted).collect();
        if wanted.is_empty() && !self.columns.is_empty() { vec![0] } else { wanted }
    }
}

/// The table's column of the same name; every file's columns are among them.
fn named<'a>(table: &'a [Column], column: &'a Column) -> &'a Column {
    table.iter().find(|candidate| candidate.name == column.name).unwrap_or(column)
}

/// The union of all files' columns, in order of first appearance.
fn union(files: &[InputFile]) -> Result<Vec<Column>> {
    let mut table: Vec<Column> = Vec::new();
    for file in files {
        for column in &file.columns {
            match table.iter_mut().find(|known| known.name == column.name) {
                Some(known) => known.kind = join(known, column, file)?,
                None => table.push(column.clone()),
            }
        }
    }
    Ok(table)
}

fn join(known: &Column, column: &Column, file: &InputFile) -> Result<ColumnKind> {
    known.kind.clone().join(column.kind.clone()).ok_or_else(|| {
        let (before, now) = (known.kind.data_type(), column.kind.data_type());
        let name = display_name(&file.path);
        let message = format!("{name}: column \"{}\" is {now} here and {before} before", column.name);
        Error::new(Code::UnreadableFile, message).at(name).help("import the files one by one")
    })
}

/// The batch's columns in the schema's order and types; columns that this file lacks are NULL.
fn arrange(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = batch.num_rows();
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        columns.push(match batch.column_by_name(field.name()) {
            Some(column) if column.data_type() == field.data_type() => column.clone(),
            Some(column) => arrow::compute::cast(column, field.data_type()).map_err(unfit)?,
            None => new_null_array(field.data_type(), rows),
        });
    }
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(schema.clone(), columns, &options).map_err(unfit)
}

fn unfit(error: arrow::error::ArrowError) -> Error {
    Error::internal(format!("a file's rows do not fit its columns: {error}"))
}
