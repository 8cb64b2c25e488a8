//! Alerts: what of a track is looked at, and the band it should stay within. Comparisons are exact: a share is two whole
//! numbers, a bound a multiple of 1/10000.

use serde_json::{Map, Value as Json, json};

use crate::amount::UNITS;

/// A number of a track, and the band it should stay within.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// What it is called, unique within its track.
    pub name: String,
    /// What is looked at.
    pub watched: Watched,
    /// Whether its share counts, or how many they are.
    pub is_share: bool,
    /// Where it should stay.
    pub band: Band,
}

/// What an alert looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watched {
    /// Who is in a state; their share of all followed.
    State(String),
    /// Who went from a state to another within so many days; their share of those who were in the first.
    Flow {
        /// State so many days ago.
        from: String,
        /// State now.
        to: String,
        /// How many days.
        days: u32,
    },
}

/// Bounds, in 1/10000; a value on a bound is within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Breached by less.
    pub below: Option<i64>,
    /// Breached by more.
    pub above: Option<i64>,
}

/// What an alert found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// How many.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Alert {
    /// The JSON form.
    pub fn to_json(&self) -> Json {
        let mut object = Map::from_iter([("name".to_owned(), json!(self.name))]);
        match &self.watched {
            Watched::State(state) => object.insert("state".to_owned(), json!(state)),
            Watched::Flow { from, to, days } => {
                object.insert("flow".to_owned(), json!({"from": from, "to": to, "days": days}))
            }
        };
        object.insert(self.unit().to_owned(), self.band.to_json());
        Json::Object(object)
    }

    /// `share` or `count`.
    pub fn unit(&self) -> &'static str {
        if self.is_share { "share" } else { "count" }
    }

    /// Whether what was found is outside the band. Of nobody there is no share, so nothing is breached.
    pub fn is_breached(&self, found: Measured) -> bool {
        if self.is_share && found.whole == 0 {
            return false;
        }
        let whole = if self.is_share { found.whole } else { 1 };
        let value = i128::from(found.part) * i128::from(UNITS);
        let bound = |units: i64| i128::from(units) * i128::from(whole);
        let too_little = self.band.below.is_some_and(|units| value < bound(units));
        let too_much = self.band.above.is_some_and(|units| value > bound(units));
        too_little || too_much
    }
}

impl Band {
    /// The JSON form.
    pub fn to_json(self) -> Json {
        let bounds = [("below", self.below), ("above", self.above)];
        let given = bounds.into_iter().filter_map(|(key, units)| Some((key.to_owned(), number(units?))));
        Json::Object(given.collect())
    }
}

/// Units as a number, whole where it is one.
fn number(units: i64) -> Json {
    if units % UNITS == 0 { json!(units / UNITS) } else { json!(units as f64 / UNITS as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_is_within() {
        let alert = |is_share, below, above| Alert {
            name: "a".to_owned(),
            watched: Watched::State("old".to_owned()),
            is_share,
            band: Band { below, above },
        };
        let check = |alert: &Alert, part, whole, expected| {
            assert_eq!(alert.is_breached(Measured { part, whole }), expected, "{part} of {whole}");
        };
        let third = alert(true, Some(3_333), Some(5_000));
        check(&third, 3_333, 10_000, false);
        check(&third, 3_332, 10_000, true);
        check(&third, 1, 2, false);
        check(&third, 5_001, 10_000, true);
        check(&third, 0, 0, false);
        let few = alert(false, Some(2 * UNITS), None);
        check(&few, 2, 9, false);
        check(&few, 1, 9, true);
        check(&few, 0, 0, true);
        check(&alert(false, None, Some(25_000)), 3, 0, true);
    }
}
