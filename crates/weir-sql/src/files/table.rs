//! Files as a table that DataFusion can scan.
//!
//! Deliberately absent: filters. They run above the scan; only the choice of columns reaches the readers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result as SqlResult};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use weir_core::{Error, Result};

use super::{Column, InputFile, union};

/// Batches read ahead of the query.
const READ_AHEAD: usize = 4;

/// One or more files as one table.
#[derive(Debug, Clone)]
pub(crate) struct FileTable {
    files: Arc<Vec<InputFile>>,
    columns: Arc<Vec<Column>>,
    schema: SchemaRef,
}

impl FileTable {
    /// Looks through the files and joins their columns.
    pub fn open(paths: &[PathBuf]) -> Result<FileTable> {
        let files = paths.iter().map(|path| InputFile::open(path)).collect::<Result<Vec<_>>>()?;
        FileTable::of(files)
    }

    /// Opens one file that may lack a header if it has a single column; `is_header` decides from its first two values.
    pub fn open_list(path: &Path, is_header: impl Fn(&str, Option<&str>) -> bool) -> Result<FileTable> {
        FileTable::of(vec![InputFile::open_list(path, is_header)?])
    }

    fn of(files: Vec<InputFile>) -> Result<FileTable> {
        let columns = union(&files)?;
        let field = |column: &Column| Field::new(&column.name, column.kind.data_type(), true);
        let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
        Ok(FileTable { files: Arc::new(files), columns: Arc::new(columns), schema })
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

#[async_trait]
impl TableProvider for FileTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> SqlResult<Arc<dyn ExecutionPlan>> {
        let schema = match projection {
            Some(wanted) => Arc::new(self.schema.project(wanted)?),
            None => self.schema.clone(),
        };
        let sequence = Sequence { table: self.clone(), schema: schema.clone() };
        let exec = StreamingTableExec::try_new(schema, vec![Arc::new(sequence)], None, [], false, limit)?;
        Ok(Arc::new(exec))
    }
}

/// The files one after the other, on a thread of their own.
#[derive(Debug)]
struct Sequence {
    table: FileTable,
    schema: SchemaRef,
}

impl PartitionStream for Sequence {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStream::builder(self.schema.clone(), READ_AHEAD);
        let (table, schema, sender) = (self.table.clone(), self.schema.clone(), builder.tx());
        builder.spawn_blocking(move || {
            for file in table.files.iter() {
                for batch in file.rows(&table.columns, &schema).map_err(external)? {
                    if sender.blocking_send(Ok(batch.map_err(external)?)).is_err() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        });
        builder.build()
    }
}

fn external(error: Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
