//! RFM: how recently, how often and for how much somebody bought.
//!
//! Of whoever has such an event within the window of R: R is the days from the local date of the last one to as-of, F
//! the distinct orders, M the exact sum of amounts, each within its own window. A score says how many thresholds a value
//! reaches; every method comes down to thresholds ([`score`]), so every cell is an expression ([`cell`]).
//!
//! ```text
//! {"events": D?, "windows": {"r"?: W, "f"?: W, "m"?: W}?,
//!  "method": {"quantile": n} | {"fixed": {"r": [days…], "f": [n…], "m": [money…]}} | {"mean": true},
//!  "segments": [{"is": "name", "r"?: [low, high], "f"?: [low, high], "m"?: [low, high]}…]?}
//! ```

pub mod cell;
mod json;
pub mod score;
pub mod segment;

use crate::Result;
use crate::amount::Amount;
use crate::expr::{Checked, Did, Filter, check_did};
use crate::time::Window;
use crate::vocabulary::Vocabulary;

pub use score::{Class, Mean, Person, Thresholds};
pub use segment::{Segment, shipped};

/// Scores of the quantile method unless asked otherwise.
pub const BINS: u32 = 5;

/// How people are scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Rfm {
    /// Which events are purchases.
    pub events: Did,
    /// Where they must lie.
    pub windows: Windows,
    /// How values become scores.
    pub method: Method,
    /// The segments asked for; none takes the shipped ones where they fit.
    pub named: Option<Vec<Segment>>,
}

/// The windows of R, F and M; none is ever, up to as-of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Windows {
    /// Of the last event.
    pub r: Option<Window>,
    /// Of the orders.
    pub f: Option<Window>,
    /// Of the money.
    pub m: Option<Window>,
}

/// How values become scores.
#[derive(Debug, Clone, PartialEq)]
pub enum Method {
    /// Bins of equally many people, as far as equal values allow.
    Quantile(u32),
    /// Given bounds.
    Fixed(Bounds),
    /// Above the mean or not.
    Mean,
}

/// Bounds of the fixed method.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    /// Days, ascending: within the first has the highest score.
    pub r: Vec<u32>,
    /// Orders, ascending: the last or more has the highest score.
    pub f: Vec<u32>,
    /// Money, ascending: the last or more has the highest score.
    pub m: Vec<Amount>,
}

impl Default for Rfm {
    fn default() -> Rfm {
        let filter = Filter { behavior: vec!["purchase".to_owned()], ..Filter::default() };
        let events = Did { filter, ..Did::default() };
        Rfm { events, windows: Windows::default(), method: Method::Quantile(BINS), named: None }
    }
}

impl Rfm {
    /// The greatest scores of R, F and M.
    pub fn greatest(&self) -> [u32; 3] {
        match &self.method {
            Method::Quantile(bins) => [*bins; 3],
            Method::Mean => [2; 3],
            Method::Fixed(bounds) => {
                [bounds.r.len(), bounds.f.len(), bounds.m.len()].map(|bounds| bounds as u32 + 1)
            }
        }
    }

    /// The segments, first that fits: those asked for, else the shipped ones if R and F have five scores.
    pub fn segments(&self) -> Vec<Segment> {
        match &self.named {
            Some(segments) => segments.clone(),
            None if self.greatest()[..2] == [5, 5] => shipped(),
            None => Vec::new(),
        }
    }

    /// Checks the names in it, as [`crate::expr::check`] does for an expression.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        check_did(&self.events, names, "/events")
    }

    /// The purchases within a window.
    pub fn purchases(&self, window: Option<Window>) -> Did {
        Did { within: window, ..self.events.clone() }
    }
}
