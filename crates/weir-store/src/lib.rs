//! Files and SQLite: event table, identity, dedupe, segments on disk, metadata, snapshots.
pub mod event;
