//! How a computed tag comes by its values as of a date.
//!
//! ```text
//! V := {M: D}                                              a measure of events: a number; a date for first and last
//!    | {"most": {"of": dimension, "by": M?, "events": D?}} what somebody did most with: a text
//!    | {"cases": [{"when": E, "is": "text"}…], "else"?: "text"}   the first that holds: a text
//!    | {"each": [{"when": E, "is": "text"}…], "else"?: "text"}    all that hold: several texts
//!    | {"rfm": RFM, "give": "r"|"f"|"m"|"cell"|"class"|"segment"} a number; a text for the last three
//! ```
//!
//! A rule is a function of a date: for each person known then it gives a value or none. Where a measure has no matching
//! event there is no value, because "never" is stated, not guessed. Computing it is not here: the engine and the oracle
//! each do it their own way.

mod json;

use crate::expr::{Did, Expr, Measure};
use crate::rfm::Rfm;
use crate::tag::TagKind;

/// How a tag is computed.
#[derive(Debug, Clone, PartialEq)]
pub enum TagRule {
    /// What somebody's matching events amount to.
    Measure(Measure, Box<Did>),
    /// What most of it was about.
    Most(Box<Most>),
    /// The text of the first case that holds.
    Cases(Cases),
    /// The texts of all cases that hold.
    Each(Cases),
    /// A score, or what follows from scores.
    Rfm(Box<Rfm>, Give),
}

/// The value of a dimension with the greatest measure; of equal ones the least by bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Most {
    /// Values of what. Events without one are passed over.
    pub of: Dimension,
    /// By what; one of [`Most::MEASURES`].
    pub by: Measure,
    /// Over which events.
    pub events: Did,
}

impl Most {
    /// What values may be compared by.
    pub const MEASURES: [Measure; 5] =
        [Measure::Count, Measure::ActiveDays, Measure::Orders, Measure::Amount, Measure::Quantity];
}

/// A field of events that has values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The category as the event says it.
    Category,
    /// The channel's path.
    Channel,
    /// The event's own brand, else its shop's.
    Brand,
    /// The shop.
    Shop,
    /// The item.
    Item,
    /// The campaign.
    Campaign,
}

impl Dimension {
    /// Every dimension with its name in JSON.
    pub const ALL: [(&'static str, Dimension); 6] = [
        ("category", Dimension::Category),
        ("channel", Dimension::Channel),
        ("brand", Dimension::Brand),
        ("shop", Dimension::Shop),
        ("item", Dimension::Item),
        ("campaign", Dimension::Campaign),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Dimension::ALL.iter().find(|(_, d)| *d == self).map_or("category", |(name, _)| name)
    }
}

/// Texts under conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Cases {
    /// In order; at least one.
    pub cases: Vec<Case>,
    /// For everybody known of whom none holds.
    pub otherwise: Option<String>,
}

/// A text under a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Of whom.
    pub when: Expr,
    /// The text.
    pub is: String,
}

/// What of an RFM analysis is the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Give {
    /// The score of recency.
    Recency,
    /// The score of frequency.
    Frequency,
    /// The score of money.
    Monetary,
    /// All three, `5-4-5`.
    Cell,
    /// The class by the mean split.
    Class,
    /// The named segment.
    Segment,
}

impl Give {
    /// Every one with its name in JSON.
    pub const ALL: [(&'static str, Give); 6] = [
        ("r", Give::Recency),
        ("f", Give::Frequency),
        ("m", Give::Monetary),
        ("cell", Give::Cell),
        ("class", Give::Class),
        ("segment", Give::Segment),
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        Give::ALL.iter().find(|(_, give)| *give == self).map_or("cell", |(name, _)| name)
    }
}

impl TagRule {
    /// What its values are.
    pub fn kind(&self) -> TagKind {
        match self {
            TagRule::Measure(measure, _) if measure.is_date() => TagKind::Date,
            TagRule::Rfm(_, Give::Recency | Give::Frequency | Give::Monetary) | TagRule::Measure(..) => {
                TagKind::Number
            }
            TagRule::Most(_) | TagRule::Cases(_) | TagRule::Rfm(..) => TagKind::Text,
            TagRule::Each(_) => TagKind::Multi,
        }
    }

    /// The conditions on events in it, each with its JSON pointer.
    pub fn events(&self) -> Vec<(String, &Did)> {
        match self {
            TagRule::Measure(measure, did) => vec![(format!("/{}", measure.name()), did)],
            TagRule::Most(most) => vec![("/most/events".to_owned(), &most.events)],
            TagRule::Rfm(rfm, _) => vec![("/rfm/events".to_owned(), &rfm.events)],
            TagRule::Cases(_) | TagRule::Each(_) => Vec::new(),
        }
    }

    /// The expressions in it, each with its JSON pointer.
    pub fn expressions(&self) -> Vec<(String, &Expr)> {
        let (name, cases) = match self {
            TagRule::Cases(cases) => ("cases", cases),
            TagRule::Each(cases) => ("each", cases),
            TagRule::Measure(..) | TagRule::Most(_) | TagRule::Rfm(..) => return Vec::new(),
        };
        let all = cases.cases.iter().enumerate();
        all.map(|(i, case)| (format!("/{name}/{i}/when"), &case.when)).collect()
    }
}
