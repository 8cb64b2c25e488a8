//! How many, and who.

use std::time::Instant;

use weir_core::Result;
use weir_core::expr::{Expr, Warning, check};
use weir_core::identity::{Identifier, Identifiers};
use weir_core::time::Day;
use weir_engine::eval::{Evaluation, evaluate};
use weir_engine::members::content_hash;

use crate::app::{View, Workspace};

/// What to answer beside the count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EvalOptions {
    /// The count of every node.
    pub nodes: bool,
    /// The hash over the members.
    pub hash: bool,
    /// The members themselves.
    pub members: bool,
}

/// The answer to an expression as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// How many.
    pub count: u64,
    /// The date.
    pub as_of: Day,
    /// How many are known as of the date.
    pub universe: u64,
    /// How long it took, check and plan included, in microseconds.
    pub elapsed_us: u64,
    /// Values nobody has mentioned.
    pub warnings: Vec<Warning>,
    /// Hash over the members' sorted canonical identifiers.
    pub content_hash: Option<String>,
    /// JSON pointer and count of every node.
    pub nodes: Option<Vec<(String, u64)>>,
    /// Canonical identifiers in order.
    pub members: Option<Vec<Identifier>>,
}

impl Workspace {
    /// Evaluates an expression as of a date.
    pub fn evaluate(&self, expr: &Expr, as_of: Day, options: EvalOptions) -> Result<Estimate> {
        let view = self.view()?;
        let started = Instant::now();
        let warnings = check(expr, &view.names)?;
        let evaluation = evaluate(view.world(), &view.names, expr, as_of)?;
        let elapsed_us = started.elapsed().as_micros() as u64;
        let mut estimate = Estimate {
            count: evaluation.count,
            as_of,
            universe: evaluation.universe,
            elapsed_us,
            warnings,
            content_hash: None,
            nodes: options.nodes.then(|| evaluation.nodes.clone()),
            members: None,
        };
        list_members(&view, &evaluation, options, &mut estimate)?;
        Ok(estimate)
    }
}

fn list_members(
    view: &View,
    evaluation: &Evaluation,
    options: EvalOptions,
    estimate: &mut Estimate,
) -> Result<()> {
    if !options.hash && !options.members {
        return Ok(());
    }
    let identifiers = view.world().facts.identifiers()?;
    let listing = evaluation.members.listing(&view.world().consumers, &*identifiers, &view.world().policy);
    estimate.content_hash = options.hash.then(|| content_hash(&listing, &*identifiers));
    let named = || listing.iter().map(|node| named(&*identifiers, *node)).collect();
    estimate.members = options.members.then(named);
    Ok(())
}

fn named(identifiers: &dyn Identifiers, node: u32) -> Identifier {
    let (kind, value) = identifiers.get(node);
    Identifier { kind: kind.to_owned(), value: value.to_owned() }
}
