//! Destinations, one file each, and the worker that empties the outbox.
//!
//! ```text
//! Worker ── takes messages from ──► Outbox (a store implements it)
//!   └── Courier ── file.rs      the whole push as one file
//!               └─ webhook.rs   a signed batch, through the guard
//! ```
//!
//! Every attempt is recorded before it is made and judged by [`retry`] after. All connections go through [`Guard`].
//! Deliberately absent: how an audience was computed, where recipients are kept, HTTP as a server.

mod clock;
mod courier;
mod file;
mod guard;
mod retry;
mod signature;
mod webhook;
mod worker;

pub use courier::Courier;
pub use file::name as file_name;
pub use guard::Guard;
pub use retry::{Answer, judge};
pub use signature::{SECRET_PREFIX, check_secret, new_secret, sign};
pub use webhook::Tested;
pub use worker::{Stop, Worker};
