//! The `id_<kind>` columns of a mapping.
//!
//! Junk ("null", "0", "undefined" …) names nobody. It is dropped with a remark where a row has another identifier, and
//! refuses the row where it has none.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, StringArray, StringBuilder};
use arrow::record_batch::RecordBatch;
use weir_core::identity::{is_junk, normalise};
use weir_core::ledger::Ledger;
use weir_core::{Code, Error, Result};
use weir_store::event::ID_PREFIX;

use super::select::Select;
use crate::error::listing;
use crate::values::text;

/// Reasons and the remark, as they stand in a ledger.
pub(super) const NO_IDENTIFIER: &str = "no_identifier";
pub(super) const JUNK_IDENTIFIER: &str = "junk_identifier";

/// Which output columns are identifiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IdColumns {
    pub kinds: Vec<String>,
    pub positions: Vec<usize>,
}

impl IdColumns {
    /// Finds the identifiers of a mapping; there must be one.
    pub fn find(select: &Select) -> Result<IdColumns> {
        let mut ids = IdColumns { kinds: Vec::new(), positions: Vec::new() };
        for (at, field) in select.fields.iter().enumerate() {
            if let Some(kind) = kind_of(field.name()) {
                select.check_type(at, text::takes, "a text or a number")?;
                ids.kinds.push(kind.to_owned());
                ids.positions.push(at);
            }
        }
        match ids.kinds.is_empty() {
            true => Err(none_found(select)),
            false => Ok(ids),
        }
    }

    /// Reads the identifiers of a batch.
    pub fn read(&self, batch: &RecordBatch) -> Result<Identified> {
        let mut identified = Identified::nobody(batch.num_rows());
        for (kind, at) in self.kinds.iter().zip(&self.positions) {
            let texts = text::texts(batch.column(*at))?;
            identified.add(kind, &texts);
        }
        Ok(identified)
    }
}

/// The kind an `id_` column holds.
pub(super) fn kind_of(column: &str) -> Option<&str> {
    column.strip_prefix(ID_PREFIX).filter(|kind| !kind.is_empty())
}

fn none_found(select: &Select) -> Error {
    let is_close = |name: &&str| name.ends_with("_id") || name.to_lowercase().starts_with("id");
    let names = select.names();
    let help = match names.iter().copied().find(is_close) {
        Some(name) => format!("name it {ID_PREFIX}<kind>, for example: \"{name}\" AS {ID_PREFIX}user_id"),
        None => listing("its columns", &names),
    };
    Error::new(Code::InvalidMapping, "the mapping gives no identifier: no column is called id_<kind>")
        .at(ID_PREFIX)
        .help(help)
}

/// What a row's identifier columns hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Seen {
    valid: bool,
    junk: bool,
}

/// The identifiers of a batch, normalised; junk is NULL.
#[derive(Debug)]
pub(super) struct Identified {
    pub columns: Vec<ArrayRef>,
    seen: Vec<Seen>,
}

impl Identified {
    fn nobody(rows: usize) -> Identified {
        Identified { columns: Vec::new(), seen: vec![Seen::default(); rows] }
    }

    fn add(&mut self, kind: &str, texts: &StringArray) {
        let mut builder = StringBuilder::with_capacity(texts.len(), texts.value_data().len());
        for (row, text) in texts.iter().enumerate() {
            let value = text.map(|text| normalise(kind, text));
            let valid = value.filter(|value| !is_junk(value));
            self.seen[row].valid |= valid.is_some();
            self.seen[row].junk |= text.is_some() && valid.is_none();
            builder.append_option(valid);
        }
        self.columns.push(Arc::new(builder.finish()));
    }

    /// Why a row is refused, if it names nobody.
    pub fn refusal(&self, row: usize) -> Option<&'static str> {
        match self.seen[row] {
            Seen { valid: true, .. } => None,
            Seen { junk: true, .. } => Some(JUNK_IDENTIFIER),
            Seen { .. } => Some(NO_IDENTIFIER),
        }
    }

    /// Remarks on junk in a row that is kept.
    pub fn remark(&self, row: usize, ledger: &mut Ledger) {
        if self.seen[row].junk {
            ledger.remark(JUNK_IDENTIFIER);
        }
    }
}
