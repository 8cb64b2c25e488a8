//! What clients send, as arrivals: Segment's protocol as real SDKs speak it, a plain native shape, a pixel.
//!
//! ```text
//! bytes ─► inflate ─► scan: spans of messages ─► each alone: json ─► segment | native ─► Arrivals
//!                                                      └─ refused, with its reason; its neighbours are not
//! ```
//!
//! Pure: bytes in, [`Arrivals`](weir_core::arrival::Arrivals) out; the time of receipt is an argument. A request fails as a whole only where
//! it has no messages to speak of: not JSON, too large, too many. Each message that is understood in part is kept, and what
//! was not understood is remarked on; [docs/ingest.md](../../../docs/ingest.md) lists reasons and remarks.
//!
//! Deliberately absent: HTTP and its status codes, whether a write key is valid, whether a message was there already, and who
//! is meant by identifiers.

mod context;
mod inflate;
mod intake;
mod json;
mod key;
mod limits;
mod mappings;
mod moment;
mod native;
mod occurrence;
mod pixel;
mod scan;
mod segment;
mod who;

pub use context::{Context, Parsed};
pub use inflate::inflate;
pub use key::{basic_key, write_key};
pub use limits::Limits;
pub use mappings::{CampaignRule, Column, EventRule, Fields, Mappings};
pub use native::native;
pub use pixel::{pixel, pixel_key};
pub use segment::{Call, segment};
