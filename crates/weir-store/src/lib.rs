//! Files and SQLite: the only crate that names either.
//!
//! A [`Store`] is a data directory, a [`Workspace`] one merchant's world in it. Data comes in through one door, a
//! [`Commit`]: it writes files that nobody sees and makes them live in one transaction, together with its ledger. What
//! is read is read through a [`View`] of one generation.
//!
//! ```text
//! DIR/weir.db  metadata, and the manifest: the list of live files        DIR/lock  one writer at a time
//! DIR/format   version of the directory                                  DIR/workspaces/<w>/
//!   events/day=YYYY-MM-DD/<import>-<n>.parquet   tags/  lists/  links/   Parquet, readable by anything
//!   identity/<import>.parquet                    names of identifiers; permanent
//!   sightings/<import>.roaring                   who the import mentions: they exist while it does
//!   dedupe/<import>-<n>.run                      fingerprints of accepted events
//!   segments/                                    derived, rebuildable
//!   snapshots/<id>.roaring                       frozen audiences
//! ```
//!
//! Deliberately absent: what expressions mean, HTTP, the mapping of input files, and any guess about time other than
//! when something was recorded.

mod bitmap;
mod catalog;
mod clock;
mod column;
mod commit;
mod database;
pub mod event;
mod fault;
pub mod files;
mod fingerprint;
mod import;
mod ledger;
mod link;
mod list;
mod lock;
mod manifest;
mod names;
mod page;
mod rate;
mod setting;
mod store;
mod table;
pub mod tag;
mod view;
mod workspace;

pub use commit::Commit;
pub use import::{ImportKind, ImportRecord, ImportSpec, ImportState, NO_IDENTIFIER};
pub use manifest::{FileKind, ImportId, StoredFile};
pub use names::Names;
pub use page::{Page, Paged};
pub use rate::{Rate, Rates};
pub use setting::{SETTINGS, Settings, parse_policy, policy_json};
pub use store::{DEFAULT_WORKSPACE, Store};
pub use view::View;
pub use workspace::Workspace;
