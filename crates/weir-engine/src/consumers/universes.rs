//! Who is known as of a date, remembered: dashboards and whoever builds an audience ask about a few dates again and again, and
//! each time anew it would take a look at everybody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::bits::Bits;

/// Bits kept, in bytes, beyond which the date that was not asked about for longest is forgotten.
const KEPT: usize = 32 << 20;

/// At least so many dates are kept, however many people there are.
const DATES: usize = 4;

const BITS: usize = size_of::<Bits>() + crate::shard::SHARD_SIZE / 8;

/// Sets by date and shard. A clone has none of them: it is made to be changed.
#[derive(Default)]
pub(super) struct Universes {
    dates: Mutex<Dates>,
}

#[derive(Default)]
struct Dates {
    by_day: HashMap<i32, Date>,
    /// Counts what was asked.
    asked: u64,
}

struct Date {
    last_asked: u64,
    shards: Arc<[OnceLock<Bits>]>,
}

impl Universes {
    /// The set of a shard, of `shards`, as of a date; found if nobody has asked yet.
    pub fn get(&self, day: i32, shard: usize, shards: usize, find: impl FnOnce() -> Bits) -> Bits {
        let date = self.dates.lock().unwrap_or_else(PoisonError::into_inner).date(day, shards);
        match date.get(shard) {
            Some(known) => known.get_or_init(find).clone(),
            None => find(),
        }
    }

    /// Forgets all, since somebody has become known, or is not any more.
    pub fn clear(&mut self) {
        *self = Universes::default();
    }
}

impl Dates {
    fn date(&mut self, day: i32, shards: usize) -> Arc<[OnceLock<Bits>]> {
        self.asked += 1;
        if let Some(date) = self.by_day.get_mut(&day) {
            date.last_asked = self.asked;
            return date.shards.clone();
        }
        if self.by_day.len() >= (KEPT / BITS / shards.max(1)).max(DATES) {
            let oldest = self.by_day.iter().min_by_key(|(_, date)| date.last_asked).map(|(day, _)| *day);
            self.by_day.retain(|day, _| Some(*day) != oldest);
        }
        let sets: Arc<[OnceLock<Bits>]> = (0..shards).map(|_| OnceLock::new()).collect();
        self.by_day.insert(day, Date { last_asked: self.asked, shards: sets.clone() });
        sets
    }
}

impl Clone for Universes {
    fn clone(&self) -> Universes {
        Universes::default()
    }
}

/// What is remembered makes no difference.
impl PartialEq for Universes {
    fn eq(&self, _: &Universes) -> bool {
        true
    }
}

impl Eq for Universes {}

impl std::fmt::Debug for Universes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Universes").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_asked_about_lately_are_kept_and_no_more_than_fit() {
        let universes = Universes::default();
        let shards = KEPT / BITS / 8;
        let is_found = |day: i32| {
            let mut found = false;
            universes.get(day, 0, shards, || {
                found = true;
                Bits::empty()
            });
            found
        };
        (0..8).for_each(|day| assert!(is_found(day)));
        assert!(!is_found(0), "it is remembered");
        assert!(is_found(8), "it is new, and takes the place of date 1");
        assert!(!is_found(0) && !is_found(2) && is_found(1));
    }
}
