//! Sources that Weir reads itself: queues, which hold a message until it is acknowledged.
//!
//! ```text
//! fetch: up to N messages, or what came within T ─► handler commits them ─► acknowledged
//!                                                   │ refuses one        ─► terminated: counted, never seen again
//!                                                   └ fails              ─► given back with a delay; a pause
//! ```
//!
//! Nothing is acknowledged before the handler says that it is committed, so every message is handled at least once.
//! What is handled again carries the same [id](Message::id), whatever was restarted between.
//!
//! Deliberately absent: what a message says (weir-ingest), and where it is kept (weir-store).

mod backoff;
mod config;
mod connection;
mod message;
mod reader;
mod stop;

pub use config::{Config, Login};
pub use message::Message;
pub use reader::{Condition, Handler, Outcome, read, run};
pub use stop::Stop;
