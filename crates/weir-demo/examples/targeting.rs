//! The constants of `channel::Targeting`: by how much its preference would raise exposures, were it not divided by its mean.
//!
//! Run it after changing trips, spells or the table of channels, and write what it prints into `src/channel.rs`.

#![allow(clippy::print_stdout, reason = "printing what it measures is what it is for")]

use weir_demo::channel::{CHANNELS, Targeting};
use weir_demo::{Params, World};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = |targeting| -> Result<[f64; 2], weir_core::Error> {
        let world = World::new(Params { consumers: 200_000, targeting, ..Params::default() })?;
        let blocks = world.walk(
            || [0.0; 2],
            |sums, life| {
                for exposure in &life.exposures {
                    match CHANNELS[usize::from(exposure.channel)].targeting {
                        Targeting::Visitors => sums[0] += 1.0,
                        Targeting::Strangers => sums[1] += 1.0,
                        Targeting::Everyone => {}
                    }
                }
            },
        );
        Ok(blocks.iter().fold([0.0; 2], |sums, block| [sums[0] + block[0], sums[1] + block[1]]))
    };
    let (with, without) = (count(true)?, count(false)?);
    for (at, targeting) in [Targeting::Visitors, Targeting::Strangers].into_iter().enumerate() {
        let (_, mean) = targeting.preference();
        println!("{targeting:?}: {:.4}", mean * with[at] / without[at]);
    }
    Ok(())
}
