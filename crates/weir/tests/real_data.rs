//! Real data, with figures that were computed independently of Weir.
//!
//! The data sets are not part of the repository: `WEIR_TEST_DATA` names the folder that holds them. Without it the
//! tests say that they were skipped; with `CI=true` its absence is a failure.

// A test that cannot go on should stop where it stands.
#![allow(clippy::unwrap_used)]

mod real;

use real::{Weir, data, tracks};
use serde_json::{Value, json};

fn online_retail() -> Option<(Weir, Value)> {
    let file = data("onlineretail/onlineretail.csv.gz")?;
    let weir = Weir::new();
    weir.ok(&["workspace", "set", "timezone=Europe/London", "currency=GBP"]);
    let import = weir.json(&["import", "events", &file, "--sql", &real::example("online-retail/events.sql")]);
    Some((weir, import))
}

fn counts(weir: &Weir, questions: &[(Value, u64)]) {
    for (expression, count) in questions {
        let answer = weir.eval(expression, "2011-12-09");
        assert_eq!(answer["count"], json!(count), "{expression}");
        assert_eq!(answer["warnings"], json!([]), "{expression}");
    }
}

fn purchase(more: &Value) -> Value {
    let mut did = json!({ "behavior": ["purchase"] });
    let fields = more.as_object().expect("an object").clone();
    did.as_object_mut().expect("an object").extend(fields);
    json!({ "did": did })
}

#[test]
fn online_retail_counts_are_exact() {
    let Some((weir, import)) = online_retail() else { return };
    let ledger = json!([
        import["read"],
        import["accepted"],
        import["duplicate"],
        import["rejected"],
        import["reasons"]
    ]);
    assert_eq!(ledger, json!([541_909, 406_829, 0, 135_080, { "no_identifier": 135_080 }]));
    assert_eq!(import["unmapped"], json!({ "behavior": { "adjustment": 40 } }));
    assert_eq!(import["new_consumers"], json!(4372));

    counts(
        &weir,
        &[
            (purchase(&json!({ "within": { "days": 30 } })), 1_628),
            (purchase(&json!({ "within": { "days": 90 } })), 2_889),
            (purchase(&json!({ "within": { "days": 180 } })), 3_477),
            (purchase(&json!({ "within": { "days": 365 } })), 4_264),
            (purchase(&json!({})), 4_338),
            (purchase(&json!({ "amount": { "gte": 5000 } })), 275),
        ],
    );
    let recent_and_frequent = json!({ "all": [
        purchase(&json!({ "within": { "days": 30 } })),
        purchase(&json!({ "orders": { "gte": 3 }, "amount": { "gte": 500 } }))
    ] });
    let elsewhere =
        purchase(&json!({ "property": { "country": { "ne": "United Kingdom" } }, "count": { "eq": 0 } }));
    let one_not_the_other = json!({ "all": [
        elsewhere, purchase(&json!({ "item": ["85123A"] })), purchase(&json!({ "item": ["22423"], "count": { "eq": 0 } }))
    ] });
    let in_order = json!({ "sequence": { "within": { "days": 30 }, "steps": [
        { "behavior": ["purchase"], "item": ["85123A"] }, { "behavior": ["purchase"], "item": ["22423"] }
    ] } });
    counts(&weir, &[(recent_and_frequent, 1_120), (one_not_the_other, 577), (in_order, 52)]);

    let sql = "SELECT count(*) AS lines, count(DISTINCT order_id) AS orders, count(DISTINCT consumer) AS customers, \
               sum(amount) AS amount FROM events WHERE behavior = 'purchase'";
    let row = json!({ "lines": 397_884, "orders": 18_532, "customers": 4_338, "amount": 8_911_407.904 });
    assert_eq!(weir.sql(sql), json!([row]));
}

#[test]
fn importing_again_adds_nothing_and_undo_leaves_nothing() {
    let Some((weir, import)) = online_retail() else { return };
    let file = data("onlineretail/onlineretail.csv.gz").expect("it was there");
    let hash = weir.hash(&json!({ "everyone": true }), "2011-12-09");

    let again = weir.json(&["import", "events", &file, "--sql", &real::example("online-retail/events.sql")]);
    let ledger = json!([
        again["read"],
        again["accepted"],
        again["duplicate"],
        again["rejected"],
        again["new_consumers"]
    ]);
    assert_eq!(ledger, json!([541_909, 0, 406_829, 135_080, 0]));
    assert_eq!(weir.hash(&json!({ "everyone": true }), "2011-12-09"), hash);
    assert_eq!(weir.json(&["verify"])["findings"], json!([]));

    for id in [&again["import"], &import["import"]] {
        weir.ok(&["import", "undo", &id.to_string()]);
    }
    let empty = weir.eval(&json!({ "everyone": true }), "2011-12-09");
    assert_eq!((&empty["count"], &empty["universe"]), (&json!(0), &json!(0)));
    assert_eq!(weir.sql("SELECT count(*) AS n FROM events"), json!([{ "n": 0 }]));
    assert_eq!(weir.sql("SELECT count(*) AS n FROM consumers"), json!([{ "n": 0 }]));
    assert_eq!(weir.json(&["verify"])["findings"], json!([]));

    let once_more =
        weir.json(&["import", "events", &file, "--sql", &real::example("online-retail/events.sql")]);
    assert_eq!((&once_more["accepted"], &once_more["new_consumers"]), (&json!(406_829), &json!(4372)));
    assert_eq!(weir.hash(&json!({ "everyone": true }), "2011-12-09"), hash);
}

#[test]
fn online_retail_agrees_with_duckdb_over_the_same_parquet() {
    let Some((weir, _)) = online_retail() else { return };
    let Some(python) = real::python() else { return };
    for (expression, having) in [
        (
            json!({ "did": { "behavior": ["purchase"], "within": { "days": 90 }, "count": { "gte": 5 } } }),
            "behavior = 'purchase' AND day > DATE '2011-09-10' GROUP BY consumer HAVING count(*) >= 5",
        ),
        (
            json!({ "did": { "behavior": ["purchase", "refund"], "amount": { "between": [100, 250.5] } } }),
            "behavior IN ('purchase', 'refund') GROUP BY consumer HAVING sum(amount) BETWEEN 100 AND 250.5",
        ),
        (
            json!({ "did": { "behavior": ["purchase"], "aov": { "gt": 400 }, "active_days": { "gte": 3 } } }),
            "behavior = 'purchase' GROUP BY consumer HAVING sum(amount) > 400 * count(DISTINCT order_id) \
          AND count(DISTINCT day) >= 3",
        ),
        (
            json!({ "did": { "behavior": ["refund"], "property": { "country": { "in": ["France", "Germany"] } } } }),
            "behavior = 'refund' AND properties->>'country' IN ('France', 'Germany') GROUP BY consumer",
        ),
        (
            json!({ "did": { "behavior": ["purchase"], "first": { "gte": "2011-06-01" }, "quantity": { "lt": 100 } } }),
            "behavior = 'purchase' GROUP BY consumer HAVING min(day) >= DATE '2011-06-01' AND sum(quantity) < 100",
        ),
    ] {
        let sql = format!("SELECT count(*) FROM (SELECT consumer FROM events WHERE {having})");
        let theirs = real::duckdb(&python, &weir, &sql);
        assert_eq!(weir.eval(&expression, "2011-12-09")["count"].to_string(), theirs, "{expression}");
    }
}

#[test]
fn online_retail_is_tracked_as_sql_says() {
    let Some((weir, _)) = online_retail() else { return };
    let Some(python) = real::python() else { return };
    weir.write("definitions/recency.yaml", tracks::RECENCY);
    let dates = tracks::month_ends();
    for (model, states, _) in tracks::MODELS {
        let track = format!(
            "kind: track\nname: {model}\ntrack: {{model: {model}, from: 2011-01-31, step: monthly}}\n"
        );
        weir.write(&format!("definitions/{model}_track.yaml"), &track);
        assert!(states.ends_with(&["none"]));
    }
    let folder = weir.write("definitions/.keep", "");
    weir.ok(&["apply", folder.trim_end_matches("/.keep")]);
    for (model, states, sql) in tracks::MODELS {
        let theirs = tracks::paths_by_sql(&python, &weir, &dates, sql);
        let answer = weir.json(&["paths", "--model", model, "--dates", &dates.join(","), "--top", "1000"]);
        let (ours, others) = tracks::paths_of(&answer);
        assert_eq!(ours.values().sum::<u64>() + others, 4372, "{model}");
        assert!(ours.len() > 20 && others == 4372 - ours.values().sum::<u64>(), "{model}");
        for (path, people) in &ours {
            assert_eq!(theirs.get(path), Some(people), "{model} {path}");
        }
        assert_eq!(theirs.values().sum::<u64>(), 4372, "{model}");
        for link in 0..dates.len() - 1 {
            let flow = tracks::matrix(&theirs, states, link, link + 1);
            assert_eq!(answer["flows"][link], flow, "{model} from {}", dates[link]);
        }
        let report = weir.json(&["track", "report", model, "--to", "2011-12-31"]);
        assert_eq!(report["flow"]["matrix"], tracks::matrix(&theirs, states, 0, 11), "{model}");
        for (at, date) in dates.iter().enumerate() {
            let found = &report["states"]["at"][at];
            let row = tracks::matrix(&theirs, states, at, at);
            assert_eq!(found["date"], json!(date));
            for (place, state) in states.iter().enumerate().take(states.len() - 1) {
                assert_eq!(found["states"][state], row[place][place], "{model} {state} at {date}");
            }
            let sql = format!("SELECT count(DISTINCT consumer) FROM events WHERE day <= DATE '{date}'");
            assert_eq!(found["total"].to_string(), real::duckdb(&python, &weir, &sql), "{model} at {date}");
        }
    }
}

#[test]
fn complete_journey_campaigns_are_exact() {
    let Some(campaigns) = data("completejourney/campaigns.csv") else { return };
    let of = |name: &str| data(&format!("completejourney/{name}")).expect("the folder is complete");
    let descriptions = format!("campaign_descriptions={}", of("campaign_descriptions.csv"));
    let weir = Weir::new();
    let import = |file: &str, sql: &str, source: &str| {
        let sql = real::example(&format!("complete-journey/{sql}"));
        weir.json(&["import", "events", file, "--sql", &sql, "--with", &descriptions, "--source", source])
    };
    import(&campaigns, "campaigns.sql", "campaigns");
    import(&of("coupon_redemptions.csv"), "redemptions.sql", "redemptions");
    let baskets = import(&of("transactions_sample.csv.gz"), "transactions.sql", "baskets");
    assert_eq!(baskets["accepted"], json!(75_000));

    let did = |behavior: &str, kind: &str| json!({ "did": { "behavior": [behavior], "property": { "campaign_type": { "eq": kind } } } });
    for (kind, targeted, redeeming) in [("Type A", 1_490, 371), ("Type B", 995, 116), ("Type C", 397, 30)] {
        let untargeted = json!({ "minus": [did("coupon_redeem", kind), did("impression", kind)] });
        for (expression, count) in
            [(did("impression", kind), targeted), (did("coupon_redeem", kind), redeeming), (untargeted, 0)]
        {
            assert_eq!(weir.eval(&expression, "2018-01-31")["count"], json!(count), "{expression}");
        }
    }
    let sql = "SELECT count(DISTINCT consumer) AS households, count(DISTINCT order_id) AS baskets, \
               count(DISTINCT item) AS products, sum(amount) AS sales FROM events WHERE source = 'baskets'";
    let row = json!({ "households": 2_377, "baskets": 47_243, "products": 20_902, "sales": 233_935.24 });
    assert_eq!(weir.sql(sql), json!([row]));
}

#[test]
fn online_retail_rfm_is_exact() {
    let Some((weir, _)) = online_retail() else { return };
    let people = weir.write("people.csv", "");
    let answer = weir.json(&["rfm", "--as-of", "2011-12-10", "--ids", &people]);
    let rounded = |field: &str, of: &str| (answer[field][of].as_f64().unwrap() * 1e4).round() / 1e4;
    let means = ["r", "f", "m"].map(|field| rounded(field, "mean"));
    assert_eq!(means, [93.0595, 4.2720, 2054.2665]);
    let medians = ["r", "f", "m"].map(|field| rounded(field, "median"));
    assert_eq!((medians, rounded("f", "greatest")), ([51.0, 2.0, 674.485], 209.0));

    let rows = std::fs::read_to_string(&people).unwrap();
    let of = |id: &str| -> Vec<String> {
        let row = rows.lines().find(|row| row.split(',').nth(1) == Some(id)).unwrap();
        row.split(',').skip(3).take(3).map(str::to_owned).collect()
    };
    assert_eq!(of("12346"), ["326", "1", "77183.6"]);
    assert_eq!(of("14911"), ["2", "201", "143825.06"]);
    assert_eq!(of("17850"), ["373", "34", "5391.21"]);

    for (group, most) in [("cells", 125), ("classes", 8), ("segments", 12)] {
        let groups = answer[group].as_array().unwrap();
        assert!(groups.len() <= most);
        let people: u64 = groups.iter().map(|one| one["people"].as_u64().unwrap()).sum();
        assert_eq!(people, 4_338, "{group}");
    }
    for one in answer["segments"].as_array().unwrap() {
        assert_eq!(weir.eval(&one["expression"], "2011-12-10")["count"], one["people"], "{}", one["segment"]);
    }
    let Some(python) = real::python() else { return };
    let scored = "SELECT consumer, DATE '2011-12-10' - max(day) AS r, count(DISTINCT order_id) AS f, sum(amount) AS m \
                  FROM events WHERE behavior = 'purchase' GROUP BY consumer";
    let better = "CASE WHEN r <= (SELECT avg(r) FROM s) THEN 1 ELSE 0 END * 4 \
                  + CASE WHEN f > (SELECT avg(f) FROM s) THEN 1 ELSE 0 END * 2 \
                  + CASE WHEN m > (SELECT avg(m) FROM s) THEN 1 ELSE 0 END";
    let classes = [
        ("important_value", 7),
        ("important_develop", 5),
        ("important_keep", 3),
        ("important_retain", 1),
        ("general_value", 6),
        ("general_develop", 4),
        ("general_keep", 2),
        ("general_retain", 0),
    ];
    for (one, (name, number)) in answer["classes"].as_array().unwrap().iter().zip(classes) {
        let sql = format!("WITH s AS ({scored}) SELECT count(*) FROM s WHERE {better} = {number}");
        assert_eq!(one["class"], json!(name));
        assert_eq!(one["people"].to_string(), real::duckdb(&python, &weir, &sql), "{name}");
    }
    let bin = "1 + (5 * (rank() OVER (ORDER BY f) - 1)) // count(*) OVER ()";
    for score in 1..=5_u64 {
        let sql = format!(
            "WITH s AS ({scored}), q AS (SELECT {bin} AS score FROM s) SELECT count(*) FROM q WHERE score = {score}"
        );
        let cells = answer["cells"].as_array().unwrap().iter().filter(|cell| cell["f"] == json!(score));
        let people: u64 = cells.map(|cell| cell["people"].as_u64().unwrap()).sum();
        assert_eq!(people.to_string(), real::duckdb(&python, &weir, &sql), "F score {score}");
    }
}

#[test]
fn a_computed_tag_says_at_every_date_what_its_measure_says() {
    let Some((weir, _)) = online_retail() else { return };
    let defined = "kind: tag\nname: value_90d\nvalue: {amount: {behavior: [purchase], within: {days: 90}}}\n";
    let file = weir.write("value.yaml", defined);
    weir.ok(&["apply", std::path::Path::new(&file).parent().unwrap().to_str().unwrap()]);
    weir.ok(&["tag", "compute", "value_90d", "--as-of", "2011-12-09,2011-06-30,2011-09-30"]);
    // A date in between may not change what was so at the later ones.
    weir.ok(&["tag", "compute", "value_90d", "--as-of", "2011-08-31"]);
    for date in ["2011-06-30", "2011-08-31", "2011-09-30", "2011-12-09"] {
        for ops in [json!({ "gte": 500 }), json!({ "lt": 500 }), json!({ "between": [99.5, 250.25] })] {
            let measured = purchase(&json!({ "within": { "days": 90 }, "amount": ops }));
            let tagged = json!({ "tag": { "value_90d": ops } });
            assert_eq!(weir.hash(&tagged, date), weir.hash(&measured, date), "{ops} as of {date}");
        }
        let bought = purchase(&json!({ "within": { "days": 90 } }));
        let tagged = json!({ "tag": { "value_90d": { "exists": true } } });
        assert_eq!(weir.hash(&tagged, date), weir.hash(&bought, date), "anything as of {date}");
    }
    let again = weir.json(&["tag", "compute", "value_90d", "--as-of", "2011-06-30"]);
    let stated = again["items"].as_array().unwrap().iter().map(|run| run["stated"].as_u64().unwrap());
    assert_eq!(stated.sum::<u64>(), 0);
    weir.ok(&["tag", "delete", "value_90d"]);
    assert_eq!(weir.sql("SELECT count(*) AS n FROM tags"), json!([{ "n": 0 }]));
    assert_eq!(weir.json(&["verify"])["findings"], json!([]));
}
