//! The catalogue: what is known about brands, shops, categories, items, channels and campaigns.
//!
//! It is small beside events, so entries are collected instead of streamed.

use std::sync::Arc;

use arrow::array::{Array, StringArray};
use arrow::record_batch::RecordBatch;
use weir_core::amount::Amount;
use weir_core::catalog::{Entry, EntryKind};
use weir_core::error::suggestion;
use weir_core::ledger::Ledger;
use weir_core::{Code, Error, Result};

use super::rows::batches;
use super::select::Select;
use super::session::ImportSession;
use crate::error::listing;
use crate::runtime::Batches;
use crate::values::{number, text};

/// The columns a mapping of the catalogue may give, besides `price`.
const TEXTS: [&str; 6] = ["kind", "id", "name", "name_zh", "parent", "brand"];
const PRICE: &str = "price";

/// A mapping of catalogue entries, checked and ready to run.
pub struct CatalogPlan {
    select: Select,
    texts: [Option<usize>; TEXTS.len()],
    price: Option<usize>,
}

/// Checks a mapping of catalogue entries.
pub fn plan_catalog(session: &ImportSession, sql: &str) -> Result<CatalogPlan> {
    let select = Select::plan(session, sql)?;
    select.required("kind", &TEXTS)?;
    select.required("id", &TEXTS)?;
    for name in select.names() {
        check_known(name)?;
    }
    let texts = TEXTS.map(|name| select.position(name));
    for at in texts.iter().flatten() {
        select.check_type(*at, text::takes, "a text or a number")?;
    }
    let price = select.position(PRICE);
    if let Some(at) = price {
        select.check_type(at, number::takes, "a number")?;
    }
    Ok(CatalogPlan { select, texts, price })
}

fn check_known(name: &str) -> Result<()> {
    let known: Vec<&str> = TEXTS.into_iter().chain([PRICE]).collect();
    if known.contains(&name) {
        return Ok(());
    }
    let help = suggestion(name, known.iter().copied()).unwrap_or_else(|| listing("its columns", &known));
    Err(Error::new(Code::InvalidMapping, format!("the catalogue has no column \"{name}\""))
        .at(name)
        .help(help))
}

impl CatalogPlan {
    /// Runs the mapping. Refused rows, and prices that are no number, are counted in the ledger.
    pub fn run(self, ledger: &mut Ledger) -> Result<Vec<Entry>> {
        let CatalogPlan { select, texts, price } = self;
        let schema = Arc::new(select.frame.schema().as_arrow().clone());
        let mut entries = Vec::new();
        for batch in Batches::start(schema, batches(select)?)? {
            collect(&batch?, texts, price, &mut entries, ledger)?;
        }
        Ok(entries)
    }
}

fn collect(
    batch: &RecordBatch,
    texts: [Option<usize>; TEXTS.len()],
    price: Option<usize>,
    entries: &mut Vec<Entry>,
    ledger: &mut Ledger,
) -> Result<()> {
    let columns = texts.iter().map(|at| at.map(|at| text::texts(batch.column(at))).transpose());
    let columns: Vec<Option<StringArray>> = columns.collect::<Result<_>>()?;
    let prices = price.map(|at| number::numbers(batch.column(at))).transpose()?;
    for row in 0..batch.num_rows() {
        ledger.read += 1;
        let [kind, id, name, name_zh, parent, brand] = std::array::from_fn(|column| {
            let texts = columns.get(column)?.as_ref()?;
            texts.is_valid(row).then(|| texts.value(row).to_owned())
        });
        let price: Option<Amount> = prices.as_ref().and_then(|prices| prices.values[row]);
        match (kind.and_then(|kind| EntryKind::named(&kind).ok()), id) {
            (None, _) => ledger.reject("bad_kind"),
            (Some(_), None) => ledger.reject("no_id"),
            (Some(kind), Some(id)) => {
                entries.push(Entry { kind, id, name, name_zh, parent, brand, price });
                if prices.as_ref().is_some_and(|prices| prices.bad.contains(&row)) {
                    ledger.remark("bad_price");
                }
            }
        }
    }
    Ok(())
}
