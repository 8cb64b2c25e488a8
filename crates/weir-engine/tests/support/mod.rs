//! Random worlds, random expressions and written fixtures, for every test that compares the engine with the oracle.
//!
//! Everything is a function of a seed, so a failure is reproduced by its seed alone:
//!
//! ```text
//! let mut rng = Rng::new(seed);
//! let mut random = RandomWorld::new(&mut rng);
//! let as_of = expressions::as_of(&mut rng);
//! let expr = expressions::expr(&mut rng, &random.world, as_of, 5);
//! let mutation = random.mutation(&mut rng);
//! mutation.apply(&mut random.world);
//! ```
//!
//! Test targets write `mod support;` and use what they need.

// Each test target compiles all of this and uses a part.
#![allow(dead_code)]

mod cuts;
pub mod expressions;
pub mod facts;
pub mod fixture;
pub mod mutations;
pub mod operators;
pub mod rng;
pub mod tags;
pub mod worlds;
