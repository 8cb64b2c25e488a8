//! Weir from outside: the real binary as its users have it, with kills, faults and load that they have too.
//!
//! | file | what it is |
//! |---|---|
//! | [`server`] | the binary: commands that end, a server that is started, killed, stopped |
//! | [`http`] | a client that hides nothing |
//! | [`writer`], [`message`] | clients that retry, and what they send |
//! | [`stored`] | what the store holds, compared with what was acknowledged |
//! | [`crash`] | `kill -9` at random moments |
//! | [`full_disk`] | a filesystem without space, and with space again |
//! | [`proxy`] | a network between a client and Weir that answers errors and breaks connections |
//! | [`bench`] | how many events a second, what memory, how soon they are visible |
//!
//! It knows none of our crates: whatever it says about Weir it has from the command line, HTTP and the file system. Tests of
//! the binary and `cargo xtask` call it.

pub mod bench;
pub mod crash;
pub mod full_disk;
pub mod http;
pub mod message;
pub mod proxy;
pub mod random;
pub mod report;
pub mod server;
pub mod stored;
pub mod writer;
