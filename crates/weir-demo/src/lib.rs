//! A synthetic merchant: a causal simulation in which every purchase has a recorded cause.
//!
//! For `weir demo`, for benchmarks, and as ground truth: what the product measures (states, lift, attribution,
//! lifetime value) can be held against what is true. A life is a pure function of (seed, consumer, days, end date), so any
//! number of threads builds the same world, and a larger world contains the smaller one. See `docs/demo-world.md`.
//!
//! ```
//! use weir_demo::{Params, World};
//! let world = World::new(Params { consumers: 100, ..Params::default() })?;
//! let orders: usize = world.walk(|| 0, |orders, life| *orders += life.orders.len()).into_iter().sum();
//! assert!(orders > 0);
//! # Ok::<(), weir_core::Error>(())
//! ```
//!
//! Deliberately absent: reading what was written. The files go through `weir import` like anybody's.

pub mod aggregate;
pub mod calendar;
pub mod channel;
pub mod draw;
pub mod export;
pub mod identity;
pub mod life;
pub mod merchant;
pub mod philox;
pub mod push;
pub mod traits;
pub mod world;

pub use export::{Exported, PastPush, export, past_pushes};
pub use life::Life;
pub use world::{Params, World};

/// The identity policy that the demo's workspace needs, as `weir workspace set identity=…` takes it: a verified phone
/// may join two accounts.
pub const IDENTITY_POLICY: &str = r#"{"joining":["phone"]}"#;
/// The workspace's time zone.
pub const TIME_ZONE: &str = "Asia/Shanghai";
/// The workspace's currency.
pub const CURRENCY: &str = "CNY";
