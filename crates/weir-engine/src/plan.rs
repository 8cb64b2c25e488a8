//! An expression compiled for one date: names resolved to numbers, references inlined, dates fixed.
//!
//! Whatever needs everybody at once (`top`, lists, snapshots) becomes a fixed set here, so that the rest can be
//! evaluated shard by shard without looking sideways.

pub mod filter;

use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::expr::{AtDate, Did, Expr, Measure, Sample, Sequence, StateTest, TagTest, Top};
use weir_core::identity::Identifiers;
use weir_core::op::Ops;
use weir_core::scope::Scope;
use weir_core::state_model::{ModelRef, NONE, StateModel};
use weir_core::time::{Day, Window};
use weir_core::vocabulary::Vocabulary;
use weir_core::{Code, Error, Result};

use crate::eval;
use crate::eval::did::CountTest;
use crate::plan::filter::{DidPlan, EventFilter, MeasureTest};
use crate::tag_column::{Decided, TagColumn};
use crate::world::World;

/// A node of a plan.
pub struct Plan {
    /// Where its count is reported, if it is part of the expression asked for.
    pub(crate) slot: Option<usize>,
    /// The date it is evaluated at.
    pub(crate) as_of: Day,
    /// What it does.
    pub(crate) op: PlanOp,
}

pub(crate) enum PlanOp {
    Everyone,
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Not(Box<Plan>),
    Minus(Vec<Plan>),
    Xor(Box<Plan>, Box<Plan>),
    At(Box<Plan>),
    Did(Box<DidPlan>),
    Sequence(Box<SequencePlan>),
    Tag(Vec<(Arc<TagColumn>, Decided)>),
    Set(Arc<RoaringBitmap>),
    State { rules: Vec<Plan>, wanted: Vec<bool> },
    Sample(Box<SamplePlan>),
}

pub(crate) struct SequencePlan {
    pub steps: Vec<EventFilter>,
    /// Longest time from first to last.
    pub within: i64,
}

pub(crate) struct SamplePlan {
    pub of: Plan,
    /// Hashes below this are in; `None` takes everybody.
    pub threshold: Option<u64>,
    pub salt: String,
    pub identifiers: Arc<dyn Identifiers + Send + Sync>,
}

/// A compiled expression and the nodes whose counts it reports.
pub struct Compiled {
    /// The plan.
    pub plan: Plan,
    /// JSON pointers of the expression's own nodes, by slot.
    pub nodes: Vec<String>,
    /// Counts that compiling itself had to find out (below a `top`).
    pub(crate) counted: Vec<u64>,
}

/// Compiles an expression; its names must have been checked.
pub fn compile(world: &World, names: &dyn Vocabulary, expr: &Expr, as_of: Day) -> Result<Compiled> {
    let mut compiler = Compiler::new(world, names);
    let plan = compiler.expr(expr, &Env { as_of, scope: &Scope::Workspace, at: Some(String::new()) })?;
    compiler.counted.resize(compiler.nodes.len(), 0);
    Ok(Compiled { plan, nodes: compiler.nodes, counted: compiler.counted })
}

/// Compiles an expression for its members alone, its `did`s limited to a scope.
pub(crate) fn compile_in(
    world: &World,
    names: &dyn Vocabulary,
    expr: &Expr,
    scope: &Scope,
    as_of: Day,
) -> Result<Plan> {
    Compiler::new(world, names).expr(expr, &Env { as_of, scope, at: None })
}

/// Compiles the rules of a state model over a scope.
pub fn compile_model(
    world: &World,
    names: &dyn Vocabulary,
    model: &StateModel,
    scope: &Scope,
    as_of: Day,
) -> Result<Vec<Plan>> {
    Compiler::new(world, names).rules(model, &Env { as_of, scope, at: None })
}

/// Compiles a sequence by itself.
pub(crate) fn compile_sequence(
    world: &World,
    names: &dyn Vocabulary,
    sequence: &Sequence,
    as_of: Day,
) -> Result<SequencePlan> {
    let env = Env { as_of, scope: &Scope::Workspace, at: None };
    Compiler::new(world, names).sequence(sequence, &env)
}

/// Compiles a condition on single events, which must also lie in a window.
pub(crate) fn compile_events(
    world: &World,
    names: &dyn Vocabulary,
    did: &Did,
    window: Window,
    as_of: Day,
) -> Result<EventFilter> {
    let env = Env { as_of, scope: &Scope::Workspace, at: None };
    Compiler::new(world, names).events(did, Some(window), &env)
}

/// Where in the tree the compiler is.
struct Env<'a> {
    as_of: Day,
    /// What `did`s are limited to; only rules of a state model have one.
    scope: &'a Scope,
    /// Pointer of the node, while in the expression that was asked for.
    at: Option<String>,
}

impl<'a> Env<'a> {
    fn child(&self, pointer: &str) -> Env<'a> {
        Env { as_of: self.as_of, scope: self.scope, at: self.at.as_ref().map(|at| format!("{at}{pointer}")) }
    }

    /// Inside something that is named: neither counted nor scoped.
    fn named(&self) -> Env<'static> {
        Env { as_of: self.as_of, scope: &Scope::Workspace, at: None }
    }
}

struct Compiler<'a> {
    world: &'a World,
    names: &'a dyn Vocabulary,
    nodes: Vec<String>,
    counted: Vec<u64>,
    /// `did`s compiled so far.
    leaves: usize,
    /// Audiences and models being compiled, to stop a cycle that arose after checking.
    entered: Vec<String>,
}

impl<'a> Compiler<'a> {
    fn new(world: &'a World, names: &'a dyn Vocabulary) -> Compiler<'a> {
        let (nodes, counted, entered) = (Vec::new(), Vec::new(), Vec::new());
        Compiler { world, names, nodes, counted, leaves: 0, entered }
    }

    fn expr(&mut self, expr: &Expr, env: &Env<'_>) -> Result<Plan> {
        let slot = env.at.as_ref().map(|at| {
            self.nodes.push(at.clone());
            self.nodes.len() - 1
        });
        Ok(Plan { slot, as_of: env.as_of, op: self.op(expr, env)? })
    }

    fn op(&mut self, expr: &Expr, env: &Env<'_>) -> Result<PlanOp> {
        match expr {
            Expr::Everyone => Ok(PlanOp::Everyone),
            Expr::All(_) => Ok(PlanOp::All(self.children(expr, env)?)),
            Expr::Any(_) => Ok(PlanOp::Any(self.children(expr, env)?)),
            Expr::Minus(_) => Ok(PlanOp::Minus(self.children(expr, env)?)),
            Expr::Not(inner) => Ok(PlanOp::Not(Box::new(self.expr(inner, &env.child("/not"))?))),
            Expr::Xor(a, b) => self.xor(a, b, env),
            Expr::At(date, inner) => self.at(*date, inner, env),
            Expr::Did(did) => Ok(PlanOp::Did(Box::new(self.did(did, env)?))),
            Expr::Sequence(sequence) => Ok(PlanOp::Sequence(Box::new(self.sequence(sequence, env)?))),
            Expr::Tag(test) => self.tag(test, env),
            Expr::List(name) => Ok(PlanOp::Set(Arc::new(self.world.facts.list(name)?))),
            Expr::Snapshot(id) => self.snapshot(id),
            Expr::Audience(name) => self.audience(name, env),
            Expr::State(test) => self.state(test, env),
            Expr::Sample(sample) => self.sample(sample, env),
            Expr::Top(top) => self.top(top, env),
        }
    }

    fn children(&mut self, expr: &Expr, env: &Env<'_>) -> Result<Vec<Plan>> {
        expr.children().into_iter().map(|(pointer, child)| self.expr(child, &env.child(&pointer))).collect()
    }

    fn xor(&mut self, a: &Expr, b: &Expr, env: &Env<'_>) -> Result<PlanOp> {
        let a = self.expr(a, &env.child("/xor/0"))?;
        let b = self.expr(b, &env.child("/xor/1"))?;
        Ok(PlanOp::Xor(Box::new(a), Box::new(b)))
    }

    fn at(&mut self, date: AtDate, inner: &Expr, env: &Env<'_>) -> Result<PlanOp> {
        let as_of = date.resolve(env.as_of).ok_or_else(|| later_than(date, env))?;
        let env = Env { as_of, ..env.child("/of") };
        Ok(PlanOp::At(Box::new(self.expr(inner, &env)?)))
    }

    fn did(&mut self, did: &Did, env: &Env<'_>) -> Result<DidPlan> {
        let leaf = self.leaves;
        self.leaves += 1;
        let events = self.filter(did, Window::range_of(did.within, env.as_of), env)?;
        let test = |(measure, ops): &(Measure, Ops)| MeasureTest {
            measure: *measure,
            ops: ops.clone(),
            exact: ops.exact(),
        };
        let (count, measures) = (CountTest::of(&did.measures), did.measures.iter().map(test).collect());
        let holds_without_events = did.holds_without_events();
        Ok(DidPlan { leaf, events, count, measures, as_of: env.as_of, holds_without_events })
    }

    fn filter(&self, did: &Did, range: weir_core::time::DayRange, env: &Env<'_>) -> Result<EventFilter> {
        let scope = if did.unscoped { &Scope::Workspace } else { env.scope };
        EventFilter::new(self.world, self.names, &did.filter, scope, range)
    }

    fn sequence(&self, sequence: &Sequence, env: &Env<'_>) -> Result<SequencePlan> {
        let mut steps = Vec::new();
        for step in &sequence.steps {
            steps.push(self.events(step, sequence.window, env)?);
        }
        let within = sequence.within.map_or(i64::MAX, weir_core::expr::Span::micros);
        Ok(SequencePlan { steps, within })
    }

    /// Events that lie both in their own window and in another.
    fn events(&self, did: &Did, window: Option<Window>, env: &Env<'_>) -> Result<EventFilter> {
        let own = Window::range_of(did.within, env.as_of);
        let window = Window::range_of(window, env.as_of);
        let range =
            weir_core::time::DayRange { first: own.first.max(window.first), last: own.last.min(window.last) };
        self.filter(did, range, env)
    }

    fn tag(&self, test: &TagTest, env: &Env<'_>) -> Result<PlanOp> {
        let mut tests = Vec::new();
        for (key, ops) in &test.0 {
            let column = self.world.facts.tag(key)?;
            let decided = column.decide(ops, env.as_of);
            tests.push((column, decided));
        }
        Ok(PlanOp::Tag(tests))
    }

    fn snapshot(&self, id: &str) -> Result<PlanOp> {
        let nodes = self.world.facts.snapshot(id)?;
        Ok(PlanOp::Set(Arc::new(self.world.consumers.people_of(nodes))))
    }

    fn audience(&mut self, name: &str, env: &Env<'_>) -> Result<PlanOp> {
        let expr =
            self.names.audience(name).ok_or_else(|| vanished("audience", name, Code::UnknownAudience))?;
        self.enter(format!("audience {name}"), |compiler| {
            Ok(PlanOp::All(vec![compiler.expr(&expr, &env.named())?]))
        })
    }

    fn state(&mut self, test: &StateTest, env: &Env<'_>) -> Result<PlanOp> {
        let missing = || vanished("state model", &test.model.to_string(), Code::UnknownModel);
        let model = test.model.rules(self.names).ok_or_else(missing)?;
        let mut wanted: Vec<bool> =
            model.names().iter().map(|name| test.states.iter().any(|s| s == name)).collect();
        wanted.push(test.states.iter().any(|state| state == NONE));
        let inside = Env { as_of: env.as_of, scope: &test.scope, at: None };
        let rules = match &test.model {
            ModelRef::Inline(_) => self.rules(&model, &inside)?,
            ModelRef::Named(name) => {
                self.enter(format!("state model {name}"), |compiler| compiler.rules(&model, &inside))?
            }
        };
        Ok(PlanOp::State { rules, wanted })
    }

    fn rules(&mut self, model: &StateModel, env: &Env<'_>) -> Result<Vec<Plan>> {
        model.states.iter().map(|state| self.expr(&state.when, env)).collect()
    }

    fn sample(&mut self, sample: &Sample, env: &Env<'_>) -> Result<PlanOp> {
        let of = self.expr(&sample.of, &env.child("/sample/of"))?;
        let identifiers = self.world.facts.identifiers()?;
        let threshold = weir_core::sample::threshold(sample.percent);
        Ok(PlanOp::Sample(Box::new(SamplePlan { of, threshold, salt: sample.salt.clone(), identifiers })))
    }

    fn top(&mut self, top: &Top, env: &Env<'_>) -> Result<PlanOp> {
        let first = self.nodes.len();
        let of = self.expr(&top.of, &env.child("/top/of"))?;
        let outcome = eval::run(self.world, &of, self.nodes.len())?;
        self.counted.resize(self.nodes.len(), 0);
        let below = self.counted[first..].iter_mut().zip(&outcome.counts[first..]);
        below.for_each(|(sum, n)| *sum += n);
        let by = self.did(&top.by, env)?;
        let ranked = eval::top::select(self.world, &outcome.members, top, &by.events)?;
        Ok(PlanOp::Set(Arc::new(ranked)))
    }

    fn enter<T>(&mut self, what: String, inside: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.entered.contains(&what) {
            return Err(Error::new(Code::Cycle, format!("{what} refers to itself")));
        }
        self.entered.push(what);
        let outcome = inside(self);
        self.entered.pop();
        outcome
    }
}

fn later_than(date: AtDate, env: &Env<'_>) -> Error {
    let date = match date {
        AtDate::Date(day) => day.to_string(),
        AtDate::DaysAgo(days) => format!("{days} days ago"),
    };
    let at = env.at.as_deref().unwrap_or_default();
    Error::new(
        Code::InvalidDate,
        format!("\"at\" asks for {date}, which is later than the as-of date {}", env.as_of),
    )
    .at(format!("{at}/at/date"))
    .help("evaluate as of that date or later, or ask for an earlier one")
}

fn vanished(noun: &str, name: &str, code: Code) -> Error {
    Error::new(code, format!("there is no {noun} \"{name}\""))
}
