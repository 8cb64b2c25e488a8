//! The states of the presets pno and aipl, in plain loops over one life.

use crate::calendar::Calendar;
use crate::life::Life;
use crate::life::event::Behavior;

/// Dates of the table, as days of the window.
pub const PNO_DATES: [i32; 3] = [89, 141, 179];
/// Dates of the table for aipl.
pub const AIPL_DATES: [i32; 2] = [89, 179];
/// Dates between which the flow is measured.
pub const FLOW_DATES: [i32; 2] = [100, 160];

/// States of pno in the order of the table.
pub const PNO: [&str; 4] = ["none", "potential", "new", "old"];
/// States of aipl in the order of the table.
pub const AIPL: [&str; 5] = ["none", "A", "I", "P", "L"];

/// Days and behaviors of one life.
#[derive(Debug, Clone)]
pub struct History(Vec<(i32, Behavior)>);

impl History {
    /// Of a life, in order of time.
    pub fn of(calendar: &Calendar, life: &Life) -> History {
        History(life.events.iter().map(|event| (calendar.day_of(event.time), event.behavior)).collect())
    }

    /// Distinct days, among the last `window` up to `date`, with any of these behaviors.
    fn days(&self, date: i32, window: i32, behaviors: &[Behavior]) -> usize {
        let mut days: Vec<i32> = Vec::new();
        for (day, behavior) in &self.0 {
            let within = date - window < *day && *day <= date;
            if within && behaviors.contains(behavior) && !days.contains(day) {
                days.push(*day);
            }
        }
        days.len()
    }

    fn did(&self, date: i32, window: i32, behaviors: &[Behavior]) -> bool {
        self.days(date, window, behaviors) > 0
    }

    /// Index into [`PNO`].
    pub fn pno(&self, date: i32) -> usize {
        use Behavior::{AddToCart, Click, Favorite, Impression, Purchase, Search, View};
        let interested = self.did(date, 90, &[Favorite, AddToCart])
            || self.did(date, 15, &[Search])
            || self.days(date, 15, &[View]) >= 2;
        match () {
            () if self.did(date, 365, &[Purchase]) => 3,
            () if interested => 2,
            () if self.did(date, 15, &[Impression, Click, View]) => 1,
            () => 0,
        }
    }

    /// Index into [`AIPL`].
    pub fn aipl(&self, date: i32) -> usize {
        use Behavior::{
            AddToCart, Click, Favorite, Follow, Impression, JoinMember, Purchase, Review, Search, Share,
            View, WatchLive,
        };
        const EVER: i32 = 100_000;
        let loyal = self.days(date, 365, &[Purchase]) >= 2 || self.did(date, EVER, &[Review, Share]);
        let interested = self.did(date, 15, &[Click, Search, Favorite, AddToCart, Follow])
            || self.days(date, 15, &[View]) >= 2
            || self.did(date, EVER, &[JoinMember]);
        match () {
            () if loyal => 4,
            () if self.did(date, 910, &[Purchase]) => 3,
            () if interested => 2,
            () if self.did(date, 15, &[Impression, View, WatchLive]) => 1,
            () => 0,
        }
    }
}
