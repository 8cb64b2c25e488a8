//! Real files; where they are not, the test says so.

use super::*;

fn data(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("WEIR_TEST_DATA") else {
        println!("SKIPPED: WEIR_TEST_DATA is not set, so {name} was not read");
        return None;
    };
    Some(PathBuf::from(root).join(name))
}

fn example(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(path);
    std::fs::read_to_string(file).ok()
}

fn count(session: &ImportSession, sql: &str) -> (u64, Ledger) {
    let mut rows = plan_events(session, sql).unwrap().run(context()).unwrap();
    let mut ledger = Ledger::default();
    let mut n = 0;
    while let Some(batch) = rows.next_batch(&mut ledger).unwrap() {
        n += batch.num_rows() as u64;
    }
    (n, ledger)
}

const ONLINE_RETAIL: &str = r#"
    SELECT CustomerID AS id_user_id, InvoiceDate AS time,
           CASE WHEN InvoiceNo LIKE 'C%' THEN 'refund' WHEN UnitPrice = 0 THEN 'adjustment' ELSE 'purchase' END AS behavior,
           'shop' AS channel, StockCode AS item, InvoiceNo AS order_id, Quantity * UnitPrice AS amount, Quantity AS quantity,
           Country AS country, Description AS description
    FROM input"#;

#[test]
fn online_retail() {
    let Some(file) = data("onlineretail/onlineretail.csv.gz") else { return };
    let session = ImportSession::open(&[file], &[], &zone(), &Limits::default()).unwrap();
    let example = example("online-retail/events.sql");
    for sql in [Some(ONLINE_RETAIL), example.as_deref()].into_iter().flatten() {
        let (rows, ledger) = count(&session, sql);
        assert_eq!((rows, ledger.read), (406_829, 541_909));
        assert_eq!(format!("{:?}", ledger.reasons), r#"{"no_identifier": 135080}"#);
        assert_eq!(format!("{:?}", ledger.unmapped), r#"{"behavior": {"adjustment": 40}}"#);
        assert!(ledger.remarks.is_empty());
    }
}

/// The figures of clean purchases, summed here from the mapped rows.
#[test]
fn online_retail_amounts_are_exact() {
    use arrow::array::AsArray;
    use arrow::datatypes::Decimal128Type;
    let Some(file) = data("onlineretail/onlineretail.csv.gz") else { return };
    let session = ImportSession::open(&[file], &[], &zone(), &Limits::default()).unwrap();
    let mut rows = plan_events(&session, ONLINE_RETAIL).unwrap().run(context()).unwrap();
    let (mut lines, mut units) = (0, 0);
    while let Some(batch) = rows.next_batch(&mut Ledger::default()).unwrap() {
        let behaviors = batch.column_by_name("behavior").unwrap().as_string::<i32>().clone();
        let amounts = batch.column_by_name("amount").unwrap().as_primitive::<Decimal128Type>().clone();
        for (behavior, amount) in behaviors.iter().zip(&amounts) {
            if behavior == Some("purchase") {
                lines += 1;
                units += amount.unwrap();
            }
        }
    }
    assert_eq!((lines, units), (397_884, 89_114_079_040));
}

#[test]
fn complete_journey() {
    let Some(root) = data("completejourney") else { return };
    let open = |name: &str| {
        let side = [("campaign_descriptions".to_owned(), vec![root.join("campaign_descriptions.csv")])];
        ImportSession::open(&[root.join(name)], &side, &Zone::utc(), &Limits::default()).unwrap()
    };
    let transactions = "SELECT household_id AS id_user_id, transaction_timestamp AS time, 'purchase' AS behavior,
        store_id AS shop, product_id AS item, basket_id AS order_id, sales_value AS amount, quantity FROM input";
    let (rows, ledger) = count(&open("transactions_sample.csv.gz"), transactions);
    assert_eq!((rows, ledger.rejected(), ledger.remarks.len()), (75_000, 0, 0));
    for (file, mapping) in [
        ("transactions_sample.csv.gz", "transactions"),
        ("campaigns.csv", "campaigns"),
        ("coupon_redemptions.csv", "redemptions"),
    ] {
        let Some(sql) = example(&format!("complete-journey/{mapping}.sql")) else { continue };
        let (rows, ledger) = count(&open(file), &sql);
        assert!(rows > 1_000 && rows == ledger.read && ledger.rejected() == 0, "{mapping}: {ledger:?}");
    }
}

#[test]
fn gift_shop_example() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/gift-shop");
    let Some(sql) = example("gift-shop/visits.sql") else { return };
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let session =
        ImportSession::open(&[folder.join("visits.jsonl")], &[], &zone, &Limits::default()).unwrap();
    let (rows, ledger) = count(&session, &sql);
    assert_eq!((rows, ledger.rejected()), (ledger.read, 0));
}
