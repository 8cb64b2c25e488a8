//! The vocabulary of Weir, shared by every other crate: identifiers and people, events, the channel tree and the
//! catalogue, days and windows, tags, expressions with their JSON form, state models with the presets, tracks, funnels,
//! retention, RFM, overlap and reach of sets, destinations and pushes, error codes.
//!
//! Deliberately absent: files, network, async, the clock, randomness. Everything here is data and pure functions.

pub mod about;
pub mod amount;
pub mod arrival;
pub mod catalog;
pub mod channel;
pub mod condition;
pub mod cut;
pub mod destination;
pub mod diff;
pub mod error;
pub mod event;
pub mod expr;
pub mod feature;
pub mod funnel;
pub mod identity;
pub mod ledger;
pub mod list;
pub mod mask;
pub mod op;
pub mod overlap;
pub mod period;
pub mod playbook;
pub mod portrait;
pub mod push;
pub mod rate;
pub mod reach;
pub mod retention;
pub mod rfm;
pub mod sample;
pub mod schedule;
pub mod scope;
pub mod size;
pub mod stage_funnel;
pub mod state_model;
pub mod tag;
pub mod time;
pub mod track;
pub mod vocabulary;

pub use error::{Code, Error, Kind, Result};
