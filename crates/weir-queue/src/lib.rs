//! Sources that Weir reads itself: queues, which hold a message until it is acknowledged.
//!
//! Deliberately absent: what a message says (weir-ingest), and where it is kept (weir-store).
