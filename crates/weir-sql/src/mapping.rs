//! Import mappings: a SQL `SELECT … FROM input` whose output columns are events, tags, catalogue entries or a list.
//!
//! ```text
//! files ─► tables ─► SELECT ─► batches ─► normalised batches + ledger
//! ```
//!
//! A mapping is checked in full before the first row is read: one SELECT, the columns that must be there, the types they may have.
//! Rows are then read, selected and normalised in three stages that run at the same time, and come out in the order
//! in which the SELECT gives them.
//!
//! Deliberately absent: deduplication, identity, writing. A ledger filled here counts what was read, refused and
//! remarked on; what becomes of the rest is for the store to say.

mod catalog;
mod comparisons;
mod counts;
mod events;
mod given;
mod identifiers;
mod list;
mod money;
mod preview;
mod properties;
mod rows;
mod select;
mod session;
mod tags;
mod timestamps;

#[cfg(test)]
mod tests;

pub use catalog::{CatalogPlan, plan_catalog};
pub use events::{EventPlan, MappingContext, plan_events};
pub use list::list_rows;
pub use preview::{Head, Preview, PreviewRow};
pub use rows::MappedRows;
pub use session::ImportSession;
pub use tags::{TagPlan, plan_tags};
