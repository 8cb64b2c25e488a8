//! Portraits, funnels told apart, and playbooks as people read them.

use crate::weir::Weir;

#[test]
fn a_portrait_is_drawn() {
    let weir = Weir::shop();
    weir.file("seen.json", "{\"did\":{\"behavior\":[\"view\",\"purchase\"]}}");
    let args = [
        "portrait",
        "--expr",
        "seen.json",
        "--by",
        "channel",
        "--by",
        "state=pno@shop=flagship",
        "--as-of",
        "2024-11-30",
    ];
    insta::assert_snapshot!(weir.run(&args).ok(), @r#"
    3 consumers against 4 as of 2024-11-30; 3 in both

    channel
     value             subject    share   base   share of base     TGI       95 %        q
    ─────────────────────────────────────────────────────────────────────────────────────────────
     shop                    2   66.7 %      3          75.0 %    88.9   60 … 131   1.0000   few
     crm                     1   33.3 %      1          25.0 %   133.3   57 … 312   1.0000   few
     crm.sms                 1   33.3 %      1          25.0 %   133.3   57 … 312   1.0000   few
     unmapped                1   33.3 %      1          25.0 %   133.3   57 … 312   1.0000   few
     unmapped.pigeon         1   33.3 %      1          25.0 %   133.3   57 … 312   1.0000   few

    state pno shop=flagship
     value       subject    share   base   share of base     TGI       95 %        q
    ───────────────────────────────────────────────────────────────────────────────────────────────
     old               1   33.3 %      1          25.0 %   133.3   57 … 312   1.0000   few
     new               0    0.0 %      0           0.0 %       –          –        –   not in base
     potential         0    0.0 %      0           0.0 %       –          –        –   not in base
     none              2   66.7 %      3          75.0 %    88.9   60 … 131   1.0000   few

    * notable: the interval leaves 100 outside, and q ≤ 0.05
    "#);
    insta::assert_snapshot!(weir.run(&["portrait", "--by", "gendr"]).error(), @r#"
    2
    error: nothing can be told apart by "gendr"
      at: --by
      help: write tag=NAME, state=MODEL, entrance, channel, category, brand, shop, item, campaign, amount or orders
    "#);
}

#[test]
fn a_funnel_is_told_apart() {
    let weir = Weir::shop();
    weir.file("steps.json", "[{\"behavior\":[\"impression\",\"view\"]},{\"behavior\":\"purchase\"}]");
    let args = ["funnel", "--steps", "steps.json", "--by", "entrance", "--as-of", "2024-11-30"];
    insta::assert_snapshot!(weir.run(&args).ok(), @r#"
    4 consumers as of 2024-11-30

     step   events                               consumers   of first   of previous
    ────────────────────────────────────────────────────────────────────────────────
     1      {"behavior":["impression","view"]}           3    100.0 %        75.0 %
     2      {"behavior":["purchase"]}                    1     33.3 %        33.3 %

     entrance   consumers   step 1        step 2
    ─────────────────────────────────────────────
     shop               3        2    1 (50.0 %)
     crm                1        1   1 (100.0 %)
     unmapped           1        1     0 (0.0 %)
    "#);
}

#[test]
fn a_playbook_is_shown_and_made() {
    let weir = Weir::shop();
    insta::assert_snapshot!(weir.run(&["playbook", "list"]).ok(), @r#"
     playbook               title                                       标题
    ───────────────────────────────────────────────────────────────────────────────────────────────────
     brand_to_performance   Brand ads → performance ads                 品牌广告 → 效果广告
     performance_chain      A chain of performance media                效果媒体链路
     after_promotion        After a promotion: exposed, not converted   大促后：曝光未转化的潜客与新客
     activity_to_ads        Activity platforms → ads                    活动平台 → 广告
     content_to_ads         Content → ads at the right time             内容 → 广告，恰逢其时
     offsite_to_onsite      Off-site people, kept by medium → on-site   站外人群，分媒体沉淀 → 站内
    "#);
    insta::assert_snapshot!(weir.run(&["playbook", "create", "activity_to_ads", "prefix=x", "activity=shop"]).ok(), @r#"
    as of 2024-11-03

     audience   consumers   who
    ──────────────────────────────────────────────────────────────────────────
     x_came             3   Came through an activity platform
     x_target           2   Came through an activity platform and did not buy

    snapshot x_locked, track x_track
    push, when you are ready: weir push --snapshot x_locked --as-of 2024-11-03 --to DESTINATION --holdout 10.0 --name x_push

    2 consumers locked; nothing was sent
    "#);
    assert_eq!(weir.json(&["audience", "show", "x_target"])["name"], "x_target");
}
