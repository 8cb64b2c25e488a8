//! Stage funnels: how many people stand at each stage of a relationship, from the market to those who were won back.
//!
//! Unlike a [`funnel`](crate::funnel), whose steps are events in order, a stage is any expression as of a date. In strict mode
//! everybody at a stage is at all those before it too, so that numbers fall from stage to stage and a conversion is a part
//! of one; in loose mode each stage counts by itself.
//!
//! ```text
//! {"stages":[{"name":"reached","title":"…"?,"title_zh":"…"?,"when":E},…]?,"strict":true?,"scope":S?}
//! ```
//!
//! Left out, the stages are those that ship with Weir. A scope limits each `did` of a stage as it does in a state model.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::error::{Code, Error, Result, suggestion};
use crate::expr::{Checked, Expr, StateTest, check, parse_value};
use crate::scope::Scope;
use crate::state_model::{ModelRef, State, StateModel};
use crate::vocabulary::Vocabulary;

/// Fewest and most stages.
pub const STAGES: std::ops::RangeInclusive<usize> = 2..=20;

/// Stages from the widest to the narrowest.
#[derive(Debug, Clone, PartialEq)]
pub struct StageFunnel {
    /// In order.
    pub stages: Vec<Stage>,
    /// Whether each stage lies within those before it.
    pub is_strict: bool,
    /// What the conditions are limited to.
    pub scope: Scope,
}

/// One stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What people call it, in English.
    pub title: Option<String>,
    /// What people call it, in Chinese.
    pub title_zh: Option<String>,
    /// Who is at it.
    pub when: Expr,
}

impl StageFunnel {
    /// Reads the JSON form.
    pub fn from_json(value: &Json) -> Result<StageFunnel> {
        let object = value.as_object().ok_or_else(|| invalid("a stage funnel is an object", ""))?;
        only(object, &["stages", "strict", "scope"], "")?;
        let scope = object.get("scope").map_or(Ok(Scope::Workspace), Scope::from_json);
        let is_strict = match object.get("strict") {
            None => true,
            Some(Json::Bool(strict)) => *strict,
            Some(_) => return Err(invalid("strict is true or false", "/strict")),
        };
        let stages = match object.get("stages") {
            Some(stages) => stages_from_json(stages)?,
            None => stages_from_json(&shipped())?,
        };
        Ok(StageFunnel { stages, is_strict, scope: scope.map_err(|error| error.under("/scope"))? })
    }

    /// Checks the names in it.
    pub fn check(&self, names: &dyn Vocabulary) -> Result<Checked> {
        let mut warnings = Vec::new();
        for (i, stage) in self.stages.iter().enumerate() {
            let at = format!("/stages/{i}/when");
            let mut found = check(&stage.when, names).map_err(|error| error.under(&at))?;
            found.iter_mut().for_each(|warning| warning.at.insert_str(0, &at));
            warnings.extend(found);
        }
        Ok(warnings)
    }

    /// Who is at a stage, whatever the stages before it say.
    fn stage(&self, at: usize) -> Expr {
        let stage = &self.stages[at];
        if self.scope == Scope::Workspace {
            return stage.when.clone();
        }
        // A model of one state is how a scope reaches into an expression.
        let state = State {
            name: stage.name.clone(),
            when: stage.when.clone(),
            title: None,
            title_zh: None,
            slot: None,
        };
        let model = ModelRef::Inline(Arc::new(StateModel { states: vec![state] }));
        Expr::State(StateTest { model, scope: self.scope.clone(), states: vec![stage.name.clone()] })
    }

    /// Who counts at a stage, of some people or of everybody.
    pub fn level(&self, at: usize, of: Option<&Expr>) -> Expr {
        let first = if self.is_strict { 0 } else { at };
        let mut parts: Vec<Expr> = of.into_iter().cloned().collect();
        parts.extend((first..=at).map(|i| self.stage(i)));
        if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) }
    }

    /// All stages as one expression, and where in it each of them is counted.
    pub fn counted(&self, of: Option<&Expr>) -> (Expr, Vec<String>) {
        if !self.is_strict {
            let levels = (0..self.stages.len()).map(|at| self.level(at, of)).collect();
            let places = (0..self.stages.len()).map(|at| format!("/any/{at}")).collect();
            return (Expr::Any(levels), places);
        }
        // Each stage around the one before it, so that every condition is evaluated once.
        let mut whole = of.cloned().unwrap_or(Expr::Everyone);
        for at in 0..self.stages.len() {
            whole = Expr::All(vec![whole, self.stage(at)]);
        }
        let deepest = self.stages.len() - 1;
        let places = (0..=deepest).map(|at| "/all/0".repeat(deepest - at)).collect();
        (whole, places)
    }
}

fn stages_from_json(value: &Json) -> Result<Vec<Stage>> {
    let list = value.as_array().ok_or_else(|| invalid("stages are a list", "/stages"))?;
    if !STAGES.contains(&list.len()) {
        let (least, most) = STAGES.into_inner();
        let message = format!("a stage funnel has {least} to {most} stages, not {}", list.len());
        return Err(invalid(&message, "/stages"));
    }
    let mut stages: Vec<Stage> = Vec::new();
    for (i, item) in list.iter().enumerate() {
        let stage = stage_from_json(item).map_err(|error| error.under(&format!("/stages/{i}")))?;
        if stages.iter().any(|other| other.name == stage.name) {
            let at = format!("/stages/{i}/name");
            return Err(invalid(&format!("the stage \"{}\" stands twice", stage.name), &at));
        }
        stages.push(stage);
    }
    Ok(stages)
}

fn stage_from_json(value: &Json) -> Result<Stage> {
    let object = value.as_object().ok_or_else(|| invalid("a stage is {name, when}", ""))?;
    only(object, &["name", "title", "title_zh", "when"], "")?;
    let text = |key: &str| match object.get(key) {
        None => Ok(None),
        Some(Json::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(invalid(&format!("the {key} of a stage is a text"), &format!("/{key}"))),
    };
    let when = object.get("when").ok_or_else(|| invalid("a stage needs an expression", "/when"))?;
    Ok(Stage {
        name: text("name")?.ok_or_else(|| invalid("a stage needs a name", "/name"))?,
        title: text("title")?,
        title_zh: text("title_zh")?,
        when: parse_value(when).map_err(|error| error.under("/when"))?,
    })
}

fn only(object: &Map<String, Json>, known: &[&str], at: &str) -> Result<()> {
    let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let help =
        suggestion(key, known.iter().copied()).unwrap_or_else(|| format!("it has {}", known.join(", ")));
    Err(invalid(&format!("there is no \"{key}\" here"), &format!("{at}/{key}")).help(help))
}

fn invalid(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidArgument, message).at(at)
}

/// From the target market to those who were won back. That somebody had lapsed is asked as of 90 days ago, so that whoever
/// has come back since can be both.
fn shipped() -> Json {
    let any = |behaviors: &[&str]| json!({"did": {"behavior": behaviors, "within": {"days": 365}}});
    let again_and_again =
        |behavior: &str| json!({"did": {"behavior": [behavior], "active_days": {"gte": 2}}});
    let lapsed = json!({"minus": [
        {"did": {"behavior": ["purchase"]}}, {"did": {"behavior": ["purchase"], "within": {"days": 180}}},
    ]});
    let stage = |name: &str, title: &str, title_zh: &str, when: Json| json!({"name": name, "title": title, "title_zh": title_zh, "when": when});
    json!([
        stage("market", "Target market", "目标市场", json!({"everyone": true})),
        stage("reached", "Reached", "触达", any(&["impression", "click", "view", "watch_live"])),
        stage(
            "interested",
            "Interested",
            "兴趣",
            json!({"any": [
                any(&["search", "favorite", "add_to_cart", "follow"]),
                {"did": {"behavior": ["view"], "within": {"days": 365}, "active_days": {"gte": 2}}},
            ]})
        ),
        stage("bought", "Bought", "购买", json!({"did": {"behavior": ["purchase"]}})),
        stage("repeat", "Bought again", "复购", again_and_again("purchase")),
        stage(
            "lapsed",
            "Had lapsed 90 days ago",
            "90天前已流失",
            json!({"at": {"days_ago": 90}, "of": lapsed})
        ),
        stage(
            "won_back",
            "Won back since",
            "已挽回",
            json!({"did": {"behavior": ["purchase"], "within": {"days": 90}}})
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &Json) -> StageFunnel {
        StageFunnel::from_json(value).unwrap()
    }

    fn two(strict: bool, scope: Json) -> StageFunnel {
        read(&json!({"strict": strict, "scope": scope, "stages": [
            {"name": "seen", "when": {"did": {"behavior": ["view"]}}},
            {"name": "bought", "when": {"did": {"behavior": ["purchase"]}}},
        ]}))
    }

    #[test]
    fn a_strict_stage_is_within_those_before() {
        let all = json!({"workspace": true});
        let strict = two(true, all.clone());
        assert_eq!(
            strict.level(1, None).to_json().to_string(),
            r#"{"all":[{"did":{"behavior":["view"]}},{"did":{"behavior":["purchase"]}}]}"#
        );
        let loose = two(false, all);
        assert_eq!(loose.level(1, None).to_json().to_string(), r#"{"did":{"behavior":["purchase"]}}"#);
        let of = Expr::Audience("vip".to_owned());
        assert_eq!(
            loose.level(1, Some(&of)).to_json().to_string(),
            r#"{"all":[{"audience":"vip"},{"did":{"behavior":["purchase"]}}]}"#
        );
        let scoped = two(false, json!({"shop": "flagship"}));
        assert_eq!(
            scoped.level(1, None).to_json().to_string(),
            r#"{"state":{"model":{"states":[{"name":"bought","when":{"did":{"behavior":["purchase"]}}}]},"scope":{"shop":"flagship"},"in":["bought"]}}"#
        );
    }

    #[test]
    fn every_stage_has_its_place_in_what_is_counted() {
        let (expr, places) = two(true, json!({"workspace": true})).counted(None);
        let json = expr.to_json();
        assert_eq!(places, ["/all/0", ""]);
        assert_eq!(json.pointer("/all/0/all/1"), Some(&json!({"did": {"behavior": ["view"]}})));
        let (expr, places) = two(false, json!({"workspace": true})).counted(None);
        assert_eq!(places, ["/any/0", "/any/1"]);
        assert_eq!(expr.to_json().pointer("/any/1"), Some(&json!({"did": {"behavior": ["purchase"]}})));
    }

    #[test]
    fn the_shipped_stages_are_read() {
        let names: Vec<String> = read(&json!({})).stages.into_iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["market", "reached", "interested", "bought", "repeat", "lapsed", "won_back"]);
    }

    #[test]
    fn mistakes_have_a_place() {
        let check = |value: Json, expected: &str| {
            assert_eq!(StageFunnel::from_json(&value).unwrap_err().to_string(), expected);
        };
        check(json!({"stages": []}), "a stage funnel has 2 to 20 stages, not 0 (at /stages)");
        check(
            json!({"strct": true}),
            "there is no \"strct\" here (at /strct)\n  help: did you mean \"strict\"?",
        );
        let stage = json!({"name": "a", "when": {"everyone": true}});
        check(json!({"stages": [stage, stage]}), "the stage \"a\" stands twice (at /stages/1/name)");
        check(json!({"stages": [stage, {"name": "b"}]}), "a stage needs an expression (at /stages/1/when)");
    }
}
