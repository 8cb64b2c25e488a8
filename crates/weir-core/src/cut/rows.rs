//! What the rows of a cut are: their names, and who is in them.

use super::Cut;
use crate::expr::{Did, Expr, Filter, StateTest, TagTest};
use crate::op::{Op, Ops, Value};
use crate::tag::TagKind;
use crate::tag::rule::Dimension;
use crate::time::Day;

/// Values that are in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// What the row is called.
    pub name: String,
    /// Which values.
    pub ops: Ops,
}

/// The edges of `bins` quantiles: of n ascending values those at place ⌊n·i ÷ bins⌋, counted from zero, each once; never
/// the least, because nothing is below it. An edge has at most twelve digits, so that it is printed and read the same.
pub fn edges_of(mut values: Vec<f64>, bins: u32) -> Vec<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let mut edges: Vec<f64> = Vec::new();
    for i in 1..bins as usize {
        let Some(edge) = values.get(values.len() * i / bins as usize) else { continue };
        let edge = twelve_digits(*edge);
        if edge > *edges.last().unwrap_or(&values[0]) {
            edges.push(edge);
        }
    }
    edges
}

fn twelve_digits(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// Bins of numbers between ascending edges. Without an edge everybody with a value is in one bin.
pub fn number_bins(edges: &[f64]) -> Vec<Bin> {
    let number = |edge: f64| Value::Number(edge);
    let (Some(first), Some(last)) = (edges.first(), edges.last()) else {
        return vec![Bin { name: "any".to_owned(), ops: Ops(vec![Op::Exists(true)]) }];
    };
    let mut bins = vec![Bin { name: format!("< {first}"), ops: Ops(vec![Op::Lt(number(*first))]) }];
    bins.extend(edges.windows(2).map(|pair| Bin {
        name: format!("{} … < {}", pair[0], pair[1]),
        ops: Ops(vec![Op::Gte(number(pair[0])), Op::Lt(number(pair[1]))]),
    }));
    bins.push(Bin { name: format!("≥ {last}"), ops: Ops(vec![Op::Gte(number(*last))]) });
    bins
}

/// Bins of dates by how many days before as-of they are, as-of itself being the first of them; what is longer ago, and
/// what has not come yet, are bins of their own.
pub fn date_bins(days: &[u32], as_of: Day) -> Vec<Bin> {
    let date = |days_ago: u32| Value::Text(as_of.plus(-i64::from(days_ago)).to_string());
    let mut bins = vec![Bin { name: "later".to_owned(), ops: Ops(vec![Op::Gt(date(0))]) }];
    let mut from = 0;
    for to in days {
        bins.push(Bin {
            name: format!("{from} … {} days ago", to - 1),
            ops: Ops(vec![Op::Gt(date(*to)), Op::Lte(date(from))]),
        });
        from = *to;
    }
    bins.push(Bin { name: format!("≥ {from} days ago"), ops: Ops(vec![Op::Lte(date(from))]) });
    bins
}

impl Cut {
    /// Who has a value. `kind` is that of the tag, where it is one.
    pub fn with(&self, value: &str, kind: Option<TagKind>) -> Expr {
        let texts = || vec![value.to_owned()];
        match self {
            Cut::Tag { .. } if kind == Some(TagKind::Multi) => {
                self.within(&Ops(vec![Op::ContainsAny(vec![Value::Text(value.to_owned())])]))
            }
            Cut::Tag { .. } => self.within(&Ops(vec![Op::Eq(Value::Text(value.to_owned()))])),
            Cut::State { model, scope } => {
                Expr::State(StateTest { model: model.clone(), scope: scope.clone(), states: texts() })
            }
            Cut::Channel { events, .. } => did(events, |did| did.filter.channel = texts()),
            Cut::Field { of, events } => did(events, |did| *list_of(&mut did.filter, *of) = texts()),
            Cut::Measure { .. } => Expr::Any(Vec::new()),
        }
    }

    /// Whose value is in a bin.
    pub fn within(&self, ops: &Ops) -> Expr {
        match self {
            Cut::Tag { key, .. } => Expr::Tag(TagTest(vec![(key.clone(), ops.clone())])),
            // A single bin holds whoever has such an event: that needs no measure.
            Cut::Measure { events, .. } if ops.0 == [Op::Exists(true)] => did(events, |_| {}),
            Cut::Measure { measure, events, .. } => {
                did(events, |did| did.measures.push((*measure, ops.clone())))
            }
            Cut::Channel { .. } | Cut::Field { .. } | Cut::State { .. } => Expr::Any(Vec::new()),
        }
    }

    /// Who has no value, where that is a row: the tag is absent, or there is no such event.
    pub fn without(&self) -> Option<Expr> {
        match self {
            Cut::Tag { .. } => Some(self.within(&Ops(vec![Op::Exists(false)]))),
            Cut::Measure { events, .. } => Some(Expr::Not(Box::new(Expr::Did(Box::new(events.clone()))))),
            Cut::Channel { .. } | Cut::Field { .. } | Cut::State { .. } => None,
        }
    }
}

fn did(events: &Did, change: impl FnOnce(&mut Did)) -> Expr {
    let mut did = events.clone();
    change(&mut did);
    Expr::Did(Box::new(did))
}

/// Where a filter says which values of a field it wants.
pub(super) fn list_of(filter: &mut Filter, of: Dimension) -> &mut Vec<String> {
    match of {
        Dimension::Category => &mut filter.category,
        Dimension::Channel => &mut filter.channel,
        Dimension::Brand => &mut filter.brand,
        Dimension::Shop => &mut filter.shop,
        Dimension::Item => &mut filter.item,
        Dimension::Campaign => &mut filter.campaign,
    }
}
