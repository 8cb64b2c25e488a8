//! Ad-hoc SQL over a workspace: tables `events`, `consumers`, `identifiers`, `tags`, `catalog`.
//!
//! `events` is the Parquet files of the event table; each row's consumer is replaced by the person it belongs to now, so
//! merges and un-merges need no rewriting. Everything else about a scan (columns, predicates, statistics) is pushed down to
//! the files. Names are found in any case. `properties` is JSON: `properties->>'country'`, `json_get_int(properties, 'n')`.
//!
//! Read-only. `COPY (SELECT …) TO 'file.parquet'` writes a result, where the caller allows files to be written at all:
//! the command line does, HTTP must not.
//!
//! Deliberately absent: tables of other files, variables, prepared statements, transactions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::Result as SqlResult;
use datafusion::logical_expr::Expr;
use datafusion::prelude::{DataFrame, SQLOptions, SessionContext, col};
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as SqlStatement;
use futures::StreamExt;
use url::Url;
use weir_core::{Code, Error, Result};
use weir_store::event::table_schema;

use crate::error::Translator;
use crate::runtime::{Batches, Limits, block_on, context};
use crate::statement::parse_one;

mod canonical;
mod rows;
#[cfg(test)]
mod tests;

pub use rows::to_json_rows;

/// What to write instead of anything else.
const WRITE_A_SELECT: &str = "write one SELECT, or COPY (SELECT …) TO 'file.parquet'";

/// The tables a statement may read.
const TABLES: [&str; 5] = ["events", "consumers", "identifiers", "tags", "catalog"];

/// Columns of `events`, in order.
const EVENT_COLUMNS: [&str; 19] = [
    "consumer",
    "time",
    "day",
    "behavior",
    "channel",
    "shop",
    "brand",
    "category",
    "campaign",
    "item",
    "order_id",
    "amount",
    "quantity",
    "source",
    "message_id",
    "properties",
    "original_time",
    "sent_at",
    "received_at",
];

/// What the tables of a workspace hold.
#[derive(Debug, Clone)]
pub struct Tables {
    /// Parquet files of the event table.
    pub event_files: Vec<PathBuf>,
    /// For each node an event may have arrived with, the node of its person now.
    pub canonical: Arc<Vec<u32>>,
    /// Rows of `consumers`.
    pub consumers: RecordBatch,
    /// Rows of `identifiers`.
    pub identifiers: RecordBatch,
    /// Rows of `tags`.
    pub tags: RecordBatch,
    /// Rows of `catalog`.
    pub catalog: RecordBatch,
}

/// Whether a statement may write files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// `COPY … TO` is refused.
    Refused,
    /// `COPY … TO` writes on this machine, as the process may.
    Allowed,
}

/// Runs one statement. Its rows stream; an error while running comes as an item.
pub fn run(sql: &str, tables: &Tables, writes: Writes, limits: &Limits) -> Result<Batches> {
    let translator = Translator { code: Code::InvalidSql, tables: TABLES.map(str::to_owned).to_vec() };
    let statement = parse_one(sql, WRITE_A_SELECT, &translator)?;
    check(&statement, writes)?;
    let context = context(limits, |config| config.with_information_schema(true))?;
    let started = block_on(async {
        let failed = |error| translator.error(&error);
        register(&context, tables).await.map_err(failed)?;
        let frame = plan(&context, statement).await.map_err(failed)?;
        let schema: SchemaRef = Arc::new(frame.schema().as_arrow().clone());
        Ok((schema, frame.execute_stream().await.map_err(failed)?))
    });
    let (schema, stream) = started?;
    Batches::start(schema, stream.map(move |batch| batch.map_err(|error| translator.error(&error))))
}

/// Refuses what is neither a question nor an allowed copy.
fn check(statement: &Statement, writes: Writes) -> Result<()> {
    match statement {
        Statement::Explain(explain) => check(&explain.statement, writes),
        Statement::CopyTo(_) if writes == Writes::Allowed => Ok(()),
        Statement::CopyTo(_) => Err(Error::new(Code::InvalidSql, "COPY is not allowed here")
            .help("run it on the command line: weir sql \"COPY (SELECT …) TO 'file.parquet'\"")),
        Statement::Statement(inner) if is_question(inner) => Ok(()),
        _ => Err(Error::new(Code::InvalidSql, "the data cannot be changed by SQL").help(WRITE_A_SELECT)),
    }
}

fn is_question(statement: &SqlStatement) -> bool {
    matches!(
        statement,
        SqlStatement::Query(_)
            | SqlStatement::ExplainTable { .. }
            | SqlStatement::ShowTables { .. }
            | SqlStatement::ShowColumns { .. }
    )
}

async fn plan(context: &SessionContext, statement: Statement) -> SqlResult<DataFrame> {
    let is_copy = matches!(&statement, Statement::CopyTo(_) | Statement::Explain(_));
    let plan = context.state().statement_to_plan(statement).await?;
    // The second lock: SELECT … INTO is a query by syntax, and a new table by plan.
    let options =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(is_copy).with_allow_statements(false);
    options.verify_plan(&plan)?;
    context.execute_logical_plan(plan).await
}

async fn register(context: &SessionContext, tables: &Tables) -> SqlResult<()> {
    context.register_table("events", events(context, tables)?)?;
    let others = [&tables.consumers, &tables.identifiers, &tables.tags, &tables.catalog];
    for (name, batch) in TABLES.iter().skip(1).zip(others) {
        context.register_table(*name, Arc::new(in_memory(batch.clone())?))?;
    }
    Ok(())
}

fn in_memory(batch: RecordBatch) -> SqlResult<MemTable> {
    MemTable::try_new(batch.schema(), vec![vec![batch]])
}

/// The event table with people instead of nodes.
fn events(context: &SessionContext, tables: &Tables) -> SqlResult<Arc<dyn TableProvider>> {
    if tables.event_files.is_empty() {
        return Ok(Arc::new(in_memory(RecordBatch::new_empty(events_schema()))?));
    }
    let urls = tables.event_files.iter().map(|path| file_url(path)).collect::<SqlResult<Vec<_>>>()?;
    let options = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension(".parquet");
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(options)
        .with_schema(table_schema());
    let files = context.read_table(Arc::new(ListingTable::try_new(config)?))?;
    let person = canonical::function(tables.canonical.clone());
    let column = |name: &str| -> Expr {
        match name {
            "consumer" => person.call(vec![col(name)]).alias(name),
            _ => col(name),
        }
    };
    Ok(files.select(EVENT_COLUMNS.map(column))?.into_view())
}

fn events_schema() -> SchemaRef {
    let stored = table_schema();
    let field = |name| stored.field_with_name(name).cloned().ok();
    Arc::new(Schema::new(EVENT_COLUMNS.into_iter().filter_map(field).collect::<Vec<Field>>()))
}

/// As a URL, a path is taken as it is; as text, brackets and stars in it would be patterns.
fn file_url(path: &Path) -> SqlResult<ListingTableUrl> {
    // A listing takes a file that is gone for an empty folder, and an answer without it would be wrong.
    std::fs::metadata(path)?;
    let absolute = std::path::absolute(path)?;
    let url = Url::from_file_path(&absolute).map_err(|()| {
        std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("{} is no file path", path.display()))
    })?;
    ListingTableUrl::try_new(url, None)
}
