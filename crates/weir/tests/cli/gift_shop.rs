//! The gift shop of `examples/`: every figure of its README must come out, which DuckDB computed independently.

use serde_json::{Value, json};

use crate::weir::Weir;

/// Loads the shop the way its README says, and returns the ledgers.
fn load(weir: &Weir) -> [Value; 4] {
    let shop = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/gift-shop");
    let file = |name: &str| format!("{shop}/{name}");
    let import = |kind: &str, input: &str, sql: &str, more: &[&str]| {
        weir.json(&[&["import", kind, &file(input), "--sql", &file(sql)], more].concat())
    };
    weir.run(&["workspace", "set", "timezone=Asia/Shanghai", "currency=CNY"]).ok();
    let items = format!("items={}", file("catalog.csv"));
    let ledgers = [
        import("catalog", "catalog.csv", "catalog.sql", &[]),
        import("events", "orders.csv", "orders.sql", &["--with", &items, "--source", "orders"]),
        import("events", "visits.jsonl", "visits.sql", &["--source", "visits"]),
        import("tags", "customers.csv", "customers.sql", &[]),
    ];
    weir.json(&["apply", &file("weir")]);
    ledgers
}

fn balance(import: &Value) -> [u64; 4] {
    ["read", "accepted", "duplicate", "rejected"].map(|field| import[field].as_u64().unwrap())
}

#[test]
fn the_figures_of_the_readme_come_out() {
    let weir = Weir::empty();
    let [catalog, orders, visits, customers] = load(&weir);
    assert_eq!(balance(&catalog), [47, 47, 0, 0]);
    assert_eq!(balance(&orders), [5_394, 5_033, 0, 361]);
    assert_eq!(orders["reasons"], json!({"no_identifier": 361}));
    assert_eq!(balance(&visits), [6_982, 6_982, 0, 0]);
    assert_eq!(balance(&customers), [640, 640, 0, 0]);
    check_events(&weir);
    check_universe(&weir);
    check_audiences(&weir);
    check_states(&weir);
    check_flow(&weir);
    check_second_load(&weir);
}

fn check_events(weir: &Weir) {
    let query = "SELECT behavior, count(*), sum(amount) FROM events \
        WHERE behavior IN ('purchase', 'refund', 'adjustment') GROUP BY behavior ORDER BY behavior";
    let rows = &weir.json(&["sql", query])["rows"];
    assert_eq!((&rows[0][1], &rows[1][1], &rows[2][1]), (&json!(13), &json!(4_972), &json!(48)));
    let amount = |row: usize| rows[row][2].to_string().trim_matches('"').parse::<f64>().unwrap();
    assert_eq!((amount(1), amount(2)), (698_453.2, -6_304.9));
}

fn check_universe(weir: &Weir) {
    for (as_of, known) in [("2024-06-30", 735), ("2024-10-31", 801), ("2024-11-30", 819), ("2024-12-31", 832)]
    {
        assert_eq!(weir.eval("{\"everyone\":true}", as_of)["count"], json!(known), "{as_of}");
    }
}

fn check_audiences(weir: &Weir) {
    for (name, size) in
        [("double_11_exposed_not_bought", 106), ("cart_left_behind", 26), ("loyal_tea_friends", 88)]
    {
        let answer = weir.eval(&format!("{{\"audience\":\"{name}\"}}"), "2024-11-30");
        assert_eq!((&answer["count"], &answer["warnings"]), (&json!(size), &json!([])), "{name}");
    }
}

fn check_states(weir: &Weir) {
    let dates = "2024-03-31,2024-06-30,2024-09-30,2024-12-31";
    let answer = weir.json(&["states", "--model", "gift_cycle", "--scope", "shop=flagship", "--at", dates]);
    let names = ["regular", "fresh", "lapsing", "lost", "looking", "none"];
    let expected = [
        ([12, 73, 1, 0, 39, 565], 690),
        ([38, 96, 41, 1, 66, 493], 735),
        ([42, 92, 71, 42, 60, 468], 775),
        ([78, 127, 53, 94, 52, 428], 832),
    ];
    assert_eq!(answer["at"].as_array().unwrap().len(), expected.len());
    for ((date, (counts, total)), at) in dates.split(',').zip(expected).zip(answer["at"].as_array().unwrap())
    {
        assert_eq!((&at["date"], &at["total"]), (&json!(date), &json!(total)));
        assert_eq!(names.map(|name| at["states"][name].as_u64().unwrap()), counts, "{date}");
    }
}

fn check_flow(weir: &Weir) {
    let args =
        ["flow", "--model", "pno", "--scope", "shop=flagship", "--from", "2024-10-23", "--to", "2024-12-31"];
    let flow = weir.json(&args);
    assert_eq!(flow["states"], json!(["old", "new", "potential", "none"]));
    assert_eq!(flow["matrix"], json!([[264, 0, 0, 1], [4, 12, 1, 28], [14, 9, 0, 25], [69, 52, 8, 345]]));
    assert_eq!((&flow["total"], &flow["merged"], &flow["erased"]), (&json!(832), &json!(0), &json!(0)));
    insta::assert_snapshot!(weir.run(&args).ok(), @r"
    pno, shop=flagship: 832 consumers followed from 2024-10-23 (rows) to 2024-12-31 (columns)

     from \ to   old   new   potential   none   total
    ──────────────────────────────────────────────────
     old         264     0           0      1     265
     new           4    12           1     28      45
     potential    14     9           0     25      48
     none         69    52           8    345     474
     total       351    73           9    399     832
    ");
}

/// Everything was there already; nothing changes.
fn check_second_load(weir: &Weir) {
    let [_, orders, visits, _] = load(weir);
    assert_eq!((balance(&orders), balance(&visits)), ([5_394, 0, 5_033, 361], [6_982, 0, 6_982, 0]));
    check_universe(weir);
    check_audiences(weir);
}
