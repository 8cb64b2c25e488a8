//! The oracle against the contract, rule by rule, and the random material against what it is meant to be.

#[path = "mod.rs"]
mod support;

mod generators;
mod rules;
