//! The shipped state models.
//!
//! Each is written in the JSON form a user would write, and parsed once. Windows that nobody has verified against the
//! platforms that coined the names are marked `unverified`.

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::event::PASSIVE_BEHAVIORS;
use crate::state_model::StateModel;

/// A shipped model and what to say about it.
#[derive(Debug, Clone)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// Title in English.
    pub title: &'static str,
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// Whether its windows are our reading rather than a published definition.
    pub unverified: bool,
    /// The rules.
    pub model: Arc<StateModel>,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    vec![
        preset_of("pno", "Potential, new, old", "潜新老", true, &pno()),
        preset_of("retail", "Retail: by purchase days", "零售口径", false, &retail()),
        preset_of("aipl", "Awareness, interest, purchase, loyalty", "AIPL", true, &aipl()),
        preset_of("timeline", "Time since the last purchase", "时间轴", false, &timeline()),
        preset_of("layers", "Activity layers", "活跃分层", true, &layers()),
        preset_of("five_a", "Aware, appeal, ask, act, advocate", "5A", true, &five_a()),
        preset_of("four_a", "Aware, appeal, act, advocate", "4A", true, &four_a()),
    ]
});

/// All presets.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// A preset by name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

fn preset_of(
    name: &'static str,
    title: &'static str,
    title_zh: &'static str,
    unverified: bool,
    states: &Value,
) -> Preset {
    // A preset that does not parse cannot ship: a test parses every one of them.
    let model = StateModel::from_json(states).unwrap_or(StateModel { states: Vec::new() });
    Preset { name, title, title_zh, unverified, model: Arc::new(model) }
}

/// Name, title, title in Chinese, slot, rule.
type Rule<'a> = (&'a str, &'a str, &'a str, &'a str, Value);

fn states(rules: &[Rule<'_>]) -> Value {
    let state = |(name, title, title_zh, slot, when): &Rule<'_>| json!({ "name": name, "title": title, "title_zh": title_zh, "slot": slot, "when": when });
    rules.iter().map(state).collect()
}

/// Any of these behaviors within so many days.
fn did_in(behaviors: &[&str], days: u32) -> Value {
    json!({ "did": { "behavior": behaviors, "within": { "days": days } } })
}

/// Any of these behaviors, ever.
fn ever(behaviors: &[&str]) -> Value {
    json!({ "did": { "behavior": behaviors } })
}

/// One behavior on at least so many local dates within so many days.
fn on_days(behaviors: &[&str], least: u32, days: u32) -> Value {
    json!({ "did": { "behavior": behaviors, "within": { "days": days }, "active_days": { "gte": least } } })
}

fn pno() -> Value {
    let interested = json!({ "any": [
        did_in(&["favorite", "add_to_cart"], 90), did_in(&["search"], 15), on_days(&["view"], 2, 15)
    ] });
    states(&[
        ("old", "Old customers", "老客", "purchase", did_in(&["purchase"], 365)),
        ("new", "New customers", "新客", "interest", interested),
        ("potential", "Potential customers", "潜客", "aware", did_in(&["impression", "click", "view"], 15)),
    ])
}

fn retail() -> Value {
    let days = |op: Value| json!({ "did": { "behavior": ["purchase"], "active_days": op } });
    let views = json!({ "did": { "behavior": ["view"], "within": { "days": 30 }, "count": { "gte": 5 } } });
    states(&[
        ("old", "Bought again", "老客", "loyal", days(json!({ "gte": 2 }))),
        ("new", "Bought once", "新客", "purchase", days(json!({ "eq": 1 }))),
        ("potential", "Looks around", "潜客", "aware", views),
    ])
}

fn aipl() -> Value {
    let loyal = json!({ "any": [on_days(&["purchase"], 2, 365), ever(&["review", "share"])] });
    let interest = json!({ "any": [
        did_in(&["click", "search", "favorite", "add_to_cart", "follow"], 15), on_days(&["view"], 2, 15), ever(&["join_member"])
    ] });
    states(&[
        ("L", "Loyalty", "忠诚", "loyal", loyal),
        ("P", "Purchase", "购买", "purchase", did_in(&["purchase"], 910)),
        ("I", "Interest", "兴趣", "interest", interest),
        ("A", "Awareness", "认知", "aware", did_in(&["impression", "view", "watch_live"], 15)),
    ])
}

fn timeline() -> Value {
    states(&[
        ("active_75", "Active, 75 days", "75天活跃", "purchase", did_in(&["purchase"], 75)),
        ("active_180", "Active, 180 days", "180天活跃", "purchase", did_in(&["purchase"], 180)),
        ("lapsing", "Lapsing", "预流失", "lapsing", did_in(&["purchase"], 365)),
        ("sleeping", "Sleeping", "沉睡", "gone", ever(&["purchase"])),
        ("new", "Newly registered", "新注册", "interest", did_in(&["sign_up"], 15)),
        ("level_0", "Never bought", "零级", "aware", ever(&["sign_up"])),
    ])
}

fn layers() -> Value {
    let own_in =
        |days: u32| json!({ "did": { "not_behavior": PASSIVE_BEHAVIORS, "within": { "days": days } } });
    let any_in = |days: u32| json!({ "did": { "within": { "days": days } } });
    let active = json!({ "did": { "within": { "days": 30 }, "active_days": { "gte": 8 } } });
    states(&[
        ("heavy", "Heavy buyers", "重度购买", "loyal", on_days(&["purchase"], 4, 90)),
        ("paid", "Paid", "已付款", "purchase", did_in(&["purchase"], 30)),
        ("ordered", "Ordered, unpaid", "下单未付", "purchase", did_in(&["order", "bid"], 30)),
        ("newly_registered", "Newly registered", "新注册", "interest", did_in(&["sign_up"], 15)),
        ("active", "Active", "活跃", "interest", active),
        ("browsed", "Browsed", "浏览", "interest", did_in(&["view"], 30)),
        ("visited", "Visited", "到访", "aware", own_in(30)),
        ("normal", "Normal", "一般", "aware", own_in(90)),
        ("dormant", "Dormant", "休眠", "lapsing", any_in(365)),
        ("long_gone", "Long gone", "流失", "gone", any_in(730)),
        ("dead", "Dead", "死亡", "gone", json!({ "everyone": true })),
    ])
}

fn advocate() -> Value {
    let devoted = ever(&["review", "share", "follow", "join_member"]);
    json!({ "any": [on_days(&["purchase"], 2, 365), { "all": [did_in(&["purchase"], 365), devoted] }] })
}

fn ask() -> Value {
    did_in(&["search", "favorite", "add_to_cart", "comment", "compare_price"], 30)
}

fn five_a() -> Value {
    let appeal = json!({ "any": [did_in(&["click", "watch_live"], 30), on_days(&["view"], 2, 30)] });
    states(&[
        ("advocate", "Advocate", "拥护", "loyal", advocate()),
        ("act", "Act", "行动", "purchase", did_in(&["purchase"], 365)),
        ("ask", "Ask", "问询", "interest", ask()),
        ("appeal", "Appeal", "吸引", "interest", appeal),
        ("aware", "Aware", "了解", "aware", did_in(&["impression", "view"], 30)),
    ])
}

/// Appeal keeps those with repeated touches; a single click or live view is awareness.
fn four_a() -> Value {
    let touches = json!({ "did": { "behavior": ["click", "watch_live"], "within": { "days": 30 }, "count": { "gte": 2 } } });
    states(&[
        ("advocate", "Advocate", "拥护", "loyal", advocate()),
        ("act", "Act", "行动", "purchase", did_in(&["purchase"], 365)),
        (
            "appeal",
            "Appeal",
            "吸引",
            "interest",
            json!({ "any": [ask(), on_days(&["view"], 2, 30), touches] }),
        ),
        ("aware", "Aware", "了解", "aware", did_in(&["impression", "view", "click", "watch_live"], 30)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_parses_and_prints_back() {
        for preset in presets() {
            assert!(!preset.model.states.is_empty(), "{} does not parse", preset.name);
            assert_eq!(
                StateModel::from_json(&preset.model.to_json()).unwrap(),
                *preset.model,
                "{}",
                preset.name
            );
        }
    }

    #[test]
    fn precedence_is_the_order_of_the_definition() {
        assert_eq!(preset("pno").unwrap().model.names(), ["old", "new", "potential"]);
        assert_eq!(preset("aipl").unwrap().model.names(), ["L", "P", "I", "A"]);
        assert!(preset("pnx").is_none());
    }
}
