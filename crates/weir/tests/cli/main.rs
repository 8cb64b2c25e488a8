//! The binary as a user meets it: exit status, stdout, stderr, files.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

mod answer;
mod error;
mod gift_shop;
mod help;
mod push;
mod expiry;
mod serve;
mod source;
mod weir;
