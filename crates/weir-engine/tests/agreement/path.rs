//! Paths, comparisons and dry runs of rules: engine, oracle and expressions agree; and flows conserve people.

use weir_core::state_model::{ENTERED, LEFT, ModelRef, Path, path};
use weir_engine::compare::compare;
use weir_engine::path::{Paths, paths};
use weir_engine::rules::rules;

use super::*;

/// 420 worlds × 2 stages × 12 = 10,080 flows.
const FLOWS: usize = 12;

/// Two to five dates in order, near to each other or far apart.
fn ascending(rng: &mut Rng) -> Vec<Day> {
    let mut dates = some_dates(rng);
    dates.push(dates[0].plus(1 + rng.below(40) as i64));
    dates.sort_unstable();
    dates.dedup();
    dates
}

fn some_model<'a>(rng: &mut Rng, world: &'a oracle::World) -> (&'a String, &'a StateModel) {
    let names: Vec<&String> = world.models.keys().collect();
    let name = *rng.pick(&names);
    (name, &world.models[name])
}

/// A moving audience one out of two times: with names of its own it is the hardest.
fn some_subject(rng: &mut Rng, world: &oracle::World, as_of: Day) -> Subjects {
    match rng.chance(30) {
        true => Subjects::Moving(expressions::leaf(rng, world, as_of)),
        false => Subjects::random(rng, world, as_of),
    }
}

fn named(paths: &Paths, steps: &[u16]) -> Vec<String> {
    steps.iter().map(|step| paths.states[usize::from(*step)].clone()).collect()
}

/// Listed by size, then in the order of states; sums whole; what flows in flows out.
fn check_shape(paths: &Paths, dates: usize, context: &str) {
    let people: u64 = paths.paths.iter().map(|(_, count)| count).sum();
    assert_eq!(people, paths.total - paths.merged - paths.erased, "{context}");
    let in_order = |a: &(Box<[u16]>, u64), b: &(Box<[u16]>, u64)| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0);
    assert!(paths.paths.is_sorted_by(in_order), "{context}");
    let flows = paths.flows(dates);
    for pair in flows.windows(2) {
        for state in 0..paths.states.len() {
            let arrived: u64 = pair[0].iter().map(|row| row[state]).sum();
            assert_eq!(arrived, pair[1][state].iter().sum::<u64>(), "{context}");
        }
    }
    for flow in flows {
        assert_eq!(flow.iter().flatten().sum::<u64>(), people, "{context}");
    }
}

#[test]
fn paths_agree_and_every_path_is_an_expression() {
    let long = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        for _ in 0..3 {
            let dates = ascending(rng);
            let scope = expressions::scope(rng, world);
            let subjects = some_subject(rng, world, dates[0]);
            let (name, model) = some_model(rng, world);
            let (subject, mut alive) = (subjects.for_engine(engine), Vec::new());
            let lens = Lens { model, scope: &scope, names: world };
            let ours = paths(&engine.world, lens, &subject, &dates).map_err(|e| e.code);
            let theirs = oracle.paths(subjects.for_oracle(&oracle, &mut alive), name, &scope, &dates);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            let context = format!("{name} over {scope} at {dates:?}");
            check_shape(ours, dates.len(), &context);
            let counts = ours.paths.iter().map(|(steps, count)| (named(ours, steps), *count)).collect();
            assert_eq!(theirs.counts, counts, "{context}");
            let lost = (theirs.total, theirs.merged, theirs.erased);
            assert_eq!((ours.total, ours.merged, ours.erased), lost, "{context}");
            if let [from, to] = dates[..] {
                let flow = flow(&engine.world, lens, &subject, from, to).expect("its paths were counted");
                assert_eq!(ours.flows(2), [flow.matrix], "{context}");
            }
            let Some(followed) = subjects.followed(engine, world) else { continue };
            let model_ref = ModelRef::from(name.as_str());
            let follow = Follow { name: &model_ref, model, scope: &scope, followed: &followed };
            let people = |wanted: &[Path]| {
                let (expr, as_of) = path(follow, &dates, wanted).expect("names of the model");
                count(engine, world, &expr, as_of)
            };
            for (steps, counted) in ours.paths.iter().take(6) {
                let wanted = named(ours, steps).into_iter().map(Some).collect();
                assert_eq!(people(&[wanted]), *counted, "{context}");
                long.set(long.get() + u64::from(steps.len() > 2));
            }
            for _ in 0..3 {
                let some = |rng: &mut Rng, i: usize| {
                    let outside = if i == 0 { LEFT } else { "" };
                    let can_be: Vec<&String> = ours.states.iter().filter(|name| *name != outside).collect();
                    rng.chance(60).then(|| (*rng.pick(&can_be)).clone())
                };
                let wanted: Path = (0..dates.len()).map(|i| some(rng, i)).collect();
                let fits = |taken: &[String]| {
                    taken.iter().zip(&wanted).all(|(name, wanted)| wanted.as_ref().is_none_or(|w| w == name))
                };
                let counted: u64 =
                    theirs.counts.iter().filter(|(taken, _)| fits(taken)).map(|(_, n)| n).sum();
                assert_eq!(people(std::slice::from_ref(&wanted)), counted, "{wanted:?} {context}");
            }
            assert_eq!(
                people(&[vec![None; dates.len()]]),
                ours.total - ours.merged - ours.erased,
                "{context}"
            );
        }
        3
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || long.get() > 1000, "{long:?}");
}

#[test]
fn ten_thousand_flows_conserve_people() {
    let moved = std::cell::Cell::new(0);
    let cases = on_every_world(|rng, world, engine| {
        let mut cases = 0;
        while cases < FLOWS {
            let (a, b) = (expressions::as_of(rng), expressions::as_of(rng));
            let (from, to) = (a.min(b), a.max(b));
            let audience = expressions::expr(rng, world, from, 3);
            let (scope, (name, model)) = (expressions::scope(rng, world), some_model(rng, world));
            let lens = Lens { model, scope: &scope, names: world };
            let subject = Subject::Moving(audience.clone());
            // A date inside the expression may lie after one of the two: no case.
            let Ok(flow) = flow(&engine.world, lens, &subject, from, to) else {
                cases += usize::from(rng.chance(2));
                continue;
            };
            cases += 1;
            let context = format!("{name} over {scope} from {from} to {to}: {}", audience.to_json());
            let at = |date| states(&engine.world, lens, &subject, &[date]).expect("it flowed").remove(0);
            let (before, after) = (at(from), at(to));
            let named = model.states.len() + 1;
            let row = |i: usize| flow.matrix[i].iter().sum::<u64>();
            let column = |j: usize| flow.matrix.iter().map(|row| row[j]).sum::<u64>();
            assert_eq!((0..named).map(row).collect::<Vec<_>>(), before.counts, "{context}");
            assert_eq!((0..named).map(column).collect::<Vec<_>>(), after.counts, "{context}");
            let position = |name: &str| flow.states.iter().position(|state| state == name).expect("it moves");
            let (entered, left) = (row(position(ENTERED)), column(position(LEFT)));
            assert_eq!(before.total + entered, flow.total, "{context}");
            assert_eq!(after.total + left, flow.total, "{context}");
            let both = count(
                engine,
                world,
                &Expr::All(vec![
                    Expr::At(weir_core::expr::AtDate::Date(from), Box::new(audience.clone())),
                    audience,
                ]),
                to,
            );
            assert_eq!(before.total + after.total - both, flow.total, "{context}");
            moved.set(moved.get() + u64::from(entered + left > 0));
        }
        FLOWS
    });
    println!("{cases} (audience, model, date, date) cases conserve people, {} of them move", moved.get());
    assert!(std::env::var("WEIR_SEED").is_ok() || (cases >= 10_000 && moved.get() > 2_000));
}

#[test]
fn two_models_side_by_side_agree() {
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let (at, scope) = (expressions::as_of(rng), expressions::scope(rng, world));
        let subjects = some_subject(rng, world, at);
        let ((a, model_a), (b, model_b)) = (some_model(rng, world), some_model(rng, world));
        let (subject, mut alive) = (subjects.for_engine(engine), Vec::new());
        let lens = |model| Lens { model, scope: &scope, names: world };
        let ours = compare(&engine.world, lens(model_a), lens(model_b), &subject, at);
        let theirs = oracle.comparison(subjects.for_oracle(&oracle, &mut alive), (a, b), &scope, at);
        let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
            assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
            return 0;
        };
        assert_eq!(&ours.matrix, theirs, "{a} and {b} over {scope} at {at}");
        let people = ours.total - ours.merged - ours.erased;
        assert_eq!(ours.matrix.iter().flatten().sum::<u64>(), people, "{a} and {b} over {scope} at {at}");
        1
    });
}

#[test]
fn dry_runs_of_rules_agree() {
    let taken = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let (at, scope) = (expressions::as_of(rng), expressions::scope(rng, world));
        let subjects = some_subject(rng, world, at);
        let (name, model) = some_model(rng, world);
        let (subject, mut alive) = (subjects.for_engine(engine), Vec::new());
        let lens = Lens { model, scope: &scope, names: world };
        let ours = rules(&engine.world, lens, &subject, at);
        let theirs = oracle.rules(subjects.for_oracle(&oracle, &mut alive), name, &scope, at);
        let (Ok(ours), Ok((theirs, none))) = (&ours, &theirs) else {
            assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
            return 0;
        };
        let counts: oracle::RuleCounts =
            ours.rules.iter().map(|rule| (rule.matched, rule.decided, rule.taken.clone())).collect();
        assert_eq!((&counts, &ours.none), (theirs, none), "{name} over {scope} at {at}");
        for rule in &ours.rules {
            assert_eq!(rule.matched, rule.decided + rule.taken.iter().sum::<u64>());
            taken.set(taken.get() + rule.taken.iter().sum::<u64>());
        }
        let people = ours.total - ours.merged - ours.erased;
        assert_eq!(ours.rules.iter().map(|rule| rule.decided).sum::<u64>() + ours.none, people);
        1
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || taken.get() > 1000, "{taken:?}");
}

/// Rules written where they are used mean what the same rules mean by name.
#[test]
fn a_model_without_a_name_is_the_same_model() {
    on_every_world(|rng, world, engine| {
        let as_of = expressions::as_of(rng);
        let (name, model) = some_model(rng, world);
        let test = |model| {
            let states = vec![world.models[name].states[0].name.clone()];
            let scope = expressions::scope(&mut rng.clone(), world);
            Expr::State(weir_core::expr::StateTest { model, scope, states })
        };
        let inline = test(ModelRef::Inline(Arc::new(model.clone())));
        let by_name = members(engine, world, &test(ModelRef::from(name.as_str())), as_of);
        let by_rules = members(engine, world, &inline, as_of);
        let theirs = Oracle::new(world).members(&inline, as_of);
        assert_eq!(by_rules.as_ref().ok(), by_name.as_ref().ok(), "{}", inline.to_json());
        assert_eq!(by_rules.ok(), theirs.ok(), "{}", inline.to_json());
        1
    });
}
