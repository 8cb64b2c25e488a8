//! Everybody's rows, a shard at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use weir_core::Result;
use weir_core::amount::UNITS;
use weir_core::catalog::EntryKind;
use weir_core::channel::is_below;
use weir_core::cut::{Bin, Bins, Cut, DEFAULT_BINS, DEFAULT_DAYS, date_bins, edges_of, number_bins};
use weir_core::expr::{Did, Expr, Measure};
use weir_core::state_model::NONE;
use weir_core::tag::rule::Dimension;
use weir_core::tag::{TagKind, TagValue};
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;

use crate::bits::Bits;
use crate::channel::reached;
use crate::eval::did::Total;
use crate::eval::{Shard, segments_of};
use crate::measure::{EVER, Values, measure, totals};
use crate::members::Members;
use crate::plan::filter::EventFilter;
use crate::plan::{Plan, compile_events, compile_model};
use crate::shard::dense_of;
use crate::symbols::{ABSENT, Column};
use crate::tag_column::TagColumn;
use crate::world::World;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// With this value.
    Value(String),
    /// In this bin or state.
    Bin(usize),
    /// Without a value.
    Without,
}

/// A cut ready for the data.
pub(super) struct Cutter<'a> {
    world: &'a World,
    cut: &'a Cut,
    as_of: Day,
    rows: Kind<'a>,
}

enum Kind<'a> {
    Texts(Arc<TagColumn>, Option<TagKind>),
    Values(Arc<TagColumn>, Vec<Bin>),
    /// For each node the channels at it or below it.
    Channels(EventFilter, Vec<(String, Vec<u32>)>),
    Field(EventFilter, Fields<'a>),
    States(Vec<Plan>, Vec<String>),
    Measure(EventFilter, Measure, Vec<Bin>),
}

/// The values of a field, and the rows that each counts for.
struct Fields<'a> {
    values: Values<'a>,
    /// By number of a value.
    rows: Vec<Vec<usize>>,
    names: Vec<String>,
}

impl<'a> Cutter<'a> {
    pub fn new(
        world: &'a World,
        names: &'a dyn Vocabulary,
        cut: &'a Cut,
        base: &Members,
        as_of: Day,
    ) -> Result<Cutter<'a>> {
        let events = |events: &Did| compile_events(world, names, events, EVER, as_of);
        let rows = match cut {
            Cut::Tag { key, bins } => tag(world.facts.tag(key)?, names.tag(key), bins, (base, as_of)),
            Cut::Channel { every_node, events: did } => {
                Kind::Channels(events(did)?, nodes(world, names, *every_node))
            }
            Cut::Field { of, events: did } => Kind::Field(events(did)?, Fields::new(world, names, *of)),
            Cut::State { model, scope } => {
                let model = model
                    .rules(names)
                    .ok_or_else(|| weir_core::Error::internal("a checked state model is not there"))?;
                let states = model.names().into_iter().chain([NONE]).map(str::to_owned).collect();
                Kind::States(compile_model(world, names, &model, scope, as_of)?, states)
            }
            Cut::Measure { measure: by, events: did, bins } => {
                let edges = match bins {
                    Bins::Edges(edges) => edges.clone(),
                    bins => {
                        let of_base = measure(world, names, (*by, did), base, as_of)?;
                        edges_of(
                            of_base.into_iter().filter_map(|(_, total)| number(total)).collect(),
                            count(bins),
                        )
                    }
                };
                Kind::Measure(events(did)?, *by, number_bins(&edges))
            }
        };
        Ok(Cutter { world, cut, as_of, rows })
    }

    /// Rows that are listed even if nobody is in them.
    pub fn always(&self) -> Vec<Label> {
        let bins = match &self.rows {
            Kind::Texts(..) | Kind::Channels(..) | Kind::Field(..) => 0,
            Kind::Values(_, bins) | Kind::Measure(_, _, bins) => bins.len(),
            Kind::States(_, states) => states.len(),
        };
        let without = self.cut.without().map(|_| Label::Without);
        (0..bins).map(Label::Bin).chain(without).collect()
    }

    /// What a row is called.
    pub fn name(&self, label: &Label) -> Option<String> {
        match (label, &self.rows) {
            (Label::Value(value), _) => Some(value.clone()),
            (Label::Bin(i), Kind::Values(_, bins) | Kind::Measure(_, _, bins)) => Some(bins[*i].name.clone()),
            (Label::Bin(i), Kind::States(_, states)) => Some(states[*i].clone()),
            (Label::Bin(_) | Label::Without, _) => None,
        }
    }

    /// Who is in a row.
    pub fn expr(&self, label: &Label) -> Expr {
        match (label, &self.rows) {
            (Label::Value(value), Kind::Texts(_, kind)) => self.cut.with(value, *kind),
            (Label::Value(value), _) => self.cut.with(value, None),
            (Label::Bin(i), Kind::Values(_, bins) | Kind::Measure(_, _, bins)) => {
                self.cut.within(&bins[*i].ops)
            }
            (Label::Bin(i), Kind::States(_, states)) => self.cut.with(&states[*i], None),
            (Label::Bin(_) | Label::Without, _) => {
                self.cut.without().unwrap_or_else(|| Expr::Any(Vec::new()))
            }
        }
    }

    /// For each row of a shard who of a set is in it, ascending. Others may be, too, where that costs nothing.
    pub fn rows(&self, number: usize, among: &Bits) -> Result<BTreeMap<Label, Vec<u16>>> {
        match &self.rows {
            Kind::Texts(column, _) => Ok(self.tag_rows(number, among, column, texts_of)),
            Kind::Values(column, bins) => Ok(self.tag_rows(number, among, column, |value| {
                bin_of(bins, |bin| bin.ops.hold(value.operand(), self.as_of))
            })),
            Kind::Channels(events, nodes) => self.channel_rows(number, among, events, nodes),
            Kind::Field(events, fields) => fields.rows(self.world, number, among, events),
            Kind::States(rules, _) => self.state_rows(number, among, rules),
            Kind::Measure(events, measure, bins) => {
                self.measure_rows(number, among, (events, *measure), bins)
            }
        }
    }

    fn tag_rows(
        &self,
        number: usize,
        among: &Bits,
        column: &TagColumn,
        labels: impl Fn(&TagValue) -> Vec<Label>,
    ) -> BTreeMap<Label, Vec<u16>> {
        let mut rows: BTreeMap<Label, Vec<u16>> = BTreeMap::new();
        for local in among.iter() {
            let labels = match column.value(dense_of(number, local), self.as_of) {
                Some(value) => labels(value),
                None => vec![Label::Without],
            };
            labels.into_iter().for_each(|label| rows.entry(label).or_default().push(local));
        }
        rows
    }

    fn channel_rows(
        &self,
        number: usize,
        among: &Bits,
        events: &EventFilter,
        nodes: &[(String, Vec<u32>)],
    ) -> Result<BTreeMap<Label, Vec<u16>>> {
        let reached = reached(events, self.world, number, among)?;
        let mut rows = BTreeMap::new();
        for (node, below) in nodes {
            let mut people = Bits::empty();
            below.iter().filter_map(|channel| reached.get(channel)).for_each(|set| people.or(set));
            if !people.is_empty() {
                rows.insert(Label::Value(node.clone()), people.iter().collect());
            }
        }
        Ok(rows)
    }

    fn state_rows(&self, number: usize, among: &Bits, rules: &[Plan]) -> Result<BTreeMap<Label, Vec<u16>>> {
        let states = Shard::new(self.world, number, 0).partition(rules, self.as_of)?;
        let row = |(i, mut state): (usize, Bits)| {
            state.and(among);
            (Label::Bin(i), state.iter().collect())
        };
        Ok(states.into_iter().enumerate().map(row).collect())
    }

    fn measure_rows(
        &self,
        number: usize,
        among: &Bits,
        (events, measure): (&EventFilter, Measure),
        bins: &[Bin],
    ) -> Result<BTreeMap<Label, Vec<u16>>> {
        let (totals, seen) = totals(&[measure], events, segments_of(self.world, number), among)?;
        let mut rows: BTreeMap<Label, Vec<u16>> = BTreeMap::new();
        for local in among.iter() {
            let labels = match totals.total(measure, local) {
                Total::Ratio { units, divisor } if seen.contains(local) => {
                    bin_of(bins, |bin| bin.ops.hold_exactly(units, divisor))
                }
                _ => vec![Label::Without],
            };
            labels.into_iter().for_each(|label| rows.entry(label).or_default().push(local));
        }
        Ok(rows)
    }
}

fn bin_of(bins: &[Bin], holds: impl Fn(&Bin) -> bool) -> Vec<Label> {
    bins.iter().position(holds).map(Label::Bin).into_iter().collect()
}

fn texts_of(value: &TagValue) -> Vec<Label> {
    match value {
        TagValue::Text(text) => vec![Label::Value(text.clone())],
        TagValue::Multi(texts) => {
            let distinct: BTreeSet<&String> = texts.iter().collect();
            distinct.into_iter().map(|text| Label::Value(text.clone())).collect()
        }
        TagValue::Number(_) | TagValue::Date(_) | TagValue::Absent => Vec::new(),
    }
}

fn tag<'a>(
    column: Arc<TagColumn>,
    kind: Option<TagKind>,
    bins: &Bins,
    (base, as_of): (&Members, Day),
) -> Kind<'a> {
    match kind {
        Some(TagKind::Number) => {
            let edges = match bins {
                Bins::Edges(edges) => edges.clone(),
                bins => {
                    let numbers = column.values(base, as_of).filter_map(|(_, value)| match value {
                        TagValue::Number(number) => Some(*number),
                        _ => None,
                    });
                    edges_of(numbers.collect(), count(bins))
                }
            };
            Kind::Values(column, number_bins(&edges))
        }
        Some(TagKind::Date) => {
            let days = if let Bins::Days(days) = bins { days.as_slice() } else { &DEFAULT_DAYS };
            Kind::Values(column, date_bins(days, as_of))
        }
        kind => Kind::Texts(column, kind),
    }
}

fn count(bins: &Bins) -> u32 {
    if let Bins::Quantiles(n) = bins { *n } else { DEFAULT_BINS }
}

fn number(total: Total) -> Option<f64> {
    match total {
        Total::Ratio { units, divisor } => Some(units as f64 / (divisor * i128::from(UNITS)) as f64),
        Total::Date(_) | Total::Absent => None,
    }
}

fn nodes(world: &World, names: &dyn Vocabulary, every_node: bool) -> Vec<(String, Vec<u32>)> {
    let texts: Vec<&str> = world.texts(Column::Channel).collect();
    let below =
        |node: &str| (1..).zip(&texts).filter(|(_, path)| is_below(path, node)).map(|(n, _)| n).collect();
    let paths = names.channels().nodes().map(|(path, _)| path);
    let wanted = paths.filter(|path| every_node || !path.contains('.'));
    wanted.map(|path| (path.to_owned(), below(path))).collect()
}

impl<'a> Fields<'a> {
    fn new(world: &'a World, names: &'a dyn Vocabulary, of: Dimension) -> Fields<'a> {
        let values = Values::of(world, names, of);
        let kind = match of {
            Dimension::Category => Some(EntryKind::Category),
            Dimension::Brand => Some(EntryKind::Brand),
            Dimension::Channel | Dimension::Shop | Dimension::Item | Dimension::Campaign => None,
        };
        let mut rows: Vec<String> = values.texts().map(str::to_owned).collect();
        let Some(kind) = kind else {
            let own = (0..=rows.len()).map(|n| n.checked_sub(1).into_iter().collect()).collect();
            return Fields { values, rows: own, names: rows };
        };
        // Whoever has to do with a node has to do with what is above it, also where no event says so itself.
        let catalog = names.catalog();
        let known: BTreeSet<String> = rows.iter().map(|text| catalog.path(kind, text)).collect();
        let above = catalog.entries().filter(|entry| entry.kind == kind);
        rows.extend(above.filter(|e| !known.contains(&catalog.path(kind, &e.id))).map(|e| e.id.clone()));
        let counts_for = |value: &str| -> Vec<usize> {
            (0..rows.len()).filter(|row| catalog.is_below(kind, value, &rows[*row])).collect()
        };
        let of_each = std::iter::once(Vec::new()).chain(values.texts().map(counts_for)).collect();
        Fields { values, rows: of_each, names: rows }
    }

    fn rows(
        &self,
        world: &World,
        number: usize,
        among: &Bits,
        events: &EventFilter,
    ) -> Result<BTreeMap<Label, Vec<u16>>> {
        let mut pairs: Vec<(u32, u16)> = Vec::new();
        for segment in segments_of(world, number) {
            events.scan(segment, events.range(), |cell, picked| {
                let (column, instead) = self.values.column(cell)?;
                let local = cell.local()?;
                picked.each(|row| {
                    let value = match column.map_or(ABSENT, |column| column.at(row)) {
                        ABSENT => instead,
                        value => value,
                    };
                    let pair = (value, local[row]);
                    if value != ABSENT && among.contains(local[row]) && pairs.last() != Some(&pair) {
                        pairs.push(pair);
                    }
                });
                Ok(())
            })?;
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut rows: BTreeMap<usize, Vec<u16>> = BTreeMap::new();
        for of_value in pairs.chunk_by(|a, b| a.0 == b.0) {
            for row in &self.rows[of_value[0].0 as usize] {
                rows.entry(*row).or_default().extend(of_value.iter().map(|(_, local)| local));
            }
        }
        let distinct = |(row, mut locals): (usize, Vec<u16>)| {
            locals.sort_unstable();
            locals.dedup();
            (Label::Value(self.names[row].clone()), locals)
        };
        Ok(rows.into_iter().map(distinct).collect())
    }
}
