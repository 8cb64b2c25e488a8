//! Computed tags and RFM: the engine and the oracle agree, rules survive being printed, and the people behind a score are
//! the members of its expression.
//!
//! Worlds and stages are those of `agreement.rs`; `WEIR_SEED=<seed>` replays one.

// A seed or a count is of use only when it is seen.
#![allow(clippy::print_stdout)]

mod engine;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use weir_core::expr::{Expr, check_tag};
use weir_core::identity::Node;
use weir_core::rfm::cell::Cells;
use weir_core::rfm::segment::{name_of, names};
use weir_core::rfm::{Class, Rfm};
use weir_core::tag::rule::TagRule;
use weir_core::tag::{TagFact, TagValue};
use weir_core::time::Day;
use weir_engine::eval::evaluate;
use weir_engine::oracle::{self, FlowSet, Oracle};
use weir_engine::rfm::{Scored, score_people};
use weir_engine::shard::Dense;
use weir_engine::states::Subject;
use weir_engine::tag::{Computed, History, tag_values};

use engine::Engine;
use support::expressions;
use support::rng::Rng;
use support::worlds::RandomWorld;

const WORLDS: u64 = 160;
const STAGES: usize = 2;

fn on_every_world(check: impl Fn(&mut Rng, &oracle::World, &Engine)) {
    let seed = std::env::var("WEIR_SEED").ok().and_then(|text| text.parse().ok());
    for seed in seed.map_or(1..=WORLDS, |seed| seed..=seed) {
        println!("replay with WEIR_SEED={seed}");
        let mut rng = Rng::new(seed);
        let mut random = RandomWorld::new(&mut rng);
        let mut engine = Engine::build(&random.world);
        check(&mut rng, &random.world, &engine);
        for _ in 1..STAGES {
            for _ in 0..1 + rng.below(4) {
                let mutation = random.mutation(&mut rng);
                mutation.apply(&mut random.world);
                engine.update(&random.world);
            }
            check(&mut rng, &random.world, &engine);
        }
    }
}

#[test]
fn values_agree() {
    let given = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..8 {
            let as_of = expressions::as_of(rng);
            let rule = expressions::tag_rule(rng, world, as_of);
            assert_eq!(TagRule::from_json(&rule.to_json()).as_ref(), Ok(&rule), "{}", rule.to_json());
            if check_tag("drawn", &rule, world).is_err() {
                continue;
            }
            let ours = tag_values(&engine.world, world, &rule, as_of);
            let theirs = oracle.tag_values(&rule, as_of);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            assert!(ours.is_sorted_by_key(|(dense, _)| *dense));
            let named = |(dense, value): &(Dense, TagValue)| {
                (engine.world.consumers.canonical(*dense), value.clone())
            };
            let ours: BTreeMap<Node, TagValue> = ours.iter().map(named).collect();
            assert_eq!(&ours, theirs, "as of {as_of}: {}", rule.to_json());
            let sort = match rule {
                TagRule::Measure(..) => "measure",
                TagRule::Most(_) => "most",
                TagRule::Cases(_) => "cases",
                TagRule::Each(_) => "each",
                TagRule::Rfm(..) => "rfm",
            };
            *given.borrow_mut().entry(sort).or_default() += ours.len();
        }
    });
    let given = given.into_inner();
    println!("values by sort of rule: {given:?}");
    assert!(std::env::var("WEIR_SEED").is_ok() || given.values().all(|n| *n > 500), "{given:?}");
}

/// A tag is computed as of dates in any order, those after each again, while data changes in between. At every date that
/// it was computed as of since the data changed last, what is in force is what the rule gives.
#[test]
fn what_is_in_force_at_a_computed_date_is_what_the_rule_gives() {
    let counted = std::cell::Cell::new((0, 0));
    for seed in 1..=WORLDS {
        println!("replay with WEIR_SEED={seed}");
        let mut rng = Rng::new(seed);
        let mut random = RandomWorld::new(&mut rng);
        let drawn = expressions::tag_rule(&mut rng, &random.world, expressions::as_of(&mut Rng::new(seed)));
        if check_tag(KEY, &drawn, &random.world).is_err() {
            continue;
        }
        random.world.tag_kinds.insert(KEY.to_owned(), drawn.kind());
        let mut engine = Engine::build(&random.world);
        let mut runs = BTreeSet::new();
        for _ in 0..4 {
            let dates: BTreeSet<Day> = (0..1 + rng.below(3)).map(|_| expressions::as_of(&mut rng)).collect();
            let again = runs.split_off(dates.first().expect("at least one"));
            let dates: BTreeSet<Day> = dates.into_iter().chain(again).collect();
            if !run(&mut random.world, &engine, &drawn, &dates) {
                break;
            }
            engine.update(&random.world);
            runs.extend(dates.iter().copied());
            let (values, absent) = check_in_force(&random.world, &engine, &drawn, &dates);
            counted.set((counted.get().0 + values, counted.get().1 + absent));
            assert!(is_settled(&random.world, &engine, &drawn, &dates), "a second run has nothing to state");
            let mutation = random.mutation(&mut rng);
            mutation.apply(&mut random.world);
            engine.update(&random.world);
        }
    }
    let (values, absent) = counted.get();
    println!("{values} values and {absent} statements that there is none");
    assert!(values > 1_000 && absent > 50, "{values} {absent}");
}

const KEY: &str = "drawn";

fn computed(
    world: &oracle::World,
    engine: &Engine,
    rule: &TagRule,
    dates: &BTreeSet<Day>,
) -> weir_core::Result<Vec<Computed>> {
    let mut history = History::new(engine.world.facts.tag(KEY)?);
    dates.iter().map(|date| history.compute(&engine.world, world, rule, *date)).collect()
}

/// States what is to be stated. Whether the rule can be computed at all then: some look at dates of their own.
fn run(world: &mut oracle::World, engine: &Engine, rule: &TagRule, dates: &BTreeSet<Day>) -> bool {
    let Ok(computed) = computed(world, engine, rule, dates) else { return false };
    let mut seq = world.tags.iter().map(|(_, fact)| fact.seq + 1).max().unwrap_or(0);
    for Computed { day, changes, .. } in computed {
        for (dense, value) in changes {
            let fact = TagFact { key: KEY.to_owned(), day, seq, value };
            world.tags.push((engine.world.consumers.canonical(dense), fact));
            seq += 1;
        }
    }
    true
}

fn is_settled(world: &oracle::World, engine: &Engine, rule: &TagRule, dates: &BTreeSet<Day>) -> bool {
    computed(world, engine, rule, dates).expect("as before").iter().all(|one| one.changes.is_empty())
}

fn check_in_force(
    world: &oracle::World,
    engine: &Engine,
    rule: &TagRule,
    dates: &BTreeSet<Day>,
) -> (usize, usize) {
    let (oracle, column) = (Oracle::new(world), engine.world.facts.tag(KEY).expect("it is there"));
    let (mut values, mut absent) = (0, 0);
    for date in dates {
        let wanted = oracle.tag_values(rule, *date).expect("the engine computed it");
        for person in oracle.universe(*date) {
            let dense = engine.world.consumers.dense(person).expect("somebody known");
            assert_eq!(column.value(dense, *date), wanted.get(&person), "as of {date}: {}", rule.to_json());
            let said = column.stated(dense, *date).map(|(_, value)| value);
            absent += usize::from(said == Some(&TagValue::Absent));
        }
        values += wanted.len();
    }
    (values, absent)
}

/// Sums beyond this are no constants of an expression.
const EXACT: i128 = 1 << 53;

#[test]
fn scores_agree_and_are_expressions() {
    let scored = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..4 {
            let as_of = expressions::as_of(rng);
            let rfm = expressions::rfm(rng, world, as_of);
            assert_eq!(Rfm::from_json(&rfm.to_json()).as_ref(), Ok(&rfm), "{}", rfm.to_json());
            let narrowed = rng.chance(40).then(|| expressions::expr(rng, world, as_of, 2));
            let theirs =
                oracle.rfm(&rfm, narrowed.as_ref().map_or(FlowSet::Universe, FlowSet::Moving), as_of);
            let subject = narrowed.clone().map_or(Subject::Universe, Subject::Moving);
            let ours = score_people(&engine.world, world, &rfm, &subject, as_of);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            let context = format!("as of {as_of}: {}", rfm.to_json());
            assert_eq!(ours.total, theirs.total, "{context}");
            let people = Scores { world, engine, ours, rfm: &rfm, narrowed: narrowed.as_ref(), as_of };
            people.check_values(theirs, &context);
            let fits = ours.people.iter().all(|(_, person)| person.units.abs() < EXACT);
            if fits {
                people.check_expressions(&context);
                scored.set(scored.get() + ours.people.len());
            }
        }
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || scored.get() > 1_000, "{scored:?}");
}

/// An analysis of a random world.
struct Scores<'a> {
    world: &'a oracle::World,
    engine: &'a Engine,
    ours: &'a Scored,
    rfm: &'a Rfm,
    narrowed: Option<&'a Expr>,
    as_of: Day,
}

impl Scores<'_> {
    fn node(&self, dense: Dense) -> Node {
        self.engine.world.consumers.canonical(dense)
    }

    fn check_values(&self, theirs: &oracle::Scored, context: &str) {
        assert_eq!(self.ours.people.len(), theirs.people.len(), "{context}");
        for (dense, person) in &self.ours.people {
            assert_eq!(Some(person), theirs.people.get(&self.node(*dense)), "{context}");
            assert_eq!(self.ours.scores(person), theirs.scores(person), "{person:?} {context}");
            assert_eq!(self.ours.class(person), theirs.class(person), "{person:?} {context}");
        }
    }

    /// Whoever of the people something holds for is exactly who is in an expression.
    fn check(&self, expr: Expr, holds: impl Fn([u32; 3], Class) -> bool, context: &str) {
        let among = self.narrowed.cloned();
        let expr = Expr::All(among.into_iter().chain([expr]).collect());
        let reread = weir_core::expr::parse_value(&expr.to_json()).expect("what is printed parses");
        let members =
            evaluate(&self.engine.world, self.world, &reread, self.as_of).expect("it was scored").members;
        let members: BTreeSet<Dense> = members.iter().collect();
        let wanted = self.ours.people.iter().filter(|(_, p)| holds(self.ours.scores(p), self.ours.class(p)));
        let wanted: BTreeSet<Dense> = wanted.map(|(dense, _)| *dense).collect();
        assert_eq!(members, wanted, "{} {context}", expr.to_json());
    }

    fn check_expressions(&self, context: &str) {
        let cells = Cells { rfm: self.rfm, thresholds: &self.ours.thresholds, mean: &self.ours.mean };
        let present: BTreeSet<[u32; 3]> = self.ours.people.iter().map(|(_, p)| self.ours.scores(p)).collect();
        for scores in present {
            self.check(cells.cell(scores), |own, _| own == scores, context);
        }
        self.check(cells.cell(self.rfm.greatest()), |own, _| own == self.rfm.greatest(), context);
        if !self.ours.people.is_empty() {
            for class in Class::all() {
                self.check(cells.class(class), |_, own| own == class, context);
            }
        }
        let segments = self.rfm.segments();
        for name in names(&segments) {
            self.check(cells.segment(&segments, name), |own, _| name_of(&segments, own) == name, context);
        }
    }
}
