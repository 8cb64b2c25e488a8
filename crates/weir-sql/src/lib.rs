//! SQL on DataFusion: import mappings over files, and ad-hoc queries over the event table.
//!
//! ```text
//! files ─► [ files ] ─► [ mapping ] ─► batches for the store        a file is read twice: to know its types, to import it
//! event table ─► [ query ] ─► rows                                  read-only, people resolved
//! ```
//!
//! ```no_run
//! # use std::path::PathBuf;
//! # use weir_core::{Result, ledger::Ledger, time::Zone};
//! # use weir_sql::{ImportSession, Limits, MappingContext, plan_events};
//! # fn main() -> Result<()> {
//! let zone = Zone::named("Europe/London")?;
//! let session = ImportSession::open(&[PathBuf::from("orders.csv.gz")], &[], &zone, &Limits::default())?;
//! let plan = plan_events(&session, r#"SELECT paid AS time, 'purchase' AS behavior, buyer AS id_user_id FROM input"#)?;
//! let mut rows = plan.run(MappingContext::default())?;
//! let mut ledger = Ledger::default();
//! while let Some(batch) = rows.next_batch(&mut ledger)? {
//!     println!("{} rows", batch.num_rows());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The only crate that names DataFusion. Its functions block; the runtime behind them is its own.
//!
//! Deliberately absent: writing to the store, HTTP, and the relational form of audience expressions (yet).

mod clock;
mod error;
mod files;
mod mapping;
pub mod query;
mod runtime;
mod statement;
mod values;

pub use mapping::{
    CatalogPlan, EventPlan, Head, ImportSession, MappedRows, MappingContext, Preview, PreviewRow, TagPlan,
    list_rows, plan_catalog, plan_events, plan_tags,
};
pub use runtime::{Batches, Limits};
