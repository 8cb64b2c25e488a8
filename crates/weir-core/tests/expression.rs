//! The JSON form of expressions: what is written comes back, and what is wrong is named with its place.

use weir_core::expr::parse_expr;

const ROUND_TRIPS: &[&str] = &[
    r#"{"everyone":true}"#,
    r#"{"all":[]}"#,
    r#"{"any":[{"list":"staff"},{"not":{"audience":"buyers"}}]}"#,
    r#"{"minus":[{"snapshot":"s1"},{"everyone":true},{"list":"staff"}]}"#,
    r#"{"xor":[{"everyone":true},{"list":"staff"}]}"#,
    r#"{"did":{}}"#,
    r#"{"did":{"behavior":["purchase"],"channel":["ads.onsite","sms"],"shop":["a"],"brand":["b"],"category":["c"],"campaign":["d"],"item":["e"],"property":{"country":{"eq":"UK"},"vip":{"eq":true},"n":{"gt":1.5}},"each":{"amount":{"gte":1.25},"quantity":{"between":[1,9]}},"within":{"days":30},"count":{"gte":3},"first":{"lt":"2024-01-01"}}}"#,
    r#"{"did":{"not_behavior":["impression"],"within":{"days":7,"skip":7},"unscoped":true}}"#,
    r#"{"did":{"within":{"until_days_ago":90},"count":{"eq":0}}}"#,
    r#"{"did":{"within":{"from":"2024-01-01","to":"2024-02-29"},"last":{"last_days":3},"aov":{"in":[1,2]}}}"#,
    r#"{"sequence":{"steps":[{"item":["85123A"]},{"item":["22423"]}],"within":{"days":30},"window":{"days":365}}}"#,
    r#"{"sequence":{"steps":[{"behavior":["view"]}],"within":{"minutes":5}}}"#,
    r#"{"tag":{"gender":{"in":["f","m"]},"interests":{"contains_all":["tea"]},"birthday":{"anniversary_next_days":7}}}"#,
    r#"{"state":{"model":"pno","scope":{"shop":"flagship"},"in":["potential","none"]}}"#,
    r#"{"at":{"date":"2024-11-11"},"of":{"state":{"model":"pno","scope":{"workspace":true},"in":["new"]}}}"#,
    r#"{"at":{"days_ago":7},"of":{"everyone":true}}"#,
    r#"{"sample":{"of":{"everyone":true},"percent":12.5,"salt":"a"}}"#,
    r#"{"top":{"of":{"everyone":true},"by":{"amount":{"behavior":["purchase"],"within":{"days":365}}},"n":100}}"#,
];

#[test]
fn what_is_written_comes_back() {
    for text in ROUND_TRIPS {
        let expr = parse_expr(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(expr.to_json().to_string(), *text);
    }
}

#[test]
fn a_text_is_a_list_of_one() {
    let expr = parse_expr(r#"{"did":{"behavior":"purchase"}}"#).unwrap();
    assert_eq!(expr.to_json().to_string(), r#"{"did":{"behavior":["purchase"]}}"#);
}

fn error(text: &str) -> String {
    let error = parse_expr(text).expect_err(text);
    format!("[{}] {error}", error.code.as_str())
}

#[test]
fn errors_name_the_place_and_the_remedy() {
    let wrong = [
        r#"{"all":[{"did":{"behaviour":["view"]}}]}"#,
        r#"{"al":[]}"#,
        r#"{"all":{}}"#,
        r#"{"all":[],"any":[]}"#,
        r#"{"everyone":false}"#,
        r#"{"minus":[{"everyone":true}]}"#,
        r#"{"xor":[{"everyone":true}]}"#,
        r#"{"did":{"count":{"gte":"3"}}}"#,
        r#"{"did":{"amount":{"gte":0.00001}}}"#,
        r#"{"did":{"count":{"exists":true}}}"#,
        r#"{"did":{"last":{"gte":"2024-02-30"}}}"#,
        r#"{"did":{"within":{"days":0}}}"#,
        r#"{"did":{"within":{"dyas":3}}}"#,
        r#"{"did":{"within":{"from":"2024-02-01","to":"2024-01-01"}}}"#,
        r#"{"did":{"behavior":[]}}"#,
        r#"{"did":{"window":{"days":3}}}"#,
        r#"{"sequence":{"steps":[{"count":{"gte":1}}]}}"#,
        r#"{"tag":{"gender":{"equals":"f"}}}"#,
        r#"{"at":{"date":"yesterday"},"of":{"everyone":true}}"#,
        r#"{"at":{"days_ago":1}}"#,
        r#"{"sample":{"of":{"everyone":true},"percent":101,"salt":"a"}}"#,
        r#"{"state":{"model":"pno","scope":{"store":"a"},"in":["new"]}}"#,
        r#"{"all":["#,
        r#"[]"#,
    ];
    let report: Vec<String> = wrong.iter().map(|text| format!("{text}\n  {}", error(text))).collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn hostile_nesting_is_refused() {
    let mut value = serde_json::json!({ "everyone": true });
    for _ in 0..300 {
        value = serde_json::json!({ "not": value });
    }
    assert!(weir_core::expr::parse_value(&value).is_err());
}
