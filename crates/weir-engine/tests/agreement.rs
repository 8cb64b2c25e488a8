//! The engine and the oracle agree on everything: random worlds, random expressions, random dates, before and after
//! late events, merges and un-merges.
//!
//! A failure prints the seed of its world; `WEIR_SEED=<seed> cargo test -p weir-engine --test agreement` replays it.
//! `WEIR_WORLDS=<n>` asks for more worlds than the ordinary run.

// A seed or a count is of use only when it is seen.
#![allow(clippy::print_stdout)]

#[path = "agreement/consumer.rs"]
mod consumer;
#[path = "agreement/cut.rs"]
mod cut;
mod engine;
#[path = "agreement/path.rs"]
mod path;
mod support;

use std::collections::BTreeSet;
use std::sync::Arc;

use weir_core::Code;
use weir_core::expr::{Did, Expr, Filter, Sequence, check};
use weir_core::identity::Node;
use weir_core::overlap::{NamedSet, Overlap};
use weir_core::scope::Scope;
use weir_core::state_model::{Cell, ENTERED, Follow, Followed, LEFT, ModelRef, StateModel, band, cell};
use weir_core::time::{Day, Window};
use weir_engine::channel;
use weir_engine::eval::evaluate;
use weir_engine::flow::{Flow, flow};
use weir_engine::funnel::funnel;
use weir_engine::oracle::{self, FlowSet, Oracle};
use weir_engine::overlap::overlap;
use weir_engine::retention::retention;
use weir_engine::states::{Frozen, Lens, Subject, states};
use weir_engine::why::{Branch, why};

use engine::Engine;
use support::expressions;
use support::rng::Rng;
use support::worlds::RandomWorld;

/// 420 worlds × 2 stages × 12 expressions = 10,080 cases.
const WORLDS: u64 = 420;
const STAGES: usize = 2;
const EXPRESSIONS: usize = 12;

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("WEIR_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("WEIR_WORLDS").unwrap_or(WORLDS)).collect(),
    }
}

/// Runs a check on every world and, after some mutations, again on the index as it was updated step by step.
fn on_every_world(check: impl Fn(&mut Rng, &oracle::World, &Engine) -> usize) -> usize {
    let mut cases = 0;
    for seed in seeds() {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut rng = Rng::new(seed);
            let mut random = RandomWorld::new(&mut rng);
            let mut engine = Engine::build(&random.world);
            let mut cases = check(&mut rng, &random.world, &engine);
            for _ in 1..STAGES {
                for _ in 0..1 + rng.below(4) {
                    let mutation = random.mutation(&mut rng);
                    mutation.apply(&mut random.world);
                    engine.update(&random.world);
                }
                cases += check(&mut rng, &random.world, &engine);
            }
            cases
        }));
        match outcome {
            Ok(n) => cases += n,
            Err(panic) => {
                println!("replay with WEIR_SEED={seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    cases
}

fn members(
    engine: &Engine,
    world: &oracle::World,
    expr: &Expr,
    as_of: Day,
) -> weir_core::Result<BTreeSet<Node>> {
    let evaluation = evaluate(&engine.world, world, expr, as_of)?;
    let nodes: BTreeSet<Node> =
        evaluation.members.iter().map(|dense| engine.world.consumers.canonical(dense)).collect();
    assert_eq!(evaluation.count as usize, nodes.len());
    Ok(nodes)
}

#[test]
fn members_agree() {
    let cases = on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..EXPRESSIONS {
            let as_of = expressions::as_of(rng);
            let expr = expressions::expr(rng, world, as_of, 5);
            check(&expr, world).unwrap_or_else(|e| panic!("{e}\n{}", expr.to_json()));
            let ours = members(engine, world, &expr, as_of).map_err(|e| e.code);
            let theirs = oracle.members(&expr, as_of).map_err(|e| e.code);
            assert_eq!(ours, theirs, "as of {as_of}: {}", expr.to_json());
        }
        EXPRESSIONS
    });
    println!("{cases} (world, expression, as-of) cases agree");
    assert!(std::env::var("WEIR_SEED").is_ok() || cases >= 10_000);
}

#[test]
fn counts_of_nodes_agree() {
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let expr = expressions::expr(rng, world, as_of, 4);
        let Ok(evaluation) = evaluate(&engine.world, world, &expr, as_of) else { return 0 };
        assert_eq!(evaluation.universe as usize, oracle.universe(as_of).len());
        let mut counts = Vec::new();
        node_counts(&oracle, &expr, "", as_of, &mut counts);
        let mut ours = evaluation.nodes.clone();
        ours.sort();
        counts.sort();
        assert_eq!(ours, counts, "as of {as_of}: {}", expr.to_json());
        1
    });
}

fn node_counts(oracle: &Oracle<'_>, expr: &Expr, at: &str, as_of: Day, counts: &mut Vec<(String, u64)>) {
    let members = oracle.members(expr, as_of).expect("the engine evaluated it");
    counts.push((at.to_owned(), members.len() as u64));
    let below = if let Expr::At(date, _) = expr { date.resolve(as_of).expect("not later") } else { as_of };
    for (pointer, child) in expr.children() {
        node_counts(oracle, child, &format!("{at}{pointer}"), below, counts);
    }
}

#[test]
fn why_paints_every_node_as_the_oracle_does() {
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let expr = expressions::expr(rng, world, as_of, 3);
        let node = rng.below(world.identifiers.len()) as Node;
        let Ok(Some(branch)) = why(&engine.world, world, node, &expr, as_of) else { return 0 };
        painted(&oracle, &branch, oracle.person(node));
        1
    });
}

fn painted(oracle: &Oracle<'_>, branch: &Branch, person: Node) {
    let is_rule_of_a_model = branch.at.contains(':');
    if is_rule_of_a_model {
        return;
    }
    let members = oracle.members(&branch.expr, branch.as_of).expect("the engine evaluated it");
    assert_eq!(branch.member, members.contains(&person), "{} as of {}", branch.expr.to_json(), branch.as_of);
    branch.parts.iter().for_each(|part| painted(oracle, part, person));
}

/// A random subject, before either side looks at it.
enum Subjects {
    Universe,
    Moving(Expr),
    Frozen(Vec<Node>),
}

impl Subjects {
    fn random(rng: &mut Rng, world: &oracle::World, as_of: Day) -> Subjects {
        match rng.below(3) {
            0 => Subjects::Universe,
            1 => Subjects::Moving(expressions::expr(rng, world, as_of, 3)),
            _ => Subjects::Frozen(world.snapshots.values().next().cloned().unwrap_or_default()),
        }
    }

    fn for_engine(&self, engine: &Engine) -> Subject {
        match self {
            Subjects::Universe => Subject::Universe,
            Subjects::Moving(expr) => Subject::Moving(expr.clone()),
            Subjects::Frozen(nodes) => {
                Subject::Frozen(Arc::new(Frozen::thaw(&engine.world.consumers, nodes)))
            }
        }
    }

    /// For expressions of the people behind a number. A frozen set is the world's only snapshot.
    fn followed(&self, engine: &Engine, world: &oracle::World) -> Option<Followed> {
        match self {
            Subjects::Universe => Some(Followed::Universe),
            Subjects::Moving(expr) => Some(Followed::Moving(expr.clone())),
            Subjects::Frozen(_) => {
                let id = world.snapshots.keys().next()?;
                Some(Followed::Frozen(id.clone(), engine.world.consumers.all_known()?))
            }
        }
    }

    /// Frozen people that no live data mentions any more count as erased.
    fn for_oracle<'a>(&'a self, oracle: &Oracle<'_>, alive: &'a mut Vec<Node>) -> FlowSet<'a> {
        match self {
            Subjects::Universe => FlowSet::Universe,
            Subjects::Moving(expr) => FlowSet::Moving(expr),
            Subjects::Frozen(nodes) => {
                let everyone = oracle.universe(Day(i32::MAX - 1));
                alive.extend(nodes.iter().filter(|node| everyone.contains(&oracle.person(**node))));
                FlowSet::Fixed { erased: (nodes.len() - alive.len()) as u64, frozen: alive }
            }
        }
    }
}

#[test]
fn states_are_total_and_agree() {
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let dates = some_dates(rng);
        let scope = expressions::scope(rng, world);
        let subjects = Subjects::random(rng, world, dates[0]);
        let (ours, mut alive) = (subjects.for_engine(engine), Vec::new());
        let theirs = subjects.for_oracle(&oracle, &mut alive);
        for (name, model) in &world.models {
            let lens = Lens { model, scope: &scope, names: world };
            let answers = states(&engine.world, lens, &ours, &dates).map_err(|e| e.code);
            let wanted: Result<Vec<(Vec<u64>, u64)>, Code> = dates
                .iter()
                .map(|date| oracle.distribution(theirs, name, &scope, *date).map_err(|e| e.code))
                .map(|answer| answer.map(|distribution| (distribution.states, distribution.total)))
                .collect();
            let answers = answers.map(|all| all.into_iter().map(|one| (one.counts, one.total)).collect());
            assert_eq!(answers, wanted, "{name} over {scope} at {dates:?}");
        }
        world.models.len()
    });
}

/// Dates in any order: near to each other, as reports have them, or far apart, and some twice.
fn some_dates(rng: &mut Rng) -> Vec<Day> {
    let first = expressions::as_of(rng);
    let count = 1 + rng.below(6);
    let near = rng.chance(70);
    let mut dates: Vec<Day> = (0..count)
        .map(|n| {
            if near { first.plus(n as i64 * (1 + rng.below(9) as i64) - 5) } else { expressions::as_of(rng) }
        })
        .collect();
    if rng.chance(50) {
        dates.sort_unstable();
    }
    dates
}

#[test]
fn flows_conserve_people_and_agree() {
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let (a, b) = (expressions::as_of(rng), expressions::as_of(rng));
        let (from, to) = (a.min(b), a.max(b));
        let scope = expressions::scope(rng, world);
        let subjects = Subjects::random(rng, world, from);
        let (ours, mut alive) = (subjects.for_engine(engine), Vec::new());
        let theirs = subjects.for_oracle(&oracle, &mut alive);
        for (name, model) in &world.models {
            let lens = Lens { model, scope: &scope, names: world };
            let engine_answer = flow(&engine.world, lens, &ours, from, to).map_err(|e| e.code);
            let oracle_answer = oracle.flow(theirs, name, &scope, from, to).map_err(|e| e.code);
            match (engine_answer, oracle_answer) {
                (Ok(engine_answer), Ok(oracle_answer)) => {
                    let context = format!("{name} over {scope} from {from} to {to}");
                    let sum: u64 = engine_answer.matrix.iter().flatten().sum();
                    assert_eq!(
                        sum,
                        engine_answer.total - engine_answer.merged - engine_answer.erased,
                        "{context}"
                    );
                    assert_eq!(engine_answer.states, oracle_answer.states, "{context}");
                    assert_eq!(engine_answer.matrix, oracle_answer.matrix, "{context}");
                    let extra = (oracle_answer.total, oracle_answer.merged, oracle_answer.erased);
                    assert_eq!(
                        (engine_answer.total, engine_answer.merged, engine_answer.erased),
                        extra,
                        "{context}"
                    );
                }
                (ours, theirs) => assert_eq!(ours.map(|_| ()), theirs.map(|_| ())),
            }
        }
        world.models.len()
    });
}

/// Where a random number stands: a model over a scope, and whom it follows.
struct Place<'a> {
    world: &'a oracle::World,
    engine: &'a Engine,
    follow: Follow<'a>,
    subject: &'a Subject,
}

impl Place<'_> {
    fn lens(&self) -> Lens<'_> {
        Lens { model: self.follow.model, scope: self.follow.scope, names: self.world }
    }

    fn count(&self, (expr, as_of): (Expr, Day)) -> u64 {
        count(self.engine, self.world, &expr, as_of)
    }

    /// Every cell, and all of them at once.
    fn check_flow(&self, flow: &Flow, from: Day, to: Day) {
        let mut everyone = Vec::new();
        for (row, from_state) in flow.states.iter().enumerate() {
            for (column, to_state) in flow.states.iter().enumerate() {
                let wanted = Cell { from: from_state.clone(), to: to_state.clone() };
                if from_state == LEFT || to_state == ENTERED || (from_state == ENTERED && to_state == LEFT) {
                    assert_eq!(flow.matrix[row][column], 0, "{wanted:?} cannot be");
                    continue;
                }
                let found =
                    self.count(cell(self.follow, from, to, std::slice::from_ref(&wanted)).expect("a cell"));
                assert_eq!(found, flow.matrix[row][column], "{} {wanted:?}", self.follow.name);
                everyone.push(wanted);
            }
        }
        let all = self.count(cell(self.follow, from, to, &everyone).expect("cells"));
        assert_eq!(all, flow.total - flow.merged - flow.erased, "{}", self.follow.name);
    }

    fn check_bands(&self, date: Day) {
        let Ok(distributions) = states(&self.engine.world, self.lens(), self.subject, &[date]) else {
            return;
        };
        let names: Vec<&str> = self.follow.model.names().into_iter().chain(["none"]).collect();
        for (name, count) in names.iter().zip(&distributions[0].counts) {
            let found = self.count(band(self.follow, date, &[(*name).to_owned()]).expect("a band"));
            assert_eq!(found, *count, "{} {name} at {date}", self.follow.name);
        }
    }
}

#[test]
fn the_people_behind_a_number_are_as_many_as_it_says() {
    on_every_world(|rng, world, engine| {
        let (a, b) = (expressions::as_of(rng), expressions::as_of(rng));
        let (from, to) = (a.min(b), a.max(b));
        let scope: Scope = expressions::scope(rng, world);
        let subjects = Subjects::random(rng, world, from);
        let Some(followed) = subjects.followed(engine, world) else { return 0 };
        let subject = subjects.for_engine(engine);
        let names: Vec<&String> = world.models.keys().collect();
        let name = *rng.pick(&names);
        let model: &StateModel = &world.models[name];
        let model_ref = ModelRef::from(name.as_str());
        let follow = Follow { name: &model_ref, model, scope: &scope, followed: &followed };
        let place = Place { world, engine, follow, subject: &subject };
        let Ok(flow) = flow(&engine.world, place.lens(), &subject, from, to) else { return 0 };
        place.check_flow(&flow, from, to);
        place.check_bands(to);
        1
    });
}

impl Subjects {
    /// The subject and something more, as one expression. A frozen set is the world's only snapshot.
    fn and(&self, world: &oracle::World, more: Expr) -> Option<Expr> {
        let subject = match self {
            Subjects::Universe => Expr::Everyone,
            Subjects::Moving(expr) => expr.clone(),
            Subjects::Frozen(_) => Expr::Snapshot(world.snapshots.keys().next()?.clone()),
        };
        Some(Expr::All(vec![subject, more]))
    }
}

/// How many an expression holds, which must also survive being printed.
fn count(engine: &Engine, world: &oracle::World, expr: &Expr, as_of: Day) -> u64 {
    let reread = weir_core::expr::parse_value(&expr.to_json()).expect("what is printed parses");
    assert_eq!(&reread, expr);
    evaluate(&engine.world, world, expr, as_of).expect("its parts were evaluated").count
}

#[test]
fn funnels_agree_and_every_level_is_an_expression() {
    let mut furthest = [0; 11];
    let tally = std::cell::RefCell::new(&mut furthest);
    let cases = on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..6 {
            let as_of = expressions::as_of(rng);
            let asked = expressions::funnel(rng, world, as_of);
            let subjects = Subjects::random(rng, world, as_of);
            let mut alive = Vec::new();
            let theirs = oracle.funnel(&asked, subjects.for_oracle(&oracle, &mut alive), as_of);
            let ours = funnel(&engine.world, world, &asked, &subjects.for_engine(engine), as_of);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            let context = format!("as of {as_of}: {}", asked.to_json());
            assert_eq!((&ours.counts, ours.total), (&theirs.counts, theirs.total), "{context}");
            assert!(ours.counts.is_sorted_by(|a, b| a >= b), "{context}");
            for (step, counted) in ours.counts.iter().enumerate() {
                let Some(level) = subjects.and(world, asked.level(step)) else { continue };
                assert_eq!(count(engine, world, &level, as_of), *counted, "step {step} {context}");
            }
            tally.borrow_mut()[ours.counts.iter().filter(|n| **n > 0).count()] += 1;
        }
        6
    });
    println!("{cases} funnels; {furthest:?} of them had somebody at so many steps");
    assert!(std::env::var("WEIR_SEED").is_ok() || furthest[2..].iter().all(|n| *n > 5), "{furthest:?}");
}

/// Sequences have no greatest length; very long ones are packed another way.
#[test]
fn long_sequences_agree() {
    let found = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let steps = vec![Did::default(); 15 + rng.below(4)];
        let expr = Expr::Sequence(Box::new(Sequence { steps, within: None, window: None }));
        let as_of = expressions::as_of(rng);
        let ours = members(engine, world, &expr, as_of).expect("no names in it");
        assert_eq!(Ok(&ours), Oracle::new(world).members(&expr, as_of).as_ref());
        found.set(found.get() + ours.len());
        1
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || found.get() > 100, "{found:?}");
}

#[test]
fn cohorts_agree_and_sum_to_whoever_began() {
    let returned = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..4 {
            let as_of = expressions::as_of(rng);
            let asked = expressions::retention(rng, world, as_of);
            let subjects = Subjects::random(rng, world, as_of);
            let mut alive = Vec::new();
            let theirs = oracle.retention(&asked, subjects.for_oracle(&oracle, &mut alive), as_of);
            let ours = retention(&engine.world, world, &asked, &subjects.for_engine(engine), as_of);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            let context = format!("as of {as_of}: {}", asked.to_json());
            let rows = ours.cohorts.iter().map(|c| (c.date, c.size, c.returned.clone()));
            assert_eq!((rows.collect(), ours.total), (theirs.cohorts.clone(), theirs.total), "{context}");
            let began = weir_core::expr::did_in(&asked.start, Some(asked.window));
            let Some(began) = subjects.and(world, began) else { continue };
            let sizes = ours.cohorts.iter().map(|cohort| cohort.size);
            assert_eq!(sizes.sum::<u64>(), count(engine, world, &began, as_of), "{context}");
            let Some((place, later)) = some_cell(rng, ours) else { continue };
            let cell = asked.cell(&asked.periods(as_of).expect("it was answered"), place, Some(later));
            let cell = subjects.and(world, cell).expect("as before");
            let counted = ours.cohorts[place].returned[later];
            assert_eq!(count(engine, world, &cell, as_of), counted, "{place} {later} {context}");
            returned.set(returned.get() + counted);
        }
        4
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || returned.get() > 300, "{returned:?}");
}

#[test]
fn overlaps_agree_and_regions_are_expressions() {
    let shared = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let sets: Vec<Expr> =
            (0..2 + rng.below(6)).map(|_| expressions::expr(rng, world, as_of, 3)).collect();
        let theirs = oracle.overlap(&sets, as_of);
        let ours = overlap(&engine.world, world, &sets, as_of);
        let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
            assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
            return 1;
        };
        assert_eq!((&ours.regions, ours.universe as usize), (theirs, oracle.universe(as_of).len()));
        assert_eq!(theirs.union(), count(engine, world, &Expr::Any(sets.clone()), as_of));
        for (place, set) in sets.iter().enumerate() {
            assert_eq!(theirs.size(place), count(engine, world, set, as_of));
        }
        let named = sets.into_iter().enumerate().map(|(place, set)| NamedSet::new(&place.to_string(), set));
        let asked = Overlap::new(named.collect()).expect("so many sets");
        for (mask, people) in &theirs.counts {
            assert_eq!(*people, count(engine, world, &asked.region(*mask), as_of), "{mask:b} as of {as_of}");
        }
        let both = theirs.counts.iter().filter(|(mask, _)| mask.count_ones() > 1);
        shared.set(shared.get() + both.map(|(_, people)| people).sum::<u64>());
        1
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || shared.get() > 1_000, "{shared:?}");
}

#[test]
fn channels_agree_and_are_expressions() {
    let reached = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let days = 1 + rng.below(60) as u32;
        let window = rng.chance(70).then_some(Window::Days { days, skip: rng.below(5) as u32 });
        let behavior: Vec<String> =
            if rng.chance(50) { Vec::new() } else { vec![rng.word(&["view", "click", "purchase"])] };
        let theirs = oracle.channel_reach(&behavior, window, as_of);
        let ours = channel::reach(&engine.world, world, &behavior, window, as_of).expect("no names in it");
        assert_eq!(ours.nodes.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(), theirs);
        assert_eq!(ours.universe as usize, oracle.universe(as_of).len());
        let paths = |on: &[(String, u64)]| on.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        let on = |channel: Vec<String>| {
            let filter = Filter { behavior: behavior.clone(), channel, ..Filter::default() };
            let did = Did { filter, within: window, ..Did::default() };
            count(engine, world, &Expr::Did(Box::new(did)), as_of)
        };
        assert_eq!(ours.any, on(paths(&ours.nodes)));
        let (path, people) = rng.pick(&ours.nodes);
        assert_eq!(*people, on(vec![path.clone()]), "{path} as of {as_of}");
        reached.set(reached.get() + ours.any);
        let seen = channel::seen(&engine.world, world, path, as_of).expect("a path of the tree");
        assert_eq!(Ok(seen), oracle.seen_on(path, as_of), "{path} as of {as_of}");
        1
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || reached.get() > 1_000, "{reached:?}");
}

/// A number of the table; mostly one that is not zero.
fn some_cell(rng: &mut Rng, cohorts: &weir_engine::retention::Cohorts) -> Option<(usize, usize)> {
    let all: Vec<(usize, usize, u64)> = cohorts
        .cohorts
        .iter()
        .enumerate()
        .flat_map(|(place, c)| c.returned.iter().enumerate().map(move |(later, n)| (place, later, *n)))
        .collect();
    let some: Vec<_> = all.iter().filter(|(_, _, n)| *n > 0).collect();
    let any = rng.chance(20) || some.is_empty();
    if all.is_empty() {
        return None;
    }
    let (place, later, _) = if any { *rng.pick(&all) } else { **rng.pick(&some) };
    Some((place, later))
}
