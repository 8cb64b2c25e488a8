//! Real data, with figures that were computed independently of Weir.
//!
//! The data sets are not part of the repository: `WEIR_TEST_DATA` names the folder that holds them. Without it the
//! tests say that they were skipped; with `CI=true` its absence is a failure.

// A test that cannot go on should stop where it stands.
#![allow(clippy::unwrap_used)]

mod real;

use real::{Weir, data};
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
