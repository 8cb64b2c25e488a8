//! Cuts, portraits and broken-down funnels: engine, oracle and expressions agree.

use weir_core::cut::Cut;
use weir_engine::cut::Row;
use weir_engine::funnel::funnel_by;
use weir_engine::oracle::Members;
use weir_engine::portrait::Sitters;

use super::*;

/// Every row holds as many of each set as the oracle says, and the rest whoever is in none of them.
fn check_rows(
    rows: &weir_engine::cut::Rows,
    theirs: &oracle::CutRows,
    sets: &[&Members],
    limit: usize,
    context: &str,
) {
    let nobody = Members::new();
    let of = |name: &Option<String>| theirs.get(name).unwrap_or(&nobody);
    let mut listed = Members::new();
    for row in &rows.rows {
        let counts: Vec<u64> = sets.iter().map(|set| (*set & of(&row.name)).len() as u64).collect();
        assert_eq!(row.counts, counts, "{:?} {context}", row.name);
        listed.extend(of(&row.name));
    }
    let rest: Vec<u64> = sets.iter().map(|set| (*set - &listed).len() as u64).collect();
    assert_eq!(rows.rest, rest, "{context}");
    let named = |name: &Option<String>| rows.rows.iter().any(|row| row.name == *name);
    let inside = |people: &Members| sets.iter().any(|set| !set.is_disjoint(people));
    let missing = theirs.iter().filter(|(name, people)| name.is_some() && inside(people) && !named(name));
    assert_eq!(rows.more, missing.count(), "{context}");
    assert!(rows.more == 0 || rows.rows.len() >= limit, "{context}");
}

/// A row's people are its expression's, in any set.
fn check_expr(
    engine: &Engine,
    world: &oracle::World,
    row: &Row,
    (set, counted): (&Expr, u64),
    as_of: Day,
    context: &str,
) {
    let both = Expr::All(vec![set.clone(), row.expr.clone()]);
    assert_eq!(count(engine, world, &both, as_of), counted, "{:?} {context}", row.name);
}

#[test]
fn portraits_agree_and_rows_are_expressions() {
    let told = std::cell::RefCell::new(std::collections::BTreeMap::new());
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let some = |rng: &mut Rng| {
            if rng.chance(40) { Expr::Everyone } else { expressions::leaf(rng, world, as_of) }
        };
        let (subject, base) = (some(rng), some(rng));
        let (Ok(subjects), Ok(bases)) = (oracle.members(&subject, as_of), oracle.members(&base, as_of))
        else {
            return 0;
        };
        let sitters =
            Sitters::new(&engine.world, world, (&subject, &base), as_of).expect("the oracle has them");
        let both = &subjects & &bases;
        for _ in 0..6 {
            let (cut, limit) = (expressions::cut(rng, world, as_of), 1 + rng.below(12));
            cut.check(world).unwrap_or_else(|e| panic!("{e}\n{}", cut.to_json()));
            assert_eq!(Cut::from_json(&cut.to_json()), Ok(cut.clone()));
            let context = format!("as of {as_of}, by {}", cut.to_json());
            let theirs = oracle.cut_rows(&cut, &bases, as_of);
            let ours = sitters.rows(&engine.world, world, (&cut, limit), as_of);
            let (Ok(ours), Ok(theirs)) = (&ours, &theirs) else {
                assert_eq!(ours.map(|_| ()).map_err(|e| e.code), theirs.map(|_| ()).map_err(|e| e.code));
                continue;
            };
            check_rows(ours, theirs, &[&subjects, &bases, &both], limit, &context);
            for row in &ours.rows {
                check_expr(engine, world, row, (&subject, row.counts[0]), as_of, &context);
                check_expr(engine, world, row, (&base, row.counts[1]), as_of, &context);
                let kind = cut.name().split(' ').next().unwrap_or_default().to_owned();
                *told.borrow_mut().entry(kind).or_insert(0) += u64::from(row.counts[2] > 0);
            }
        }
        6
    });
    let told = told.into_inner();
    assert!(std::env::var("WEIR_SEED").is_ok() || told.values().all(|n| *n > 20), "{told:?}");
}

#[test]
fn broken_down_funnels_agree() {
    let reached = std::cell::Cell::new(0);
    on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        for _ in 0..3 {
            let (asked, cut) = (expressions::funnel(rng, world, as_of), expressions::cut(rng, world, as_of));
            let (subjects, limit) = (Subjects::random(rng, world, as_of), 1 + rng.below(6));
            let subject = subjects.for_engine(engine);
            let ours = funnel_by(&engine.world, world, (&asked, &cut, limit), &subject, as_of);
            let people = subjects.and(world, Expr::Everyone).map(|expr| oracle.members(&expr, as_of));
            let (Ok((levels, rows)), Some(Ok(people))) = (ours, people) else { continue };
            let Ok(theirs) = oracle.funnel_levels(&asked, &people, as_of) else { continue };
            let context = format!("as of {as_of}: {} by {}", asked.to_json(), cut.to_json());
            let whole = funnel(&engine.world, world, &asked, &subject, as_of);
            assert_eq!(whole, Ok(levels), "{context}");
            let cut_rows = oracle.cut_rows(&cut, &people, as_of).expect("the engine cut it");
            let sets: Vec<&Members> = [&people].into_iter().chain(&theirs).collect();
            check_rows(&rows, &cut_rows, &sets, limit, &context);
            reached.set(reached.get() + rows.rows.iter().map(|row| row.counts[2]).sum::<u64>());
        }
        3
    });
    assert!(std::env::var("WEIR_SEED").is_ok() || reached.get() > 100, "{reached:?}");
}
