//! Where a tag comes from, and who uses it.

use std::collections::{BTreeMap, BTreeSet};

use weir_core::Result;
use weir_core::expr::{Did, Expr, each_name};
use weir_core::tag::rule::TagRule;
use weir_store::TagSource;

use crate::app::Workspace;

/// Where a tag comes from, and who uses it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lineage {
    /// The live imports that state it, latest first.
    pub sources: Vec<TagSource>,
    /// What its rule names, by noun: `behavior`, `channel`, `tag`, `audience`, `state_model`, `list`, `snapshot`.
    pub names: BTreeMap<&'static str, BTreeSet<String>>,
    /// What names it: `audience loyal`, `state model recency`, `tag best`.
    pub used_by: Vec<String>,
}

impl Workspace {
    pub(super) fn lineage(&self, name: &str, rule: Option<&TagRule>) -> Result<Lineage> {
        let mut sources = self.store().tag_sources()?;
        sources.retain(|source| source.tag == name);
        let names = rule.map(named_by).unwrap_or_default();
        let used_by = self.users("tag", name)?;
        Ok(Lineage { sources, names, used_by })
    }
}

type Named = BTreeMap<&'static str, BTreeSet<String>>;

fn named_by(rule: &TagRule) -> Named {
    let mut named = Named::new();
    for (_, did) in rule.events() {
        events(did, &mut named);
    }
    for (_, expr) in rule.expressions() {
        expression(expr, &mut named);
    }
    named
}

fn expression(expr: &Expr, named: &mut Named) {
    each_name(expr, &mut |noun, name| {
        named.entry(noun).or_default().insert(name.to_owned());
    });
    events_in(expr, named);
}

fn events_in(expr: &Expr, named: &mut Named) {
    match expr {
        Expr::Did(did) => events(did, named),
        Expr::Sequence(sequence) => sequence.steps.iter().for_each(|step| events(step, named)),
        Expr::Top(top) => events(&top.by, named),
        _ => {}
    }
    expr.children().into_iter().for_each(|(_, child)| events_in(child, named));
}

fn events(did: &Did, named: &mut Named) {
    let behaviors = did.filter.behavior.iter().chain(&did.filter.not_behavior);
    for (noun, name) in
        behaviors.map(|b| ("behavior", b)).chain(did.filter.channel.iter().map(|c| ("channel", c)))
    {
        named.entry(noun).or_default().insert(name.clone());
    }
}
