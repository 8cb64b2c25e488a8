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
    insta::assert_snapshot!(weir.run(&args).ok(), @"");
    insta::assert_snapshot!(weir.run(&["portrait", "--by", "gendr"]).error(), @"");
}

#[test]
fn a_funnel_is_told_apart() {
    let weir = Weir::shop();
    weir.file("steps.json", "[{\"behavior\":[\"impression\",\"view\"]},{\"behavior\":\"purchase\"}]");
    let args = ["funnel", "--steps", "steps.json", "--by", "entrance", "--as-of", "2024-11-30"];
    insta::assert_snapshot!(weir.run(&args).ok(), @"");
}

#[test]
fn a_playbook_is_shown_and_made() {
    let weir = Weir::shop();
    insta::assert_snapshot!(weir.run(&["playbook", "list"]).ok(), @"");
    insta::assert_snapshot!(weir.run(&["playbook", "create", "activity_to_ads", "prefix=x", "activity=shop"]).ok(), @"");
    assert_eq!(weir.json(&["audience", "show", "x_target"])["name"], "x_target");
}
