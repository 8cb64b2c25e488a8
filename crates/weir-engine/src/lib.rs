//! The audience engine: evaluates an expression to a set of consumers as of a date, fast and exactly.
//!
//! Consumers have dense ids and are cut into shards ([`shard`]); a shard's events lie in [`segment`]s, cut into cells.
//! An expression is compiled to a [`plan`] for one date and evaluated shard by shard ([`eval`]); state models
//! partition a universe ([`states`]), a flow crosses two partitions ([`flow`]), a [`path`] several; [`compare`] sets two
//! models side by side, [`rules`] counts what each rule does; a [`funnel`] counts who comes how far, [`retention`] who
//! comes back; [`measure`] says what everybody's events amount to, [`rfm`] scores that, [`tag`] makes values of a tag of it;
//! [`why`] shows one consumer's path through an expression, [`consumer`] all that one did. The [`oracle`] answers the same questions with plain loops, for tests to compare.
//!
//! Deliberately absent: files (segments are byte slices), async, the clock (as-of is an argument).

pub mod bits;
pub mod channel;
pub mod compare;
pub mod consumer;
pub mod consumers;
pub mod container;
pub mod cut;
pub mod eval;
pub mod flow;
pub mod funnel;
pub mod interest;
pub mod measure;
pub mod members;
pub mod oracle;
pub mod overlap;
pub mod packed;
pub mod path;
pub mod plan;
pub mod portrait;
pub mod rekey;
pub mod retention;
pub mod rfm;
pub mod row;
pub mod rules;
pub mod segment;
pub mod shard;
pub mod states;
pub mod symbols;
pub mod tag;
pub mod tag_column;
pub mod why;
pub mod world;
