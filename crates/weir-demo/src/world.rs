//! A world: its parameters, and walking its lives in parallel.

use rayon::prelude::*;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};

use crate::calendar::Calendar;
use crate::identity::MOST_CONSUMERS;
use crate::life::{Life, Scene};
use crate::merchant::Merchant;

/// Consumers that one worker takes at a time.
pub const BLOCK: u64 = 4_096;

/// Longest window.
const MOST_DAYS: u32 = 3_660;

/// What a world is made from. Two worlds with the same parameters are the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Params {
    /// How many consumers; a larger world contains the smaller one.
    pub consumers: u64,
    /// Days of the window.
    pub days: u32,
    /// Another seed, another world.
    pub seed: u64,
    /// Last date of the window.
    pub end: Day,
    /// A flat calendar, and neither channels nor pushes cause anything.
    pub calm: bool,
    /// Whether the five pushes take place.
    pub pushes: bool,
    /// Whether some channels seek out visitors or strangers.
    pub targeting: bool,
    /// Whether files have the usual defects.
    pub defects: bool,
    /// A channel that is not there, by number: the counterfactual.
    pub without: Option<u8>,
}

/// 2025-12-19, which puts the promotion on 11-11.
const DEFAULT_END: Day = Day(20_441);

impl Default for Params {
    fn default() -> Params {
        Params {
            consumers: 200_000,
            days: 180,
            seed: 1,
            end: DEFAULT_END,
            calm: false,
            pushes: true,
            targeting: true,
            defects: true,
            without: None,
        }
    }
}

/// A world.
#[derive(Debug, Clone)]
pub struct World {
    params: Params,
    calendar: Calendar,
    merchant: Merchant,
}

impl World {
    /// The world of some parameters.
    pub fn new(params: Params) -> Result<World> {
        check("consumers", params.consumers, MOST_CONSUMERS)?;
        check("days", u64::from(params.days), u64::from(MOST_DAYS))?;
        if params.end.to_date().is_none() {
            return Err(Error::new(Code::InvalidArgument, "the last date lies out of range").at("end"));
        }
        let calendar = Calendar::new(params.days, params.end, params.calm);
        let merchant = Merchant::new(params.seed);
        Ok(World { params, calendar, merchant })
    }

    /// Its parameters.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// Its calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Its merchant.
    pub fn merchant(&self) -> &Merchant {
        &self.merchant
    }

    /// What the life of a consumer is drawn from.
    pub fn scene(&self, k: u64) -> Scene<'_> {
        Scene { params: &self.params, calendar: &self.calendar, merchant: &self.merchant, k }
    }

    /// The life of one consumer.
    pub fn life(&self, k: u64) -> Life {
        let mut life = Life::default();
        life.live(&self.scene(k));
        life
    }

    /// The consumers of a block.
    pub fn block(&self, number: u64) -> std::ops::Range<u64> {
        let first = number * BLOCK;
        first..(first + BLOCK).min(self.params.consumers)
    }

    /// How many blocks there are.
    pub fn blocks(&self) -> u64 {
        self.params.consumers.div_ceil(BLOCK)
    }

    /// Walks all lives, block by block on the current thread pool; results come in order of blocks.
    ///
    /// `start` makes the result of a block, `add` adds one life to it.
    pub fn walk<T: Send>(&self, start: impl Fn() -> T + Sync, add: impl Fn(&mut T, &Life) + Sync) -> Vec<T> {
        self.walk_blocks(0..self.blocks(), start, add)
    }

    /// The same for some of the blocks.
    pub fn walk_blocks<T: Send>(
        &self,
        blocks: std::ops::Range<u64>,
        start: impl Fn() -> T + Sync,
        add: impl Fn(&mut T, &Life) + Sync,
    ) -> Vec<T> {
        let one = |life: &mut Life, number: u64| {
            let mut result = start();
            for k in self.block(number) {
                life.live(&self.scene(k));
                add(&mut result, life);
            }
            result
        };
        blocks.into_par_iter().map_init(Life::default, one).collect()
    }
}

fn check(name: &str, value: u64, most: u64) -> Result<()> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    let message = format!("{value} is no number of {name} a world can have");
    Err(Error::new(Code::InvalidArgument, message).at(name).help(format!("take 1 to {most}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_end_is_its_date() {
        assert_eq!(DEFAULT_END.to_string(), "2025-12-19");
    }

    #[test]
    fn blocks_cover_all_consumers() {
        let world = World::new(Params { consumers: 10_000, ..Params::default() }).unwrap();
        let blocks: Vec<_> = (0..world.blocks()).map(|block| world.block(block)).collect();
        assert_eq!(blocks, [0..4_096, 4_096..8_192, 8_192..10_000]);
    }

    #[test]
    fn impossible_worlds_are_refused() {
        let check = |params: Params, place: &str| {
            let error = World::new(params).unwrap_err();
            assert_eq!((error.code, error.at.as_deref()), (Code::InvalidArgument, Some(place)));
        };
        check(Params { consumers: 0, ..Params::default() }, "consumers");
        check(Params { consumers: 100_000_000, ..Params::default() }, "consumers");
        check(Params { days: 0, ..Params::default() }, "days");
        check(Params { end: Day::END, ..Params::default() }, "end");
    }
}
