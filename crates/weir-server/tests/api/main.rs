//! The API as a client meets it: every route, and every kind of error.
//!
//! Requests go through the whole router in process; only the network is left out.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

mod audience;
mod audience_history;
mod auth;
mod channel;
mod client;
mod console;
mod consumer;
mod demo;
mod destination;
mod error;
mod expiry;
mod feature;
mod identity;
mod import;
mod ingest;
mod job;
mod list;
mod operation;
mod overlap;
mod playbook;
mod portrait;
mod push;
mod question;
mod queue;
mod setting;
mod snapshot;
mod source;
mod space;
mod state_model;
mod tag;
mod token;
mod track;
