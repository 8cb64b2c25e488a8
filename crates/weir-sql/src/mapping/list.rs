//! A list: identifiers of one kind, from a file that needs no mapping.
//!
//! The column is the one called `id_<kind>` or like the kind; a file without such a column gives its first. A file
//! of one column may have no header: see [`is_header`].

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::common::Column;
use datafusion::logical_expr::Expr;
use weir_core::identity::DEFAULT_PRIORITY;
use weir_core::ledger::Ledger;
use weir_core::{Code, Result};
use weir_store::event::ID_PREFIX;

use super::events::unfit;
use super::identifiers::{IdColumns, kind_of};
use super::rows::MappedRows;
use super::select::Select;
use crate::error::Translator;
use crate::files::FileTable;
use crate::runtime::{Limits, context};

/// Names a header may have besides the kinds.
const USUAL_HEADERS: [&str; 4] = ["id", "identifier", "identifiers", "value"];

/// Reads the identifiers of a file; every batch has the one column `id_<kind>`.
pub fn list_rows(file: &Path, kind: &str, limits: &Limits) -> Result<MappedRows> {
    let table = FileTable::open_list(file, |first, second| is_header(kind, first, second))?;
    let position = table.names().position(|name| is_named(kind, name)).unwrap_or_default();
    let name = table.names().nth(position).unwrap_or_default().to_owned();
    let translator = Translator { code: Code::UnreadableFile, tables: Vec::new() };
    let failed = |error| translator.error(&error);
    let context = context(&Limits { threads: 1, ..limits.clone() }, |config| config)?;
    let frame = context.read_table(Arc::new(table)).map_err(failed)?;
    let column = Expr::Column(Column::from_name(name));
    let frame = frame.select([column.alias(format!("{ID_PREFIX}{kind}"))]).map_err(failed)?;
    let fields = frame.schema().fields().iter().cloned().collect();
    let select = Select { frame, translator, fields };
    let ids = IdColumns::find(&select)?;
    let schema = Arc::new(Schema::new(vec![Field::new(format!("{ID_PREFIX}{kind}"), DataType::Utf8, true)]));
    let output = schema.clone();
    MappedRows::start(select, schema, limits.threads.max(1), move |batch| {
        let (columns, ledger) = identify(&ids, batch)?;
        Ok((RecordBatch::try_new(output.clone(), columns).map_err(unfit)?, ledger))
    })
}

fn identify(ids: &IdColumns, batch: &RecordBatch) -> Result<(Vec<ArrayRef>, Ledger)> {
    let mut ledger = Ledger { read: batch.num_rows() as u64, ..Ledger::default() };
    let identified = ids.read(batch)?;
    let mut rows = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        match identified.refusal(row) {
            Some(reason) => ledger.reject(reason),
            None => rows.push(row as u32),
        }
    }
    let rows = UInt32Array::from(rows);
    let kept = identified.columns.iter().map(|column| take(column, &rows, None).map_err(unfit));
    Ok((kept.collect::<Result<_>>()?, ledger))
}

/// Whether a column's name says that it holds this kind.
fn is_named(kind: &str, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    kind_of(&name).unwrap_or(&name).eq_ignore_ascii_case(kind)
}

/// Whether the first line of a one-column file is a header: it is the name of a kind, or it has neither digit nor `@`
/// where the line after it has.
fn is_header(kind: &str, first: &str, second: Option<&str>) -> bool {
    let is_usual = |name: &str| first.trim().eq_ignore_ascii_case(name);
    let is_known = is_named(kind, first)
        || DEFAULT_PRIORITY.iter().any(|kind| is_named(kind, first))
        || USUAL_HEADERS.iter().any(|name| is_usual(name));
    is_known || (!is_value(first) && second.is_some_and(is_value))
}

fn is_value(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit() || c == '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_from_values() {
        let header = |first, second| is_header("user_id", first, second);
        assert!(header("user_id", Some("17850")) && header("ID_user_id", None) && header("Email", Some("x")));
        assert!(header("customer", Some("17850")) && header("收件人", Some("a@b.cn")));
        assert!(!header("17850", Some("13047")) && !header("alice", Some("bob")) && !header("alice", None));
    }
}
