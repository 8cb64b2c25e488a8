//! Expressions: what an audience *is*.
//!
//! Everything is a set of consumers as of a date; an [`Expr`] is a function from a date to such a set. This module
//! holds the tree; `parse` and `print` its JSON form (each undoes the other), `check` the names in it.
//!
//! ```text
//! E := {"all":[E…]} | {"any":[E…]} | {"not":E} | {"minus":[E, E…]} | {"xor":[E,E]} | {"everyone":true}
//!    | {"did":D} | {"sequence":{"steps":[D…],"within":T?,"window":W?}} | {"tag":{"<key>":{op:value}}}
//!    | {"list":"name"} | {"audience":"name"} | {"snapshot":"id"} | {"state":{"model":"pno","scope":S,"in":[…]}}
//!    | {"at":{"date":date}|{"days_ago":n},"of":E} | {"sample":{"of":E,"percent":p,"salt":"…"}}
//!    | {"top":{"of":E,"by":{M:D},"n":n}}
//!
//! model := "name" | "name@version" | {"states":[{"name","when":E}…]}
//! ```
//!
//! Evaluating an expression is not here: the engine and the oracle each do it their own way.

mod check;
mod names;
pub(crate) mod parse;
mod print;

use crate::error::{Code, Error, Result};
use crate::op::Ops;
use crate::scope::Scope;
use crate::state_model::ModelRef;
use crate::time::{Day, Window};

pub use check::{Checked, Warning, check, check_did, check_model, check_tag};
pub use names::each_name;
pub use parse::{parse_events, parse_expr, parse_json, parse_steps, parse_value, parse_window};

/// A set of consumers as of a date.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// In all of these; with none, everyone.
    All(Vec<Expr>),
    /// In any of these; with none, nobody.
    Any(Vec<Expr>),
    /// Known as of the date and not in this.
    Not(Box<Expr>),
    /// In the first and in none of the others.
    Minus(Vec<Expr>),
    /// In exactly one of the two.
    Xor(Box<Expr>, Box<Expr>),
    /// Everybody known as of the date.
    Everyone,
    /// Did something, so often, for so much.
    Did(Box<Did>),
    /// Did things one after the other.
    Sequence(Box<Sequence>),
    /// Carries a tag whose value satisfies the operators.
    Tag(TagTest),
    /// On an uploaded list.
    List(String),
    /// In a named audience, as of the same date.
    Audience(String),
    /// In a frozen audience.
    Snapshot(String),
    /// In one of these states of a model.
    State(StateTest),
    /// As of an earlier date.
    At(AtDate, Box<Expr>),
    /// A stable share of a set, by salted hash.
    Sample(Box<Sample>),
    /// The `n` with the greatest measure.
    Top(Box<Top>),
}

/// Which single events count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// Any of these behaviors; empty means any at all (so for every list below).
    pub behavior: Vec<String>,
    /// None of these behaviors.
    pub not_behavior: Vec<String>,
    /// On any of these channels or below.
    pub channel: Vec<String>,
    /// In any of these shops.
    pub shop: Vec<String>,
    /// Of any of these brands or below.
    pub brand: Vec<String>,
    /// In any of these categories or below.
    pub category: Vec<String>,
    /// By any of these campaigns.
    pub campaign: Vec<String>,
    /// With any of these items.
    pub item: Vec<String>,
    /// With properties that satisfy these.
    pub property: Vec<(String, Ops)>,
    /// With an amount that satisfies this.
    pub each_amount: Option<Ops>,
    /// With a quantity that satisfies this.
    pub each_quantity: Option<Ops>,
}

/// What is computed over a consumer's matching events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Number of events.
    Count,
    /// Number of distinct local dates.
    ActiveDays,
    /// Number of distinct order ids.
    Orders,
    /// Sum of amounts; unknown amounts add nothing.
    Amount,
    /// Sum of quantities.
    Quantity,
    /// Amount ÷ orders; absent without orders.
    Aov,
    /// Local date of the first.
    First,
    /// Local date of the last.
    Last,
}

/// Did something: a filter, a window, and any measures with operators. Without a measure: at least once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Did {
    /// Which events.
    pub filter: Filter,
    /// When; `None` is ever, up to as-of.
    pub within: Option<Window>,
    /// Each must hold.
    pub measures: Vec<(Measure, Ops)>,
    /// Inside a state model: not limited to the scope asked for.
    pub unscoped: bool,
}

/// Different events at strictly increasing times.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequence {
    /// One condition on an event per step (no measures); a step may carry a window of its own.
    pub steps: Vec<Did>,
    /// Longest time from the first step to the last, in microseconds, bound included.
    pub within: Option<Span>,
    /// Where all events must lie.
    pub window: Option<Window>,
}

/// A length of time as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// n × 24 hours.
    Days(u32),
    /// n hours.
    Hours(u32),
    /// n minutes.
    Minutes(u32),
}

/// Tags and the operators their values must satisfy; all must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct TagTest(pub Vec<(String, Ops)>);

/// In one of these states of a model, over a scope.
#[derive(Debug, Clone, PartialEq)]
pub struct StateTest {
    /// The model.
    pub model: ModelRef,
    /// What its conditions are limited to.
    pub scope: Scope,
    /// Names of states, `none` among them if wanted.
    pub states: Vec<String>,
}

/// An earlier date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDate {
    /// This date; it must not be later than as-of.
    Date(Day),
    /// So many days before as-of.
    DaysAgo(u32),
}

/// A stable share of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Of whom.
    pub of: Expr,
    /// How many of a hundred, fractions allowed.
    pub percent: f64,
    /// Other salts give independent samples.
    pub salt: String,
}

/// The greatest by a measure. Consumers without a matching event are not ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Top {
    /// Of whom.
    pub of: Expr,
    /// By what.
    pub measure: Measure,
    /// Over which events.
    pub by: Did,
    /// How many; ties by canonical identifier.
    pub n: u64,
}

impl Measure {
    /// Every measure with its name in JSON.
    pub const ALL: [(&'static str, Measure); 8] = [
        ("count", Measure::Count),
        ("active_days", Measure::ActiveDays),
        ("orders", Measure::Orders),
        ("amount", Measure::Amount),
        ("quantity", Measure::Quantity),
        ("aov", Measure::Aov),
        ("first", Measure::First),
        ("last", Measure::Last),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Measure::ALL.iter().find(|(_, m)| *m == self).map_or("count", |(name, _)| name)
    }

    /// Whether its value is a date rather than a number.
    pub fn is_date(self) -> bool {
        matches!(self, Measure::First | Measure::Last)
    }
}

impl Span {
    /// The length in microseconds.
    pub fn micros(self) -> i64 {
        match self {
            Span::Days(n) => i64::from(n) * crate::time::DAY_MICROS,
            Span::Hours(n) => i64::from(n) * crate::time::HOUR_MICROS,
            Span::Minutes(n) => i64::from(n) * 60_000_000,
        }
    }
}

impl std::str::FromStr for Span {
    type Err = Error;

    /// The short form for command lines: `7d`, `12h`, `30m`.
    fn from_str(text: &str) -> Result<Span> {
        let number = |unit| text.strip_suffix(unit)?.parse().ok().filter(|n| *n <= 1_000_000);
        let span = number('d').map(Span::Days).or_else(|| number('h').map(Span::Hours));
        span.or_else(|| number('m').map(Span::Minutes)).ok_or_else(|| {
            Error::new(Code::InvalidArgument, format!("\"{text}\" is not a length of time"))
                .help("write 7d, 12h or 30m; a day is 24 hours")
        })
    }
}

impl AtDate {
    /// The date meant, seen from an as-of date; `None` if it would be later.
    pub fn resolve(self, as_of: Day) -> Option<Day> {
        match self {
            AtDate::Date(date) => (date <= as_of).then_some(date),
            AtDate::DaysAgo(days) => Some(as_of.plus(-i64::from(days))),
        }
    }
}

impl Did {
    /// Whether a consumer without any matching event satisfies this: only if every measure given states zero.
    pub fn holds_without_events(&self) -> bool {
        !self.measures.is_empty() && self.measures.iter().all(|(_, ops)| ops.state_zero())
    }
}

impl Expr {
    /// The direct parts of this node, each with its JSON pointer relative to the node.
    pub fn children(&self) -> Vec<(String, &Expr)> {
        match self {
            Expr::All(parts) => indexed("/all", parts),
            Expr::Any(parts) => indexed("/any", parts),
            Expr::Minus(parts) => indexed("/minus", parts),
            Expr::Not(inner) => vec![("/not".to_owned(), inner)],
            Expr::Xor(a, b) => vec![("/xor/0".to_owned(), a), ("/xor/1".to_owned(), b)],
            Expr::At(_, inner) => vec![("/of".to_owned(), inner)],
            Expr::Sample(sample) => vec![("/sample/of".to_owned(), &sample.of)],
            Expr::Top(top) => vec![("/top/of".to_owned(), &top.of)],
            Expr::Everyone | Expr::Did(_) | Expr::Sequence(_) | Expr::Tag(_) => Vec::new(),
            Expr::List(_) | Expr::Audience(_) | Expr::Snapshot(_) | Expr::State(_) => Vec::new(),
        }
    }
}

/// Did something within a window. A condition with a window of its own keeps it: both must hold, which a sequence of one
/// step says.
pub fn did_in(did: &Did, window: Option<Window>) -> Expr {
    match did.within {
        Some(_) if window.is_some() => {
            Expr::Sequence(Box::new(Sequence { steps: vec![did.clone()], within: None, window }))
        }
        own => Expr::Did(Box::new(Did { within: own.or(window), ..did.clone() })),
    }
}

fn indexed<'a>(prefix: &str, parts: &'a [Expr]) -> Vec<(String, &'a Expr)> {
    parts.iter().enumerate().map(|(i, part)| (format!("{prefix}/{i}"), part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_a_short_form() {
        let written = ["7d", "12h", "30m"].map(str::parse);
        assert_eq!(written, [Ok(Span::Days(7)), Ok(Span::Hours(12)), Ok(Span::Minutes(30))]);
        for text in ["", "7", "d", "-7d", "7w", "1000001m"] {
            assert!(text.parse::<Span>().is_err_and(|error| error.help.is_some()), "{text}");
        }
    }
}
