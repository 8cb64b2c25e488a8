//! One person, as people read them.

use crate::weir::Weir;

fn shop() -> Weir {
    let weir = Weir::shop();
    weir.file("views.csv", "t,u,p\n2024-11-05 10:00:00,ada,13712341234\n");
    let sql =
        "SELECT t AS time, u AS id_user_id, p AS id_phone, 'view' AS behavior, 'sms' AS channel FROM input";
    weir.file("views.sql", sql);
    weir.run(&["import", "events", "views.csv", "--sql", "views.sql", "--source", "web"]).ok();
    weir.file(
        "definitions/all.yaml",
        "kind: audience\nname: buyers\nexpression: {did: {behavior: [purchase]}}\n",
    );
    weir.run(&["apply", "definitions"]).ok();
    weir
}

#[test]
fn a_person_is_shown() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--as-of", "2024-11-30"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["consumer", "bob", "--as-of", "2024-11-01"]).ok(), @"");
    let whole = weir.json(&["consumer", "ada", "--as-of", "2024-11-30", "--unmasked"]);
    assert_eq!(whole["identifiers"][1]["value"], "13712341234");
}

#[test]
fn events_are_listed_latest_first() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--events", "--limit", "2"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--events", "--channel", "shop"]).ok(), @"");
    let all = weir.json(&["consumer", "ada", "--events"]);
    assert_eq!(all["items"].as_array().unwrap().len(), 3);
}

#[test]
fn nobody_is_a_clear_error() {
    let weir = shop();
    insta::assert_snapshot!(weir.run(&["consumer", "zoe"]).error(), @"");
    insta::assert_snapshot!(weir.run(&["consumer", "ada", "--behavior", "view"]).error(), @"");
}
