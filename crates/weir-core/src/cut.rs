//! A cut: by what people are told apart, into rows of which each is an expression.
//!
//! ```text
//! CUT := {"tag":name, "bins":n? | "edges":[x…]? | "days":[n…]?}     texts: a row per value; numbers, dates: bins
//!      | {"channel":"entrance"|"node", "events":D?}                 whom channels reached
//!      | {"field":"category"|"brand"|"shop"|"item"|"campaign", "events":D?}    people with such events
//!      | {"state":{"model":M, "scope":S?}}                          states of a model
//!      | {"measure":"amount"|"orders"|"count"|"active_days"|"quantity", "events":D?, "bins":n? | "edges":[x…]?}
//! ```
//!
//! Bins of numbers lie between edges: those given, or quantiles of the people who are the base. An edge belongs to the bin
//! above it. Below the first and from the last on there is no bound, so everybody with a value is in exactly one bin.
//! Deliberately absent: counting (`weir_engine::cut`).

mod parse;
mod rows;

use serde_json::{Map, Value as Json, json};

use crate::error::Result;
use crate::expr::{Checked, Did, Expr, Measure, StateTest, TagTest, check, check_did};
use crate::op::{Op, Ops};
use crate::scope::Scope;
use crate::state_model::{ModelRef, NONE};
use crate::tag::rule::Dimension;
use crate::vocabulary::Vocabulary;

pub use rows::{Bin, date_bins, edges_of, number_bins};

/// Bins unless stated otherwise, and most.
pub const DEFAULT_BINS: u32 = 5;
/// Most bins of one cut.
pub const MOST_BINS: u32 = 50;

/// Days before as-of at which bins of dates end, unless stated otherwise.
pub const DEFAULT_DAYS: [u32; 5] = [7, 30, 90, 180, 365];

/// By what people are told apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Cut {
    /// By a tag.
    Tag {
        /// Its name.
        key: String,
        /// Where numbers and dates are cut.
        bins: Bins,
    },
    /// By the channels that reached them.
    Channel {
        /// Every node of the tree, or the entrances alone.
        every_node: bool,
        /// Which events reach.
        events: Did,
    },
    /// By a field of events; never [`Dimension::Channel`], which has a tree of its own.
    Field {
        /// Which.
        of: Dimension,
        /// Which events.
        events: Did,
    },
    /// By the states of a model.
    State {
        /// The model.
        model: ModelRef,
        /// What its conditions are limited to.
        scope: Scope,
    },
    /// By what their events amount to.
    Measure {
        /// A number, and no average.
        measure: Measure,
        /// Over which events.
        events: Did,
        /// Where it is cut.
        bins: Bins,
    },
}

/// Where a number or a date is cut.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// As fits the kind of value.
    Default,
    /// Into so many parts of equal size, as far as values allow.
    Quantiles(u32),
    /// At these values, ascending.
    Edges(Vec<f64>),
    /// At so many days before as-of, ascending.
    Days(Vec<u32>),
}

impl Cut {
    /// Measures that people can be cut by.
    pub const MEASURES: [Measure; 5] =
        [Measure::Amount, Measure::Orders, Measure::Count, Measure::ActiveDays, Measure::Quantity];

    /// By a tag, cut as fits its kind.
    pub fn by_tag(key: &str) -> Cut {
        Cut::Tag { key: key.to_owned(), bins: Bins::Default }
    }

    /// Reads the JSON form.
    pub fn from_json(value: &Json) -> Result<Cut> {
        parse::cut(value)
    }

    /// The JSON form.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        let mut put = |key: &str, value: Json| drop(object.insert(key.to_owned(), value));
        match self {
            Cut::Tag { key, .. } => put("tag", json!(key)),
            Cut::Channel { every_node, .. } => {
                put("channel", json!(if *every_node { "node" } else { "entrance" }));
            }
            Cut::Field { of, .. } => put("field", json!(of.name())),
            Cut::State { model, scope } => {
                put("state", json!({"model": model.to_json(), "scope": scope.to_json()}));
            }
            Cut::Measure { measure, .. } => put("measure", json!(measure.name())),
        }
        if let Some(events) = self.events().filter(|events| **events != Did::default()) {
            put("events", events.to_json());
        }
        match self.bins() {
            Bins::Default => {}
            Bins::Quantiles(n) => put("bins", json!(n)),
            Bins::Edges(edges) => put("edges", json!(edges)),
            Bins::Days(days) => put("days", json!(days)),
        }
        Json::Object(object)
    }

    /// Checks the names in it; places are those of the JSON form.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        match self {
            Cut::Tag { key, bins } => {
                let exists = Expr::Tag(TagTest(vec![(key.clone(), Ops(vec![Op::Exists(true)]))]));
                check(&exists, names).map_err(|error| error.at("/tag"))?;
                parse::fits(bins, names.tag(key)).map(|()| Vec::new())
            }
            Cut::State { model, scope } => {
                let states = vec![NONE.to_owned()];
                let test = StateTest { model: model.clone(), scope: scope.clone(), states };
                check(&Expr::State(test), names)
            }
            Cut::Channel { events, .. } | Cut::Field { events, .. } | Cut::Measure { events, .. } => {
                check_did(events, names, "/events")
            }
        }
    }

    /// Which events it looks at, if it does.
    pub fn events(&self) -> Option<&Did> {
        match self {
            Cut::Channel { events, .. } | Cut::Field { events, .. } | Cut::Measure { events, .. } => {
                Some(events)
            }
            Cut::Tag { .. } | Cut::State { .. } => None,
        }
    }

    /// Where values are cut.
    pub fn bins(&self) -> &Bins {
        match self {
            Cut::Tag { bins, .. } | Cut::Measure { bins, .. } => bins,
            Cut::Channel { .. } | Cut::Field { .. } | Cut::State { .. } => &Bins::Default,
        }
    }

    /// What answers call it: what it is by, in a few words.
    pub fn name(&self) -> String {
        match self {
            Cut::Tag { key, .. } => format!("tag {key}"),
            Cut::Channel { every_node: true, .. } => "channel".to_owned(),
            Cut::Channel { every_node: false, .. } => "entrance".to_owned(),
            Cut::Field { of, .. } => of.name().to_owned(),
            Cut::State { model, scope } => format!("state {model} {scope}"),
            Cut::Measure { measure, .. } => measure.name().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Day;

    #[track_caller]
    fn check(value: &Json, expected: &str) {
        let text = match Cut::from_json(value) {
            Ok(cut) => {
                assert_eq!(Cut::from_json(&cut.to_json()), Ok(cut.clone()));
                format!("{}: {}", cut.name(), cut.to_json())
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn cuts_are_read_and_written() {
        check(&json!({"tag": "gender"}), r#"tag gender: {"tag":"gender"}"#);
        check(&json!({"tag": "age", "edges": [18, 25.5]}), r#"tag age: {"tag":"age","edges":[18.0,25.5]}"#);
        check(&json!({"tag": "born", "days": [7, 30]}), r#"tag born: {"tag":"born","days":[7,30]}"#);
        check(&json!({"channel": "node"}), r#"channel: {"channel":"node"}"#);
        check(
            &json!({"field": "brand", "events": {"behavior": "purchase"}}),
            r#"brand: {"field":"brand","events":{"behavior":["purchase"]}}"#,
        );
        check(
            &json!({"state": {"model": "pno"}}),
            r#"state pno workspace: {"state":{"model":"pno","scope":{"workspace":true}}}"#,
        );
        check(&json!({"measure": "amount", "bins": 4}), r#"amount: {"measure":"amount","bins":4}"#);
    }

    #[test]
    fn mistakes_have_a_place() {
        check(
            &json!({"tag": "a", "field": "brand"}),
            "a cut takes exactly one of tag, channel, field, state, measure\n  help: for example {\"tag\": \"gender\"} or {\"channel\": \"entrance\"}",
        );
        check(
            &json!({"field": "brnd"}),
            "there is no field \"brnd\" (at /field)\n  help: did you mean \"brand\"?",
        );
        check(
            &json!({"field": "brand", "events": {"brand": "lanhe"}}),
            "a cut by brand looks at all of them (at /events/brand)\n  help: leave it out of the events; each row says which one it is",
        );
        check(&json!({"tag": "a", "edges": [2, 1]}), "edges ascend, each once (at /edges/1)");
        check(&json!({"tag": "a", "bins": 51}), "there are 2 to 50 bins, not 51 (at /bins)");
        check(
            &json!({"tag": "a", "bins": 5, "days": [1]}),
            "bins, edges and days exclude each other (at /days)",
        );
        check(
            &json!({"measure": "amount", "edges": [0.00001]}),
            "an edge has at most four decimals (at /edges/0)",
        );
        check(
            &json!({"measure": "aov"}),
            "there is no measure \"aov\" (at /measure)\n  help: it is one of amount, orders, count, active_days, quantity",
        );
    }

    #[test]
    fn quantiles_are_values_that_somebody_has() {
        let edges = |values: &[f64], bins| edges_of(values.to_vec(), bins);
        assert_eq!(edges(&[5.0, 1.0, 4.0, 2.0, 3.0, 6.0], 3), [3.0, 5.0]);
        assert_eq!(edges(&[1.0, 1.0, 1.0, 1.0, 2.0], 5), [2.0]);
        assert!(edges(&[1.0, 1.0], 5).is_empty() && edges(&[], 5).is_empty());
    }

    #[test]
    fn bins_hold_everything_once() {
        let as_of: Day = "2024-11-30".parse().unwrap();
        let names = |bins: Vec<Bin>| bins.into_iter().map(|bin| bin.name).collect::<Vec<_>>();
        assert_eq!(names(number_bins(&[1.0, 2.5])), ["< 1", "1 … < 2.5", "≥ 2.5"]);
        assert_eq!(
            names(date_bins(&[1, 7], as_of)),
            ["later", "0 … 0 days ago", "1 … 6 days ago", "≥ 7 days ago"]
        );
        for days_ago in -2..10 {
            let day = crate::op::Operand::Date(as_of.plus(-days_ago));
            let holding = date_bins(&[1, 7], as_of).iter().filter(|bin| bin.ops.hold(day, as_of)).count();
            assert_eq!(holding, 1, "{days_ago}");
        }
    }
}
