//! What the random material promises, and what must hold in every random world.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use weir_core::expr::{Expr, check, parse_value};
use weir_core::time::Day;
use weir_core::vocabulary::Vocabulary;
use weir_engine::oracle::{FlowSet, Oracle, World};

use crate::support::expressions;
use crate::support::mutations::Mutation;
use crate::support::rng::Rng;
use crate::support::worlds::RandomWorld;

const SEEDS: std::ops::Range<u64> = 0..150;

/// A world, a date and expressions of a seed.
struct Drawn {
    rng: Rng,
    random: RandomWorld,
    as_of: Day,
    exprs: Vec<Expr>,
}

fn draw(seed: u64, depth: usize) -> Drawn {
    let mut rng = Rng::new(seed);
    let random = RandomWorld::new(&mut rng);
    let as_of = expressions::as_of(&mut rng);
    let exprs = (0..20).map(|_| expressions::expr(&mut rng, &random.world, as_of, depth)).collect();
    Drawn { rng, random, as_of, exprs }
}

#[test]
fn a_seed_gives_the_same_world_and_expressions_again() {
    let text = |drawn: Drawn| format!("{:?} {} {:?}", drawn.random, drawn.as_of, drawn.exprs);
    assert_eq!(text(draw(7, 5)), text(draw(7, 5)));
    assert_ne!(text(draw(7, 5)), text(draw(8, 5)));
}

#[test]
fn expressions_pass_the_check_and_print_back() {
    for seed in SEEDS {
        let drawn = draw(seed, 5);
        let world = &drawn.random.world;
        let audiences = world.audiences.values().cloned();
        for expr in drawn.exprs.into_iter().chain(audiences) {
            check(&expr, world).unwrap_or_else(|e| panic!("seed {seed}: {e}\n{}", expr.to_json()));
            assert_eq!(parse_value(&expr.to_json()), Ok(expr), "seed {seed}");
        }
    }
}

/// Every key an expression may have in JSON.
const KEYS: &str = "all any not minus xor everyone did sequence tag list audience snapshot state at of sample top
    behavior not_behavior channel shop brand category campaign item property each within unscoped
    count active_days orders amount quantity aov first last
    eq ne in not_in gt gte lt lte between exists contains_any contains_all last_days next_days anniversary_next_days
    days skip until_days_ago from to date days_ago hours minutes steps window model scope workspace percent salt by n";

#[test]
fn every_part_of_the_language_is_drawn() {
    let mut keys = BTreeMap::new();
    for seed in SEEDS {
        draw(seed, 5).exprs.iter().for_each(|expr| count_keys(&expr.to_json(), &mut keys));
    }
    println!("{keys:?}");
    let rare: Vec<&str> =
        KEYS.split_whitespace().filter(|key| keys.get(*key).is_none_or(|n| *n < 50)).collect();
    assert!(rare.is_empty(), "hardly ever drawn: {rare:?}");
}

fn count_keys(json: &Json, keys: &mut BTreeMap<String, usize>) {
    for (key, value) in json.as_object().into_iter().flatten() {
        *keys.entry(key.clone()).or_default() += 1;
        count_keys(value, keys);
    }
    json.as_array().into_iter().flatten().for_each(|item| count_keys(item, keys));
}

/// What a drawn expression turned out to be.
#[derive(Debug, Default)]
struct Shares {
    nobody: usize,
    some: usize,
    everyone: usize,
    errors: usize,
}

impl Shares {
    fn add(&mut self, oracle: &Oracle<'_>, expr: &Expr, as_of: Day) {
        match oracle.members(expr, as_of) {
            Err(_) => self.errors += 1,
            Ok(members) if members.is_empty() => self.nobody += 1,
            Ok(members) if members == oracle.universe(as_of) => self.everyone += 1,
            Ok(_) => self.some += 1,
        }
    }

    fn percent(&self, n: usize) -> usize {
        n * 100 / (self.nobody + self.some + self.everyone + self.errors)
    }
}

#[test]
fn about_half_of_all_leaves_are_neither_empty_nor_everyone() {
    let (mut leaves, mut trees) = (Shares::default(), Shares::default());
    for seed in SEEDS {
        let mut drawn = draw(seed, 5);
        let oracle = Oracle::new(&drawn.random.world);
        for expr in &drawn.exprs {
            let leaf = expressions::leaf(&mut drawn.rng, &drawn.random.world, drawn.as_of);
            leaves.add(&oracle, &leaf, drawn.as_of);
            trees.add(&oracle, expr, drawn.as_of);
        }
    }
    println!("leaves: {leaves:?}, {} % neither\ntrees: {trees:?}", leaves.percent(leaves.some));
    assert!((40..=65).contains(&leaves.percent(leaves.some)), "leaves: {leaves:?}");
    assert!(trees.percent(trees.errors) <= 5, "trees: {trees:?}");
}

#[test]
fn some_days_run_backwards() {
    let backwards = |seed| {
        let mut events = draw(seed, 0).random.world.events;
        events.sort_by_key(|(_, event)| event.time);
        !events.is_sorted_by_key(|(_, event)| event.day)
    };
    assert!(SEEDS.filter(|seed| backwards(*seed)).count() > 10);
}

#[test]
fn every_set_lies_inside_the_universe() {
    for seed in SEEDS {
        let drawn = draw(seed, 5);
        let oracle = Oracle::new(&drawn.random.world);
        let universe = oracle.universe(drawn.as_of);
        for expr in &drawn.exprs {
            let inside = oracle.members(expr, drawn.as_of).map(|members| members.is_subset(&universe));
            assert_ne!(inside, Ok(false), "seed {seed}: {}", expr.to_json());
        }
    }
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    for seed in SEEDS {
        let mut drawn = draw(seed, 5);
        let before = answers(&drawn.random.world, &drawn.exprs, drawn.as_of);
        drawn.rng.shuffle(&mut drawn.random.world.events);
        drawn.rng.shuffle(&mut drawn.random.world.links);
        drawn.rng.shuffle(&mut drawn.random.world.tags);
        assert_eq!(before, answers(&drawn.random.world, &drawn.exprs, drawn.as_of), "seed {seed}");
    }
}

/// Content hashes, or the codes of errors.
fn answers(world: &World, exprs: &[Expr], as_of: Day) -> Vec<String> {
    let oracle = Oracle::new(world);
    let answer = |expr| match oracle.members(expr, as_of) {
        Ok(members) => oracle.content_hash(&members),
        Err(error) => error.code.as_str().to_owned(),
    };
    exprs.iter().map(answer).collect()
}

#[test]
fn a_link_taken_back_restores_every_answer() {
    for seed in SEEDS {
        let mut drawn = draw(seed, 5);
        let world = &mut drawn.random.world;
        let before = answers(world, &drawn.exprs, drawn.as_of);
        let link =
            crate::support::facts::link(&mut drawn.rng, world.identifiers.len(), &drawn.random.moments);
        Mutation::AddLink(link).apply(world);
        Mutation::RemoveLink(world.links.len() - 1).apply(world);
        assert_eq!(before, answers(world, &drawn.exprs, drawn.as_of), "seed {seed}");
    }
}

#[test]
fn mutated_worlds_still_answer() {
    for seed in SEEDS {
        let mut drawn = draw(seed, 3);
        for _ in 0..20 {
            let mutation = drawn.random.mutation(&mut drawn.rng);
            mutation.apply(&mut drawn.random.world);
        }
        for expr in &drawn.exprs {
            check(expr, &drawn.random.world).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        }
        answers(&drawn.random.world, &drawn.exprs, drawn.as_of);
    }
}

#[test]
fn flows_sum_to_their_set() {
    for seed in SEEDS {
        let mut drawn = draw(seed, 2);
        let world = &drawn.random.world;
        let (scope, from) = (expressions::scope(&mut drawn.rng, world), expressions::as_of(&mut drawn.rng));
        let to = from.plus(drawn.rng.between(0, 40));
        let models = world.state_models();
        let model = drawn.rng.pick(&models);
        let frozen: Vec<u32> = (0..world.identifiers.len() as u32).collect();
        let sets = [FlowSet::Universe, FlowSet::Fixed { frozen: &frozen, erased: 3 }];
        for set in sets.into_iter().chain(drawn.exprs.iter().map(FlowSet::Moving)) {
            // An `at` later than the date is an error here as everywhere.
            let Ok(flow) = Oracle::new(world).flow(set, model, &scope, from, to) else { continue };
            let sum: u64 = flow.matrix.iter().flatten().sum();
            assert_eq!(sum + flow.merged + flow.erased, flow.total, "seed {seed} {set:?}");
            assert_eq!(flow.matrix.len(), flow.states.len(), "seed {seed}");
        }
    }
}
