//! Answers through the live index are those of plain loops over everything that was imported or has arrived: after each
//! step of random worlds whose events come late, whose people are merged and split, and whose tags change.
//!
//! `WEIR_SEED=<seed>` replays one world, `WEIR_WORLDS=<n>` asks for more.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod batches;
#[path = "../common/mod.rs"]
mod common;
mod scenario;
#[path = "../../../weir-engine/tests/support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;

use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::arrival::Arrivals;
use weir_core::identity::{Identifiers, Node};
use weir_core::time::Day;
use weir_engine::eval::evaluate;
use weir_engine::flow::flow;
use weir_engine::interest::Interest;
use weir_engine::members::content_hash;
use weir_engine::oracle::{self, FlowSet, Oracle};
use weir_engine::states::{Lens, Subject, states};
use weir_engine::tag_column::TagColumn;
use weir_engine::world::{Facts, World};
use weir_store::{Live, LiveFacts};

use scenario::Scenario;
use support::expressions;
use support::rng::Rng;
use support::worlds::RandomWorld;

const WORLDS: u64 = 60;
const EXPRESSIONS: usize = 6;

fn seeds() -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("WEIR_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("WEIR_WORLDS").unwrap_or(WORLDS)).collect(),
    }
}

/// The facts, with snapshots of the random world.
struct Frozen {
    facts: LiveFacts,
    snapshots: BTreeMap<String, Vec<Node>>,
}

impl Facts for Frozen {
    fn tag(&self, key: &str) -> Result<Arc<TagColumn>> {
        self.facts.tag(key)
    }

    fn list(&self, name: &str) -> Result<RoaringBitmap> {
        self.facts.list(name)
    }

    fn snapshot(&self, id: &str) -> Result<Vec<Node>> {
        Ok(self.snapshots.get(id).cloned().unwrap_or_default())
    }

    fn identifiers(&self) -> Result<Arc<dyn Identifiers + Send + Sync>> {
        self.facts.identifiers()
    }
}

fn world_of(live: &Live, scenario: &Scenario) -> World {
    let facts = live.facts();
    let find = |node: &Node| {
        let id = &scenario.world.identifiers[*node as usize];
        facts.names().unwrap().find(&id.kind, &id.value)
    };
    let snapshots = scenario.world.snapshots.iter();
    let snapshots =
        snapshots.map(|(id, nodes)| (id.clone(), nodes.iter().filter_map(find).collect())).collect();
    let index = live.index();
    World {
        consumers: index.consumers,
        shards: index.shards,
        symbols: index.symbols,
        policy: scenario.world.policy.clone(),
        facts: Arc::new(Frozen { facts, snapshots }),
        interest: Interest::default(),
    }
}

/// Random questions, answered by both.
fn compare(rng: &mut Rng, ours: &World, theirs: &oracle::World) -> usize {
    let oracle = Oracle::new(theirs);
    assert_eq!(universe(ours), oracle.universe(Day(i32::MAX - 1)).len() as u64);
    for _ in 0..EXPRESSIONS {
        let as_of = expressions::as_of(rng);
        let expr = expressions::expr(rng, theirs, as_of, 4);
        let wanted = oracle.members(&expr, as_of).map_err(|e| e.code);
        let found = evaluate(ours, theirs, &expr, as_of).map_err(|e| e.code);
        let identifiers = ours.facts.identifiers().unwrap();
        let found = found.map(|evaluation| {
            let listing = evaluation.members.listing(&ours.consumers, &*identifiers, &ours.policy);
            (evaluation.count, content_hash(&listing, &*identifiers))
        });
        let wanted = wanted.map(|members| (members.len() as u64, oracle.content_hash(&members)));
        assert_eq!(found, wanted, "as of {as_of}: {}", expr.to_json());
    }
    compare_models(rng, ours, theirs, &oracle);
    EXPRESSIONS
}

fn compare_models(rng: &mut Rng, ours: &World, theirs: &oracle::World, oracle: &Oracle<'_>) {
    let (a, b) = (expressions::as_of(rng), expressions::as_of(rng));
    let (from, to) = (a.min(b), a.max(b));
    let scope = expressions::scope(rng, theirs);
    let names: Vec<&String> = theirs.models.keys().collect();
    let name = *rng.pick(&names);
    let lens = Lens { model: &theirs.models[name], scope: &scope, names: theirs };
    let found = states(ours, lens, &Subject::Universe, &[to]).map_err(|e| e.code);
    let wanted = oracle.distribution(FlowSet::Universe, name, &scope, to).map_err(|e| e.code);
    assert_eq!(found.map(|found| found[0].counts.clone()), wanted.map(|wanted| wanted.states), "{name} {to}");
    let found = flow(ours, lens, &Subject::Universe, from, to).map_err(|e| e.code);
    let wanted = oracle.flow(FlowSet::Universe, name, &scope, from, to).map_err(|e| e.code);
    assert_eq!(found.map(|found| found.matrix), wanted.map(|wanted| wanted.matrix), "{name} {from} {to}");
}

/// One world: questions after each step, and again after an import was taken back.
fn live_through(seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let dir = tempfile::tempdir().unwrap();
    let workspace = common::workspace(dir.path());
    let random = RandomWorld::new(&mut rng);
    let mut scenario = Scenario::begin(&mut rng, random, &workspace);
    let mut live = Live::open(&workspace.view().unwrap()).unwrap();
    let mut cases = compare(&mut rng, &world_of(&live, &scenario), &scenario.world);
    let mut position = 0;
    loop {
        let frames = scenario.arrive(&mut rng);
        if frames.is_empty() {
            break;
        }
        position += 1;
        let shown = world_of(&live, &scenario);
        let (before, consumers) = (universe(&shown), shown.consumers.len());
        live.extend(&frames, position).unwrap();
        cases += compare(&mut rng, &world_of(&live, &scenario), &scenario.world);
        let after = (universe(&shown), shown.consumers.len());
        assert_eq!(after, (before, consumers), "what was handed out does not change");
    }
    assert_eq!(
        live.facts().overlay().unwrap().events() as usize + stored_events(&workspace),
        scenario.world.events.len()
    );
    cases + undo(&mut rng, scenario, &workspace, live)
}

fn stored_events(workspace: &weir_store::Workspace) -> usize {
    let view = workspace.view().unwrap();
    view.files(weir_store::FileKind::Events).map(|file| file.rows as usize).sum()
}

/// Taking an import back is nothing that a live index can take over; a new one has the people from before.
fn undo(rng: &mut Rng, mut scenario: Scenario, workspace: &weir_store::Workspace, mut live: Live) -> usize {
    let Some(import) = scenario.forget() else { return 0 };
    workspace.undo(import).unwrap();
    let view = workspace.view().unwrap();
    assert!(!live.rebase(&view).unwrap(), "files have gone");
    let mut live = Live::open(&view).unwrap();
    for frames in scenario.frames.chunks(3) {
        live.extend(frames, 1).unwrap();
    }
    compare(rng, &world_of(&live, &scenario), &scenario.world)
}

fn each_world(what: &str, check: impl Fn(u64) -> usize + std::panic::RefUnwindSafe) {
    let mut cases = 0;
    for seed in seeds() {
        match std::panic::catch_unwind(|| check(seed)) {
            Ok(n) => cases += n,
            Err(panic) => {
                println!("replay with WEIR_SEED={seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    println!("{what}: {cases} (world, step, expression, as-of) cases agree");
}

#[test]
fn answers_are_those_of_plain_loops_after_every_step() {
    each_world("step", live_through);
}

/// What a process that takes events in does: frames are read from the log, flushed at any time, and taken over.
fn flush_through(seed: u64) -> usize {
    let mut rng = Rng::new(seed);
    let dir = tempfile::tempdir().unwrap();
    let workspace = common::workspace(dir.path());
    let random = RandomWorld::new(&mut rng);
    let mut scenario = Scenario::begin(&mut rng, random, &workspace);
    scenario.through_ingest();
    let ingest = workspace.ingest().unwrap();
    let mut live = Live::open(&workspace.view().unwrap()).unwrap();
    let mut cases = 0;
    loop {
        let frames = scenario.arrive(&mut rng);
        if frames.is_empty() {
            break;
        }
        let has_overtaken = rng.chance(20);
        for frame in frames {
            let items = frame.items.into_iter().map(|item| item.arrival).collect();
            ingest.take("web", Arrivals { items, ..Arrivals::default() }).unwrap();
        }
        if has_overtaken {
            ingest.flush().unwrap();
            let view = workspace.view().unwrap();
            assert!(!live.rebase(&view).unwrap(), "frames were flushed that it has not seen");
        }
        let from = live.position();
        workspace.follow_log(from, |frames, position| live.extend(frames, position).map(drop)).unwrap();
        if has_overtaken || rng.chance(30) {
            ingest.flush().unwrap();
            assert!(live.rebase(&workspace.view().unwrap()).unwrap(), "nothing but frames that it has");
            if rng.chance(60) {
                cases += built_on(&mut rng, &scenario, &workspace);
            }
        }
        cases += compare(&mut rng, &world_of(&live, &scenario), &scenario.world);
    }
    ingest.flush().unwrap();
    let view = workspace.view().unwrap();
    assert!(live.rebase(&view).unwrap());
    cases += compare(&mut rng, &world_of(&live, &scenario), &scenario.world);
    cases + anew(&mut rng, &scenario, &workspace, live)
}

/// An index that was brought up to date many times, its segments put together as they came, people moved meanwhile.
fn built_on(rng: &mut Rng, scenario: &Scenario, workspace: &weir_store::Workspace) -> usize {
    let stored = Live::open(&workspace.view().unwrap()).unwrap();
    let most = stored.index().shards.iter().map(Vec::len).max();
    assert!(most <= Some(6), "a shard has {most:?} segments");
    compare(rng, &world_of(&stored, scenario), &scenario.world)
}

/// How many there are, whenever they came.
fn universe(world: &World) -> u64 {
    weir_engine::eval::everyone(world, Day(i32::MAX - 1)).count()
}

/// After the last flush an index built on, one built anew, and settings that changed.
fn anew(rng: &mut Rng, scenario: &Scenario, workspace: &weir_store::Workspace, mut live: Live) -> usize {
    let view = workspace.view().unwrap();
    let built_on = Live::open(&view).unwrap();
    let mut cases = compare(rng, &world_of(&built_on, scenario), &scenario.world);
    view.rebuild_index().unwrap();
    let built_anew = Live::open(&view).unwrap();
    cases += compare(rng, &world_of(&built_anew, scenario), &scenario.world);
    let universes = [&live, &built_on, &built_anew].map(|live| universe(&world_of(live, scenario)));
    assert_eq!(universes, [universes[0]; 3]);
    workspace.set("identity", r#"{"cap":77}"#).unwrap();
    assert!(!live.rebase(&workspace.view().unwrap()).unwrap(), "other settings");
    cases
}

#[test]
fn what_was_flushed_is_taken_over() {
    each_world("flush", flush_through);
}
