use super::*;
use serde_json::json;

fn medium(name: &str, fixed: i64, per_thousand: i64) -> Json {
    json!({"name": name, "list": name, "cost": {"fixed": fixed, "per_thousand": per_thousand}})
}

#[track_caller]
fn check(media: &[Json], budget: Option<i64>, regions: &[(Mask, u64)], expected: &str) {
    let reach = Reach::from_json(&json!(media), budget.map(|budget| json!(budget)).as_ref()).unwrap();
    let plan = reach.plan(&Regions::new(regions.iter().copied())).unwrap();
    let name = |medium: usize| reach.media[medium].set.name.clone();
    let step =
        |step: &Step| format!("{} +{} = {} for {}", name(step.medium), step.new, step.reach, step.spent);
    let mut lines: Vec<String> = plan.steps.iter().map(step).collect();
    lines.extend(plan.left_out.iter().map(|(medium, why)| format!("{} {}", name(*medium), why.name())));
    lines.push(format!(
        "times {:?}, best {:b} {} for {}",
        plan.times, plan.best.media, plan.best.reach, plan.best.cost
    ));
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn the_most_new_people_per_cost_come_first() {
    let media = [medium("a", 10, 0), medium("b", 10, 0), medium("c", 1, 0)];
    check(
        &media,
        None,
        &[(0b001, 100), (0b011, 50), (0b010, 30), (0b100, 4)],
        "a +150 = 150 for 10\nc +4 = 154 for 11\nb +30 = 184 for 21\ntimes [0, 134, 50, 0], best 111 184 for 21",
    );
    check(
        &media,
        Some(11),
        &[(0b001, 100), (0b011, 50), (0b010, 30), (0b100, 4)],
        "a +150 = 150 for 10\nc +4 = 154 for 11\nb over_budget\ntimes [0, 154, 0], best 101 154 for 11",
    );
}

#[test]
fn ties_are_by_name_and_whoever_brings_nobody_is_left_out() {
    check(
        &[medium("zebra", 5, 0), medium("apple", 5, 0), medium("free", 0, 0)],
        None,
        &[(0b011, 8), (0b100, 1)],
        "free +1 = 1 for 0\napple +8 = 9 for 5\nzebra nobody_new\ntimes [0, 9, 0], best 101 9 for 5",
    );
}

#[test]
fn one_that_reaches_more_alone_is_the_plan() {
    // Per cost "cheap" is better, and what it leaves does not pay "large".
    check(
        &[medium("cheap", 1, 0), medium("large", 100, 0)],
        Some(100),
        &[(0b01, 2), (0b10, 150)],
        "large +150 = 150 for 100\ncheap over_budget\ntimes [0, 150], best 10 150 for 100",
    );
}

#[test]
fn the_best_choice_may_be_another_than_the_greedy_one() {
    check(
        &[medium("middle", 10, 0), medium("left", 10, 0), medium("right", 10, 0)],
        Some(20),
        &[(0b011, 30), (0b101, 30), (0b010, 20), (0b100, 20)],
        "middle +60 = 60 for 10\nleft +20 = 80 for 20\nright over_budget\ntimes [0, 50, 30], best 110 100 for 20",
    );
}

#[test]
fn people_cost_by_the_thousand_and_parts_are_rounded_up() {
    let cost = Cost { fixed: Amount::parse("2").unwrap(), per_thousand: Amount::parse("0.5").unwrap() };
    assert_eq!(cost.of(3).unwrap().to_string(), "2.0015");
    assert_eq!(Cost { per_thousand: Amount(1), ..Cost::default() }.of(1).unwrap(), Amount(1));
    assert!(cost.of(u64::MAX).is_err());
    check(
        &[medium("a", 0, 1_000), medium("b", 0, 10)],
        Some(50),
        &[(0b01, 60), (0b10, 1_000), (0b11, 40)],
        "b +1040 = 1040 for 10.4\na over_budget\ntimes [0, 1040], best 10 1040 for 10.4",
    );
}

/// Against all orders of all choices there is nothing better than `best`, and nothing worse than the guarantee.
#[test]
fn the_guarantee_holds_on_random_media() {
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..400 {
        let count = 1 + random(7) as usize;
        let media: Vec<Json> =
            (0..count).map(|n| medium(&format!("m{n}"), random(40) as i64, random(2_000) as i64)).collect();
        let regions = Regions::new((0..random(20)).map(|_| (random(1 << count) as Mask, random(50))).fold(
            std::collections::BTreeMap::new(),
            |mut sums, (mask, people)| {
                *sums.entry(mask).or_default() += people;
                sums
            },
        ));
        let reach = Reach::from_json(&json!(media), Some(&json!(random(80)))).unwrap();
        let plan = reach.plan(&regions).unwrap();
        let reached = plan.steps.last().map_or(0, |step| step.reach);
        assert_eq!(reached, regions.reached(mask_of(&plan.steps)));
        assert_eq!(reached, plan.times.iter().sum::<u64>());
        assert_eq!(plan.best.reach, regions.reached(plan.best.media));
        let cost =
            |mask: Mask| (0..count).filter(|n| mask >> n & 1 == 1).map(|n| plan.costs[n].0).sum::<i64>();
        assert!(plan.steps.last().is_none_or(|step| step.spent.0 == cost(mask_of(&plan.steps))));
        let affordable = (0..1 << count).filter(|mask| cost(*mask) <= reach.budget.unwrap().0);
        let most = affordable.map(|mask| regions.reached(mask)).max().unwrap();
        assert_eq!(plan.best.reach, most);
        assert!(reached as f64 >= GUARANTEE * most as f64, "{reached} of {most}");
    }
}

#[test]
fn mistakes_have_a_place() {
    let read = |media: Json, budget: Json| Reach::from_json(&media, Some(&budget)).unwrap_err().to_string();
    assert_eq!(
        read(json!([{"list": "a"}]), json!(1)),
        "a medium needs a \"cost\" (at /media/0)\n  help: {} costs nothing"
    );
    assert_eq!(
        read(json!([{"list": "a", "cost": {"fixed": -1}}]), json!(1)),
        "money of at least 0 with at most four decimals is expected, not -1 (at /media/0/cost/fixed)"
    );
    assert_eq!(
        read(json!([{"list": "a", "cost": {}}]), json!("1.00001")),
        "money of at least 0 with at most four decimals is expected, not \"1.00001\" (at /budget)"
    );
    assert_eq!(read(json!([]), json!(1)), "a plan has 1 to 16 media to choose from, not 0 (at /media)");
    assert_eq!(
        read(json!([{"list": "a", "cost": {"cpm": 1}}]), json!(1)),
        "a cost has no \"cpm\" (at /media/0/cost/cpm)\n  help: it may have fixed, per_thousand"
    );
}
