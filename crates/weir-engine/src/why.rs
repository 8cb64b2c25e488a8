//! Why a consumer is in or out: the expression as a tree, each node painted in or out, with the events, values and
//! rules that decided.

use weir_core::Result;
use weir_core::expr::{Did, Expr, StateTest};
use weir_core::identity::Node;
use weir_core::scope::Scope;
use weir_core::state_model::NONE;
use weir_core::tag::TagValue;
use weir_core::time::{Day, Micros, Window};
use weir_core::vocabulary::Vocabulary;

use crate::eval::Shard;
use crate::plan::compile_in;
use crate::plan::filter::EventFilter;
use crate::rekey::rows_where;
use crate::row::{NO_AMOUNT, Row};
use crate::shard::{Dense, local_of, shard_of};
use crate::symbols::Column;
use crate::world::World;

/// Most events shown for a node; the rest are counted.
pub const SHOWN: usize = 20;

/// One node of the expression, as one consumer meets it.
#[derive(Debug, Clone)]
pub struct Branch {
    /// JSON pointer, or the name of a rule.
    pub at: String,
    /// The date it is looked at.
    pub as_of: Day,
    /// Whether the consumer is in.
    pub member: bool,
    /// The node itself.
    pub expr: Expr,
    /// What decided.
    pub evidence: Evidence,
    /// Its parts.
    pub parts: Vec<Branch>,
}

/// What decided a node.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// Only its parts.
    Parts,
    /// Matching events: the latest ones, and how many there are.
    Events { shown: Vec<Event>, total: usize },
    /// Values of tags as of the date.
    Tags(Vec<(String, Option<TagValue>)>),
    /// The state the consumer is in; the parts are the rules up to the one that held.
    State(String),
}

/// An event, readable.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When.
    pub time: Micros,
    /// Local date.
    pub day: Day,
    /// Texts that are present, by column: behavior, channel, shop, brand, category, campaign, item.
    pub texts: Vec<(&'static str, String)>,
    /// Money in 1/10000.
    pub amount: Option<i64>,
    /// Quantity in 1/10000.
    pub quantity: Option<i64>,
    /// Properties as JSON texts.
    pub properties: Vec<(String, String)>,
}

/// Why the person of a node is in or out of an expression; `None` if no live data mentions the node.
pub fn why(
    world: &World,
    names: &dyn Vocabulary,
    node: Node,
    expr: &Expr,
    as_of: Day,
) -> Result<Option<Branch>> {
    let Some(dense) = world.consumers.dense(node) else { return Ok(None) };
    let tracer = Tracer { world, names, dense };
    tracer.branch(expr, String::new(), &Frame { as_of, scope: &Scope::Workspace }).map(Some)
}

struct Frame<'a> {
    as_of: Day,
    scope: &'a Scope,
}

struct Tracer<'a> {
    world: &'a World,
    names: &'a dyn Vocabulary,
    dense: Dense,
}

impl Tracer<'_> {
    fn branch(&self, expr: &Expr, at: String, frame: &Frame<'_>) -> Result<Branch> {
        let plan = compile_in(self.world, self.names, expr, frame.scope, frame.as_of)?;
        let bits = Shard::new(self.world, shard_of(self.dense), 0).eval(&plan)?;
        let member = bits.contains(local_of(self.dense));
        let evidence = self.evidence(expr, frame)?;
        let parts = self.parts(expr, &at, frame, &evidence)?;
        Ok(Branch { at, as_of: frame.as_of, member, expr: expr.clone(), evidence, parts })
    }

    fn evidence(&self, expr: &Expr, frame: &Frame<'_>) -> Result<Evidence> {
        match expr {
            Expr::Did(did) => self.events(std::slice::from_ref(did), did.within, frame),
            Expr::Sequence(sequence) => self.events(&sequence.steps, sequence.window, frame),
            Expr::Top(top) => self.events(std::slice::from_ref(&top.by), top.by.within, frame),
            Expr::Tag(test) => {
                let value = |key: &String| Ok((key.clone(), self.tag(key, frame.as_of)?));
                Ok(Evidence::Tags(test.0.iter().map(|(key, _)| value(key)).collect::<Result<_>>()?))
            }
            Expr::State(test) => Ok(Evidence::State(self.state(test, frame)?)),
            Expr::All(_) | Expr::Any(_) | Expr::Not(_) | Expr::Minus(_) | Expr::Xor(..) => {
                Ok(Evidence::Parts)
            }
            Expr::Everyone | Expr::List(_) | Expr::Audience(_) | Expr::Snapshot(_) => Ok(Evidence::Parts),
            Expr::At(..) | Expr::Sample(_) => Ok(Evidence::Parts),
        }
    }

    fn parts(&self, expr: &Expr, at: &str, frame: &Frame<'_>, evidence: &Evidence) -> Result<Vec<Branch>> {
        match (expr, evidence) {
            (Expr::At(date, inner), _) => {
                let as_of = date.resolve(frame.as_of).unwrap_or(frame.as_of);
                Ok(vec![self.branch(inner, format!("{at}/of"), &Frame { as_of, ..*frame })?])
            }
            (Expr::Audience(name), _) => self.audience(name, at, frame),
            (Expr::State(test), Evidence::State(state)) => self.rules(test, state, at, frame),
            _ => expr
                .children()
                .into_iter()
                .map(|(p, child)| self.branch(child, format!("{at}{p}"), frame))
                .collect(),
        }
    }

    fn audience(&self, name: &str, at: &str, frame: &Frame<'_>) -> Result<Vec<Branch>> {
        let Some(expr) = self.names.audience(name) else { return Ok(Vec::new()) };
        let frame = Frame { as_of: frame.as_of, scope: &Scope::Workspace };
        Ok(vec![self.branch(&expr, format!("{at}/audience:{name}"), &frame)?])
    }

    fn rules(&self, test: &StateTest, state: &str, at: &str, frame: &Frame<'_>) -> Result<Vec<Branch>> {
        let Some(model) = test.model.rules(self.names) else { return Ok(Vec::new()) };
        let decided = model.position(state).unwrap_or(model.states.len());
        let frame = Frame { as_of: frame.as_of, scope: &test.scope };
        let looked_at = model.states.iter().take(decided + 1);
        looked_at
            .map(|rule| self.branch(&rule.when, format!("{at}/{}:{}", test.model, rule.name), &frame))
            .collect()
    }

    fn state(&self, test: &StateTest, frame: &Frame<'_>) -> Result<String> {
        let Some(model) = test.model.rules(self.names) else { return Ok(NONE.to_owned()) };
        for rule in &model.states {
            let plan = compile_in(self.world, self.names, &rule.when, &test.scope, frame.as_of)?;
            let bits = Shard::new(self.world, shard_of(self.dense), 0).eval(&plan)?;
            if bits.contains(local_of(self.dense)) {
                return Ok(rule.name.clone());
            }
        }
        Ok(NONE.to_owned())
    }

    fn tag(&self, key: &str, as_of: Day) -> Result<Option<TagValue>> {
        Ok(self.world.facts.tag(key)?.value(self.dense, as_of).cloned())
    }

    fn events(
        &self,
        dids: &[impl std::borrow::Borrow<Did>],
        window: Option<Window>,
        frame: &Frame<'_>,
    ) -> Result<Evidence> {
        let mut rows: Vec<Row> = Vec::new();
        for did in dids {
            let did = did.borrow();
            let scope = if did.unscoped { &Scope::Workspace } else { frame.scope };
            let range = Window::range_of(did.within.or(window), frame.as_of);
            let filter = EventFilter::new(self.world, self.names, &did.filter, scope, range)?;
            rows.extend(self.matching(&filter)?);
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.time));
        rows.dedup();
        let total = rows.len();
        let shown = rows.into_iter().take(SHOWN).map(|row| readable(self.world, row)).collect();
        Ok(Evidence::Events { shown, total })
    }

    fn matching(&self, filter: &EventFilter) -> Result<Vec<Row>> {
        let (shard, local) = (shard_of(self.dense), local_of(self.dense));
        let mut rows = Vec::new();
        for segment in self.world.shards.get(shard).map_or(&[] as &[_], Vec::as_slice) {
            filter.scan(segment, filter.range(), |cell, picked| {
                let (locals, mut found) = (cell.local()?, Vec::new());
                picked.each(|row| {
                    if locals[row] == local {
                        found.push(row);
                    }
                });
                rows.extend(rows_where(cell, shard, |row| found.contains(&row))?);
                Ok(())
            })?;
        }
        Ok(rows)
    }
}

/// A row with its texts.
pub fn readable(world: &World, row: Row) -> Event {
    let columns = [
        ("behavior", Column::Behavior, row.behavior),
        ("channel", Column::Channel, row.channel),
        ("shop", Column::Shop, row.shop),
        ("brand", Column::Brand, row.brand),
        ("category", Column::Category, row.category),
        ("campaign", Column::Campaign, row.campaign),
        ("item", Column::Item, row.item),
    ];
    let text =
        |(name, column, number)| world.symbols.text(column, number).map(|text| (name, text.to_owned()));
    let some = |units: i64| (units != NO_AMOUNT).then_some(units);
    let key = |number: u32| world.symbols.text(Column::Property, number).unwrap_or_default().to_owned();
    Event {
        time: row.time,
        day: row.day,
        texts: columns.into_iter().filter_map(text).collect(),
        amount: some(row.amount),
        quantity: some(row.quantity),
        properties: row.properties.into_iter().map(|(number, value)| (key(number), value)).collect(),
    }
}
