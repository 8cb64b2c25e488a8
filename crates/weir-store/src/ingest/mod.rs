//! Ingest: events that come one request at a time, acknowledged once they are durable.
//!
//! ```text
//! request ─► take: dedupe, identity (in memory, one at a time) ─► log (group commit) ─► acknowledged, visible
//!                                                                  │
//!                                     flush (background): Parquet, identity, dedupe, one transaction, then the log is cut
//! ```
//!
//! The log is the only thing written before an acknowledgement. A frame carries everything that was decided about its
//! request, so that whoever reads the log (the flush, the live index, a start after a crash, another process) decides nothing
//! again.

pub mod frame;

pub use frame::{Frame, Item};
