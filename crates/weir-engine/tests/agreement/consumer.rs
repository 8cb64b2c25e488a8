//! One consumer alone: in the same audiences and states as among everybody, with all their events.

use weir_engine::consumer::Alone;

use super::*;

#[test]
fn a_consumer_alone_is_where_everybody_has_them() {
    let cases = on_every_world(|rng, world, engine| {
        let oracle = Oracle::new(world);
        let as_of = expressions::as_of(rng);
        let expr = expressions::expr(rng, world, as_of, 3);
        let node = rng.below(world.identifiers.len()) as Node;
        let Some(dense) = engine.world.consumers.dense(node) else { return 0 };
        let person = oracle.person(node);
        let alone = Alone::new(&engine.world, dense).unwrap();

        let theirs = world.events.iter().filter(|(node, _)| oracle.person(*node) == person);
        assert_eq!(alone.rows().len(), theirs.count());
        assert!(alone.rows().is_sorted_by(|a, b| a.time >= b.time));

        let is_in = alone.is_in(world, &expr, as_of).map_err(|error| error.code);
        let members = oracle.members(&expr, as_of).map_err(|error| error.code);
        let wanted = members.map(|members| members.contains(&person));
        assert_eq!(is_in, wanted, "{} as of {as_of}", expr.to_json());

        let (scope, dates) = (expressions::scope(rng, world), some_dates(rng));
        for (name, model) in &world.models {
            let lens = Lens { model, scope: &scope, names: world };
            let places = alone.states(lens, dates.iter().copied()).map_err(|error| error.code);
            let state = |date: &Day| {
                let states = oracle.states(name, &scope, *date).map_err(|error| error.code)?;
                Ok(states.get(&person).copied().unwrap_or(model.states.len()))
            };
            let wanted: Result<Vec<usize>, Code> = dates.iter().map(state).collect();
            assert_eq!(places, wanted, "{name} over {scope} at {dates:?}");
        }
        1
    });
    assert!(cases > 0);
}
