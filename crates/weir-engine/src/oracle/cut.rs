//! The rows of a cut, person by person.

use std::collections::{BTreeMap, BTreeSet};

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::catalog::EntryKind;
use weir_core::channel::is_below;
use weir_core::cut::{Bin, Bins, Cut, DEFAULT_BINS, DEFAULT_DAYS, date_bins, edges_of, number_bins};
use weir_core::event::Event;
use weir_core::expr::Did;
use weir_core::identity::Node;
use weir_core::state_model::{ModelRef, NONE};
use weir_core::tag::rule::Dimension;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Day;

use super::matching::Matcher;
use super::measure::{self, Measured};
use super::{Context, Members, Oracle};

/// For each row who is in it; none for those without a value. Rows without anybody may be missing.
pub type CutRows = BTreeMap<Option<String>, Members>;

impl Oracle<'_> {
    /// Everybody's rows as of a date; quantiles are those of a base.
    pub fn cut_rows(&self, cut: &Cut, base: &Members, as_of: Day) -> Result<CutRows> {
        let mut rows = CutRows::new();
        let mut put = |name: Option<String>, person| {
            rows.entry(name).or_default().insert(person);
        };
        match cut {
            Cut::Tag { key, bins } => {
                let bins = self.tag_bins(key, bins, base, as_of);
                for person in self.universe(as_of) {
                    let Some(value) = self.tag_value(person, key, as_of) else {
                        put(None, person);
                        continue;
                    };
                    for name in names_of(value, &bins, as_of) {
                        put(Some(name), person);
                    }
                }
            }
            Cut::State { model, scope } => {
                let ModelRef::Named(model) = model else { return Ok(rows) };
                let names = self.labels(model, &[NONE])?;
                for (person, state) in self.states(model, scope, as_of)? {
                    put(Some(names[state].clone()), person);
                }
            }
            Cut::Channel { every_node, events } => {
                for (person, event) in self.all_matching(events, as_of)? {
                    let nodes = self.world.channels.nodes().map(|(node, _)| node);
                    for node in nodes.filter(|node| *every_node || !node.contains('.')) {
                        if event.channel.as_ref().is_some_and(|path| is_below(path, node)) {
                            put(Some(node.to_owned()), person);
                        }
                    }
                }
            }
            Cut::Field { of, events } => {
                let matching = self.all_matching(events, as_of)?;
                for (person, event) in &matching {
                    let Some(value) = self.value(event, *of) else { continue };
                    for name in self.field_names(*of) {
                        if self.counts_for(*of, value, &name) {
                            put(Some(name), *person);
                        }
                    }
                }
            }
            Cut::Measure { measure: by, events, bins } => {
                let matcher = Matcher::new(self.world, events, &Context::new(as_of))?;
                let of = |person: Node| {
                    let matching = self.matching(person, &matcher);
                    measure::of(*by, &matching).filter(|_| !matching.is_empty())
                };
                let edges = match bins {
                    Bins::Edges(edges) => edges.clone(),
                    bins => edges_of(
                        base.iter().filter_map(|person| of(*person)).map(number).collect(),
                        count(bins),
                    ),
                };
                for person in self.universe(as_of) {
                    let bin = of(person).and_then(|measured| bin_of(measured, &number_bins(&edges)));
                    put(bin, person);
                }
            }
        }
        Ok(rows)
    }

    fn tag_value(&self, person: Node, key: &str, as_of: Day) -> Option<&TagValue> {
        let value = self.tag_in_force(person, key, as_of).map(|fact| &fact.value);
        value.filter(|value| **value != TagValue::Absent)
    }

    fn tag_bins(&self, key: &str, bins: &Bins, base: &Members, as_of: Day) -> Vec<Bin> {
        match (self.world.tag_kinds.get(key), bins) {
            (Some(TagKind::Number), Bins::Edges(edges)) => number_bins(edges),
            (Some(TagKind::Number), bins) => {
                let values = base.iter().filter_map(|person| self.tag_value(*person, key, as_of));
                let numbers =
                    values.filter_map(|v| if let TagValue::Number(n) = v { Some(*n) } else { None });
                number_bins(&edges_of(numbers.collect(), count(bins)))
            }
            (Some(TagKind::Date), Bins::Days(days)) => date_bins(days, as_of),
            (Some(TagKind::Date), _) => date_bins(&DEFAULT_DAYS, as_of),
            _ => Vec::new(),
        }
    }

    fn all_matching(&self, events: &Did, as_of: Day) -> Result<Vec<(Node, &Event)>> {
        let matcher = Matcher::new(self.world, events, &Context::new(as_of))?;
        let mut all = Vec::new();
        for person in self.universe(as_of) {
            all.extend(self.matching(person, &matcher).into_iter().map(|event| (person, event)));
        }
        Ok(all)
    }

    /// Values of all events there are, and what the catalogue has above them.
    fn field_names(&self, of: Dimension) -> BTreeSet<String> {
        let values = self.world.events.iter().filter_map(|(_, event)| self.value(event, of));
        let mut names: BTreeSet<String> = values.map(str::to_owned).collect();
        if let Some(kind) = kind_of(of) {
            let catalog = &self.world.catalog;
            let paths: BTreeSet<String> = names.iter().map(|name| catalog.path(kind, name)).collect();
            let entries = catalog.entries().filter(|entry| entry.kind == kind);
            let missing = entries.filter(|entry| !paths.contains(&catalog.path(kind, &entry.id)));
            names.extend(missing.map(|entry| entry.id.clone()));
        }
        names
    }

    fn counts_for(&self, of: Dimension, value: &str, name: &str) -> bool {
        match kind_of(of) {
            Some(kind) => self.world.catalog.is_below(kind, value, name),
            None => value == name,
        }
    }
}

fn kind_of(of: Dimension) -> Option<EntryKind> {
    match of {
        Dimension::Category => Some(EntryKind::Category),
        Dimension::Brand => Some(EntryKind::Brand),
        Dimension::Channel | Dimension::Shop | Dimension::Item | Dimension::Campaign => None,
    }
}

fn names_of(value: &TagValue, bins: &[Bin], as_of: Day) -> Vec<String> {
    match value {
        TagValue::Text(text) => vec![text.clone()],
        TagValue::Multi(texts) => texts.clone(),
        value => {
            let bin = bins.iter().find(|bin| bin.ops.hold(value.operand(), as_of));
            bin.map(|bin| bin.name.clone()).into_iter().collect()
        }
    }
}

fn bin_of(measured: Measured, bins: &[Bin]) -> Option<String> {
    let Measured::Ratio { units, divisor } = measured else { return None };
    bins.iter().find(|bin| bin.ops.hold_exactly(units, divisor)).map(|bin| bin.name.clone())
}

fn number(measured: Measured) -> f64 {
    match measured {
        Measured::Ratio { units, divisor } => units as f64 / (divisor * i128::from(UNITS)) as f64,
        Measured::Date(_) => 0.0,
    }
}

fn count(bins: &Bins) -> u32 {
    if let Bins::Quantiles(n) = bins { *n } else { DEFAULT_BINS }
}
