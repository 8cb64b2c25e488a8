//! Overlap, reach and channels as people read them.

use serde_json::json;

use crate::weir::Weir;

#[test]
fn sets_lie_over_each_other() {
    let weir = Weir::shop();
    weir.file(
        "sets.json",
        "[{\"name\":\"seen\",\"expression\":{\"did\":{\"behavior\":[\"impression\",\"view\"]}}}]",
    );
    let args =
        ["overlap", "--sets", "sets.json", "--channel", "shop", "--window", "60d", "--as-of", "2024-11-30"];
    insta::assert_snapshot!(weir.run(&args).ok(), @r"
    4 consumers in any of 2 sets as of 2024-11-30

     set    consumers    share   only here
    ───────────────────────────────────────
     seen           3   75.0 %           1
     shop           3   75.0 %           1

     in both \ Jaccard   seen    shop
    ──────────────────────────────────
     seen                   3   0.500
     shop                   2       3

     in these and no other   consumers    share
    ────────────────────────────────────────────
     seen + shop                     2   50.0 %
     seen                            1   25.0 %
     shop                            1   25.0 %
    ");
    assert_eq!(weir.json(&args)["matrix"], json!([[3, 2], [2, 3]]));
    insta::assert_snapshot!(weir.run(&["overlap", "--channel", "shop", "--as-of", "2024-11-30"]).error(), @r"
    2
    error: an overlap has 2 to 16 sets, not 1
      at: /sets
    ");
}

#[test]
fn media_are_planned_for_a_budget() {
    let weir = Weir::shop();
    weir.file(
        "media.json",
        "[{\"channel\":\"shop\",\"cost\":{\"fixed\":5}},{\"channel\":\"sms\",\"cost\":{\"per_thousand\":\"0.5\"}},
          {\"channel\":\"pigeon\",\"cost\":{\"fixed\":100}}]",
    );
    let args = ["reach", "media.json", "--budget", "50", "--as-of", "2024-11-30"];
    insta::assert_snapshot!(weir.run(&args).ok(), @r"
    3 consumers for 5.0005 as of 2024-11-30, budget 50

     medium   consumers     cost           new   reach    spent
    ────────────────────────────────────────────────────────────
     sms              1   0.0005             1       1   0.0005
     shop             3        5             2       3   5.0005
     pigeon           1      100   over budget

    reached once 2 (66.7 %), twice 1 (33.3 %), three times or more 0 (0.0 %)
    this order is greedy, and never reaches less than 31.6 % of the best choice; that is shop: 3 consumers for 5, of which this is 100.0 %
    ");
    assert_eq!(weir.json(&args)["best"], json!({"media": ["shop"], "reach": 3, "cost": "5"}));
}

#[test]
fn channels_have_people_and_forms() {
    let weir = Weir::shop();
    insta::assert_snapshot!(weir.run(&["channels", "--as-of", "2024-11-30"]).ok(), @r"
    4 of 4 consumers reached by any channel in the 30 days up to 2024-11-30

     channel    name         consumers    share
    ────────────────────────────────────────────
     crm        自有渠道             1   25.0 %
       sms      短信                 1   25.0 %
     shop       店铺消费者           3   75.0 %
     unmapped                        1   25.0 %
       pigeon                        1   25.0 %
    ");
    let form = weir.json(&["channels", "form", "pigeon"]);
    assert_eq!(
        (&form["channel"], &form["fields"][0]["options"]),
        (&json!("unmapped.pigeon"), &json!([{"value": "view", "events": 2}]))
    );
    let filled =
        weir.pipe("{\"count\":{\"gte\":2}}", &["channels", "fill", "pigeon", "-", "--as-of", "2024-11-30"]);
    insta::assert_snapshot!(filled.ok(), @r#"
    {"did":{"channel":["unmapped.pigeon"],"count":{"gte":2}}}

    1 consumer as of 2024-11-30
    "#);
}
