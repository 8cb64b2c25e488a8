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
//!   log/<position>.log                           what came in one by one and is not in the other files yet
//!   dedupe/<import>-<n>.run                      fingerprints of accepted events
//!   segments/                                    derived, rebuildable
//!   snapshots/<id>.roaring                       frozen audiences
//!   exports/<push>.csv                           files of pushes, for people to fetch
//!   reports/<n>.html                             reports of tracks, likewise
//! ```
//!
//! Deliberately absent: what expressions mean, HTTP, the mapping of input files, and any guess about time other than
//! when something was recorded.

#[cfg(test)]
extern crate self as weir_store;

mod alert;
mod audience;
mod bitmap;
mod catalog;
mod clock;
mod column;
mod commit;
mod consumer;
mod database;
mod definition;
mod destination;
mod disk;
pub mod event;
mod exclusive;
mod expiry;
mod fault;
mod feature;
pub mod files;
mod fingerprint;
pub mod identity;
mod import;
mod index;
mod ingest;
mod job;
mod ledger;
mod link;
mod list;
mod lock;
mod log;
mod manifest;
mod mappings;
mod names;
mod outbox;
pub mod page;
mod password;
mod push;
mod quota;
mod random;
mod report;
mod segment_set;
mod setting;
mod snapshot;
mod source;
mod space;
mod stamp;
mod store;
mod table;
pub mod tag;
mod tag_run;
mod token;
mod verify;
mod view;
mod workspace;

pub use alert::{AlertFinding, AlertRecord};
pub use audience::{AudienceRun, KeptMembers};
pub use commit::Commit;
pub use consumer::Origin;
pub use definition::{Definition, DefinitionKind, PutDefinition};
pub use destination::Disabled;
pub use expiry::{ExpiredDay, Expiry};
pub use identity::{Pair, Statement, pair};
pub use import::{ImportKind, ImportRecord, ImportSpec, ImportState, NO_IDENTIFIER};
pub use index::{Index, Live, LiveFacts, Overlay, Spent, Stated};
pub use ingest::{DailyTally, Frame, Ingest, IngestStatus, Item, Tally};
pub use job::{Job, JobProgress, JobState};
pub use list::ListRecord;
pub use lock::SegmentLock;
pub use manifest::{FileKind, ImportId, StoredFile};
pub use names::Names;
pub use outbox::DeliveryLock;
pub use page::{Page, Paged};
pub use push::{AttemptRecord, MessageRecord, NewPush, NewRecipient, Push, RecipientRecord};
pub use quota::Quota;
pub use report::ReportRecord;
pub use segment_set::SegmentSet;
pub use setting::{SETTINGS, Settings, parse_policy, policy_json};
pub use snapshot::{NewSnapshot, Snapshot};
pub use source::{Source, SourceKind, WRITE_KEY_PREFIX, write_key_hash};
pub use space::{Shortage, Space};
pub use stamp::Stamp;
pub use store::{DEFAULT_WORKSPACE, Store};
pub use tag_run::{NewTagRun, TagRun, TagSource};
pub use token::{TOKEN_PREFIX, Token};
pub use verify::{Finding, Verification};
pub use view::View;
pub use workspace::Workspace;
