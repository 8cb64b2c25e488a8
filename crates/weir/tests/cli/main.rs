//! The binary as a user meets it: exit status, stdout, stderr, files.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

mod answer;
mod audience;
mod consumer;
mod definitions;
mod error;
mod expiry;
mod gift_shop;
mod help;
mod overlap;
mod portrait;
mod push;
mod serve;
mod source;
mod track;
mod weir;
